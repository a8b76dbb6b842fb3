/* Ordered dither: see render/dither.h. Owns nothing; knows levels and places, no samples.
 *
 * A level is so many whole steps and a fraction; the fraction is rounded up where the matrix's
 * threshold at the pixel's place lies below it. */
#include "render/dither.h"

enum { CHUNK = 256, SIDE = DITHER_SIDE, STEP = DITHER_STEP };

/* Bayer's: thresholds 0 .. 255. */
static const uint8_t matrix[SIDE][SIDE] = {
    {0, 128, 32, 160, 8, 136, 40, 168, 2, 130, 34, 162, 10, 138, 42, 170},
    {192, 64, 224, 96, 200, 72, 232, 104, 194, 66, 226, 98, 202, 74, 234, 106},
    {48, 176, 16, 144, 56, 184, 24, 152, 50, 178, 18, 146, 58, 186, 26, 154},
    {240, 112, 208, 80, 248, 120, 216, 88, 242, 114, 210, 82, 250, 122, 218, 90},
    {12, 140, 44, 172, 4, 132, 36, 164, 14, 142, 46, 174, 6, 134, 38, 166},
    {204, 76, 236, 108, 196, 68, 228, 100, 206, 78, 238, 110, 198, 70, 230, 102},
    {60, 188, 28, 156, 52, 180, 20, 148, 62, 190, 30, 158, 54, 182, 22, 150},
    {252, 124, 220, 92, 244, 116, 212, 84, 254, 126, 222, 94, 246, 118, 214, 86},
    {3, 131, 35, 163, 11, 139, 43, 171, 1, 129, 33, 161, 9, 137, 41, 169},
    {195, 67, 227, 99, 203, 75, 235, 107, 193, 65, 225, 97, 201, 73, 233, 105},
    {51, 179, 19, 147, 59, 187, 27, 155, 49, 177, 17, 145, 57, 185, 25, 153},
    {243, 115, 211, 83, 251, 123, 219, 91, 241, 113, 209, 81, 249, 121, 217, 89},
    {15, 143, 47, 175, 7, 135, 39, 167, 13, 141, 45, 173, 5, 133, 37, 165},
    {207, 79, 239, 111, 199, 71, 231, 103, 205, 77, 237, 109, 197, 69, 229, 101},
    {63, 191, 31, 159, 55, 183, 23, 151, 61, 189, 29, 157, 53, 181, 21, 149},
    {255, 127, 223, 95, 247, 119, 215, 87, 253, 125, 221, 93, 245, 117, 213, 85},
};

uint32_t dither_bias(unsigned x, unsigned y)
{
    return matrix[y % SIDE][x % SIDE] * 256u + 128;
}

static void prepare_channel(uint32_t mask, uint32_t steps[256])
{
    uint32_t most = mask ? mask >> __builtin_ctz(mask) : 0;
    for (uint32_t level = 0; level < 256; level++)
        steps[level] =
            most < 255 ? level * most * STEP / 255 : (level * most * 2 + 255) / 510 * STEP;
}

/* Between cells in proportion; beyond the ends, the end. */
static void prepare_ramp(const struct pixel_ramp *ramp, uint32_t steps[256])
{
    int cell = 0, last = ramp->cells - 1;
    for (int level = 0; level < 256; level++) {
        int wanted = level * 257;
        while (cell < last && ramp->level[cell + 1] <= wanted)
            cell++;
        steps[level] = (uint32_t)cell * STEP;
        if (cell == last || wanted <= ramp->level[cell])
            continue;
        uint32_t up = (uint32_t)(wanted - ramp->level[cell]);
        uint32_t gap = (uint32_t)(ramp->level[cell + 1] - ramp->level[cell]);
        steps[level] += ramp->cells < 256 ? up * STEP / gap : up * 2 >= gap ? STEP : 0;
    }
}

void dither_prepare(struct dither *dither, const struct pixel_format *format)
{
    dither->format = *format;
    if (format->ramp) {
        prepare_ramp(format->ramp, dither->steps[0]);
        return;
    }
    prepare_channel(format->red, dither->steps[0]);
    prepare_channel(format->green, dither->steps[1]);
    prepare_channel(format->blue, dither->steps[2]);
}

struct lane {
    const uint32_t *steps;
    const uint8_t *levels;
    uint32_t shift;
};

static struct lane lane_of(const struct dither *dither, int channel, uint32_t mask,
                           const uint8_t *levels)
{
    return (struct lane){dither->steps[channel], levels, mask ? (uint32_t)__builtin_ctz(mask) : 0};
}

static inline uint32_t lane_value(struct lane lane, int i, uint32_t bias)
{
    return (lane.steps[lane.levels[i]] + bias) / STEP << lane.shift;
}

static void channel_values(const struct dither *dither, const uint8_t *const levels[3],
                           int channels, int n, const uint32_t bias[SIDE], uint32_t *values)
{
    const struct pixel_format *format = &dither->format;
    bool gray = channels == 1;
    struct lane red = lane_of(dither, 0, format->red, levels[0]);
    struct lane green = lane_of(dither, 1, format->green, levels[gray ? 0 : 1]);
    struct lane blue = lane_of(dither, 2, format->blue, levels[gray ? 0 : 2]);
    for (int i = 0; i < n; i++) {
        uint32_t up = bias[i % SIDE];
        values[i] = lane_value(red, i, up) | lane_value(green, i, up) | lane_value(blue, i, up);
    }
}

static void ramp_values(const struct dither *dither, const uint8_t *levels, int n,
                        const uint32_t bias[SIDE], uint32_t *values)
{
    const struct pixel_ramp *ramp = dither->format.ramp;
    for (int i = 0; i < n; i++)
        values[i] = ramp->pixel[(dither->steps[0][levels[i]] + bias[i % SIDE]) / STEP];
}

/* The chunk's pixel values. */
static void chunk_values(const struct dither *dither, const uint8_t *const levels[3], int channels,
                         int n, const uint32_t bias[SIDE], uint32_t values[CHUNK])
{
    uint8_t luma[CHUNK];
    if (!dither->format.ramp) {
        channel_values(dither, levels, channels, n, bias, values);
        return;
    }
    if (channels == 3)
        pixels_luma(levels, n, luma);
    ramp_values(dither, channels == 3 ? luma : levels[0], n, bias, values);
}

void dither_pack(const struct dither *dither, const uint8_t *const levels[3], int channels, int n,
                 const struct pixel_place *place)
{
    uint32_t bias[SIDE], values[CHUNK];
    for (int i = 0; i < SIDE; i++)
        bias[i] = dither_bias(place->x + (unsigned)i, place->y);
    for (int done = 0; done < n; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        const uint8_t *rest[3] = {levels[0] + done, channels == 3 ? levels[1] + done : NULL,
                                  channels == 3 ? levels[2] + done : NULL};
        chunk_values(dither, rest, channels, some, bias, values);
        pixels_store(&dither->format, values, some, place->row, place->at + done);
    }
}
