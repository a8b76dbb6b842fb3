/* Blocks far larger than a tile, and the temporary file they go to: guards source/spill.c,
 * source/tiff_large.c, source/tiff_store.c. */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/spill.h"
#include "source/tiff.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { MIB = 1 << 20 };

static int spill_fd = -1;

static void start(int64_t most)
{
    spill_fd = spill_open();
    CU_ASSERT_FATAL(spill_fd >= 0);
    spill_use(spill_fd, most, 0);
}

static void finish(void)
{
    spill_use(-1, 0, 0);
    close(spill_fd);
}

static int64_t spilled_bytes(void)
{
    struct stat status;
    CU_ASSERT_EQUAL_FATAL(fstat(spill_fd, &status), 0);
    return (int64_t)status.st_size;
}

static int64_t rows_decoded(const struct source *source)
{
    return ((const struct tiff_source *)(const void *)source)->rows_decoded;
}

/* The file. */

static void it_has_no_name_and_gives_the_disk_back(void)
{
    int owners[2];
    struct stat status;
    char byte = 7;
    start(4 * MIB);
    CU_ASSERT(fstat(spill_fd, &status) == 0 && status.st_nlink == 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    CU_ASSERT(fcntl(spill_fd, F_GETFD) & FD_CLOEXEC);
    struct spill_part *first = spill_take(&owners[0], 1, 3 * MIB, 3 * MIB);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT(spill_write(first, 3 * MIB - 1, &byte, 1));
    CU_ASSERT_FALSE(spill_write(first, 3 * MIB, &byte, 1));
    CU_ASSERT_FALSE(spill_read(first, -1, &byte, 1));
    struct spill_part *second = spill_take(&owners[1], 1, MIB, MIB);
    CU_ASSERT(second && second != first && spill_write(second, 0, &byte, 1));
    CU_ASSERT_PTR_EQUAL(spill_find(&owners[0], 1), first);
    CU_ASSERT_PTR_NULL(spill_find(&owners[0], 2));
    spill_drop_all(&owners[0]);
    CU_ASSERT_FALSE(spill_has(&owners[0]));
    CU_ASSERT(spill_has(&owners[1]));
    CU_ASSERT(fstat(spill_fd, &status) == 0 && status.st_blocks * 512 < MIB);
    spill_drop(second);
    CU_ASSERT_EQUAL(spilled_bytes(), 0);
    finish();
}

static void it_follows_tmpdir(void)
{
    char folder[300], link[64], where[400];
    const char *before = getenv("TMPDIR");
    char *kept = before ? strdup(before) : NULL;
    snprintf(folder, sizeof folder, "%s", scratch_path("spill"));
    CU_ASSERT_EQUAL_FATAL(mkdir(folder, 0700), 0);
    setenv("TMPDIR", folder, 1);
    int fd = spill_open();
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, where, sizeof where);
    CU_ASSERT(length > (ssize_t)strlen(folder) && !strncmp(where, folder, strlen(folder)));
    close(fd);
    CU_ASSERT_EQUAL(rmdir(folder), 0); /* nothing is left in it */
    fd = spill_open();                 /* it is gone: another is found */
    CU_ASSERT(fd >= 0);
    close(fd);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
}

static void those_used_least_lately_go(void)
{
    int owner;
    start(4 * MIB);
    for (int64_t key = 0; key < 4; key++)
        CU_ASSERT_PTR_NOT_NULL(spill_take(&owner, key, MIB, MIB));
    uint64_t serial = spill_find(&owner, 0)->serial;
    CU_ASSERT_PTR_NOT_NULL(spill_take(&owner, 4, MIB, MIB));
    CU_ASSERT(spill_find(&owner, 0) && spill_find(&owner, 0)->serial == serial);
    CU_ASSERT_PTR_NULL(spill_find(&owner, 1));
    struct spill_part *all = spill_take(&owner, 5, 9 * MIB, MIB); /* as much as there is */
    CU_ASSERT(all && all->bytes == 4 * MIB && !all->filled && !all->flawed);
    CU_ASSERT_PTR_NULL(spill_find(&owner, 0));
    CU_ASSERT_PTR_NULL(spill_take(&owner, 6, 9 * MIB, 5 * MIB));
    spill_drop_all(&owner);
    for (int64_t key = 0; key < 1000; key++) /* more than can be told apart */
        CU_ASSERT_PTR_NOT_NULL(spill_take(&owner, key, 64, 64));
    CU_ASSERT_PTR_NOT_NULL(spill_find(&owner, 999));
    finish();
}

struct observer {
    struct spill_watcher watcher;
    volatile int signs, drops;
};

static void note_sign(struct spill_watcher *watcher)
{
    ((struct observer *)watcher)->signs++;
}

static void note_drop(struct spill_watcher *watcher)
{
    ((struct observer *)watcher)->drops++;
}

/* Bytes of files and shared memory that are this process's now. */
static int64_t resident_bytes(void)
{
    long size, resident, shared = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CU_ASSERT_FATAL(file && fscanf(file, "%ld %ld %ld", &size, &resident, &shared) == 3);
    fclose(file);
    return shared * sysconf(_SC_PAGESIZE);
}

static void pages_of_a_map_do_not_stay(void)
{
    enum { BYTES = 16 * MIB };
    struct observer observer = {{note_sign, note_drop}, 0, 0};
    int owner;
    start(BYTES + MIB);
    spill_take(&owner, 0, 100, 100); /* so that the next one begins elsewhere */
    struct spill_part *part = spill_take(&owner, 1, BYTES, BYTES);
    int64_t before = resident_bytes();
    uint8_t *map = spill_map(part, 0, BYTES, &observer.watcher);
    CU_ASSERT_PTR_NOT_NULL_FATAL(map);
    CU_ASSERT_PTR_NULL(spill_map(part, 0, 1, &observer.watcher));
    for (int64_t i = 0; i < BYTES; i += 64)
        map[i] = (uint8_t)(i >> 12);
    int64_t missed = spill_missed();
    CU_ASSERT(missed > 0 && missed < 2 * BYTES); /* BYTES, where pages come one by one */
    for (int seen = observer.drops; observer.drops == seen;)
        continue;
    CU_ASSERT(resident_bytes() < before + 4 * MIB);
    /* Work goes on, a page after each drop: a sign of life comes. Going in circles does not count
     * for ever. */
    for (int64_t at = 0; !observer.signs; at = (at + 4096) % BYTES) {
        int drops = observer.drops;
        map[at]++, map[at]--;
        while (observer.drops == drops && !observer.signs)
            continue;
    }
    for (int64_t at = 0, pages = 0; pages < 14 * (BYTES / 4096); at = (at + 4096) % BYTES) {
        int drops = observer.drops;
        for (int n = 0; n < 1024; n++, pages++, at = (at + 4096) % BYTES)
            map[at]++, map[at]--;
        while (observer.drops == drops)
            continue;
    }
    int signs = observer.signs;
    for (int end = observer.drops + 220; observer.drops < end;)
        map[0]++, map[0]--;
    CU_ASSERT_EQUAL(observer.signs, signs);
    spill_unmap();
    uint8_t bytes[64];
    for (int64_t i = 0; i < BYTES; i += MIB) {
        CU_ASSERT(spill_read(part, i, bytes, sizeof bytes));
        CU_ASSERT_EQUAL(bytes[0], (uint8_t)(i >> 12));
    }
    CU_ASSERT_PTR_NULL(spill_map(part, 1, BYTES, &observer.watcher));
    spill_drop_all(&owner);
    finish();
}

/* Blocks. */

/* Smooth enough for codecs that lose something. */
static double smooth(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe, (void)page;
    return (double)((x >> 4) + (y >> 4) + 40 * sample) / 4;
}

static const struct large {
    const char *name;
    struct tiff_recipe recipe;
    double tolerance;
    bool by_rows;
} larges[] = {
    {"deflate tile",
     {.width = 1500,
      .height = 1500,
      .type = SAMPLE_U16,
      .compression = COMPRESSION_ADOBE_DEFLATE,
      .predictor = 2,
      .tile_width = 1504,
      .tile_height = 1504},
     0,
     false},
    {"LZW tiles, signed",
     {.width = 3000,
      .height = 1450,
      .type = SAMPLE_I16,
      .compression = COMPRESSION_LZW,
      .tile_width = 1600,
      .tile_height = 1456,
      .value = tiff_value_signed,
      .big_endian = true},
     0,
     false},
    {"JPEG tile",
     {.width = 2060,
      .height = 2050,
      .bits = 8,
      .photometric = PHOTOMETRIC_MINISBLACK,
      .compression = COMPRESSION_JPEG,
      .tile_width = 2064,
      .tile_height = 2064,
      .number = smooth},
     3,
     false},
    {"LERC tile",
     {.width = 1500,
      .height = 1490,
      .type = SAMPLE_U16,
      .compression = COMPRESSION_LERC,
      .tile_width = 1504,
      .tile_height = 1504},
     0,
     false},
    {"WebP strip",
     {.width = 1280,
      .height = 1100,
      .bits = 8,
      .samples = 3,
      .photometric = PHOTOMETRIC_RGB,
      .compression = COMPRESSION_WEBP,
      .number = smooth},
     8,
     false},
    {"tiles of planes",
     {.width = 1000,
      .height = 848,
      .bits = 16,
      .samples = 3,
      .separate = true,
      .photometric = PHOTOMETRIC_RGB,
      .compression = COMPRESSION_ADOBE_DEFLATE,
      .tile_width = 848,
      .tile_height = 848},
     0,
     false},
    {"floats with predictor",
     {.width = 1040,
      .height = 1040,
      .bits = 32,
      .format = SAMPLEFORMAT_IEEEFP,
      .photometric = PHOTOMETRIC_MINISBLACK,
      .compression = COMPRESSION_ADOBE_DEFLATE,
      .predictor = 3,
      .tile_width = 1040,
      .tile_height = 1040},
     0,
     false},
    {"strip of planes",
     {.width = 1000,
      .height = 720,
      .bits = 16,
      .samples = 3,
      .separate = true,
      .photometric = PHOTOMETRIC_RGB,
      .compression = COMPRESSION_LZW},
     0,
     true},
    {"strip of 12 bits",
     {.width = 2001,
      .height = 1500,
      .bits = 12,
      .photometric = PHOTOMETRIC_MINISBLACK,
      .compression = COMPRESSION_ADOBE_DEFLATE},
     0,
     true},
    {"strips, rows of 300 KB",
     {.width = 150001,
      .height = 24,
      .type = SAMPLE_U16,
      .compression = COMPRESSION_LZW,
      .rows_per_strip = 16},
     0,
     true},
    {"strips, rows of 1 MB",
     {.width = 500001,
      .height = 6,
      .type = SAMPLE_I16,
      .compression = COMPRESSION_PACKBITS,
      .value = tiff_value_signed},
     0,
     true},
    {"rows of 4 MB",
     {.width = 1100000,
      .height = 3,
      .bits = 32,
      .format = SAMPLEFORMAT_IEEEFP,
      .photometric = PHOTOMETRIC_MINISBLACK,
      .compression = COMPRESSION_LZW},
     0,
     true},
    {"strips of a row of 4 MB",
     {.width = 2200001,
      .height = 3,
      .type = SAMPLE_U16,
      .compression = COMPRESSION_PACKBITS,
      .rows_per_strip = 1},
     0,
     true},
};

static double written_number(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *recipe = context;
    if (!recipe->bits)
        return (recipe->value ? recipe->value : tiff_value_plain)(x, y, 0);
    return (recipe->number ? recipe->number : tiff_number_plain)(recipe, x, y, 0, channel);
}

static bool reads_large(struct source *source, const struct large *large, struct area area)
{
    return reads_as(source, area, written_number, &large->recipe, large->tolerance);
}

/* NULL where this libtiff cannot write it. */
static struct source *open_large(const struct large *large)
{
    struct fault fault;
    const char *path = scratch_path("large.tif");
    if (!tiff_make(path, &large->recipe))
        return NULL;
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_EQUAL(source->page.whole, 1);
    return source;
}

static void check_parts(struct source *source, const struct large *large)
{
    const struct page *page = &source->page;
    const struct area parts[] = {
        {page->width / 2, page->height / 2, 100, 2},
        {0, page->height - 1, page->width, 1},
        {page->width / 3, 0, 256, page->height / 2},
        {page->width - 3, 0, 3, page->height},
        {0, 0, page->width, page->height},
        {page->width / 4, page->height / 3, 700, page->height / 2},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        bool right = reads_large(source, large, parts[i]);
        CU_ASSERT(right);
        if (!right)
            printf("  %s: part %zu\n", large->name, i);
    }
}

static void large_blocks_are_read(void)
{
    start(INT64_C(1) << 30);
    for (size_t i = 0; i < COUNT(larges); i++) {
        struct source *source = open_large(&larges[i]);
        if (!source) {
            printf("  this libtiff cannot write: %s\n", larges[i].name);
            continue;
        }
        check_parts(source, &larges[i]);
        source_rest(source);
        check_parts(source, &larges[i]);
        if (larges[i].by_rows && source->page.blocks == 1)
            CU_ASSERT_EQUAL(rows_decoded(source), source->page.height);
        CU_ASSERT(spilled_bytes() > 0);
        source_close(source);
        CU_ASSERT_EQUAL(spilled_bytes(), 0);
    }
    finish();
}

static const struct large tall = {
    "tall strip",
    {.width = 600, .height = 4000, .type = SAMPLE_U16, .compression = COMPRESSION_LZW},
    0,
    true};

/* As who pans does: a row is decoded once, wherever it was met first. */
static void a_row_is_decoded_once(void)
{
    static const int64_t tops[] = {500, 100, 490, 2000, 700, 1900, 3400, 0, 3500, 2501};
    start(INT64_C(1) << 30);
    struct source *source = open_large(&tall);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    int64_t lowest = 0;
    for (size_t i = 0; i < COUNT(tops); i++) {
        CU_ASSERT(reads_large(source, &tall, (struct area){i * 40, tops[i], 200, 400}));
        lowest = lowest > tops[i] + 400 ? lowest : tops[i] + 400;
        CU_ASSERT_EQUAL(rows_decoded(source), lowest);
        if (i % 3 == 2)
            source_rest(source);
    }
    source_close(source);
    finish();
}

/* The first part is kept, the rest decoded again; without a file at all, all of it. */
static void a_small_file_is_of_some_use(void)
{
    for (int64_t most = 0; most <= MIB; most += MIB) {
        start(most);
        struct source *source = open_large(&tall);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_large(source, &tall, (struct area){0, 0, 600, 2000}));
        CU_ASSERT(reads_large(source, &tall, (struct area){10, 100, 100, 500}));
        CU_ASSERT_EQUAL(rows_decoded(source), most ? 2000 : 2600);
        CU_ASSERT(reads_large(source, &tall, (struct area){0, 500, 600, 800}));
        CU_ASSERT_EQUAL(rows_decoded(source), most ? 3300 : 3900);
        CU_ASSERT(spilled_bytes() <= most);
        source_close(source);
        finish();
    }
}

static void places_for_rows_are_used_again(void)
{
    for (size_t i = 0; i < COUNT(larges); i++) {
        if (larges[i].recipe.width < 1000000)
            continue;
        start(9 * MIB);
        struct source *source = open_large(&larges[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        check_parts(source, &larges[i]);
        CU_ASSERT(spilled_bytes() <= 9 * MIB);
        source_close(source);
        finish();
    }
}

/* Two tiles of 5 MB take turns in the place of one. */
static void blocks_take_turns(void)
{
    start(6 * MIB);
    struct source *source = open_large(&larges[1]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    check_parts(source, &larges[1]);
    CU_ASSERT(spilled_bytes() <= 6 * MIB);
    source_close(source);
    finish();
}

/* Of codecs whose libraries hold a block too ours lies in the file from 1 MiB on, one at a time;
 * where the file has no room, in memory. */
static void blocks_that_are_held_twice_are_the_files(void)
{
    static const struct {
        int compression;
        int64_t most;
        bool disk, filed, spilled;
    } rows[] = {{COMPRESSION_LERC, INT64_C(1) << 30, true, true, true},
                {COMPRESSION_LERC, MIB, true, false, false},
                {COMPRESSION_LERC, INT64_C(1) << 30, false, true, false},
                {COMPRESSION_LZW, INT64_C(1) << 30, true, false, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct large large = {.name = "medium", .recipe = larges[3].recipe};
        large.recipe.compression = rows[i].compression;
        large.recipe.tile_width = large.recipe.tile_height = 752;
        start(rows[i].most);
        int nowhere = open("/dev/null", O_RDWR);
        spill_use(rows[i].disk ? spill_fd : nowhere, rows[i].most, 0);
        struct fault fault;
        const char *path = scratch_path("large.tif");
        struct source *source = tiff_make(path, &large.recipe) ? source_from(path, &fault) : NULL;
        if (source) {
            CU_ASSERT(source->page.filed == rows[i].filed && !source->page.whole);
            check_parts(source, &large);
            const struct tiff_source *tiff = (const struct tiff_source *)(const void *)source;
            CU_ASSERT_EQUAL(tiff->buffer_size < MIB, rows[i].spilled);
            CU_ASSERT(rows[i].spilled == (spilled_bytes() > 0) && spilled_bytes() < 2 * MIB);
        }
        source_close(source);
        CU_ASSERT_EQUAL(spilled_bytes(), 0);
        finish();
        close(nowhere);
    }
}

static void what_has_no_room_is_refused(void)
{
    static const struct {
        size_t large;
        int64_t most;
        size_t memory;
        const char *sentence;
    } rows[] = {
        {0, 0, 0,
         "a.tif: tiles of 1504 x 1504 samples compressed with deflate (4 MiB each) are too large "
         "to be decoded without a temporary file (--spill)"},
        {0, MIB, 0,
         "a.tif: tiles of 1504 x 1504 samples compressed with deflate (4 MiB each) are too large "
         "to be decoded in 1 MiB of a temporary file (--spill 5M would do)"},
        {4, MIB, 0,
         "a.tif: strips of 1100 rows (4 MiB) compressed with WebP are too large to be decoded "
         "in 1 MiB of a temporary file (--spill 5M would do)"},
        {11, 4 * MIB, 0,
         "a.tif: rows of 1100000 pixels (4 MiB) compressed with LZW are too long to be decoded in "
         "4 MiB of a temporary file (--spill 5M would do)"},
        {3, 64 * MIB, 4 * MIB, "a.tif: tiles of 1504 x 1504 samples compressed with LERC need "},
    };
    const char *path = scratch_path("large.tif");
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!tiff_make(path, &larges[rows[i].large].recipe))
            continue;
        start(rows[i].most);
        spill_use(spill_fd, rows[i].most, rows[i].memory);
        const char *sentence = source_refusal(path, 0);
        CU_ASSERT(!strncmp(sentence, rows[i].sentence, strlen(rows[i].sentence)));
        if (strncmp(sentence, rows[i].sentence, strlen(rows[i].sentence)))
            printf("  %zu: \"%s\"\n", i, sentence);
        finish();
    }
}

SUITE("source large",
      {"it has no name and gives the disk back", it_has_no_name_and_gives_the_disk_back},
      {"it follows TMPDIR", it_follows_tmpdir},
      {"those used least lately go", those_used_least_lately_go},
      {"pages of a map do not stay", pages_of_a_map_do_not_stay},
      {"large blocks are read", large_blocks_are_read},
      {"a row is decoded once", a_row_is_decoded_once},
      {"a small file is of some use", a_small_file_is_of_some_use},
      {"places for rows are used again", places_for_rows_are_used_again},
      {"blocks take turns", blocks_take_turns},
      {"blocks that are held twice are the file's", blocks_that_are_held_twice_are_the_files},
      {"what has no room is refused", what_has_no_room_is_refused})
