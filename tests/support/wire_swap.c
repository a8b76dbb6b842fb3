/* Images in the other byte order and bit order. Both are turned together, so a bitmap's first pixel
 * stays in its first byte, whatever the scanline unit. */
#include "support/wire_parts.h"

static uint8_t reversed(uint8_t byte)
{
    uint8_t turned = 0;
    for (int bit = 0; bit < 8; bit++)
        turned = (uint8_t)(turned << 1 | (byte >> bit & 1));
    return turned;
}

static void turn_units(uint8_t *row, size_t stride, size_t unit)
{
    for (size_t at = 0; at + unit <= stride; at += unit)
        for (size_t i = 0; i < unit / 2; i++) {
            uint8_t first = row[at + i];
            row[at + i] = row[at + unit - 1 - i];
            row[at + unit - 1 - i] = first;
        }
}

void wire_swap_image(uint8_t *data, size_t bytes, int format, int bits, int width)
{
    size_t stride = ((size_t)width * (size_t)bits + 31) / 32 * 4;
    if (format != WIRE_Z_PIXMAP || bits == 1) {
        for (size_t i = 0; i < bytes; i++)
            data[i] = reversed(data[i]);
    } else if (bits == 4) {
        for (size_t i = 0; i < bytes; i++)
            data[i] = (uint8_t)(data[i] << 4 | data[i] >> 4);
    } else {
        for (size_t at = 0; stride && at + stride <= bytes; at += stride)
            turn_units(data + at, stride, (size_t)bits / 8);
    }
}
