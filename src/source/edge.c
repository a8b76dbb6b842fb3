/* A source with its last column and row repeated: see source/edge.h. Owns nothing. */
#include "source/edge.h"

#include <string.h>

enum { PIXEL_BYTES = 3 * 8 };

struct edge_sink {
    struct row_sink sink; /* first */
    struct row_sink *given;
    const struct page *inner;
    struct area area; /* of the edge's page, that is asked for */
    int64_t below;    /* rows that samples are told to lie lower than they do */
    bool stopped;
};

static bool pass(struct edge_sink *edge, int64_t x, int64_t y, int64_t n, const void *codes)
{
    edge->stopped |= !edge->given->row(edge->given, x, y + edge->below, n, codes);
    return !edge->stopped;
}

/* The last pixel of a run once more, in the column behind it. */
static bool repeat(struct edge_sink *edge, int64_t y, int64_t n, const void *codes)
{
    _Alignas(8) char pixel[PIXEL_BYTES];
    size_t bytes = sample_bytes((enum sample_type)edge->inner->type);
    for (int32_t channel = 0; channel < edge->inner->channels; channel++)
        memcpy(pixel + (size_t)channel * bytes,
               (const char *)codes + (size_t)(channel * n + n - 1) * bytes, bytes);
    return pass(edge, edge->inner->width, y, 1, pixel);
}

static bool take_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct edge_sink *edge = (struct edge_sink *)sink;
    int64_t width = edge->inner->width;
    /* Where the column behind is all that is asked for, the last one is only read for it. */
    if ((edge->area.x < width || !n) && !pass(edge, x, y, n, codes))
        return false;
    if (n && x + n == width && edge->area.x + edge->area.width > width)
        return repeat(edge, y, n, codes);
    return true;
}

static bool edge_read(struct source *source, struct area area, struct row_sink *sink,
                      struct fault *fault)
{
    struct source *inner = ((struct edge_source *)source)->inner;
    const struct page *page = &inner->page;
    struct edge_sink edge = {{take_run}, sink, page, area, 0, false};
    int64_t x = min64(area.x, page->width - 1), end = min64(area.x + area.width, page->width);
    struct area part = area_intersect((struct area){x, area.y, end - x, area.height},
                                      (struct area){0, 0, page->width, page->height});
    bool fine = part.height <= 0 || source_read(inner, part, &edge.sink, fault);
    if (area.y + area.height <= page->height || edge.stopped)
        return fine;
    edge.below = 1;
    part = (struct area){x, page->height - 1, end - x, 1};
    return source_read(inner, part, &edge.sink, fine ? fault : NULL) && fine;
}

static void edge_close(struct source *source)
{
    (void)source;
}

static bool edge_select(struct source *source, const struct source_choice *choice,
                        struct page *page, struct fault *fault)
{
    (void)source, (void)choice, (void)page;
    return fault_set(fault, FAULT_USAGE, "an overview has no pages");
}

static struct source *edge_reduced(struct source *source, int reduction)
{
    (void)source, (void)reduction;
    return NULL;
}

static void edge_count(struct source *source, bool (*dropped)(void *context), void *context)
{
    (void)source, (void)dropped, (void)context;
}

static void edge_inform(struct source *source, struct fact_sink *sink)
{
    source_inform(((struct edge_source *)source)->inner, sink);
}

static void edge_rest(struct source *source)
{
    source_rest(((struct edge_source *)source)->inner);
}

static const struct source_class edge_class = {.name = "edge",
                                               .close = edge_close,
                                               .select = edge_select,
                                               .read = edge_read,
                                               .reduced = edge_reduced,
                                               .count = edge_count,
                                               .inform = edge_inform,
                                               .rest = edge_rest};

void edge_init(struct edge_source *edge, struct source *inner, int64_t width, int64_t height)
{
    edge->inner = inner;
    edge->source.class = &edge_class;
    edge->source.page = inner->page;
    struct page *page = &edge->source.page;
    page->width = width;
    page->height = height;
    if (!page->tiled)
        page->block_width = width;
    page->blocks = ceil_div(width, page->block_width) * ceil_div(height, page->block_height);
}
