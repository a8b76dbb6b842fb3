/* Samples of every kind, in every arrangement, held against what was written. Guards
 * source/tiff_unpack.c, source/tiff_form.c, source/tiff_rows.c, and the general ways through
 * source/tiff_read.c and source/tiff_decode.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "source/source.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"
#include "support/tiff_raw.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { WIDTH = 61, HEIGHT = 37 };

static const struct area all = {0, 0, WIDTH, HEIGHT}, part = {13, 7, 31, 22};

static const struct kind {
    int bits, format;
    enum sample_type type;
} kinds[] = {
    {1, SAMPLEFORMAT_UINT, SAMPLE_F32},
    {2, SAMPLEFORMAT_UINT, SAMPLE_F32},
    {3, SAMPLEFORMAT_UINT, SAMPLE_F32},
    {4, SAMPLEFORMAT_UINT, SAMPLE_F32},
    {6, SAMPLEFORMAT_UINT, SAMPLE_F32},
    {8, SAMPLEFORMAT_UINT, SAMPLE_U8},
    {10, SAMPLEFORMAT_UINT, SAMPLE_U16},
    {12, SAMPLEFORMAT_UINT, SAMPLE_U16},
    {14, SAMPLEFORMAT_UINT, SAMPLE_U16},
    {15, SAMPLEFORMAT_UINT, SAMPLE_U16},
    {16, SAMPLEFORMAT_UINT, SAMPLE_U16},
    {17, SAMPLEFORMAT_UINT, SAMPLE_U32},
    {24, SAMPLEFORMAT_UINT, SAMPLE_U32},
    {31, SAMPLEFORMAT_UINT, SAMPLE_U32},
    {32, SAMPLEFORMAT_UINT, SAMPLE_U32},
    {64, SAMPLEFORMAT_UINT, SAMPLE_F64},
    {2, SAMPLEFORMAT_INT, SAMPLE_F32},
    {4, SAMPLEFORMAT_INT, SAMPLE_F32},
    {7, SAMPLEFORMAT_INT, SAMPLE_F32},
    {8, SAMPLEFORMAT_INT, SAMPLE_I8},
    {10, SAMPLEFORMAT_INT, SAMPLE_I16},
    {12, SAMPLEFORMAT_INT, SAMPLE_I16},
    {16, SAMPLEFORMAT_INT, SAMPLE_I16},
    {24, SAMPLEFORMAT_INT, SAMPLE_I32},
    {32, SAMPLEFORMAT_INT, SAMPLE_I32},
    {64, SAMPLEFORMAT_INT, SAMPLE_F64},
    {16, SAMPLEFORMAT_IEEEFP, SAMPLE_F32},
    {24, SAMPLEFORMAT_IEEEFP, SAMPLE_F32},
    {32, SAMPLEFORMAT_IEEEFP, SAMPLE_F32},
    {64, SAMPLEFORMAT_IEEEFP, SAMPLE_F64},
    {16, SAMPLEFORMAT_COMPLEXINT, SAMPLE_F32},
    {32, SAMPLEFORMAT_COMPLEXINT, SAMPLE_F32},
    {64, SAMPLEFORMAT_COMPLEXINT, SAMPLE_F64},
    {32, SAMPLEFORMAT_COMPLEXIEEEFP, SAMPLE_F32},
    {64, SAMPLEFORMAT_COMPLEXIEEEFP, SAMPLE_F32},
    {128, SAMPLEFORMAT_COMPLEXIEEEFP, SAMPLE_F64},
};

/* Strips of some rows, of one, of all; tiles that are whole bytes wide and no divisor of the page.
 */
static const struct {
    int tile;
    int64_t rows;
} layouts[] = {{0, 9}, {0, 1}, {0, 0}, {16, 0}, {48, 0}};

static const int codecs[] = {0,
                             COMPRESSION_LZW,
                             COMPRESSION_ADOBE_DEFLATE,
                             COMPRESSION_PACKBITS,
                             COMPRESSION_DEFLATE,
                             COMPRESSION_ZSTD,
                             COMPRESSION_LZMA};

/* LZMA prepares some 100 MiB for each block that it packs: not for many small ones. */
static bool can_be_made(size_t layout, size_t codec)
{
    bool small = layouts[layout].rows > 0 || layouts[layout].tile > 0;
    return (!codecs[codec] || TIFFIsCODECConfigured((uint16_t)codecs[codec])) &&
           !(small && codecs[codec] == COMPRESSION_LZMA);
}

static struct tiff_recipe recipe_of(const struct kind *kind, size_t layout, size_t codec)
{
    return (struct tiff_recipe){.width = WIDTH,
                                .height = HEIGHT,
                                .bits = kind->bits,
                                .format = kind->format,
                                .photometric = PHOTOMETRIC_MINISBLACK,
                                .compression = codecs[codec],
                                .tile_width = layouts[layout].tile,
                                .tile_height = layouts[layout].tile,
                                .rows_per_strip = layouts[layout].rows,
                                .value = tiff_value_plain};
}

static void say(const struct tiff_recipe *r, const char *what)
{
    printf("  %d bits of format %d, photometric %d, %d samples%s, compression %d, tiles %d, rows "
           "%lld, big endian %d, BigTIFF %d, predictor %d, FillOrder %d: %s\n",
           r->bits, r->format, r->photometric, r->samples, r->separate ? " separate" : "",
           r->compression, r->tile_width, (long long)r->rows_per_strip, r->big_endian, r->big_tiff,
           r->predictor, r->reversed + 1, what);
}

/* Makes a file and opens it with a channel chosen; NULL, said why, when that fails. */
static struct source *made(const struct tiff_recipe *r, int channel)
{
    struct fault fault;
    struct page page;
    const struct source_choice choice = {0, channel, 0, 0};
    const char *path = scratch_path("kind.tif");
    if (!tiff_make(path, r)) {
        say(r, "cannot be made");
        return NULL;
    }
    struct source *source = source_from(path, &fault);
    if (source && source_select(source, &choice, &page, &fault) && page_check(&page, &fault))
        return source;
    say(r, fault.text);
    source_close(source);
    return NULL;
}

/* The number of sample `sample` is expected. */
struct plain {
    const struct tiff_recipe *recipe;
    int sample;
};

static double plain_number(const void *context, int64_t x, int64_t y, int channel)
{
    const struct plain *plain = context;
    (void)channel;
    return tiff_number_plain(plain->recipe, x, y, 0, plain->sample);
}

static void check_gray(const struct tiff_recipe *r, int channel, enum sample_type type)
{
    const struct plain plain = {r, channel ? channel - 1 : 0};
    struct source *source = made(r, channel);
    CU_ASSERT_PTR_NOT_NULL(source);
    if (!source)
        return;
    const struct page *page = &source->page;
    bool integral = r->format == SAMPLEFORMAT_UINT || r->format == SAMPLEFORMAT_INT;
    bool described = page->type == (int32_t)type && page->channels == 1 && page->bits == r->bits &&
                     page->format == r->format - 1 - (r->format > 4) &&
                     page->samples == (r->samples ? r->samples : 1) && page->integral == integral &&
                     page->channel == channel && page->window_origin == WINDOW_NONE &&
                     !page->notice[0];
    bool right = reads_as(source, all, plain_number, &plain, 0);
    source_rest(source);
    right = right && reads_as(source, part, plain_number, &plain, 0);
    source_close(source);
    CU_ASSERT(described && right);
    if (!described || !right)
        say(r, described ? "wrong samples" : "wrong description");
}

static void every_kind_of_number_reads_right(void)
{
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < 2 * COUNT(layouts) * COUNT(codecs); i++) {
            size_t layout = i / 2 % COUNT(layouts), codec = i / 2 / COUNT(layouts);
            if (!can_be_made(layout, codec))
                continue;
            struct tiff_recipe r = recipe_of(&kinds[k], layout, codec);
            r.big_endian = i & 1;
            r.reversed = (k + layout + codec) % 3 == 0;
            r.big_tiff = (k + layout) & 1;
            check_gray(&r, 0, kinds[k].type);
        }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before.current);
}

/* One sample of several, side by side or in planes of their own. */
static void every_channel_can_be_seen_alone(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < 2 * COUNT(layouts) * COUNT(codecs); i++) {
            size_t layout = i / 2 % COUNT(layouts), codec = i / 2 / COUNT(layouts);
            if (!can_be_made(layout, codec))
                continue;
            struct tiff_recipe r = recipe_of(&kinds[k], layout, codec);
            r.samples = 3;
            r.separate = i & 1;
            r.big_endian = k & 1;
            r.reversed = layout == 1;
            r.extra[0] = r.extra[1] = EXTRASAMPLE_UNSPECIFIED + 1;
            check_gray(&r, (int)(k + layout + codec) % 4, kinds[k].type);
        }
}

/* LERC packs whole bytes; of more samples than one libtiff gives it each as a band. */
static void lerc_of_every_kind_reads_right(void)
{
    for (size_t k = 0; k < COUNT(kinds) && TIFFIsCODECConfigured(COMPRESSION_LERC); k++)
        for (size_t i = 0; i < 3 * COUNT(layouts); i++) {
            struct tiff_recipe r = recipe_of(&kinds[k], i / 3, 0);
            bool floats = r.format == SAMPLEFORMAT_IEEEFP && r.bits >= 32;
            bool whole = r.format <= SAMPLEFORMAT_INT &&
                         (r.bits == 8 || r.bits == 16 || (r.bits == 32 && i % 3 == 0));
            r.compression = COMPRESSION_LERC;
            r.big_endian = k & 1;
            r.samples = i % 3 ? 3 : 1;
            r.separate = i % 3 == 2;
            if (i % 3)
                r.extra[0] = r.extra[1] = EXTRASAMPLE_UNSPECIFIED + 1;
            if (floats || whole)
                check_gray(&r, i % 3 ? 2 : 0, kinds[k].type);
        }
}

static void predictors_are_undone(void)
{
    static const int with_predictor[] = {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                                         COMPRESSION_ZSTD, COMPRESSION_DEFLATE};
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < COUNT(layouts) * COUNT(with_predictor); i++) {
            struct tiff_recipe r = recipe_of(&kinds[k], i / COUNT(with_predictor), 0);
            bool floats = r.format == SAMPLEFORMAT_IEEEFP;
            bool bytes = r.bits == 8 || r.bits == 16 || r.bits == 32 || r.bits == 64;
            r.compression = with_predictor[i % COUNT(with_predictor)];
            r.predictor = floats ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL;
            /* Floats in the other order libtiff writes wrong (4.5), but reads right. */
            r.big_endian = floats ? __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ : i & 1;
            r.samples = i & 2 ? 3 : 1;
            if (!TIFFIsCODECConfigured((uint16_t)r.compression))
                continue;
            if (r.bits == 64 && !tiff_make(scratch_path("kind.tif"), &r))
                continue; /* libtiff 4.0 does not difference numbers of 64 bits */
            if (floats || (bytes && r.format <= SAMPLEFORMAT_INT))
                check_gray(&r, r.samples == 3 ? 2 : 0, kinds[k].type);
        }
}

/* No-data and alpha. */

struct veiled {
    const struct tiff_recipe *recipe;
    double nodata;
};

/* Alpha is 0 where x + y is a multiple of 3. */
static double veiled_number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                            int sample)
{
    if (sample == 1)
        return (x + y) % 3 == 0 ? 0 : 1;
    return tiff_number_plain(recipe, x, y, page, sample);
}

static double number_or_nan(const void *context, int64_t x, int64_t y, int channel)
{
    const struct veiled *veiled = context;
    double number = tiff_number_plain(veiled->recipe, x, y, 0, 0);
    bool hidden = veiled->recipe->samples == 2 && (x + y) % 3 == 0;
    (void)channel;
    return hidden || number == veiled->nodata ? (double)NAN : number;
}

static void check_veiled(const struct tiff_recipe *r, const struct kind *kind)
{
    bool floats = kind->type >= SAMPLE_F32;
    const struct veiled veiled = {r, r->with_nodata ? r->nodata : (double)NAN};
    struct source *source = made(r, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    bool right = reads_as(source, all, number_or_nan, &veiled, 0);
    int32_t type = floats ? (int32_t)kind->type : kind->bits <= 24 ? SAMPLE_F32 : SAMPLE_F64;
    bool described = source->page.type == type && source->page.masked == (r->samples == 2) &&
                     source->page.has_nodata == r->with_nodata;
    CU_ASSERT(right && described);
    if (!right || !described)
        say(r, right ? "wrong description" : "wrong no-data");
    source_close(source);
}

static void what_is_no_data_becomes_nan(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < 6; i++) {
            struct tiff_recipe r = recipe_of(&kinds[k], i % 3 ? 0 : 4, i % 3);
            if (r.format > SAMPLEFORMAT_IEEEFP || r.bits < 2)
                continue;
            r.big_endian = k & 1;
            r.with_nodata = i % 2 == 0 || i == 5;
            r.nodata = tiff_number_plain(&r, 20, 20, 0, 0);
            if (i & 1) {
                r.samples = 2;
                r.number = veiled_number;
                r.separate = i == 3;
                r.extra[0] = (i == 1 ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA) + 1;
            }
            check_veiled(&r, &kinds[k]);
        }
}

/* Colours. What the models come to is for the tests of source/colour; here each sample must reach
 * its place. */

static double level(const struct tiff_recipe *r, double number)
{
    return r->format == SAMPLEFORMAT_UINT && r->bits < 8
               ? floor(number * 255 / (ldexp(1, r->bits) - 1) + 0.5)
               : number;
}

static double rgb_number(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *r = context;
    return (double)(float)level(r, tiff_number_plain(r, x, y, 0, channel));
}

static void check_colour(const struct tiff_recipe *r, enum sample_type type, double low,
                         double high, expected_value *value, double tolerance)
{
    struct source *source = made(r, 0);
    CU_ASSERT_PTR_NOT_NULL(source);
    if (!source)
        return;
    const struct page *page = &source->page;
    bool right = reads_as(source, all, value, r, tolerance);
    source_rest(source);
    right = right && reads_as(source, part, value, r, tolerance);
    bool described = page->channels == 3 && page->type == (int32_t)type &&
                     page->window_origin == WINDOW_IDENTITY && page->window_low == low &&
                     page->window_high == high;
    CU_ASSERT(right && described);
    if (!right || !described)
        say(r, right ? "wrong description" : "wrong colours");
    source_close(source);
}

static void check_rgb(const struct tiff_recipe *r)
{
    bool narrow = r->format == SAMPLEFORMAT_UINT && r->bits <= 16;
    bool whole = r->format <= SAMPLEFORMAT_INT;
    int bits = r->format == SAMPLEFORMAT_INT ? r->bits - 1 : r->bits;
    double high = narrow && r->bits <= 8 ? 255 : whole ? ldexp(1, bits) - 1 : 1;
    enum sample_type type = !narrow ? SAMPLE_F32 : r->bits > 8 ? SAMPLE_U16 : SAMPLE_U8;
    check_colour(r, type, r->format == SAMPLEFORMAT_INT ? -high - 1 : 0, high, rgb_number, 0);
}

static void rgb_of_every_kind_reads_right(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < 2 * COUNT(layouts) * COUNT(codecs); i++) {
            size_t layout = i / 2 % COUNT(layouts), codec = i / 2 / COUNT(layouts);
            if (!can_be_made(layout, codec))
                continue;
            struct tiff_recipe r = recipe_of(&kinds[k], layout, codec);
            r.photometric = PHOTOMETRIC_RGB;
            r.samples = 3 + (layout == 2); /* one that is no alpha */
            r.extra[0] = layout == 2 ? EXTRASAMPLE_UNSPECIFIED + 1 : 0;
            r.separate = i & 1;
            r.big_endian = (k + codec) & 1;
            r.reversed = layout == 1;
            check_rgb(&r);
        }
}

static double over_black(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *r = context;
    double full = ldexp(1, r->bits) - 1;
    double colour = tiff_number_plain(r, x, y, 0, channel);
    return colour * tiff_number_plain(r, x, y, 0, r->samples - 1) / full;
}

static double as_stored(const void *context, int64_t x, int64_t y, int channel)
{
    return tiff_number_plain(context, x, y, 0, channel);
}

static void alpha_shows_black_behind(void)
{
    static const struct kind eight = {8, SAMPLEFORMAT_UINT, SAMPLE_U8},
                             sixteen = {16, SAMPLEFORMAT_UINT, SAMPLE_U16};
    for (size_t i = 0; i < 8 * COUNT(layouts) * COUNT(codecs); i++) {
        const struct kind *kind = i & 1 ? &eight : &sixteen;
        size_t layout = i / 8 % COUNT(layouts), codec = i / 8 / COUNT(layouts);
        if (!can_be_made(layout, codec))
            continue;
        struct tiff_recipe r = recipe_of(kind, layout, codec);
        r.photometric = PHOTOMETRIC_RGB;
        r.separate = i & 2;
        r.samples = i & 4 ? 5 : 4;
        r.extra[0] = (i & 4 ? EXTRASAMPLE_UNSPECIFIED : EXTRASAMPLE_UNASSALPHA) + 1;
        r.extra[1] = i & 4 ? EXTRASAMPLE_UNASSALPHA + 1 : 0;
        check_colour(&r, kind->type, 0, i & 1 ? 255 : 65535, over_black, 0.5000001);
        r.extra[i & 4 ? 1 : 0] = EXTRASAMPLE_ASSOCALPHA + 1;
        check_colour(&r, kind->type, 0, i & 1 ? 255 : 65535, as_stored, 0);
    }
}

static double palette_level(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *r = context; /* of signed ones the bits are what counts */
    int index = (int)tiff_number_plain(r, x, y, 0, 0) & ((1 << r->bits) - 1);
    return floor(tiff_palette_level(index, channel) / 65535.0 * 255 + 0.5);
}

static void palettes_are_looked_up(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < COUNT(layouts) * COUNT(codecs); i++) {
            size_t layout = i % COUNT(layouts), codec = i / COUNT(layouts);
            if (kinds[k].bits > 16 || kinds[k].format > SAMPLEFORMAT_INT ||
                !can_be_made(layout, codec))
                continue;
            struct tiff_recipe r = recipe_of(&kinds[k], layout, codec);
            r.photometric = PHOTOMETRIC_PALETTE;
            r.big_endian = i & 1;
            check_colour(&r, SAMPLE_U8, 0, 255, palette_level, 0);
        }
}

static double cmyk_level(const void *context, int64_t x, int64_t y, int channel)
{
    const struct tiff_recipe *r = context;
    double full = ldexp(1, r->bits) - 1;
    double black = r->samples < 4 ? 0 : tiff_number_plain(r, x, y, 0, 3);
    return (full - tiff_number_plain(r, x, y, 0, channel)) * (full - black) / full;
}

static void inks_are_light_that_is_missing(void)
{
    static const struct kind eight = {8, SAMPLEFORMAT_UINT, SAMPLE_U8},
                             sixteen = {16, SAMPLEFORMAT_UINT, SAMPLE_U16};
    for (size_t i = 0; i < 8 * COUNT(layouts) * COUNT(codecs); i++) {
        const struct kind *kind = i & 1 ? &eight : &sixteen;
        size_t layout = i / 8 % COUNT(layouts), codec = i / 8 / COUNT(layouts);
        if (!can_be_made(layout, codec))
            continue;
        struct tiff_recipe r = recipe_of(kind, layout, codec);
        r.photometric = PHOTOMETRIC_SEPARATED;
        r.separate = i & 2;
        r.samples = i & 4 ? 3 : 4;
        check_colour(&r, kind->type, 0, i & 1 ? 255 : 65535, cmyk_level, 0.5000001);
    }
}

/* A no-data value that no sample of the type can have is none, and infinity is a number. */
static double infinite_number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                              int sample)
{
    return x % 5 == 0 ? (double)INFINITY : tiff_number_plain(recipe, x, y, page, sample);
}

static double as_infinite(const void *context, int64_t x, int64_t y, int channel)
{
    return infinite_number(context, x, y, 0, channel);
}

static void no_data_beyond_the_type_hides_nothing(void)
{
    static const struct kind single = {32, SAMPLEFORMAT_IEEEFP, SAMPLE_F32};
    struct tiff_recipe r = recipe_of(&single, 0, 0);
    r.number = infinite_number;
    r.with_nodata = true;
    r.nodata = 1e300;
    struct source *source = made(&r, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(reads_as(source, all, as_infinite, &r, 0));
    source_close(source);
}

/* Every fifth pixel is 200 in all three samples, others in one or two of them. */
static double spotted_number(const struct tiff_recipe *r, int64_t x, int64_t y, int page,
                             int sample)
{
    (void)r, (void)page;
    return (x + y) % 5 == 0 || (x + sample) % 3 == 0 ? 200 : (double)(x + y) + sample;
}

static double as_spotted(const void *context, int64_t x, int64_t y, int channel)
{
    return (x + y) % 5 == 0 ? 0 : spotted_number(context, x, y, 0, channel);
}

static void no_data_of_colours_is_black(void)
{
    for (int bits = 8; bits <= 16; bits += 8) {
        const struct kind whole = {bits, SAMPLEFORMAT_UINT, SAMPLE_U8};
        struct tiff_recipe r = recipe_of(&whole, 0, 0);
        r.photometric = PHOTOMETRIC_RGB;
        r.samples = 3;
        r.number = spotted_number;
        r.with_nodata = true;
        r.nodata = 200;
        struct source *source = made(&r, 0);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_as(source, all, as_spotted, &r, 0));
        source_close(source);
    }
}

/* Pages whose samples do not make the colours they claim. */
static void what_is_shown_as_gray_is_said(void)
{
    static const struct {
        int photometric, samples, extra;
        const char *notice;
    } cases[] = {
        {PHOTOMETRIC_RGB, 1, 0, "too few samples"},
        {PHOTOMETRIC_RGB, 2, 0, "too few samples"},
        {PHOTOMETRIC_CIELAB, 1, 0, "too few samples"},
        {PHOTOMETRIC_MASK, 1, 0, ""},
        {32803, 1, 0, ""},
        {34892, 1, 0, ""},
        {PHOTOMETRIC_MINISBLACK, 7, 0, ""},
    };
    static const struct kind eight = {8, SAMPLEFORMAT_UINT, SAMPLE_U8};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tiff_recipe r = recipe_of(&eight, 0, 1);
        const struct plain plain = {&r, 0};
        r.photometric = cases[i].photometric;
        r.samples = cases[i].samples;
        struct source *source = made(&r, 0);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(source->page.channels == 1 && reads_as(source, all, plain_number, &plain, 0));
        CU_ASSERT(cases[i].notice[0] ? strstr(source->page.notice, cases[i].notice) != NULL
                                     : !source->page.notice[0]);
        source_close(source);
    }
}

/* Pages that are not shown, and the sentence for each: what is changed of a sound page of 8-bit
 * gray.
 */
static const struct {
    const char *sentence;
    struct {
        uint16_t tag;
        uint64_t values[3];
        int count;
    } changes[4];
} refusals[] = {
    {"a.tif: 33-bit samples are not shown", {{258, {33}, 1}}},
    {"a.tif: 12-bit floating point samples are not shown", {{258, {12}, 1}, {339, {3}, 1}}},
    {"a.tif: 16-bit complex floating point samples are not shown", {{258, {16}, 1}, {339, {6}, 1}}},
    {"a.tif: the samples of a pixel have different sizes; such images are shown only where they "
     "are not compressed",
     {{258, {5, 6, 5}, 3}, {277, {3}, 1}, {262, {2}, 1}, {259, {5}, 1}}},
    {"a.tif: the samples of a pixel have different formats; such images are not shown",
     {{258, {8, 8, 8}, 3}, {277, {3}, 1}, {262, {2}, 1}, {339, {1, 2, 1}, 3}}},
    {"a.tif: broken: it claims 0 samples for each pixel", {{277, {0}, 1}}},
    {"a.tif: broken: its planar configuration is 7", {{284, {7}, 1}}},
    {"a.tif: broken: its YCbCr subsampling is 3 by 1",
     {{262, {6}, 1}, {277, {3}, 1}, {530, {3, 1}, 2}}},
    {"a.tif: YCbCr images with subsampled colours in planes of their own are not shown when they "
     "are compressed with PixarLog",
     {{262, {6}, 1}, {277, {3}, 1}, {284, {2}, 1}, {259, {32909}, 1}}},
    {"a.tif: YCbCr images with subsampled colours are not shown when a pixel has 3 samples of 4 "
     "bits",
     {{262, {6}, 1}, {277, {3}, 1}, {258, {4, 4, 4}, 3}}},
    {"a.tif: broken: it has no colour map", {{262, {3}, 1}, {320, {1, 2}, 2}}},
    {"a.tif: palette pictures of 32-bit samples are not supported",
     {{262, {3}, 1}, {258, {32}, 1}, {320, {1, 2, 3}, 3}}},
    {"a.tif: broken: compressed with PixarLog, which cannot pack 24-bit samples of their kind",
     {{259, {32909}, 1}, {258, {24}, 1}}},
    {"a.tif: broken: compressed with SGI Log, but it is no LogL image of one sample for each pixel "
     "and no LogLuv image of three",
     {{259, {34676}, 1}}},
    {"a.tif: broken: compressed with WebP, which cannot pack 16-bit samples",
     {{259, {50001}, 1}, {258, {16}, 1}}},
    {"a.tif: broken: it claims 8 rows in 3 strips (3 planes of 1), but its table lists only 1",
     {{277, {3}, 1}, {284, {2}, 1}}},
};

static void what_cannot_be_shown_is_said(void)
{
    static uint8_t samples[8 * 8 * 8];
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct raw_tiff raw;
        raw_begin(&raw, i & 1, i & 2);
        raw_image(&raw, 8, 8, 8, raw_data(&raw, samples, sizeof samples), sizeof samples);
        for (int c = 0; c < 4 && refusals[i].changes[c].tag; c++)
            raw_numbers(&raw, refusals[i].changes[c].tag, RAW_SHORT, refusals[i].changes[c].values,
                        (size_t)refusals[i].changes[c].count);
        raw_directory(&raw, true);
        const char *sentence = source_refusal(raw_write(&raw, "refused.tif"), 0);
        CU_ASSERT(!strncmp(sentence, refusals[i].sentence, strlen(refusals[i].sentence)));
        if (strncmp(sentence, refusals[i].sentence, strlen(refusals[i].sentence)))
            printf("  \"%s\"\n  is not \"%s\"\n", sentence, refusals[i].sentence);
    }
}

static void a_channel_that_is_not_there_is_refused(void)
{
    static const struct kind eight = {8, SAMPLEFORMAT_UINT, SAMPLE_U8};
    struct tiff_recipe r = recipe_of(&eight, 0, 0);
    struct fault fault;
    struct page page;
    struct source_choice choice = {0, 2, 0, 0};
    struct source *source = made(&r, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_FALSE(source_select(source, &choice, &page, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: there is no channel 2: each pixel has 1 sample");
    choice.channel = -1;
    CU_ASSERT_FALSE(source_select(source, &choice, &page, &fault));
    source_close(source);
}

SUITE("source kinds", {"every kind of number reads right", every_kind_of_number_reads_right},
      {"every channel can be seen alone", every_channel_can_be_seen_alone},
      {"LERC of every kind reads right", lerc_of_every_kind_reads_right},
      {"predictors are undone", predictors_are_undone},
      {"what is no-data becomes NaN", what_is_no_data_becomes_nan},
      {"RGB of every kind reads right", rgb_of_every_kind_reads_right},
      {"alpha shows black behind", alpha_shows_black_behind},
      {"palettes are looked up", palettes_are_looked_up},
      {"inks are light that is missing", inks_are_light_that_is_missing},
      {"no-data beyond the type hides nothing", no_data_beyond_the_type_hides_nothing},
      {"no-data of colours is black", no_data_of_colours_is_black},
      {"what is shown as gray is said", what_is_shown_as_gray_is_said},
      {"what cannot be shown is said", what_cannot_be_shown_is_said},
      {"a channel that is not there is refused", a_channel_that_is_not_there_is_refused})
