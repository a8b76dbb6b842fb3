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

static const struct pixel_format format = PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff);

/* What is drawn now; U16 of one channel first, then the others at some zooms. */
struct kind {
    const char *name;
    enum sample_type type;
    int channels;
};

static const struct kind kinds[] = {
    {"U16", SAMPLE_U16, 1},     {"U32", SAMPLE_U32, 1},   {"F32", SAMPLE_F32, 1},
    {"F64", SAMPLE_F64, 1},     {"U8 RGB", SAMPLE_U8, 3}, {"U16 RGB", SAMPLE_U16, 3},
    {"F32 RGB", SAMPLE_F32, 3},
};
static const struct kind *kind = &kinds[0];

static void put_value(void *samples, size_t i, uint32_t value)
{
    if (kind->type == SAMPLE_U8)
        ((uint8_t *)samples)[i] = (uint8_t)value;
    else if (kind->type == SAMPLE_U16)
        ((uint16_t *)samples)[i] = (uint16_t)value;
    else if (kind->type == SAMPLE_U32)
        ((uint32_t *)samples)[i] = value;
    else if (kind->type == SAMPLE_F32)
        ((float *)samples)[i] = (float)value;
    else
        ((double *)samples)[i] = value;
}

static bool make_tile(struct arena *arena, struct tile_key key)
{
    int32_t slot = arena_begin(arena, key, NULL, NULL);
    if (slot < 0)
        return false;
    void *samples = arena_slot(arena, slot);
    uint32_t noise = (uint32_t)(key.column * 7919 + key.row);
    for (size_t i = 0; i < (size_t)(TILE_SAMPLES * kind->channels); i++) {
        noise = noise * 1664525 + 1013904223;
        put_value(samples, i, noise >> 20);
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
            struct window window = {.center = 2000 + i, .width = 3000, .voi = voi, .invert = false};
            curve_compile(curve, &window, (struct modality){1, 0}, kind->type, false);
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
        struct window window = {
            .center = 2000 + i, .width = 3000, .voi = VOI_LINEAR, .invert = false};
        curve_compile(curve, &window, (struct modality){1, 0}, SAMPLE_U16, false);
    }
    return (double)(clock_us() - start) / rounds / 1000;
}

/* Plans a case and makes its tiles; they lie on one page for each kind. */
static bool prepare(struct frame *frame, struct arena *arena, const struct bench_case *bench,
                    int width, int height)
{
    struct view view;
    view_init(&view, width, height, PAGE_WIDTH, PAGE_HEIGHT);
    view_turn(&view, bench->turns);
    if (bench->zoom > 0)
        view_zoom_about(&view, bench->zoom, width / 2.0, height / 2.0);
    return frame_plan(frame, &view, 0, kind->type, kind->channels, NULL) &&
           make_tiles(arena, frame_needs(frame, (struct rect){0, 0, width, height}));
}

static void use_kind(struct arena *arena, const struct kind *of)
{
    kind = of;
    arena_recut(arena, sample_bytes(kind->type) * (size_t)kind->channels);
    arena_set_budget(arena, (size_t)SLOTS * TILE_SAMPLES * 2);
}

/* Codes of one channel, with each set of kernels. */
static bool bench_kernels(struct frame *frame, struct arena *arena, struct curve *curve,
                          const struct pixels *pixels, int rounds)
{
    use_kind(arena, &kinds[0]);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct kernels *kernels[] = {&kernels_plain, kernels_avx2(), kernels_avx512()};
        if (!prepare(frame, arena, &cases[i], pixels->width, pixels->height))
            return false;
        printf("  zoom %-14s", cases[i].name);
        for (int k = 0; k < 3 && kernels[k]; k++) {
            frame_use_kernels(frame, kernels[k]);
            printf(" %s %.3f ", kernels[k]->name,
                   time_draw(frame, arena, curve, cases[i].voi, pixels, rounds));
        }
        printf("\n");
    }
    frame_use_kernels(frame, kernels_best());
    return true;
}

/* All kinds of samples, with the best kernels. */
static bool bench_kinds(struct frame *frame, struct arena *arena, struct curve *curve,
                        const struct pixels *pixels, int rounds)
{
    static const struct bench_case zooms[] = {
        {"1", 1, 0, VOI_LINEAR},        {"fit", 0, 0, VOI_LINEAR},        {"2", 2, 0, VOI_LINEAR},
        {"1 turned", 1, 1, VOI_LINEAR}, {"fit turned", 0, 1, VOI_LINEAR},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        use_kind(arena, &kinds[i]);
        printf("  %-8s", kind->name);
        for (size_t j = 0; j < sizeof zooms / sizeof *zooms; j++) {
            if (!prepare(frame, arena, &zooms[j], pixels->width, pixels->height))
                return false;
            printf(" %s %.3f ", zooms[j].name,
                   time_draw(frame, arena, curve, zooms[j].voi, pixels, rounds));
        }
        printf("\n");
    }
    return true;
}

/* Other formats, of the kernels' kind of samples. */
static bool bench_formats(struct frame *frame, struct arena *arena, struct curve *curve,
                          struct pixels pixels, int rounds)
{
    static struct pixel_ramp two = {2, {0, 1}, {0, 65535}}, many;
    static const struct {
        const char *name;
        struct pixel_format format;
    } formats[] = {
        {"5-6-5", PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f)},
        {"cells", {.depth = 8, .bits_per_pixel = 8, .ramp = &many}},
        {"1 bit", {.depth = 1, .bits_per_pixel = 1, .ramp = &two}},
        {"30 bits", PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff)},
    };
    many.cells = 200;
    for (int i = 0; i < many.cells; i++) {
        many.pixel[i] = (uint32_t)i;
        many.level[i] = (uint16_t)(i * 65535 / (many.cells - 1));
    }
    use_kind(arena, &kinds[0]);
    frame_deepen(frame);
    if (!prepare(frame, arena, &cases[0], pixels.width, pixels.height))
        return false;
    printf("  zoom 1   ");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        pixels.format = formats[i].format;
        printf(" %s %.3f ", formats[i].name,
               time_draw(frame, arena, curve, VOI_LINEAR, &pixels, rounds));
    }
    printf("\n");
    return true;
}

static bool bench_size(struct frame *frame, struct arena *arena, struct curve *curve, int width,
                       int height, int rounds)
{
    size_t bytes = (size_t)width * (size_t)height * 4;
    struct pixels pixels = {malloc(bytes), (size_t)width * 4, width, height, format};
    uint8_t *copy = malloc(bytes);
    bool done = false;
    if (pixels.base && copy) {
        memset(pixels.base, 1, bytes);
        printf("%d x %d, ms for a redraw; memcpy of the pixels %.3f\n", width, height,
               time_copy(&pixels, copy, rounds));
        done = bench_kernels(frame, arena, curve, &pixels, rounds) &&
               bench_kinds(frame, arena, curve, &pixels, rounds / 10 + 1) &&
               bench_formats(frame, arena, curve, pixels, rounds / 10 + 1);
    }
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
        printf("compiling a curve %.4f ms (included below)\n", time_curve(&curve, rounds));
        done = bench_size(frame, arena, &curve, 1024, 768, rounds) &&
               bench_size(frame, arena, &curve, 1920, 1080, rounds);
    }
    frame_free(frame);
    if (arena)
        arena_free(arena);
    return done ? 0 : 1;
}
