/* Lack of memory: files as the system writes them, of machines, containers and both versions of
 * cgroups. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pressure.h"
#include "support/scratch.h"

#define MIB INT64_C(1048576)

/* A file below the folder of tests, whose folders are made. */
static void put(const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", scratch(), name);
    for (char *slash = path + strlen(scratch()) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static struct pressure_figures ask_in(const char *folder)
{
    char paths[5][600];
    static const char *const names[] = {"stall", "meminfo", "cgroup", "unified", "memory"};
    for (int i = 0; i < 5; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s/%s", scratch(), folder, names[i]);
    struct pressure pressure = {{paths[0], paths[1], paths[2], paths[3], paths[4]}, -1};
    return pressure_ask(&pressure);
}

static void what_is_not_told_is_not_known(void)
{
    struct pressure_figures figures = ask_in("nowhere");
    CU_ASSERT_EQUAL(figures.stalled, -1);
    CU_ASSERT_EQUAL(figures.total, -1);
    CU_ASSERT_EQUAL(figures.available, -1);
    CU_ASSERT_EQUAL(figures.limit, -1);
    CU_ASSERT_FALSE(pressure_is_high(&figures));
}

static void a_machine_tells(void)
{
    put("one/meminfo", "MemTotal:        2048000 kB\nMemFree:            3000 kB\n"
                       "MemAvailable:     512000 kB\nBuffers:  1 kB\n");
    put("one/stall", "some avg10=12.50 avg60=1.00 avg300=0.10 total=4607072\n"
                     "full avg10=99.00 avg60=0.00 avg300=0.00 total=2019216\n");
    struct pressure_figures figures = ask_in("one");
    CU_ASSERT_EQUAL(figures.stalled, 12.5);
    CU_ASSERT_EQUAL(figures.total, 2048000 * INT64_C(1024));
    CU_ASSERT_EQUAL(figures.available, 512000 * INT64_C(1024));
    CU_ASSERT_EQUAL(figures.limit, -1);
    CU_ASSERT(pressure_is_high(&figures));
}

/* The tightest of those around the process counts; pages of files that can go are room. */
static void the_tightest_cgroup_counts(void)
{
    put("two/cgroup", "0::/user/session\n");
    put("two/unified/memory.stat", "anon 5\n");
    put("two/unified/user/memory.max", "104857600\n");
    put("two/unified/user/memory.current", "94371840\n");
    put("two/unified/user/memory.stat",
        "anon 7\nfile 9\ninactive_anon 1000\nactive_anon 77\ninactive_file 2097152\n"
        "active_file 1048576\n");
    put("two/unified/user/session/memory.max", "max\n");
    put("two/unified/user/session/memory.current", "1\n");
    struct pressure_figures figures = ask_in("two");
    CU_ASSERT_EQUAL(figures.limit, 100 * MIB);
    CU_ASSERT_EQUAL(figures.room, 13 * MIB);
    CU_ASSERT_FALSE(pressure_is_high(&figures));
    put("two/unified/user/session/memory.max", "41943040\n");
    put("two/unified/user/session/memory.current", "39845888\n");
    figures = ask_in("two");
    CU_ASSERT_EQUAL(figures.limit, 40 * MIB);
    CU_ASSERT_EQUAL(figures.room, 2 * MIB);
    CU_ASSERT(pressure_is_high(&figures));
}

/* Of version 1; the path is that of outside the container, and what is mounted is ours. */
static void a_container_tells(void)
{
    put("three/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/0123\n0::/\n");
    put("three/memory/memory.limit_in_bytes", "52428800\n");
    put("three/memory/memory.usage_in_bytes", "31457280\n");
    put("three/memory/memory.stat", "cache 1\ninactive_file 9\ntotal_inactive_file 1048576\n"
                                    "total_active_file 0\n");
    struct pressure_figures figures = ask_in("three");
    CU_ASSERT_EQUAL(figures.limit, 50 * MIB);
    CU_ASSERT_EQUAL(figures.room, 21 * MIB);
    put("three/memory/memory.limit_in_bytes", "9223372036854771712\n");
    CU_ASSERT_EQUAL(ask_in("three").limit, -1);
}

static void what_is_short(void)
{
    static const struct {
        struct pressure_figures figures;
        bool high;
    } rows[] = {
        {{0, 8192 * MIB, 257 * MIB, -1, -1}, false},
        {{0, 8192 * MIB, 255 * MIB, -1, -1}, true},
        {{0, 256 * MIB, 17 * MIB, -1, -1}, false},
        {{0, 256 * MIB, 15 * MIB, -1, -1}, true},
        {{9.9, -1, -1, -1, -1}, false},
        {{10, -1, -1, -1, -1}, true},
        {{99, 8192 * MIB, 4096 * MIB, -1, -1}, false}, /* others wait, within their cgroups */
        {{99, 8192 * MIB, 4095 * MIB, -1, -1}, true},
        {{99, 8192 * MIB, 4096 * MIB, 400 * MIB, 200 * MIB}, false},
        {{99, 8192 * MIB, 4096 * MIB, 400 * MIB, 199 * MIB}, true},
        {{0, -1, -1, 40 * MIB, 6 * MIB}, false},
        {{0, -1, -1, 40 * MIB, 4 * MIB}, true},
        {{0, -1, -1, 8192 * MIB, 65 * MIB}, false},
        {{0, -1, -1, 8192 * MIB, 63 * MIB}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CU_ASSERT_EQUAL(pressure_is_high(&rows[i].figures), rows[i].high);
}

/* Where the system lets anybody be woken by it there is a descriptor; a file that is none of its
 * gives none that could be waited on for ever. */
static void the_system_may_call(void)
{
    struct pressure pressure;
    struct pressure_places places = pressure_usual;
    places.stall = "/nowhere/stall";
    pressure_open(&pressure, &places);
    CU_ASSERT_EQUAL(pressure_fd(&pressure), -1);
    pressure_close(&pressure);
    pressure_open(&pressure, &pressure_usual);
    struct pressure_figures figures = pressure_ask(&pressure);
    CU_ASSERT(figures.total > 0 && figures.available > 0 && figures.available <= figures.total);
    pressure_close(&pressure);
    CU_ASSERT_EQUAL(pressure_fd(&pressure), -1);
}

SUITE("pressure", {"what is not told is not known", what_is_not_told_is_not_known},
      {"a machine tells", a_machine_tells},
      {"the tightest cgroup counts", the_tightest_cgroup_counts},
      {"a container tells", a_container_tells}, {"what is short", what_is_short},
      {"the system may call", the_system_may_call})
