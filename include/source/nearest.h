/* The entry of a palette that comes nearest to a colour: the least sum of squared differences of
 * red, green and blue of 8 bits, and of several such the first. */
#ifndef SOURCE_NEAREST_H
#define SOURCE_NEAREST_H

#include <stdint.h>

#include "base/fault.h"

struct nearest;

/* Of `entries` (1 .. 65536) entries, as source_colours tells them. NULL with a fault. */
struct nearest *nearest_new(const uint16_t *const levels[3], int32_t entries, struct fault *fault);
void nearest_free(struct nearest *nearest); /* NULL is allowed */

int32_t nearest_entry(struct nearest *nearest, const uint8_t colour[3]);

#endif
