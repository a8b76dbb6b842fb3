/* A film seen through a line: see afar.h. */
#include "afar.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
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

static bool same(const struct pnm *a, const struct pnm *b)
{
    return a->width == b->width && a->height == b->height &&
           !memcmp(a->samples, b->samples, (size_t)a->width * (size_t)a->height * 3);
}

bool afar_shows_what_render_writes(const struct viewer *viewer)
{
    char state[STATE_ROOM], size[32], window[32], level[32], zoom[32], center[64];
    struct pnm grabbed, rendered;
    struct run run;
    const char *out = scratch_path("afar.ppm");
    if (!viewer_state(viewer, state) || !viewer_grab(viewer, &grabbed))
        return false;
    const char *at = strstr(state, "center=") + 7;
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    snprintf(window, sizeof window, "%.10g", state_number(state, "window"));
    snprintf(level, sizeof level, "%.10g", state_number(state, "level"));
    snprintf(zoom, sizeof zoom, "%.17g", state_number(state, "zoom"));
    snprintf(center, sizeof center, "%.*s", (int)strcspn(at, " "), at);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--window", window, "--level", level,
        "--zoom", zoom, "--center", center, afar_film());
    bool good = run.status == 0 && pnm_read(&rendered, out);
    if (good) {
        good = same(&grabbed, &rendered);

        pnm_free(&rendered);
    }
    pnm_free(&grabbed);
    return good;
}

uint64_t afar_frame_bytes(const struct viewer *viewer)
{
    int width = 0, height = 0;
    viewer_image_size(viewer, &width, &height);
    return 4 * (uint64_t)width * (uint64_t)height;
}
