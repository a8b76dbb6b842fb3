/* Files that cannot be shown: each has its sentence and its exit status, and leaves nothing behind.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <tiff.h>
#include <unistd.h>

#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static void write_bytes(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_FATAL(file && fwrite(bytes, 1, count, file) == count);
    fclose(file);
}

/* A classic little-endian TIFF of one strip, with the size it claims. */
static void write_claim(const char *path, uint32_t width, uint32_t height)
{
    unsigned char bytes[8 + 2 + 9 * 12 + 4 + 64] = {'I', 'I', 42, 0, 8, 0, 0, 0, 9};
    const uint32_t tags[9][3] = {{256, 4, width}, {257, 4, height}, {258, 3, 16},
                                 {259, 3, 1},     {262, 3, 1},      {273, 4, 122},
                                 {277, 3, 1},     {278, 4, height}, {279, 4, 64}};
    for (int i = 0; i < 9; i++) {
        unsigned char *at = bytes + 10 + 12 * i;
        at[0] = (unsigned char)tags[i][0];
        at[1] = (unsigned char)(tags[i][0] >> 8);
        at[2] = (unsigned char)tags[i][1];
        at[4] = 1;
        for (int byte = 0; byte < 4; byte++)
            at[8 + byte] = (unsigned char)(tags[i][2] >> 8 * byte);
    }
    write_bytes(path, bytes, sizeof bytes);
}

/* The program's answer to a file it cannot show: status 1, one sentence that names the file. */
static void refused(const char *path, const char *sentence)
{
    struct run run;
    const char *out = scratch_path("never.pgm");
    RUN(&run, program(), "--force", "--render", out, path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, path));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, sentence));
    if (!strstr(run.err, sentence))
        printf("  said: %s", run.err);
    CU_ASSERT_NOT_EQUAL(access(out, F_OK), 0);
    RUN(&run, program(), "--info", path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, sentence));
}

static void what_is_no_image_is_refused(void)
{
    refused(scratch_path("missing.tif"), "No such file or directory");
    CU_ASSERT_EQUAL(mkdir(scratch_path("no-images"), 0700), 0);
    refused(scratch_path("no-images"), "has no images in it");
    write_bytes(scratch_path("empty.tif"), "", 0);
    refused(scratch_path("empty.tif"), "is empty");
    write_bytes(scratch_path("text.tif"), "this is a letter, not a film\n", 29);
    refused(scratch_path("text.tif"), "not a TIFF file");
    CU_ASSERT_EQUAL(mkfifo(scratch_path("pipe.tif"), 0600), 0);
    refused(scratch_path("pipe.tif"), "not a regular file");
}

static void what_claims_too_much_is_refused(void)
{
    write_claim(scratch_path("rows.tif"), 16, 4294967295u);
    refused(scratch_path("rows.tif"), "rows.tif");
    write_claim(scratch_path("none.tif"), 0, 16);
    refused(scratch_path("none.tif"), "none.tif");
    write_claim(scratch_path("flat.tif"), 16, 0);
    refused(scratch_path("flat.tif"), "flat.tif");
}

/* Cut in the header: nothing to show. Cut in the data: what is there is shown, and the status says
 * that it is not all. */
static void truncated_files_are_told_of(void)
{
    struct tiff_recipe recipe = {.width = 300,
                                 .height = 200,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 10,
                                 .value = tiff_value_plain};
    struct run run;
    struct stat status;
    const char *path = scratch_path("cut.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    CU_ASSERT_FATAL(!stat(path, &status));
    CU_ASSERT_FATAL(!truncate(path, status.st_size / 2));
    refused(path, "cut.tif");
    CU_ASSERT_FATAL(!truncate(path, 6));
    refused(path, "cut.tif");
    write_claim(path, 100, 100);
    RUN(&run, program(), "--force", "--render", scratch_path("part.pgm"), path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "cut.tif"));
}

static void a_page_beyond_the_last_is_refused(void)
{
    struct tiff_recipe recipe = {.width = 30,
                                 .height = 20,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 10,
                                 .pages = 3,
                                 .value = tiff_value_plain};
    struct run run;
    const char *path = scratch_path("pages.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, program(), "--force", "--render", scratch_path("page.pgm"), "--page", "4", path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "3 pages"));
    RUN(&run, program(), "--force", "--render", scratch_path("page.pgm"), "--page", "3", path);
    CU_ASSERT_EQUAL(run.status, 0);
}

static void output_that_cannot_be_written_is_told_of(void)
{
    struct tiff_recipe recipe = {.width = 3000,
                                 .height = 2000,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 10,
                                 .value = tiff_value_plain};
    struct run run;
    const char *path = scratch_path("good.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, program(), "--force", "--render", "/nonexistent-folder/o.pgm", path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/nonexistent-folder/o.pgm"));
    RUN(&run, program(), "--force", "--render", scratch_path("o.gif"), path);
    CU_ASSERT_EQUAL(run.status, 2);
    RUN(&run, program(), "--force", "--render", "/dev/full", path);
    CU_ASSERT_EQUAL(run.status, 2); /* no ending */
    CU_ASSERT_FATAL(!symlink("/dev/full", scratch_path("full.pgm")));
    RUN(&run, program(), "--force", "--render", scratch_path("full.pgm"), path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "No space left"));
}

static void no_display_is_status_3(void)
{
    struct tiff_recipe recipe = {.width = 30,
                                 .height = 20,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 10,
                                 .value = tiff_value_plain};
    struct run run;
    const char *path = scratch_path("small.tif");
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    RUN(&run, "env", "-u", "DISPLAY", program(), path);
    CU_ASSERT_EQUAL(run.status, 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "DISPLAY is not set"));
    RUN(&run, program(), "-display", ":987", path);
    CU_ASSERT_EQUAL(run.status, 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, ":987"));
    RUN(&run, "env", "-u", "DISPLAY", program(), scratch_path("missing.tif"));
    CU_ASSERT_EQUAL(run.status, 1);
}

SUITE("bad input", {"what is no image is refused", what_is_no_image_is_refused},
      {"what claims too much is refused", what_claims_too_much_is_refused},
      {"truncated files are told of", truncated_files_are_told_of},
      {"a page beyond the last", a_page_beyond_the_last_is_refused},
      {"output that cannot be written", output_that_cannot_be_written_is_told_of},
      {"no display is status 3", no_display_is_status_3})
