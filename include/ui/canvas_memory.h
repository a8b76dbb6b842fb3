/* A canvas of 24-bit pixels in memory, with a built-in 6 x 13 font (printable ASCII; anything else
 * is a box). */
#ifndef UI_CANVAS_MEMORY_H
#define UI_CANVAS_MEMORY_H

#include "base/fault.h"
#include "ui/canvas.h"

struct canvas_memory {
    struct canvas canvas; /* first: a struct canvas * to it may be passed on */
    struct scheme scheme;
    struct rgb *pixels; /* width * height, row by row */
};

bool canvas_memory_init(struct canvas_memory *memory, int width, int height,
                        const struct scheme *scheme, struct fault *fault);
void canvas_memory_fini(struct canvas_memory *memory);

#endif
