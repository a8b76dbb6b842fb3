/* One command line and one file give the same bytes: whatever the decoders, the budget, the
 * transport, and whether there is a window at all. */
#include "suite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* Three pages, one after the other written in different ways. */
static const struct tiff_recipe recipes[] = {{.width = 1500,
                                              .height = 1100,
                                              .type = SAMPLE_U16,
                                              .rows_per_strip = 37,
                                              .pages = 2,
                                              .pixels_per_cm = 40,
                                              .value = tiff_value_plain},
                                             {.width = 1500,
                                              .height = 1100,
                                              .type = SAMPLE_I16,
                                              .tile_width = 128,
                                              .tile_height = 64,
                                              .compression = 5,
                                              .value = tiff_value_signed},
                                             {.width = 900,
                                              .height = 1100,
                                              .bits = 8,
                                              .samples = 3,
                                              .photometric = 2,
                                              .rows_per_strip = 1100,
                                              .compression = 8}};

enum { FILMS = sizeof recipes / sizeof *recipes };

static const char *const ways[][4] = {{"--workers", "1", "--memory", "1M"},
                                      {"--workers", "1", "--memory", "32M"},
                                      {"--workers", "5", "--memory", "1M"},
                                      {"--workers", "3", "--memory", "64M"}};

enum { WAYS = sizeof ways / sizeof *ways };

static void films(void)
{
    static bool made;
    char name[32], path[PATH_MAX] = "";
    for (int i = 0; i < FILMS && !made; i++) {
        snprintf(name, sizeof name, "same%d.tif", i);
        CU_ASSERT_FATAL(tiff_make(scratch_path(name), &recipes[i]));
    }
    made = true;
    server();
    setenv("D", scratch(), 1);
    CU_ASSERT_FATAL(realpath(program(), path) != NULL);
    setenv("X", path, 1);
}

/* Runs words with the options of each way behind $X; what they write to out must be one thing. */
static void same_bytes(const char *words, const char *out)
{
    for (int i = 0; i < WAYS; i++) {
        char all[1024];
        struct run run;
        snprintf(all, sizeof all, "cd $D; V='%s %s %s %s'; rm -f %s; %s; %s %s first-%s",
                 ways[i][0], ways[i][1], ways[i][2], ways[i][3], out, words, i ? "cmp" : "mv", out,
                 out);
        RUN(&run, "sh", "-c", all);
        CU_ASSERT_EQUAL(run.status, 0);
        if (run.status)
            printf("  %s, %s %s: %s%s\n", words, ways[i][1], ways[i][3], run.out, run.err);
    }
}

static void pictures_without_a_display_are_the_same(void)
{
    films();
    same_bytes("$X $V --render a.ppm same0.tif", "a.ppm");
    same_bytes("$X $V --render b.ppm --size 640x480 --rotate 90 --bits 16 same1.tif", "b.ppm");
    same_bytes("$X $V --render c.tif --zoom 37% same2.tif", "c.tif");
    same_bytes("$X $V --render %n-%p.ppm --pages all --zoom 3 --jobs 2 same0.tif && "
               "cat same0-1.ppm same0-2.ppm >d.ppm && rm same0-?.ppm",
               "d.ppm");
}

#define SHOWN                                                                           \
    "$X $V $T -geometry 700x520 -e 'window 900 700; zoom 0.7; center 700 500; flip v; " \
    "screenshot e.ppm image; quit' same0.tif"

static void windows_show_the_same(void)
{
    films();
    same_bytes(SHOWN, "e.ppm");
    same_bytes("T='--transport shm'; " SHOWN, "e.ppm");
    same_bytes("T='--transport put'; " SHOWN, "e.ppm");
}

/* By way of the status line's height: the window's picture, --render's and each transport's. */
static void transports_and_no_display_give_one_picture(void)
{
    static const char *const transports[] = {"auto", "shm", "put", "planes", "render"};
    struct run run;
    films();
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) {
        char words[1024];
        if (!strcmp(transports[i], "render") && !has_render())
            continue;
        snprintf(words, sizeof words,
                 "cd $D; $X --transport %s -geometry 600x400 --no-status --window 900 --level 700 "
                 "--zoom 1.3 -e 'screenshot f-%s.ppm; screenshot g-%s.ppm image; "
                 "render h-%s.ppm 600x400; quit' same0.tif && "
                 "$X --force --render i.ppm --size 600x400 --window 900 --level 700 --zoom 1.3 "
                 "same0.tif && cmp g-%s.ppm i.ppm && cmp h-%s.ppm i.ppm && cmp f-%s.ppm f-auto.ppm",
                 transports[i], transports[i], transports[i], transports[i], transports[i],
                 transports[i], transports[i]);
        RUN(&run, "sh", "-c", words);
        CU_ASSERT_EQUAL(run.status, 0);
        if (run.status)
            printf("  %s: %s%s\n", transports[i], run.out, run.err);
    }
}

/* Where levels are cells of a colormap: what is seen after a drag's likenesses, once the picture is
 * final. */
static void so_does_the_colormap(void)
{
    static const char *const gray[] = {"-screen", "0", "1280x1024x8", "-cc", "1", NULL};
    struct run run;
    films();
    CU_ASSERT_TRUE_FATAL(server_other(gray));
    RUN(&run, "sh", "-c",
        "cd $D; $X --transport colormap -geometry 600x400 --no-status --window 2000 --level 900 "
        "--zoom 1.3 -e 'window 1900 800; window 900 700; wait idle; transport report; "
        "screenshot l.ppm image; render m.ppm 600x400; quit' same0.tif && "
        "$X --force --render n.ppm --size 600x400 --window 900 --level 700 --zoom 1.3 same0.tif && "
        "cmp l.ppm n.ppm && cmp m.ppm n.ppm");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "transport colormap\n"));
    if (run.status)
        printf("  colormap: %s%s\n", run.out, run.err);
    server_usual();
}

static void exports_are_the_same(void)
{
    films();
    same_bytes("$X $V -geometry 700x520 -e 'export j.tif page; quit' same1.tif", "j.tif");
    same_bytes("$X $V -geometry 700x520 -e 'zoom 2; export k.tif; quit' same2.tif", "k.tif");
}

SUITE("determinism",
      {"pictures without a display are the same", pictures_without_a_display_are_the_same},
      {"windows show the same", windows_show_the_same},
      {"transports and no display give one picture", transports_and_no_display_give_one_picture},
      {"so does the colormap", so_does_the_colormap},
      {"exports are the same", exports_are_the_same})
