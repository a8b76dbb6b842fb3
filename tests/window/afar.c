/* A film seen through a line: see afar.h. */
#include "afar.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

const char *afar_film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 1537,
                                 .height = 1283,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("afar.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

bool afar_view(struct viewer *viewer, const char *const *words)
{
    const char *all[16] = {"-geometry", "1024x768+0+0"};
    int count = 2;
    for (; *words && count < 14; words++)
        all[count++] = *words;
    all[count] = afar_film();
    return viewer_start(viewer, all);
}

/* With the server's own pointer. */
static void use_pointer(const struct viewer *viewer, const char *what, int button, int x, int y)
{
    char window[32], which[8], at[2][12];
    struct run run;
    snprintf(window, sizeof window, "%lu", viewer->top);
    snprintf(which, sizeof which, "%d", button);
    snprintf(at[0], sizeof at[0], "%d", x);
    snprintf(at[1], sizeof at[1], "%d", y);
    if (x < 0)
        RUN(&run, "xdotool", what, which);
    else if (what)
        RUN(&run, "xdotool", "mousemove", "--window", window, at[0], at[1], what, which);
    else
        RUN(&run, "xdotool", "mousemove", "--window", window, at[0], at[1]);
    CU_ASSERT_EQUAL(run.status, 0);
}

void afar_press(const struct viewer *viewer, int button, int x, int y)
{
    use_pointer(viewer, "mousedown", button, x, y);
}

void afar_move(const struct viewer *viewer, int x, int y)
{
    use_pointer(viewer, NULL, 0, x, y);
}

void afar_release(const struct viewer *viewer, int button)
{
    use_pointer(viewer, "mouseup", button, -1, -1);
}

bool afar_wait_frame(const struct viewer *viewer, int64_t after)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit;)
        if (viewer_frame(viewer) > after)
            return true;
    return false;
}

void afar_wait_base(const struct viewer *viewer, struct wire *line, int bytes)
{
    struct wire_counts counts;
    uint64_t least = afar_frame_bytes(viewer) / 4 * (uint64_t)bytes;
    int64_t limit = now_ms() + PATIENCE_MS;
    wire_mark(line);
    do
        wire_count(line, &counts);
    while (counts.up < least && now_ms() < limit);
    CU_ASSERT(counts.up >= least);
}

void afar_drag(const struct viewer *viewer, int button, int x, int y, int to_x, int to_y)
{
    char window[32], which[8], at[4][12];
    struct run run;
    int64_t frame = viewer_frame(viewer);
    snprintf(window, sizeof window, "%lu", viewer->top);
    snprintf(which, sizeof which, "%d", button);
    snprintf(at[0], sizeof at[0], "%d", x);
    snprintf(at[1], sizeof at[1], "%d", y);
    snprintf(at[2], sizeof at[2], "%d", to_x);
    snprintf(at[3], sizeof at[3], "%d", to_y);
    RUN(&run, "xdotool", "mousemove", "--window", window, at[0], at[1], "mousedown", which,
        "mousemove", "--window", window, at[2], at[3], "mouseup", which);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT(viewer_wait(viewer, "", frame));
}

/* What --render writes for what the state says. */
static bool render_state(const char *state, int width, int height, struct pnm *rendered)
{
    char size[32], window[32], level[32], zoom[32], center[64], rotate[32];
    struct run run;
    const char *out = scratch_path("afar.ppm"), *at = strstr(state, "center=") + 7;
    snprintf(size, sizeof size, "%dx%d", width, height);
    snprintf(window, sizeof window, "%.10g", state_number(state, "window"));
    snprintf(level, sizeof level, "%.10g", state_number(state, "level"));
    snprintf(zoom, sizeof zoom, "%.17g", state_number(state, "zoom"));
    snprintf(center, sizeof center, "%.*s", (int)strcspn(at, " "), at);
    snprintf(rotate, sizeof rotate, "%.0f", state_number(state, "rotate"));
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--window", window, "--level",
        level, "--zoom", zoom, "--center", center, "--rotate", rotate,
        state_number(state, "invert") == 1 ? "--invert" : "--strict", afar_film());
    return run.status == 0 && pnm_read(rendered, out) && rendered->width == width &&
           rendered->height == height;
}

static bool see_both(const struct viewer *viewer, struct pnm *grabbed, struct pnm *rendered)
{
    char state[STATE_ROOM];
    if (!viewer_state(viewer, state) || !viewer_grab(viewer, grabbed))
        return false;
    if (render_state(state, grabbed->width, grabbed->height, rendered))
        return true;
    pnm_free(grabbed);
    return false;
}

int afar_worst(const struct pnm *a, const struct pnm *b)
{
    int worst = a->width == b->width && a->height == b->height ? 0 : 256;
    for (size_t i = 0; worst < 256 && i < (size_t)a->width * (size_t)a->height * 3; i++) {
        int off = abs(a->samples[i] - b->samples[i]);
        worst = off > worst ? off : worst;
    }
    return worst;
}

bool afar_shows_what_render_writes(const struct viewer *viewer)
{
    struct pnm grabbed, rendered;
    if (!see_both(viewer, &grabbed, &rendered))
        return false;
    bool good = afar_worst(&grabbed, &rendered) == 0;
    pnm_free(&rendered);
    pnm_free(&grabbed);
    return good;
}

double afar_worst_mean(const struct pnm *a, const struct pnm *b)
{
    double worst = 0;
    if (a->width != b->width || a->height != b->height)
        return 256;
    for (int y = 0; y + 16 <= a->height; y += 16)
        for (int x = 0; x + 16 <= a->width; x += 16) {
            int sum = 0;
            for (int i = 0; i < 256; i++) {
                size_t at = 3 * ((size_t)(y + i / 16) * (size_t)a->width + (size_t)(x + i % 16));
                sum += a->samples[at] - b->samples[at];
            }
            worst = fmax(worst, fabs(sum / 256.0));
        }
    return worst;
}

double afar_off_on_the_mean(const struct viewer *viewer)
{
    struct pnm grabbed, rendered;
    if (!see_both(viewer, &grabbed, &rendered))
        return 256;
    double worst = afar_worst_mean(&grabbed, &rendered);
    pnm_free(&rendered);
    pnm_free(&grabbed);
    return worst;
}

uint64_t afar_frame_bytes(const struct viewer *viewer)
{
    int width = 0, height = 0;
    viewer_image_size(viewer, &width, &height);
    return 4 * (uint64_t)width * (uint64_t)height;
}
