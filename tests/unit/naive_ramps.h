/* Ramps of cells to draw on, such as colormaps are. */
#ifndef NAIVE_RAMPS_H
#define NAIVE_RAMPS_H

#include "render/pixels.h"

/* Black and white, white being pixel 0; a few cells from dark gray to light gray; many, unevenly
 * spaced; 256. All but the first in a wild order. */
static struct pixel_ramp naive_two = {2, {1, 0}, {0, 65535}}, naive_few, naive_uneven, naive_full;

static inline void naive_ramps(void)
{
    naive_few = (struct pixel_ramp){.cells = 7};
    for (int i = 0; i < 7; i++) {
        naive_few.pixel[i] = (uint32_t)(i * 11 + 3) % 16;
        naive_few.level[i] = (uint16_t)(3000 + i * i * 1700);
    }
    naive_uneven = (struct pixel_ramp){.cells = 100};
    for (int i = 0; i < 100; i++) {
        naive_uneven.pixel[i] = (uint32_t)(i * 77 + 5) % 256;
        naive_uneven.level[i] = (uint16_t)(i * i * 6 + i * 67 + i % 3 * 5);
    }
    naive_full = (struct pixel_ramp){.cells = 256};
    for (int i = 0; i < 256; i++) {
        naive_full.pixel[i] = (uint32_t)(i * 93 + 7) % 256;
        naive_full.level[i] = (uint16_t)(i * 257 - (i == 255 ? 0 : i % 50));
    }
}

#endif
