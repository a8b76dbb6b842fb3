/* Writes a large 16-bit film for benchmarks: slopes with five bits of noise, as radiographs have,
 * which deflate makes about half as large.
 * Usage: make-film FILE SIDE TILE (TILE 0: one strip), compressed with deflate and predictor 2 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

static uint32_t noise(void)
{
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

static uint16_t value(uint32_t x, uint32_t y, uint32_t chance)
{
    return (uint16_t)(8000 + (x >> 3) % 9000 + (y >> 4) % 5000 + (chance & 31));
}

static void fill(uint16_t *to, uint32_t x, uint32_t y, uint32_t n)
{
    uint32_t chance = 0;
    for (uint32_t i = 0; i < n; i++, chance >>= 5) {
        if (i % 6 == 0)
            chance = noise();
        to[i] = value(x + i, y, chance);
    }
}

static bool write_tiles(TIFF *tiff, uint32_t side, uint32_t tile)
{
    uint16_t *block = malloc((size_t)tile * tile * 2);
    bool fine = block != NULL;
    for (uint32_t y = 0; fine && y < side; y += tile)
        for (uint32_t x = 0; fine && x < side; x += tile) {
            for (uint32_t i = 0; i < tile; i++)
                fill(block + (size_t)i * tile, x, y + i, tile);
            fine = TIFFWriteTile(tiff, block, x, y, 0, 0) >= 0;
        }
    free(block);
    return fine;
}

static bool write_strip(TIFF *tiff, uint32_t side)
{
    uint16_t *row = malloc((size_t)side * 2);
    bool fine = row != NULL;
    for (uint32_t y = 0; fine && y < side; y++) {
        fill(row, 0, y, side);
        fine = TIFFWriteScanline(tiff, row, y, 0) >= 0;
    }
    free(row);
    return fine;
}

int main(int count, char **words)
{
    uint32_t side = count == 4 ? (uint32_t)atol(words[2]) : 0;
    uint32_t tile = count == 4 ? (uint32_t)atol(words[3]) : 0;
    TIFF *tiff = side ? TIFFOpen(words[1], "w8") : NULL;
    if (!tiff) {
        fprintf(stderr, "usage: make-film FILE SIDE TILE\n");
        return 2;
    }
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, side);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, side);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, 1);
    if (tile) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, side);
    }
    bool fine = tile ? write_tiles(tiff, side, tile) : write_strip(tiff, side);
    TIFFClose(tiff);
    return fine ? 0 : 1;
}
