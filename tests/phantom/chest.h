/* A chest seen from behind by X-rays: the phantom's picture, 12 bits a pixel. */
#ifndef PHANTOM_CHEST_H
#define PHANTOM_CHEST_H

#include <stdbool.h>
#include <stdint.h>

enum { CHEST_BITS = 12, CHEST_WHITE = (1 << CHEST_BITS) - 1 };

/* Fills PLANE_WIDTH x PLANE_HEIGHT pixels, row by row: air is dark, bone bright. False when memory
 * ran out. */
bool chest_paint(uint16_t *pixels);

#endif
