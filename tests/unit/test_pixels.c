/* Pixel formats: values by the definition, bytes in memory spelt out. */
#include "suite.h"

#include <string.h>

#include "render/pixels.h"

static const struct pixel_format bgrx = PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff);
static const struct pixel_format xrgb = PIXEL_MASKS(24, 32, true, 0xff0000, 0xff00, 0xff);
static const struct pixel_format packed = PIXEL_MASKS(24, 24, false, 0xff0000, 0xff00, 0xff);
static const struct pixel_format high_color = PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f);
static const struct pixel_format high_color_msb = PIXEL_MASKS(16, 16, true, 0xf800, 0x07e0, 0x001f);
static const struct pixel_format deep = PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff);
static const struct pixel_format rgbx_msb = PIXEL_MASKS(24, 32, true, 0xff000000, 0xff0000, 0xff00);
/* Channels that are no whole bytes, and bytes that are no channels. */
static const struct pixel_format sevens_msb = PIXEL_MASKS(22, 24, true, 0x3f8000, 0x7f80, 0x7f);
static const struct pixel_format loose_sevens = PIXEL_MASKS(23, 32, false, 0x7f0000, 0x7f00, 0x7f);
static const struct pixel_format shifted_msb = PIXEL_MASKS(28, 32, true, 0xff00000, 0xff000, 0xff0);
static const struct pixel_format one_byte = PIXEL_MASKS(8, 8, false, 0xff, 0xff, 0xff);
static const struct pixel_format rgb332 = PIXEL_MASKS(8, 8, false, 0xe0, 0x1c, 0x03);

static void levels_become_channel_values(void)
{
    CU_ASSERT_EQUAL(pixel_value(&bgrx, 0x5a), 0x5a5a5a);
    CU_ASSERT_EQUAL(pixel_value(&pixel_format_gray8, 200), 200);
    CU_ASSERT_EQUAL(pixel_value(&high_color, 255), 0xffff);
    CU_ASSERT_EQUAL(pixel_value(&high_color, 128), 16 << 11 | 32 << 5 | 16);
    CU_ASSERT_EQUAL(pixel_value(&high_color, 4), 0 << 11 | 1 << 5 | 0); /* 0.49 and 0.99 */
    CU_ASSERT_EQUAL(pixel_value(&high_color, 5), 1 << 11 | 1 << 5 | 1); /* 0.61 and 1.24 */
    CU_ASSERT_EQUAL(pixel_value(&deep, 255), 0x3fffffff);
    CU_ASSERT_EQUAL(pixel_value(&deep, 100), 401u << 20 | 401 << 10 | 401);
    CU_ASSERT_EQUAL(pixel_value(&rgb332, 128), 4 << 5 | 4 << 2 | 2);
}

static void check_bytes(const struct pixel_format *format, int level, const char *expected)
{
    uint32_t palette[256];
    uint8_t out[16], levels[3];
    size_t bytes = (size_t)format->bits_per_pixel / 8;
    memset(out, 0xee, sizeof out);
    memset(levels, level, sizeof levels);
    pixel_palette(format, COLORMAP_GRAY, palette);
    pixels_pack(format, palette, levels, 3, out + 1);
    CU_ASSERT_EQUAL(memcmp(&palette[level], expected, bytes), 0);
    for (size_t i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(memcmp(out + 1 + i * bytes, expected, bytes), 0);
    CU_ASSERT(out[0] == 0xee && out[1 + 3 * bytes] == 0xee);
}

static void bytes_lie_in_the_format_s_order(void)
{
    check_bytes(&bgrx, 0x12, "\x12\x12\x12\x00");
    check_bytes(&xrgb, 0x12, "\x00\x12\x12\x12");
    check_bytes(&packed, 0x12, "\x12\x12\x12");
    check_bytes(&high_color, 128, "\x10\x84");
    check_bytes(&high_color_msb, 128, "\x84\x10");
    check_bytes(&pixel_format_gray8, 77, "\x4d");
    check_bytes(&deep, 100, "\x91\x45\x16\x19");
    check_bytes(&rgb332, 128, "\x92");
}

static void packing_follows_the_levels(void)
{
    uint32_t palette[256];
    uint8_t levels[5] = {0, 1, 254, 255, 7}, out[5];
    pixel_palette(&pixel_format_gray8, COLORMAP_GRAY, palette);
    pixels_pack(&pixel_format_gray8, palette, levels, 5, out);
    CU_ASSERT_EQUAL(memcmp(out, levels, 5), 0);
}

static uint32_t value_at(const struct pixel_format *format, const uint8_t *at)
{
    int bytes = format->bits_per_pixel / 8;
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << 8 * (format->msb_first ? bytes - 1 - i : i);
    return value;
}

static void colours_become_pixels(void)
{
    static const struct {
        const struct pixel_format *format;
        const char *bytes;
    } rows[] = {{&bgrx, "\x33\x80\xfe\x00"},        {&xrgb, "\x00\xfe\x80\x33"},
                {&packed, "\x33\x80\xfe"},          {&pixel_format_rgb24, "\xfe\x80\x33"},
                {&high_color, "\x06\xfc"},          {&high_color_msb, "\xfc\x06"},
                {&deep, "\xcd\x08\xb8\x3f"},        {&rgb332, "\xf1"},
                {&pixel_format_gray8, "\x9d"},      {&rgbx_msb, "\xfe\x80\x33\x00"},
                {&sevens_msb, "\x3f\xc0\x19"},      {&loose_sevens, "\x19\x40\x7f\x00"},
                {&shifted_msb, "\x0f\xe8\x03\x30"}, {&one_byte, "\xff"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const uint8_t red[3] = {0, 0xfe, 0xfe}, green[3] = {0, 0x80, 0x80};
        static const uint8_t blue[3] = {255, 0x33, 0x33};
        const uint8_t *const levels[3] = {red, green, blue};
        const struct pixel_format *format = rows[i].format;
        size_t bytes = (size_t)format->bits_per_pixel / 8;
        uint8_t out[14];
        memset(out, 0xee, sizeof out);
        CU_ASSERT(pixel_format_valid(format));
        pixels_pack_rgb(format, levels, 3, out + 1);
        CU_ASSERT_EQUAL(value_at(format, out + 1), format->blue ? format->blue : 29);
        CU_ASSERT_EQUAL(memcmp(out + 1 + bytes, rows[i].bytes, bytes), 0);
        CU_ASSERT_EQUAL(memcmp(out + 1 + 2 * bytes, rows[i].bytes, bytes), 0);
        CU_ASSERT(out[0] == 0xee && out[1 + 3 * bytes] == 0xee);
        CU_ASSERT_EQUAL(pixel_value_rgb(format, (const uint8_t[3]){0xfe, 0x80, 0x33}),
                        value_at(format, out + 1 + bytes));
    }
}

/* Luma is (299 r + 587 g + 114 b + 500) / 1000; grays keep their level, in every format. */
static void luma_is_weighed(void)
{
    static const uint8_t known[][4] = {{255, 0, 0, 76},  {0, 255, 0, 150}, {0, 0, 255, 29},
                                       {1, 0, 1, 0},     {0, 1, 0, 1},     {255, 255, 255, 255},
                                       {10, 20, 30, 18}, {0, 12, 4, 8}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CU_ASSERT_EQUAL(pixel_value_rgb(&pixel_format_gray8, known[i]), known[i][3]);
    for (int level = 0; level < 256; level++) {
        const uint8_t gray[3] = {(uint8_t)level, (uint8_t)level, (uint8_t)level};
        CU_ASSERT_EQUAL(pixel_value_rgb(&pixel_format_gray8, gray), (uint32_t)level);
        CU_ASSERT_EQUAL(pixel_value_rgb(&deep, gray), pixel_value(&deep, level));
    }
}

/* Without dither: the nearest cell. */
static void ramps_give_cells(void)
{
    static const struct pixel_ramp ramp = {3, {9, 4, 7}, {1000, 30000, 65535}};
    static const struct pixel_format format = {.depth = 4, .bits_per_pixel = 8, .ramp = &ramp};
    static const uint8_t levels[][2] = {{0, 9}, {60, 9}, {61, 4}, {185, 4}, {186, 7}, {255, 7}};
    uint32_t palette[256];
    pixel_palette(&format, COLORMAP_GRAY, palette);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        CU_ASSERT_EQUAL(pixel_value(&format, levels[i][0]), levels[i][1]);
        CU_ASSERT_EQUAL(memcmp(&palette[levels[i][0]], &levels[i][1], 1), 0);
    }
    CU_ASSERT_EQUAL(pixel_value_rgb(&format, (const uint8_t[3]){0, 255, 0}), 4);
}

static void formats_are_told_from_nonsense(void)
{
    static const struct pixel_ramp unsorted = {2, {0, 1}, {65535, 0}}, none = {.cells = 0};
    static const struct pixel_ramp large = {2, {0, 16}, {0, 65535}};
    static const struct pixel_format bad[] = {
        PIXEL_MASKS(24, 32, false, 0xff00ff, 0xff00, 0xff), /* a mask in two pieces */
        PIXEL_MASKS(24, 20, false, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(24, 24, false, 0xff000000, 0xff00, 0xff), /* beyond the pixel */
        PIXEL_MASKS(16, 16, false, 0, 0, 0),
        PIXEL_MASKS(17, 16, false, 0xf800, 0x07e0, 0x001f),
        PIXEL_MASKS(0, 8, false, 0, 0, 0),
        PIXEL_MASKS(4, 4, false, 0, 0, 0), /* gray of less than 8 bits is a ramp's */
        PIXEL_MASKS(1, 1, false, 0, 0, 0),
        {.depth = 4, .bits_per_pixel = 4, .ramp = &unsorted},
        {.depth = 4, .bits_per_pixel = 4, .ramp = &none},
        {.depth = 4, .bits_per_pixel = 4, .ramp = &large},
        {.depth = 1, .bits_per_pixel = 1, .unit = 12, .ramp = &unsorted},
    };
    CU_ASSERT(pixel_format_valid(&bgrx) && pixel_format_valid(&xrgb));
    CU_ASSERT(pixel_format_valid(&packed) && pixel_format_valid(&high_color));
    CU_ASSERT(pixel_format_valid(&deep) && pixel_format_valid(&rgb332));
    CU_ASSERT(pixel_format_valid(&pixel_format_gray8));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_FALSE(pixel_format_valid(&bad[i]));
}

SUITE("render/pixels", {"levels become channel values", levels_become_channel_values},
      {"bytes lie in the format's order", bytes_lie_in_the_format_s_order},
      {"packing follows the levels", packing_follows_the_levels},
      {"colours become pixels", colours_become_pixels}, {"luma is weighed", luma_is_weighed},
      {"ramps give cells", ramps_give_cells},
      {"formats are told from nonsense", formats_are_told_from_nonsense})
