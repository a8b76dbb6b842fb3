/* --build-overviews of pages with alpha and of palettes: what it writes, read back by libtiff
 * sample by sample against means worked out from what was written, and pictures with and without.
 * Guards app/overviews.c, source/weighted.c, source/nearest.c, source/tile_packer.c,
 * source/copies_file.c and source/tiff_overviews.c.
 */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { WIDTH = 601, HEIGHT = 437, COPIES = 2 };

static const struct tiff_recipe *recipe; /* of the file under test */

static int alpha_sample(void)
{
    return recipe->extra[0] ? recipe->samples - 1 : -1;
}

static bool is_whole(void)
{
    return recipe->format != SAMPLEFORMAT_IEEEFP;
}

/* Alpha is nothing, full, and all between, by columns and rows. */
static double veiled(const struct tiff_recipe *of, int64_t x, int64_t y, int page, int sample)
{
    double most = of->format == SAMPLEFORMAT_IEEEFP ? 1 : ldexp(1, of->bits) - 1;
    bool associated = of->extra[0] == EXTRASAMPLE_ASSOCALPHA + 1;
    double share = x / 50 % 3 == 0 ? 0 : x / 50 % 3 == 1 ? 1 : (double)((x * 7 + y * 3) % 17) / 16;
    double alpha =
        y / 40 % 4 == 3 ? (double)(x % 2 && y % 2) / most : share; /* 1 of 4, and little */
    alpha = most > 1 ? floor(alpha * most + 0.5) : alpha;
    if (sample == of->samples - 1)
        return alpha;
    double colour = most > 1 ? tiff_number_plain(of, x, y, page, sample)
                             : (double)((x * 3 + y * 5 + sample * 7) % 64) / 64;
    return associated ? fmin(colour, alpha) : colour;
}

static double stored(int64_t x, int64_t y, int sample)
{
    return (recipe->number ? recipe->number : tiff_number_plain)(recipe, x, y, 0, sample);
}

/* The level of 8 bits that an index stands for. */
static double level(double index, int channel)
{
    return floor(tiff_palette_level((int)index, channel) / 257.0 + 0.5);
}

/* Sums over the samples that copy k has a mean of. */
struct sums {
    double value, weighted, alpha;
    int64_t seen, all;
};

static struct sums sums_of(int k, int64_t cx, int64_t cy, int sample)
{
    struct sums sums = {0};
    for (int64_t y = cy << k; y < (cy + 1) << k && y < HEIGHT; y++)
        for (int64_t x = cx << k; x < (cx + 1) << k && x < WIDTH; x++) {
            double alpha = alpha_sample() < 0 ? 1 : stored(x, y, alpha_sample());
            double value = recipe->photometric == PHOTOMETRIC_PALETTE
                               ? level(stored(x, y, 0), sample)
                               : stored(x, y, sample);
            bool counts = alpha != 0 || recipe->photometric == PHOTOMETRIC_RGB;
            sums.value += counts ? value : 0;
            sums.seen += counts;
            sums.weighted += value * alpha;
            sums.alpha += alpha;
            sums.all++;
        }
    return sums;
}

static double finished(double mean)
{
    return is_whole() ? floor(mean + 0.5) : (double)(float)mean;
}

static double mean_of(int k, int64_t x, int64_t y, int sample)
{
    struct sums sums = sums_of(k, x, y, sample);
    bool gray = recipe->photometric == PHOTOMETRIC_MINISBLACK;
    if (sample == alpha_sample()) {
        double alpha = finished(sums.alpha / (double)sums.all);
        return gray && is_whole() && sums.alpha > 0 && alpha < 1 ? 1 : alpha;
    }
    if (recipe->extra[0] == EXTRASAMPLE_UNASSALPHA + 1 && !gray)
        return sums.alpha > 0 ? finished(sums.weighted / sums.alpha) : 0;
    if (!sums.seen)
        return is_whole() ? 0 : (double)NAN;
    return finished(sums.value / (double)sums.seen);
}

static double index_of(int k, int64_t x, int64_t y)
{
    double mean[3], best = INFINITY, found = -1;
    for (int c = 0; c < 3; c++)
        mean[c] = mean_of(k, x, y, c);
    for (int i = 0; i < 1 << recipe->bits; i++) {
        double distance = 0;
        for (int c = 0; c < 3; c++)
            distance += (level(i, c) - mean[c]) * (level(i, c) - mean[c]);
        found = distance < best ? i : found;
        best = fmin(best, distance);
    }
    return found;
}

static double sample_at(const uint8_t *row, int64_t i, int bits)
{
    uint16_t word;
    float single;
    if (bits < 8)
        return row[i * bits / 8] >> (8 - bits - i * bits % 8) & ((1 << bits) - 1);
    memcpy(&word, row + i * bits / 8, bits == 16 ? 2 : 1);
    memcpy(&single, row + i * bits / 8, bits == 32 ? 4 : 1);
    return bits == 8 ? row[i] : bits == 16 ? word : (double)single;
}

struct sizes {
    uint32_t width, height, across, down; /* of the image, and of a tile */
};

static struct sizes sizes_of(TIFF *tiff)
{
    struct sizes sizes = {0};
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &sizes.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &sizes.height);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &sizes.across);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &sizes.down);
    return sizes;
}

static int64_t wrong_in_tile(TIFF *tiff, int k, uint32_t x0, uint32_t y0, bool indices)
{
    const struct sizes sizes = sizes_of(tiff);
    uint16_t bits = 0, samples = 0;
    int64_t wrong = 0;
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    uint8_t *tile = calloc(1, (size_t)TIFFTileSize(tiff) + 8);
    wrong += TIFFReadTile(tiff, tile, x0, y0, 0, 0) < 0;
    for (uint32_t y = y0; y < y0 + sizes.down && y < sizes.height; y++)
        for (uint32_t x = x0; x < x0 + sizes.across && x < sizes.width; x++)
            for (int s = 0; s < samples; s++) {
                const uint8_t *row = tile + (y - y0) * TIFFTileRowSize(tiff);
                double is = sample_at(row, (int64_t)(x - x0) * samples + s, bits);
                double must = indices ? index_of(k, x, y) : mean_of(k, x, y, s);
                wrong += isnan(must) ? !isnan(is) : is != must;
            }
    free(tile);
    return wrong;
}

static void copy_is_right(TIFF *tiff, int k, bool indices)
{
    const struct sizes sizes = sizes_of(tiff);
    uint16_t photometric = 0, extras = 0, *extra = NULL, *map[3] = {NULL, NULL, NULL};
    int64_t wrong = 0;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &extra);
    CU_ASSERT_EQUAL(sizes.width, ((WIDTH - 1) >> k) + 1);
    CU_ASSERT_EQUAL(sizes.height, ((HEIGHT - 1) >> k) + 1);
    CU_ASSERT_EQUAL(photometric, recipe->photometric == PHOTOMETRIC_PALETTE && !indices
                                     ? PHOTOMETRIC_RGB
                                     : recipe->photometric);
    CU_ASSERT_EQUAL(extras, recipe->extra[0] != 0);
    CU_ASSERT(!extras || extra[0] == recipe->extra[0] - 1);
    if (indices) {
        CU_ASSERT_FATAL(TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]));
        for (int i = 0; i < 1 << recipe->bits; i++)
            for (int c = 0; c < 3; c++)
                wrong += map[c][i] != tiff_palette_level(i, c);
    }
    for (uint32_t y = 0; y < sizes.height; y += sizes.down)
        for (uint32_t x = 0; x < sizes.width; x += sizes.across)
            wrong += wrong_in_tile(tiff, k, x, y, indices);
    CU_ASSERT_EQUAL(wrong, 0);
    if (wrong)
        printf("  copy %d of %d bits, photometric %d, alpha %d: %lld samples are wrong\n", k,
               recipe->bits, photometric, recipe->extra[0] - 1, (long long)wrong);
}

static void copies_are_right(const char *ovr)
{
    bool palette = recipe->photometric == PHOTOMETRIC_PALETTE;
    TIFF *tiff = TIFFOpen(ovr, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    for (int form = 0; form <= palette; form++)
        for (int k = 1; k <= COPIES; k++) {
            copy_is_right(tiff, k, palette && form == 0);
            CU_ASSERT_EQUAL(TIFFReadDirectory(tiff), k < COPIES || form < palette);
        }
    TIFFClose(tiff);
}

static void draw(const char *path, struct pnm *picture)
{
    static struct run run;
    RUN(&run, program(), "--force", "--zoom", "0.25", "--render", scratch_path("out.ppm"), path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(picture, scratch_path("out.ppm")));
}

/* The largest difference of two pictures' levels. */
static int difference(const struct pnm *a, const struct pnm *b)
{
    int most = a->width == b->width && a->height == b->height ? 0 : 256;
    for (int i = 0; i < a->width * a->height * a->channels && most < 256; i++) {
        int away = abs(a->samples[i] - b->samples[i]);
        most = away > most ? away : most;
    }
    return most;
}

#define RECIPE(...)                                                                             \
    {                                                                                           \
        .width = WIDTH, .height = HEIGHT, .compression = COMPRESSION_ADOBE_DEFLATE, __VA_ARGS__ \
    }
#define UNASSOCIATED               \
    {                              \
        EXTRASAMPLE_UNASSALPHA + 1 \
    }
#define ASSOCIATED                 \
    {                              \
        EXTRASAMPLE_ASSOCALPHA + 1 \
    }
#define RGBA .photometric = PHOTOMETRIC_RGB, .samples = 4, .number = veiled
#define GRAY .photometric = PHOTOMETRIC_MINISBLACK, .samples = 2, .number = veiled
#define FLOATS .bits = 32, .format = SAMPLEFORMAT_IEEEFP

static const struct tiff_recipe kinds[] = {
    RECIPE(RGBA, .bits = 8, .extra = UNASSOCIATED, .tile_width = 96, .tile_height = 64),
    RECIPE(RGBA, .bits = 8, .extra = ASSOCIATED, .rows_per_strip = 7),
    RECIPE(RGBA, .bits = 16, .extra = UNASSOCIATED, .rows_per_strip = 20, .separate = true),
    RECIPE(RGBA, .bits = 16, .extra = ASSOCIATED, .tile_width = 96, .tile_height = 64),
    RECIPE(RGBA, FLOATS, .extra = UNASSOCIATED, .rows_per_strip = 30),
    RECIPE(RGBA, FLOATS, .extra = ASSOCIATED, .rows_per_strip = 30),
    RECIPE(GRAY, .bits = 8, .extra = UNASSOCIATED, .rows_per_strip = 9),
    RECIPE(GRAY, .bits = 8, .extra = ASSOCIATED, .rows_per_strip = 9),
    RECIPE(GRAY, .bits = 16, .extra = UNASSOCIATED, .tile_width = 96, .tile_height = 64),
    RECIPE(GRAY, FLOATS, .extra = UNASSOCIATED, .rows_per_strip = 9),
    RECIPE(.photometric = PHOTOMETRIC_PALETTE, .bits = 8, .tile_width = 96, .tile_height = 64),
    RECIPE(.photometric = PHOTOMETRIC_PALETTE, .bits = 4, .rows_per_strip = 9),
    RECIPE(.photometric = PHOTOMETRIC_PALETTE, .bits = 1, .rows_per_strip = 9),
    RECIPE(.photometric = PHOTOMETRIC_PALETTE, .bits = 8, .rows_per_strip = 9, .with_nodata = true,
           .nodata = 200),
};

/* What is shown of colours that are multiplied by a rounded mean of alpha may be a level off. */
static void means_count_what_is_seen(void)
{
    static struct run run;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *path = scratch_path("alpha.tif"), *ovr = scratch_path("alpha.tif.ovr");
        struct pnm without, with;
        recipe = &kinds[i];
        bool product = recipe->extra[0] == EXTRASAMPLE_UNASSALPHA + 1 && is_whole() &&
                       recipe->photometric == PHOTOMETRIC_RGB;
        CU_ASSERT_FATAL(tiff_make(path, recipe));
        unlink(ovr);
        draw(path, &without);
        RUN(&run, program(), "--build-overviews", path);
        CU_ASSERT_EQUAL(run.status, 0);
        if (run.status) {
            printf("  kind %zu: %s", i, run.err);
            continue;
        }
        copies_are_right(ovr);
        draw(path, &with);
        CU_ASSERT(difference(&without, &with) <= product);
        pnm_free(&without);
        pnm_free(&with);
    }
}

/* gdaladdo calls alpha unassociated whatever the page's is. */
static void alpha_of_another_kind_is_not_used(void)
{
    static struct run run;
    const char *path = scratch_path("other.tif");
    struct pnm without, with;
    recipe = &kinds[0];
    CU_ASSERT_FATAL(tiff_make(path, recipe));
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 0);
    recipe = &kinds[1];
    CU_ASSERT_FATAL(tiff_make(path, recipe));
    draw(path, &with);
    unlink(scratch_path("other.tif.ovr"));
    draw(path, &without);
    CU_ASSERT_EQUAL(difference(&without, &with), 0);
    pnm_free(&without);
    pnm_free(&with);
}

/* The means of a palette's colours are shown, and not the entries that come nearest. */
static void palettes_are_shown_as_means(void)
{
    static struct run run;
    const struct tiff_recipe indices =
        RECIPE(.photometric = PHOTOMETRIC_PALETTE, .bits = 8, .rows_per_strip = HEIGHT);
    const char *path = scratch_path("means.tif");
    struct pnm before, after;
    recipe = &indices;
    CU_ASSERT_FATAL(tiff_make(path, recipe));
    draw(path, &before);
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL(run.status, 0);
    scratch_patch(path, scratch_size(path) / 2, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    draw(path, &after);
    CU_ASSERT_EQUAL(difference(&before, &after), 0);
    pnm_free(&before);
    pnm_free(&after);
}

SUITE("overviews alpha", {"means count what is seen", means_count_what_is_seen},
      {"alpha of another kind is not used", alpha_of_another_kind_is_not_used},
      {"palettes are shown as means", palettes_are_shown_as_means})
