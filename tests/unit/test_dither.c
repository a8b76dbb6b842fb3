/* Dithered pixels against their definition, for every number of bits, either byte order and either
 * bit order; what they show on the mean; pieces that fit. Guards render/dither.c, and
 * pixels_store and pixels_pack_deep of render/pixels.c. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "render/dither.h"
#include "unit/naive_pixel.h"
#include "unit/naive_ramps.h"

enum { WIDTH = 300, ROOM = 4 * WIDTH + 64, GUARD = 0xa5 };

static const struct pixel_format kinds[] = {
    PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f),
    PIXEL_MASKS(15, 16, false, 0x7c00, 0x03e0, 0x001f),
    PIXEL_MASKS(12, 16, false, 0x000f, 0x00f0, 0x0f00),
    PIXEL_MASKS(8, 8, false, 0x07, 0x38, 0xc0),
    PIXEL_MASKS(4, 4, false, 0x8, 0x6, 0x1),
    PIXEL_MASKS(18, 24, false, 0x3f000, 0xfc0, 0x3f),
    PIXEL_MASKS(20, 32, false, 0xff000, 0xff0, 0xf),
    PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff),
    {.depth = 1, .bits_per_pixel = 1, .ramp = &naive_two},
    {.depth = 1, .bits_per_pixel = 1, .unit = 16, .ramp = &naive_two},
    {.depth = 1, .bits_per_pixel = 1, .unit = 32, .ramp = &naive_two},
    {.depth = 4, .bits_per_pixel = 4, .ramp = &naive_few},
    {.depth = 8, .bits_per_pixel = 8, .ramp = &naive_uneven},
    {.depth = 8, .bits_per_pixel = 8, .ramp = &naive_full},
    {.depth = 12, .bits_per_pixel = 16, .ramp = &naive_uneven},
    {.depth = 24, .bits_per_pixel = 24, .ramp = &naive_few},
    {.depth = 8, .bits_per_pixel = 32, .ramp = &naive_uneven},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct dither dither;
static uint8_t row[ROOM], levels[3][WIDTH];
static uint32_t seed = 1;

static int noise(int below)
{
    seed = seed * 1664525 + 1013904223;
    return (int)(seed >> 8) % below;
}

/* Every kind in both orders of bytes and of bits. */
static void each_format(void (*check)(const struct pixel_format *format))
{
    naive_ramps();
    for (int i = 0; i < 4 * KINDS; i++) {
        struct pixel_format format = kinds[i / 4];
        format.msb_first = i & 1;
        format.bits_msb_first = i & 2;
        CU_ASSERT(pixel_format_valid(&format));
        dither_prepare(&dither, &format);
        check(&format);
    }
}

static void pack(int channels, int from, int n, int at, int x, int y)
{
    const uint8_t *const rows[3] = {levels[0] + from, levels[1] + from, levels[2] + from};
    const struct pixel_place place = {row, at, (unsigned)x, (unsigned)y};
    dither_pack(&dither, rows, channels, n, &place);
}

static void set_levels(int x, int channels, uint8_t set[3])
{
    for (int channel = 0; channel < 3; channel++)
        set[channel] = levels[channels == 3 ? channel : 0][x];
}

/* Random runs at random places; all pixels of the row that are not of the run stay. */
static void check_runs(const struct pixel_format *format)
{
    int wrong = 0;
    for (int i = 0; i < 40; i++) {
        int channels = i & 1 ? 3 : 1, at = noise(20), n = noise(WIDTH - 40), x = noise(999);
        int y = noise(999);
        uint8_t before[ROOM], set[3];
        for (int j = 0; j < ROOM; j++)
            before[j] = row[j] = (uint8_t)noise(256);
        for (int j = 0; j < 3 * WIDTH; j++)
            levels[j / WIDTH][j % WIDTH] = (uint8_t)noise(256);
        pack(channels, 0, n, at, x, y);
        for (int j = 0; j < WIDTH; j++) {
            bool inside = j >= at && j < at + n;
            set_levels(inside ? j - at : 0, channels, set);
            wrong += naive_read(format, row, j) != (inside ? naive_pixel(format, set, x + j - at, y)
                                                           : naive_read(format, before, j));
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void pixels_are_as_defined(void)
{
    each_format(check_runs);
}

static void check_pieces(const struct pixel_format *format)
{
    uint8_t whole[ROOM];
    for (int i = 0; i < 3 * WIDTH; i++)
        levels[i / WIDTH][i % WIDTH] = (uint8_t)noise(256);
    memset(row, 0, sizeof row);
    pack(3, 0, WIDTH, 0, 5, 11);
    memcpy(whole, row, sizeof row);
    memset(row, 0, sizeof row);
    for (int x = 0, n; x < WIDTH; x += n) {
        n = 1 + noise(WIDTH - x < 40 ? WIDTH - x : 40);
        pack(3, x, n, x, 5 + x, 11);
    }
    CU_ASSERT_EQUAL(memcmp(whole, row, ((size_t)WIDTH * (size_t)format->bits_per_pixel + 7) / 8),
                    0);
}

static void pieces_fit(void)
{
    each_format(check_pieces);
}

/* How far the mean of 16 x 16 pixels whose left levels are in `levels`, rising by `slope` a row, is
 * off. */
static double mean_error(const struct pixel_format *format, uint32_t mask, int x, int y,
                         double slope)
{
    uint8_t line[3][16];
    double sum = 0;
    for (int down = 0; down < 16; down++) {
        const uint8_t *const rows[3] = {line[0], line[1], line[2]};
        const struct pixel_place place = {row, 0, (unsigned)x, (unsigned)(y + down)};
        for (int i = 0; i < 48; i++)
            line[i / 16][i % 16] = (uint8_t)(levels[0][i % 16] + floor(slope * down));
        dither_pack(&dither, rows, 3, 16, &place);
        for (int i = 0; i < 16; i++)
            sum += naive_shown(format, mask, naive_read(format, row, i)) - line[0][i];
    }
    return fabs(sum / 256);
}

static double worst_flat(const struct pixel_format *format, uint32_t mask)
{
    double worst = 0;
    int from = 0, to = 255;
    if (format->ramp) { /* beyond its ends a ramp cannot show more */
        from = (format->ramp->level[0] + 256) / 257;
        to = format->ramp->level[format->ramp->cells - 1] / 257;
    }
    for (int level = from; level <= to; level++) {
        memset(levels[0], level, 16);
        worst = fmax(worst, mean_error(format, mask, level * 3, level * 7, 0));
    }
    return worst;
}

static void check_flat(const struct pixel_format *format)
{
    CU_ASSERT(worst_flat(format, format->red) <= 0.51);
    CU_ASSERT(worst_flat(format, format->green) <= 0.51);
    CU_ASSERT(worst_flat(format, format->blue) <= 0.51);
}

static void flat_areas_keep_their_mean(void)
{
    each_format(check_flat);
}

/* Blocks of ramps across, down and aslant. */
static double worst_ramp(const struct pixel_format *format)
{
    static const double slopes[][2] = {{0.5, 0}, {0, 0.5}, {0.25, 0.25}, {0.4, -0.1}, {1, 0}};
    double worst = 0;
    for (int i = 0; i < 5 * 220; i++) {
        for (int x = 0; x < 16; x++)
            levels[0][x] = (uint8_t)floor(i / 5 + 10 + slopes[i % 5][0] * x);
        worst = fmax(worst, mean_error(format, format->red, 16 * i, 0, slopes[i % 5][1]));
    }
    return worst;
}

static void smooth_ramps_keep_their_mean(void)
{
    static const struct {
        int kind;
        double most;
    } rows[] = {{0, 0.6}, {1, 0.6}, {12, 0.3}};
    naive_ramps();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dither_prepare(&dither, &kinds[rows[i].kind]);
        CU_ASSERT(worst_ramp(&kinds[rows[i].kind]) <= rows[i].most);
    }
}

static void check_deep(const struct pixel_format *format, int most)
{
    uint16_t deep[3][1024];
    static uint8_t out[4 * 1024 + 1];
    const uint16_t *const rows[3] = {deep[0], deep[1], deep[2]};
    int wrong = 0;
    for (int i = 0; i < 1024; i++) {
        deep[0][i] = (uint16_t)i;
        deep[1][i] = (uint16_t)(1023 - i);
        deep[2][i] = (uint16_t)(i * 7 % 1024);
    }
    for (int channels = 1; channels <= 3; channels += 2) {
        out[4096] = GUARD;
        pixels_pack_deep(format, rows, channels, 1024, out);
        for (int i = 0; i < 1024; i++) {
            uint32_t value = naive_read(format, out, i), red = format->red, blue = format->blue;
            int expected = (deep[channels - 1][i] * 2 * most + 1023) / 2046;
            wrong += (value & red) / (red & -red) != (uint32_t)((2 * i * most + 1023) / 2046);
            wrong += (value & blue) / (blue & -blue) != (uint32_t)expected;
        }
        CU_ASSERT_EQUAL(out[4096], GUARD);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void deep_levels_become_pixels(void)
{
    static const struct pixel_format tens = PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff);
    static const struct pixel_format tens_msb =
        PIXEL_MASKS(30, 32, true, 0x3ff, 0xffc00, 0x3ff00000);
    static const struct pixel_format twelves =
        PIXEL_MASKS(32, 32, false, 0xfff, 0xff000, 0xfff00000);
    check_deep(&tens, 1023);
    check_deep(&tens_msb, 1023);
    check_deep(&twelves, 4095);
}

static void formats_know_their_kind(void)
{
    static const struct pixel_format tens = PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff);
    static const struct pixel_format elevens =
        PIXEL_MASKS(32, 32, false, 0xffe00000, 0x1ffc00, 0x3ff);
    static const struct pixel_format nines = PIXEL_MASKS(27, 32, false, 0x7fc0000, 0x3fe00, 0x1ff);
    naive_ramps();
    CU_ASSERT(pixel_format_deep(&tens) && pixel_format_deep(&elevens));
    CU_ASSERT(!pixel_format_deep(&nines) && !pixel_format_deep(&kinds[7]));
    CU_ASSERT(!pixel_format_deep(&kinds[13]) && !pixel_format_deep(&pixel_format_gray8));
    for (int i = 0; i < KINDS; i++)
        CU_ASSERT_EQUAL(pixel_format_dithered(&kinds[i]), i != 7 && i != 13);
    CU_ASSERT(!pixel_format_dithered(&tens) && !pixel_format_dithered(&nines));
    CU_ASSERT(!pixel_format_dithered(&pixel_format_gray8));
}

SUITE("render/dither", {"pixels are as defined", pixels_are_as_defined}, {"pieces fit", pieces_fit},
      {"flat areas keep their mean", flat_areas_keep_their_mean},
      {"smooth ramps keep their mean", smooth_ramps_keep_their_mean},
      {"deep levels become pixels", deep_levels_become_pixels},
      {"formats know their kind", formats_know_their_kind})
