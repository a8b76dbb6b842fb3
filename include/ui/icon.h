/* The program's icon, as a drawing: what the window tells the window manager, and what the files in
 * data/icons were made from. */
#ifndef UI_ICON_H
#define UI_ICON_H

#include <stdint.h>

/* The colour of pixel (x, y) of the icon of side x side pixels: 0xAARRGGBB, opaque. */
uint32_t icon_argb(int side, int x, int y);

#endif
