/* Inner loops in AVX2: see render/kernel.h. Compiled wherever the compiler knows x86, used only
 * where the machine has it; what is left over at a row's end goes through the plain ones. */
#include "render/kernel.h"

#if defined(__x86_64__) || defined(__i386__)

#include <immintrin.h>

#include "base/tile.h"

#define AVX2 __attribute__((target("avx2")))

/* Eight codes as 32-bit integers. */
AVX2 static inline __m256i load_codes(const void *codes, size_t bytes, ptrdiff_t i)
{
    const uint8_t *at = (const uint8_t *)codes + i * (ptrdiff_t)bytes;
    if (bytes == 1)
        return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)at));
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
}

struct arithmetic {
    __m256 low, scale;
    __m256i flip;
};

AVX2 static inline struct arithmetic arithmetic_of(const struct curve *curve)
{
    return (struct arithmetic){_mm256_set1_ps(curve->low), _mm256_set1_ps(curve->scale),
                               _mm256_set1_epi32(curve->flip ? 255 : 0)};
}

/* The formula of tone/curve.h; 255 - level is level ^ 255. */
AVX2 static inline __m256i levels_of(struct arithmetic arithmetic, __m256i codes)
{
    __m256 value = _mm256_sub_ps(_mm256_cvtepi32_ps(codes), arithmetic.low);
    value = _mm256_mul_ps(value, arithmetic.scale);
    value = _mm256_min_ps(_mm256_max_ps(value, _mm256_setzero_ps()), _mm256_set1_ps(255));
    value = _mm256_add_ps(value, _mm256_set1_ps(0.5f));
    return _mm256_xor_si256(_mm256_cvttps_epi32(value), arithmetic.flip);
}

/* Shuffle control that copies each 32-bit level to the bytes set in `spread`. */
AVX2 static inline __m256i spread_control(uint32_t spread)
{
    __m256i lanes = _mm256_setr_epi32(0x00000000, 0x04040404, 0x08080808, 0x0c0c0c0c, 0x00000000,
                                      0x04040404, 0x08080808, 0x0c0c0c0c);
    return _mm256_or_si256(lanes, _mm256_set1_epi32((int)(~spread & 0x80808080)));
}

AVX2 static inline int tone_words(const struct toner *toner, const void *codes, size_t bytes, int n,
                                  uint8_t *to)
{
    struct arithmetic arithmetic = arithmetic_of(toner->curve);
    __m256i control = spread_control(toner->spread);
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i levels = levels_of(arithmetic, load_codes(codes, bytes, i));
        _mm256_storeu_si256((__m256i *)(void *)(to + 4 * i), _mm256_shuffle_epi8(levels, control));
    }
    return (int)i;
}

AVX2 static void tone(const struct toner *toner, const void *codes, size_t bytes, int n,
                      uint8_t *to)
{
    int done = 0;
    if (kernel_serves(toner))
        done = bytes == 1 ? tone_words(toner, codes, 1, n, to) : tone_words(toner, codes, 2, n, to);
    kernel_tone_rest(toner, codes, bytes, n, done, to);
}

AVX2 static inline __m256i weigh_codes(const struct weighing *weighing, int row, size_t bytes,
                                       ptrdiff_t i)
{
    __m256i weight = _mm256_set1_epi32((int)weighing->weights[row]);
    return _mm256_mullo_epi32(load_codes(weighing->rows[row], bytes, i), weight);
}

AVX2 static inline int weigh_rows_of(struct weighing weighing, size_t bytes, int count, int n,
                                     uint32_t *sums)
{
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i sum = weigh_codes(&weighing, 0, bytes, i);
        if (count > 1)
            sum = _mm256_add_epi32(sum, weigh_codes(&weighing, 1, bytes, i));
        if (count > 2)
            sum = _mm256_add_epi32(sum, weigh_codes(&weighing, 2, bytes, i));
        _mm256_storeu_si256((__m256i *)(void *)(sums + i), sum);
    }
    return (int)i;
}

AVX2 static inline int weigh_rows_counted(const struct weighing *weighing, size_t bytes, int n,
                                          uint32_t *sums)
{
    if (weighing->count == 3)
        return weigh_rows_of(*weighing, bytes, 3, n, sums);
    if (weighing->count == 2)
        return weigh_rows_of(*weighing, bytes, 2, n, sums);
    return weigh_rows_of(*weighing, bytes, 1, n, sums);
}

AVX2 static void weigh_rows(const struct weighing *weighing, size_t bytes, int n, uint32_t *sums)
{
    int done = bytes == 1 ? weigh_rows_counted(weighing, 1, n, sums)
                          : weigh_rows_counted(weighing, 2, n, sums);
    if (done == n)
        return;
    struct weighing rest = *weighing;
    for (int row = 0; row < rest.count; row++)
        rest.rows[row] = (const uint8_t *)rest.rows[row] + (size_t)done * bytes;
    kernels_plain.weigh_rows(&rest, bytes, n - done, sums + done);
}

/* Eight of the sixteen sums at `from`, chosen by `steps` (each 0 .. 15). */
AVX2 static inline __m256i choose(const uint32_t *from, __m256i steps)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)from);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(from + 8));
    __m256 a = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(low, steps));
    __m256 b = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(high, steps));
    __m256 from_high = _mm256_castsi256_ps(_mm256_slli_epi32(steps, 28)); /* bit 3 to the sign */
    return _mm256_castps_si256(_mm256_blendv_ps(a, b, from_high));
}

AVX2 static inline int weigh_columns_of(const struct columns *columns, int taps,
                                        const uint32_t *sums, int n, uint16_t *codes)
{
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const uint32_t *from = sums + (columns->first[i] - columns->base);
        __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(columns->first + i));
        __m256i steps = _mm256_sub_epi32(first, _mm256_set1_epi32(columns->first[i]));
        __m256i sum = _mm256_set1_epi32(32768);
        for (int tap = 0; tap < taps; tap++) {
            __m256i weights = load_codes(columns->weights + (size_t)tap * columns->plane, 2, i);
            sum = _mm256_add_epi32(sum, _mm256_mullo_epi32(choose(from + tap, steps), weights));
        }
        sum = _mm256_srli_epi32(sum, 16);
        sum = _mm256_permute4x64_epi64(_mm256_packus_epi32(sum, sum), 0x08);
        _mm_storeu_si128((__m128i *)(void *)(codes + i), _mm256_castsi256_si128(sum));
    }
    return (int)i;
}

AVX2 static void weigh_columns(const struct columns *columns, const uint32_t *sums, int n,
                               uint16_t *codes)
{
    int done = columns->taps == 3 ? weigh_columns_of(columns, 3, sums, n, codes) : 0;
    struct columns rest = *columns;
    rest.first += done;
    rest.weights += done;
    kernels_plain.weigh_columns(&rest, sums, n - done, codes + done);
}

AVX2 static inline __m128i load_eight(const uint8_t *at, size_t bytes, size_t row)
{
    const __m128i *from = (const __m128i *)(const void *)(at + row * TILE_SIDE * bytes);
    return bytes == 1 ? _mm_cvtepu8_epi16(_mm_loadl_epi64(from)) : _mm_loadu_si128(from);
}

/* Three of these transpose. Written out: compilers leave loops over vectors in memory. */
AVX2 static inline void interleave(const __m128i from[8], __m128i to[8])
{
    to[0] = _mm_unpacklo_epi16(from[0], from[4]);
    to[1] = _mm_unpackhi_epi16(from[0], from[4]);
    to[2] = _mm_unpacklo_epi16(from[1], from[5]);
    to[3] = _mm_unpackhi_epi16(from[1], from[5]);
    to[4] = _mm_unpacklo_epi16(from[2], from[6]);
    to[5] = _mm_unpackhi_epi16(from[2], from[6]);
    to[6] = _mm_unpacklo_epi16(from[3], from[7]);
    to[7] = _mm_unpackhi_epi16(from[3], from[7]);
}

AVX2 static inline void store_eight(uint16_t *lines, size_t stride, size_t line, __m128i codes)
{
    _mm_storeu_si128((__m128i *)(void *)(lines + line * stride), codes);
}

/* Eight columns of eight rows. */
AVX2 static inline void transpose_square(const uint8_t *at, size_t bytes, uint16_t *lines,
                                         size_t stride)
{
    __m128i a[8] = {load_eight(at, bytes, 0), load_eight(at, bytes, 1), load_eight(at, bytes, 2),
                    load_eight(at, bytes, 3), load_eight(at, bytes, 4), load_eight(at, bytes, 5),
                    load_eight(at, bytes, 6), load_eight(at, bytes, 7)};
    __m128i b[8];
    interleave(a, b);
    interleave(b, a);
    interleave(a, b);
    store_eight(lines, stride, 0, b[0]);
    store_eight(lines, stride, 1, b[1]);
    store_eight(lines, stride, 2, b[2]);
    store_eight(lines, stride, 3, b[3]);
    store_eight(lines, stride, 4, b[4]);
    store_eight(lines, stride, 5, b[5]);
    store_eight(lines, stride, 6, b[6]);
    store_eight(lines, stride, 7, b[7]);
}

AVX2 static void transpose(const void *codes, size_t bytes, int rows, uint16_t *lines,
                           size_t stride)
{
    const uint8_t *at = codes;
    int row = 0;
    for (; row + 8 <= rows; row += 8, at += 8 * TILE_SIDE * bytes)
        for (size_t column = 0; column < KERNEL_COLUMNS; column += 8) {
            uint16_t *to = lines + column * stride + row;
            if (bytes == 1)
                transpose_square(at + column, 1, to, stride);
            else
                transpose_square(at + 2 * column, 2, to, stride);
        }
    kernels_plain.transpose(at, bytes, rows - row, lines + row, stride);
}

static const struct kernels avx2 = {"AVX2", tone, weigh_rows, weigh_columns, transpose};

const struct kernels *kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? &avx2 : NULL;
}

#else

const struct kernels *kernels_avx2(void)
{
    return NULL;
}

#endif
