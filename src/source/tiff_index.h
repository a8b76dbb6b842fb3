/* Which directories of a TIFF file are its pages, and where they lie.
 *
 * Private to src/source. The chain of directories is walked as far as is needed; of what was walked
 * the place of every 64th directory is kept. Pages are counted in two ways: those shown as images,
 * and `every` directory. */
#ifndef SOURCE_TIFF_INDEX_H
#define SOURCE_TIFF_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/tiff_directory.h"
#include "source/tiff_file.h"
#include "source/tiff_pyramid.h"

enum {
    TIFF_DIRECTORIES_MAX = 65535 * 16, /* of a file, SubIFDs included */
    TIFF_FAMILY = 64,
    TIFF_KIND_REDUCED = 1, /* bits of NewSubfileType */
    TIFF_KIND_MASK = 4,
};

/* A directory, as far as it matters which page it belongs to. */
struct tiff_member {
    int64_t offset;
    uint64_t width, height;
    int kind;   /* TIFF_KIND_... */
    int parent; /* the member whose SubIFD it is; 0 for one that follows in the chain; -1 for the
                   first */
    bool page;  /* shown as an image */
};

/* A directory of the chain and what belongs to it: its SubIFDs, theirs, and so on. */
struct tiff_family {
    int count, pages;
    bool more;    /* there are more of them than members */
    int64_t next; /* the next directory of the chain, 0 = none */
    struct tiff_member members[TIFF_FAMILY];
};

/* Every 64th directory of the chain, and how many pages come before it. */
struct tiff_mark {
    int64_t offset;
    int32_t pages, every;
};

struct tiff_index {
    struct tiff_mark *marks; /* LEDGER_SOURCE */
    int32_t *places;         /* open hash table of marks by offset; LEDGER_SOURCE */
    size_t marks_size, places_size;
    int32_t mark_count;
    int32_t walked;       /* directories of the chain; several may be the same until done */
    int32_t pages, every; /* in these */
    int64_t next;         /* to be walked */
    bool done;
    bool more;                   /* some families have more members than are counted */
    bool all;                    /* no directory calls itself a full image, so all count as pages */
    struct tiff_layout base;     /* of the first directory */
    struct tiff_pyramid pyramid; /* reduced copies in the chain that do not call themselves so */
    int32_t images;              /* pages of a stack behind a single directory, or 0 */
    int64_t image_bytes;         /* of each of these */
};

/* Where a page lies. */
struct tiff_place {
    struct tiff_family family;
    int member;     /* of the family */
    int32_t number; /* of the family in the chain, or of the image in a stack; -1 for SubIFDs */
    bool first;     /* the family is the file's first */
    int64_t shift;  /* see struct tiff_layout */
};

/* Starts an index with the first directories of the file (256 at most, more only to find a page).
 * False when not even the first is there. */
bool tiff_index_init(struct tiff_index *index, struct tiff_file *file, struct fault *fault);
void tiff_index_fini(struct tiff_index *index);

/* Walks on by about 64 directories; false when nothing is left to walk. */
bool tiff_index_walk(struct tiff_index *index, struct tiff_file *file);

/* Pages known so far; never becomes less. A loop in the chain shows itself within 128 directories,
 * which are therefore held back until the chain's end is known. */
int32_t tiff_index_count(const struct tiff_index *index, bool every);

/* Finds page `number`, walking on as far as is needed. False when there is none. */
bool tiff_index_find(struct tiff_index *index, struct tiff_file *file, int32_t number, bool every,
                     struct tiff_place *place);

/* Adds to a family the overviews and masks that follow it in the chain (to the first of a slide,
 * that come anywhere in it), as members of parent 0. */
void tiff_index_followers(const struct tiff_index *index, struct tiff_file *file,
                          struct tiff_place *place);

/* Reads what a directory is, all but its place in a family. */
bool tiff_member_read(struct tiff_file *file, int64_t offset, struct tiff_member *member);

/* True when member i, an overview or a mask, is one of member `of`: its SubIFD, or the only page it
 * can be for. */
bool tiff_belongs(const struct tiff_family *family, int i, int of);

/* True when width x height is a page's size at reduction k exactly. */
bool tiff_is_reduction(uint64_t page_width, uint64_t page_height, int k, uint64_t width,
                       uint64_t height);

/* The same where a side may have been rounded down, as most programs but GDAL do. */
bool tiff_is_rounded_reduction(uint64_t page_width, uint64_t page_height, int k, uint64_t width,
                               uint64_t height);

/* True when width x height is smaller than the page, and in proportion to it but for rounding: each
 * side less than a sample off the page's divided by one number. */
bool tiff_is_copy(uint64_t page_width, uint64_t page_height, uint64_t width, uint64_t height);

#endif
