/* A page that takes long to read: it is seen at once and grows better, says how far it is, and ends
 * as the picture that --render writes. Guards app/busy.c, app/framing.c, app/painter.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "harness.h"
#include "large_maker.h"
#include "support/run.h"
#include "support/scratch.h"

/* Blocks that take a second or more on two decoders. */
static const struct large_recipe slow = {.width = 9000,
                                         .height = 8200,
                                         .bits = 16,
                                         .photometric = PHOTOMETRIC_MINISBLACK,
                                         .compression = COMPRESSION_LZW,
                                         .tile = 256};

static const char *slow_film(void)
{
    static char path[300];
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("slow.tif"));
        CU_ASSERT_FATAL(large_make(path, &slow));
    }
    return path;
}

static bool same_as_rendered(const struct viewer *viewer, const char *file, const char *zoom,
                             const char *center)
{
    struct run run;
    struct pnm grabbed, rendered;
    char size[40];
    const char *out = scratch_path("slow.pgm");
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", zoom, "--center",
        center, file);
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    bool same = rendered.width == grabbed.width;
    for (int i = 0; same && i < rendered.width * rendered.height; i++)
        same = grabbed.samples[i * 3] == rendered.samples[i * rendered.channels];
    pnm_free(&grabbed);
    pnm_free(&rendered);
    return same;
}

/* States as the log has them, each with what is pending, none idle but the last: it tells of the
 * frame that had nothing pending once more, when the server has it. */
static int check_frames(const char *log)
{
    int frame = 0, whole = 0;
    bool idle = false;
    for (const char *line = log; (line = strstr(line, "frame=")); line++) {
        const char *pending = strstr(line, "pending=");
        CU_ASSERT_FALSE(idle);
        idle = strstr(line, "idle=1") && strstr(line, "idle=1") < pending;
        frame = (int)strtol(line + strlen("frame="), NULL, 10);
        CU_ASSERT(whole ? idle && frame == whole : !idle);
        whole = strncmp(pending, "pending=0", 9) ? 0 : frame;
    }
    CU_ASSERT(idle && whole);
    return frame;
}

static void it_is_seen_before_it_is_final(void)
{
    struct viewer viewer;
    setenv("XLIGHTBOX_LOG", "frame", 1);
    bool started = VIEW(&viewer, "-geometry", "900x700", slow_film());
    unsetenv("XLIGHTBOX_LOG");
    if (!started)
        return;
    CU_ASSERT(viewer_hears(&viewer, "idle=1"));
    CU_ASSERT(check_frames(viewer.said) > 2);
    CU_ASSERT(same_as_rendered(&viewer, slow_film(), "fit", "4500,4100"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* With the tiles of the next step there already, in a small arena or a large one. */
static void steps_end_in_the_right_picture(void)
{
    static const char *const budgets[] = {"2M", "64M"};
    for (int i = 0; i < 2; i++) {
        struct viewer viewer;
        if (!VIEW(&viewer, "-geometry", "500x400", "--zoom", "0.3", "--center", "4000,4000",
                  "--memory", budgets[i], slow_film()))
            return;
        for (int step = 0; step < 3; step++)
            CU_ASSERT(viewer_do(&viewer, "pan 120 70"));
        CU_ASSERT(viewer_do(&viewer, "zoom 0.6"));
        CU_ASSERT(viewer_do(&viewer, "zoom 0.4"));
        CU_ASSERT(viewer_do(&viewer, "center 3000 3000"));
        CU_ASSERT(same_as_rendered(&viewer, slow_film(), "0.4", "3000,3000"));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

SUITE("pipeline", {"it is seen before it is final", it_is_seen_before_it_is_final},
      {"steps end in the right picture", steps_end_in_the_right_picture})
