/* Moments of many values: see base/moments.h. Sums are kept as two doubles (T. J. Dekker, "A
 * floating-point technique for extending the available precision", 1971), of differences to the
 * first value, so that a large mean takes nothing from a small deviation. Owns nothing. */
#include "base/moments.h"

#include <math.h>

/* sum += value, exactly but for what two doubles cannot hold. */
static void add(double sum[2], double value)
{
    double high = sum[0] + value;
    double rest = high - sum[0];
    double low = sum[1] + ((sum[0] - (high - rest)) + (value - rest));
    sum[0] = high + low;
    sum[1] = low - (sum[0] - high);
}

/* value * value as high + low, exactly. */
static void square(double value, double *high, double *low)
{
    double scaled = value * 134217729.0; /* 2^27 + 1 */
    double upper = scaled - (scaled - value), lower = value - upper;
    *high = value * value;
    *low = ((upper * upper - *high) + 2 * upper * lower) + lower * lower;
}

static void note_range(struct moments *moments, double least, double most)
{
    if (moments->count == 0) {
        moments->first = moments->least = least;
        moments->most = most;
    }
    moments->least = fmin(moments->least, least);
    moments->most = fmax(moments->most, most);
}

static void add_value(struct moments *moments, double value)
{
    double high, low;
    if (!isfinite(value)) {
        moments->left_out++;
        return;
    }
    note_range(moments, value, value);
    moments->count++;
    double difference = value - moments->first;
    square(difference, &high, &low);
    add(moments->sum, difference);
    add(moments->squares, high);
    if (isfinite(low))
        add(moments->squares, low);
}

static int32_t code_at(enum sample_type type, const void *samples, ptrdiff_t i)
{
    if (sample_bytes(type) == 1)
        return ((const uint8_t *)samples)[i];
    return ((const uint16_t *)samples)[i];
}

/* Of codes whole sums are exact: differences have 17 bits, their squares 32. */
static void add_codes(struct moments *moments, enum sample_type type, const void *samples,
                      ptrdiff_t at, int count)
{
    int32_t least = INT32_MAX, most = INT32_MIN;
    int64_t sum = 0, squares = 0;
    for (ptrdiff_t i = at; i < at + count; i++) {
        int32_t code = code_at(type, samples, i);
        least = code < least ? code : least;
        most = code > most ? code : most;
    }
    note_range(moments, least + sample_least(type), most + sample_least(type));
    int32_t first = (int32_t)moments->first - sample_least(type);
    for (ptrdiff_t i = at; i < at + count; i++) {
        int64_t difference = code_at(type, samples, i) - first;
        sum += difference;
        squares += difference * difference;
    }
    moments->count += count;
    add(moments->sum, (double)sum);
    add(moments->squares, (double)squares);
}

void moments_add(struct moments *moments, enum sample_type type, const void *samples, ptrdiff_t at,
                 int count)
{
    if (count < 1)
        return;
    if (sample_is_narrow(type)) {
        add_codes(moments, type, samples, at, count);
        return;
    }
    for (ptrdiff_t i = at; i < at + count; i++)
        add_value(moments, sample_value(type, samples, i));
}

/* The whole sum as two doubles, so that the quotient is the nearest double there is. */
double moments_mean(const struct moments *moments)
{
    double n = (double)moments->count, sum[2] = {moments->sum[0], moments->sum[1]};
    if (moments->count == 0)
        return NAN;
    double product = n * moments->first;
    add(sum, product);
    add(sum, fma(n, moments->first, -product));
    double mean = sum[0] / n;
    if (!isfinite(mean)) /* so many so large */
        return moments->first + moments->sum[0] / n;
    return mean + (fma(-mean, n, sum[0]) + sum[1]) / n;
}

/* The sum of squares less the part that the mean's distance makes, both as two doubles. */
double moments_deviation(const struct moments *moments)
{
    double high, low, left[2] = {moments->squares[0], moments->squares[1]};
    double n = (double)moments->count, mean = moments->sum[0] / n;
    if (moments->count < 2)
        return moments->count ? 0 : NAN;
    /* sum^2 / n = n mean^2; what the rounded mean leaves: sum = n mean + rest. */
    double rest = fma(-n, mean, moments->sum[0]) + moments->sum[1];
    square(mean, &high, &low);
    double product = -n * high, error = fma(-n, high, -product);
    add(left, product);
    add(left, error - n * low - 2 * mean * rest);
    return sqrt(fmax(0, left[0] - rest * rest / n) / (n - 1));
}
