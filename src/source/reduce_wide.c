/* Sums and means of wide samples: see source/reduce_wide.h. Owns nothing. */
#include "source/reduce_wide.h"

#include <math.h>

/* A loop for each type: the compiler knows what a sample is. */
#define DEFINE_ADD(NAME, SAMPLE)                                             \
    static void NAME##_add(struct reduce_wide_sum *restrict sums, int64_t x, \
                           const SAMPLE *restrict samples, int64_t n, int k) \
    {                                                                        \
        int64_t side = (int64_t)1 << k, room = side - (x & (side - 1));      \
        for (sums += x >> k; n > 0; sums++, room = side) {                   \
            int64_t count = room < n ? room : n;                             \
            struct reduce_wide_sum s = *sums;                                \
            for (int64_t i = 0; i < count; i++) {                            \
                double value = (double)samples[i];                           \
                bool valid = !isnan(value);                                  \
                s.sum += valid ? value : 0;                                  \
                s.valid += valid;                                            \
            }                                                                \
            *sums = s;                                                       \
            samples += count;                                                \
            n -= count;                                                      \
        }                                                                    \
    }

DEFINE_ADD(u32, uint32_t)
DEFINE_ADD(i32, int32_t)
DEFINE_ADD(f32, float)
DEFINE_ADD(f64, double)

void reduce_wide_add(const struct reduction *reduction, struct reduce_wide_sum *sums, int64_t x,
                     const void *samples, int64_t n)
{
    if (reduction->type == SAMPLE_U32)
        u32_add(sums, x, samples, n, reduction->k);
    else if (reduction->type == SAMPLE_I32)
        i32_add(sums, x, samples, n, reduction->k);
    else if (reduction->type == SAMPLE_F32)
        f32_add(sums, x, samples, n, reduction->k);
    else
        f64_add(sums, x, samples, n, reduction->k);
}

static double mean_of(const struct reduction *reduction, const struct reduce_wide_sum *sum)
{
    if (!sum->valid)
        return (double)NAN;
    double mean = sum->sum / (double)sum->valid;
    return reduction->integral ? floor(mean + 0.5) : mean;
}

/* The sum of very many samples is not exact: a mean must not leave the type for it. */
static double within(double mean, double least, double most)
{
    return mean > least ? (mean < most ? mean : most) : least;
}

void reduce_wide_means(const struct reduction *reduction, const struct reduce_wide_sum *sums,
                       int64_t cells, void *means)
{
    uint32_t *u32 = means;
    int32_t *i32 = means;
    float *f32 = means;
    double *f64 = means;
    for (int64_t c = 0; c < cells; c++) {
        double mean = mean_of(reduction, &sums[c]);
        if (reduction->type == SAMPLE_U32)
            u32[c] = (uint32_t)within(mean, 0, UINT32_MAX);
        else if (reduction->type == SAMPLE_I32)
            i32[c] = (int32_t)within(mean, INT32_MIN, INT32_MAX);
        else if (reduction->type == SAMPLE_F32)
            f32[c] = (float)mean;
        else
            f64[c] = mean;
    }
}
