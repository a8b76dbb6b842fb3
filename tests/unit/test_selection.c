/* Percentiles of samples of every type, in pieces of any size, against sorted values. Guards
 * tone/selection.c and base/order_key.h. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tone/selection.h"

enum { MOST = 3000 };

static uint32_t bins[2][SELECTION_BINS];

static uint32_t noise(uint32_t i)
{
    uint32_t mixed = (i + 1) * 2654435761u;
    return (mixed ^ mixed >> 15) * 2246822519u;
}

/* Values of either sign and of many sizes; of floats some NaN, some infinite. */
static void put(enum sample_type type, void *samples, int i, int kind)
{
    uint32_t u32 = noise((uint32_t)i) >> (kind % 3 * 9);
    int32_t i32 = (int32_t)noise((uint32_t)i) / (kind % 2 ? 1 : 60000);
    double f64 = i % 11 == 3 ? NAN : i % 13 == 5 ? -INFINITY : ldexp(i32, (int)(u32 % 40) - 50);
    float f32 = (float)f64;
    uint16_t u16 = (uint16_t)u32;
    if (sample_bytes(type) == 1)
        ((uint8_t *)samples)[i] = (uint8_t)u32;
    else if (sample_bytes(type) == 2)
        memcpy((char *)samples + 2 * i, &u16, 2);
    else if (type == SAMPLE_F64)
        memcpy((char *)samples + 8 * i, &f64, 8);
    else
        memcpy((char *)samples + 4 * i,
               type == SAMPLE_U32   ? (const void *)&u32
               : type == SAMPLE_I32 ? (const void *)&i32
                                    : (const void *)&f32,
               4);
}

static int in_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The least value that so many of a hundred are not above. */
static double percentile(const double *sorted, int n, double percent)
{
    int i = 0;
    while (i < n - 1 && (i + 1) * 100.0 < percent * n)
        i++;
    return sorted[i];
}

static void check(enum sample_type type, int n, int kind)
{
    static double samples[MOST], sorted[MOST];
    struct selection selection;
    int passes = 0, values = 0;
    for (int i = 0; i < n; i++) {
        put(type, samples, i, kind);
        double value = sample_value(type, samples, i);
        if (isfinite(value))
            sorted[values++] = value;
    }
    qsort(sorted, (size_t)values, sizeof *sorted, in_order);
    selection_begin(&selection, type, bins);
    do {
        for (int i = 0, some = 1; i < n; i += some, some = some * 2 % 97 + 1)
            selection_add(&selection, samples, i, n - i < some ? n - i : some);
        passes++;
    } while (selection_again(&selection));
    struct window_counts found = selection_found(&selection);
    CU_ASSERT_EQUAL((int)selection.counted, values);
    CU_ASSERT(values == 0 || passes == (sample_bytes(type) > 4   ? 4
                                        : sample_bytes(type) > 2 ? 2
                                                                 : 1));
    CU_ASSERT(values == 0 || found.low == percentile(sorted, values, 0.5));
    CU_ASSERT(values == 0 || found.high == percentile(sorted, values, 99.5));
    CU_ASSERT(values == 0 || (found.least == sorted[0] && found.most == sorted[values - 1]));
}

static void percentiles_are_those_of_sorted_values(void)
{
    static const int counts[] = {0, 1, 2, 3, 199, 200, 201, 400, 1999, MOST};
    for (int type = 0; type < SAMPLE_TYPES; type++)
        for (int i = 0; i < 10 * 3; i++)
            check((enum sample_type)type, counts[i % 10], i / 10);
}

SUITE("tone/selection",
      {"percentiles are those of sorted values", percentiles_are_those_of_sorted_values})
