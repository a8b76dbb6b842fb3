/* How long a whole redraw with a new tone curve takes: milliseconds for each zoom, beside memcpy of
 * the same output. Usage: bench-render [ROUNDS] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "render/frame.h"
#include "render/frame_kernels.h"
#include "tiles/arena.h"

enum { PAGE_WIDTH = 6000, PAGE_HEIGHT = 5000, SLOTS = 600, TRIES = 5 };

struct bench_case {
    const char *name;
    double zoom;
    int turns;
    enum voi voi;
};

static const struct bench_case cases[] = {
    {"1", 1, 0, VOI_LINEAR},
    {"1/2", 0.5, 0, VOI_LINEAR},
    {"0.3", 0.3, 0, VOI_LINEAR},
    {"2", 2, 0, VOI_LINEAR},
    {"1, turned", 1, 1, VOI_LINEAR},
    {"0.3, turned", 0.3, 1, VOI_LINEAR},
    {"2, turned", 2, 1, VOI_LINEAR},
    {"1, sigmoid", 1, 0, VOI_SIGMOID},
    {"0.3, sigmoid", 0.3, 0, VOI_SIGMOID},
};

static const struct pixel_format format = {24, 32, false, 0xff0000, 0xff00, 0xff};

static bool make_tile(struct arena *arena, struct tile_key key)
{
    int32_t slot = arena_begin(arena, key, NULL, NULL);
    if (slot < 0)
        return false;
    uint16_t *codes = arena_slot(arena, slot);
    uint32_t noise = (uint32_t)(key.column * 7919 + key.row);
    for (int i = 0; i < TILE_SIDE * TILE_SIDE; i++) {
        noise = noise * 1664525 + 1013904223;
        codes[i] = noise >> 20;
    }
    arena_end(arena, slot, true);
    return true;
}

static bool make_tiles(struct arena *arena, struct tile_span span)
{
    for (int32_t i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        if (!arena_find(arena, key, NULL) && !make_tile(arena, key))
            return false;
    }
    return true;
}

/* The least of some tries, each the mean of `rounds` redraws, in ms. */
static double time_draw(struct frame *frame, struct arena *arena, struct curve *curve, enum voi voi,
                        const struct pixels *pixels, int rounds)
{
    double least = 1e9;
    for (int try = 0; try < TRIES; try++) {
        int64_t start = clock_us();
        for (int i = 0; i < rounds; i++) {
            struct window window = {2000 + i, 3000, voi, false};
            curve_compile(curve, &window, (struct modality){1, 0}, SAMPLE_U16, false);
            frame_draw(frame, arena, curve, (struct rect){0, 0, pixels->width, pixels->height},
                       pixels, 0, 0);
        }
        double each = (double)(clock_us() - start) / rounds / 1000;
        least = each < least ? each : least;
    }
    return least;
}

static double time_copy(const struct pixels *pixels, uint8_t *to, int rounds)
{
    double least = 1e9;
    for (int try = 0; try < TRIES; try++) {
        int64_t start = clock_us();
        for (int i = 0; i < rounds; i++) {
            memcpy(to, pixels->base, pixels->stride * (size_t)pixels->height);
            __asm__ volatile("" : : "r"(to) : "memory");
        }
        double each = (double)(clock_us() - start) / rounds / 1000;
        least = each < least ? each : least;
    }
    return least;
}

static double time_curve(struct curve *curve, int rounds)
{
    int64_t start = clock_us();
    for (int i = 0; i < rounds; i++) {
        struct window window = {2000 + i, 3000, VOI_LINEAR, false};
        curve_compile(curve, &window, (struct modality){1, 0}, SAMPLE_U16, false);
    }
    return (double)(clock_us() - start) / rounds / 1000;
}

static bool bench_size(struct frame *frame, struct arena *arena, struct curve *curve, int width,
                       int height, int rounds)
{
    size_t bytes = (size_t)width * (size_t)height * 4;
    struct pixels pixels = {malloc(bytes), (size_t)width * 4, width, height, format};
    uint8_t *copy = malloc(bytes);
    bool done = false;
    if (!pixels.base || !copy)
        goto out;
    memset(pixels.base, 1, bytes);
    printf("%d x %d, ms for a redraw; memcpy of the pixels %.3f\n", width, height,
           time_copy(&pixels, copy, rounds));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct kernels *kernels[] = {&kernels_plain, kernels_avx2(), kernels_avx512()};
        struct view view;
        view_init(&view, width, height, PAGE_WIDTH, PAGE_HEIGHT);
        view_turn(&view, cases[i].turns);
        view_zoom_about(&view, cases[i].zoom, width / 2.0, height / 2.0);
        if (!frame_plan(frame, &view, 0, SAMPLE_U16, NULL) ||
            !make_tiles(arena, frame_needs(frame, (struct rect){0, 0, width, height})))
            goto out;
        printf("  zoom %-14s", cases[i].name);
        for (int k = 0; k < 3 && kernels[k]; k++) {
            frame_use_kernels(frame, kernels[k]);
            printf(" %s %.3f ", kernels[k]->name,
                   time_draw(frame, arena, curve, cases[i].voi, &pixels, rounds));
        }
        printf("\n");
    }
    done = true;
out:
    free(pixels.base);
    free(copy);
    return done;
}

int main(int argc, char **argv)
{
    static struct curve curve;
    int rounds = argc > 1 ? atoi(argv[1]) : 50;
    struct arena *arena = arena_new(SLOTS, NULL);
    struct frame *frame = frame_new(NULL);
    bool done = arena && frame && rounds > 0;
    if (done) {
        arena_recut(arena, 2);
        arena_set_budget(arena, (size_t)SLOTS * TILE_SIDE * TILE_SIDE * 2);
        printf("compiling a curve %.4f ms (included below)\n", time_curve(&curve, rounds));
        done = bench_size(frame, arena, &curve, 1024, 768, rounds) &&
               bench_size(frame, arena, &curve, 1920, 1080, rounds);
    }
    frame_free(frame);
    if (arena)
        arena_free(arena);
    return done ? 0 : 1;
}
