/* Any size in the same few megabytes: files up to 100 GB, walked through by small steps, and the
 * same in a cage of 40 MiB.
 *
 * A check takes the small ones; LARGE=1 takes all (some 6 GB in $TMPDIR, and minutes). Not under
 * sanitizers, whose own memory would be measured. */
#include "suite.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiff.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "harness.h"
#include "large_maker.h"
#include "support/run.h"
#include "support/scratch.h"
#include "walk.h"

enum { LIMIT_KIB = 16 * 1024, CAGE_MIB = 40, ADDRESSES_MIB = 1536 };

#define GRAY .bits = 16, .photometric = PHOTOMETRIC_MINISBLACK
#define DEFLATE .compression = COMPRESSION_ADOBE_DEFLATE

static const struct size {
    const char *name;
    bool large, huge;
    uint64_t hollow; /* the side of a film that is a hole */
    struct large_recipe recipe;
} sizes[] = {
    {.name = "15.7 MB", .recipe = {3072, 2560, GRAY, .rows_per_strip = 64}},
    {.name = "157 MB", .recipe = {9700, 8090, GRAY, .rows_per_strip = 64}},
    {.name = "49 MB, one deflate strip", .recipe = {5000, 4900, GRAY, DEFLATE}},
    {.name = "2 GiB", .large = true, .hollow = 32768},
    {.name = "2 GiB, deflate tiles",
     .large = true,
     .recipe = {32768, 32768, GRAY, DEFLATE, .tile = 512}},
    {.name = "1.8 GB, one deflate strip", .large = true, .recipe = {30000, 30000, GRAY, DEFLATE}},
    {.name = "100 GB", .large = true, .huge = true, .hollow = 223607},
};

static bool all_wanted(void)
{
    const char *large = getenv("LARGE");
    return large && *large;
}

static const char *make(const struct size *size)
{
    const char *path = scratch_path("sized.tif");
    CU_ASSERT_FATAL(size->hollow ? walk_hollow(path, size->hollow)
                                 : large_make(path, &size->recipe));
    return path;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

static long open_next(const struct viewer *viewer, const struct size *size)
{
    return size->huge ? walk_glance(viewer, "file next", 0) : walk_command(viewer, "file next", 0);
}

/* The first picture comes of a small file, so that opening the large one is measured too. */
static long peak_of(const struct size *size, const char *path)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "1024x768", walk_film(64, 48), path))
        return -1;
    long peak = walk_long(&viewer, size->huge, open_next(&viewer, size));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
    return peak;
}

static void the_footprint_does_not_follow_the_size(void)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sizes[i].large && !all_wanted())
            continue;
        const char *path = make(&sizes[i]);
        long block = sizes[i].hollow ? 0 : large_block_kib(&sizes[i].recipe);
        int64_t started = now_ms();
        long peak = peak_of(&sizes[i], path);
        say("  footprint, peak, %s: %ld KiB of %d + %ld (%lld ms)\n", sizes[i].name, peak,
            LIMIT_KIB, block, (long long)(now_ms() - started));
        CU_ASSERT(peak > 0 && peak <= LIMIT_KIB + block);
        unlink(path);
    }
}

/* A cage is a script that runs the viewer within limits. */

static bool write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    bool written = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && written;
}

static const char *script_of(const char *limiting)
{
    static char path[512];
    char text[2048];
    snprintf(path, sizeof path, "%s", scratch_path("cage"));
    snprintf(text, sizeof text, "#!/bin/sh\n%s\nexec '%s' \"$@\"\n", limiting, program());
    CU_ASSERT_FATAL(write_text(path, text) && chmod(path, 0700) == 0);
    return path;
}

/* Makes a control group that holds CAGE_MIB, files' pages included; false where the machine does
 * not let us. */
static bool make_group(char *group, size_t room)
{
    static const struct {
        const char *root, *limit;
    } kinds[] = {{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
                 {"/sys/fs/cgroup", "memory.max"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[512], bytes[32];
        snprintf(group, room, "%s/xlightbox-test-%ld", kinds[i].root, (long)getpid());
        if (mkdir(group, 0700) != 0 && errno != EEXIST)
            continue;
        snprintf(path, sizeof path, "%s/%s", group, kinds[i].limit);
        snprintf(bytes, sizeof bytes, "%d", CAGE_MIB << 20);
        if (access(path, W_OK) == 0 && write_text(path, bytes))
            return true;
        rmdir(group);
    }
    return false;
}

static const char *make_cage(char *group, size_t room)
{
    char limiting[700];
    if (!make_group(group, room)) {
        group[0] = 0;
        say("  no control group can be made: ulimit -v\n");
        snprintf(limiting, sizeof limiting, "ulimit -v %d", ADDRESSES_MIB << 10);
        return script_of(limiting);
    }
    snprintf(limiting, sizeof limiting, "echo $$ >%s/cgroup.procs || exit 99", group);
    return script_of(limiting);
}

static void walk_in_cage(const struct size *size)
{
    struct viewer viewer;
    const char *path = make(size);
    if (!VIEW(&viewer, "-geometry", "1024x768", walk_film(64, 48), path))
        return;
    int64_t started = now_ms();
    walk_long(&viewer, size->huge, open_next(&viewer, size));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
    say("  in the cage, %s: %lld ms %s\n", size->name, (long long)(now_ms() - started),
        viewer.said);
    unlink(path);
}

static void it_lives_in_forty_megabytes(void)
{
    char group[256], before[512];
    snprintf(before, sizeof before, "%s", program());
    const char *cage = make_cage(group, sizeof group);
    setenv("XLIGHTBOX", cage, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (!sizes[i].large || all_wanted())
            walk_in_cage(&sizes[i]);
    setenv("XLIGHTBOX", before, 1);
    for (int64_t limit = now_ms() + PATIENCE_MS; *group && rmdir(group) != 0 && now_ms() < limit;)
        pause_ms(20);
}

#if !SANITIZED
SUITE("size", {"the footprint does not follow the size", the_footprint_does_not_follow_the_size},
      {"it lives in forty megabytes", it_lives_in_forty_megabytes})
#else
void (*const sizes_unused_under_sanitizers[])(void);
void (*const sizes_unused_under_sanitizers[])(void) = {the_footprint_does_not_follow_the_size,
                                                       it_lives_in_forty_megabytes};
#endif
