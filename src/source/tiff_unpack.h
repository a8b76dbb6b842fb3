/* Packed samples of any kind that TIFF has to rows of one type that tiles hold. Pure functions;
 * private to src/source. */
#ifndef SOURCE_TIFF_UNPACK_H
#define SOURCE_TIFF_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"
#include "source/page.h"

struct tiff_unpack {
    enum sample_format format;
    int bits;            /* of a sample, both parts of a complex one */
    bool swapped;        /* numbers of whole bytes are not in the host's byte order */
    enum sample_type to; /* what tiff_unpack_type says, or F32 or F64 */
};

/* True for whole numbers of 1 to 32 and 64 bits, floating-point ones of 16, 24, 32 and 64, and
 * complex ones of two such parts (8, 16, 32 or 64 bits; 16, 32 or 64). */
bool tiff_unpack_knows(enum sample_format format, int bits);

/* The type that holds them all: whole numbers of up to 8 bits are U8 or I8, up to 16 U16 or I16, up
 * to 32 U32 or I32, of 64 F64; floats of up to 32 bits F32, of 64 F64; magnitudes of complex
 * numbers F32, of parts that F32 cannot hold (whole ones of 32 and 64 bits, floats of 64) F64. */
enum sample_type tiff_unpack_type(enum sample_format format, int bits);

/* Unpacks n samples: sample i begins at bit first + i * step of `packed`, the highest bit of a byte
 * being its first. Numbers that are no whole bytes are packed highest bit first, whatever the byte
 * order. Narrow types get codes. NaNs of any kind become the plain quiet one. */
void tiff_unpack_row(const struct tiff_unpack *unpack, const void *packed, int64_t first,
                     int64_t step, int64_t n, void *row);

#endif
