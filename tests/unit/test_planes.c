/* Planes of gray: put one after the other through their plane masks, as a server would, they make
 * the picture again, bit by bit. Guards render/planes.c. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "naive_pixel.h"
#include "render/planes.h"

enum { WIDTH = 77, HEIGHT = 9, GUARD = 0xa5 };

static const struct {
    struct pixel_format format;
    int planes, top; /* of all bits, and of the highest four */
} rows[] = {
    {PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff), 8, 4},
    {PIXEL_MASKS(24, 32, true, 0xff0000, 0xff00, 0xff), 8, 4},
    {PIXEL_MASKS(24, 24, false, 0xff0000, 0xff00, 0xff), 8, 4},
    {PIXEL_MASKS(24, 24, true, 0xff, 0xff00, 0xff0000), 8, 4},
    {PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f), 11, 8},
    {PIXEL_MASKS(16, 16, true, 0xf800, 0x07e0, 0x001f), 11, 8},
    {PIXEL_MASKS(15, 16, false, 0x7c00, 0x03e0, 0x001f), 5, 4},
    {PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff), 10, 4},
    {PIXEL_MASKS(30, 32, true, 0x3ff00000, 0xffc00, 0x3ff), 10, 4},
    {PIXEL_MASKS(8, 8, false, 0xff, 0xff, 0xff), 8, 4},
    {PIXEL_MASKS(8, 8, false, 0xe0, 0x1c, 0x03), 5, 5},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void store(const struct pixel_format *format, uint8_t *at, uint32_t value)
{
    int bytes = format->bits_per_pixel / 8;
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * (format->msb_first ? bytes - 1 - i : i));
}

/* Every level, at every place of the dither's matrix. */
static struct pixels gray_picture(const struct pixel_format *format)
{
    size_t bytes = (size_t)format->bits_per_pixel / 8;
    struct pixels pixels = {NULL, WIDTH * bytes + 3, WIDTH, HEIGHT, *format};
    pixels.base = malloc(pixels.stride * HEIGHT);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint8_t level = (uint8_t)(x * 37 + y * 101), levels[3] = {level, level, level};
            store(format, pixels.base + (size_t)y * pixels.stride + (size_t)x * bytes,
                  naive_pixel(format, levels, x, y));
        }
    return pixels;
}

static uint32_t value_at(const struct pixels *pixels, int x, int y)
{
    return naive_read(&pixels->format, pixels->base + (size_t)y * pixels->stride, x);
}

static uint32_t made_of(const uint32_t *planes, const uint8_t *const *bitmaps, int count,
                        size_t stride, int x, int y)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        if (bitmaps[i][(size_t)y * stride + (size_t)x / 8] >> (7 - x % 8) & 1)
            value |= planes[i];
    return value;
}

static void check_rect(const struct pixels *pixels, struct rect r, int bits)
{
    uint32_t planes[PLANES_MOST], kept = 0;
    uint8_t *bitmaps[PLANES_MOST];
    int count = planes_masks(&pixels->format, planes, bits);
    size_t stride = ((size_t)r.width + 31) / 32 * 4, bytes = stride * (size_t)r.height;
    long wrong = 0;
    for (int i = 0; i < count; i++) {
        kept |= planes[i];
        bitmaps[i] = malloc(bytes + 1);
        memset(bitmaps[i], GUARD, bytes + 1);
        planes_extract(pixels, r, planes[i] & -planes[i], bitmaps[i], stride);
        CU_ASSERT_EQUAL(bitmaps[i][bytes], GUARD);
    }
    for (int y = 0; y < r.height; y++)
        for (int x = 0; x < r.width; x++)
            wrong += made_of(planes, (const uint8_t *const *)bitmaps, count, stride, x, y) !=
                     (value_at(pixels, r.x + x, r.y + y) & kept);
    CU_ASSERT_EQUAL(wrong, 0);
    for (int i = 0; i < count; i++)
        free(bitmaps[i]);
}

static void planes_make_the_picture_again(void)
{
    static const struct rect rects[] = {{0, 0, WIDTH, HEIGHT}, {3, 2, 8, 1}, {13, 0, 33, 9},
                                        {76, 8, 1, 1},         {0, 4, 7, 3}, {5, 0, 64, 2}};
    for (int i = 0; i < ROWS; i++) {
        struct pixels pixels = gray_picture(&rows[i].format);
        for (size_t r = 0; r < sizeof rects / sizeof *rects; r++) {
            check_rect(&pixels, rects[r], 32);
            check_rect(&pixels, rects[r], 4);
        }
        free(pixels.base);
    }
}

/* All bits of the masks are in one plane each; those of a plane have one value in every gray. */
static void planes_share_out_the_masks(void)
{
    for (int i = 0; i < ROWS; i++) {
        const struct pixel_format *format = &rows[i].format;
        uint32_t planes[PLANES_MOST], all = 0;
        int count = planes_masks(format, planes, 32);
        CU_ASSERT_EQUAL(count, rows[i].planes);
        for (int p = 0; p < count; p++) {
            CU_ASSERT_EQUAL(all & planes[p], 0);
            all |= planes[p];
        }
        CU_ASSERT_EQUAL(all, format->red | format->green | format->blue);
    }
}

/* What a likeness leaves out lies below: each channel is off by less than its fifth bit. */
static void the_highest_bits_come_first(void)
{
    for (int i = 0; i < ROWS; i++) {
        const uint32_t masks[3] = {rows[i].format.red, rows[i].format.green, rows[i].format.blue};
        uint32_t planes[PLANES_MOST], kept = 0;
        int count = planes_masks(&rows[i].format, planes, 4);
        CU_ASSERT_EQUAL(count, rows[i].top);
        for (int p = 0; p < count; p++)
            kept |= planes[p];
        for (int c = 0; c < 3; c++) {
            uint32_t most = masks[c] / (masks[c] & -masks[c]);
            uint32_t lost = (masks[c] & ~kept) / (masks[c] & -masks[c]);
            CU_ASSERT(lost <= most >> 4);
        }
    }
}

static void formats_without_masks_have_none(void)
{
    static const struct pixel_ramp ramp = {2, {0, 1}, {0, 65535}};
    struct pixel_format format = {.depth = 8, .bits_per_pixel = 8, .ramp = &ramp};
    uint32_t planes[PLANES_MOST];
    CU_ASSERT_EQUAL(planes_masks(&format, planes, 32), 0);
    CU_ASSERT_EQUAL(planes_masks(&pixel_format_gray8, planes, 32), 0);
}

SUITE("render/planes", {"planes make the picture again", planes_make_the_picture_again},
      {"planes share out the masks", planes_share_out_the_masks},
      {"the highest bits come first", the_highest_bits_come_first},
      {"formats without masks have none", formats_without_masks_have_none})
