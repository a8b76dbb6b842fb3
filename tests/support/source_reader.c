/* Reading sources in tests: see support/source_reader.h. */
#include "support/source_reader.h"

#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source *source_from(const char *path, struct fault *fault)
{
    *fault = (struct fault){.kind = FAULT_NONE};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    return source_open(fd, -1, "a.tif", fault);
}

struct page source_page(const char *path)
{
    struct fault fault;
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    struct page page = source->page;
    CU_ASSERT(page_check(&page, &fault));
    source_close(source);
    return page;
}

const char *source_refusal(const char *path, int32_t index)
{
    static struct fault fault;
    struct page page;
    struct source_choice choice = {index, 0, 0, 0};
    struct source *source = source_from(path, &fault);
    if (source && source_select(source, &choice, &page, &fault))
        fault.text[0] = 0;
    source_close(source);
    return fault.text;
}

static bool check_sample(struct checking_sink *sink, int64_t x, int64_t y, double value)
{
    struct area a = sink->area;
    if (x < a.x || y < a.y || x >= a.x + a.width || y >= a.y + a.height ||
        sink->seen[(y - a.y) * a.width + x - a.x]++)
        sink->again++;
    return value == sink->value(x, y, sink->page);
}

static bool take_run(struct row_sink *row_sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct checking_sink *sink = (struct checking_sink *)row_sink;
    sink->runs++;
    sink->signs += !n;
    sink->wrong += (uintptr_t)codes % sample_bytes(sink->type) != 0;
    for (int64_t i = 0; i < n; i++)
        sink->wrong += !check_sample(sink, x + i, y, sample_value(sink->type, codes, i));
    sink->samples += n;
    if (n) {
        sink->backwards += y < sink->last_y || (y == sink->last_y && x <= sink->last_x);
        sink->last_x = x;
        sink->last_y = y;
    }
    return sink->runs != sink->stop_after;
}

bool checking_read(struct checking_sink *sink, struct source *source, struct area area,
                   tiff_value *value, struct fault *fault)
{
    int64_t stop_after = sink->stop_after;
    *sink = (struct checking_sink){.sink.row = take_run,
                                   .area = area,
                                   .value = value,
                                   .type = (enum sample_type)source->page.type,
                                   .page = source->page.index,
                                   .last_x = -1,
                                   .last_y = -1,
                                   .stop_after = stop_after};
    sink->seen = calloc((size_t)area.width, (size_t)area.height);
    return source_read(source, area, &sink->sink, fault);
}

void checking_fini(struct checking_sink *sink)
{
    free(sink->seen);
}

bool reads_right(struct source *source, struct area area, tiff_value *value)
{
    struct checking_sink sink = {.stop_after = 0};
    struct fault fault;
    bool fine = checking_read(&sink, source, area, value, &fault);
    checking_fini(&sink);
    return fine && !sink.wrong && !sink.again && sink.samples == area.width * area.height;
}

struct expecting_sink {
    struct row_sink sink;
    const struct page *page;
    struct area area;
    expected_value *value;
    const void *context;
    double tolerance;
    uint8_t *seen; /* of the area, row by row */
    int64_t samples, wrong;
};

static bool is_plain_nan(enum sample_type type, const void *samples, ptrdiff_t i)
{
    const uint32_t plain32 = 0x7fc00000;
    const uint64_t plain64 = UINT64_C(0x7ff8000000000000);
    const unsigned char *at = (const unsigned char *)samples + i * (ptrdiff_t)sample_bytes(type);
    return type == SAMPLE_F32 ? !memcmp(at, &plain32, 4) : !memcmp(at, &plain64, 8);
}

static void expect_sample(struct expecting_sink *sink, int64_t x, int64_t y, int channel,
                          const void *samples, ptrdiff_t i)
{
    enum sample_type type = (enum sample_type)sink->page->type;
    double is = sample_value(type, samples, i), ought = sink->value(sink->context, x, y, channel);
    bool fine = isnan(ought) ? isnan(is) && is_plain_nan(type, samples, i)
                             : is == ought || fabs(is - ought) <= sink->tolerance;
    if (!fine && !sink->wrong++)
        printf("  (%lld, %lld) of channel %d is %.17g, not %.17g\n", (long long)x, (long long)y,
               channel, is, ought);
}

static bool take_expected(struct row_sink *row_sink, int64_t x, int64_t y, int64_t n,
                          const void *samples)
{
    struct expecting_sink *sink = (struct expecting_sink *)row_sink;
    struct area a = sink->area;
    for (int64_t i = 0; i < n; i++) {
        bool inside = x + i >= a.x && y >= a.y && x + i < a.x + a.width && y < a.y + a.height;
        sink->wrong += !inside || sink->seen[(y - a.y) * a.width + x + i - a.x]++;
        for (int channel = 0; channel < sink->page->channels; channel++)
            expect_sample(sink, x + i, y, channel, samples, (ptrdiff_t)(channel * n + i));
    }
    sink->samples += n;
    return true;
}

bool reads_as(struct source *source, struct area area, expected_value *value, const void *context,
              double tolerance)
{
    struct fault fault = {.kind = FAULT_NONE};
    struct expecting_sink sink = {.sink.row = take_expected,
                                  .page = &source->page,
                                  .area = area,
                                  .value = value,
                                  .context = context,
                                  .tolerance = tolerance};
    sink.seen = calloc((size_t)area.width, (size_t)area.height);
    bool fine = source_read(source, area, &sink.sink, &fault);
    if (!fine)
        printf("  \"%s\"\n", fault.text);
    free(sink.seen);
    return fine && !sink.wrong && sink.samples == area.width * area.height;
}
