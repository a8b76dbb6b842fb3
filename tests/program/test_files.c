/* Lists of files, and the eye that is kept on them: told by the system and by turns. Guards
 * app/files.c and app/vigil.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "app/vigil.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "support/scratch.h"

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void numbers_count_as_such(void)
{
    static const char *const order[] = {"",
                                        "2",
                                        "10",
                                        "a",
                                        "a01",
                                        "a1",
                                        "a1b",
                                        "a2",
                                        "a02b",
                                        "a10",
                                        "a10b2",
                                        "a10b11",
                                        "a99999999999999999999998",
                                        "a99999999999999999999999",
                                        "b"};
    enum { COUNT = sizeof order / sizeof *order };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++) {
            int found = files_compare(order[i], order[j]);
            bool right = i == j ? found == 0 : i < j ? found < 0 : found > 0;
            CU_ASSERT(right);
            if (!right)
                printf("  %s %s: %d\n", order[i], order[j], found);
        }
}

static void a_folder_stands_for_its_images(void)
{
    static const char *const names[] = {"f/a10.tif", "f/a9.TIF", "f/b.tiff", "f/.c.tif",
                                        "f/d.txt",   "f/tif",    "f/e.svs"};
    char folder[512], word[512];
    struct files files;
    struct fault fault;
    CU_ASSERT_EQUAL(mkdir(scratch_path("f"), 0700), 0);
    CU_ASSERT_EQUAL(mkdir(scratch_path("f/folder.tif"), 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        write_text(scratch_path(names[i]), "x");
    snprintf(folder, sizeof folder, "%s", scratch_path("f"));
    snprintf(word, sizeof word, "plain.xyz");
    char *words[] = {word, folder};
    size_t before = ledger_total().current;
    CU_ASSERT(files_init(&files, words, 2, &fault));
    CU_ASSERT_EQUAL_FATAL(files.count, 5);
    CU_ASSERT_STRING_EQUAL(files.names[0], "plain.xyz");
    CU_ASSERT_PTR_NOT_NULL(strstr(files.names[1], "/f/a9.TIF"));
    CU_ASSERT_PTR_NOT_NULL(strstr(files.names[2], "/f/a10.tif"));
    CU_ASSERT_PTR_NOT_NULL(strstr(files.names[3], "/f/b.tiff"));
    CU_ASSERT_PTR_NOT_NULL(strstr(files.names[4], "/f/e.svs"));
    const char *first = files.names[0];
    for (int i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(files_add(&files, "more", &fault), 5 + i);
    CU_ASSERT_PTR_EQUAL(files.names[0], first);
    CU_ASSERT_EQUAL(files_find(&files, "more"), 5);
    CU_ASSERT_EQUAL(files_find(&files, "none"), -1);
    files_fini(&files);
    CU_ASSERT_EQUAL(ledger_total().current, before);
}

/* ---- the eye ---- */

static struct loop loop;
static char heard[4096];

static void hear(void *context, const char *folder, const char *name)
{
    (void)context;
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s%s ", folder ? "+" : "", name);
}

/* Turns until that was heard, or so long that it would have been. */
static bool hears(const char *wanted)
{
    struct fault fault;
    int64_t until = clock_ms() + 5000;
    while (strcmp(heard, wanted) && clock_ms() < until)
        loop_turn(&loop, 50, &fault);
    bool right = !strcmp(heard, wanted);
    if (!right)
        printf("  heard '%s', not '%s'\n", heard, wanted);
    heard[0] = 0;
    return right;
}

static void watch_both_ways(const char *name)
{
    char folder[512], path[600], other[600];
    struct vigil vigil;
    struct fault fault;
    snprintf(folder, sizeof folder, "%s", scratch_path(name));
    CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
    snprintf(path, sizeof path, "%s/shown.tif", folder);
    write_text(path, "old");
    heard[0] = 0;
    loop_init(&loop);
    CU_ASSERT_FATAL(vigil_init(&vigil, &loop, hear, NULL, &fault));
    vigil_set_file(&vigil, path);
    write_text(path, "another");
    CU_ASSERT(hears("shown.tif "));
    snprintf(other, sizeof other, "%s/new.tif", folder);
    write_text(other, "more");
    CU_ASSERT_EQUAL(rename(other, path), 0);
    CU_ASSERT(hears("shown.tif "));
    CU_ASSERT(vigil_add_folder(&vigil, folder));
    write_text(other, "more");
    CU_ASSERT(hears("+new.tif "));
    snprintf(path, sizeof path, "%s/linked.tif", folder);
    CU_ASSERT_EQUAL(link(other, path), 0);
    heard[0] = 0;
    struct fault ignored;
    for (int64_t until = clock_ms() + 5000; !strstr(heard, "+linked.tif ") && clock_ms() < until;)
        loop_turn(&loop, 50, &ignored);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard, "+linked.tif "));
    vigil_fini(&vigil);
}

static void the_system_tells_of_files(void)
{
    watch_both_ways("told");
}

static void without_it_files_are_looked_at(void)
{
    vigil_by_turns = true;
    watch_both_ways("turns");
    vigil_by_turns = false;
}

SUITE("files", {"numbers count as such", numbers_count_as_such},
      {"a folder stands for its images", a_folder_stands_for_its_images},
      {"the system tells of files", the_system_tells_of_files},
      {"without it files are looked at", without_it_files_are_looked_at})
