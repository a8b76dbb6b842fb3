/* Any bytes as a file: opened, informed about, each of the first pages selected, reduced, counted
 * and probed, as a decoder process does it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/system_calls.h"
#include "base/geometry.h"
#include "fuzz/fuzz.h"
#include "source/reduce.h"
#include "source/rough.h"
#include "source/source.h"
#include "source/statistics.h"

/* A file may claim anything: so many looks at `dropped`, then the work is given up, as a user would
 * who goes on to the next file. */
enum { PAGES = 3, PATIENCE = 300, SIDE = 2 };

static void *places[SIDE * SIDE];
static uint32_t histogram[65536];

struct rig {
    struct tile_orders orders;
    int left;
};

static void *place(struct tile_orders *orders, int32_t i)
{
    (void)orders;
    return places[i];
}

static void done(struct tile_orders *orders, int32_t i, bool sound)
{
    (void)orders, (void)i, (void)sound;
}

static bool dropped(struct tile_orders *orders)
{
    return ((struct rig *)orders)->left-- <= 0;
}

static bool count_dropped(void *context)
{
    int *left = context;
    return (*left)-- <= 0;
}

__attribute__((format(printf, 3, 4))) static void hear(struct fact_sink *sink, const char *name,
                                                       const char *format, ...)
{
    char text[FACT_TEXT];
    va_list arguments;
    (void)sink;
    va_start(arguments, format);
    if (!name[0] || vsnprintf(text, sizeof text, format, arguments) < 0)
        abort();
    va_end(arguments);
}

static void reduce(struct source *source, int reduction)
{
    const struct page *page = &source->page;
    struct rig rig = {{.place = place, .done = done, .dropped = dropped}, PATIENCE};
    struct fault fault;
    int64_t columns = ceil_div(reduced_size(page->width, reduction), TILE_SIDE);
    int64_t rows = ceil_div(reduced_size(page->height, reduction), TILE_SIDE);
    struct tile_span span = {page->index,
                             reduction,
                             (int32_t)(columns > SIDE ? columns / 2 : 0),
                             (int32_t)(rows > SIDE ? rows / 2 : 0),
                             (int32_t)min64(columns, SIDE),
                             (int32_t)min64(rows, SIDE)};
    reduce_tiles(source, span, &rig.orders, &fault);
    span.reduction += TILE_ROUGH;
    rig.left = PATIENCE;
    rough_tiles(source, span, &rig.orders, &fault);
}

static void look_at_page(struct source *source)
{
    const struct page *page = &source->page;
    struct statistics statistics;
    struct fault fault;
    double values[3];
    bool complete;
    int left = PATIENCE;
    if (!page_check(page, &fault))
        abort();
    reduce(source, 0);
    for (int k = 1; k <= 6; k += 2)
        if (reduced_size(page->width, k) > 1 || reduced_size(page->height, k) > 1)
            reduce(source, k);
    memset(histogram, 0, sizeof histogram);
    statistics_count(source, histogram, &statistics, count_dropped, &left, &complete, &fault);
    source_probe(source, page->width - 1, 0, values, &fault);
}

static void look(struct source *source, int every)
{
    struct page page;
    struct fault fault;
    struct fact_sink sink = {hear};
    int left = PATIENCE;
    for (int32_t i = 0; i < PAGES; i++) {
        struct source_choice choice = {i, i == 2 ? 2 : 0, every, i == 1};
        if (!source_select(source, &choice, &page, &fault))
            continue;
        look_at_page(source);
        source_inform(source, &sink);
        source_count(source, count_dropped, &left);
    }
    source_rest(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct fault fault;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, bytes) != (ssize_t)bytes)
        abort();
    for (int i = 0; i < SIDE * SIDE && !places[i]; i++)
        places[i] = malloc((size_t)TILE_SAMPLES * 3 * sizeof(double));
    /* An odd last byte: overviews and masks count as pages too, and the file is its own .ovr. */
    int every = bytes && data[bytes - 1] & 1;
    struct source *source = source_open(fd, every ? dup(fd) : -1, "fuzz", &fault);
    if (!source)
        return 0;
    look(source, every);
    source_close(source);
    return 0;
}
