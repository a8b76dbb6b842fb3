/* What is written on the phantom's picture. */
#ifndef PHANTOM_LETTERS_H
#define PHANTOM_LETTERS_H

#include <stdint.h>

/* Burns the side marker and the line of text into PLANE_WIDTH x PLANE_HEIGHT pixels. */
void letters_paint(uint16_t *pixels);

#endif
