/* Files that are cut short or damaged: what is sound is read, the first bad block is named. Guards
 * source/tiff_read.c, source/tiff_decode.c, source/tiff_cut.c, source/tiff_whole.c and
 * source/zlib_check.c. */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/source.h"
#include "source/tiff_directory.h"
#include "source/zlib_check.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { WIDTH = 100, HEIGHT = 96 };

static const struct area all = {0, 0, WIDTH, HEIGHT};

static struct tiff_recipe recipe_of(int compression, int tile, int64_t rows)
{
    return (struct tiff_recipe){.width = WIDTH,
                                .height = HEIGHT,
                                .type = SAMPLE_U16,
                                .compression = compression,
                                .tile_width = tile,
                                .tile_height = tile,
                                .rows_per_strip = rows,
                                .value = tiff_value_wide};
}

static const char *make(const struct tiff_recipe *recipe)
{
    const char *path = scratch_path("broken.tif");
    CU_ASSERT_FATAL(tiff_make(path, recipe));
    return path;
}

/* Where libtiff says a block lies. */
static void block_place(const char *path, uint32_t block, uint64_t *offset, uint64_t *bytes)
{
    TIFF *tiff = TIFFOpen(path, "r");
    *offset = TIFFGetStrileOffset(tiff, block);
    *bytes = TIFFGetStrileByteCount(tiff, block);
    TIFFClose(tiff);
}

/* Reads all of a file; true when `samples` of them came, each right, and the sentence is as told.
 */
static bool reads_partly(struct source *source, int64_t samples, const char *sentence)
{
    struct checking_sink sink = {.stop_after = 0};
    struct fault fault = {.kind = FAULT_NONE};
    bool fine = checking_read(&sink, source, all, tiff_value_wide, &fault);
    checking_fini(&sink);
    if (strncmp(fault.text, sentence, strlen(sentence)) || sink.samples != samples)
        printf("  %lld samples; \"%s\"\n", (long long)sink.samples, fault.text);
    return !fine && sink.samples == samples && !sink.wrong && !sink.again &&
           !strncmp(fault.text, sentence, strlen(sentence));
}

static void check_broken(const char *path, int64_t samples, const char *sentence)
{
    struct fault fault;
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(reads_partly(source, samples, sentence));
    CU_ASSERT(reads_partly(source, samples, sentence)); /* and again: nothing of it stays */
    source_close(source);
}

/* Sets value i of one of the tables of blocks: entry 0 offsets, 1 sizes. */
static void set_table(const char *path, int table, uint32_t i, uint32_t value)
{
    struct tiff_file file;
    struct tiff_layout layout;
    struct fault fault;
    int fd = open(path, O_RDONLY);
    CU_ASSERT_FATAL(tiff_file_open(&file, fd, &fault));
    CU_ASSERT_FATAL(tiff_layout_read(&file, file.first_directory, &layout, &fault));
    tiff_file_close(&file);
    const struct tiff_entry *entry = table ? &layout.sizes : &layout.offsets;
    int bytes = entry->type == TIFF_SHORT ? 2 : entry->type == TIFF_LONG8 ? 8 : 4;
    uint8_t number[8] = {0};
    for (int b = 0; b < 4 && b < bytes; b++)
        number[file.big_endian ? bytes - 1 - b : b] = (uint8_t)(value >> 8 * b);
    scratch_patch(path, entry->offset + (int64_t)i * bytes, number, (size_t)bytes);
}

/* The bytes of a block, which hold until the next call. */
static uint8_t *block_bytes(const char *path, uint32_t block, uint64_t *offset, uint64_t *bytes)
{
    static uint8_t data[8 << 20];
    block_place(path, block, offset, bytes);
    int fd = open(path, O_RDONLY);
    CU_ASSERT_EQUAL(pread(fd, data, *bytes, (off_t)*offset), (ssize_t)*bytes);
    close(fd);
    return data;
}

/* Moves the first `keep` bytes of a block to the end of the file, and the file ends with them. */
static const char *make_cut(const struct tiff_recipe *recipe, uint32_t block, uint64_t keep)
{
    uint64_t offset, bytes;
    const char *path = make(recipe);
    const uint8_t *data = block_bytes(path, block, &offset, &bytes);
    int64_t end = scratch_size(path);
    set_table(path, 0, block, (uint32_t)end);
    scratch_patch(path, end, data, keep);
    return path;
}

static void a_file_that_is_cut_gives_what_is_left(void)
{
    struct tiff_recipe r = recipe_of(0, 0, 16);
    check_broken(make_cut(&r, 3, 5 * WIDTH * 2 + 1), (HEIGHT - 11) * WIDTH,
                 "a.tif: strip 3 (rows 48 to 63) is cut short from row 53 on");
    check_broken(
        make_cut(&r, 3, 0), (HEIGHT - 16) * WIDTH,
        "a.tif: strip 3 (rows 48 to 63) lies beyond the end of the file, which is cut short");
    r = recipe_of(0, 0, 0);
    check_broken(make_cut(&r, 0, 10 * WIDTH * 2), 10 * WIDTH,
                 "a.tif: strip 0 (rows 0 to 95) is cut short from row 10 on");
    r = recipe_of(0, 48, 0);
    check_broken(make_cut(&r, 4, 2 * 48 * 2), (HEIGHT * WIDTH) - 46 * 48,
                 "a.tif: tile 4 (columns 48 to 95, rows 48 to 95) is cut short from row 50 on");
}

static void a_compressed_tile_that_is_cut_is_lost(void)
{
    struct tiff_recipe r = recipe_of(COMPRESSION_LZW, 48, 0);
    check_broken(make_cut(&r, 3, 100), HEIGHT * WIDTH - 48 * 48,
                 "a.tif: tile 3 (columns 0 to 47, rows 48 to 95) ends beyond the end of the file");
    r = recipe_of(COMPRESSION_LERC, 0, 16);
    if (tiff_can(COMPRESSION_LERC))
        check_broken(make_cut(&r, 3, 100), (HEIGHT - 16) * WIDTH,
                     "a.tif: strip 3 (rows 48 to 63) ends beyond the end of the file");
}

/* Cuts block `block` to half its bytes; how many samples of `area` are left of it, all right. -1
 * when something is wrong. */
static int64_t half_of(const struct tiff_recipe *r, uint32_t block, struct area area)
{
    uint64_t offset, bytes;
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    block_place(make(r), block, &offset, &bytes);
    struct source *source = source_from(make_cut(r, block, bytes / 2), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    int64_t first = 0;
    bool fine = true;
    for (int again = 0; again < 2; again++) {
        fine &= !checking_read(&sink, source, area, r->value, &fault) && !sink.wrong &&
                !sink.again && sink.samples % area.width == 0 &&
                strstr(fault.text, " is cut short from row ") && (!again || sink.samples == first);
        first = sink.samples;
        checking_fini(&sink);
    }
    if (block) { /* the cut strip and a sound one by turns */
        fine &= reads_right(source, (struct area){0, 48, area.width, 3}, r->value);
        fine &= reads_right(source, (struct area){0, 5, area.width, 3}, r->value);
        fine &= reads_right(source, (struct area){0, 51, area.width, 3}, r->value);
    }
    for (int again = 0; again < 2; again++) {
        const struct source_choice choice = {0, 0, 0, 0};
        struct page page;
        fine &= reads_right(source, (struct area){0, 0, area.width, 10}, r->value);
        fine &= source_select(source, &choice, &page, &fault);
    }
    source_close(source);
    return fine ? first : -1;
}

/* All rows down to where the data ends, in a single strip too; those are right, and nothing below
 * comes. */
static void a_compressed_strip_that_is_cut_gives_its_first_rows(void)
{
    static const int some[] = {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS,
                               COMPRESSION_LZMA};
    for (size_t i = 0; i < 2 * COUNT(some); i++) {
        struct tiff_recipe r = recipe_of(some[i / 2], 0, i & 1 ? 48 : 0);
        r.big_tiff = i & 2;
        r.big_endian = i & 4;
        int64_t above = i & 1 ? 48 : 0, half = (HEIGHT - above) / 2;
        if (!tiff_can(r.compression))
            continue;
        int64_t rows = half_of(&r, i & 1, all) / WIDTH;
        CU_ASSERT(rows >= above + half - 3 && rows <= above + half + 3);
    }
}

/* So large that libtiff is lent the map, and pages of it are given back meanwhile. */
static void a_large_strip_that_is_cut_gives_its_first_rows(void)
{
    struct tiff_recipe r = recipe_of(COMPRESSION_ADOBE_DEFLATE, 0, 0);
    r.width = r.height = 2000;
    int64_t rows = half_of(&r, 0, (struct area){0, 0, 2000, 2000}) / 2000;
    CU_ASSERT(rows > 900 && rows < 1100);
}

/* Of several strips each has its size, and what lies behind is not its. */
static void a_strip_whose_size_is_too_small_is_cut(void)
{
    struct tiff_recipe r = recipe_of(0, 0, 16);
    const char *path = make(&r);
    set_table(path, 1, 2, 5 * WIDTH * 2);
    check_broken(path, (HEIGHT - 11) * WIDTH,
                 "a.tif: strip 2 (rows 32 to 47) is cut short from row 37 on");
}

/* libtiff writes the directory at the end, so it goes first. */
static void a_file_that_is_cut_while_it_is_open_is_noticed(void)
{
    for (int i = 0; i < 6; i++) {
        struct fault fault;
        struct tiff_recipe r = recipe_of(i & 1 ? COMPRESSION_LZW : 0, i / 2 * 16, 16);
        const char *path = make(&r);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_right(source, all, tiff_value_wide));
        source_rest(source);
        scratch_cut(path, 4000);
        CU_ASSERT(reads_partly(source, 0, "a.tif: "));
        source_close(source);
    }
}

static void damage_costs_one_block(void)
{
    static const struct {
        int compression, tile;
        int64_t samples;
        const char *sentence;
    } cases[] = {
        {COMPRESSION_ADOBE_DEFLATE, 0, 80 * WIDTH,
         "a.tif: strip 2 (rows 32 to 47) cannot be decoded: "},
        {COMPRESSION_LZW, 0, 80 * WIDTH, "a.tif: strip 2 (rows 32 to 47) cannot be decoded: "},
        {COMPRESSION_ZSTD, 0, 80 * WIDTH, "a.tif: strip 2 (rows 32 to 47) cannot be decoded: "},
        {COMPRESSION_LERC, 0, 80 * WIDTH, "a.tif: strip 2 (rows 32 to 47) cannot be decoded: "},
        {COMPRESSION_ADOBE_DEFLATE, 48, WIDTH * HEIGHT - 4 * 48,
         "a.tif: tile 2 (columns 96 to 99, rows 0 to 47) cannot be decoded: "},
    };
    static const uint8_t damage[40] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t offset, bytes;
        struct tiff_recipe r = recipe_of(cases[i].compression, cases[i].tile, 16);
        if (!tiff_can(r.compression))
            continue;
        const char *path = make(&r);
        block_place(path, 2, &offset, &bytes);
        scratch_patch(path, (int64_t)offset, damage, sizeof damage);
        check_broken(path, cases[i].samples, cases[i].sentence);
    }
}

/* Tiles and strips of deflate in which block DAMAGED will be damaged. */
static const struct {
    int predictor, bits, tile;
    bool big_endian, reversed;
} deflated[] = {
    {1, 16, 0, false, false},  {1, 16, 48, false, false}, {2, 16, 0, false, false},
    {2, 16, 48, false, false}, {1, 8, 0, false, false},   {2, 8, 48, false, false},
    {1, 16, 48, true, false},  {2, 16, 0, true, false},   {2, 16, 48, false, true},
    {1, 8, 0, true, true},
};

enum { DAMAGED = 1, PLACES = 12 };

static double number_of_value(const struct tiff_recipe *r, int64_t x, int64_t y, int page,
                              int sample)
{
    (void)sample;
    return r->value(x, y, page);
}

static struct tiff_recipe deflated_recipe(size_t i)
{
    struct tiff_recipe r = recipe_of(COMPRESSION_ADOBE_DEFLATE, deflated[i].tile, 16);
    r.predictor = deflated[i].predictor;
    r.big_endian = deflated[i].big_endian;
    if (deflated[i].reversed) { /* the maker knows FillOrder of such recipes alone */
        r.bits = deflated[i].bits;
        r.photometric = PHOTOMETRIC_MINISBLACK;
        r.number = number_of_value;
        r.reversed = true;
    }
    if (deflated[i].bits == 8) {
        r.type = SAMPLE_U8;
        r.value = tiff_value_byte;
    }
    return r;
}

/* True when the damaged block, and no other sample, is missing; *summed when its sum told. */
static bool loses_one_block(const char *path, const struct tiff_recipe *r, bool *summed)
{
    struct checking_sink sink = {.stop_after = 0};
    struct fault fault = {.kind = FAULT_NONE};
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    int64_t lost = r->tile_width ? 48 * 48 : 16 * WIDTH;
    bool fine = !checking_read(&sink, source, all, r->value, &fault);
    fine &= !sink.wrong && !sink.again && sink.samples == WIDTH * HEIGHT - lost;
    fine &= strstr(fault.text, " 1 (") && strstr(fault.text, " cannot be decoded: ");
    *summed |= strstr(fault.text, "checksum is wrong") != NULL;
    checking_fini(&sink);
    source_close(source);
    return fine;
}

/* libtiff alone would give pixels that are none for most of these. */
static void damage_in_deflate_never_gives_wrong_samples(void)
{
    bool summed = false;
    for (size_t i = 0; i < COUNT(deflated) * (PLACES + 1) && zlib_available(); i++) {
        uint64_t offset, bytes;
        size_t place = i % (PLACES + 1);
        struct tiff_recipe r = deflated_recipe(i / (PLACES + 1));
        const char *path = make(&r);
        uint8_t *data = block_bytes(path, DAMAGED, &offset, &bytes);
        if (place)
            data[place * bytes / (PLACES + 1)] ^= (uint8_t)(1 << place % 8);
        else
            memset(data + bytes / 2, 0, bytes - bytes / 2);
        scratch_patch(path, (int64_t)offset, data, bytes);
        CU_ASSERT(loses_one_block(path, &r, &summed));
    }
    CU_ASSERT(summed || !zlib_available());
}

/* Gives a block other bytes, at the file's end. */
static void replace_block(const char *path, uint32_t block, const uint8_t *data, uint64_t bytes)
{
    int64_t end = scratch_size(path);
    scratch_patch(path, end, data, bytes);
    set_table(path, 0, block, (uint32_t)end);
    set_table(path, 1, block, (uint32_t)bytes);
}

/* Some writers count bytes behind the data, and some make the last strip as high as all others. */
static void deflate_with_more_than_needed_reads_right(void)
{
    for (size_t i = 0; i < 2 * COUNT(deflated); i++) {
        uint64_t offset, bytes;
        struct fault fault;
        struct tiff_recipe r = deflated_recipe(i / 2), higher;
        if (!r.tile_width)
            r.rows_per_strip = 60;
        higher = r;
        if (i & 1)
            higher.height = 120;
        uint8_t *data = block_bytes(make(&higher), DAMAGED, &offset, &bytes);
        memset(data + bytes, i & 2 ? 0x5a : 0, 7);
        const char *path = make(&r);
        replace_block(path, DAMAGED, data, bytes + (i & 1 ? 0 : 7));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_right(source, all, r.value));
        source_close(source);
    }
}

static bool is_whole(const uint8_t *raw, int64_t bytes)
{
    return zlib_is_whole(raw, bytes, 1 << 20);
}

/* Not one that ends too early, or with another. */
static void only_a_stream_that_ends_with_its_sum_is_whole(void)
{
    static const uint8_t empty[] = {0x78, 0x9c, 3, 0, 0, 0, 0, 1, 0xaa};
    static const uint8_t other[] = {0x78, 0x9c, 3, 0, 0, 0, 0, 2};
    CU_ASSERT(is_whole(empty, sizeof empty));
    CU_ASSERT(is_whole(empty, sizeof empty - 1));
    CU_ASSERT(is_whole(other, sizeof other) != zlib_available());
    for (int64_t bytes = 0; bytes < 8; bytes++)
        CU_ASSERT(is_whole(empty, bytes) != zlib_available());
    CU_ASSERT(zlib_ends_with(other, sizeof other, 2));
    CU_ASSERT_FALSE(zlib_ends_with(other, 3, 2));
    CU_ASSERT_FALSE(zlib_ends_with(other, sizeof other, 0x02000000));
    CU_ASSERT(!zlib_available() || zlib_sum(zlib_sum(0, NULL, 0), "abc", 3) == 0x024d0127);
}

/* The strip's size is halved in the file's table, so it runs out half way: the rows above are
 * given, and those of later strips. */
static void damage_within_a_strip_costs_the_rest_of_it(void)
{
    uint64_t offset, bytes;
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    struct tiff_recipe r = recipe_of(COMPRESSION_PACKBITS, 0, 48);
    const char *path = make(&r);
    block_place(path, 0, &offset, &bytes);
    set_table(path, 1, 0, (uint32_t)bytes / 2);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_FALSE(checking_read(&sink, source, all, tiff_value_wide, &fault));
        CU_ASSERT_PTR_NOT_NULL(
            strstr(fault.text, "a.tif: strip 0 (rows 0 to 47) cannot be decoded: "));
        CU_ASSERT(sink.samples > 60 * WIDTH && sink.samples < 80 * WIDTH && !sink.wrong);
        checking_fini(&sink);
    }
    CU_ASSERT(reads_right(source, (struct area){0, 0, WIDTH, 10}, tiff_value_wide));
    CU_ASSERT(reads_right(source, (struct area){0, 50, WIDTH, 40}, tiff_value_wide));
    source_close(source);
}

static int32_t flat_byte(int64_t x, int64_t y, int page)
{
    (void)page;
    return (int32_t)(x / 8 + y / 8) * 5;
}

/* libjpeg only warns, and makes up the rest of the samples. */
static void jpeg_data_that_ends_early_is_noticed(void)
{
    uint64_t offset, bytes;
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    for (int tile = 0; tile <= 64 && tiff_can(COMPRESSION_JPEG); tile += 64) {
        struct tiff_recipe r = recipe_of(COMPRESSION_JPEG, tile, 48);
        r.type = SAMPLE_U8;
        r.value = flat_byte;
        const char *path = make(&r);
        block_place(path, 1, &offset, &bytes);
        static const uint8_t end[2] = {0xff, 0xd9};
        scratch_patch(path, (int64_t)(offset + bytes / 2), end, 2);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_FALSE(checking_read(&sink, source, all, flat_byte, &fault));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "a.tif: "));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, " cannot be decoded: "));
        CU_ASSERT(sink.samples < WIDTH * HEIGHT && sink.samples >= 48 * 36);
        checking_fini(&sink);
        source_close(source);
    }
}

/* Not damage, but where only hand-made files have it. */
static void samples_at_odd_offsets_come_aligned(void)
{
    struct fault fault;
    struct tiff_recipe r = recipe_of(0, 0, 16);
    const char *path = make(&r);
    if (scratch_size(path) % 2 == 0)
        scratch_patch(path, scratch_size(path), "", 1);
    uint64_t offset, bytes;
    static uint8_t data[16 * WIDTH * 2];
    block_place(path, 2, &offset, &bytes);
    int fd = open(path, O_RDONLY);
    CU_ASSERT_EQUAL(pread(fd, data, sizeof data, (off_t)offset), (ssize_t)sizeof data);
    close(fd);
    int64_t end = scratch_size(path);
    set_table(path, 0, 2, (uint32_t)end);
    scratch_patch(path, end, data, sizeof data);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(reads_right(source, all, tiff_value_wide));
    source_close(source);
}

/* Blocks at byte 0 of no size, as writers leave what they have not written: no-data where the page
 * has one, else 0. */

static const struct {
    int tile, bits, format, samples, photometric;
    bool separate, with_nodata;
} sparse[] = {
    {0, 16, SAMPLEFORMAT_UINT, 1, PHOTOMETRIC_MINISBLACK, false, false},
    {16, 16, SAMPLEFORMAT_INT, 1, PHOTOMETRIC_MINISBLACK, false, false},
    {16, 8, SAMPLEFORMAT_UINT, 3, PHOTOMETRIC_RGB, false, false},
    {16, 8, SAMPLEFORMAT_UINT, 3, PHOTOMETRIC_RGB, true, false},
    {0, 12, SAMPLEFORMAT_UINT, 1, PHOTOMETRIC_MINISBLACK, false, true},
    {16, 32, SAMPLEFORMAT_IEEEFP, 1, PHOTOMETRIC_MINISBLACK, false, true},
    {0, 32, SAMPLEFORMAT_IEEEFP, 1, PHOTOMETRIC_MINISBLACK, false, false},
};

/* The second of two blocks is left out; of separate planes, the first one's. */
static double sparse_number(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *r = context;
    bool absent = y >= 16 && (!r->separate || channel == 0);
    double number = absent ? 0 : tiff_number_plain(r, x, y, 0, channel);
    return r->with_nodata && (absent || number == r->nodata) ? (double)NAN : number;
}

static void blocks_that_were_never_written_are_no_data(void)
{
    for (size_t i = 0; i < 3 * COUNT(sparse); i++) {
        static const int some[] = {0, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE};
        size_t c = i / 3;
        struct fault fault;
        struct tiff_recipe r = {.width = 16,
                                .height = 32,
                                .bits = sparse[c].bits,
                                .format = sparse[c].format,
                                .samples = sparse[c].samples,
                                .photometric = sparse[c].photometric,
                                .separate = sparse[c].separate,
                                .with_nodata = sparse[c].with_nodata,
                                .nodata = 7,
                                .tile_width = sparse[c].tile,
                                .tile_height = sparse[c].tile,
                                .rows_per_strip = 16,
                                .compression = some[i % 3]};
        const char *path = make(&r);
        set_table(path, 0, 1, 0);
        set_table(path, 1, 1, 0);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        bool right = reads_as(source, (struct area){0, 0, 16, 32}, sparse_number, &r, 0);
        right &= reads_as(source, (struct area){3, 10, 9, 15}, sparse_number, &r, 0);
        CU_ASSERT(right);
        if (!right)
            printf("  case %d, compression %d\n", (int)c, r.compression);
        source_close(source);
    }
}

/* Of a single block: to the file's end. Where it is not compressed a wrong one does no harm. */
static void a_size_that_is_missing_is_made_up(void)
{
    static const int some[] = {0, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS};
    for (size_t i = 0; i < 2 * COUNT(some); i++) {
        struct fault fault;
        struct tiff_recipe r = recipe_of(some[i / 2], i & 1 ? 112 : 0, 0);
        if (!tiff_can(r.compression))
            continue;
        const char *path = make(&r);
        set_table(path, 1, 0, i ? 0 : 10);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        bool right = reads_right(source, all, tiff_value_wide);
        CU_ASSERT(right);
        if (!right)
            printf("  compression %d, tiles %d\n", r.compression, r.tile_width);
        source_close(source);
    }
}

static int32_t bilevel_value(int64_t x, int64_t y, int page)
{
    return (int32_t)tiff_number_plain(&(struct tiff_recipe){.bits = 1}, x, y, page, 0);
}

/* Rows end early or late then, of which the fax codecs only warn. What follows may be right, but
 * not where it lies. */
static void damage_in_a_fax_costs_the_rest_of_it(void)
{
    static const int some[] = {COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4, COMPRESSION_CCITTRLE};
    for (size_t i = 0; i < 2 * COUNT(some); i++) {
        uint64_t offset, bytes;
        struct fault fault = {.kind = FAULT_NONE};
        struct checking_sink sink = {.stop_after = 0};
        struct tiff_recipe r = recipe_of(some[i / 2], 0, 0);
        static const uint8_t damage[2] = {0, 0x01};
        r.bits = 1;
        const char *path = make(&r);
        block_place(path, 0, &offset, &bytes);
        if (i & 1)
            set_table(path, 1, 0, (uint32_t)bytes / 2);
        else
            scratch_patch(path, (int64_t)(offset + bytes / 2), damage, 2);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_FALSE(checking_read(&sink, source, all, bilevel_value, &fault));
        CU_ASSERT_PTR_NOT_NULL(
            strstr(fault.text, "a.tif: strip 0 (rows 0 to 95) cannot be decoded: "));
        CU_ASSERT(!sink.wrong && sink.samples >= WIDTH * 44 && sink.samples <= WIDTH * 49);
        checking_fini(&sink);
        source_close(source);
    }
}

SUITE("source broken",
      {"a file that is cut gives what is left", a_file_that_is_cut_gives_what_is_left},
      {"a compressed tile that is cut is lost", a_compressed_tile_that_is_cut_is_lost},
      {"a compressed strip that is cut gives its first rows",
       a_compressed_strip_that_is_cut_gives_its_first_rows},
      {"a large strip that is cut gives its first rows",
       a_large_strip_that_is_cut_gives_its_first_rows},
      {"a strip whose size is too small is cut", a_strip_whose_size_is_too_small_is_cut},
      {"a file that is cut while it is open is noticed",
       a_file_that_is_cut_while_it_is_open_is_noticed},
      {"damage costs one block", damage_costs_one_block},
      {"damage in deflate never gives wrong samples", damage_in_deflate_never_gives_wrong_samples},
      {"deflate with more than needed reads right", deflate_with_more_than_needed_reads_right},
      {"only a stream that ends with its sum is whole",
       only_a_stream_that_ends_with_its_sum_is_whole},
      {"damage within a strip costs the rest of it", damage_within_a_strip_costs_the_rest_of_it},
      {"JPEG data that ends early is noticed", jpeg_data_that_ends_early_is_noticed},
      {"samples at odd offsets come aligned", samples_at_odd_offsets_come_aligned},
      {"blocks that were never written are no-data", blocks_that_were_never_written_are_no_data},
      {"a size that is missing is made up", a_size_that_is_missing_is_made_up},
      {"damage in a fax costs the rest of it", damage_in_a_fax_costs_the_rest_of_it})
