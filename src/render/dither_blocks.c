/* Dither of whole blocks: see render/dither_blocks.h. Owns nothing; knows levels and places. */
#include "render/dither_blocks.h"

#include <string.h>

enum { AREA = DITHER_BLOCK * DITHER_BLOCK, FEW = 16, SCALE = 257 };

/* One channel, or the ramp, of a block: `step` counts the channel's steps or the ramp's cells. */
struct lane {
    const struct pixel_ramp *ramp;
    int most;       /* the highest step */
    uint32_t shift; /* of the channel within a pixel */
    int count;      /* pixels */
    int64_t error;  /* what they show less what they should, in 1/257 of levels */
    uint8_t step[AREA];
    uint16_t part[AREA]; /* how far above its threshold a pixel lies, in 1/65536 of a step */
    bool moved[AREA];
};

static int channel_most(uint32_t mask)
{
    return mask ? (int)(mask >> __builtin_ctz(mask)) : FEW;
}

bool dither_coarse(const struct pixel_format *format)
{
    if (format->ramp)
        return format->ramp->cells < FEW;
    return pixel_format_dithered(format) &&
           (channel_most(format->red) < FEW || channel_most(format->green) < FEW ||
            channel_most(format->blue) < FEW);
}

static int shown(const struct lane *lane, int step)
{
    return lane->ramp ? lane->ramp->level[step]
                      : (step * 255 * SCALE + lane->most / 2) / lane->most;
}

/* Beyond its ends a ramp cannot show more. */
static int wanted(const struct lane *lane, uint8_t level)
{
    int value = level * SCALE;
    if (!lane->ramp)
        return value;
    if (value < lane->ramp->level[0])
        return lane->ramp->level[0];
    return value > lane->ramp->level[lane->most] ? lane->ramp->level[lane->most] : value;
}

/* By the matrix alone. `levels` are those of the block, row by row from (x, y) on. */
static void fill_lane(struct lane *lane, const uint32_t steps[256], const uint8_t *levels,
                      int width)
{
    lane->error = 0;
    for (int i = 0; i < lane->count; i++) {
        uint32_t value =
            steps[levels[i]] + dither_bias((unsigned)(i % width), (unsigned)(i / width));
        lane->step[i] = (uint8_t)(value / DITHER_STEP);
        lane->part[i] = (uint16_t)(value % DITHER_STEP);
        lane->moved[i] = false;
        lane->error += shown(lane, lane->step[i]) - wanted(lane, levels[i]);
    }
}

/* How much less wrong the block is when a pixel goes a step up or down, not at all if negative. */
static int64_t gain(const struct lane *lane, int i, int way)
{
    int step = lane->step[i] + way;
    if (lane->moved[i] || step < 0 || step > lane->most)
        return -1;
    int change = shown(lane, step) - shown(lane, lane->step[i]);
    int64_t before = lane->error < 0 ? -lane->error : lane->error;
    int64_t after = lane->error + change < 0 ? -(lane->error + change) : lane->error + change;
    return before - after;
}

/* Moves the pixel next to its threshold among those that make the block less wrong. */
static bool move_nearest(struct lane *lane)
{
    int way = lane->error < 0 ? 1 : -1, nearest = -1, least = DITHER_STEP + 1;
    for (int i = 0; i < lane->count; i++) {
        int distance = way > 0 ? DITHER_STEP - lane->part[i] : lane->part[i];
        if (distance < least && gain(lane, i, way) > 0) {
            nearest = i;
            least = distance;
        }
    }
    if (nearest < 0)
        return false;
    lane->error += shown(lane, lane->step[nearest] + way) - shown(lane, lane->step[nearest]);
    lane->step[nearest] = (uint8_t)(lane->step[nearest] + way);
    lane->moved[nearest] = true;
    return true;
}

static void add_lane(struct lane *lane, const uint32_t steps[256], const uint8_t *levels, int width,
                     uint32_t values[AREA])
{
    fill_lane(lane, steps, levels, width);
    while (move_nearest(lane))
        continue;
    for (int i = 0; i < lane->count; i++)
        values[i] |=
            lane->ramp ? lane->ramp->pixel[lane->step[i]] : (uint32_t)lane->step[i] << lane->shift;
}

/* The block's levels of each channel, row by row. */
static void take_levels(const struct pixels *sheet, int x, int width, uint8_t levels[3][AREA])
{
    int channels = sheet->format.bits_per_pixel / 8;
    for (int y = 0; y < sheet->height; y++) {
        const uint8_t *pixel = sheet->base + (size_t)y * sheet->stride + (size_t)(x * channels);
        for (int i = 0; i < width * channels; i++)
            levels[i % channels][y * width + i / channels] = pixel[i];
    }
}

static void block_values(const struct dither *dither, uint8_t levels[3][AREA], int channels,
                         int width, int count, uint32_t values[AREA])
{
    const struct pixel_format *format = &dither->format;
    const uint32_t masks[3] = {format->red, format->green, format->blue};
    const uint8_t *const rows[3] = {levels[0], levels[1], levels[2]};
    memset(values, 0, AREA * sizeof *values);
    if (format->ramp) {
        struct lane lane = {.ramp = format->ramp, .most = format->ramp->cells - 1, .count = count};
        if (channels == 3)
            pixels_luma(rows, count, levels[0]);
        add_lane(&lane, dither->steps[0], levels[0], width, values);
        return;
    }
    for (int i = 0; i < 3; i++) {
        struct lane lane = {.most = channel_most(masks[i]), .count = count};
        if (!masks[i])
            continue;
        lane.shift = (uint32_t)__builtin_ctz(masks[i]);
        add_lane(&lane, dither->steps[i], levels[channels == 3 ? i : 0], width, values);
    }
}

void dither_blocks(const struct dither *dither, const struct pixels *sheet, struct rect rect,
                   const struct pixels *to, int left, int top)
{
    int channels = sheet->format.bits_per_pixel / 8;
    for (int x = 0; x < rect.width; x += DITHER_BLOCK) {
        int width = rect.width - x < DITHER_BLOCK ? rect.width - x : DITHER_BLOCK;
        uint8_t levels[3][AREA];
        uint32_t values[AREA];
        take_levels(sheet, x, width, levels);
        block_values(dither, levels, channels, width, width * rect.height, values);
        for (int y = 0; y < rect.height; y++)
            pixels_store(&dither->format, values + y * width, width,
                         to->base + (size_t)(rect.y + y - top) * to->stride, rect.x + x - left);
    }
}
