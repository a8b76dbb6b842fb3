/* What the overviews of a page are to be like: reduced copies of it, each half the size of the one
 * before, and how the work of making them is cut into jobs. Plain data: it crosses the wire to the
 * processes that make them.
 *
 * Copy k (1, 2, ...) is the page at reduction k: ceil(side / 2^k) samples, each the mean of the
 * 2^k x 2^k samples of the page that exist. A copy is kept as tiles of tile_width x tile_height.
 *
 * Alpha is a channel of its own in what is summed. Where colours are not multiplied by it, their
 * sums are weighted with it: those of red x alpha, ..., alpha are doubles. Gray is that of the
 * samples whose alpha is not 0, as it is shown.
 *
 * The means of a palette's colours are no entries of it. Such a page has each copy twice: as the
 * indices of the entries that come nearest, which is what other programs take for its overviews,
 * and as red, green and blue of 8 bits, which this one takes.
 *
 * What a mask hides has a mask beside each copy, of 1 bit: 1 where a sample of the page is to be
 * seen. Means are those of such samples. */
#ifndef SOURCE_COPIES_H
#define SOURCE_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "base/tile.h"
#include "source/page.h"

/* COPIES_SIDE: a copy that fits a square of so many samples is the last one. */
enum {
    COPIES_SIDE = 256,
    COPIES_MAX = TILE_REDUCTION_MAX - 1,
    COPIES_MAKERS = 8,
    COPIES_CHANNELS = 4
};

struct copies {
    int64_t width, height;            /* of the page */
    int32_t page;                     /* its index */
    int32_t count;                    /* how many, 0 .. COPIES_MAX */
    int32_t from;                     /* the type that samples are read as, as in struct page */
    int32_t type, integral;           /* and that of their means */
    int32_t channels;                 /* with alpha, if there is some; 1 of indices; 4 inks */
    int32_t alpha;                    /* enum page_alpha, but for PAGE_INKS */
    int32_t inks;                     /* 1: cyan, magenta, yellow and black */
    int32_t bits, format;             /* as in struct page: what they are stored as */
    int32_t min_is_white, has_nodata; /* likewise */
    double nodata;                    /* likewise */
    int32_t indexed;                  /* bits of a palette's indices, 0: no palette */
    int32_t masked;                   /* channels that are NaN where a mask hides; 0: no mask */
    int32_t tile_width, tile_height;  /* multiples of 16 */
};

/* The forms that copies have in their file: as indices, of a palette; as means; as masks, where
 * they have some. */
enum { COPIES_FORMS = 3 };
static inline int copies_forms(const struct copies *copies)
{
    return 1 + (copies->indexed != 0) + (copies->masked != 0);
}

/* What is stored in a form: of indices, 1 channel of that many bits, and `indexed` still set; of
 * masks, 1 channel of 1 bit, and `masked` still set. */
struct copies copies_form(const struct copies *copies, int form);

/* True of copies with colours: those that are stored as indices are none. */
static inline bool copies_coloured(const struct copies *copies)
{
    return copies->channels >= 3;
}

/* True where sums are weighted with alpha. */
static inline bool copies_weighted(const struct copies *copies)
{
    return copies->alpha == PAGE_UNASSOCIATED && copies_coloured(copies);
}

/* What copies of a page (whose alpha comes apart) must be for the program to use them in the page's
 * place. count is 0 where the page is small enough, or has them all in its file already. A page
 * whose means its own kind of samples cannot hold is refused with a sentence. The tiles' size is
 * left to copies_cut. */
bool copies_plan(const struct page *page, struct copies *copies, struct fault *fault);

/* The jobs: rectangles of the page, or of a copy that further ones are made of. All but the last of
 * a row or column begin and end on whole tiles of the three copies that are made at once. */
struct copies_cut {
    int64_t page_width, page_height; /* of what is cut */
    int64_t width, height;           /* of a job */
    int64_t band;                    /* rows of a job that are read at a time; a multiple of 8 */
};

/* Settles the size of tiles and cuts the page for so many makers, whose buffers together stay below
 * some 5 MiB however wide the page is. */
void copies_cut_page(struct copies *copies, const struct page *page, int makers,
                     struct copies_cut *cut);

/* Cuts copy `base`, of which sums are kept, for the next copies. */
void copies_cut_sums(const struct copies *copies, int base, struct copies_cut *cut);

int64_t copies_jobs(const struct copies_cut *cut);
struct area copies_job(const struct copies_cut *cut, int64_t job);

/* Bytes of a tile as it is stored, before compression. */
size_t copies_tile_bytes(const struct copies *copies);

/* Tiles across and down copy k. */
int64_t copies_across(const struct copies *copies, int k);
int64_t copies_down(const struct copies *copies, int k);

#endif
