/* Samples of every kind, one channel and three, as the suite render/kinds draws them: hills and a
 * little noise, some of it no-data, some of it lost. */
#ifndef KINDS_SCENE_H
#define KINDS_SCENE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sample.h"
#include "base/tile.h"
#include "render/view.h"
#include "tone/window.h"

/* Stored value = code * scale + offset, of a scene of codes from 3000 to 36568. */
struct kind {
    enum sample_type type;
    int channels;
    double scale, offset;
    bool invert;
};

static const struct kind kinds[] = {
    {SAMPLE_U8, 3, 1 / 150.0, 0, false},   {SAMPLE_U16, 3, 1, 0, true},
    {SAMPLE_U32, 1, 100000, 0, false},     {SAMPLE_I32, 1, 50000, 1 - 1e9, true},
    {SAMPLE_F32, 1, 0.37, -7000, true},    {SAMPLE_F64, 1, 3.14159e-3, 1e3, false},
    {SAMPLE_F32, 3, -1.7e10, 1e15, false}, {SAMPLE_U16, 1, 1, 0, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
static const struct kind *kind;

static const struct modality modality = {2, -5};
static struct window window;

static int64_t wave(int64_t t)
{
    return llabs(t % 32768 - 16384);
}

static uint32_t hash(int k, int channel, int64_t x, int64_t y)
{
    uint32_t mixed = (uint32_t)(x * 7919 + y * 104729 + k * 31 + channel * 977) * 2654435761u;
    return (mixed ^ mixed >> 15) * 2246822519u >> 8;
}

/* Some rows of two tiles are lost, or one channel of them, where `losing`. */
static bool losing;

static bool in_lost_rows(int k, int64_t x, int64_t y)
{
    return losing && k == 0 && x < 512 && y >= 240 && y < 250;
}

static bool scene_is_lost(int k, int channel, int64_t x, int64_t y)
{
    return in_lost_rows(k, x, y) && (channel == 0 || y < 245);
}

/* Marks of types that have no number for it. Where a channel of them is 0 and unmarked it is sound.
 */
static bool is_marked(struct tile_key key, int64_t x, int64_t y)
{
    return in_lost_rows(key.reduction, x, y) && y < 245;
}

static bool shows_lost(int k, int64_t x, int64_t y)
{
    return in_lost_rows(k, x, y) && (y < 245 || sample_is_float(kind->type));
}

/* The value of all samples, unless it is NaN. */
static double constant = NAN;

/* Hills and a little noise; of the floating types some samples, and whole patches, are NaN, and a
 * few infinite. */
static double scene(int k, int channel, int64_t x, int64_t y)
{
    uint32_t noise = hash(k, channel, x, y);
    if (!isnan(constant))
        return constant;
    int64_t code = wave(x * 40 + k * 999 + channel * 9000) + wave(y * 30 + channel * 5000) +
                   noise % 800 + 3000;
    double value = (double)code * kind->scale + kind->offset;
    if (!sample_is_float(kind->type))
        return scene_is_lost(k, channel, x, y) ? 0 : floor(value);
    if (scene_is_lost(k, channel, x, y) || noise % 7 == 0 ||
        (x / 40 + y / 40 + (channel > 0)) % 5 == 0)
        return NAN;
    if (noise % 211 == 1)
        return noise % 2 ? INFINITY : -INFINITY;
    return kind->type == SAMPLE_F32 ? (double)(float)value : value;
}

static void put_sample(void *samples, size_t i, double value, bool lost)
{
    const uint32_t lost32 = SAMPLE_LOST_F32;
    const uint64_t lost64 = SAMPLE_LOST_F64;
    const float single = (float)value;
    if (kind->type == SAMPLE_U8)
        ((uint8_t *)samples)[i] = (uint8_t)value;
    else if (kind->type == SAMPLE_U16)
        ((uint16_t *)samples)[i] = (uint16_t)value;
    else if (kind->type == SAMPLE_U32)
        ((uint32_t *)samples)[i] = (uint32_t)value;
    else if (kind->type == SAMPLE_I32)
        ((int32_t *)samples)[i] = (int32_t)value;
    else if (kind->type == SAMPLE_F32)
        memcpy((float *)samples + i, lost ? (const void *)&lost32 : (const void *)&single, 4);
    else
        memcpy((double *)samples + i, lost ? (const void *)&lost64 : (const void *)&value, 8);
}

/* Samples off the page are made up: nobody may see them. */
static void fill(const struct view *view, struct tile_key key, void *samples)
{
    int64_t width = reduced_size(view->page_width, key.reduction);
    int64_t height = reduced_size(view->page_height, key.reduction);
    for (size_t i = 0; i < (size_t)(TILE_SAMPLES * kind->channels); i++) {
        int channel = (int)(i / TILE_SAMPLES);
        int64_t x = (int64_t)key.column * TILE_SIDE + (int64_t)(i % TILE_SIDE);
        int64_t y = (int64_t)key.row * TILE_SIDE + (int64_t)(i % TILE_SAMPLES / TILE_SIDE);
        bool within = x < width && y < height;
        put_sample(samples, i, within ? scene(key.reduction, channel, x, y) : 77,
                   within && scene_is_lost(key.reduction, channel, x, y));
    }
}

#endif
