/* The recipes of data/examples, run as they are with the tools they name. ENDURANCE=1 has the first
 * one run 200 times. */
#include "config.h"
#include "suite.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { RUNS = 4, ENDURANCE_RUNS = 200 };

/* A shell's words in a folder with film.tif, of three pages; $E are the examples, and the program
 * under test is the one that is found. */
static void shell(struct run *run, const char *words)
{
    static char path[4096];
    char all[2000], program_path[PATH_MAX], examples[PATH_MAX];
    struct tiff_recipe recipe = {.width = 1200,
                                 .height = 900,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .pages = 3,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        server();
        CU_ASSERT_FATAL(tiff_make(scratch_path("film.tif"), &recipe));
        CU_ASSERT_FATAL(realpath(program(), program_path) != NULL);
        snprintf(path, sizeof path, "%s:%s", dirname(program_path), getenv("PATH"));
        setenv("PATH", path, 1);
        setenv("D", scratch(), 1);
        CU_ASSERT_FATAL(realpath("data/examples", examples) != NULL);
        setenv("E", examples, 1);
    }
    snprintf(all, sizeof all, "cd $D; %s", words);
    RUN(run, "sh", "-c", all);
    if (run->status)
        printf("  %s: %d %s%s\n", words, run->status, run->out, run->err);
}

static bool has_tool(const char *name)
{
    struct run run;
    char words[64];
    snprintf(words, sizeof words, "command -v %s >/dev/null || echo no", name);
    shell(&run, words);
    if (run.out[0])
        printf("  %s is not installed: what needs it is passed over\n", name);
    return !run.out[0];
}

static uint32_t number_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* XWD of 32 bits for a pixel, as XWDFile.h has it; the header is in the order of the network. */
static bool xwd_read(struct pnm *picture, const char *path)
{
    uint8_t header[100];
    FILE *file = fopen(path, "rb");
    if (!file || fread(header, 1, sizeof header, file) != sizeof header)
        return false;
    int width = (int)number_at(header + 16), height = (int)number_at(header + 20);
    bool msb = number_at(header + 28) == 1;
    size_t line = number_at(header + 48);
    long start = (long)(number_at(header) + 12 * number_at(header + 76));
    *picture = (struct pnm){width, height, 3, malloc((size_t)width * (size_t)height * 3)};
    uint8_t *to = picture->samples, *row = malloc(line);
    bool good = number_at(header + 44) == 32 && !fseek(file, start, SEEK_SET);
    for (int y = 0; good && y < height; y++) {
        good = fread(row, 1, line, file) == line;
        for (int x = 0; good && x < width; x++)
            for (int i = 0; i < 3; i++)
                *to++ = row[4 * x + (msb ? 1 + i : 2 - i)];
    }
    free(row);
    fclose(file);
    return good;
}

static void same_as(const char *rendered, const struct pnm *picture)
{
    struct pnm other;
    CU_ASSERT_FATAL(pnm_read(&other, rendered));
    CU_ASSERT(other.width == picture->width && other.height == picture->height);
    long wrong = 0;
    for (int y = 0; y < other.height && y < picture->height; y++)
        for (int x = 0; x < other.width && x < picture->width; x++)
            wrong += pnm_at(&other, x, y) != pnm_at(picture, x, y);
    CU_ASSERT_EQUAL(wrong, 0);
    pnm_free(&other);
}

static void xdotool_takes_the_same_picture_each_time(void)
{
    struct run run;
    struct pnm picture;
    char words[400];
    int runs = getenv("ENDURANCE") ? ENDURANCE_RUNS : RUNS;
    snprintf(words, sizeof words,
             "for i in $(seq %d); do rm -f again.xwd; $E/1-xdotool.sh film.tif again.xwd || exit 1;"
             "[ $i != 1 ] || cp again.xwd first.xwd; cmp again.xwd first.xwd || exit 1; done",
             runs);
    shell(&run, words);
    CU_ASSERT_EQUAL_FATAL(run.status, 0);
    printf("  %d runs gave the same picture\n", runs);
    CU_ASSERT_FATAL(xwd_read(&picture, scratch_path("first.xwd")));
    snprintf(words, sizeof words,
             "xlightbox --force --render first.ppm --size %dx%d --preset bone --rescale 1,-1024 "
             "--zoom 1.25 film.tif",
             picture.width, picture.height);
    shell(&run, words);
    same_as(scratch_path("first.ppm"), &picture);
    if (has_tool("import")) {
        shell(&run, "$E/1-xdotool.sh film.tif first.png && convert first.png -depth 8 second.ppm");
        CU_ASSERT_EQUAL(run.status, 0);
        same_as(scratch_path("second.ppm"), &picture);
    }
    pnm_free(&picture);
}

/* Recipes that write PNG are tried where the program can. */
static bool writes_png(void)
{
#ifdef HAVE_PNG
    return true;
#else
    printf("  no libpng: a recipe is not tried\n");
    return false;
#endif
}

/* The size of a PNG, as --size takes it. */
static void png_size(const char *path, char *text, size_t room)
{
    uint8_t header[24] = {0};
    FILE *file = fopen(path, "rb");
    CU_ASSERT_FATAL(file && fread(header, 1, sizeof header, file) == sizeof header);
    fclose(file);
    snprintf(text, room, "%ux%u", number_at(header + 16), number_at(header + 20));
}

static void properties_are_enough(void)
{
    struct run run;
    char size[32], words[300];
    if (!writes_png())
        return;
    shell(&run, "$E/2-property.sh film.tif property.png");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, " window=1500 level=-600 zoom=0.5 "));
    png_size(scratch_path("property.png"), size, sizeof size);
    snprintf(words, sizeof words,
             "xlightbox --render second.png --size %s --preset lung --zoom 0.5 film.tif && "
             "cmp second.png property.png",
             size);
    shell(&run, words);
    CU_ASSERT_EQUAL(run.status, 0);
}

static void a_folder_fits_a_sheet(void)
{
    struct run run;
    char size[32];
    if (!has_tool("montage") || !writes_png())
        return;
    shell(&run, "mkdir sheet; cp film.tif sheet/a.tif; cp film.tif sheet/b.tif;"
                "echo none >sheet/c.tif; $E/3-contact-sheet.sh sheet sheet.png");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "sheet/c.tif: not a TIFF file"));
    png_size(scratch_path("sheet.png"), size, sizeof size);
    CU_ASSERT_STRING_EQUAL(size, "992x188");
}

static void all_pages_have_all_windows(void)
{
    struct run run;
    if (!writes_png())
        return;
    shell(&run, "$E/4-windows.sh windows film.tif && ls windows && xlightbox --render one.png "
                "--size 512x512 --preset bone --page 3 film.tif && "
                "cmp one.png windows/film-bone-3.png");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_STRING_EQUAL(run.out, "film-bone-1.png\nfilm-bone-2.png\nfilm-bone-3.png\n"
                                    "film-brain-1.png\nfilm-brain-2.png\nfilm-brain-3.png\n"
                                    "film-subdural-1.png\nfilm-subdural-2.png\n"
                                    "film-subdural-3.png\n");
    shell(&run, "! $E/4-windows.sh windows film.tif gone.tif");
    CU_ASSERT_EQUAL(run.status, 0);
}

/* Until a viewer is there nobody can be asked: these words ask again and again. */
#define ASKED "until xlightbox --remote 'wait idle; state' >state 2>/dev/null; do :; done; "

static void a_kiosk_shows_what_comes(void)
{
    struct run run;
    shell(&run, "mkdir kiosk; cp film.tif kiosk/1.tif; $E/5-kiosk.sh kiosk & pid=$!; " ASKED
                "cat state; cp film.tif kiosk/2.part; mv kiosk/2.part kiosk/2.tif;"
                "until grep -q file=2.tif state; do " ASKED " done;"
                "kill $pid; wait $pid; echo ended $?;"
                "while xlightbox --remote state >/dev/null 2>&1; do :; done");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nview=1280x1024\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nfile=1.tif\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "ended 0\n"));
}

static void a_coprocess_speaks_line_by_line(void)
{
    struct run run;
    if (!has_tool("python3") || !writes_png())
        return;
    shell(&run, "$E/6-coprocess.py film.tif \"co 'pro' cess.png\" && ls co*");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "film.tif: window "));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "as it should: 'sideways' is not fit"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "co 'pro' cess.png\n"));
}

SUITE("examples",
      {"xdotool takes the same picture each time", xdotool_takes_the_same_picture_each_time},
      {"properties are enough", properties_are_enough},
      {"a folder fits a sheet", a_folder_fits_a_sheet},
      {"all pages have all windows", all_pages_have_all_windows},
      {"a kiosk shows what comes", a_kiosk_shows_what_comes},
      {"a coprocess speaks line by line", a_coprocess_speaks_line_by_line})
