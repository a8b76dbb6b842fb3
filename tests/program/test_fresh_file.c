/* Files that come into being whole, with and without a name until then. Guards app/fresh_file.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/fresh_file.h"
#include "support/scratch.h"

static bool holds(const char *path, const char *text)
{
    char bytes[16] = "";
    FILE *file = fopen(path, "rb");
    size_t count = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
    if (file)
        fclose(file);
    return count == strlen(text) && !strcmp(bytes, text);
}

static void write_to(const struct fresh_file *file, const char *text)
{
    CU_ASSERT_EQUAL(write(file->fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* The place is free, then taken; nothing but the place is ever left. */
static void each_file_takes_its_place(void)
{
    static const char *const texts[] = {"first", "second"};
    for (int named = 0; named <= 1; named++) {
        const char *path = scratch_path("whole");
        struct fresh_file file;
        struct fault fault;
        fresh_file_named = named;
        unlink(path);
        for (int i = 0; i < 2; i++) {
            CU_ASSERT_FATAL(fresh_file_open(&file, path, NULL, &fault));
            write_to(&file, texts[i]);
            CU_ASSERT(i ? holds(path, texts[0]) : access(path, F_OK) != 0);
            CU_ASSERT(fresh_file_keep(&file, &fault));
            CU_ASSERT(holds(path, texts[i]));
            CU_ASSERT_EQUAL(scratch_beside("whole"), 0);
        }
        CU_ASSERT_FATAL(fresh_file_open(&file, path, NULL, &fault));
        write_to(&file, "third");
        fresh_file_drop(&file);
        CU_ASSERT(holds(path, "second"));
        CU_ASSERT_EQUAL(scratch_beside("whole"), 0);
    }
    fresh_file_named = false;
}

/* Temporary names that something else has already are passed by, and left alone. */
static void names_that_are_taken_are_passed_by(void)
{
    char name[64];
    struct fresh_file file;
    struct fault fault;
    const char *path = scratch_file("busy", "old", 3);
    snprintf(name, sizeof name, "busy.%d-0", (int)getpid());
    const char *other = scratch_file(name, "other", 5);
    CU_ASSERT_FATAL(fresh_file_open(&file, path, NULL, &fault));
    write_to(&file, "new");
    CU_ASSERT(fresh_file_keep(&file, &fault));
    CU_ASSERT(holds(path, "new") && holds(other, "other"));
    CU_ASSERT_EQUAL(scratch_beside("busy"), 1);
}

/* A folder has come to stand in the place meanwhile. */
static void a_place_taken_meanwhile_is_told(void)
{
    for (int named = 0; named <= 1; named++) {
        const char *path = scratch_path("late");
        struct fresh_file file;
        struct fault fault;
        fresh_file_named = named;
        CU_ASSERT_FATAL(fresh_file_open(&file, path, NULL, &fault));
        CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
        CU_ASSERT_FALSE(fresh_file_keep(&file, &fault));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "late: "));
        CU_ASSERT_EQUAL(scratch_beside("late"), 0);
        rmdir(path);
    }
    fresh_file_named = false;
}

static void nobody_else_may_read_them(void)
{
    static const mode_t modes[] = {0600, 0640, 0444, 0604};
    for (int i = 0; i < 8; i++) {
        struct fresh_file file;
        struct fault fault;
        struct stat like, status = {.st_mode = 0};
        fresh_file_named = i % 2;
        CU_ASSERT_EQUAL(stat(scratch(), &like), 0);
        like.st_mode = S_IFREG | modes[i / 2];
        CU_ASSERT_FATAL(fresh_file_open(&file, scratch_path("mode"), &like, &fault));
        CU_ASSERT_EQUAL(fstat(file.fd, &status), 0);
        CU_ASSERT_EQUAL(status.st_mode & 07777, modes[i / 2]);
        CU_ASSERT_EQUAL(status.st_gid, like.st_gid);
        fresh_file_drop(&file);
    }
    fresh_file_named = false;
}

/* A group that cannot be given: what it might read, its stand-in may not. */
static void a_group_that_cannot_be_had_loses(void)
{
    struct fresh_file file;
    struct fault fault;
    struct stat like, status = {.st_mode = 0};
    CU_ASSERT_EQUAL(stat(scratch(), &like), 0);
    like.st_mode = S_IFREG | 0640;
    like.st_gid = 54321;
    CU_ASSERT_FATAL(fresh_file_open(&file, scratch_path("group"), &like, &fault));
    CU_ASSERT_EQUAL(fstat(file.fd, &status), 0);
    CU_ASSERT(status.st_gid == 54321 ? (status.st_mode & 07777) == 0640
                                     : (status.st_mode & 07777) == 0600);
    fresh_file_drop(&file);
}

SUITE("fresh_file", {"each file takes its place", each_file_takes_its_place},
      {"names that are taken are passed by", names_that_are_taken_are_passed_by},
      {"a place taken meanwhile is told", a_place_taken_meanwhile_is_told},
      {"nobody else may read them", nobody_else_may_read_them},
      {"a group that cannot be had loses", a_group_that_cannot_be_had_loses})
