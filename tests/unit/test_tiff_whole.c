/* Checksums of strips of deflate that are decoded row by row: guards what source/tiff_decode.c and
 * source/tiff_whole.c do about them. Those of other blocks are the affair of test_source_broken.c.
 */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/spill.h"
#include "source/tiff.h"
#include "source/zlib_check.h"
#include "support/source_reader.h"
#include "support/tiff_old.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

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

static double number_of(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *recipe = context;
    return recipe->bits ? tiff_number_plain(recipe, x, y, 0, channel) : tiff_value_plain(x, y, 0);
}

/* Changes the last byte of the only strip, or tells of `more` bytes behind it. */
static void change_strip_end(const char *path, int more)
{
    uint8_t byte;
    TIFF *tiff = TIFFOpen(path, "r+");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    uint64_t *offsets, *sizes;
    TIFFGetField(tiff, TIFFTAG_STRIPOFFSETS, &offsets);
    TIFFGetField(tiff, TIFFTAG_STRIPBYTECOUNTS, &sizes);
    off_t end = (off_t)(offsets[0] + sizes[0]);
    if (more) {
        uint64_t told = sizes[0] + (uint64_t)more;
        TIFFSetField(tiff, TIFFTAG_STRIPBYTECOUNTS, &told);
        sizes[0] = told;
        TIFFRewriteDirectory(tiff);
    }
    TIFFClose(tiff);
    int fd = open(path, O_RDWR);
    CU_ASSERT_EQUAL(pread(fd, &byte, 1, end - 1), 1);
    byte ^= more ? 0 : 1;
    CU_ASSERT_EQUAL(pwrite(fd, &byte, 1, end - 1), 1);
    close(fd);
}

static void wrong_checksums_are_told_of(void)
{
    static const struct {
        int64_t height;
        int predictor;
        bool big_endian;
    } rows[] = {{300, 2, false}, {300, 1, true}, {2200, 2, true}};
    struct fault fault;
    const char *path = scratch_path("large.tif");
    start(INT64_C(1) << 30);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tiff_recipe recipe = {.width = 1000,
                                     .height = rows[i].height,
                                     .type = SAMPLE_U16,
                                     .compression = COMPRESSION_ADOBE_DEFLATE,
                                     .predictor = rows[i].predictor,
                                     .big_endian = rows[i].big_endian};
        struct area all = {0, 0, 1000, rows[i].height};
        bool large = rows[i].height > 2000;
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
        struct source *source = source_from(path, &fault);
        CU_ASSERT(reads_right(source, all, tiff_value_plain));
        source_close(source);
        change_strip_end(path, 3);
        source = source_from(path, &fault);
        CU_ASSERT(reads_right(source, all, tiff_value_plain));
        source_close(source);
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
        change_strip_end(path, 0);
        source = source_from(path, &fault);
        struct checking_sink sink = {.stop_after = 0};
        CU_ASSERT_FALSE(checking_read(&sink, source, all, tiff_value_plain, &fault));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "cannot be decoded: its checksum is wrong"));
        CU_ASSERT_EQUAL(sink.samples, 1000 * (rows[i].height - 1));
        checking_fini(&sink);
        /* What is kept is not trusted either. */
        sink.stop_after = 0;
        bool fine =
            checking_read(&sink, source, (struct area){0, 0, 9, 9}, tiff_value_plain, &fault);
        CU_ASSERT_EQUAL(fine, !large);
        checking_fini(&sink);
        source_close(source);
    }
    finish();
}

/* Takes the last row from a file of one strip, or one for each plane, whose streams go on with it;
 * with `damage` the last one's checksum is wrong besides. Gives that checksum's bytes. */
static void shorten(const char *path, int64_t height, bool damage, uint8_t sum[4])
{
    TIFF *tiff = TIFFOpen(path, "r+");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    uint64_t *offsets, *sizes;
    uint32_t last = TIFFNumberOfStrips(tiff) - 1;
    TIFFGetField(tiff, TIFFTAG_STRIPOFFSETS, &offsets);
    TIFFGetField(tiff, TIFFTAG_STRIPBYTECOUNTS, &sizes);
    off_t end = (off_t)(offsets[last] + sizes[last]);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)height);
    TIFFRewriteDirectory(tiff);
    TIFFClose(tiff);
    int fd = open(path, O_RDWR);
    CU_ASSERT_EQUAL(pread(fd, sum, 4, end - 4), 4);
    sum[3] ^= damage;
    CU_ASSERT_EQUAL(pwrite(fd, sum, 4, end - 4), 4);
    close(fd);
}

static const struct tiff_recipe streams[] = {
    {.height = 301, .type = SAMPLE_U16},
    {.height = 301, .type = SAMPLE_U16, .predictor = 2, .big_endian = true},
    {.height = 2201, .type = SAMPLE_U16, .predictor = 2},
    {.height = 1201, .bits = 8, .predictor = 2},
    {.height = 301, .bits = 16, .reversed = true, .predictor = 2},
    {.height = 401, .bits = 12, .big_endian = true},
    {.height = 301, .bits = 32, .predictor = 2, .big_endian = true},
    {.height = 301, .bits = 32, .format = SAMPLEFORMAT_IEEEFP, .predictor = 3},
    {.height = 301, .bits = 32, .format = SAMPLEFORMAT_IEEEFP, .predictor = 3, .big_endian = true},
    {.height = 301, .bits = 64, .format = SAMPLEFORMAT_IEEEFP, .predictor = 3},
    {.height = 301, .bits = 64, .format = SAMPLEFORMAT_IEEEFP, .big_endian = true},
    {.height = 201, .bits = 16, .samples = 3, .predictor = 2, .big_endian = true},
    {.height = 401, .bits = 16, .samples = 3, .separate = true, .predictor = 2},
};

/* libtiff swaps the bytes of a big-endian file's floats before its predictor sees them, and does
 * not swap them back. */
static double streamed_number(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *recipe = context;
    float number = (float)number_of(context, x, y, channel);
    uint32_t code;
    if (recipe->predictor != 3 || !recipe->big_endian)
        return number_of(context, x, y, channel);
    memcpy(&code, &number, sizeof code);
    TIFFSwabLong(&code);
    memcpy(&number, &code, sizeof number);
    return number;
}

/* Of the strip's last line, as the stream's end tells it. */
static bool sums_agree(const struct source *source, const uint8_t sum[4])
{
    const struct tiff_source *tiff = (const struct tiff_source *)(const void *)source;
    return zlib_ends_with(sum, 4, tiff->sums[tiff_form_lines(&tiff->layout.form) - 1]);
}

static struct source *open_stream(const struct tiff_recipe *recipe, bool shorter, bool damage,
                                  uint8_t sum[4])
{
    struct fault fault;
    const char *path = scratch_path("large.tif");
    CU_ASSERT_FATAL(tiff_make(path, recipe));
    shorten(path, recipe->height - shorter, damage, sum);
    if (recipe->reversed)
        TIFFReverseBits(sum, 4);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    return source;
}

/* libtiff stops where the strip is full: zlib never comes to the checksum. */
static void streams_that_go_on_are_told_of(void)
{
    start(INT64_C(1) << 30);
    for (size_t i = 0; i < COUNT(streams) && zlib_available(); i++) {
        struct tiff_recipe recipe = streams[i];
        struct fault fault = {.text = ""};
        struct checking_sink sink = {.stop_after = 0};
        uint8_t sum[4];
        recipe.width = 1000;
        recipe.compression = COMPRESSION_ADOBE_DEFLATE;
        if (recipe.bits)
            recipe.photometric = recipe.samples ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
        struct area all = {0, 0, 1000, recipe.height};
        struct source *source = open_stream(&recipe, false, false, sum);
        bool fine = reads_as(source, all, streamed_number, &recipe, 0) && sums_agree(source, sum);
        source_close(source);
        all.height--;
        source = open_stream(&recipe, true, false, sum); /* it ends as it should, only later */
        fine &= reads_as(source, all, streamed_number, &recipe, 0) && !sums_agree(source, sum);
        source_close(source);
        source = open_stream(&recipe, true, true, sum);
        fine &= !checking_read(&sink, source, all, tiff_value_plain, &fault) &&
                sink.samples == 1000 * (all.height - 1) &&
                strstr(fault.text, "cannot be decoded: its checksum is wrong");
        CU_ASSERT(fine);
        if (!fine)
            printf("  stream %zu: \"%s\", %lld\n", i, fault.text, (long long)sink.samples);
        checking_fini(&sink);
        source_close(source);
    }
    finish();
}

SUITE("source/tiff_whole", {"wrong checksums are told of", wrong_checksums_are_told_of},
      {"streams that go on are told of", streams_that_go_on_are_told_of})
