/* Files that change while they are shown, and blocks that cannot be decoded: the viewer lives, says
 * what it cannot show and where, hatches that alone, and shows the rest as it is. Guards what lies
 * between a bad block and the screen: source/tiff_read.c, source/tiff_decode.c, tiles/answers.c,
 * tiles/renewal.c, app/session.c, app/commands_file.c; and --strict in app/render.c. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "support/tiff_old.h"
#include "support/lease.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* MESSAGE_ROWS: of the window, where the message may lie over the picture. PERIOD, LINE: of the
 * hatching. */
enum { WIDTH = 400, HEIGHT = 300, MESSAGE_ROWS = 100, PERIOD = 16, LINE = 2, LOST_LEVEL = 0 };

#define TONE "--window", "256", "--level", "128"

/* 20 .. 219, which all types can hold; 0 is what cannot be decoded in those of whole numbers. */
static double number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe;
    return (double)(20 + (x * 7 + y * 13 + (x * y >> 5) + sample * 61 + page * 101) % 200);
}

/* As above, but another one. */
static double other_number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                           int sample)
{
    return 239 - number(recipe, y, x, page, sample);
}

#define STRIPS .rows_per_strip = 64
#define TILES .tile_width = 128, .tile_height = 112
#define GRAY .photometric = PHOTOMETRIC_MINISBLACK
#define RGB .photometric = PHOTOMETRIC_RGB, .samples = 3
#define FLOAT .format = SAMPLEFORMAT_IEEEFP

static const struct kind {
    const char *name;
    struct tiff_recipe recipe;
} kinds[] = {
    {"gray8-strips", {.bits = 8, GRAY, STRIPS, .compression = COMPRESSION_LZW}},
    {"gray8-tiles", {.bits = 8, GRAY, TILES, .compression = COMPRESSION_ADOBE_DEFLATE}},
    {"gray16-strips", {.bits = 16, GRAY, STRIPS, .compression = COMPRESSION_ADOBE_DEFLATE}},
    {"gray16-tiles", {.bits = 16, GRAY, TILES, .compression = COMPRESSION_LZW}},
    {"rgb8-strips", {.bits = 8, RGB, STRIPS, .compression = COMPRESSION_ADOBE_DEFLATE}},
    {"rgb8-tiles", {.bits = 8, RGB, TILES, .compression = COMPRESSION_LZW}},
    {"rgb16-planes", {.bits = 16, RGB, STRIPS, .compression = COMPRESSION_LZW, .separate = true}},
    {"float-strips", {.bits = 32, FLOAT, GRAY, STRIPS, .compression = COMPRESSION_LZW}},
    {"float-tiles", {.bits = 32, FLOAT, GRAY, TILES, .compression = COMPRESSION_ADOBE_DEFLATE}},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* Makes WIDTH x HEIGHT of a kind, unless the recipe has a size of its own. */
static const char *make(const char *name, const struct tiff_recipe *made, tiff_number *numbers)
{
    struct tiff_recipe recipe = *made;
    const char *path = scratch_path(name);
    recipe.number = numbers;
    recipe.width = recipe.width ? recipe.width : WIDTH;
    recipe.height = recipe.height ? recipe.height : HEIGHT;
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    return path;
}

static void copy_file(const char *from, const char *to)
{
    struct run run;
    RUN(&run, "cp", from, to);
    CU_ASSERT_EQUAL_FATAL(run.status, 0);
}

/* ---- what is on the screen ---- */

/* What --render makes of the same words. */
static bool render(struct pnm *picture, const char *file, int width, int height, const char *zoom,
                   const char *center)
{
    struct run run;
    char size[32];
    const char *out = scratch_path("changes.ppm");
    unlink(out);
    snprintf(size, sizeof size, "%dx%d", width, height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", zoom, "--center",
        center, TONE, file);
    return pnm_read(picture, out);
}

/* Pixels that differ below the message; rows `from` .. `to` - 1 of the window are left out. */
static long differing(const struct pnm *a, const struct pnm *b, int from, int to)
{
    size_t row = (size_t)a->width * 3;
    long count = 0;
    CU_ASSERT_FATAL(a->width == b->width && a->height == b->height && b->channels == 3);
    for (int y = MESSAGE_ROWS; y < a->height; y++)
        for (size_t i = 0; (y < from || y >= to) && i < row; i += 3)
            count +=
                memcmp(a->samples + (size_t)y * row + i, b->samples + (size_t)y * row + i, 3) != 0;
    return count;
}

/* The window shows what --render makes of `file`. */
static void check_shown(const struct viewer *viewer, const char *file, const char *zoom,
                        const char *center)
{
    struct pnm grabbed, rendered;
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    CU_ASSERT_FATAL(render(&rendered, file, grabbed.width, grabbed.height, zoom, center));
    CU_ASSERT_EQUAL(differing(&grabbed, &rendered, 0, 0), 0);
    pnm_free(&grabbed);
    pnm_free(&rendered);
}

/* ---- bad blocks ---- */

/* Overwrites a block (of the second plane, where planes are separate) with what no codec takes. */
static void spoil(const char *path, uint32_t block, const struct tiff_recipe *recipe)
{
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    if (recipe->separate)
        block += TIFFNumberOfStrips(tiff) / 3;
    uint64_t offset = TIFFGetStrileOffset(tiff, block), bytes = TIFFGetStrileByteCount(tiff, block);
    TIFFClose(tiff);
    uint8_t *junk = malloc((size_t)bytes);
    CU_ASSERT_FATAL(junk && bytes > 0);
    memset(junk, 0xff, (size_t)bytes);
    scratch_patch(path, (int64_t)offset, junk, (size_t)bytes);
    free(junk);
}

/* Block 2 of strips is rows 128 to 191; block 5 of tiles the second of the second row. */
static void spoilt_area(const struct tiff_recipe *recipe, uint32_t *block, int area[4],
                        const char **sentence)
{
    const int strip[4] = {0, 128, WIDTH, 192}, tile[4] = {128, 112, 256, 224};
    bool tiled = recipe->tile_width != 0;
    *block = tiled ? 5 : 2;
    memcpy(area, tiled ? tile : strip, sizeof strip);
    *sentence = tiled ? "tile 5 (columns 128 to 255, rows 112 to 223) cannot be decoded: "
                      : "strip 2 (rows 128 to 191) cannot be decoded: ";
}

/* In the block every pixel is either hatched or black; elsewhere it is the sound file's. */
static long wrong_pixels(const struct pnm *shown, const struct pnm *sound, const int area[4],
                         long *hatched)
{
    int left = (shown->width - WIDTH) / 2, top = (shown->height - HEIGHT) / 2;
    long wrong = 0;
    *hatched = 0;
    for (int y = MESSAGE_ROWS; y < shown->height; y++)
        for (int x = 0; x < shown->width; x++) {
            int u = x - left, v = y - top;
            bool bad = u >= area[0] && v >= area[1] && u < area[2] && v < area[3];
            bool line = bad && (x + y) % PERIOD < LINE;
            uint8_t level = line ? 255 : LOST_LEVEL, wanted[3] = {level, level, level};
            size_t at = ((size_t)y * (size_t)shown->width + (size_t)x) * 3;
            wrong += memcmp(shown->samples + at, bad ? wanted : sound->samples + at, 3) != 0;
            *hatched += line;
        }
    return wrong;
}

/* --strict makes no picture of it, and without it the picture is the window's. */
static void check_rendering(const char *path, const struct pnm *shown, const char *sentence)
{
    struct run run;
    struct pnm rendered;
    const char *out = scratch_path("strict.ppm");
    RUN(&run, program(), "--force", "--strict", "--render", out, path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_NOT_EQUAL(access(out, F_OK), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, sentence));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "not all of it can be decoded (--strict)"));
    CU_ASSERT_FATAL(render(&rendered, path, shown->width, shown->height, "1", "200,150"));
    CU_ASSERT_EQUAL(differing(shown, &rendered, 0, 0), 0);
    pnm_free(&rendered);
}

static void check_spoilt(struct viewer *viewer, const struct kind *kind, const char *path,
                         const char *sound_path)
{
    struct pnm shown, sound;
    uint32_t block;
    int area[4];
    long hatched;
    const char *sentence;
    char line[700];
    spoilt_area(&kind->recipe, &block, area, &sentence);
    snprintf(line, sizeof line, "xlightbox: %s: %s", path, sentence);
    CU_ASSERT(viewer_hears(viewer, line));
    CU_ASSERT(viewer_wait_panel(viewer, true));
    CU_ASSERT_FATAL(viewer_grab(viewer, &shown));
    CU_ASSERT_FATAL(render(&sound, sound_path, shown.width, shown.height, "1", "200,150"));
    long wrong = wrong_pixels(&shown, &sound, area, &hatched);
    CU_ASSERT(wrong == 0 && hatched > 1000);
    if (wrong)
        printf("  %s: %ld pixels are wrong\n", kind->name, wrong);
    check_rendering(path, &shown, line + strlen("xlightbox: "));
    pnm_free(&shown);
    pnm_free(&sound);
}

static void what_cannot_be_decoded_is_hatched_and_named(void)
{
    static char paths[KINDS][512], sound[KINDS][512];
    const char *words[KINDS + 16] = {"-geometry", "640x561", TONE, "--zoom", "1"};
    struct viewer viewer;
    int count = 8;
    for (int i = 0; i < KINDS; i++) {
        char name[64];
        uint32_t block;
        int area[4];
        const char *sentence;
        snprintf(name, sizeof name, "%s.tif", kinds[i].name);
        snprintf(paths[i], sizeof paths[i], "%s", make(name, &kinds[i].recipe, number));
        snprintf(name, sizeof name, "sound-%d.tif", i);
        snprintf(sound[i], sizeof sound[i], "%s", scratch_path(name));
        copy_file(paths[i], sound[i]);
        spoilt_area(&kinds[i].recipe, &block, area, &sentence);
        spoil(paths[i], block, &kinds[i].recipe);
        words[count++] = paths[i];
    }
    if (!viewer_start(&viewer, words))
        return;
    for (int i = 0; i < KINDS; i++) {
        check_spoilt(&viewer, &kinds[i], paths[i], sound[i]);
        if (i + 1 < KINDS)
            CU_ASSERT(viewer_do(&viewer, "file next"));
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1); /* something could not be shown */
}

/* ---- changes ---- */

/* As high as several windows. */
static const struct tiff_recipe films[] = {
    {.width = 500, .height = 3000, .bits = 16, GRAY, STRIPS},
    {.width = 500, .height = 3000, .bits = 16, GRAY, STRIPS, .compression = COMPRESSION_LZW},
    {.width = 500, .height = 3000, .bits = 16, GRAY, .compression = COMPRESSION_ADOBE_DEFLATE},
    {.width = 500, .height = 3000, .bits = 8, RGB, TILES, .compression = COMPRESSION_LZW},
    {.width = 500, .height = 3000, .bits = 32, FLOAT, GRAY, TILES},
};

enum { FILMS = sizeof films / sizeof *films };

/* Shows the top of a film that will change (copy[0] keeps what it was), and after it another. */
static bool show_film(struct viewer *viewer, int i, char film[512], char copy[512])
{
    char other[512];
    snprintf(film, 512, "%s", make("film.tif", &films[i], number));
    snprintf(copy, 512, "%s", scratch_path("film-copy.tif"));
    copy_file(film, copy);
    snprintf(other, sizeof other, "%s", make("other.tif", &kinds[2].recipe, number));
    bool good = VIEW(viewer, "-geometry", "500x500", TONE, "--zoom", "1", "--center", "250,200",
                     film, other);
    if (good)
        check_shown(viewer, copy, "1", "250,200");
    return good;
}

/* What is on the screen stays, and is drawn anew with another tone; what is gone is hatched and
 * told; what is left can be gone back to. */
static void a_film_that_is_cut_is_shown_as_far_as_it_goes(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        struct pnm before, after;
        char film[512], copy[512], line[600];
        if (!show_film(&viewer, i, film, copy))
            return;
        CU_ASSERT_FATAL(viewer_grab(&viewer, &before));
        scratch_cut(film, scratch_size(film) / 2);
        CU_ASSERT(viewer_do(&viewer, "invert on"));
        CU_ASSERT(viewer_do(&viewer, "invert off"));
        CU_ASSERT_FATAL(viewer_grab(&viewer, &after));
        CU_ASSERT_EQUAL(differing(&before, &after, 0, 0), 0);
        pnm_free(&after);
        CU_ASSERT(viewer_do(&viewer, "center 250 2700"));
        snprintf(line, sizeof line, "xlightbox: %s: ", film);
        CU_ASSERT(viewer_hears(&viewer, line));
        CU_ASSERT(viewer_wait_panel(&viewer, true));
        CU_ASSERT_FATAL(viewer_grab(&viewer, &after));
        CU_ASSERT(differing(&before, &after, 0, 0) > 100000);
        pnm_free(&before);
        pnm_free(&after);
        CU_ASSERT(viewer_do(&viewer, "center 250 200"));
        check_shown(&viewer, copy, "1", "250,200");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
        CU_ASSERT_PTR_NULL(strstr(viewer.said, "crashed"));
    }
}

/* The old one goes on being shown, by the descriptor; opened again, it is the new one. */
static void a_film_that_is_replaced_is_the_old_one_until_it_is_opened_again(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        struct tiff_recipe recipe = films[FILMS - 1 - i];
        char film[512], copy[512];
        if (!show_film(&viewer, i, film, copy))
            return;
        recipe.width = 700;
        const char *next = make("next.tif", &recipe, other_number);
        CU_ASSERT_EQUAL(rename(next, film), 0);
        CU_ASSERT(viewer_do(&viewer, "center 250 2700"));
        CU_ASSERT(viewer_wait(&viewer, " size=500x3000 ", -1));
        check_shown(&viewer, copy, "1", "250,2700");
        CU_ASSERT(viewer_do(&viewer, "file next"));
        CU_ASSERT(viewer_do(&viewer, "file previous"));
        CU_ASSERT(viewer_wait(&viewer, " size=700x3000 ", -1));
        CU_ASSERT(viewer_do(&viewer, "zoom 1; center 350 1000"));
        check_shown(&viewer, film, "1", "350,1000");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
}

/* Written anew under the same name and number, which is a cut first and then another file. */
static void a_film_that_is_overwritten_does_no_harm(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        char film[512], copy[512];
        if (!show_film(&viewer, i, film, copy))
            return;
        const char *next = make("next.tif", &kinds[(i + 3) % KINDS].recipe, other_number);
        copy_file(next, film);
        CU_ASSERT(viewer_do(&viewer, "center 250 2700"));
        CU_ASSERT(viewer_hears(&viewer, film));
        CU_ASSERT(viewer_do(&viewer, "file next"));
        CU_ASSERT(viewer_do(&viewer, "file previous"));
        CU_ASSERT(viewer_wait(&viewer, " size=400x300 ", -1));
        CU_ASSERT(viewer_do(&viewer, "zoom 1; center 200 50"));
        check_shown(&viewer, next, "1", "200,50");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
        CU_ASSERT_PTR_NULL(strstr(viewer.said, "crashed"));
    }
}

static void a_film_that_grows_stays_what_it_was(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        char film[512], copy[512];
        if (!show_film(&viewer, i, film, copy))
            return;
        for (int part = 0; part < 20; part++)
            scratch_patch(film, scratch_size(film), kinds, sizeof kinds);
        CU_ASSERT(viewer_do(&viewer, "center 250 2700"));
        check_shown(&viewer, copy, "1", "250,2700");
        CU_ASSERT(viewer_do(&viewer, "zoom 0.25; center 250 1500"));
        check_shown(&viewer, copy, "0.25", "250,1500");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
}

/* Read anew it is the new one, at the same place. */
static void a_film_is_read_anew_on_demand(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        struct tiff_recipe recipe = films[i];
        char film[512], copy[512];
        if (!show_film(&viewer, i, film, copy))
            return;
        recipe.height = 2900;
        const char *next = make("next.tif", &recipe, other_number);
        CU_ASSERT(viewer_do(&viewer, "center 250 1700"));
        CU_ASSERT_EQUAL(rename(next, film), 0);
        viewer_key(&viewer, "F5");
        CU_ASSERT(viewer_wait(&viewer, " size=500x2900 ", -1));
        CU_ASSERT(viewer_wait(&viewer, " zoom=1 center=250,1700 ", -1));
        check_shown(&viewer, film, "1", "250,1700");
        unlink(film);
        viewer_key(&viewer, "ctrl+r");
        CU_ASSERT(viewer_hears(&viewer, "No such file or directory"));
        CU_ASSERT(viewer_do(&viewer, "invert on; invert off; center 250 200"));
        CU_ASSERT(viewer_wait(&viewer, " size=500x2900 ", -1)); /* what was shown stays */
        CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
    }
}

/* Cuts it in the middle, and shows what is gone. Returns what is to be put back. */
static uint8_t *cut_and_look(struct viewer *viewer, const char *film, size_t *bytes)
{
    size_t whole = (size_t)scratch_size(film), kept = whole / 2;
    uint8_t *rest = malloc(whole - kept);
    FILE *file = fopen(film, "r");
    CU_ASSERT_FATAL(rest && file && !fseek(file, (long)kept, SEEK_SET) &&
                    fread(rest, 1, whole - kept, file) == whole - kept);
    fclose(file);
    scratch_cut(film, (int64_t)kept);
    CU_ASSERT(viewer_do(viewer, "center 250 2600"));
    CU_ASSERT(viewer_hears(viewer, film));
    *bytes = whole - kept;
    return rest;
}

/* A file that is being copied to its place, say: what was missing comes by itself, and as well
 * while the hand never rests. */
static void what_was_missing_comes_when_it_is_there(void)
{
    for (int i = 0; i < FILMS; i++) {
        struct viewer viewer;
        char film[512], copy[512];
        size_t bytes;
        if (!show_film(&viewer, i, film, copy))
            return;
        uint8_t *rest = cut_and_look(&viewer, film, &bytes);
        scratch_patch(film, scratch_size(film), rest, bytes);
        free(rest);
        for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(100)) {
            struct pnm grabbed, rendered;
            CU_ASSERT(i % 2 || viewer_do(&viewer, "center 250 2590; center 250 2600"));
            CU_ASSERT_FATAL(viewer_grab(&viewer, &grabbed));
            CU_ASSERT_FATAL(
                render(&rendered, copy, grabbed.width, grabbed.height, "1", "250,2600"));
            bool same = differing(&grabbed, &rendered, 0, 0) == 0;
            pnm_free(&grabbed);
            pnm_free(&rendered);
            if (same)
                break;
        }
        check_shown(&viewer, copy, "1", "250,2600");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
        CU_ASSERT_PTR_NULL(strstr(viewer.said, "crashed"));
    }
}

/* Waits until the state says so, final or not. */
static bool follows(const struct viewer *viewer, const char *text)
{
    char state[STATE_ROOM] = "";
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2))
        if (viewer_state(viewer, state) && strstr(state, text))
            return true;
    printf("  waited for \"%s\", but: %s\n", text, state);
    return false;
}

/* A file system that does not answer: the file shown stays, and the hand is followed. */
static void the_hand_is_followed_while_a_file_is_opened(void)
{
    struct viewer viewer;
    char reply[256], film[512], other[512];
    snprintf(film, sizeof film, "%s", make("film.tif", &films[0], number));
    snprintf(other, sizeof other, "%s", make("other.tif", &kinds[2].recipe, number));
    if (!VIEW(&viewer, "-geometry", "500x500", TONE, "--zoom", "1", "--center", "250,200", film,
              other))
        return;
    int lease = lease_hold(other);
    viewer_send(&viewer, "file next");
    CU_ASSERT(lease < 0 || follows(&viewer, " idle=0 file=film.tif "));
    viewer_key(&viewer, "i");
    CU_ASSERT(lease < 0 || follows(&viewer, " invert=1 "));
    CU_ASSERT(viewer_command(&viewer, "window 100 90; center 250 2500", reply, sizeof reply));
    CU_ASSERT(lease < 0 || follows(&viewer, " idle=0 file=film.tif page=1/1 size=500x3000 "
                                            "window=100 level=90 zoom=1 center=250,2500 "));
    lease_give_up(lease);
    CU_ASSERT(viewer_wait(&viewer, " file=other.tif page=1/1 size=400x300 window=100 ", -1));
    kill(viewer_opener(&viewer), SIGKILL);
    CU_ASSERT(viewer_hears(&viewer, "ended by itself and was replaced"));
    CU_ASSERT(viewer_do(&viewer, "file previous"));
    CU_ASSERT(viewer_wait(&viewer, " file=film.tif ", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("changes",
      {"what cannot be decoded is hatched and named", what_cannot_be_decoded_is_hatched_and_named},
      {"a film that is cut is shown as far as it goes",
       a_film_that_is_cut_is_shown_as_far_as_it_goes},
      {"a film that is replaced is the old one until it is opened again",
       a_film_that_is_replaced_is_the_old_one_until_it_is_opened_again},
      {"a film that is overwritten does no harm", a_film_that_is_overwritten_does_no_harm},
      {"a film that grows stays what it was", a_film_that_grows_stays_what_it_was},
      {"a film is read anew on demand", a_film_is_read_anew_on_demand},
      {"what was missing comes when it is there", what_was_missing_comes_when_it_is_there},
      {"the hand is followed while a file is opened", the_hand_is_followed_while_a_file_is_opened})
