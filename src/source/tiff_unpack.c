/* Samples as TIFF packs them: see source/tiff_unpack.h.
 *
 * A run is fetched as plain bit patterns, a few hundred at a time, which then are read as whole
 * numbers or as floating-point ones, and stored. Owns nothing. */
#include "source/tiff_unpack.h"

#include <math.h>
#include <string.h>

enum { RUN = 256 };

static bool is_complex(enum sample_format format)
{
    return format == FORMAT_COMPLEX_INT || format == FORMAT_COMPLEX_FLOAT;
}

static bool is_whole(enum sample_format format)
{
    return format == FORMAT_UINT || format == FORMAT_INT;
}

bool tiff_unpack_knows(enum sample_format format, int bits)
{
    switch (format) {
    case FORMAT_UINT:
    case FORMAT_INT:
        return (bits >= 1 && bits <= 32) || bits == 64;
    case FORMAT_FLOAT:
        return bits == 16 || bits == 24 || bits == 32 || bits == 64;
    case FORMAT_COMPLEX_INT:
        return bits == 16 || bits == 32 || bits == 64 || bits == 128;
    case FORMAT_COMPLEX_FLOAT:
        return bits == 32 || bits == 64 || bits == 128;
    case SAMPLE_FORMATS:
        break;
    }
    return false;
}

enum sample_type tiff_unpack_type(enum sample_format format, int bits)
{
    if (format == FORMAT_FLOAT)
        return bits <= 32 ? SAMPLE_F32 : SAMPLE_F64;
    if (is_complex(format))
        return bits <= (format == FORMAT_COMPLEX_INT ? 32 : 64) ? SAMPLE_F32 : SAMPLE_F64;
    bool is_signed = format == FORMAT_INT;
    if (bits <= 8)
        return is_signed ? SAMPLE_I8 : SAMPLE_U8;
    if (bits <= 16)
        return is_signed ? SAMPLE_I16 : SAMPLE_U16;
    if (bits <= 32)
        return is_signed ? SAMPLE_I32 : SAMPLE_U32;
    return SAMPLE_F64;
}

/* Bit patterns. */

static void fetch_bits(const uint8_t *packed, int64_t at, int64_t step, int bits, int n,
                       uint64_t *patterns)
{
    uint64_t mask = ~UINT64_C(0) >> (64 - bits);
    for (int i = 0; i < n; i++, at += step) {
        const uint8_t *byte = packed + (at >> 3);
        int end = (int)(at & 7) + bits, held = 8;
        uint64_t pool = *byte;
        for (; held < end; held += 8)
            pool = pool << 8 | *++byte;
        patterns[i] = pool >> (held - end) & mask;
    }
}

static void fetch_16(const uint8_t *from, int64_t step, bool swapped, int n, uint64_t *patterns)
{
    uint16_t number;
    for (int i = 0; i < n; i++, from += step) {
        memcpy(&number, from, sizeof number);
        patterns[i] = swapped ? __builtin_bswap16(number) : number;
    }
}

static void fetch_24(const uint8_t *from, int64_t step, bool swapped, int n, uint64_t *patterns)
{
    bool big = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) != swapped;
    int first = big ? 16 : 0, last = 16 - first;
    for (int i = 0; i < n; i++, from += step)
        patterns[i] =
            (uint64_t)from[0] << first | (uint64_t)from[1] << 8 | (uint64_t)from[2] << last;
}

static void fetch_32(const uint8_t *from, int64_t step, bool swapped, int n, uint64_t *patterns)
{
    uint32_t number;
    for (int i = 0; i < n; i++, from += step) {
        memcpy(&number, from, sizeof number);
        patterns[i] = swapped ? __builtin_bswap32(number) : number;
    }
}

static void fetch_64(const uint8_t *from, int64_t step, bool swapped, int n, uint64_t *patterns)
{
    uint64_t number;
    for (int i = 0; i < n; i++, from += step) {
        memcpy(&number, from, sizeof number);
        patterns[i] = swapped ? __builtin_bswap64(number) : number;
    }
}

static void fetch(const struct tiff_unpack *unpack, const uint8_t *packed, int64_t at, int64_t step,
                  int bits, int n, uint64_t *patterns)
{
    const uint8_t *from = packed + at / 8;
    bool swapped = unpack->swapped;
    if ((at | step) % 8)
        fetch_bits(packed, at, step, bits, n, patterns);
    else if (bits == 16)
        fetch_16(from, step / 8, swapped, n, patterns);
    else if (bits == 24)
        fetch_24(from, step / 8, swapped, n, patterns);
    else if (bits == 32)
        fetch_32(from, step / 8, swapped, n, patterns);
    else if (bits == 64)
        fetch_64(from, step / 8, swapped, n, patterns);
    else
        fetch_bits(packed, at, step, bits, n, patterns);
}

/* Whole numbers. */

/* In place, in two's complement. */
static void extend_sign(uint64_t *patterns, int bits, int n)
{
    uint64_t sign = UINT64_C(1) << (bits - 1);
    for (int i = 0; i < n; i++)
        patterns[i] = (patterns[i] ^ sign) - sign;
}

/* Codes of narrow types, values of wide ones. */
static void store_whole(enum sample_type to, const uint64_t *numbers, int n, void *row)
{
    uint8_t *u8 = row;
    uint16_t *u16 = row;
    uint32_t *u32 = row;
    uint64_t least = sample_is_narrow(to) ? (uint64_t)(int64_t)sample_least(to) : 0;
    size_t bytes = sample_bytes(to);
    for (int i = 0; i < n && bytes == 1; i++)
        u8[i] = (uint8_t)(numbers[i] - least);
    for (int i = 0; i < n && bytes == 2; i++)
        u16[i] = (uint16_t)(numbers[i] - least);
    for (int i = 0; i < n && bytes == 4; i++)
        u32[i] = (uint32_t)numbers[i];
}

/* Floating-point numbers. */

/* A float of fewer bits than 32: sign, exponent, fraction. */
static double small_float(uint32_t pattern, int bits, int fraction_bits)
{
    int exponent_bits = bits - 1 - fraction_bits;
    uint32_t fraction = pattern & ((1u << fraction_bits) - 1);
    int most = (1 << exponent_bits) - 1, bias = most / 2;
    int exponent = (int)(pattern >> fraction_bits) & most;
    double value;
    if (exponent == most)
        value = fraction ? (double)NAN : (double)INFINITY;
    else if (exponent)
        value = ldexp((double)(fraction | 1u << fraction_bits), exponent - bias - fraction_bits);
    else
        value = ldexp((double)fraction, 1 - bias - fraction_bits);
    return pattern >> (bits - 1) ? -value : value;
}

static void read_floats(const uint64_t *patterns, int bits, int n, double *numbers)
{
    float narrow;
    for (int i = 0; i < n && bits == 16; i++)
        numbers[i] = small_float((uint32_t)patterns[i], 16, 10);
    for (int i = 0; i < n && bits == 24; i++)
        numbers[i] = small_float((uint32_t)patterns[i], 24, 16);
    for (int i = 0; i < n && bits == 32; i++) {
        uint32_t pattern = (uint32_t)patterns[i];
        memcpy(&narrow, &pattern, sizeof narrow);
        numbers[i] = (double)narrow;
    }
    if (bits == 64)
        memcpy(numbers, patterns, (size_t)n * sizeof *numbers);
}

/* What `bits` bits stand for, of which sign extension has been done. */
static void read_numbers(enum sample_format format, uint64_t *patterns, int bits, int n,
                         double *numbers)
{
    switch (format) {
    case FORMAT_UINT:
        for (int i = 0; i < n; i++)
            numbers[i] = (double)patterns[i];
        break;
    case FORMAT_INT:
    case FORMAT_COMPLEX_INT:
        extend_sign(patterns, bits, n);
        for (int i = 0; i < n; i++)
            numbers[i] = (double)(int64_t)patterns[i];
        break;
    case FORMAT_FLOAT:
    case FORMAT_COMPLEX_FLOAT:
        read_floats(patterns, bits, n, numbers);
        break;
    case SAMPLE_FORMATS:
        break;
    }
}

static void store_floats(enum sample_type to, const double *numbers, int n, void *row)
{
    float *f32 = row;
    double *f64 = row;
    for (int i = 0; i < n && to == SAMPLE_F32; i++)
        f32[i] = isnan(numbers[i]) ? NAN : (float)numbers[i];
    for (int i = 0; i < n && to == SAMPLE_F64; i++)
        f64[i] = isnan(numbers[i]) ? (double)NAN : numbers[i];
}

static void unpack_run(const struct tiff_unpack *unpack, const uint8_t *packed, int64_t at,
                       int64_t step, int n, void *row)
{
    uint64_t patterns[RUN];
    double numbers[RUN], other[RUN];
    int bits = is_complex(unpack->format) ? unpack->bits / 2 : unpack->bits;
    fetch(unpack, packed, at, step, bits, n, patterns);
    if (is_whole(unpack->format) && !sample_is_float(unpack->to)) {
        if (unpack->format == FORMAT_INT)
            extend_sign(patterns, bits, n);
        store_whole(unpack->to, patterns, n, row);
        return;
    }
    read_numbers(unpack->format, patterns, bits, n, numbers);
    if (is_complex(unpack->format)) {
        fetch(unpack, packed, at + bits, step, bits, n, patterns);
        read_numbers(unpack->format, patterns, bits, n, other);
        for (int i = 0; i < n; i++)
            numbers[i] = hypot(numbers[i], other[i]);
    }
    store_floats(unpack->to, numbers, n, row);
}

void tiff_unpack_row(const struct tiff_unpack *unpack, const void *packed, int64_t first,
                     int64_t step, int64_t n, void *row)
{
    for (int64_t done = 0; done < n; done += RUN) {
        int count = n - done < RUN ? (int)(n - done) : RUN;
        unpack_run(unpack, packed, first + done * step, step, count,
                   (char *)row + done * (int64_t)sample_bytes(unpack->to));
    }
}
