/* Inner loops for wide samples: see render/wide.h. They own nothing and know neither views nor
 * arenas. A line goes through in chunks that stay in the first cache, as doubles. */
#include "render/wide.h"

#include <math.h>
#include <string.h>

#include "base/tile.h"

enum { CHUNK = 256, WEIGHT = 256 };

/* Doubles of the chunk that begins at sample `from`. */
static void widen(enum sample_type type, const void *samples, ptrdiff_t from, int n, double *to)
{
    const uint8_t *at = (const uint8_t *)samples + from * (ptrdiff_t)sample_bytes(type);
    if (type == SAMPLE_F64)
        memcpy(to, at, (size_t)n * sizeof *to);
    else if (type == SAMPLE_F32)
        for (int i = 0; i < n; i++)
            to[i] = sample_value(SAMPLE_F32, at, i);
    else if (type == SAMPLE_I32)
        for (int i = 0; i < n; i++)
            to[i] = sample_value(SAMPLE_I32, at, i);
    else
        for (int i = 0; i < n; i++)
            to[i] = sample_value(SAMPLE_U32, at, i);
}

/* The upper 32 bits of a number's fraction: 16 bits of weights multiply them without loss. */
static double upper(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= ~UINT64_C(0x1fffff);
    memcpy(&value, &bits, sizeof bits);
    return value;
}

/* Moves the values' lower bits into sums of their own. */
static void add_lower(double *values, int n, double share, double *sums)
{
    for (int i = 0; i < n; i++) {
        double high = upper(values[i]), low = values[i] - high;
        sums[i] += low == low ? share * low : 0; /* infinities have none */
        values[i] = values[i] == values[i] ? high : values[i];
    }
}

static void add_values(const double *restrict values, int n, double share, double *restrict sums,
                       double *restrict weights)
{
    for (int i = 0; i < n; i++) {
        double value = values[i];
        bool valid = value == value;
        sums[i] += valid ? share * value : 0;
        weights[i] += valid ? share : 0;
    }
}

void wide_weigh_row(enum sample_type type, const void *samples, int n, uint32_t weight,
                    const struct wide_sums *sums)
{
    double values[CHUNK], share = (double)weight / WEIGHT;
    for (int done = 0; done < n && weight > 0; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        widen(type, samples, done, some, values);
        if (sums->low)
            add_lower(values, some, share, sums->low + done);
        add_values(values, some, share, sums->high + done, sums->weight + done);
    }
}

/* The weighted sum of a pixel's columns; those of no weight are not looked at. */
static inline double weigh(const double *sums, const uint16_t *weights, size_t plane, int taps)
{
    double sum = 0;
    for (int tap = 0; tap < taps; tap++, weights += plane)
        sum += *weights ? *weights * (1.0 / WEIGHT) * sums[tap] : 0;
    return sum;
}

static inline void mean_chunk(const struct columns *columns, const struct wide_sums *sums, int n,
                              int taps, double *means)
{
    for (int i = 0; i < n; i++) {
        ptrdiff_t first = columns->first[i] - columns->base;
        const uint16_t *weights = columns->weights + i;
        double total = weigh(sums->weight + first, weights, columns->plane, taps);
        means[i] = weigh(sums->high + first, weights, columns->plane, taps) / total;
        if (sums->low)
            means[i] += weigh(sums->low + first, weights, columns->plane, taps) / total;
    }
}

static void narrow(const double *means, int n, enum sample_type type, uint8_t *to)
{
    for (ptrdiff_t i = 0; i < n; i++) {
        float single = (float)means[i];
        if (type == SAMPLE_F32) {
            memcpy(to + 4 * i, &single, sizeof single);
        } else if (type == SAMPLE_I32) {
            int32_t whole = (int32_t)floor(means[i] + 0.5);
            memcpy(to + 4 * i, &whole, sizeof whole);
        } else if (type == SAMPLE_U32) {
            uint32_t whole = (uint32_t)(means[i] + 0.5);
            memcpy(to + 4 * i, &whole, sizeof whole);
        } else {
            memcpy(to + 8 * i, &means[i], sizeof *means);
        }
    }
}

void wide_weigh_columns(const struct columns *columns, const struct wide_sums *sums, int n,
                        enum sample_type type, void *samples)
{
    struct columns rest = *columns;
    uint8_t *to = samples;
    double means[CHUNK];
    for (int done = 0; done < n; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        if (rest.taps == 3)
            mean_chunk(&rest, sums, some, 3, means);
        else
            mean_chunk(&rest, sums, some, rest.taps, means);
        narrow(means, some, type, to);
        to += (size_t)some * sample_bytes(type);
        rest.first += some;
        rest.weights += some;
    }
}

static inline void transpose(const uint8_t *samples, size_t bytes, int rows, uint8_t *lines,
                             size_t stride)
{
    for (size_t row = 0; row < (size_t)rows; row++)
        for (size_t column = 0; column < 32 / bytes; column++)
            memcpy(lines + column * stride + row * bytes,
                   samples + (row * TILE_SIDE + column) * bytes, bytes);
}

void wide_transpose(const void *samples, size_t bytes, int rows, void *lines, size_t stride)
{
    if (bytes == 4)
        transpose(samples, 4, rows, lines, stride);
    else
        transpose(samples, 8, rows, lines, stride);
}
