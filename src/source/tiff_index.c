/* Which directories are pages: see source/tiff_index.h.
 *
 * Owns the marks. The chain may be a loop: then it comes, within 64 directories of the loop's
 * second round, upon a directory that was marked in the first, and counting back from the two finds
 * where the loop begins. Every step is bounded whatever the file says. */
#include "source/tiff_index.h"

#include <string.h>

#include "base/ledger.h"
#include "base/tile.h"
#include "source/imagej.h"

enum {
    STRIDE = 64,             /* directories between marks */
    HELD_BACK = 2 * STRIDE,  /* a loop has shown itself by then */
    FIRST_WALK = 4 * STRIDE, /* directories walked on opening */
    MARKS_FIRST = 64,        /* a power of two */
    KIND_ENTRIES = 64,   /* the kind of a directory is looked for in so many entries: the tags that
                            tell come first */
    FOLLOWERS_MAX = 256, /* directories looked at for the overviews of a slide */
    OLD_SUBFILE_REDUCED = 2,
};

/* What a directory says of its kind and its SubIFDs. */
static bool read_member(struct tiff_file *file, int64_t offset, struct tiff_member *member,
                        struct tiff_entry *children, int64_t *next)
{
    struct tiff_directory directory;
    bool told = false;
    uint64_t value;
    if (!tiff_directory_open(file, offset, &directory))
        return false;
    *member = (struct tiff_member){.offset = offset, .parent = -1};
    *children = (struct tiff_entry){0, 0, 0, 0};
    *next = directory.next;
    for (int64_t i = 0; i < min64(directory.entries, KIND_ENTRIES); i++) {
        struct tiff_entry entry = tiff_directory_entry(file, &directory, i);
        if (entry.tag == 330 && !children->count)
            *children = entry;
        if ((entry.tag < 254 || entry.tag > 257) || !tiff_entry_value(file, &entry, 0, &value))
            continue;
        if (entry.tag == 256)
            member->width = value;
        else if (entry.tag == 257)
            member->height = value;
        else if (entry.tag == 254)
            member->kind = (int)(value & (TIFF_KIND_REDUCED | TIFF_KIND_MASK));
        else if (!told && value == OLD_SUBFILE_REDUCED)
            member->kind |= TIFF_KIND_REDUCED;
        told |= entry.tag == 254;
    }
    return true;
}

bool tiff_member_read(struct tiff_file *file, int64_t offset, struct tiff_member *member)
{
    struct tiff_entry children;
    int64_t next;
    return read_member(file, offset, member, &children, &next);
}

static bool is_member(const struct tiff_family *family, int64_t offset)
{
    for (int i = 0; i < family->count; i++)
        if (family->members[i].offset == offset)
            return true;
    return false;
}

static bool is_full_image(const struct tiff_family *family, const struct tiff_member *member)
{
    const struct tiff_member *parent = &family->members[member->parent];
    if (!member->width || !member->height || member->kind & TIFF_KIND_MASK)
        return false;
    /* What is larger than its parent is no reduced copy of it, whatever it says. */
    return !(member->kind & TIFF_KIND_REDUCED) || member->width > parent->width;
}

/* Adds the SubIFD at `offset`, and those chained to it where it is a list of its own. */
static void add_children(struct tiff_file *file, struct tiff_family *family, int parent,
                         int64_t offset, bool chained, struct tiff_entry children[TIFF_FAMILY])
{
    int64_t next = 0;
    do {
        struct tiff_member *member = &family->members[family->count];
        if (offset == file->first_directory || is_member(family, offset))
            return;
        family->more |= family->count == TIFF_FAMILY;
        if (family->more || !read_member(file, offset, member, &children[family->count], &next))
            return;
        member->parent = parent;
        member->page = is_full_image(family, member);
        family->count++;
        offset = next;
    } while (chained && offset);
}

/* Fills a family from its directory in the chain, SubIFDs first come first. */
static bool read_family(struct tiff_file *file, int64_t offset, struct tiff_family *family)
{
    struct tiff_entry children[TIFF_FAMILY];
    family->count = 0;
    if (!read_member(file, offset, &family->members[0], &children[0], &family->next))
        return false;
    family->count = 1;
    family->more = false;
    for (int i = 0; i < family->count; i++) {
        const struct tiff_entry *entry = &children[i];
        for (int64_t j = 0; j < min64(entry->count, TIFF_FAMILY); j++) {
            uint64_t child;
            if (tiff_entry_value(file, entry, j, &child) && child <= INT64_MAX)
                add_children(file, family, i, (int64_t)child, entry->count == 1, children);
        }
    }
    return true;
}

bool tiff_is_reduction(uint64_t page_width, uint64_t page_height, int k, uint64_t width,
                       uint64_t height)
{
    return page_width <= INT32_MAX && page_height <= INT32_MAX && page_width && page_height &&
           width == (uint64_t)reduced_size((int64_t)page_width, k) &&
           height == (uint64_t)reduced_size((int64_t)page_height, k);
}

static bool is_rounded(uint64_t side, int k, uint64_t reduced)
{
    return reduced && (reduced == side >> k || reduced == (uint64_t)reduced_size((int64_t)side, k));
}

bool tiff_is_rounded_reduction(uint64_t page_width, uint64_t page_height, int k, uint64_t width,
                               uint64_t height)
{
    return page_width <= INT32_MAX && page_height <= INT32_MAX && page_width && page_height &&
           is_rounded(page_width, k, width) && is_rounded(page_height, k, height);
}

bool tiff_is_copy(uint64_t page_width, uint64_t page_height, uint64_t width, uint64_t height)
{
    if (page_width > INT32_MAX || page_height > INT32_MAX || !width || !height ||
        width > page_width || height > page_height ||
        (width == page_width && height == page_height))
        return false;
    return page_width * (height - 1) < page_height * (width + 1) &&
           page_height * (width - 1) < page_width * (height + 1);
}

/* A directory that calls itself reduced is a page all the same where it is there for the full
 * images in its SubIFDs, as in raw photographs. In a slide reduced copies do not call themselves
 * so, and in an Aperio file the label and the macro do. */
static bool index_family(const struct tiff_index *index, struct tiff_file *file, int64_t offset,
                         struct tiff_family *family)
{
    if (!read_family(file, offset, family))
        return false;
    struct tiff_member *first = &family->members[0];
    if (index->pyramid.slide == SLIDE_APERIO)
        first->kind &= TIFF_KIND_MASK;
    if (tiff_pyramid_has(&index->pyramid, offset))
        first->kind |= TIFF_KIND_REDUCED;
    family->pages = 0;
    for (int i = 1; i < family->count; i++)
        family->pages += family->members[i].page;
    bool leads = family->pages && !(first->kind & TIFF_KIND_MASK);
    first->page = index->all || leads || !first->kind;
    family->pages += first->page;
    return true;
}

/* Marks. */

static size_t place_of(const struct tiff_index *index, int64_t offset)
{
    uint64_t hash = (uint64_t)offset * UINT64_C(0x9e3779b97f4a7c15);
    size_t places = index->places_size / sizeof *index->places;
    size_t place = (size_t)(hash >> 32) & (places - 1);
    while (index->places[place] && index->marks[index->places[place] - 1].offset != offset)
        place = (place + 1) & (places - 1);
    return place;
}

/* Makes room for `marks` marks, a power of two, and twice as many places. */
static bool grow(struct tiff_index *index, size_t marks, struct fault *fault)
{
    size_t marks_size = marks * sizeof *index->marks;
    size_t places_size = 2 * marks * sizeof *index->places;
    struct tiff_mark *more = ledger_alloc(LEDGER_SOURCE, marks_size, fault);
    int32_t *places = ledger_alloc(LEDGER_SOURCE, places_size, fault);
    if (!more || !places) {
        ledger_free(LEDGER_SOURCE, more, marks_size);
        ledger_free(LEDGER_SOURCE, places, places_size);
        return false;
    }
    if (index->marks)
        memcpy(more, index->marks, index->marks_size);
    ledger_free(LEDGER_SOURCE, index->marks, index->marks_size);
    ledger_free(LEDGER_SOURCE, index->places, index->places_size);
    index->marks = more;
    index->marks_size = marks_size;
    index->places = places;
    index->places_size = places_size;
    for (int32_t i = 0; i < index->mark_count; i++)
        places[place_of(index, more[i].offset)] = i + 1;
    return true;
}

static bool add_mark(struct tiff_index *index)
{
    size_t room = index->marks_size / sizeof *index->marks;
    if ((size_t)index->mark_count == room && !grow(index, 2 * room, NULL))
        return false;
    index->marks[index->mark_count++] = (struct tiff_mark){index->next, index->pages, index->every};
    index->places[place_of(index, index->next)] = index->mark_count;
    return true;
}

static int64_t step(struct tiff_file *file, int64_t offset)
{
    struct tiff_directory directory;
    return tiff_directory_open(file, offset, &directory) ? directory.next : 0;
}

/* Directory `number` of the chain, which has been walked that far. */
static int64_t directory_at(const struct tiff_index *index, struct tiff_file *file, int32_t number)
{
    int64_t offset = index->marks[number / STRIDE].offset;
    for (int32_t i = 0; i < number % STRIDE && offset; i++)
        offset = step(file, offset);
    return offset;
}

/* Ends the index before directory `end` of the chain. */
static void end_at(struct tiff_index *index, struct tiff_file *file, int32_t end)
{
    struct tiff_family family;
    int32_t whole = end / STRIDE;
    if (whole >= index->mark_count)
        whole = index->mark_count - 1;
    int64_t offset = index->marks[whole].offset;
    index->walked = whole * STRIDE;
    index->pages = index->marks[whole].pages;
    index->every = index->marks[whole].every;
    while (index->walked < end && index_family(index, file, offset, &family)) {
        index->walked++;
        index->pages += family.pages;
        index->every += family.count;
        offset = family.next;
    }
    index->mark_count = (int32_t)ceil_div(index->walked, STRIDE);
}

/* The directory to be walked next is that of a mark: the loop goes from some directory after the
 * mark before it to here. */
static void close_loop(struct tiff_index *index, struct tiff_file *file, int32_t mark)
{
    int32_t length = index->walked - mark * STRIDE;
    int32_t begin = mark ? (mark - 1) * STRIDE : 0;
    int64_t first = directory_at(index, file, begin);
    int64_t second = directory_at(index, file, begin + length);
    for (; begin < mark * STRIDE && first != second; begin++) {
        first = step(file, first);
        second = step(file, second);
    }
    end_at(index, file, begin + length);
    index->done = true;
}

/* Walks over one directory; sets done where there is no next one. */
static void walk_one(struct tiff_index *index, struct tiff_file *file)
{
    struct tiff_family family;
    int32_t mark = index->next ? index->places[place_of(index, index->next)] : 0;
    if (mark) {
        close_loop(index, file, mark - 1);
        return;
    }
    if (!index->next || index->every >= TIFF_DIRECTORIES_MAX - TIFF_FAMILY ||
        !index_family(index, file, index->next, &family) ||
        (index->walked % STRIDE == 0 && !add_mark(index))) {
        index->done = true;
        return;
    }
    index->walked++;
    index->pages += family.pages;
    index->every += family.count;
    index->more |= family.more;
    index->next = family.next;
}

bool tiff_index_walk(struct tiff_index *index, struct tiff_file *file)
{
    for (int i = 0; i < STRIDE && !index->done; i++)
        walk_one(index, file);
    return !index->done;
}

int32_t tiff_index_count(const struct tiff_index *index, bool every)
{
    if (index->images)
        return index->images;
    if (index->done)
        return every ? index->every : index->pages;
    if (index->walked < HELD_BACK)
        return 0;
    const struct tiff_mark *mark = &index->marks[(index->walked - HELD_BACK) / STRIDE];
    return every ? mark->every : mark->pages;
}

/* Opening. */

static void restart(struct tiff_index *index, const struct tiff_file *file)
{
    memset(index->places, 0, index->places_size);
    index->mark_count = 0;
    index->walked = index->pages = index->every = 0;
    index->next = file->first_directory;
    index->done = index->more = false;
}

/* The bytes of an image that is not compressed; 0 where there is no telling. */
static int64_t plain_bytes(const struct tiff_layout *layout)
{
    int64_t bytes;
    if (layout->compression != 1 || !layout->width || !layout->height ||
        layout->width > INT32_MAX || layout->height > INT32_MAX || layout->samples > UINT16_MAX ||
        layout->bits > 128 || layout->bits % 8 || layout->tile_width ||
        __builtin_mul_overflow((int64_t)(layout->width * layout->height),
                               (int64_t)(layout->samples * layout->bits / 8), &bytes))
        return 0;
    return bytes;
}

/* Finds the stack that ImageJ writes behind a single directory: images one behind the other, of
 * which the directory describes the first. Those that begin beyond the file's end are not there. */
static void find_stack(struct tiff_index *index, struct tiff_file *file, const char *description)
{
    struct imagej imagej;
    uint64_t first, last;
    int64_t blocks = index->base.offsets.count;
    index->image_bytes = plain_bytes(&index->base);
    if (!index->done || index->every != 1 || !index->image_bytes ||
        !imagej_parse(description, &imagej) ||
        !tiff_entry_value(file, &index->base.offsets, 0, &first) ||
        !tiff_entry_value(file, &index->base.offsets, blocks - 1, &last) || !first ||
        first >= (uint64_t)file->size || last < first ||
        last >= first + (uint64_t)index->image_bytes)
        return;
    int64_t there = ceil_div(file->size - (int64_t)first, index->image_bytes);
    index->images = (int32_t)min64(there, imagej.images);
    if (index->images < 2)
        index->images = 0;
}

static void examine_first(struct tiff_index *index, struct tiff_file *file, char *description,
                          size_t room)
{
    struct tiff_directory directory;
    description[0] = 0;
    if (!tiff_layout_read(file, file->first_directory, &index->base, NULL) ||
        !tiff_directory_open(file, file->first_directory, &directory))
        return;
    struct tiff_entry entry = tiff_directory_find(file, &directory, 270, INT64_MAX);
    tiff_entry_text(file, &entry, description, room);
    tiff_pyramid_find(&index->pyramid, file, &index->base, description);
}

bool tiff_index_init(struct tiff_index *index, struct tiff_file *file, struct fault *fault)
{
    char description[2048];
    struct tiff_directory directory;
    *index = (struct tiff_index){.marks = NULL};
    if (!tiff_directory_open(file, file->first_directory, &directory))
        return tiff_directory_refuse(file, file->first_directory, fault);
    if (!grow(index, MARKS_FIRST, fault))
        return false;
    examine_first(index, file, description, sizeof description);
    restart(index, file);
    while (index->walked < FIRST_WALK && tiff_index_walk(index, file))
        ;
    if (!index->pages) {
        index->all = true;
        restart(index, file);
    }
    while ((index->walked < FIRST_WALK || !tiff_index_count(index, false)) &&
           tiff_index_walk(index, file))
        ;
    find_stack(index, file, description);
    return true;
}

void tiff_index_fini(struct tiff_index *index)
{
    ledger_free(LEDGER_SOURCE, index->marks, index->marks_size);
    ledger_free(LEDGER_SOURCE, index->places, index->places_size);
    index->marks = NULL;
    index->places = NULL;
}

/* Finding. */

/* The last mark that no more than `number` pages come before. */
static const struct tiff_mark *mark_before(const struct tiff_index *index, int32_t number,
                                           bool every)
{
    int32_t low = 0, high = index->mark_count - 1;
    while (low < high) {
        int32_t middle = low + (high - low + 1) / 2;
        const struct tiff_mark *mark = &index->marks[middle];
        if ((every ? mark->every : mark->pages) <= number)
            low = middle;
        else
            high = middle - 1;
    }
    return &index->marks[low];
}

static int find_member(const struct tiff_family *family, int32_t number, bool every)
{
    for (int i = 0; i < family->count; i++)
        if ((every || family->members[i].page) && number-- == 0)
            return i;
    return 0;
}

bool tiff_index_find(struct tiff_index *index, struct tiff_file *file, int32_t number, bool every,
                     struct tiff_place *place)
{
    while (tiff_index_count(index, every) <= number && tiff_index_walk(index, file))
        ;
    if (number < 0 || number >= tiff_index_count(index, every))
        return false;
    int32_t image = index->images ? number : 0;
    place->shift = image * index->image_bytes;
    number -= image;
    const struct tiff_mark *mark = mark_before(index, number, every);
    int64_t offset = mark->offset;
    number -= every ? mark->every : mark->pages;
    for (int i = 0; i < STRIDE && index_family(index, file, offset, &place->family); i++) {
        int pages = every ? place->family.count : place->family.pages;
        if (number < pages) {
            place->first = offset == file->first_directory;
            place->member = find_member(&place->family, number, every);
            place->number =
                place->member ? -1 : (int32_t)(mark - index->marks) * STRIDE + i + image;
            return true;
        }
        number -= pages;
        offset = place->family.next;
    }
    return false;
}

bool tiff_belongs(const struct tiff_family *family, int i, int of)
{
    return i != of && (family->members[i].parent == of || family->pages == 1);
}

void tiff_index_followers(const struct tiff_index *index, struct tiff_file *file,
                          struct tiff_place *place)
{
    struct tiff_family *family = &place->family, other;
    bool anywhere = tiff_pyramid_is_strewn(&index->pyramid) && place->first;
    int64_t offset = family->next;
    int most = anywhere ? FOLLOWERS_MAX : TIFF_FAMILY;
    for (int i = 0; i < most && offset && family->count < TIFF_FAMILY; i++) {
        if (is_member(family, offset) || !index_family(index, file, offset, &other))
            return;
        bool page = other.members[0].page;
        if (page && !anywhere)
            return;
        if (!page && (place->first || !tiff_pyramid_has(&index->pyramid, offset))) {
            family->members[family->count] = other.members[0];
            family->members[family->count++].parent = 0;
        }
        offset = other.next;
    }
}
