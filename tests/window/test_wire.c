#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 1537,
                                 .height = 1283,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("film.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

static void tell(const char *what, const struct wire_counts *c)
{
    printf("  %s: up %lu, down %lu, requests %lu, turns %lu, waits %lu; picture after %lu turns\n",
           what, c->up, c->down, c->requests, c->turns, c->waits, c->picture_turns);
    for (int i = 0; i < 256; i++)
        if (c->requests_of[i])
            printf("   op %d: %lu, %lu bytes\n", i, c->requests_of[i], c->bytes_of[i]);
}

static void start_once(const char *transport, int ms, bool local)
{
    struct viewer viewer;
    struct wire_counts counts;
    struct wire *line = local ? wire_begin_local() : wire_begin();
    wire_line(line, ms, 0, 0);
    int64_t begin = now_ms();
    if (VIEW(&viewer, "--transport", transport, film())) {
        printf("%s, %ld ms\n", transport, now_ms() - begin);
        wire_count(line, &counts);
        tell("start", &counts);
        wire_mark(line);
        CU_ASSERT(viewer_do(&viewer, "window 300 200"));
        wire_count(line, &counts);
        tell("step", &counts);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    wire_end();
}

static void look(void)
{
start_once("put", 0, false);
    start_once("put", 100, false);
    start_once("auto", 100, false);
    start_once("auto", 100, true);
}
SUITE("wire", {"look", look})
