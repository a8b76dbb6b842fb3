/* Pictures written to files: whole or not at all. Guards app/picture.c with app/picture_pnm.c,
 * app/picture_tiff.c and app/picture_png.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include "app/picture.h"
#include "config.h"
#include "support/pnm.h"
#include "support/scratch.h"

#ifdef HAVE_PNG
#include <png.h>
#endif

enum { WIDTH = 77, HEIGHT = 53 };

static uint8_t level(int x, int y)
{
    return (uint8_t)(x * 7 + y * 13 + x * y);
}

/* Colours are three levels side by side. */
static bool write_rows(struct picture *picture, int rows, int channels, struct fault *fault)
{
    for (int y = 0; y < rows; y++) {
        uint8_t levels[3 * WIDTH];
        for (int x = 0; x < WIDTH * channels; x++)
            levels[x] = level(x, y);
        if (!picture_row(picture, levels, fault))
            return false;
    }
    return true;
}

static bool write_whole(const char *path, int channels, struct fault *fault)
{
    struct picture_terms terms = {
        .width = WIDTH, .height = HEIGHT, .channels = channels, .bits = 8, .force = true};
    struct picture *picture = picture_open(path, &terms, fault);
    if (!picture)
        return false;
    bool good = write_rows(picture, HEIGHT, channels, fault);
    return picture_close(picture, good, fault) && good;
}

static void pnm_reads_back(void)
{
    static const char *const names[] = {"p.pgm", "p.ppm", "P.PGM"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pnm pnm;
        struct fault fault;
        CU_ASSERT_FATAL(write_whole(scratch_path(names[i]), 1, &fault));
        CU_ASSERT_FATAL(pnm_read(&pnm, scratch_path(names[i])));
        CU_ASSERT(pnm.width == WIDTH && pnm.height == HEIGHT);
        int wrong = 0;
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                wrong += pnm_at(&pnm, x, y) != level(x, y);
        CU_ASSERT_EQUAL(wrong, 0);
        pnm_free(&pnm);
    }
}

static void ppm_holds_colours(void)
{
    struct pnm pnm;
    struct fault fault;
    CU_ASSERT_FATAL(write_whole(scratch_path("c.ppm"), 3, &fault));
    CU_ASSERT_FATAL(pnm_read(&pnm, scratch_path("c.ppm")));
    CU_ASSERT(pnm.width == WIDTH && pnm.height == HEIGHT && pnm.channels == 3);
    int wrong = 0;
    for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
        wrong += pnm.samples[i] != level(i % (3 * WIDTH), i / (3 * WIDTH));
    CU_ASSERT_EQUAL(wrong, 0);
    pnm_free(&pnm);
}

/* What a name's format can hold; an unknown one is refused elsewhere. */
static void pgm_alone_is_gray(void)
{
    static const char *const names[] = {"a.pgm", "a.ppm", "a.tif", "a.tiff", "-"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CU_ASSERT_EQUAL(picture_channels(names[i], 3), i == 0 ? 1 : 3);
        CU_ASSERT_EQUAL(picture_channels(names[i], 1), 1);
    }
}

static void tiff_reads_back(void)
{
    struct fault fault;
    uint8_t row[3 * WIDTH];
    for (int channels = 1; channels <= 3; channels += 2) {
        int wrong = 0;
        CU_ASSERT_FATAL(write_whole(scratch_path("p.tiff"), channels, &fault));
        TIFF *tiff = TIFFOpen(scratch_path("p.tiff"), "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
        CU_ASSERT_EQUAL(TIFFScanlineSize(tiff), WIDTH * channels);
        for (int y = 0; y < HEIGHT; y++) {
            CU_ASSERT_EQUAL(TIFFReadScanline(tiff, row, (uint32_t)y, 0), 1);
            for (int x = 0; x < WIDTH * channels; x++)
                wrong += row[x] != level(x, y);
        }
        TIFFClose(tiff);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

#ifdef HAVE_PNG
static void png_reads_back(void)
{
    struct fault fault;
    static uint8_t levels[3 * WIDTH * HEIGHT];
    for (int channels = 1; channels <= 3; channels += 2) {
        png_image image = {.version = PNG_IMAGE_VERSION};
        int wrong = 0, across = WIDTH * channels;
        CU_ASSERT_FATAL(write_whole(scratch_path("p.png"), channels, &fault));
        CU_ASSERT_FATAL(png_image_begin_read_from_file(&image, scratch_path("p.png")));
        CU_ASSERT(image.width == WIDTH && image.height == HEIGHT);
        CU_ASSERT_EQUAL(image.format & PNG_FORMAT_FLAG_COLOR, channels == 3 ? PNG_FORMAT_RGB : 0);
        CU_ASSERT(png_image_finish_read(&image, NULL, levels, across, NULL));
        for (int i = 0; i < across * HEIGHT; i++)
            wrong += levels[i] != level(i % across, i / across);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}
#endif

static void what_is_not_kept_leaves_no_trace(void)
{
    struct fault fault;
    struct pnm pnm;
    CU_ASSERT_FATAL(write_whole(scratch_path("kept.pgm"), 1, &fault));
    int64_t whole = scratch_size(scratch_path("kept.pgm"));
    struct picture_terms terms = {.width = WIDTH, .height = HEIGHT, .channels = 1, .bits = 8};
    CU_ASSERT_PTR_NULL(picture_open(scratch_path("kept.pgm"), &terms, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "kept.pgm: is there already"));
    terms.force = true;
    struct picture *picture = picture_open(scratch_path("kept.pgm"), &terms, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(picture);
    CU_ASSERT(write_rows(picture, 5, 1, &fault));
    CU_ASSERT_EQUAL(scratch_size(scratch_path("kept.pgm")), whole); /* untouched */
    CU_ASSERT_FALSE(picture_close(picture, false, &fault));
    CU_ASSERT_EQUAL(scratch_beside("kept.pgm"), 0);
    CU_ASSERT_FATAL(pnm_read(&pnm, scratch_path("kept.pgm")));
    CU_ASSERT(pnm.height == HEIGHT);
    pnm_free(&pnm);
}

static void a_written_file_has_the_usual_mode(void)
{
    struct fault fault;
    struct stat status;
    mode_t mask = umask(027);
    CU_ASSERT_FATAL(write_whole(scratch_path("mode.pgm"), 1, &fault));
    umask(mask);
    CU_ASSERT_EQUAL(stat(scratch_path("mode.pgm"), &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
}

static void what_cannot_be_written_is_said(void)
{
    static const struct {
        const char *path, *sentence;
        enum fault_kind kind;
    } rows[] = {{"/nonexistent/p.pgm", "No such file", FAULT_FILE},
                {"p.gif", "by the ending", FAULT_USAGE},
                {"pgm", "by the ending", FAULT_USAGE}};
    const struct picture_terms terms = {.width = 1, .height = 1, .channels = 1, .bits = 8};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault fault = {0};
        CU_ASSERT_PTR_NULL(picture_open(rows[i].path, &terms, &fault));
        CU_ASSERT_EQUAL(fault.kind, rows[i].kind);
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, rows[i].path));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, rows[i].sentence));
    }
    struct fault fault = {0};
    CU_ASSERT_EQUAL(mkdir(scratch_path("folder.pgm"), 0700), 0);
    CU_ASSERT_PTR_NULL(picture_open(scratch_path("folder.pgm"), &terms, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "is a directory"));
}

SUITE("picture files", {"PGM and PPM read back", pnm_reads_back},
      {"PPM holds colours", ppm_holds_colours}, {"PGM alone is gray", pgm_alone_is_gray},
      {"TIFF reads back", tiff_reads_back},
#ifdef HAVE_PNG
      {"PNG reads back", png_reads_back},
#endif
      {"what is not kept leaves no trace", what_is_not_kept_leaves_no_trace},
      {"the usual mode", a_written_file_has_the_usual_mode},
      {"what cannot be written is said", what_cannot_be_written_is_said})
