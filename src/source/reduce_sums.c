/* Sums and means of codes, and the way to those of wide samples: see source/reduce_sums.h. Owns
 * nothing.
 *
 * The loops over 16 cells, or 16 codes of a cell, have a fixed length so that compilers turn them
 * into vector instructions. */
#include "source/reduce_sums.h"

#include <string.h>

#include "source/reduce_wide.h"

enum { K_SMALL = 8 /* 2^16 * 65535 fits 32 bits */ };

size_t reduction_sum_bytes(const struct reduction *reduction)
{
    if (!sample_is_narrow(reduction->type))
        return sizeof(struct reduce_wide_sum);
    return reduction->k <= K_SMALL ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* The sum of n codes; cells of 2^k codes for k = 1, 2, 3 and for any k; means. */
#define DEFINE_SUMS(NAME, CODE, SUM)                                                               \
    static SUM NAME##_total(const CODE *restrict codes, int64_t n)                                 \
    {                                                                                              \
        SUM sum = 0;                                                                               \
        for (; n >= 16; n -= 16, codes += 16)                                                      \
            for (int i = 0; i < 16; i++)                                                           \
                sum += codes[i];                                                                   \
        while (n-- > 0)                                                                            \
            sum += *codes++;                                                                       \
        return sum;                                                                                \
    }                                                                                              \
                                                                                                   \
    static void NAME##_pairs(SUM *restrict sums, const CODE *restrict codes, int64_t cells)        \
    {                                                                                              \
        for (; cells >= 16; cells -= 16, sums += 16, codes += 32)                                  \
            for (int i = 0; i < 16; i++)                                                           \
                sums[i] += (SUM)codes[2 * i] + codes[2 * i + 1];                                   \
        for (; cells > 0; cells--, codes += 2)                                                     \
            *sums++ += (SUM)codes[0] + codes[1];                                                   \
    }                                                                                              \
                                                                                                   \
    static void NAME##_quads(SUM *restrict sums, const CODE *restrict codes, int64_t cells)        \
    {                                                                                              \
        for (; cells >= 16; cells -= 16, sums += 16, codes += 64)                                  \
            for (int i = 0; i < 16; i++)                                                           \
                sums[i] +=                                                                         \
                    (SUM)codes[4 * i] + codes[4 * i + 1] + codes[4 * i + 2] + codes[4 * i + 3];    \
        for (; cells > 0; cells--, codes += 4)                                                     \
            *sums++ += (SUM)codes[0] + codes[1] + codes[2] + codes[3];                             \
    }                                                                                              \
                                                                                                   \
    static void NAME##_octets(SUM *restrict sums, const CODE *restrict codes, int64_t cells)       \
    {                                                                                              \
        for (; cells > 0; cells--, codes += 8) {                                                   \
            SUM sum = 0;                                                                           \
            for (int i = 0; i < 8; i++)                                                            \
                sum += codes[i];                                                                   \
            *sums++ += sum;                                                                        \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void NAME##_cells(SUM *restrict sums, const CODE *restrict codes, int64_t cells, int k) \
    {                                                                                              \
        if (k == 1)                                                                                \
            NAME##_pairs(sums, codes, cells);                                                      \
        else if (k == 2)                                                                           \
            NAME##_quads(sums, codes, cells);                                                      \
        else if (k == 3)                                                                           \
            NAME##_octets(sums, codes, cells);                                                     \
        else                                                                                       \
            for (int64_t c = 0; c < cells; c++)                                                    \
                sums[c] += NAME##_total(codes + (c << k), (int64_t)1 << k);                        \
    }                                                                                              \
                                                                                                   \
    static void NAME##_add(SUM *sums, int64_t x, const CODE *codes, int64_t n, int k)              \
    {                                                                                              \
        int64_t side = (int64_t)1 << k;                                                            \
        int64_t head = (side - (x & (side - 1))) & (side - 1);                                     \
        if (head > n)                                                                              \
            head = n;                                                                              \
        sums += x >> k;                                                                            \
        if (head) {                                                                                \
            *sums += NAME##_total(codes, head);                                                    \
            sums++;                                                                                \
        }                                                                                          \
        int64_t cells = (n - head) >> k;                                                           \
        NAME##_cells(sums, codes + head, cells, k);                                                \
        int64_t done = head + (cells << k);                                                        \
        if (done < n)                                                                              \
            sums[cells] += NAME##_total(codes + done, n - done);                                   \
    }                                                                                              \
                                                                                                   \
    static void NAME##_means(const SUM *restrict sums, int64_t cells, SUM samples,                 \
                             CODE *restrict codes)                                                 \
    {                                                                                              \
        int shift = __builtin_ctzll(samples);                                                      \
        bool power = samples == (SUM)1 << shift;                                                   \
        if (!power) {                                                                              \
            for (int64_t c = 0; c < cells; c++)                                                    \
                codes[c] = (CODE)((sums[c] + samples / 2) / samples);                              \
            return;                                                                                \
        }                                                                                          \
        for (; cells >= 16; cells -= 16, sums += 16, codes += 16)                                  \
            for (int i = 0; i < 16; i++)                                                           \
                codes[i] = (CODE)((sums[i] + samples / 2) >> shift);                               \
        for (; cells > 0; cells--)                                                                 \
            *codes++ = (CODE)((*sums++ + samples / 2) >> shift);                                   \
    }

DEFINE_SUMS(bytes32, uint8_t, uint32_t)
DEFINE_SUMS(bytes64, uint8_t, uint64_t)
DEFINE_SUMS(words32, uint16_t, uint32_t)
DEFINE_SUMS(words64, uint16_t, uint64_t)

void reduction_add(const struct reduction *reduction, void *sums, int64_t x, const void *samples,
                   int64_t n)
{
    bool small = reduction->k <= K_SMALL, bytes = sample_bytes(reduction->type) == 1;
    if (!sample_is_narrow(reduction->type))
        reduce_wide_add(reduction, sums, x, samples, n);
    else if (bytes && small)
        bytes32_add(sums, x, samples, n, reduction->k);
    else if (bytes)
        bytes64_add(sums, x, samples, n, reduction->k);
    else if (small)
        words32_add(sums, x, samples, n, reduction->k);
    else
        words64_add(sums, x, samples, n, reduction->k);
}

void reduction_means(const struct reduction *reduction, const void *sums, int64_t first,
                     int64_t cells, int64_t count, void *means)
{
    bool small = reduction->k <= K_SMALL, bytes = sample_bytes(reduction->type) == 1;
    const uint32_t *sums32 = sums;
    const uint64_t *sums64 = sums;
    const struct reduce_wide_sum *wide = sums;
    if (!sample_is_narrow(reduction->type))
        reduce_wide_means(reduction, wide + first, cells, means);
    else if (bytes && small)
        bytes32_means(sums32 + first, cells, (uint32_t)count, means);
    else if (bytes)
        bytes64_means(sums64 + first, cells, (uint64_t)count, means);
    else if (small)
        words32_means(sums32 + first, cells, (uint32_t)count, means);
    else
        words64_means(sums64 + first, cells, (uint64_t)count, means);
}

void reduction_lose(const struct reduction *reduction, void *samples, int64_t n)
{
    uint32_t *lost32 = samples;
    uint64_t *lost64 = samples;
    if (!sample_is_float(reduction->type))
        memset(samples, 0, (size_t)n * sample_bytes(reduction->type));
    else if (reduction->type == SAMPLE_F32)
        for (int64_t i = 0; i < n; i++)
            lost32[i] = SAMPLE_LOST_F32;
    else
        for (int64_t i = 0; i < n; i++)
            lost64[i] = SAMPLE_LOST_F64;
}
