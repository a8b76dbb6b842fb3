/* What the file selection dialog saves: app/saving.c, app/choosing.c. What comes is compared with
 * what the commands write when they are given a name. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects.h"
#include "harness.h"
#include "support/pnm.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static struct viewer viewer;

static const char *place(const char *name)
{
    static char paths[4][600];
    static int used;
    char *path = paths[used++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_path("saved"), name);
    return path;
}

static bool is_there(const char *name)
{
    struct stat status;
    return stat(place(name), &status) == 0;
}

static bool comes(const char *name)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; !is_there(name) && now_ms() < limit; pause_ms(10))
        ;
    return is_there(name);
}

/* Files take their names when they are whole. */
static bool same(const char *name, const char *other)
{
    static char bytes[2][1 << 20];
    size_t count[2] = {0};
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(place(i ? other : name), "rb");
        count[i] = file ? fread(bytes[i], 1, sizeof bytes[i], file) : 0;
        if (file)
            fclose(file);
    }
    return count[0] > 0 && count[0] == count[1] && !memcmp(bytes[0], bytes[1], count[0]);
}

static bool start(void)
{
    struct tiff_recipe recipe = {
        .width = 300, .height = 200, .type = SAMPLE_U16, .pages = 2, .rows_per_strip = 64};
    mkdir(scratch_path("saved"), 0755);
    CU_ASSERT_FATAL(tiff_make(place("film.tif"), &recipe));
    bool good = VIEW(&viewer, "-geometry", "640x480+0+0", "--page", "2", place("film.tif"));
    if (good)
        XDOTOOL("mousemove", "300", "200");
    return good;
}

/* Answered when it is done. */
static void tell(const char *script)
{
    char reply[256];
    CU_ASSERT(viewer_command(&viewer, script, reply, sizeof reply));
}

static void command(const char *verb, const char *name)
{
    char script[700];
    snprintf(script, sizeof script, "%s %s", verb, place(name));
    tell(script);
}

static void open_dialog(const char *verb)
{
    tell(verb);
    CU_ASSERT_NOT_EQUAL(effect_dialog(&viewer), None);
    tell("wait idle");
}

/* The name that is there is typed over; its folder stays. */
static void save_as(const char *verb, const char *name)
{
    open_dialog(verb);
    XDOTOOL("type", name);
    XDOTOOL("key", "Return");
    CU_ASSERT(effect_no_dialog(&viewer));
    CU_ASSERT(comes(name));
}

static void what_is_written_is_what_the_commands_write(void)
{
    struct pnm picture;
    if (!start())
        return;
    save_as("export", "part.tif");
    command("export", "part0.tif");
    CU_ASSERT(same("part.tif", "part0.tif"));
    save_as("render", "view 2; b.pgm");
    command("render", "view0.pgm");
    CU_ASSERT(same("view 2; b.pgm", "view0.pgm"));
    save_as("screenshot", "window.ppm");
    CU_ASSERT_FATAL(pnm_read(&picture, place("window.ppm")));
    CU_ASSERT(picture.width == 640 && picture.height == 480);
    pnm_free(&picture);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The file's name, its page and what it is of. */
static void names_are_suggested(void)
{
    if (!start())
        return;
    open_dialog("export");
    XDOTOOL("key", "Return");
    CU_ASSERT(comes("film-2-samples.tif"));
    CU_ASSERT(effect_no_dialog(&viewer));
    open_dialog("open"); /* that of another purpose takes its place */
    tell("render");
    CU_ASSERT_NOT_EQUAL(effect_dialog(&viewer), None);
    tell("wait idle");
    XDOTOOL("key", "Return");
    CU_ASSERT(comes("film-2-view.png") || comes("film-2-view.tif"));
    CU_ASSERT(effect_no_dialog(&viewer));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void what_is_there_is_replaced_when_that_is_said_twice(void)
{
    if (!start())
        return;
    scratch_file("saved/old.pgm", "old", 3);
    command("render", "new.pgm");
    open_dialog("render");
    XDOTOOL("type", "old.pgm");
    XDOTOOL("key", "Return");
    tell("wait idle");
    CU_ASSERT_EQUAL(scratch_size(place("old.pgm")), 3);
    XDOTOOL("key", "Escape");
    CU_ASSERT(effect_no_dialog(&viewer));
    CU_ASSERT_EQUAL(scratch_size(place("old.pgm")), 3);
    open_dialog("render");
    XDOTOOL("type", "old.pgm");
    XDOTOOL("key", "Return", "Return");
    CU_ASSERT(effect_no_dialog(&viewer));
    tell("wait idle");
    for (int64_t limit = now_ms() + PATIENCE_MS;
         scratch_size(place("old.pgm")) == 3 && now_ms() < limit; pause_ms(10))
        ;
    CU_ASSERT(same("old.pgm", "new.pgm"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* It stays open where no format has that ending. */
static void what_cannot_be_written_is_told(void)
{
    if (!start())
        return;
    open_dialog("screenshot");
    XDOTOOL("type", "picture.xyz");
    XDOTOOL("key", "Return");
    tell("wait idle");
    CU_ASSERT_NOT_EQUAL(effect_dialog(&viewer), None);
    XDOTOOL("key", "BackSpace", "BackSpace", "BackSpace");
    XDOTOOL("type", "ppm");
    XDOTOOL("key", "Return");
    CU_ASSERT(effect_no_dialog(&viewer));
    CU_ASSERT(comes("picture.ppm") && !is_there("picture.xyz"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("saving",
      {"what is written is what the commands write", what_is_written_is_what_the_commands_write},
      {"names are suggested", names_are_suggested},
      {"what is there is replaced when that is said twice",
       what_is_there_is_replaced_when_that_is_said_twice},
      {"what cannot be written is told", what_cannot_be_written_is_told})
