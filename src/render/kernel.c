/* Inner loops in plain C: see render/kernel.h. They own nothing and know neither views nor arenas;
 * they are also what the faster ones are tested against. */
#include "render/kernel.h"

#include <string.h>

#include "base/tile.h"

void toner_format(struct toner *toner, const struct pixel_format *format)
{
    toner->format = *format;
    toner->plain = format->bits_per_pixel >= 8 && !pixel_format_dithered(format);
    dither_prepare(&toner->dither, format);
    pixel_palette(format, COLORMAP_GRAY, toner->grays);
    toner_colours(toner, COLORMAP_GRAY);
}

void toner_colours(struct toner *toner, enum colormap map)
{
    toner->map = map;
    pixel_palette(&toner->format, map, toner->palette);
    toner->spread = toner->palette[255];
    for (uint32_t level = 0; level < 256; level++)
        if (toner->palette[level] != (level * 0x01010101 & toner->palette[255]))
            toner->spread = 0;
}

static inline uint32_t code_at(const void *codes, size_t bytes, ptrdiff_t i)
{
    if (bytes == 1)
        return ((const uint8_t *)codes)[i];
    uint16_t code;
    memcpy(&code, (const uint8_t *)codes + 2 * i, sizeof code);
    return code;
}

static inline void tone_words(const struct toner *toner, const void *codes, size_t bytes, int n,
                              uint8_t *to)
{
    const uint8_t *level = toner->curve->level;
    for (ptrdiff_t i = 0; i < n; i++)
        memcpy(to + 4 * i, &toner->palette[level[code_at(codes, bytes, i)]], 4);
}

static void tone_packed(const struct toner *toner, const void *codes, size_t bytes, int n,
                        uint8_t *to)
{
    enum { CHUNK = 256 };
    uint8_t levels[CHUNK];
    for (int done = 0; done < n; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        for (int i = 0; i < some; i++)
            levels[i] = toner->curve->level[code_at(codes, bytes, done + i)];
        pixels_pack(&toner->format, toner->palette, levels, some, to);
        to += some * (toner->format.bits_per_pixel / 8);
    }
}

static void tone(const struct toner *toner, const void *codes, size_t bytes, int n, uint8_t *to)
{
    if (toner->format.bits_per_pixel != 32)
        tone_packed(toner, codes, bytes, n, to);
    else if (bytes == 1)
        tone_words(toner, codes, 1, n, to);
    else
        tone_words(toner, codes, 2, n, to);
}

static inline void weigh_rows_of(const struct weighing *weighing, size_t bytes, int n,
                                 uint32_t *sums)
{
    const uint32_t *w = weighing->weights;
    const void *const *rows = weighing->rows;
    if (weighing->count == 3)
        for (ptrdiff_t i = 0; i < n; i++)
            sums[i] = w[0] * code_at(rows[0], bytes, i) + w[1] * code_at(rows[1], bytes, i) +
                      w[2] * code_at(rows[2], bytes, i);
    else if (weighing->count == 2)
        for (ptrdiff_t i = 0; i < n; i++)
            sums[i] = w[0] * code_at(rows[0], bytes, i) + w[1] * code_at(rows[1], bytes, i);
    else
        for (ptrdiff_t i = 0; i < n; i++)
            sums[i] = w[0] * code_at(rows[0], bytes, i);
}

static void weigh_rows(const struct weighing *weighing, size_t bytes, int n, uint32_t *sums)
{
    if (bytes == 1)
        weigh_rows_of(weighing, 1, n, sums);
    else
        weigh_rows_of(weighing, 2, n, sums);
}

static void weigh_columns(const struct columns *columns, const uint32_t *sums, int n,
                          uint16_t *codes)
{
    for (ptrdiff_t i = 0; i < n; i++) {
        const uint32_t *from = sums + (columns->first[i] - columns->base);
        const uint16_t *weights = columns->weights + i;
        uint32_t sum = 32768;
        for (int tap = 0; tap < columns->taps; tap++, weights += columns->plane)
            sum += *weights * from[tap];
        codes[i] = (uint16_t)(sum >> 16);
    }
}

static void transpose(const void *codes, size_t bytes, int rows, uint16_t *lines, size_t stride)
{
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < KERNEL_COLUMNS; column++)
            lines[(size_t)column * stride + (size_t)row] =
                (uint16_t)code_at(codes, bytes, (ptrdiff_t)row * TILE_SIDE + column);
}

const struct kernels kernels_plain = {"plain", tone, weigh_rows, weigh_columns, transpose};

bool kernel_serves(const struct toner *toner)
{
    return toner->curve->arithmetic && toner->spread && toner->format.bits_per_pixel == 32;
}

void kernel_tone_rest(const struct toner *toner, const void *codes, size_t bytes, int n, int done,
                      uint8_t *to)
{
    size_t pixel = (size_t)toner->format.bits_per_pixel / 8;
    if (done < n)
        tone(toner, (const uint8_t *)codes + (size_t)done * bytes, bytes, n - done,
             to + (size_t)done * pixel);
}

const struct kernels *kernels_best(void)
{
    const struct kernels *avx512 = kernels_avx512();
    const struct kernels *avx2 = kernels_avx2();
    return avx512 ? avx512 : avx2 ? avx2 : &kernels_plain;
}
