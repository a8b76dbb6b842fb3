/* A source with no file: see support/fake_source.h. */
#include "support/fake_source.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64's mixing. */
uint64_t fake_hash(int64_t x, int64_t y, int channel)
{
    uint64_t h = (uint64_t)x * 3 + (uint64_t)channel + (uint64_t)y * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}

static int64_t block_at(const struct page *page, int64_t x, int64_t y)
{
    int64_t across = ceil_div(page->width, page->block_width);
    return y / page->block_height * across + x / page->block_width;
}

static bool is_bad(const struct fake_source *fake, int64_t block)
{
    return fake->step && block >= fake->first_bad && (block - fake->first_bad) % fake->step == 0;
}

bool fake_source_lacks(const struct fake_source *fake, int64_t x, int64_t y)
{
    const struct page *page = &fake->source.page;
    return is_bad(fake, block_at(page, x, y)) && y % page->block_height >= fake->rows_of_bad;
}

static void put_sample(enum sample_type type, void *samples, int64_t i, double value)
{
    char *at = (char *)samples + i * (int64_t)sample_bytes(type);
    uint32_t whole = sample_is_float(type) ? 0 : (uint32_t)(int64_t)value;
    uint8_t byte = (uint8_t)(whole - (uint32_t)sample_least(type));
    uint16_t word = (uint16_t)(whole - (uint32_t)sample_least(type));
    float small = (float)value;
    const void *from = type == SAMPLE_F64        ? (const void *)&value
                       : type == SAMPLE_F32      ? (const void *)&small
                       : sample_bytes(type) == 1 ? (const void *)&byte
                       : sample_bytes(type) == 2 ? (const void *)&word
                                                 : (const void *)&whole;
    memcpy(at, from, sample_bytes(type));
}

/* The part of a row that lies in one block. */
static bool send_row(struct fake_source *fake, int64_t x, int64_t y, int64_t width,
                     struct row_sink *sink)
{
    const struct page *page = &fake->source.page;
    int64_t most = fake->run ? fake->run : width;
    bool on = true;
    for (int64_t done = 0, n; done < width && on; done += n) {
        n = min64(most, width - done);
        void *samples = malloc((size_t)n * page_sample_bytes(page));
        for (int channel = 0; channel < page->channels; channel++)
            for (int64_t i = 0; i < n; i++)
                put_sample((enum sample_type)page->type, samples, channel * n + i,
                           fake->value(fake, x + done + i, y, channel));
        fake->samples += n;
        on = sink->row(sink, x + done, y, n, samples);
        free(samples);
    }
    return on;
}

static bool send_block(struct fake_source *fake, struct area part, struct row_sink *sink)
{
    for (int64_t y = part.y; y < part.y + part.height; y++)
        if (!fake_source_lacks(fake, part.x, y) && !send_row(fake, part.x, y, part.width, sink))
            return false;
    return true;
}

static bool fake_read(struct source *source, struct area area, struct row_sink *sink,
                      struct fault *fault)
{
    struct fake_source *fake = (struct fake_source *)source;
    int64_t width = source->page.block_width, height = source->page.block_height;
    bool fine = true;
    fake->reads++;
    for (int64_t y = area.y / height * height; y < area.y + area.height; y += height)
        for (int64_t x = area.x / width * width; x < area.x + area.width; x += width) {
            int64_t block = block_at(&source->page, x, y);
            if (is_bad(fake, block) && fine && !fake->silent)
                fine = fault_set(fault, FAULT_FORMAT, "block %lld cannot be decoded",
                                 (long long)block);
            if (!send_block(fake, area_intersect(area, (struct area){x, y, width, height}), sink))
                return true;
        }
    return fine;
}

static struct source *fake_reduced(struct source *source, int reduction)
{
    return ((struct fake_source *)source)->overviews[reduction];
}

void fake_source_init(struct fake_source *fake, const struct fake_layout *layout, fake_value *value)
{
    static const struct source_class class = {
        .name = "fake", .read = fake_read, .reduced = fake_reduced};
    struct page *page = &fake->source.page;
    *fake = (struct fake_source){.source.class = &class, .value = value};
    page->width = layout->width;
    page->height = layout->height;
    page->count = 1;
    page->type = (int32_t)layout->type;
    page->channels = layout->channels;
    page->bits = 8 * (int32_t)sample_bytes(layout->type);
    page->integral = !sample_is_float(layout->type);
    page->tiled = layout->block_width > 0;
    page->block_width = page->tiled ? layout->block_width : layout->width;
    page->block_height = layout->block_height;
    page->blocks =
        ceil_div(page->width, page->block_width) * ceil_div(page->height, page->block_height);
}
