/* The tone of a row in AVX-512, sixteen pixels at a time: see render/kernel.h. The step that a
 * window change repeats most; everything else is the AVX2 kernels' as it is. */
#include "render/kernel.h"

#include "config.h"

#ifdef HAVE_AVX512

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw")))

AVX512 static inline __m512i load_codes(const void *codes, size_t bytes, ptrdiff_t i)
{
    const uint8_t *at = (const uint8_t *)codes + i * (ptrdiff_t)bytes;
    if (bytes == 1)
        return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)at));
}

/* The formula of tone/curve.h; 255 - level is level ^ 255. */
AVX512 static inline int tone_words(const struct toner *toner, const void *codes, size_t bytes,
                                    int n, uint8_t *to)
{
    const struct curve *curve = toner->curve;
    __m512 low = _mm512_set1_ps(curve->low), scale = _mm512_set1_ps(curve->scale);
    __m512 most = _mm512_set1_ps(255), half = _mm512_set1_ps(0.5f);
    __m512i flip = _mm512_set1_epi32(curve->flip ? 255 : 0);
    /* Copies each 32-bit level to the bytes set in `spread`. */
    __m512i control = _mm512_or_si512(
        _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0x04040404, 0x08080808, 0x0c0c0c0c)),
        _mm512_set1_epi32((int)(~toner->spread & 0x80808080)));
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m512 value = _mm512_sub_ps(_mm512_cvtepi32_ps(load_codes(codes, bytes, i)), low);
        value = _mm512_mul_ps(value, scale);
        value = _mm512_min_ps(_mm512_max_ps(value, _mm512_setzero_ps()), most);
        __m512i level = _mm512_cvttps_epi32(_mm512_add_ps(value, half));
        level = _mm512_shuffle_epi8(_mm512_xor_si512(level, flip), control);
        _mm512_storeu_si512(to + 4 * i, level);
    }
    return (int)i;
}

AVX512 static void tone(const struct toner *toner, const void *codes, size_t bytes, int n,
                        uint8_t *to)
{
    int done = 0;
    if (kernel_serves(toner))
        done = bytes == 1 ? tone_words(toner, codes, 1, n, to) : tone_words(toner, codes, 2, n, to);
    kernel_tone_rest(toner, codes, bytes, n, done, to);
}

const struct kernels *kernels_avx512(void)
{
    static struct kernels avx512;
    const struct kernels *avx2 = kernels_avx2();
    if (!avx2 || !__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw"))
        return NULL;
    avx512 = *avx2;
    avx512.name = "AVX-512";
    avx512.tone = tone;
    return &avx512;
}

#else

const struct kernels *kernels_avx512(void)
{
    return NULL;
}

#endif
