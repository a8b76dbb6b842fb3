/* The TIFF class: opening, pages, and what libtiff is given instead of a file.
 *
 * libtiff loads the tables of strips piece by piece (mode "O"); for large strips it is lent the map
 * that source/tiff_file owns. Directories are examined by source/tiff_directory before libtiff sees
 * them. */
#include "source/tiff.h"

#include <stdio.h>
#include <string.h>

#include "base/ledger.h"

/* r: read, O: load tables on demand, h: no directory yet, c: no made-up strips. */
#define TIFF_MODE "rOhc"

static struct tiff_source *client_source(thandle_t handle)
{
    struct tiff_client *client = (struct tiff_client *)handle;
    return (struct tiff_source *)((char *)client - offsetof(struct tiff_source, client));
}

static tmsize_t client_read(thandle_t handle, void *copy, tmsize_t bytes)
{
    struct tiff_source *tiff = client_source(handle);
    int64_t left = tiff->file.size - tiff->position;
    if (bytes > left)
        bytes = left > 0 ? (tmsize_t)left : 0;
    if (!tiff_file_read(&tiff->file, tiff->position, bytes, copy))
        return -1;
    tiff->position += bytes;
    return bytes;
}

static tmsize_t client_write(thandle_t handle, void *bytes, tmsize_t count)
{
    (void)handle, (void)bytes, (void)count;
    return -1;
}

static toff_t client_seek(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_source *tiff = client_source(handle);
    int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tiff->position : tiff->file.size;
    int64_t position;
    if (__builtin_add_overflow(from, (int64_t)offset, &position) || position < 0)
        return (toff_t)-1;
    tiff->position = position;
    return (toff_t)position;
}

static toff_t client_size(thandle_t handle)
{
    return (toff_t)client_source(handle)->file.size;
}

static int client_map(thandle_t handle, void **base, toff_t *size)
{
    struct tiff_source *tiff = client_source(handle);
    if (!tiff->mapping || !tiff->file.map)
        return 0;
    *base = (void *)(uintptr_t)tiff->file.map;
    *size = (toff_t)tiff->file.mapped;
    return 1;
}

static const struct tiff_client_class reading_client = {client_read, client_write, client_seek,
                                                        client_size, client_map};

static bool tiff_recognise(const unsigned char *head, size_t bytes)
{
    static const char magics[4][4] = {
        {'I', 'I', 42, 0}, {'M', 'M', 0, 42}, {'I', 'I', 43, 0}, {'M', 'M', 0, 43}};
    for (int i = 0; bytes >= 4 && i < 4; i++)
        if (!memcmp(head, magics[i], 4))
            return true;
    return false;
}

static void forget_decoding(struct tiff_source *tiff)
{
    tiff->decoded = tiff->strip = -1;
    tiff->stale = false;
}

static void free_buffer(struct tiff_source *tiff)
{
    ledger_free(LEDGER_SOURCE, tiff->buffer, tiff->buffer_size);
    tiff->buffer = NULL;
    tiff->buffer_size = 0;
    tiff->decoded = -1;
}

static bool open_handle(struct tiff_source *tiff, struct fault *fault)
{
    tiff->position = 0; /* where libtiff expects the header */
    tiff->tiff = tiff_client_open(&tiff->client, tiff->name, TIFF_MODE);
    return tiff->tiff ||
           fault_set(fault, FAULT_FORMAT, "broken: %s", tiff_client_error(&tiff->client));
}

bool tiff_reselect(struct tiff_source *tiff, const struct tiff_layout *layout, struct fault *fault)
{
    forget_decoding(tiff);
    if (!tiff->tiff && !open_handle(tiff, fault))
        return false;
    tiff_client_forget(&tiff->client);
    if (!TIFFSetSubDirectory(tiff->tiff, (uint64_t)layout->directory))
        return fault_set(fault, FAULT_FORMAT, "broken: its directory cannot be read: %s",
                         tiff_client_error(&tiff->client));
    if (!tiff_page_agrees(tiff->tiff, layout))
        return fault_set(fault, FAULT_FORMAT, "broken: its directory contradicts itself");
    return true;
}

/* What stands between stored samples and codes. */
static void plan_conversion(struct tiff_source *tiff)
{
    const struct page *page = &tiff->source.page;
    bool big_endian_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    tiff->swapped = page->bits == 16 && tiff->file.big_endian != big_endian_host;
    tiff->reversed = tiff->layout.fill_order == FILLORDER_LSB2MSB;
    tiff->flip = !sample_is_signed((enum sample_type)page->type) ? 0
                 : page->bits == 8                               ? 0x80
                                                                 : 0x8000;
}

static bool select_page(struct tiff_source *tiff, int32_t index, struct fault *fault)
{
    struct tiff_layout layout;
    struct page page;
    const struct tiff_chain *chain = &tiff->chain;
    if (index < 0 || index >= chain->pages)
        return fault_set(fault, FAULT_UNSUPPORTED, "there is no page %lld: the file has %d page%s",
                         (long long)index + 1, chain->pages, chain->pages == 1 ? "" : "s");
    int64_t directory = tiff_chain_find(&tiff->file, chain, index);
    if (!tiff_layout_read(&tiff->file, directory, &layout, fault) ||
        !tiff_page_describe(tiff, &layout, index, &page, fault))
        return false;
    tiff->source.page.width = tiff->source.page.height = 0;
    free_buffer(tiff);
    if (!tiff_reselect(tiff, &layout, fault))
        return false;
    tiff_page_extras(tiff, &page);
    tiff->layout = layout;
    tiff->source.page = page;
    plan_conversion(tiff);
    return true;
}

static bool tiff_select(struct source *source, int32_t index, struct page *page,
                        struct fault *fault)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_file_refresh(&tiff->file);
    bool fine = select_page(tiff, index, fault);
    tiff_file_drop_all(&tiff->file);
    if (!fine)
        return fault_context(fault, "%s", tiff->name);
    *page = tiff->source.page;
    return true;
}

static void tiff_close(struct source *source)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    if (tiff->tiff)
        TIFFClose(tiff->tiff);
    free_buffer(tiff);
    tiff_file_close(&tiff->file);
    ledger_free(LEDGER_SOURCE, tiff, sizeof *tiff);
}

bool tiff_reopen(struct tiff_source *tiff, bool mapping, struct fault *fault)
{
    if (tiff->tiff)
        TIFFClose(tiff->tiff);
    tiff->tiff = NULL;
    tiff->mapping = mapping;
    return tiff_reselect(tiff, &tiff->layout, fault);
}

static bool examine(struct tiff_source *tiff, struct fault *fault)
{
    return open_handle(tiff, fault) && tiff_chain_walk(&tiff->file, &tiff->chain, fault);
}

/* Where the first page is refused but there are others, the file is open with no page current. */
static struct source *tiff_open(int fd, const char *name, struct fault *fault)
{
    struct tiff_source *tiff = ledger_alloc(LEDGER_SOURCE, sizeof *tiff, fault);
    struct page page;
    if (!tiff)
        return NULL;
    tiff->source.class = &tiff_class;
    tiff->client.class = &reading_client;
    forget_decoding(tiff);
    snprintf(tiff->name, sizeof tiff->name, "%s", name);
    if (!tiff_file_open(&tiff->file, fd, fault)) {
        ledger_free(LEDGER_SOURCE, tiff, sizeof *tiff);
        fault_context(fault, "%s", name);
        return NULL;
    }
    bool fine = examine(tiff, fault);
    if (!fine)
        fault_context(fault, "%s", name);
    if (fine && (tiff_select(&tiff->source, 0, &page, fault) || tiff->chain.pages > 1))
        return &tiff->source;
    /* The fd stays the caller's. */
    tiff->file.fd = -1;
    tiff_close(&tiff->source);
    return NULL;
}

static void read_block(struct tiff_reading *reading, int64_t block)
{
    const struct tiff_source *tiff = reading->tiff;
    struct area part = area_intersect(reading->area, tiff_layout_block(&tiff->layout, block));
    if (tiff->source.page.direct)
        tiff_read_direct(reading, block, part);
    else if (tiff->layout.at_once)
        tiff_read_whole(reading, block, part);
    else
        tiff_read_strip(reading, block, part);
}

static bool tiff_read(struct source *source, struct area area, struct row_sink *sink,
                      struct fault *fault)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    const struct tiff_layout *layout = &tiff->layout;
    struct tiff_reading reading = {tiff, area, sink, fault, false, false};
    tiff_file_refresh(&tiff->file);
    int64_t left = area.x / layout->block_width;
    int64_t right = (area.x + area.width - 1) / layout->block_width;
    int64_t bottom = (area.y + area.height - 1) / layout->block_height;
    for (int64_t row = area.y / layout->block_height; row <= bottom && !reading.stopped; row++)
        for (int64_t column = left; column <= right && !reading.stopped; column++)
            read_block(&reading, row * layout->across + column);
    if (reading.failed && !reading.stopped)
        return fault_context(fault, "%s", tiff->name);
    return true;
}

/* Small blocks are soon decoded again, so libtiff's state for them goes too; in a large strip the
 * place reached is worth more. */
static void tiff_rest(struct source *source)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    free_buffer(tiff);
    if (tiff->source.page.width && !tiff->source.page.direct && !tiff->source.page.whole)
        tiff->stale = !tiff_reselect(tiff, &tiff->layout, NULL);
    tiff_file_drop_all(&tiff->file);
}

const struct source_class tiff_class = {"TIFF",      tiff_recognise, tiff_open, tiff_close,
                                        tiff_select, tiff_read,      tiff_rest};
