/* --render of several files and pages, by one process and by several. Guards app/batch.c and, with
 * others, app/render.c. */
#include "suite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* A shell's words, with $X the program, in a folder with these files: one.tif of three pages,
 * two.tif and three.tif of one, bad.tif; out/ is empty. */
static void shell(struct run *run, const char *words)
{
    char all[2000], path[PATH_MAX] = "";
    static bool made;
    setenv("D", scratch(), 1);
    CU_ASSERT_FATAL(realpath(program(), path) != NULL);
    setenv("X", path, 1);
    for (int i = 0; i < 3 && !made; i++) {
        static const char *const names[] = {"one.tif", "two.tif", "three.tif"};
        struct tiff_recipe recipe = {.width = 200 + 10 * i,
                                     .height = 100,
                                     .type = SAMPLE_U16,
                                     .pages = i ? 1 : 3,
                                     .value = tiff_value_plain};
        CU_ASSERT_FATAL(tiff_make(scratch_path(names[i]), &recipe));
    }
    made = true;
    snprintf(all, sizeof all, "cd $D; rm -rf out; mkdir out; echo no picture >bad.tif; %s", words);
    RUN(run, "sh", "-c", all);
}

static void every_file_gets_its_picture(void)
{
    struct run run;
    shell(&run, "$X --render 'out/%2i-%n.pgm' one.tif two.tif three.tif && ls out && "
                "$X --render out/two.pgm two.tif && cmp out/two.pgm out/02-two.pgm");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_STRING_EQUAL(run.out, "01-one.pgm\n02-two.pgm\n03-three.pgm\n");
    CU_ASSERT_STRING_EQUAL(run.err, "xlightbox: 3 pictures of 3 files, 0 of them failed\n");
}

/* Each page as if it were the only one: its own automatic window, the options' view. */
static void every_page_gets_its_picture(void)
{
    struct run run;
    shell(&run, "$X --render 'out/%n-%p.pgm' --pages all --zoom 2 one.tif two.tif && ls out && "
                "for p in 1 2 3; do $X --render - --page $p --zoom 2 one.tif |"
                " cmp - out/one-$p.pgm; done");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_STRING_EQUAL(run.out, "one-1.pgm\none-2.pgm\none-3.pgm\ntwo-1.pgm\n");
    shell(&run, "$X --render 'out/%p.pgm' --pages 2- one.tif; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "2.pgm\n3.pgm\n");
    shell(&run, "$X --render 'out/%p.pgm' --pages 3,1 one.tif; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1.pgm\n3.pgm\n");
    shell(&run, "$X --render 'out/%p.pgm' --pages 2-4 one.tif; echo $?; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\n2.pgm\n3.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "one.tif: has no page 4\n"));
}

static void a_bad_file_is_told_of_and_passed_over(void)
{
    struct run run;
    shell(&run, "$X --render 'out/%n.pgm' one.tif bad.tif gone.tif two.tif; echo $?; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\none.pgm\ntwo.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: bad.tif: not a TIFF file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: gone.tif: No such file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: 2 pictures of 4 files, 2 of them failed\n"));
    CU_ASSERT_PTR_NULL(strchr(run.err, '\r')); /* no bar: this is no terminal */
    shell(&run, "$X --render 'nowhere/%n.pgm' one.tif two.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "1\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: 0 pictures of 2 files, 2 of them failed\n"));
}

static void several_processes_make_the_same_pictures(void)
{
    struct run run;
    shell(&run, "for i in 1 2 3 4 5 6 7; do cp two.tif c$i.tif; cp one.tif d$i.tif; done;"
                "mkdir out/1 out/3; $X --render 'out/1/%n-%p.pgm' --pages all ?[0-9].tif bad.tif;"
                "$X --render 'out/3/%n-%p.pgm' --jobs 3 --pages all ?[0-9].tif bad.tif; echo $?;"
                "diff -r out/1 out/3 && ls out/3 | wc -l");
    CU_ASSERT_STRING_EQUAL(run.out, "1\n28\n");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(run.err, "xlightbox: 28 pictures of 15 files, 1 of them failed\n"));
}

/* A page of an unknown compression (tag 259 of the first directory and of the third, patched). */
static void a_bad_page_leaves_the_others(void)
{
    static const unsigned char unknown[] = {0x0f, 0x27};
    unsigned char head[8192];
    struct run run;
    shell(&run, "cp one.tif pages.tif");
    const char *path = scratch_path("pages.tif");
    FILE *file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    long size = scratch_size(path);
    int patched = 0;
    for (long at = 0; at < size; at += (long)sizeof head - 12) {
        fseek(file, at, SEEK_SET);
        size_t got = fread(head, 1, sizeof head, file);
        for (size_t i = 0; i + 12 <= got && i < sizeof head - 12; i++)
            if (!memcmp(head + i, "\x03\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00", 12) &&
                patched++ != 1)
                scratch_patch(path, at + (long)i + 8, unknown, sizeof unknown);
    }
    fclose(file);
    CU_ASSERT_EQUAL(patched, 3);
    shell(&run, "$X --render 'out/%n-%p.pgm' --pages all pages.tif two.tif; echo $?; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\npages-2.pgm\ntwo-1.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "pages.tif: compressed in a way that is not known"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: 2 pictures of 2 files, 1 of them failed\n"));
    shell(&run, "$X --render 'out/%n-%p.pgm' --pages 1-2,9 pages.tif; echo $?; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\npages-2.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "pages.tif: has no page 9\n"));
}

/* Two files of one name would be one picture: the second is refused, whoever writes it. */
static void no_picture_replaces_another(void)
{
    struct run run;
    shell(&run, "mkdir -p other; cp two.tif other/one.tif;"
                "$X --render 'out/%n.pgm' --jobs 2 one.tif other/one.tif; echo $?; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\none.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "other/one.tif: its pictures would replace those of "
                                           "one.tif (%i in out/%n.pgm tells them apart)\n"));
    shell(&run, "$X --render - one.tif >first.pgm; cp two.tif other/one.tiff;"
                "$X --force --render 'out/%n.pgm' one.tif other/one.tif other/one.tiff; echo $?;"
                "cmp out/one.pgm first.pgm; ls out;"
                "$X --render 'out/%i-%n.pgm' one.tif other/one.tif; ls out");
    CU_ASSERT_STRING_EQUAL(run.out, "1\none.pgm\n1-one.pgm\n2-one.pgm\none.pgm\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: 1 picture of 3 files, 2 of them failed\n"));
    shell(&run,
          "$X --render 'out/%n.pgm' one.tif two.tif; $X --render 'out/%n.pgm' one.tif two.tif;"
          "echo $?; $X --force --render 'out/%n.pgm' one.tif two.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "1\n0\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "out/one.pgm: is there already (force replaces it)"));
}

static void what_is_wrong_usage_is_told_at_once(void)
{
    struct run run;
    shell(&run, "$X --render out/a.pgm one.tif two.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "several files need %n (name)"));
    shell(&run, "$X --render 'out/%n.pgm' --pages all one.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
    shell(&run, "$X --render 'out/%x.pgm' one.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
    shell(&run, "$X --render 'out/%n.gif' one.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
    shell(&run, "$X --render 'out/%p.pgm' --pages 2-1 one.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
    shell(&run, "$X --render 'out/%n.pgm' --jobs 0 one.tif; echo $?");
    CU_ASSERT_STRING_EQUAL(run.out, "2\n");
}

SUITE("batch", {"every file gets its picture", every_file_gets_its_picture},
      {"every page gets its picture", every_page_gets_its_picture},
      {"a bad file is told of and passed over", a_bad_file_is_told_of_and_passed_over},
      {"a bad page leaves the others", a_bad_page_leaves_the_others},
      {"several processes make the same pictures", several_processes_make_the_same_pictures},
      {"no picture replaces another", no_picture_replaces_another},
      {"wrong usage is told at once", what_is_wrong_usage_is_told_at_once})
