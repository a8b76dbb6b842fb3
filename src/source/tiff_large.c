/* Large blocks: see source/tiff_large.h.
 *
 * libtiff decodes tiles whole, and so some codecs their strips; a row it decodes whole in any case.
 * What that makes is written to a map of the temporary file, and read from the file a run at a
 * time, as if it were the image's and not compressed. Owns nothing. */
#include "source/tiff_large.h"

#include "base/language.h"
#include "base/checked.h"
#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/tiff_decode.h"

enum { FILED_LEAST = 1 << 20 }; /* bytes of a block whose codec's library holds as much again */

#define UNSUPPORTED(...) fault_set(fault, FAULT_UNSUPPORTED, __VA_ARGS__)

int64_t tiff_large_row(const struct tiff_layout *layout)
{
    return tiff_form_line_bytes(&layout->form, layout->block_width) *
           tiff_form_lines(&layout->form);
}

int64_t tiff_large_block(const struct tiff_layout *layout)
{
    int64_t bytes = tiff_form_bytes(&layout->form, layout->block_width, layout->block_height);
    if (!checked_mul64(bytes, tiff_form_lines(&layout->form), &bytes))
        return INT64_MAX;
    return bytes;
}

bool tiff_is_large(const struct tiff_layout *layout)
{
    return tiff_large_block(layout) > TIFF_BLOCK_MAX;
}

bool tiff_large_is_filed(const struct tiff_layout *layout)
{
    const struct tiff_codec *codec = tiff_codec_find(layout->compression);
    int64_t bytes = tiff_large_block(layout);
    return bytes > TIFF_BLOCK_MAX ||
           ((codec->quarters || codec->window) && bytes >= FILED_LEAST && bytes <= spill_most());
}

bool tiff_large_is_whole(const struct tiff_layout *layout)
{
    return tiff_codec_find(layout->compression)->whole || layout->form.units ||
           layout->form.thinned;
}

/* What there is lacks of what is needed, in words. */
static void say_why(int64_t bytes, char *why, size_t room)
{
    if (!spill_most())
        snprintf(why, room, _("without a temporary file (--spill)"));
    else
        snprintf(why, room, _("in %lld MiB of a temporary file (--spill %lldM would do)"),
                 (long long)(spill_most() >> 20), (long long)(bytes >> 20) + 1);
}

static bool check_spill(const struct tiff_layout *layout, bool whole, struct fault *fault)
{
    const char *name = tiff_codec_find(layout->compression)->name;
    int64_t bytes = whole ? tiff_large_block(layout) : tiff_large_row(layout);
    char why[100];
    if (bytes <= (whole ? spill_most() : max64(spill_most(), TIFF_BLOCK_MAX)))
        return true;
    say_why(bytes, why, sizeof why);
    if (!whole)
        return UNSUPPORTED("rows of %llu pixels (%lld MiB) compressed with %s are too long to be "
                           "decoded %s",
                           (unsigned long long)layout->width, (long long)(bytes >> 20), name, why);
    if (layout->tiled)
        return UNSUPPORTED("tiles of %lld x %lld samples compressed with %s (%lld MiB each%s) are "
                           "too large to be decoded %s",
                           (long long)layout->block_width, (long long)layout->block_height, name,
                           (long long)(bytes >> 20),
                           layout->form.separate ? _(", all planes together") : "", why);
    return UNSUPPORTED("strips of %lld rows (%lld MiB) compressed with %s are too large to be "
                       "decoded %s",
                       (long long)layout->block_height, (long long)(bytes >> 20), name, why);
}

/* What the codec's library takes for itself. */
static bool check_memory(const struct tiff_layout *layout, struct fault *fault)
{
    const struct tiff_codec *codec = tiff_codec_find(layout->compression);
    int64_t each = tiff_form_bytes(&layout->form, layout->block_width, layout->block_height);
    int64_t spare = (int64_t)(spill_memory() / 8 * 7), taken;
    if (checked_mul64(each, codec->quarters, &taken) && taken / 4 <= spare)
        return true;
    return UNSUPPORTED("%s of %lld x %lld samples compressed with %s need about %lld MiB of memory "
                       "to be decoded; %lld MiB is the limit",
                       layout->tiled ? _("tiles") : _("strips"), (long long)layout->block_width,
                       (long long)layout->block_height, codec->name,
                       (long long)(each / 4 * codec->quarters >> 20), (long long)(spare >> 20));
}

bool tiff_large_check(const struct tiff_layout *layout, struct fault *fault)
{
    bool whole = layout->tiled || tiff_large_is_whole(layout);
    if (!tiff_is_large(layout))
        return true;
    return check_spill(layout, whole, fault) && (!whole || check_memory(layout, fault));
}

/* Decoding into the map. */

struct watcher {
    struct spill_watcher watcher; /* first */
    struct tiff_reading *reading;
    int64_t work; /* bytes that are gone over, each time counted; 0: it is not told how far it is */
};

static void show_life(struct spill_watcher *watcher)
{
    const struct tiff_reading *reading = ((struct watcher *)watcher)->reading;
    int64_t work = ((struct watcher *)watcher)->work;
    if (work)
        spill_tell_share(
            (int32_t)min64((int64_t)(1000 * (double)spill_missed() / (double)work), 1000));
    reading->sink->row(reading->sink, reading->area.x, reading->area.y, 0, NULL);
}

static void drop_file(struct spill_watcher *watcher)
{
    tiff_file_drop(&((struct watcher *)watcher)->reading->tiff->file);
}

/* What is not too large is decoded in memory then, with all blocks that follow. */
static void lack_room(struct tiff_reading *reading, int64_t block, int64_t bytes)
{
    if (!tiff_is_large(&reading->tiff->layout))
        reading->tiff->layout.filed = false;
    else if (bytes)
        tiff_bad_block(reading, block,
                       "cannot be decoded: the temporary file has no room for %lld MiB",
                       (long long)(bytes >> 20));
    else
        tiff_bad_block(reading, block, "cannot be decoded: there is no temporary file for it");
}

/* `passes`: how often the map is gone over, 0: not known. */
static void *map_part(struct tiff_reading *reading, int64_t block, const struct spill_part *part,
                      int64_t at, int64_t bytes, int passes, struct watcher *watcher)
{
    const struct tiff_source *tiff = reading->tiff;
    *watcher = (struct watcher){{show_life, drop_file}, reading, passes * bytes};
    spill_tell_begin(tiff, tiff_layout_block(&tiff->layout, block));
    void *map = spill_map(part, at, bytes, &watcher->watcher);
    if (map)
        return map;
    spill_tell_end(false);
    lack_room(reading, block, bytes);
    return NULL;
}

static void unmap_part(void *map, bool fine)
{
    if (!map)
        return;
    spill_unmap();
    spill_tell_end(fine);
}

static struct spill_part *take_part(struct tiff_reading *reading, int64_t block, int64_t bytes,
                                    int64_t least)
{
    struct spill_part *part = spill_find(reading->tiff, block);
    if (!part)
        part = spill_take(reading->tiff, block, bytes, least);
    if (!part)
        lack_room(reading, block, 0);
    return part;
}

/* A smaller block is kept until the next one comes: to decode it again takes little time, and disks
 * are slow. */
static void make_way(struct tiff_source *tiff, int64_t block)
{
    if (!tiff_is_large(&tiff->layout) && !spill_find(tiff, block))
        spill_drop_all(tiff);
}

/* The codec goes over a block, then the predictor, and then who compares its checksum. */
static int passes_of(const struct tiff_source *tiff)
{
    uint16_t predictor = PREDICTOR_NONE;
    uint64_t compression = tiff->layout.compression;
    bool checked = compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE;
    TIFFGetField(tiff->tiff, TIFFTAG_PREDICTOR, &predictor);
    return 1 + (predictor > PREDICTOR_NONE) + checked;
}

/* The part that has the block, decoded; NULL with a fault noted, or layout.filed taken back. */
static struct spill_part *need_block(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct watcher watcher;
    int64_t bytes = tiff_decoded_bytes(tiff, block) * tiff_form_lines(&tiff->layout.form);
    make_way(tiff, block);
    struct spill_part *part = take_part(reading, block, bytes, bytes);
    if (!part || part->filled)
        return part;
    void *map = map_part(reading, block, part, 0, bytes, passes_of(tiff), &watcher);
    bool fine = map && tiff_decode_block(reading, block, map);
    unmap_part(map, fine);
    /* What a library keeps of the block goes with what libtiff knows of the directory. */
    if (fine && tiff_is_large(&tiff->layout))
        tiff->stale = !tiff_reselect(tiff, &tiff->layout, NULL);
    part->filled = fine;
    if (fine)
        return part;
    spill_drop(part);
    return NULL;
}

void tiff_large_read(struct tiff_reading *reading, int64_t block, struct area part)
{
    const struct tiff_source *tiff = reading->tiff;
    if (!tiff_note_absent(reading, block))
        return;
    const struct spill_part *spilled = need_block(reading, block);
    if (!spilled)
        return;
    struct tiff_spilled where = {spilled, 0, 0, tiff_decoded_bytes(tiff, block)};
    tiff_read_spilled(reading, block, &where, part);
}

/* Rows. */

/* Where row `row` of a strip is, or goes: the last place serves all rows that have none. */
static int64_t place_of(int64_t row, int64_t places)
{
    return min64(row, places - 1);
}

static bool decode_to_place(struct tiff_reading *reading, int64_t block, struct spill_part *part,
                            int64_t row, int64_t places)
{
    const struct tiff_layout *layout = &reading->tiff->layout;
    struct watcher watcher;
    int64_t bytes = tiff_large_row(layout);
    void *map = map_part(reading, block, part, place_of(row, places) * bytes, bytes, 0, &watcher);
    bool fine = map && tiff_decode_row(reading, block, map);
    unmap_part(map, fine);
    bool own = row < places - 1 || places == tiff_layout_block(layout, block).height;
    if (fine && own && part->filled == row)
        part->filled++;
    return fine;
}

/* Has row y of the page in the part. */
static bool need_row(struct tiff_reading *reading, int64_t block, struct spill_part *part,
                     int64_t y, int64_t places)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t top = tiff_layout_block(&tiff->layout, block).y;
    if (y - top < part->filled)
        return true;
    if (!tiff_enter_strip(reading, block, y))
        return false;
    while (tiff->next_row <= y) {
        if (!tiff_deliver(reading, reading->area.x, y, 0, NULL) ||
            !decode_to_place(reading, block, part, tiff->next_row - top, places))
            return false;
    }
    return true;
}

void tiff_large_read_rows(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    struct area whole = tiff_layout_block(&tiff->layout, block);
    int64_t bytes = tiff_large_row(&tiff->layout), wanted;
    if (!checked_mul64(bytes, whole.height, &wanted))
        wanted = INT64_MAX;
    tiff->decoded = -1;
    struct spill_part *spilled = take_part(reading, block, wanted, bytes);
    if (!spilled || !tiff_note_absent(reading, block))
        return;
    int64_t places = min64(spilled->bytes / bytes, whole.height);
    struct tiff_spilled where = {spilled, 0, bytes,
                                 tiff_form_line_bytes(&tiff->layout.form, whole.width)};
    for (int64_t y = part.y; y < part.y + part.height && !reading->stopped; y++) {
        if (!need_row(reading, block, spilled, y, places))
            return;
        where.at = (place_of(y - whole.y, places) - (y - whole.y)) * bytes;
        tiff_read_spilled(reading, block, &where, (struct area){part.x, y, part.width, 1});
    }
}
