/* Which directories are pages and where they lie: long chains, loops, SubIFDs, stacks. Guards
 * source/tiff_index.h; offsets are compared with where the test put the directories. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/tiff_index.h"
#include "support/source_reader.h"
#include "support/tiff_plain.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool selects(struct source *source, int32_t index, int32_t every, struct page *page)
{
    struct fault fault;
    return source_select(source, &(struct source_choice){index, 0, every, 0}, page, &fault);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

/* Chains. */

/* A chain of `count` small directories, with where they lie; the last leads to number `back`, or
 * nowhere (-1). `backwards`: each lies before the one that leads to it. Every third has kind 1. */
static const char *make_chain(int count, int back, bool backwards, bool kinds, uint64_t *at)
{
    enum { BYTES = 2 + 2 * 12 + 4 };
    struct raw_tiff raw;
    uint8_t nothing[BYTES] = {0};
    raw_begin(&raw, false, false);
    for (int i = 0; i < count; i++)
        at[backwards ? count - 1 - i : i] = raw_data(&raw, nothing, BYTES);
    raw_put(&raw, 4, 4, at[0]);
    for (int i = 0; i < count; i++) {
        raw_put(&raw, at[i], 2, 2);
        raw_put(&raw, at[i] + 2, 8, 0x0001000400fe);
        raw_put(&raw, at[i] + 10, 4, kinds && i % 3 == 2);
        raw_put(&raw, at[i] + 14, 8, 0x000100040100);
        raw_put(&raw, at[i] + 22, 4, 7);
        raw_put(&raw, at[i] + 26, 4, i + 1 < count ? at[i + 1] : back < 0 ? 0 : at[back]);
    }
    return raw_write(&raw, "chain.tif");
}

static bool open_index(const char *path, struct tiff_file *file, struct tiff_index *index)
{
    return tiff_file_open(file, open(path, O_RDONLY), NULL) && tiff_index_init(index, file, NULL);
}

static void close_index(struct tiff_file *file, struct tiff_index *index)
{
    tiff_index_fini(index);
    tiff_file_close(file);
}

static int64_t offset_of(struct tiff_index *index, struct tiff_file *file, int32_t number,
                         bool every)
{
    static struct tiff_place place;
    if (!tiff_index_find(index, file, number, every, &place))
        return -1;
    return place.family.members[place.member].offset;
}

/* Walks the whole index; false when what is known ever becomes less. */
static bool walk_all(struct tiff_index *index, struct tiff_file *file)
{
    int32_t known = tiff_index_count(index, false);
    bool fine = true;
    for (bool more = true; more;) {
        more = tiff_index_walk(index, file);
        fine &= tiff_index_count(index, false) >= known;
        known = tiff_index_count(index, false);
    }
    return fine && index->done;
}

static const struct {
    int count, back;
    bool backwards, kinds;
} chains[] = {
    {1, -1, false, false},       {1, 0, false, false},      {2, 0, false, false},
    {63, 62, false, true},       {64, 0, false, false},     {64, 63, true, false},
    {65, 64, false, true},       {128, 0, true, false},     {129, 64, false, false},
    {200, 10, false, true},      {200, 199, false, false},  {256, -1, false, false},
    {257, 256, true, false},     {300, 299, false, false},  {700, 0, false, true},
    {700, 650, true, true},      {1000, 1, false, false},   {1000, 63, false, false},
    {1000, 64, false, false},    {1000, 999, false, true},  {1000, 935, false, false},
    {4000, 65, false, false},    {4000, 3000, true, false}, {65535, 0, true, false},
    {65535, 32111, false, true},
};

static void chains_are_counted_and_found(void)
{
    static uint64_t at[65535];
    for (size_t i = 0; i < COUNT(chains); i++) {
        int count = chains[i].count, wrong = 0;
        int pages = chains[i].kinds ? count - count / 3 : count;
        struct tiff_file file;
        struct tiff_index index;
        const char *path =
            make_chain(count, chains[i].back, chains[i].backwards, chains[i].kinds, at);
        CU_ASSERT_FATAL(open_index(path, &file, &index));
        CU_ASSERT(index.walked <= 256);
        CU_ASSERT(walk_all(&index, &file));
        CU_ASSERT_EQUAL(tiff_index_count(&index, false), pages);
        CU_ASSERT_EQUAL(tiff_index_count(&index, true), count);
        for (int step = count > 5000 ? 777 : 1, d = count - 1; d >= 0; d -= step) {
            wrong += offset_of(&index, &file, d, true) != (int64_t)at[d];
            if (!chains[i].kinds || d % 3 != 2)
                wrong += offset_of(&index, &file, chains[i].kinds ? d - d / 3 : d, false) !=
                         (int64_t)at[d];
        }
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT_EQUAL(offset_of(&index, &file, pages, false), -1);
        CU_ASSERT_EQUAL(offset_of(&index, &file, -1, false), -1);
        close_index(&file, &index);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

static void a_long_chain_is_walked_as_far_as_needed(void)
{
    static uint64_t at[20000];
    struct tiff_file file;
    struct tiff_index index;
    CU_ASSERT_FATAL(open_index(make_chain(20000, -1, false, false, at), &file, &index));
    CU_ASSERT(index.walked == 256 && !index.done);
    CU_ASSERT(tiff_index_count(&index, false) > 64 && tiff_index_count(&index, false) <= 256);
    CU_ASSERT_EQUAL(offset_of(&index, &file, 9000, false), (int64_t)at[9000]);
    CU_ASSERT(index.walked > 9000 && index.walked < 9300 && !index.done);
    CU_ASSERT_EQUAL(offset_of(&index, &file, 3, false), (int64_t)at[3]);
    CU_ASSERT_EQUAL(offset_of(&index, &file, 20000, false), -1);
    CU_ASSERT(index.done && tiff_index_count(&index, false) == 20000);
    close_index(&file, &index);
}

/* How often this process has read from files. */
static int64_t reads_so_far(void)
{
    FILE *file = fopen("/proc/self/io", "r");
    char line[64];
    long long reads = -1;
    while (file && reads < 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "syscr: %lld", &reads) != 1)
            reads = -1;
    if (file)
        fclose(file);
    return reads;
}

/* Once all are counted a jump costs the same wherever it goes, and however many pages there are. */
static void jumps_cost_the_same_in_any_number_of_pages(void)
{
    static uint64_t at[60000];
    int64_t most[2] = {0, 0};
    if (reads_so_far() < 0)
        return;
    for (int i = 0; i < 2; i++) {
        int count = i ? 60000 : 600;
        struct tiff_file file;
        struct tiff_index index;
        CU_ASSERT_FATAL(open_index(make_chain(count, -1, false, false, at), &file, &index));
        CU_ASSERT(walk_all(&index, &file));
        for (int j = 0; j < 50; j++) {
            int to = j % 2 ? count - 1 - j : (int)((int64_t)count * j / 50);
            int64_t before = reads_so_far();
            CU_ASSERT_EQUAL(offset_of(&index, &file, to, false), (int64_t)at[to]);
            int64_t reads = reads_so_far() - before;
            most[i] = reads > most[i] ? reads : most[i];
        }
        close_index(&file, &index);
    }
    CU_ASSERT(most[1] <= most[0] + 8 && most[0] < 64 * 8);
}

/* With no full image among them all count, with a full one far behind the first too. */
static void directories_that_are_all_reduced_count(void)
{
    static uint64_t at[400];
    struct tiff_file file;
    struct tiff_index index;
    for (int full = 0; full < 2; full++) {
        const char *path = make_chain(400, -1, false, false, at);
        for (int i = 0; i < 400; i++)
            scratch_patch(path, (int64_t)at[i] + 10, full && i == 220 ? "\0" : "\1", 1);
        CU_ASSERT_FATAL(open_index(path, &file, &index));
        CU_ASSERT(tiff_index_count(&index, false) > 0);
        walk_all(&index, &file);
        CU_ASSERT_EQUAL(tiff_index_count(&index, false), full ? 1 : 400);
        CU_ASSERT_EQUAL(offset_of(&index, &file, 0, false), (int64_t)at[full ? 220 : 0]);
        close_index(&file, &index);
    }
}

/* Families. The digits of a table's row: kind of each directory; what comes in brackets are the
 * SubIFDs of the one before. Sides halve with each letter 'h' behind a digit, double with 'd'. */

struct builder {
    struct raw_tiff raw;
    const char *at;
    uint64_t loop; /* a SubIFD more for every one that has some: 0 none */
    uint16_t number;
};

static uint64_t build(struct builder *builder, bool linked);

static void build_children(struct builder *builder, uint64_t children[8], size_t *count)
{
    for (builder->at++; *builder->at != ')';)
        children[(*count)++] = build(builder, false);
    builder->at++;
    if (builder->loop)
        children[(*count)++] = builder->loop;
}

static uint64_t build(struct builder *builder, bool linked)
{
    uint64_t children[8], side = 16, kind = (uint64_t)(*builder->at++ - '0');
    size_t count = 0;
    for (; *builder->at == 'h' || *builder->at == 'd'; builder->at++)
        side = *builder->at == 'h' ? side / 2 : side * 2;
    /* Numbers are given in the order of the row, parents first. */
    uint16_t number = builder->number++;
    if (*builder->at == '(')
        build_children(builder, children, &count);
    plain_image(&builder->raw, side, 4, number, kind);
    if (count)
        raw_numbers(&builder->raw, 330, RAW_LONG, children, count);
    return raw_directory(&builder->raw, linked);
}

static const struct {
    const char *directories;
    uint64_t loop;
    const char *pages, *every; /* the numbers, in the order of pages */
} families[] = {
    {"000", 0, "012", "012"},
    {"01h4550", 0, "05", "012345"},
    {"0(1h1h)0(4)", 0, "03", "01234"},
    {"0(00)0", 0, "0123", "0123"},
    {"1h(0)", 0, "01", "01"},     /* a raw photograph's preview, and the photograph */
    {"1h(01d)", 0, "012", "012"}, /* what is larger than its parent is no copy of it */
    {"1h(1h)0", 0, "2", "012"},
    {"0(1h(0))0", 0, "023", "0123"}, /* deeper */
    {"5h(0)0", 0, "12", "012"},
    {"0(0)0(1)", 4, "012", "0123"}, /* SubIFDs that are no directories */
    {"11", 0, "01", "01"},
};

static void read_numbers(const char *path, int32_t every, char *numbers)
{
    struct fault fault;
    struct page page;
    double value[3] = {-1};
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    int32_t i = 0;
    for (; i < 9 && selects(source, i, every, &page); i++) {
        CU_ASSERT(source_probe(source, 0, 0, value, &fault));
        CU_ASSERT(page.index == i && page_check(&page, &fault));
        numbers[i] = (char)('0' + (int)value[0]);
    }
    CU_ASSERT_EQUAL(i, page.count);
    numbers[i] = 0;
    source_close(source);
}

static void subifds_are_overviews_or_pages(void)
{
    for (size_t i = 0; i < COUNT(families); i++) {
        char numbers[10];
        struct builder builder = {.at = families[i].directories, .loop = families[i].loop};
        raw_begin(&builder.raw, false, i % 2);
        while (*builder.at)
            build(&builder, true);
        const char *path = raw_write(&builder.raw, "family.tif");
        read_numbers(path, 0, numbers);
        CU_ASSERT_STRING_EQUAL(numbers, families[i].pages);
        read_numbers(path, 1, numbers);
        CU_ASSERT_STRING_EQUAL(numbers, families[i].every);
    }
}

/* A single SubIFD may lead a chain of its own; of several each stands for itself. A SubIFD that is
 * the file's first directory is none. */
static void a_single_subifd_may_lead_others(void)
{
    for (int single = 0; single < 2; single++) {
        struct raw_tiff raw;
        char numbers[10];
        uint64_t at[3];
        raw_begin(&raw, false, false);
        for (uint16_t i = 0; i < 3; i++) {
            plain_image(&raw, 4, 4, (uint16_t)(i + 1), 0);
            at[i] = raw_directory(&raw, false);
        }
        raw_put(&raw, at[1] + 2 + 9 * 12, 4, at[2]);
        plain_image(&raw, 4, 4, 0, 0);
        raw_numbers(&raw, 330, RAW_LONG, (uint64_t[]){at[1], at[0]}, single ? 1 : 2);
        uint64_t first = raw_directory(&raw, true);
        plain_image(&raw, 4, 4, 7, 0);
        raw_numbers(&raw, 330, RAW_LONG, (uint64_t[]){first, at[0]}, 2);
        raw_directory(&raw, true);
        read_numbers(raw_write(&raw, "family.tif"), single, numbers);
        CU_ASSERT_STRING_EQUAL(numbers, single ? "02371" : "02171");
    }
}

/* Directories whose SubIFDs are each other: bounded, and soon over. */
static void directories_that_are_each_others_subifds_end(void)
{
    enum { DIRECTORIES = 500, SUBS = 100 };
    struct raw_tiff raw;
    uint64_t at[DIRECTORIES], subs[SUBS];
    raw_begin(&raw, true, false);
    for (int i = 0; i < DIRECTORIES; i++)
        at[i] = raw_data(&raw, (uint8_t[100]){0}, 100);
    for (int i = 0; i < SUBS; i++)
        subs[i] = at[i * 4 % DIRECTORIES];
    uint64_t table = raw_data(&raw, subs, sizeof subs);
    raw_link(&raw, at[0]);
    for (int i = 0; i < DIRECTORIES; i++) {
        const uint64_t entries[3][4] = {
            {256, 4, 1, 9}, {257, 4, 1, 9}, {330, 16, i ? UINT32_MAX : SUBS, table}};
        raw_put(&raw, at[i], 8, 3);
        for (int e = 0; e < 3; e++)
            for (int f = 0, to = 0; f < 4; to += f < 2 ? 2 : 8, f++)
                raw_put(&raw, at[i] + 8 + (uint64_t)(20 * e + to), f < 2 ? 2 : 8, entries[e][f]);
        raw_put(&raw, at[i] + 68, 8, at[(i + 1) % DIRECTORIES]);
    }
    struct tiff_file file;
    struct tiff_index index;
    CU_ASSERT_FATAL(open_index(raw_write(&raw, "web.tif"), &file, &index));
    walk_all(&index, &file);
    CU_ASSERT_EQUAL(index.walked, DIRECTORIES);
    CU_ASSERT(index.every <= DIRECTORIES * TIFF_FAMILY);
    CU_ASSERT(offset_of(&index, &file, index.every - 1, true) > 0);
    close_index(&file, &index);
}

/* Stacks behind one directory. */

static const struct {
    const char *description;
    int images, count; /* images in the file, and pages */
    uint16_t compression;
} stacks[] = {
    {"ImageJ=1.53t\nimages=5\nslices=5\n", 5, 5, 1},
    {"ImageJ=1.53t\nimages=5\n", 3, 3, 1}, /* cut short */
    {"ImageJ=1.53t\nimages=2147483647\n", 3, 3, 1},
    {"ImageJ=1.53t\nimages=1\n", 3, 1, 1},
    {"ImageJ=1.53t\nimages=-5\n", 3, 1, 1},
    {"images=5\n", 5, 1, 1},
    {"ImageJ=1.53t\nimages=5\n", 5, 1, 32773},
};

static void a_stack_behind_one_directory_has_pages(void)
{
    for (size_t i = 0; i < COUNT(stacks); i++) {
        struct raw_tiff raw;
        struct fault fault;
        struct page page;
        raw_begin(&raw, i & 1, i & 2);
        raw_image(&raw, 6, 4, 16, 0, 48);
        raw_text(&raw, 270, stacks[i].description);
        raw_number(&raw, 259, RAW_SHORT, stacks[i].compression);
        raw_number(&raw, 273, RAW_LONG, 1024);
        raw_directory(&raw, true);
        while (raw.count < 1024)
            raw_data(&raw, "\0", 2);
        for (int s = 0; s < 24 * stacks[i].images; s++)
            raw_data(&raw, (uint8_t[]){(uint8_t)(i & 2 ? 0 : s), (uint8_t)(i & 2 ? s : 0)}, 2);
        struct source *source = source_from(raw_write(&raw, "stack.tif"), &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_EQUAL(source->page.count, stacks[i].count);
        for (int32_t p = stacks[i].count - 1; p >= 0 && stacks[i].count > 1; p--) {
            double value[3];
            CU_ASSERT(selects(source, p, p & 1, &page) && page.index == p);
            CU_ASSERT(source_probe(source, 5, 3, value, &fault) && value[0] == 24 * p + 23);
        }
        CU_ASSERT_FALSE(selects(source, stacks[i].count, 0, &page));
        source_close(source);
    }
}

/* The sixth image lies beyond 4 GiB, in a file that has next to no bytes on the disk. */
static void a_stack_may_exceed_four_gib(void)
{
    enum { SIDE = 20000 };
    struct raw_tiff raw;
    struct fault fault;
    struct page page;
    double value[3] = {0};
    raw_begin(&raw, false, false);
    raw_image(&raw, SIDE, SIDE, 16, 8, 2u * SIDE * SIDE);
    raw_text(&raw, 270, "ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\n");
    raw_claim(&raw, 273, RAW_LONG, 1, 4096);
    raw_directory(&raw, true);
    const char *path = raw_write(&raw, "large.tif");
    int64_t bytes = INT64_C(2) * SIDE * SIDE;
    scratch_patch(path, 4096 + 6 * bytes - 2, "\x39\x30", 2);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(selects(source, 5, 0, &page) && page.count == 6);
    CU_ASSERT(source_probe(source, SIDE - 1, SIDE - 1, value, &fault) && value[0] == 12345);
    CU_ASSERT(page.axis_extent[AXIS_CHANNEL] == 2 && page.axis_stride[AXIS_SLICE] == 2);
    source_close(source);
    unlink(path);
}

/* source_count. */

static bool after_some(void *context)
{
    return ++*(int *)context > 3;
}

static void counting_goes_on_until_dropped_or_done(void)
{
    enum { PAGES = 2000 };
    static uint64_t at[PAGES];
    struct fault fault;
    struct page page;
    int asked = 0;
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    for (int i = 0; i < PAGES; i++) {
        plain_image(&raw, 1, 1, (uint16_t)i, 0);
        at[i] = raw_directory(&raw, true);
    }
    struct source *source = source_from(raw_write(&raw, "many.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(source->page.counting == 1 && source->page.count > 64 && source->page.count <= 256);
    int32_t known = source->page.count;
    source_count(source, after_some, &asked);
    CU_ASSERT(source->page.counting == 1 && source->page.count > known &&
              source->page.count < PAGES);
    double value[3];
    CU_ASSERT(selects(source, 1500, 0, &page) && page.counting == 1);
    CU_ASSERT(source_probe(source, 0, 0, value, &fault) && value[0] == 1500);
    source_count(source, never, NULL);
    CU_ASSERT(source->page.counting == 0 && source->page.count == PAGES);
    CU_ASSERT(selects(source, PAGES - 1, 0, &page) && page.counting == 0 && page.count == PAGES);
    source_close(source);
    CU_ASSERT(at[PAGES - 1] > 0);
}

SUITE("source/tiff_index", {"chains are counted and found", chains_are_counted_and_found},
      {"a long chain is walked as far as needed", a_long_chain_is_walked_as_far_as_needed},
      {"jumps cost the same in any number of pages", jumps_cost_the_same_in_any_number_of_pages},
      {"directories that are all reduced count", directories_that_are_all_reduced_count},
      {"SubIFDs are overviews or pages", subifds_are_overviews_or_pages},
      {"a single SubIFD may lead others", a_single_subifd_may_lead_others},
      {"directories that are each other's SubIFDs end",
       directories_that_are_each_others_subifds_end},
      {"a stack behind one directory has pages", a_stack_behind_one_directory_has_pages},
      {"a stack may exceed 4 GiB", a_stack_may_exceed_four_gib},
      {"counting goes on until dropped or done", counting_goes_on_until_dropped_or_done})
