/* Sums and means of wide samples against long double ones, and the cases where rounding would show.
 * Guards render/wide.c. */
#include "suite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/tile.h"
#include "render/wide.h"

enum { LINES = 3, SAMPLES = 600, PIXELS = 520 };

static const enum sample_type types[] = {SAMPLE_U32, SAMPLE_I32, SAMPLE_F32, SAMPLE_F64};

static uint32_t seed = 1;
static double stored[LINES][SAMPLES]; /* what the lines hold */
static uint32_t line_weights[LINES];
static int32_t first[PIXELS];
static uint16_t weights[5 * PIXELS];
static double sums[3][SAMPLES + 5], means[PIXELS + 1];

static uint32_t noise(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

/* The values as samples of a type. */
static void put_line(enum sample_type type, const double *values, uint8_t *samples)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        float single = type == SAMPLE_F32 ? (float)values[i] : 0;
        uint32_t word = type == SAMPLE_U32 ? (uint32_t)values[i] : 0;
        int32_t whole = type == SAMPLE_I32 ? (int32_t)values[i] : 0;
        if (type == SAMPLE_F64)
            memcpy(samples + 8 * i, &values[i], 8);
        else
            memcpy(samples + 4 * i,
                   type == SAMPLE_F32   ? (void *)&single
                   : type == SAMPLE_U32 ? (void *)&word
                                        : (void *)&whole,
                   4);
    }
}

/* Three lines and `taps` columns for each pixel, weights of 256 together; some have none. */
static void random_weights(int taps)
{
    line_weights[0] = noise(100);
    line_weights[1] = noise(100);
    line_weights[2] = 256 - line_weights[0] - line_weights[1];
    for (int i = 0, left; i < PIXELS; i++) {
        first[i] = i ? first[i - 1] + (int32_t)noise(2) : 1000;
        left = 256;
        for (int tap = 0; tap < taps; tap++) {
            int some = tap == taps - 1 || noise(4) == 0 ? left : (int)noise((uint32_t)left + 1);
            weights[tap * PIXELS + i] = (uint16_t)some;
            left -= some;
        }
    }
}

/* Sums hold whatever lay there where no weight will look. */
static void average(enum sample_type type, int taps)
{
    static uint8_t samples[SAMPLES * 8 + 4];
    struct wide_sums all = {sums[0], type == SAMPLE_F64 ? sums[1] : NULL, sums[2]};
    struct columns columns = {first, first[0], weights, PIXELS, taps};
    memset(sums, 0, sizeof sums);
    for (int line = 0; line < LINES; line++) {
        put_line(type, stored[line], samples + line);
        wide_weigh_row(type, samples + line, SAMPLES, line_weights[line], &all);
    }
    for (int i = SAMPLES; i < SAMPLES + 5; i++)
        sums[0][i] = sums[1][i] = sums[2][i] = NAN;
    memset(means, 0x5a, sizeof means);
    wide_weigh_columns(&columns, &all, PIXELS, type, means);
    uint8_t guard = ((uint8_t *)means)[sample_bytes(type) * PIXELS];
    CU_ASSERT_EQUAL(guard, 0x5a);
}

/* A NaN that all but its lowest bits are an infinity. */
static double odd_nan(void)
{
    const uint64_t bits = UINT64_C(0x7ff0000000000001);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double expected(int pixel, int taps)
{
    long double sum = 0, total = 0;
    for (int line = 0; line < LINES; line++)
        for (int tap = 0; tap < taps; tap++) {
            long double weight = (long double)line_weights[line] * weights[tap * PIXELS + pixel];
            double value = weight > 0 ? stored[line][first[pixel] - 1000 + tap] : NAN;
            if (isnan(value))
                continue;
            sum += weight * value;
            total += weight;
        }
    return total > 0 ? (double)(sum / total) : NAN;
}

static bool near(enum sample_type type, double value, double wanted)
{
    if (isnan(wanted) || isinf(wanted))
        return isnan(wanted) ? isnan(value) : value == wanted;
    if (!sample_is_float(type))
        return value == floor(wanted + 0.5);
    return fabs(value - wanted) <= 40000 * (type == SAMPLE_F32 ? FLT_EPSILON : 8 * DBL_EPSILON);
}

static void random_lines(enum sample_type type)
{
    for (int i = 0; i < LINES * SAMPLES; i++) {
        double value = type == SAMPLE_F64 ? noise(1 << 24) / 1e3 - 2000 / 3.0
                                          : (double)noise(40000) - (type == SAMPLE_U32 ? 0 : 20000);
        if (sample_is_float(type) && noise(5) == 0)
            value = noise(2) ? NAN : odd_nan();
        if (sample_is_float(type) && noise(200) == 0)
            value = INFINITY;
        stored[i / SAMPLES][i % SAMPLES] = value;
    }
    if (sample_is_float(type)) /* nothing valid */
        for (int line = 0; line < LINES; line++)
            for (int i = 100; i < 120; i++)
                stored[line][i] = NAN;
}

static void means_leave_out_nan(void)
{
    for (int i = 0; i < 80; i++) {
        enum sample_type type = types[i % 4];
        int taps = 1 + i % 5, wrong = 0;
        random_lines(type);
        random_weights(taps);
        average(type, taps);
        for (int pixel = 0; pixel < PIXELS; pixel++)
            wrong += !near(type, sample_value(type, means, pixel), expected(pixel, taps));
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* Not a bit off, or a narrow window would show noise where there is none; also with gaps. */
static void means_of_one_value_are_that_value(void)
{
    static const double values[] = {0.1,    1 / 3.0,      DBL_MAX, -DBL_MAX,
                                    1e-300, 4294967295.0, INFINITY};
    for (int i = 0; i < 7 * 20; i++) {
        double value = values[i % 7];
        int wrong = 0;
        for (int at = 0; at < LINES * SAMPLES; at++)
            stored[at / SAMPLES][at % SAMPLES] = i / 7 % 2 && noise(3) == 0 ? NAN : value;
        random_weights(3);
        average(SAMPLE_F64, 3);
        for (int pixel = 0; pixel < PIXELS; pixel++)
            wrong += isnan(expected(pixel, 3)) ? !isnan(means[pixel]) : means[pixel] != value;
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void set_all(double value)
{
    for (int at = 0; at < LINES * SAMPLES; at++)
        stored[at / SAMPLES][at % SAMPLES] = value;
}

static void whole_numbers_are_rounded_half_up(void)
{
    set_all(UINT32_MAX);
    random_weights(3);
    average(SAMPLE_U32, 3);
    CU_ASSERT_EQUAL(sample_value(SAMPLE_U32, means, 7), UINT32_MAX);
    set_all(INT32_MIN);
    average(SAMPLE_I32, 3);
    CU_ASSERT_EQUAL(sample_value(SAMPLE_I32, means, 7), INT32_MIN);
    for (int i = 0; i < SAMPLES; i++) { /* every mean is k - 0.5 */
        stored[0][i] = -7 - i;
        stored[1][i] = -8 - i;
    }
    line_weights[0] = line_weights[1] = 128;
    line_weights[2] = 0;
    average(SAMPLE_I32, 3);
    for (int pixel = 0; pixel < PIXELS; pixel++)
        CU_ASSERT_EQUAL(sample_value(SAMPLE_I32, means, pixel), floor(expected(pixel, 3) + 0.5));
    memset(weights, 0, sizeof weights);
    for (int pixel = 0; pixel < PIXELS; pixel++)
        weights[pixel] = 256;
    average(SAMPLE_I32, 3);
    CU_ASSERT_EQUAL(sample_value(SAMPLE_I32, means, 0), -7);
}

static void columns_become_lines(void)
{
    static uint8_t tile[40 * TILE_SIDE * 8], lines[8 * 400];
    for (size_t i = 0; i < sizeof tile; i++)
        tile[i] = (uint8_t)noise(256);
    for (size_t bytes = 4; bytes <= 8; bytes += 4)
        for (int rows = 0; rows < 40; rows += 13) {
            int wrong = 0;
            memset(lines, 0x5a, sizeof lines);
            wide_transpose(tile, bytes, rows, lines, 400);
            for (size_t i = 0; i < sizeof lines; i++) {
                size_t column = i / 400, row = i % 400 / bytes, byte = i % 400 % bytes;
                bool within = column < 32 / bytes && row < (size_t)rows;
                wrong +=
                    lines[i] != (within ? tile[(row * TILE_SIDE + column) * bytes + byte] : 0x5a);
            }
            CU_ASSERT_EQUAL(wrong, 0);
        }
}

SUITE("render/wide", {"means leave out NaN", means_leave_out_nan},
      {"means of one value are that value", means_of_one_value_are_that_value},
      {"whole numbers are rounded half up", whole_numbers_are_rounded_half_up},
      {"columns become lines", columns_become_lines})
