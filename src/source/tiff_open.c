/* The TIFF class: opening, pages, and what libtiff is given instead of a file.
 *
 * libtiff loads the tables of strips piece by piece (mode "O"); for large strips it is lent the map
 * that source/tiff_file owns. Directories are examined by source/tiff_directory before libtiff sees
 * them. */
#include "source/tiff.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/spill.h"
#include "source/tiff_codec.h"

/* r: read, O: load tables on demand, h: no directory yet, c: no made-up strips. */
#define TIFF_MODE "rOhc"

static struct tiff_source *client_source(thandle_t handle)
{
    struct tiff_client *client = (struct tiff_client *)handle;
    return (struct tiff_source *)((char *)client - offsetof(struct tiff_source, client));
}

/* libtiff numbers a directory by walking the whole chain up to it, and keeps what it has seen: a
 * header that leads to the directory that is wanted makes it the first. */
static void lead_to_directory(const struct tiff_source *tiff, uint8_t *header, tmsize_t bytes)
{
    int at = tiff->file.big_tiff ? 8 : 4, size = tiff->file.big_tiff ? 8 : 4;
    for (int i = 0; i < size && at + size <= bytes; i++)
        header[at + (tiff->file.big_endian ? size - 1 - i : i)] =
            (uint8_t)((uint64_t)tiff->first_directory >> 8 * i);
}

static tmsize_t client_read(thandle_t handle, void *copy, tmsize_t bytes)
{
    struct tiff_source *tiff = client_source(handle);
    int64_t left = tiff->file.size - tiff->position;
    if (tiff->guise.bytes && tiff->position >= tiff->guise.offset) {
        bytes = (tmsize_t)tiff_guise_read(&tiff->guise, tiff->position, bytes, copy);
        tiff->position += bytes;
        return bytes;
    }
    if (bytes > left)
        bytes = left > 0 ? (tmsize_t)left : 0;
    if (tiff->cut.map && bytes <= tiff->cut.bytes - tiff->position)
        memcpy(copy, tiff->cut.map + tiff->position, (size_t)bytes);
    else if (!tiff_file_read(&tiff->file, tiff->position, bytes, copy))
        return -1;
    if (tiff->position == 0)
        lead_to_directory(tiff, copy, bytes);
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
    const struct tiff_source *tiff = client_source(handle);
    return (toff_t)(tiff->guise.bytes ? tiff->guise.offset + (int64_t)tiff->guise.size
                                      : tiff->file.size);
}

static int client_map(thandle_t handle, void **base, toff_t *size)
{
    struct tiff_source *tiff = client_source(handle);
    const uint8_t *map = tiff->cut.map ? tiff->cut.map : tiff->file.map;
    if (!tiff->mapping || !map)
        return 0;
    *base = (void *)(uintptr_t)map;
    *size = tiff->cut.map ? (toff_t)tiff->cut.bytes : (toff_t)tiff->file.mapped;
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

void tiff_free_buffer(struct tiff_source *tiff)
{
    ledger_free(LEDGER_SOURCE, tiff->buffer, tiff->buffer_size);
    tiff->buffer = NULL;
    tiff->buffer_size = 0;
    ledger_free(LEDGER_SOURCE, tiff->raw, tiff->raw_size);
    tiff->raw = NULL;
    tiff->raw_size = 0;
    tiff->decoded = -1;
}

static bool open_handle(struct tiff_source *tiff, TIFF **handle, struct fault *fault)
{
    tiff->position = 0; /* where libtiff expects the header */
    *handle = tiff_client_open(&tiff->client, TIFF_MODE);
    return *handle ||
           fault_set(fault, FAULT_FORMAT, "broken: %s", tiff_client_error(&tiff->client));
}

static void close_lanes(struct tiff_source *tiff)
{
    for (int i = 0; i < TIFF_ROWS_MAX - 1; i++) {
        if (tiff->lanes[i])
            TIFFClose(tiff->lanes[i]);
        tiff->lanes[i] = NULL;
    }
}

static void close_handles(struct tiff_source *tiff)
{
    if (tiff->tiff)
        TIFFClose(tiff->tiff);
    tiff->tiff = NULL;
    close_lanes(tiff);
}

/* What libtiff would say in words of its own, and need not be asked for. */
static bool check_extras(struct tiff_source *tiff, const struct tiff_layout *layout,
                         struct fault *fault)
{
    struct tiff_directory directory;
    if (!tiff_directory_open(&tiff->file, layout->directory, &directory))
        return tiff_directory_refuse(&tiff->file, layout->directory, fault);
    struct tiff_entry extra =
        tiff_directory_find(&tiff->file, &directory, TIFFTAG_EXTRASAMPLES, INT64_MAX);
    if (extra.count <= (int64_t)layout->samples)
        return true;
    return fault_set(fault, FAULT_FORMAT,
                     "broken: it tells of %lld extra samples, but a pixel has %d in all",
                     (long long)extra.count, (int)layout->samples);
}

/* Where libtiff is to find the directory of a layout; 0 with a fault where it cannot. */
static int64_t directory_for_libtiff(struct tiff_source *tiff, const struct tiff_layout *layout,
                                     struct fault *fault)
{
    if (layout->sized) {
        tiff_guise_end(&tiff->guise);
        return layout->directory;
    }
    tiff->mapping = false; /* what is behind the file's end is in no map */
    if (tiff->guise.bytes && tiff->guise.directory == layout->directory)
        return tiff->guise.offset;
    return tiff_guise_begin(&tiff->guise, &tiff->file, layout, fault) ? tiff->guise.offset : 0;
}

/* Has a handle read the directory of a layout. */
static bool enter_directory(struct tiff_source *tiff, TIFF **handle, struct tiff_layout *layout,
                            struct fault *fault)
{
    if (!check_extras(tiff, layout, fault))
        return false;
    int64_t directory = directory_for_libtiff(tiff, layout, fault);
    if (!directory)
        return false;
    if (*handle && tiff->first_directory != directory) {
        TIFFClose(*handle);
        *handle = NULL;
    }
    tiff->first_directory = directory;
    if (!*handle && !open_handle(tiff, handle, fault))
        return false;
    tiff_client_forget(&tiff->client);
    if (!TIFFSetSubDirectory(*handle, (uint64_t)directory))
        return fault_set(fault, FAULT_FORMAT, "broken: its directory cannot be read: %s",
                         tiff_client_error(&tiff->client));
    tiff_codec_prepare(*handle, layout);
    return tiff_page_agrees(*handle, layout, fault);
}

bool tiff_reselect(struct tiff_source *tiff, struct tiff_layout *layout, struct fault *fault)
{
    forget_decoding(tiff);
    close_lanes(tiff);
    return enter_directory(tiff, &tiff->tiff, layout, fault);
}

bool tiff_lane_open(struct tiff_source *tiff, int i, struct fault *fault)
{
    return enter_directory(tiff, &tiff->lanes[i - 1], &tiff->layout, fault);
}

static void close_children(struct tiff_source *tiff)
{
    tiff_mask_forget(tiff);
    tiff_child_close(&tiff->mask);
    tiff_child_close(&tiff->overview);
    tiff->copy_count = 0;
}

/* Makes the image of a directory the current page, with a mask that is taken over (or NULL);
 * page->masked, has_nodata and nodata are set. On error the current page stays, or none is. */
static bool enter_page(struct tiff_source *tiff, struct tiff_layout *layout,
                       const struct source_choice *choice, struct tiff_source *mask,
                       struct page *page, struct fault *fault)
{
    bool fine = tiff_page_describe(tiff, layout, choice, page, fault);
    if (fine && layout->shift && !page->direct)
        fine = fault_set(fault, FAULT_UNSUPPORTED, "a stack of such images is not shown");
    if (!fine) {
        tiff_child_close(&mask);
        return false;
    }
    tiff->source.page.width = tiff->source.page.height = 0;
    tiff_store_end(tiff);
    tiff_free_buffer(tiff);
    close_children(tiff);
    if (tiff->cut.map)
        close_handles(tiff);
    tiff_cut_end(&tiff->cut);
    tiff->mask = mask;
    if (!page->direct)
        return tiff_reselect(tiff, layout, fault);
    close_handles(tiff); /* libtiff is not asked */
    forget_decoding(tiff);
    return true;
}

/* On error no page is current. */
static bool become_current(struct tiff_source *tiff, const struct tiff_layout *layout,
                           const struct page *page, struct fault *fault)
{
    tiff->layout = *layout;
    tiff->source.page = *page;
    if (tiff_rows_plan(tiff, fault))
        return true;
    tiff->source.page.width = tiff->source.page.height = 0;
    return false;
}

static bool no_such_page(const struct tiff_source *tiff, const struct source_choice *choice,
                         struct fault *fault)
{
    int32_t count = tiff_index_count(&tiff->index, choice->every);
    return fault_set(fault, FAULT_USAGE, "there is no page %lld: the file has %d page%s",
                     (long long)choice->index + 1, count, count == 1 ? "" : "s");
}

static void tell_count(struct tiff_source *tiff)
{
    tiff->source.page.count = tiff_index_count(&tiff->index, tiff->every);
    tiff->source.page.counting = !tiff->index.done;
}

static bool select_page(struct tiff_source *tiff, const struct source_choice *choice,
                        struct fault *fault)
{
    struct tiff_layout layout;
    struct tiff_place place;
    struct page page = {.width = 0};
    char notice[PAGE_NOTICE];
    if (!tiff_index_find(&tiff->index, &tiff->file, choice->index, choice->every, &place))
        return no_such_page(tiff, choice, fault);
    int64_t directory = place.family.members[place.member].offset;
    if (!tiff_layout_read(&tiff->file, directory, &layout, fault))
        return false;
    layout.shift = place.shift;
    tiff_index_followers(&tiff->index, &tiff->file, &place);
    struct tiff_source *mask = tiff_mask_open(tiff, &place, &layout, &page);
    memcpy(notice, page.notice, sizeof notice);
    tiff_page_nodata(tiff, &layout, &page);
    if (!enter_page(tiff, &layout, choice, mask, &page, fault))
        return false;
    if (notice[0])
        memcpy(page.notice, notice, sizeof notice);
    page.index = choice->index;
    page.count = tiff_index_count(&tiff->index, choice->every);
    page.counting = !tiff->index.done;
    tiff->number = choice->every ? -1 : place.number;
    tiff_overviews_find(tiff, &place, choice, &layout, &page);
    page.overviews = tiff->copy_count;
    page.reductions = tiff_overviews_mask(tiff, &page);
    tiff_page_extras(tiff, &layout, &page);
    if (!become_current(tiff, &layout, &page, fault))
        return false;
    tiff->every = choice->every;
    tell_count(tiff);
    return true;
}

static bool tiff_select(struct source *source, const struct source_choice *choice,
                        struct page *page, struct fault *fault)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_file_refresh(&tiff->file);
    bool fine = select_page(tiff, choice, fault);
    tiff_file_drop_all(&tiff->file);
    if (!fine)
        return fault_context(fault, "%s", tiff->name);
    *page = tiff->source.page;
    return true;
}

static void tiff_close(struct source *source)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    close_handles(tiff);
    tiff_cut_end(&tiff->cut);
    tiff_store_end(tiff);
    tiff_free_buffer(tiff);
    tiff_rows_forget(tiff);
    close_children(tiff);
    tiff_guise_end(&tiff->guise);
    tiff_index_fini(&tiff->index);
    if (tiff->has_beside)
        tiff_file_close(&tiff->beside);
    if (!tiff->borrowed)
        tiff_file_close(&tiff->file);
    ledger_free(LEDGER_SOURCE, tiff, sizeof *tiff);
}

static struct tiff_source *new_source(const char *name, struct fault *fault)
{
    struct tiff_source *tiff = ledger_alloc(LEDGER_SOURCE, sizeof *tiff, fault);
    if (!tiff)
        return NULL;
    tiff->source.class = &tiff_class;
    tiff->client.class = &reading_client;
    forget_decoding(tiff);
    snprintf(tiff->name, sizeof tiff->name, "%s", name);
    return tiff;
}

struct tiff_source *tiff_child_open(struct tiff_source *tiff, const struct tiff_file *file,
                                    const struct tiff_copy *copy, const struct page *like,
                                    struct fault *fault)
{
    const struct source_choice choice = {.channel = like->channel};
    struct tiff_layout layout;
    struct tiff_source *mask = NULL, *child = new_source(tiff->name, fault);
    struct page page = {
        .masked = copy->mask != 0, .has_nodata = like->has_nodata, .nodata = like->nodata};
    if (!child)
        return NULL;
    child->file = *file;
    child->file.lent = (struct tiff_file_part){0, 0};
    child->borrowed = true;
    if (copy->mask)
        mask = tiff_mask_at(tiff, file, copy->mask, fault);
    bool fine = (!copy->mask || mask) &&
                tiff_layout_read(&child->file, copy->directory, &layout, fault) &&
                enter_page(child, &layout, &choice, mask, &page, fault);
    page.count = 1;
    if (!fine || !become_current(child, &layout, &page, fault)) {
        tiff_child_close(&child);
        return NULL;
    }
    return child;
}

void tiff_child_close(struct tiff_source **child)
{
    if (*child)
        tiff_close(&(*child)->source);
    *child = NULL;
}

bool tiff_reopen(struct tiff_source *tiff, bool mapping, struct fault *fault)
{
    close_handles(tiff);
    if (!mapping)
        tiff_cut_end(&tiff->cut);
    tiff->mapping = mapping;
    return tiff_reselect(tiff, &tiff->layout, fault);
}

/* Closes a source whose files stay the caller's. */
static void give_back(struct tiff_source *tiff)
{
    tiff->borrowed = true;
    tiff_file_unmap(&tiff->file);
    tiff_file_unmap(&tiff->beside);
    tiff->has_beside = false;
    tiff_close(&tiff->source);
}

static struct source *refuse(struct tiff_source *tiff, struct fault *fault)
{
    fault_context(fault, "%s", tiff->name);
    give_back(tiff);
    return NULL;
}

/* Where the first page is refused but there are others, the file is open with no page current. */
static struct source *tiff_open(int fd, int overviews, const char *name, struct fault *fault)
{
    struct tiff_source *tiff = new_source(name, fault);
    const struct source_choice first = {.index = 0};
    struct page page;
    if (!tiff)
        return NULL;
    if (!tiff_file_open(&tiff->file, fd, fault))
        return refuse(tiff, fault);
    if (!tiff_index_init(&tiff->index, &tiff->file, fault))
        return refuse(tiff, fault);
    /* What is no TIFF file beside is left alone: it speeds things up, no more. */
    tiff->has_beside = overviews >= 0 && tiff_file_open(&tiff->beside, overviews, NULL);
    bool selected = tiff_select(&tiff->source, &first, &page, fault);
    tell_count(tiff);
    if (!selected && tiff->source.page.count == 1) {
        give_back(tiff);
        return NULL;
    }
    if (overviews >= 0 && !tiff->has_beside)
        close(overviews);
    return &tiff->source;
}

static bool tiff_read(struct source *source, struct area area, struct row_sink *sink,
                      struct fault *fault)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    const struct tiff_layout *layout = &tiff->layout;
    struct tiff_reading reading = {tiff, area, sink, fault, false, false};
    tiff_file_refresh(&tiff->file);
    tiff->mask_missed = false;
    if (tiff->overview)
        tiff_free_buffer(tiff->overview);
    int64_t left = area.x / layout->block_width;
    int64_t right = (area.x + area.width - 1) / layout->block_width;
    int64_t bottom = (area.y + area.height - 1) / layout->block_height;
    for (int64_t row = area.y / layout->block_height; row <= bottom && !reading.stopped; row++)
        for (int64_t column = left; column <= right && !reading.stopped; column++) {
            int64_t block = row * layout->across + column;
            struct area part = area_intersect(area, tiff_layout_block(layout, block));
            tiff_read_block(&reading, block, part);
        }
    if (tiff->mask_missed && !reading.failed) {
        reading.failed = true;
        fault_set(fault, FAULT_FORMAT, "%s", tiff->mask_fault.text);
    }
    if (reading.failed && !reading.stopped)
        return fault_context(fault, "%s", tiff->name);
    return true;
}

static bool tiff_changed(struct source *source, struct fault *fault)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_file_refresh(&tiff->file);
    bool news = tiff->file.changed;
    tiff->file.changed = false;
    if (news)
        fault_set(
            fault, FAULT_FILE,
            "%s: the file was written over while it was shown: what is seen may be partly old "
            "and partly new",
            tiff->name);
    return news;
}

static void tiff_count(struct source *source, bool (*dropped)(void *context), void *context)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_file_refresh(&tiff->file);
    while (!dropped(context) && tiff_index_walk(&tiff->index, &tiff->file))
        ;
    tell_count(tiff);
}

/* Small blocks are soon decoded again, so libtiff's state for them goes too; in a large strip the
 * place reached is worth more, and so is what the temporary file has. */
static void tiff_rest(struct source *source)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_store_rest(tiff);
    tiff_free_buffer(tiff);
    if (tiff->overview && spill_has(tiff->overview))
        tiff_rest(&tiff->overview->source);
    else
        tiff_child_close(&tiff->overview);
    tiff_mask_forget(tiff);
    if (tiff->mask)
        tiff_rest(&tiff->mask->source);
    if (tiff->source.page.width && !tiff->source.page.direct && !tiff->source.page.whole)
        tiff->stale = !tiff_reselect(tiff, &tiff->layout, NULL);
    tiff_file_drop_all(&tiff->file);
    if (tiff->cut.map)
        tiff_cut_drop(&tiff->cut);
}

const struct source_class tiff_class = {"TIFF",      tiff_recognise, tiff_open,    tiff_close,
                                        tiff_select, tiff_read,      tiff_colours, tiff_reduced,
                                        tiff_count,  tiff_inform,    tiff_changed, tiff_rest};
