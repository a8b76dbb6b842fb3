/* Moments against sums in whole numbers and in long doubles, of values chosen to lose digits. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>

#include "base/moments.h"

enum { VALUES = 40000 };

static double relative(double a, double b)
{
    return fabs(a - b) / fabs(b);
}

static uint16_t word(int i)
{
    return (uint16_t)((unsigned)i * 40503u >> 3);
}

/* n * sum of squares - sum^2, which whole numbers of 64 bits hold for these. */
static void words_are_exact(void)
{
    struct moments moments = {0};
    uint16_t *values = malloc(VALUES * sizeof *values);
    int64_t sum = 0, squares = 0;
    for (int i = 0; i < VALUES; i++) {
        values[i] = word(i) % 4096;
        sum += values[i];
        squares += (int64_t)values[i] * values[i];
    }
    for (int at = 0; at < VALUES; at += 100)
        moments_add(&moments, SAMPLE_U16, values, at, 100);
    double variance = (double)(VALUES * squares - sum * sum) / VALUES / (VALUES - 1);
    CU_ASSERT_EQUAL(moments.count, VALUES);
    CU_ASSERT(relative(moments_mean(&moments), (double)sum / VALUES) < 3e-16);
    CU_ASSERT(relative(moments_deviation(&moments), sqrt(variance)) < 3e-16);
    free(values);
}

static void signed_codes_are_stored_values(void)
{
    struct moments moments = {0};
    const uint16_t codes[] = {32768 - 1024, 32768, 32768 + 3071};
    const uint8_t bytes[] = {0, 255};
    moments_add(&moments, SAMPLE_I16, codes, 0, 3);
    CU_ASSERT_EQUAL(moments.least, -1024);
    CU_ASSERT_EQUAL(moments.most, 3071);
    CU_ASSERT(relative(moments_mean(&moments), 2047 / 3.0) < 3e-16);
    moments = (struct moments){0};
    moments_add(&moments, SAMPLE_I8, bytes, 0, 2);
    CU_ASSERT_EQUAL(moments.least, -128);
    CU_ASSERT_EQUAL(moments_mean(&moments), -0.5);
    CU_ASSERT(relative(moments_deviation(&moments), 255 / sqrt(2)) < 3e-16);
}

/* A deviation of 1 about 2^50: sums of squares in doubles would know nothing of it. */
static void a_large_mean_takes_nothing_away(void)
{
    struct moments moments = {0};
    const double base = 1125899906842624.0;
    for (int i = 0; i < VALUES; i++) {
        double value = base + (i % 3 - 1);
        moments_add(&moments, SAMPLE_F64, &value, 0, 1);
    }
    /* 40,000 values, of which 13,334, 13,333 and 13,333 are -1, 0 and 1. */
    double sum = -1, squares = 26667, n = VALUES;
    CU_ASSERT_EQUAL(moments_mean(&moments), base + sum / n);
    CU_ASSERT(relative(moments_deviation(&moments), sqrt((squares - sum * sum / n) / (n - 1))) <
              3e-16);
}

static void many_fractions_stay_exact(void)
{
    struct moments moments = {0};
    long double sum = 0, squares = 0;
    for (int i = 0; i < VALUES; i++) {
        float value = (float)word(i) / 7 - 3000.1f;
        sum += (long double)value;
        moments_add(&moments, SAMPLE_F32, &value, 0, 1);
    }
    long double mean = sum / VALUES;
    for (int i = 0; i < VALUES; i++) {
        long double value = (long double)((float)word(i) / 7 - 3000.1f) - mean;
        squares += value * value;
    }
    CU_ASSERT(relative(moments_mean(&moments), (double)mean) < 1e-15);
    CU_ASSERT(relative(moments_deviation(&moments), (double)sqrtl(squares / (VALUES - 1))) < 1e-15);
}

static void the_largest_whole_numbers(void)
{
    struct moments moments = {0};
    const uint32_t values[] = {0, UINT32_MAX, UINT32_MAX, 0};
    moments_add(&moments, SAMPLE_U32, values, 0, 4);
    CU_ASSERT_EQUAL(moments_mean(&moments), UINT32_MAX / 2.0);
    CU_ASSERT(relative(moments_deviation(&moments), UINT32_MAX / sqrt(3)) < 3e-16);
}

static void what_is_no_number_is_left_out(void)
{
    struct moments moments = {0};
    const float values[] = {NAN, 2, INFINITY, 4, -INFINITY, NAN};
    CU_ASSERT(isnan(moments_mean(&moments)));
    CU_ASSERT(isnan(moments_deviation(&moments)));
    moments_add(&moments, SAMPLE_F32, values, 0, 6);
    CU_ASSERT_EQUAL(moments.count, 2);
    CU_ASSERT_EQUAL(moments.left_out, 4);
    CU_ASSERT_EQUAL(moments_mean(&moments), 3);
    CU_ASSERT(relative(moments_deviation(&moments), sqrt(2)) < 3e-16);
    CU_ASSERT_EQUAL(moments.least, 2);
    CU_ASSERT_EQUAL(moments.most, 4);
}

static void one_value_has_no_deviation(void)
{
    struct moments moments = {0};
    const uint8_t value = 77;
    moments_add(&moments, SAMPLE_U8, &value, 0, 1);
    CU_ASSERT_EQUAL(moments_mean(&moments), 77);
    CU_ASSERT_EQUAL(moments_deviation(&moments), 0);
}

SUITE("moments", {"words are exact", words_are_exact},
      {"signed codes are stored values", signed_codes_are_stored_values},
      {"a large mean takes nothing away", a_large_mean_takes_nothing_away},
      {"many fractions stay exact", many_fractions_stay_exact},
      {"the largest whole numbers", the_largest_whole_numbers},
      {"what is no number is left out", what_is_no_number_is_left_out},
      {"one value has no deviation", one_value_has_no_deviation})
