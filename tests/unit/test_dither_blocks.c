/* Blocks of dither against their definition, worked out by sorting; what they show on the mean, on
 * slopes and on anything else. Guards render/dither_blocks.c. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/dither_blocks.h"
#include "unit/naive_pixel.h"
#include "unit/naive_ramps.h"

enum { SIDE = 16, ROOM = SIDE * DITHER_WIDEST };

static const struct pixel_format kinds[] = {
    {.depth = 1, .bits_per_pixel = 1, .ramp = &naive_two},
    {.depth = 1, .bits_per_pixel = 1, .bits_msb_first = true, .unit = 32, .ramp = &naive_two},
    {.depth = 4, .bits_per_pixel = 4, .ramp = &naive_few},
    PIXEL_MASKS(8, 8, false, 0x07, 0x38, 0xc0),
    PIXEL_MASKS(4, 4, false, 0x8, 0x6, 0x1),
    PIXEL_MASKS(12, 16, true, 0x000f, 0x00f0, 0x0f00),
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static uint8_t gray[ROOM], colour[3 * ROOM], drawn[4 * ROOM];
static uint32_t seed = 1;

static int noise(int below)
{
    seed = seed * 1664525 + 1013904223;
    return (int)(seed >> 8) % below;
}

/* Draws what is in `gray`, or with three channels in `colour`. */
static void draw(const struct pixel_format *format, int channels, int width, int height)
{
    static struct dither dither;
    struct pixels sheet = {.base = channels == 3 ? colour : gray,
                           .stride = (size_t)(width * channels),
                           .width = width,
                           .height = height,
                           .format = channels == 3 ? pixel_format_rgb24 : pixel_format_gray8};
    struct pixels to = {.base = drawn, .stride = 4 * DITHER_WIDEST, .format = *format};
    to.width = width;
    to.height = height;
    dither_prepare(&dither, format);
    dither_blocks(&dither, &sheet, (struct rect){32, 48, width, height}, &to, 32, 48);
}

static uint32_t pixel(const struct pixel_format *format, int x, int y)
{
    return naive_read(format, drawn + y * 4 * DITHER_WIDEST, x);
}

/* The widest gap of neighbouring cells or steps. */
static double widest(const struct pixel_format *format, uint32_t mask)
{
    const struct pixel_ramp *ramp = format->ramp;
    double gap = ramp ? 0 : 255.0 / (mask >> __builtin_ctz(mask));
    for (int i = 1; ramp && i < ramp->cells; i++)
        gap = fmax(gap, (ramp->level[i] - ramp->level[i - 1]) / 257.0);
    return gap;
}

static double within(const struct pixel_format *format, double level)
{
    const struct pixel_ramp *ramp = format->ramp;
    return ramp ? fmin(fmax(level, ramp->level[0] / 257.0), ramp->level[ramp->cells - 1] / 257.0)
                : level;
}

/* How far the mean of a block is off. */
static double block_error(const struct pixel_format *format, uint32_t mask, int left, int width,
                          int height)
{
    double sum = 0;
    int stop = left + SIDE < width ? left + SIDE : width;
    for (int y = 0; y < height; y++)
        for (int x = left; x < stop; x++)
            sum += naive_shown(format, mask, pixel(format, x, y)) -
                   within(format, gray[y * width + x]);
    return fabs(sum) / ((stop - left) * height);
}

/* With N pixels no mean can be nearer than half a gap of N; nor must it be farther. */
static void check_means(const struct pixel_format *format, int width, int height)
{
    const uint32_t masks[3] = {format->red, format->green, format->blue};
    draw(format, 1, width, height);
    for (int i = 0; i < (format->ramp ? 1 : 3); i++)
        for (int left = 0; left < width; left += SIDE) {
            int pixels = (width - left < SIDE ? width - left : SIDE) * height;
            CU_ASSERT(block_error(format, masks[i], left, width, height) <=
                      widest(format, masks[i]) / 2 / pixels + 0.01);
        }
}

static void slopes_keep_their_mean(void)
{
    static const double slopes[][2] = {{0.5, 0}, {0, 0.5}, {0.25, 0.25}, {0.4, -0.1},
                                       {1, 0},   {3, -2},  {0.06, 0.11}, {0, 0}};
    naive_ramps();
    for (int i = 0; i < 8 * KINDS; i++) {
        const double *slope = slopes[i % 8];
        for (int p = 0; p < ROOM; p++)
            gray[p] = (uint8_t)fmin(
                255, fmax(0, 40 + slope[0] * (p % DITHER_WIDEST) + slope[1] * (p / DITHER_WIDEST)));
        check_means(&kinds[i / 8], DITHER_WIDEST, SIDE);
    }
}

/* Pieces at the view's edges too. */
static void anything_keeps_its_mean(void)
{
    naive_ramps();
    for (int i = 0; i < 20 * KINDS; i++) {
        int width = 1 + noise(DITHER_WIDEST), height = 1 + noise(SIDE), span = 1 + noise(256);
        int least = noise(257 - span);
        for (int p = 0; p < width * height; p++)
            gray[p] = (uint8_t)(least + noise(span));
        check_means(&kinds[i % KINDS], width, height);
    }
}

/* ---- the definition, where all steps are even ---- */

struct place {
    int64_t distance;
    int at;
};

static int by_distance(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    if (p->distance != q->distance)
        return p->distance < q->distance ? -1 : 1;
    return p->at - q->at;
}

/* The steps of a block of a channel: the matrix's, then as many pixels as the sum lacks or has too
 * many, those next to their thresholds first. */
static void naive_block(int most, const uint8_t levels[SIDE * SIDE], int step[SIDE * SIDE])
{
    struct place order[SIDE * SIDE];
    int64_t error = 0;
    int count = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        int64_t exact = (int64_t)levels[i] * most * 65536 / 255;
        int64_t biased = exact + naive_threshold(i % SIDE, i / SIDE, SIDE) * 256 + 128;
        step[i] = (int)(biased / 65536);
        error += (int64_t)step[i] * 255 - (int64_t)levels[i] * most;
    }
    int way = error < 0 ? 1 : -1;
    int64_t moves = (2 * llabs(error) + 254) / 510;
    for (int i = 0; i < SIDE * SIDE; i++) {
        int64_t part = ((int64_t)levels[i] * most * 65536 / 255 +
                        naive_threshold(i % SIDE, i / SIDE, SIDE) * 256 + 128) %
                       65536;
        if (step[i] + way >= 0 && step[i] + way <= most)
            order[count++] = (struct place){way > 0 ? 65536 - part : part, i};
    }
    qsort(order, (size_t)count, sizeof *order, by_distance);
    for (int i = 0; i < moves && i < count; i++)
        step[order[i].at] += way;
}

static int differing(const struct pixel_format *format, uint32_t mask, int channel)
{
    uint8_t levels[SIDE * SIDE];
    int step[SIDE * SIDE], wrong = 0;
    int most = format->ramp ? 1 : (int)(mask >> __builtin_ctz(mask));
    for (int i = 0; i < SIDE * SIDE; i++)
        levels[i] = channel < 0 ? gray[i] : colour[3 * i + channel];
    naive_block(most, levels, step);
    for (int i = 0; i < SIDE * SIDE; i++) {
        double level = naive_shown(format, mask, pixel(format, i % SIDE, i / SIDE));
        wrong += fabs(level - step[i] * 255.0 / most) > 0.01;
    }
    return wrong;
}

static void blocks_are_as_defined(void)
{
    int wrong = 0;
    naive_ramps();
    for (int i = 0; i < 60 * KINDS; i++) {
        const struct pixel_format *format = &kinds[i % KINDS];
        const uint32_t masks[3] = {format->red, format->green, format->blue};
        int span = 1 + noise(256), least = noise(257 - span);
        if (format->ramp == &naive_few)
            continue;
        for (int p = 0; p < SIDE * SIDE; p++)
            gray[p] = (uint8_t)(least + noise(span));
        for (int p = 0; p < 3 * SIDE * SIDE; p++)
            colour[p] = (uint8_t)(least + noise(span));
        draw(format, 1, SIDE, SIDE);
        for (int c = 0; c < (format->ramp ? 1 : 3); c++)
            wrong += differing(format, masks[c], -1);
        if (format->ramp)
            continue;
        draw(format, 3, SIDE, SIDE);
        for (int c = 0; c < 3; c++)
            wrong += differing(format, masks[c], c);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void colours_on_a_ramp_are_their_luma(void)
{
    static uint8_t before[sizeof drawn];
    naive_ramps();
    for (int p = 0; p < SIDE * SIDE; p++) {
        uint8_t *c = &colour[3 * p];
        for (int i = 0; i < 3; i++)
            c[i] = (uint8_t)noise(256);
        gray[p] = (uint8_t)((299 * c[0] + 587 * c[1] + 114 * c[2] + 500) / 1000);
    }
    for (int i = 0; i < 3; i++) {
        memset(drawn, 0, sizeof drawn);
        draw(&kinds[i], 1, SIDE, SIDE);
        memcpy(before, drawn, sizeof drawn);
        memset(drawn, 0, sizeof drawn);
        draw(&kinds[i], 3, SIDE, SIDE);
        CU_ASSERT_EQUAL(memcmp(before, drawn, sizeof drawn), 0);
    }
}

static void formats_know_whether_they_are_coarse(void)
{
    static const struct pixel_format fine[] = {
        PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f),
        PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff),
        {.depth = 8, .bits_per_pixel = 8, .ramp = &naive_uneven},
    };
    naive_ramps();
    for (int i = 0; i < KINDS; i++)
        CU_ASSERT(dither_coarse(&kinds[i]));
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        CU_ASSERT(!dither_coarse(&fine[i]));
    CU_ASSERT(!dither_coarse(&pixel_format_gray8) && !dither_coarse(&pixel_format_rgb24));
}

SUITE("render/dither blocks", {"blocks are as defined", blocks_are_as_defined},
      {"slopes keep their mean", slopes_keep_their_mean},
      {"anything keeps its mean", anything_keeps_its_mean},
      {"colours on a ramp are their luma", colours_on_a_ramp_are_their_luma},
      {"formats know whether they are coarse", formats_know_whether_they_are_coarse})
