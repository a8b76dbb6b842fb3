/* The kinds of samples a tile can hold.
 *
 * Narrow types (8 and 16 bits) are held as *codes*: a code is a stored value minus the least value
 * of its type, an unsigned number that averages are taken of and look-ups are indexed with; stored
 * = code + sample_least(type). Wide types (32 and 64 bits) are held as the stored values
 * themselves. In the floating types NaN is no-data, and one NaN of its own (sample_lost_*) what
 * could not be decoded; whole numbers of which some are no-data are therefore held as floats. */
#ifndef BASE_SAMPLE_H
#define BASE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum sample_type {
    SAMPLE_U8,
    SAMPLE_I8,
    SAMPLE_U16,
    SAMPLE_I16,
    SAMPLE_U32,
    SAMPLE_I32,
    SAMPLE_F32,
    SAMPLE_F64,
    SAMPLE_TYPES
};

static inline bool sample_is_narrow(enum sample_type type)
{
    return type <= SAMPLE_I16;
}

static inline bool sample_is_float(enum sample_type type)
{
    return type >= SAMPLE_F32;
}

/* Bytes of one sample in a tile, host byte order: 1, 2, 4 or 8. */
static inline size_t sample_bytes(enum sample_type type)
{
    return type <= SAMPLE_I8 ? 1 : type <= SAMPLE_I16 ? 2 : type <= SAMPLE_F32 ? 4 : 8;
}

static inline bool sample_is_signed(enum sample_type type)
{
    return type == SAMPLE_I8 || type == SAMPLE_I16 || type == SAMPLE_I32 || sample_is_float(type);
}

/* How many codes a narrow type has: 256 or 65,536. */
static inline int32_t sample_codes(enum sample_type type)
{
    return sample_bytes(type) == 1 ? 256 : 65536;
}

/* The stored value of a narrow type's code 0. */
static inline int32_t sample_least(enum sample_type type)
{
    return sample_is_signed(type) ? -sample_codes(type) / 2 : 0;
}

/* The bits of what could not be decoded. */
#define SAMPLE_LOST_F32 UINT32_C(0x7fc10bad)
#define SAMPLE_LOST_F64 UINT64_C(0x7ff810bad0000000)

/* The stored value of sample i of a tile, or of a row of one. */
static inline double sample_value(enum sample_type type, const void *samples, ptrdiff_t i)
{
    const unsigned char *at = (const unsigned char *)samples + i * (ptrdiff_t)sample_bytes(type);
    uint16_t u16;
    uint32_t u32;
    int32_t i32;
    float f32;
    double f64;
    switch (type) {
    case SAMPLE_U8:
    case SAMPLE_I8:
        return *at + sample_least(type);
    case SAMPLE_U16:
    case SAMPLE_I16:
        memcpy(&u16, at, sizeof u16);
        return u16 + sample_least(type);
    case SAMPLE_U32:
        memcpy(&u32, at, sizeof u32);
        return u32;
    case SAMPLE_I32:
        memcpy(&i32, at, sizeof i32);
        return i32;
    case SAMPLE_F32:
        memcpy(&f32, at, sizeof f32);
        return (double)f32;
    case SAMPLE_F64:
        memcpy(&f64, at, sizeof f64);
        return f64;
    case SAMPLE_TYPES:
        break;
    }
    return 0;
}

/* True for a floating sample that could not be decoded. */
static inline bool sample_is_lost(enum sample_type type, const void *samples, ptrdiff_t i)
{
    const unsigned char *at = (const unsigned char *)samples + i * (ptrdiff_t)sample_bytes(type);
    const uint32_t lost32 = SAMPLE_LOST_F32;
    const uint64_t lost64 = SAMPLE_LOST_F64;
    return (type == SAMPLE_F32 && !memcmp(at, &lost32, sizeof lost32)) ||
           (type == SAMPLE_F64 && !memcmp(at, &lost64, sizeof lost64));
}

#endif
