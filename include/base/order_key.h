/* Whole numbers that are ordered as the values of wide samples are: what a radix selection counts.
 *
 * A key has as many bits as the sample. A floating key takes up the sign's
 * bit for positive values and turns all bits of negative ones; -0 comes right below 0. */
#ifndef BASE_ORDER_KEY_H
#define BASE_ORDER_KEY_H

#include <stdint.h>
#include <string.h>

#include "base/sample.h"

static inline uint32_t order_key32(enum sample_type type, uint32_t bits)
{
    const uint32_t top = UINT32_C(1) << 31;
    if (type == SAMPLE_U32)
        return bits;
    return type == SAMPLE_F32 && bits & top ? ~bits : bits ^ top;
}

/* The key of sample i of a wide type that is not NaN. */
static inline uint64_t order_key(enum sample_type type, const void *samples, int64_t i)
{
    const uint64_t top = UINT64_C(1) << 63;
    uint64_t bits;
    uint32_t bits32;
    if (type != SAMPLE_F64) {
        memcpy(&bits32, (const char *)samples + 4 * i, sizeof bits32);
        return order_key32(type, bits32);
    }
    memcpy(&bits, (const char *)samples + 8 * i, sizeof bits);
    return bits & top ? ~bits : bits ^ top;
}

/* The value whose key it is. */
static inline double order_value(enum sample_type type, uint64_t key)
{
    const uint32_t top32 = UINT32_C(1) << 31;
    const uint64_t top = UINT64_C(1) << 63;
    union {
        uint64_t of64;
        uint32_t of32;
    } bits;
    if (type == SAMPLE_F64)
        bits.of64 = key & top ? key ^ top : ~key;
    else if (type == SAMPLE_U32)
        bits.of32 = (uint32_t)key;
    else
        bits.of32 = (uint32_t)(type == SAMPLE_F32 && !(key & top32) ? ~key : key ^ top32);
    return sample_value(type, &bits, 0);
}

#endif
