/* The user's presets: their file, what of it is refused, what stays of others' work. Guards
 * app/presets.c and app/home.c. */
#include "suite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/home.h"
#include "app/presets.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static char path[600];

static void put(const char *text)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static bool holds(const char *text)
{
    char all[1000] = "";
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(all, 1, sizeof all - 1, file) : 0;
    if (file)
        fclose(file);
    all[length] = 0;
    return !strcmp(all, text);
}

#define HEAD "# Presets of xlightbox, a line each: NAME WIDTH CENTER [UNIT]\n"

static void refuse(const char *name, const char *why)
{
    struct fault fault;
    CU_ASSERT_FALSE(presets_save(name, 10, 20, "", &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, why));
}

static void begin(void)
{
    static char folder[500];
    snprintf(folder, sizeof folder, "%s/presets-config", scratch());
    snprintf(path, sizeof path, "%s/xlightbox/presets", folder);
    setenv("XDG_CONFIG_HOME", folder, 1);
}

static void they_are_kept_in_a_file(void)
{
    struct fault fault;
    begin();
    CU_ASSERT_PTR_NULL(presets_find("knee"));
    CU_ASSERT(presets_save("knee", 400.5, -12, "HU", &fault));
    CU_ASSERT(holds(HEAD "knee 400.5 -12 HU\n"));
    const struct preset *knee = presets_find("knee");
    CU_ASSERT_PTR_NOT_NULL_FATAL(knee);
    CU_ASSERT(knee->width == 400.5 && knee->center == -12);
    CU_ASSERT(presets_save("knee", 1e-7, 3, "a.u. per s", &fault));
    CU_ASSERT(holds(HEAD "knee 1e-07 3 a.u.\n"));
    CU_ASSERT_EQUAL(knee->center, 3);
    /* Another viewer has added one and dropped this. */
    put("# mine\n\nhip 100 50 # in counts\n");
    CU_ASSERT(presets_save("foot", 7, 8, "", &fault));
    CU_ASSERT(holds(HEAD "hip 100 50\nfoot 7 8\n"));
    CU_ASSERT_PTR_NULL(presets_find("knee"));
    CU_ASSERT(presets_delete("hip", &fault));
    CU_ASSERT(holds(HEAD "foot 7 8\n"));
    CU_ASSERT_FALSE(presets_delete("hip", &fault));
    CU_ASSERT(presets_delete("foot", &fault));
    CU_ASSERT(holds(HEAD));
    CU_ASSERT_EQUAL(scratch_beside("presets-config/xlightbox/presets"), 0);
}

static void what_cannot_be_is_refused(void)
{
    struct fault fault;
    char name[20];
    begin();
    refuse("brain", "a preset of the program's own");
    refuse("save", "is no name of a preset");
    refuse("two words", "is no name of a preset");
    refuse("", "is no name of a preset");
    refuse("a-name-of-thirty-two-characters.", "is no name of a preset");
    put("fine 1 2\nwide -3 4\n"); /* nobody's work is written over */
    refuse("more", "line 2 is no preset");
    CU_ASSERT(holds("fine 1 2\nwide -3 4\n"));
    put("");
    CU_ASSERT(presets_take("from-x 5 6, \n other 7 8 mSv"));
    CU_ASSERT_FALSE(presets_take("one 1"));
    CU_ASSERT_FALSE(presets_delete("from-x", &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "of the X resources"));
    for (int i = 0; i < PRESETS_OWN - 2; i++) {
        snprintf(name, sizeof name, "p%d", i);
        CU_ASSERT(presets_save(name, i + 1, i, "", &fault));
    }
    refuse("one-more", "there are 20 presets of your own");
    put("");
}

/* --preset takes them; a page of values 0 .. 255 through a window of 11. */
static void pictures_take_them(void)
{
    struct run run;
    struct pnm picture;
    struct tiff_recipe recipe = {
        .width = 64, .height = 64, .type = SAMPLE_U8, .value = tiff_value_plain};
    const char *in = scratch_path("preset.tif"), *out = scratch_path("preset.pgm");
    begin();
    put("mine 11 100\n");
    CU_ASSERT_FATAL(tiff_make(in, &recipe));
    RUN(&run, program(), "--force", "--preset", "mine", "--render", out, in);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(&picture, out));
    int wrong = 0;
    for (int i = 0; i < 64 * 64; i++) {
        int value = tiff_value_plain(i % 64, i / 64, 0) & 255;
        double y = (value - 99.5) / 10 + 0.5;
        int level = y <= 0 ? 0 : y > 1 ? 255 : (int)(255 * y + 0.5);
        wrong += picture.samples[i] != level;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    pnm_free(&picture);
    RUN(&run, program(), "--preset", "nobodys", "--render", out, in);
    CU_ASSERT_EQUAL(run.status, 2);
    unsetenv("XDG_CONFIG_HOME");
}

/* A relative folder counts as none; what is too long for a path is none. */
static void folders_are_as_xdg_has_them(void)
{
    char found[PATH_MAX], deep[PATH_MAX], home[PATH_MAX];
    snprintf(home, sizeof home, "%s", getenv("HOME") ? getenv("HOME") : "/");
    memset(deep, '/', sizeof deep - 1);
    deep[sizeof deep - 1] = 0;
    setenv("XLIGHTBOX_TEST_HOME", "/given", 1);
    CU_ASSERT(home_path("XLIGHTBOX_TEST_HOME", "/.usual", "/a", found));
    CU_ASSERT_STRING_EQUAL(found, "/given/a");
    CU_ASSERT_FALSE(home_path("XLIGHTBOX_TEST_HOME", "/.usual", deep, found));
    setenv("XLIGHTBOX_TEST_HOME", "relative", 1);
    setenv("HOME", "/somebody", 1);
    CU_ASSERT(home_path("XLIGHTBOX_TEST_HOME", "/.usual", "/a", found));
    CU_ASSERT_STRING_EQUAL(found, "/somebody/.usual/a");
    setenv("HOME", "nowhere", 1);
    CU_ASSERT_FALSE(home_path("XLIGHTBOX_TEST_HOME", "/.usual", "/a", found));
    unsetenv("XLIGHTBOX_TEST_HOME");
    setenv("HOME", home, 1);
}

SUITE("presets", {"they are kept in a file", they_are_kept_in_a_file},
      {"what cannot be is refused", what_cannot_be_is_refused},
      {"pictures take them", pictures_take_them},
      {"folders are as XDG has them", folders_are_as_xdg_has_them})
