/* The AVX2 and AVX-512 kernels against the plain ones: random data, every short length, odd
 * addresses. Where there is no AVX2 the plain ones are held against arithmetic written here. Guards
 * render/kernel.c and render/kernel_avx2.c and render/kernel_avx512.c. */
#include "suite.h"

#include <string.h>

#include "base/tile.h"
#include "render/kernel.h"

enum { LONGEST = 67, ROOM = 4096, GUARD = 0xa5 };

static uint32_t seed = 1;
static struct curve curve;
static struct toner toner;
static uint8_t data[4][ROOM], out[2][ROOM];

static uint32_t noise(void)
{
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

static void fill_noise(void *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = (uint8_t)(noise() >> 7);
}

static const struct kernels *tried = &kernels_plain;

static const struct kernels *fast(void)
{
    return tried;
}

/* Runs a check for all kernels that this machine has. */
static void with_all(void (*check)(void))
{
    const struct kernels *all[] = {&kernels_plain, kernels_avx2(), kernels_avx512()};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i])
            continue;
        tried = all[i];
        check();
    }
}

static void clear_out(void)
{
    memset(out, GUARD, sizeof out);
}

static void check_tone(size_t bytes)
{
    for (int n = 0; n <= LONGEST; n++) {
        size_t odd = noise() % 4;
        fill_noise(data[0], sizeof data[0]);
        clear_out();
        kernels_plain.tone(&toner, data[0] + odd, bytes, n, out[0] + odd);
        fast()->tone(&toner, data[0] + odd, bytes, n, out[1] + odd);
        CU_ASSERT_EQUAL(memcmp(out[0], out[1], ROOM), 0);
        size_t end = odd + (size_t)(n * toner.format.bits_per_pixel / 8);
        CU_ASSERT_EQUAL(out[0][end], GUARD);
        for (int i = 0; i < n && bytes == 1; i++)
            CU_ASSERT_EQUAL(memcmp(out[0] + odd + i * toner.format.bits_per_pixel / 8,
                                   &toner.palette[curve.level[data[0][odd + (size_t)i]]],
                                   (size_t)toner.format.bits_per_pixel / 8),
                            0);
    }
}

static void tones_are_equal(void)
{
    static const struct pixel_format formats[] = {
        PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(24, 32, true, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(24, 32, false, 0xff, 0xff00, 0xff0000),
        PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff),
        PIXEL_MASKS(24, 24, false, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(16, 16, true, 0xf800, 0x07e0, 0x001f),
        PIXEL_MASKS(8, 8, false, 0, 0, 0),
        PIXEL_MASKS(32, 32, false, 0xff000000, 0xff00, 0xff),
    };
    static const enum sample_type types[] = {SAMPLE_I8, SAMPLE_U16};
    toner.curve = &curve;
    for (size_t i = 0; i < 4 * sizeof formats / sizeof *formats; i++) {
        enum sample_type type = types[i & 1];
        struct window window = {.center = i & 1 ? 30000 : -20,
                                .width = i & 1 ? 50001 : 101,
                                .voi = VOI_LINEAR,
                                .invert = i & 2};
        curve_compile(&curve, &window, (struct modality){1, 0}, type, false);
        toner_format(&toner, &formats[i / 4]);
        check_tone(sample_bytes(type));
        curve.arithmetic = false;
        check_tone(sample_bytes(type));
    }
}

/* Every code of many windows, so that the arithmetic is tried where the machine really does it. */
static void tones_equal_the_table(void)
{
    static uint16_t codes[65536];
    static uint32_t pixels[65536];
    static const struct pixel_format format = /* as this machine stores them */
        PIXEL_MASKS(24, 32, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, 0xff0000, 0xff00, 0xff);
    for (int code = 0; code < 65536; code++)
        codes[code] = (uint16_t)code;
    toner.curve = &curve;
    toner_format(&toner, &format);
    for (int width = 1; width < 100000; width += 1 + width / 2) {
        struct window window = {.center = 2000 + width / 3,
                                .width = width,
                                .voi = (enum voi)(width % 2),
                                .invert = width & 4};
        int wrong = 0;
        curve_compile(&curve, &window, (struct modality){width & 8 ? -1 : 1, 3}, SAMPLE_U16, false);
        fast()->tone(&toner, codes, 2, 65536, (uint8_t *)pixels);
        for (int code = 0; code < 65536; code++)
            wrong += pixels[code] != curve.level[code] * 0x010101u;
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void check_rows(struct weighing *weighing, size_t bytes, int n)
{
    uint32_t sums[2][LONGEST + 1];
    memset(sums, GUARD, sizeof sums);
    kernels_plain.weigh_rows(weighing, bytes, n, sums[0]);
    fast()->weigh_rows(weighing, bytes, n, sums[1]);
    CU_ASSERT_EQUAL(memcmp(sums[0], sums[1], sizeof sums[0]), 0);
    CU_ASSERT_EQUAL(sums[0][n], GUARD * 0x01010101u);
    for (int i = 0; i < n; i++) {
        uint32_t sum = 0;
        for (int row = 0; row < weighing->count; row++) {
            const uint8_t *codes = weighing->rows[row];
            uint16_t code = codes[i];
            if (bytes == 2)
                memcpy(&code, codes + 2 * i, 2);
            sum += weighing->weights[row] * code;
        }
        CU_ASSERT_EQUAL(sums[0][i], sum);
    }
}

static void sums_of_rows_are_equal(void)
{
    for (int i = 0; i < 6 * (LONGEST + 1); i++) {
        struct weighing weighing = {.count = i % 3 + 1};
        fill_noise(data, sizeof data);
        if (i % 5 == 0)
            memset(data, 0xff, sizeof data);
        weighing.weights[0] = noise() % 100;
        weighing.weights[1] = weighing.count > 1 ? noise() % 100 : 0;
        weighing.weights[2] = 256 - weighing.weights[0] - weighing.weights[1];
        if (weighing.count == 1)
            weighing.weights[0] = 256;
        for (int row = 0; row < 3; row++)
            weighing.rows[row] = data[row] + noise() % 5;
        check_rows(&weighing, (size_t)(i / 3 % 2 + 1), i / 6);
    }
}

static void check_columns(int taps, int n, bool full)
{
    uint32_t sums[2 * LONGEST + 8 * 16 + KERNEL_SLACK];
    int32_t first[LONGEST + 1] = {1000};
    uint16_t weights[16 * LONGEST] = {0}, codes[2][LONGEST + 1];
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        sums[i] = full ? 65535 * 256 : noise() % (65535 * 256 + 1);
    for (int i = 1; i < n; i++)
        first[i] = first[i - 1] + (int32_t)(i % 7 == 1 ? 3 : noise() % 3);
    for (int i = 0; i < n; i++)
        for (int tap = 0, left = 256; tap < taps; tap++) {
            int weight = tap == taps - 1 ? left : (int)(noise() % (uint32_t)(left + 1));
            weights[tap * n + i] = (uint16_t)weight;
            left -= weight;
        }
    memset(codes, GUARD, sizeof codes);
    struct columns columns = {first, first[0], weights, (size_t)n, taps};
    kernels_plain.weigh_columns(&columns, sums, n, codes[0]);
    fast()->weigh_columns(&columns, sums, n, codes[1]);
    CU_ASSERT_EQUAL(memcmp(codes[0], codes[1], sizeof codes[0]), 0);
    CU_ASSERT_EQUAL(codes[1][n], GUARD * 0x0101);
    for (int i = 0; i < n; i++) {
        uint64_t sum = 32768;
        for (int tap = 0; tap < taps; tap++)
            sum += (uint64_t)weights[tap * n + i] * sums[first[i] - first[0] + tap];
        CU_ASSERT_EQUAL(codes[0][i], sum >> 16);
    }
}

static void sums_of_columns_are_equal(void)
{
    for (int n = 0; n <= LONGEST; n++)
        for (int taps = 1; taps <= 5; taps++)
            check_columns(taps, n, (n + taps) % 4 == 0);
}

static void check_transpose(const uint8_t *tile, size_t bytes, int rows)
{
    static uint16_t lines[2][KERNEL_COLUMNS * (LONGEST + 4)];
    size_t stride = LONGEST + 3;
    int wrong = 0;
    memset(lines, GUARD, sizeof lines);
    kernels_plain.transpose(tile, bytes, rows, lines[0], stride);
    fast()->transpose(tile, bytes, rows, lines[1], stride);
    CU_ASSERT_EQUAL(memcmp(lines[0], lines[1], sizeof lines[0]), 0);
    for (int column = 0; column < KERNEL_COLUMNS; column++)
        for (int row = 0; row < (int)stride; row++) {
            uint16_t code = tile[row * TILE_SIDE + column];
            if (bytes == 2)
                memcpy(&code, tile + 2 * (row * TILE_SIDE + column), 2);
            wrong += lines[0][column * (int)stride + row] != (row < rows ? code : GUARD * 0x0101);
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void columns_become_lines(void)
{
    static uint8_t tile[(LONGEST + 4) * TILE_SIDE * 2];
    fill_noise(tile, sizeof tile);
    for (int rows = 0; rows <= LONGEST; rows++) {
        check_transpose(tile + noise() % 8, 1, rows);
        check_transpose(tile + noise() % 8, 2, rows);
    }
}

static void the_fastest_are_chosen(void)
{
    CU_ASSERT_PTR_EQUAL(kernels_best(), kernels_avx512() ? kernels_avx512()
                                        : kernels_avx2() ? kernels_avx2()
                                                         : &kernels_plain);
    CU_ASSERT_STRING_EQUAL(kernels_plain.name, "plain");
}

static void every_tones_are_equal(void)
{
    with_all(tones_are_equal);
}

static void every_tones_equal_the_table(void)
{
    with_all(tones_equal_the_table);
}

static void every_sums_of_rows_are_equal(void)
{
    with_all(sums_of_rows_are_equal);
}

static void every_sums_of_columns_are_equal(void)
{
    with_all(sums_of_columns_are_equal);
}

static void every_columns_become_lines(void)
{
    with_all(columns_become_lines);
}

SUITE("render/kernel", {"tones are equal", every_tones_are_equal},
      {"tones equal the table", every_tones_equal_the_table},
      {"sums of rows are equal", every_sums_of_rows_are_equal},
      {"sums of columns are equal", every_sums_of_columns_are_equal},
      {"columns become lines", every_columns_become_lines},
      {"the fastest kernels are chosen", the_fastest_are_chosen})
