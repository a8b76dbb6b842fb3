/* Plain images: see tiff_plain.h. */
#include "support/tiff_plain.h"

#include <stdlib.h>
#include <string.h>

static void add_image(struct raw_tiff *raw, uint64_t width, uint64_t height, uint64_t bits,
                      uint8_t *samples, uint64_t kind)
{
    size_t bytes = (size_t)((width * bits + 7) / 8 * height);
    raw_image(raw, width, height, bits, raw_data(raw, samples, bytes), bytes);
    if (kind)
        raw_number(raw, 254, RAW_LONG, kind);
    free(samples);
}

void plain_image(struct raw_tiff *raw, uint64_t width, uint64_t height, uint16_t first,
                 uint64_t kind)
{
    uint8_t *samples = malloc(2 * width * height);
    for (uint64_t i = 0; i < width * height; i++) {
        uint16_t sample = (uint16_t)(first + i);
        samples[2 * i + raw->big_endian] = (uint8_t)sample;
        samples[2 * i + !raw->big_endian] = (uint8_t)(sample >> 8);
    }
    add_image(raw, width, height, 16, samples, kind);
}

void plain_mask(struct raw_tiff *raw, uint64_t width, uint64_t height, uint64_t bits, uint64_t kind)
{
    uint64_t row = (width * bits + 7) / 8;
    uint8_t *samples = calloc(row, height);
    for (uint64_t y = 0; y < height; y++)
        for (uint64_t x = 0; x < width; x++) {
            if ((x + y) % 3 == 0)
                continue;
            if (bits == 8)
                samples[y * row + x] = (uint8_t)(x + 1);
            else
                samples[y * row + x / 8] |= (uint8_t)(0x80 >> x % 8);
        }
    add_image(raw, width, height, bits, samples, kind);
    raw_number(raw, 262, RAW_SHORT, 4);
}
