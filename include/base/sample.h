/* The kinds of stored values, and the code that stands for one inside the program.
 *
 * A *code* is a stored value minus the least value of its type: an unsigned number that tiles hold,
 * averages are taken of and look-ups are indexed with. stored = code + sample_least(type). */
#ifndef BASE_SAMPLE_H
#define BASE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sample_type { SAMPLE_U8, SAMPLE_I8, SAMPLE_U16, SAMPLE_I16, SAMPLE_TYPES };

/* Bytes of one code in a tile: 1 or 2, host byte order. */
static inline size_t sample_bytes(enum sample_type type)
{
    return type == SAMPLE_U8 || type == SAMPLE_I8 ? 1 : 2;
}

static inline bool sample_is_signed(enum sample_type type)
{
    return type == SAMPLE_I8 || type == SAMPLE_I16;
}

/* How many codes there are: 256 or 65,536. */
static inline int32_t sample_codes(enum sample_type type)
{
    return sample_bytes(type) == 1 ? 256 : 65536;
}

/* The stored value of code 0. */
static inline int32_t sample_least(enum sample_type type)
{
    return sample_is_signed(type) ? -sample_codes(type) / 2 : 0;
}

#endif
