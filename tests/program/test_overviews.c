/* --build-overviews: what it writes, read back by libtiff sample by sample against means worked out
 * from what was written; and what it leaves where it cannot. Guards app/overviews.c,
 * app/fresh_file.c, tiles/makers.c, tiles/maker.c, source/tile_packer.c and source/copies_file.c.
 */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tiffio.h>
#include <unistd.h>

#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static double stored(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    if (recipe->bits)
        return (recipe->number ? recipe->number : tiff_number_plain)(recipe, x, y, page, sample);
    return recipe->value(x, y, page);
}

/* The mean that copy k must have, and no other; no-data where there is none. */
static double mean_of(const struct tiff_recipe *recipe, int k, int64_t cx, int64_t cy, int page,
                      int sample)
{
    double sum = 0;
    int64_t n = 0, right = (cx + 1) << k, bottom = (cy + 1) << k;
    bool small = recipe->bits && recipe->bits < 8;
    bool whole = recipe->format != SAMPLEFORMAT_IEEEFP && !small;
    for (int64_t y = cy << k; y < bottom && y < recipe->height; y++)
        for (int64_t x = cx << k; x < right && x < recipe->width; x++) {
            double value = stored(recipe, x, y, page, sample);
            bool absent = isnan(value) || (recipe->with_nodata && value == recipe->nodata);
            sum += absent ? 0 : value;
            n += !absent;
        }
    if (!n)
        return recipe->with_nodata ? recipe->nodata : (double)NAN;
    double mean = whole ? floor(sum / (double)n + 0.5) : sum / (double)n;
    if (recipe->with_nodata && mean == recipe->nodata)
        return whole ? mean - 1 : (double)nextafterf((float)mean, 0);
    return recipe->bits <= 32 && !whole ? (double)(float)mean : mean;
}

/* Sample i of a decoded row, bit by bit where it has to be. */
static double sample_at(const uint8_t *row, int64_t i, int bits, int format)
{
    uint64_t pattern = 0;
    float single;
    double twice;
    if (bits == 8 * (bits / 8) && bits != 24)
        memcpy(&pattern, row + i * bits / 8, (size_t)bits / 8); /* little end first */
    else
        for (int64_t at = i * bits; at < (i + 1) * bits; at++)
            pattern = pattern << 1 | (row[at / 8] >> (7 - at % 8) & 1);
    if (format == SAMPLEFORMAT_IEEEFP && bits == 32) {
        memcpy(&single, &pattern, sizeof single);
        return (double)single;
    }
    memcpy(&twice, &pattern, sizeof twice);
    if (format == SAMPLEFORMAT_IEEEFP)
        return twice;
    bool negative = format == SAMPLEFORMAT_INT && pattern >> (bits - 1) & 1;
    return negative ? (double)(int64_t)(pattern | ~UINT64_C(0) << (bits - 1)) : (double)pattern;
}

/* A directory of the .ovr that libtiff has open. */
struct copy {
    const struct tiff_recipe *recipe;
    int k, page;
    uint32_t width, height, across, down;
    uint16_t bits, format, samples;
};

static void copy_read(struct copy *copy, TIFF *tiff)
{
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &copy->width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &copy->height);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &copy->across);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &copy->down);
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &copy->bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &copy->format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &copy->samples);
    CU_ASSERT_EQUAL((int64_t)copy->width - 1, (copy->recipe->width - 1) >> copy->k);
    CU_ASSERT_EQUAL((int64_t)copy->height - 1, (copy->recipe->height - 1) >> copy->k);
}

static int64_t wrong_in_row(const struct copy *copy, const uint8_t *row, uint32_t x, uint32_t y)
{
    int64_t wrong = 0;
    for (uint32_t i = 0; i < copy->across * copy->samples; i++) {
        int64_t column = x + i / copy->samples;
        if (column >= copy->width)
            break;
        double is = sample_at(row, i, copy->bits, copy->format);
        double must =
            mean_of(copy->recipe, copy->k, column, y, copy->page, (int)(i % copy->samples));
        wrong += isnan(must) ? !isnan(is) : is != must;
    }
    return wrong;
}

/* Samples of the current directory that are not the means of copy k; a tile that cannot be read
 * counts as well. */
static int64_t wrong_samples(TIFF *tiff, const struct tiff_recipe *recipe, int k, int page)
{
    struct copy copy = {.recipe = recipe, .k = k, .page = page};
    int64_t wrong = 0;
    copy_read(&copy, tiff);
    uint8_t *tile = malloc((size_t)TIFFTileSize(tiff));
    for (uint32_t y = 0; y < copy.height; y += copy.down)
        for (uint32_t x = 0; x < copy.width; x += copy.across) {
            wrong += TIFFReadTile(tiff, tile, x, y, 0, 0) < 0;
            for (uint32_t row = 0; row < copy.down && y + row < copy.height; row++)
                wrong += wrong_in_row(&copy, tile + row * TIFFTileRowSize(tiff), x, y + row);
        }
    free(tile);
    return wrong;
}

/* The .ovr of a page: all copies that there must be, all means right. */
static void copies_are_right(const char *path, const struct tiff_recipe *recipe, int page)
{
    char name[600];
    int64_t side = recipe->width > recipe->height ? recipe->width : recipe->height;
    int k = 0;
    snprintf(name, sizeof name, "%s.ovr", path);
    TIFF *tiff = TIFFOpen(name, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    do {
        uint32_t kind = 0;
        uint16_t number = 0, of = 0;
        k++;
        TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
        CU_ASSERT_EQUAL(kind, FILETYPE_REDUCEDIMAGE);
        CU_ASSERT_EQUAL(TIFFGetField(tiff, TIFFTAG_PAGENUMBER, &number, &of), page > 0);
        CU_ASSERT_EQUAL(number, page);
        int64_t wrong = wrong_samples(tiff, recipe, k, page);
        CU_ASSERT_EQUAL(wrong, 0);
        if (wrong)
            printf("  %s: copy %d: %lld samples are wrong\n", name, k, (long long)wrong);
    } while (TIFFReadDirectory(tiff));
    CU_ASSERT(((side - 1) >> k) + 1 <= 256 && ((side - 1) >> (k - 1)) + 1 > 256);
    TIFFClose(tiff);
}

/* How many copies the program itself finds for a page. */
static int copies_found(const char *path, int page)
{
    static struct run run;
    char number[16];
    int found = -1;
    snprintf(number, sizeof number, "%d", page + 1);
    RUN(&run, program(), "--info", "--page", number, path);
    const char *line = strstr(run.out, "\n  overviews ");
    CU_ASSERT_EQUAL(run.status, 0);
    return line && sscanf(line, " overviews %d", &found) == 1 ? found : -1;
}

static int copies_needed(const struct tiff_recipe *recipe)
{
    int count = 0;
    while ((recipe->width - 1) >> count >= 256 || (recipe->height - 1) >> count >= 256)
        count++;
    return count;
}

/* Draws a quarter of the page's size. */
static void draw(const char *path, const char *out)
{
    static struct run run;
    RUN(&run, program(), "--force", "--zoom", "0.25", "--render", scratch_path(out), path);
    CU_ASSERT_EQUAL(run.status, 0);
}

static bool same_files(const char *a, const char *b)
{
    FILE *files[2] = {fopen(scratch_path(a), "rb"), fopen(scratch_path(b), "rb")};
    int of_a = EOF, of_b = EOF;
    bool there = files[0] && files[1];
    do {
        of_a = there ? getc(files[0]) : EOF;
        of_b = there ? getc(files[1]) : EOF;
    } while (of_a == of_b && of_a != EOF);
    for (int i = 0; i < 2; i++)
        if (files[i])
            fclose(files[i]);
    return there && of_a == of_b;
}

/* Squares of no-data, and some whose means would be the no-data value. */
static double some_nodata(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                          int sample)
{
    if (x / 64 % 3 == 1 && y / 32 % 2)
        return recipe->nodata;
    if (x / 64 % 3 == 2 && y / 32 % 3)
        return recipe->nodata + (double)((x + y) % 2 * 2 - 1);
    return tiff_number_plain(recipe, x, y, page, sample);
}

static double some_nan(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    double number = tiff_number_plain(recipe, x, y, page, sample);
    return (x * 7 + y * 13) % 50 == 0 ? (double)INFINITY * 0 : number;
}

static const struct tiff_recipe kinds[] = {
    {.width = 1301,
     .height = 903,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_ADOBE_DEFLATE,
     .predictor = 2,
     .tile_width = 240,
     .tile_height = 112,
     .value = tiff_value_wide},
    {.width = 700,
     .height = 2100,
     .type = SAMPLE_U8,
     .min_is_white = true,
     .rows_per_strip = 3,
     .value = tiff_value_byte},
    {.width = 900,
     .height = 1100,
     .type = SAMPLE_I16,
     .compression = COMPRESSION_LZW,
     .rows_per_strip = 7,
     .big_endian = true,
     .value = tiff_value_signed},
    {.width = 4097,
     .height = 333,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_ADOBE_DEFLATE,
     .big_tiff = true,
     .value = tiff_value_wide},
    {.width = 520,
     .height = 300,
     .type = SAMPLE_I8,
     .tile_width = 64,
     .tile_height = 64,
     .value = tiff_value_signed_byte},
    {.width = 600,
     .height = 700,
     .bits = 12,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .compression = COMPRESSION_LZW,
     .rows_per_strip = 16},
    {.width = 600,
     .height = 700,
     .bits = 16,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .with_nodata = true,
     .nodata = 77,
     .number = some_nodata,
     .rows_per_strip = 10},
    {.width = 530,
     .height = 290,
     .bits = 32,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .format = SAMPLEFORMAT_INT,
     .rows_per_strip = 10},
    {.width = 800,
     .height = 610,
     .bits = 32,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .format = SAMPLEFORMAT_IEEEFP,
     .tile_width = 128,
     .tile_height = 128,
     .compression = COMPRESSION_ADOBE_DEFLATE,
     .with_nodata = true,
     .nodata = -9999,
     .number = some_nodata},
    {.width = 515,
     .height = 600,
     .bits = 64,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .format = SAMPLEFORMAT_IEEEFP,
     .rows_per_strip = 40,
     .compression = COMPRESSION_LZW,
     .number = some_nan},
    {.width = 1203,
     .height = 777,
     .bits = 1,
     .photometric = PHOTOMETRIC_MINISWHITE,
     .compression = COMPRESSION_CCITTFAX4,
     .rows_per_strip = 100},
    {.width = 700,
     .height = 601,
     .bits = 4,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .compression = COMPRESSION_LZW,
     .with_nodata = true,
     .nodata = 7,
     .number = some_nodata,
     .tile_width = 64,
     .tile_height = 64},
    {.width = 1000,
     .height = 777,
     .bits = 8,
     .photometric = PHOTOMETRIC_RGB,
     .samples = 3,
     .tile_width = 96,
     .tile_height = 96,
     .compression = COMPRESSION_ADOBE_DEFLATE},
    {.width = 590,
     .height = 430,
     .bits = 16,
     .photometric = PHOTOMETRIC_RGB,
     .samples = 3,
     .separate = true,
     .rows_per_strip = 20,
     .compression = COMPRESSION_LZW},
    {.width = 590,
     .height = 430,
     .bits = 32,
     .photometric = PHOTOMETRIC_RGB,
     .samples = 3,
     .format = SAMPLEFORMAT_IEEEFP,
     .rows_per_strip = 20},
    {.width = 810,
     .height = 477,
     .bits = 8,
     .photometric = PHOTOMETRIC_SEPARATED,
     .samples = 4,
     .tile_width = 96,
     .tile_height = 96,
     .compression = COMPRESSION_ADOBE_DEFLATE},
    {.width = 590,
     .height = 430,
     .bits = 16,
     .photometric = PHOTOMETRIC_SEPARATED,
     .samples = 4,
     .separate = true,
     .rows_per_strip = 20,
     .compression = COMPRESSION_LZW},
};

static void every_kind_gets_its_means(void)
{
    static struct run run;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *path = scratch_path("kind.tif");
        if (!tiff_make(path, &kinds[i]))
            continue;
        unlink(scratch_path("kind.tif.ovr"));
        draw(path, "without.ppm");
        if (i % 2)
            scratch_file("kind.tif.ovr", "old", 3);
        RUN(&run, program(), "--build-overviews", path);
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "kind.tif.ovr: "));
        CU_ASSERT_EQUAL(strstr(run.out, "in the place of") != NULL, i % 2);
        if (run.status)
            printf("  kind %zu: %s", i, run.err);
        copies_are_right(path, &kinds[i], 0);
        CU_ASSERT_EQUAL(copies_found(path, 0), copies_needed(&kinds[i]));
        draw(path, "with.ppm");
        bool inks = kinds[i].photometric == PHOTOMETRIC_SEPARATED; /* whose colours are products */
        CU_ASSERT(inks || same_files("with.ppm", "without.ppm"));
    }
}

/* What is drawn comes from the copies: the page's own blocks are no more. */
static void pictures_come_from_the_copies(void)
{
    static struct run run;
    const struct tiff_recipe recipe = {.width = 1500,
                                       .height = 1300,
                                       .type = SAMPLE_U16,
                                       .compression = COMPRESSION_ADOBE_DEFLATE,
                                       .tile_width = 1504,
                                       .tile_height = 1312,
                                       .description = "ImageJ=1.53\nmin=0\nmax=4095\n",
                                       .value = tiff_value_plain};
    const char *path = scratch_path("gone.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    draw(path, "before.pgm");
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 0);
    scratch_patch(path, scratch_size(path) / 2, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    draw(path, "after.pgm");
    CU_ASSERT(same_files("before.pgm", "after.pgm"));
}

static void pages_are_told_apart(void)
{
    static struct run run;
    const struct tiff_recipe recipe = {.width = 700,
                                       .height = 600,
                                       .type = SAMPLE_U16,
                                       .rows_per_strip = 50,
                                       .pages = 3,
                                       .value = tiff_value_plain};
    const char *path = scratch_path("pages.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, program(), "--build-overviews", "--page", "3", path);
    CU_ASSERT_EQUAL(run.status, 0);
    copies_are_right(path, &recipe, 2);
    CU_ASSERT_EQUAL(copies_found(path, 2), 2);
    CU_ASSERT(copies_found(path, 0) <= 0);
}

static void what_needs_none_gets_none(void)
{
    static struct run run;
    const struct tiff_recipe recipe = {
        .width = 256, .height = 200, .type = SAMPLE_U16, .value = tiff_value_plain};
    const char *path = scratch_path("small.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "small.tif: needs no overviews: it is small\n"));
    CU_ASSERT_EQUAL(scratch_beside("small.tif"), 0);
}

/* A page with its only copy behind it. */
static void what_has_them_gets_none(void)
{
    static struct run run;
    static const uint16_t row[512];
    const char *path = scratch_path("has.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    for (uint32_t side = 512; side >= 256; side /= 2) {
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, side < 512 ? FILETYPE_REDUCEDIMAGE : 0);
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, side);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, side);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 64);
        for (uint32_t y = 0; y < side; y++)
            TIFFWriteScanline(tiff, (void *)(uintptr_t)row, y, 0);
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "has.tif: needs no overviews: it has them in it"));
    CU_ASSERT_EQUAL(scratch_beside("has.tif"), 0);
}

/* Copies of an image are seen by those who may see it, and the umask's word stands. */
static void copies_are_as_private_as_the_file(void)
{
    static struct run run;
    static const struct {
        mode_t mode, mask, must;
    } cases[] = {
        {0600, 022, 0600}, {0640, 022, 0640}, {0444, 022, 0444},
        {0666, 022, 0644}, {0755, 0, 0644},   {0664, 077, 0600},
    };
    const struct tiff_recipe recipe = {
        .width = 600, .height = 200, .type = SAMPLE_U16, .value = tiff_value_plain};
    const char *path = scratch_path("private.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stat status = {.st_mode = 0};
        CU_ASSERT_EQUAL(chmod(path, cases[i].mode), 0);
        mode_t before = umask(cases[i].mask);
        RUN(&run, program(), "--build-overviews", path);
        umask(before);
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_EQUAL(stat(scratch_path("private.tif.ovr"), &status), 0);
        CU_ASSERT_EQUAL(status.st_mode & 07777, cases[i].must);
    }
    CU_ASSERT_EQUAL(scratch_beside("private.tif"), 1);
}

static void what_cannot_be_done_leaves_nothing(void)
{
    static struct run run;
    struct tiff_recipe recipe = {.width = 2000,
                                 .height = 1500,
                                 .type = SAMPLE_U16,
                                 .compression = COMPRESSION_ADOBE_DEFLATE,
                                 .tile_width = 256,
                                 .tile_height = 256,
                                 .value = tiff_value_wide};
    const char *path = scratch_path("bad.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    scratch_patch(path, scratch_size(path) / 2, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/bad.tif: tile ")); /* the path, and no name again */
    CU_ASSERT_EQUAL(scratch_beside("bad.tif"), 0);

    recipe.compression = 0;
    recipe.bits = 8;
    recipe.samples = 3;
    recipe.photometric = PHOTOMETRIC_CIELAB;
    path = scratch_path("few.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, program(), "--build-overviews", path, scratch_path("missing.tif"),
        scratch_file("junk.tif", "no image at all", 15));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "few.tif: no overviews are made of CIELab pages"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "missing.tif: cannot be opened: No such file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/junk.tif: not a TIFF file"));
    CU_ASSERT_EQUAL(scratch_beside("few.tif"), 0);
    CU_ASSERT_EQUAL(scratch_beside("missing.tif"), 0);
}

/* No room for FILE.ovr: that is the file to be named. */
static void a_full_disk_is_told(void)
{
    static struct run run;
    char script[1300];
    const struct tiff_recipe recipe = {
        .width = 900, .height = 900, .type = SAMPLE_U16, .value = tiff_value_wide};
    const char *path = scratch_path("full.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    snprintf(script, sizeof script,
             "trap '' XFSZ; ulimit -f 16; exec '%s' --build-overviews '%s' 2>&1 | cat", program(),
             path);
    RUN(&run, "sh", "-c", script);
    snprintf(script, sizeof script, "xlightbox: %s.ovr: cannot be written: File too large\n", path);
    CU_ASSERT_STRING_EQUAL(run.out, script);
    CU_ASSERT_EQUAL(scratch_beside("full.tif"), 0);
}

/* Where FILE.ovr cannot be put: a folder stands there (nobody may write there, even root). */
static void a_place_that_is_taken_is_told(void)
{
    static struct run run;
    const struct tiff_recipe recipe = {
        .width = 600, .height = 200, .type = SAMPLE_U16, .value = tiff_value_plain};
    const char *path = scratch_path("taken.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    CU_ASSERT_EQUAL(mkdir(scratch_path("taken.tif.ovr"), 0755), 0);
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "taken.tif: no overviews can be written: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "taken.tif.ovr: is a directory"));
    CU_ASSERT_EQUAL(scratch_beside("taken.tif"), 1);
    rmdir(scratch_path("taken.tif.ovr"));
}

/* Whether files can be without a name in the scratch folder. */
static bool nameless_files(void)
{
    int fd = open(scratch(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Interrupted once it has begun to write: what was there before stays, and nothing else; where
 * files can be without a name, even when it is killed. */
static void an_interruption_leaves_nothing(void)
{
    const struct tiff_recipe recipe = {.width = 12000,
                                       .height = 9000,
                                       .type = SAMPLE_U16,
                                       .rows_per_strip = 30,
                                       .value = tiff_value_wide};
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL};
    int count = nameless_files() ? 4 : 3;
    const char *path = scratch_path("long.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    scratch_file("long.tif.ovr", "before", 6);
    for (int i = 0; i < count; i++) {
        int ends[2], status;
        char word;
        CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0) {
            dup2(ends[1], STDERR_FILENO);
            close(ends[0]);
            close(ends[1]);
            execlp(program(), program(), "--build-overviews", path, (char *)NULL);
            _exit(127);
        }
        close(ends[1]);
        CU_ASSERT_EQUAL(read(ends[0], &word, 1), 1); /* "... 10 %" */
        kill(pid, signals[i]);
        waitpid(pid, &status, 0);
        close(ends[0]);
        CU_ASSERT(WIFEXITED(status) ? WEXITSTATUS(status) == 1 : signals[i] == SIGKILL);
        CU_ASSERT_EQUAL(scratch_beside("long.tif"), 1);
        CU_ASSERT_EQUAL(scratch_size(scratch_path("long.tif.ovr")), 6);
    }
}

SUITE("overviews", {"every kind gets its means", every_kind_gets_its_means},
      {"pictures come from the copies", pictures_come_from_the_copies},
      {"pages are told apart", pages_are_told_apart},
      {"what needs none gets none", what_needs_none_gets_none},
      {"what has them gets none", what_has_them_gets_none},
      {"copies are as private as the file", copies_are_as_private_as_the_file},
      {"a full disk is told", a_full_disk_is_told},
      {"what cannot be done leaves nothing", what_cannot_be_done_leaves_nothing},
      {"a place that is taken is told", a_place_that_is_taken_is_told},
      {"an interruption leaves nothing", an_interruption_leaves_nothing})
