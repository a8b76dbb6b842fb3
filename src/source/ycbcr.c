/* Subsampled YCbCr: see ycbcr.h. */
#include "source/ycbcr.h"

#include <string.h>

#include "base/checked.h"

static int64_t units_across(const struct ycbcr_block *block)
{
    return (block->width - 1) / block->across + 1;
}

static int64_t unit_samples(const struct ycbcr_block *block)
{
    return block->across * block->down + 2;
}

static bool is_factor(int factor)
{
    return factor == 1 || factor == 2 || factor == 4;
}

/* Bytes of the rows of units down to the one that row y is in; -1 as for ycbcr_bytes. */
static int64_t bytes_to(const struct ycbcr_block *block, int64_t y)
{
    int64_t bytes;
    if (block->width <= 0 || block->height <= 0 || !is_factor(block->across) ||
        !is_factor(block->down) || block->sample_bytes < 1 || block->sample_bytes > 2)
        return -1;
    if (!checked_mul64(units_across(block), y / block->down + 1, &bytes) ||
        !checked_mul64(bytes, unit_samples(block) * (int64_t)block->sample_bytes, &bytes))
        return -1;
    return bytes;
}

int64_t ycbcr_bytes(const struct ycbcr_block *block)
{
    return bytes_to(block, block->height - 1);
}

/* `size` is block->sample_bytes, as a constant that the compiler makes two loops of. */
static inline void unpack(const struct ycbcr_block *block, const unsigned char *units, int64_t y,
                          void *const rows[3], int64_t size)
{
    int64_t step = unit_samples(block) * size, across = block->across;
    const unsigned char *unit = units + y / block->down * units_across(block) * step;
    const unsigned char *luma = unit + y % block->down * across * size;
    unsigned char *out[3] = {rows[0], rows[1], rows[2]};
    for (int64_t x = 0; x < block->width; x += across, unit += step, luma += step) {
        for (int64_t i = 0; i < across && x + i < block->width; i++) {
            int64_t at = (x + i) * size;
            memcpy(out[0] + at, luma + i * size, (size_t)size);
            memcpy(out[1] + at, unit + step - 2 * size, (size_t)size);
            memcpy(out[2] + at, unit + step - size, (size_t)size);
        }
    }
}

bool ycbcr_unpack(const struct ycbcr_block *block, const void *units, int64_t bytes, int64_t y,
                  void *const rows[3])
{
    int64_t needed = y < 0 || y >= block->height ? -1 : bytes_to(block, y);
    if (needed < 0 || needed > bytes)
        return false;
    if (block->sample_bytes == 1)
        unpack(block, units, y, rows, 1);
    else
        unpack(block, units, y, rows, 2);
    return true;
}
