/* Compressed blocks of a TIFF: strips row by row, other blocks one at a time.
 *
 * Strips whose samples have planes of their own are decoded side by side, by a libtiff handle for
 * each. Holds the rows of one line of samples, or the blocks of one place, TIFF_BLOCK_MAX bytes at
 * most. */
#include "source/tiff_decode.h"

#include <string.h>

#include "base/ledger.h"
#include "config.h"
#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/tiff_large.h"
#include "source/tiff_whole.h"

enum {
    SKIP_ROWS = 64,           /* decoded between signs of life, */
    SKIP_BYTES = 4 << 20,     /* decoded between signs of life */
    STRIP_RAW_MAX = 256 << 10 /* bytes of an encoded strip that libtiff may load */
};

static void cannot_decode(struct tiff_reading *reading, int64_t block)
{
    tiff_bad_block(reading, block, "cannot be decoded: %s",
                   tiff_client_error(&reading->tiff->client));
}

static bool refresh_stale(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    if (!tiff->stale || tiff_reselect(tiff, &tiff->layout, &fault))
        return true;
    tiff->stale = true;
    tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
    return false;
}

static const struct tiff_codec *codec_of(const struct tiff_source *tiff)
{
    return tiff_codec_find(tiff->layout.compression);
}

/* Finds the blocks of all lines, and notes which are absent. */
static bool find_blocks(struct tiff_reading *reading, int64_t block,
                        struct tiff_extent extents[TIFF_ROWS_MAX])
{
    struct tiff_source *tiff = reading->tiff;
    uint32_t absent = 0;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++) {
        if (!tiff_find_block(reading, block, i, &extents[i]))
            return false;
        absent |= (uint32_t)extents[i].absent << i;
    }
    tiff->absent = absent;
    return true;
}

/* The lines of a row of a block whose decoded lines begin `stride` bytes apart in the buffer. */
static struct tiff_lines lines_of(const struct tiff_source *tiff, struct area whole, int64_t stride,
                                  int64_t row)
{
    struct tiff_lines lines = {.x = whole.x, .absent = true};
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++) {
        if (tiff->absent >> i & 1)
            continue;
        lines.line[i] = (const uint8_t *)tiff->buffer + i * stride +
                        row / tiff_form_down(&tiff->layout.form, i) * tiff_decoded_row(tiff, i);
        lines.absent = false;
    }
    return lines;
}

/* Strips, row by row. */

/* libtiff reads a strip's raw bytes whole into memory of its own unless it is lent a map: a small
 * strip may be read so, a large one (or one whose size is not told) must not. */
static bool suit_map(struct tiff_reading *reading, int64_t block, int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    bool mapping = tiff->file.map && (bytes < 0 || bytes > STRIP_RAW_MAX);
    if (mapping == tiff->mapping || tiff_reopen(tiff, mapping, &fault))
        return true;
    tiff->stale = true;
    tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
    return false;
}

/* Has a handle for each line. */
static bool need_lanes(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    for (int i = 1; i < tiff_form_lines(&tiff->layout.form); i++)
        if (!tiff->lanes[i - 1] && !tiff_lane_open(tiff, i, &fault)) {
            tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
            return false;
        }
    return true;
}

static bool is_cut(const struct tiff_source *tiff, struct tiff_extent extent)
{
    return extent.bytes >= 0 && !tiff_file_holds(&tiff->file, extent.offset, extent.bytes);
}

/* Has libtiff see a strip that the file holds only the beginning of. */
static bool mend_cut(struct tiff_reading *reading, int64_t block, const struct tiff_extent *extents)
{
    struct tiff_source *tiff = reading->tiff;
    bool mended = tiff->file.map && tiff_cut_begin(&tiff->cut, &tiff->file, block);
    for (int i = 0; mended && i < tiff_form_lines(&tiff->layout.form); i++)
        if (is_cut(tiff, extents[i]))
            mended = tiff_cut_mend(&tiff->cut, &tiff->file, &tiff->layout.sizes,
                                   tiff_block_number(tiff, block, i),
                                   tiff->file.size - extents[i].offset);
    if (mended)
        return true;
    tiff_cut_end(&tiff->cut);
    tiff_bad_block(reading, block, "ends beyond the end of the file, which is cut short");
    return false;
}

/* Sees to it that libtiff can be asked for the raw bytes of a strip. */
static bool reach_strip(struct tiff_reading *reading, int64_t block,
                        const struct tiff_extent *extents)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t most = 0;
    bool cut = false;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++) {
        cut |= is_cut(tiff, extents[i]);
        most = extents[i].bytes < 0 || most < 0 ? -1 : max64(most, extents[i].bytes);
    }
    if (!cut || (tiff->cut.map && tiff->cut.block == block))
        return suit_map(reading, block, cut ? -1 : most);
    return suit_map(reading, block, 0) && mend_cut(reading, block, extents) &&
           suit_map(reading, block, -1);
}

/* Moves libtiff to the strip's first row, unless it is in the strip already and above row y. */
bool tiff_enter_strip(struct tiff_reading *reading, int64_t block, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_extent extents[TIFF_ROWS_MAX] = {{.bytes = 0}};
    if (tiff->strip == block && tiff->next_row <= y && !tiff->file.shrunk)
        return true;
    tiff->strip = -1;
    tiff->file.shrunk = false;
    if (!find_blocks(reading, block, extents) || !refresh_stale(reading, block) ||
        !reach_strip(reading, block, extents) || !need_lanes(reading, block))
        return false;
    for (int i = 0; tiff->mapping && i < tiff_form_lines(&tiff->layout.form); i++) {
        int64_t there = tiff->file.size - extents[i].offset, told = extents[i].bytes;
        tiff_file_touch(&tiff->file, extents[i].offset, told < 0 ? there : min64(told, there));
    }
    tiff->strip = block;
    tiff->next_row = tiff_layout_block(&tiff->layout, block).y;
    tiff_whole_begin(tiff);
    return true;
}

static bool decode_line(struct tiff_source *tiff, int i, void *line)
{
    const struct tiff_form *form = &tiff->layout.form;
    TIFF *handle = i ? tiff->lanes[i - 1] : tiff->tiff;
    uint16_t sample = form->separate ? (uint16_t)form->row[i] : 0;
    if (tiff->absent >> i & 1)
        return true;
    if (TIFFReadScanline(handle, line, (uint32_t)tiff->next_row, sample) <= 0)
        return false;
    tiff_whole_add(tiff, i, line);
    return true;
}

static void say_checksum(struct tiff_reading *reading, int64_t block)
{
    tiff_bad_block(reading, block, "cannot be decoded: its checksum is wrong");
}

/* zlib compares checksums behind a strip's last row: what is kept of the strip is not to be shown
 * any more. */
static void lose_strip(struct tiff_reading *reading, int64_t block)
{
    struct spill_part *part = spill_find(reading->tiff, block);
    if (part)
        part->flawed = true;
    say_checksum(reading, block);
}

/* After an error libtiff's state is not trusted. */
static bool fail_row(struct tiff_reading *reading, int64_t block, bool damaged)
{
    struct tiff_source *tiff = reading->tiff;
    if (tiff->cut.map && tiff->cut.block == block)
        tiff_bad_block(reading, block, "is cut short from row %lld on", (long long)tiff->next_row);
    if (damaged)
        lose_strip(reading, block);
    cannot_decode(reading, block);
    tiff->strip = -1;
    tiff->stale = true;
    return false;
}

static void drop_pages(struct tiff_source *tiff, int64_t bytes)
{
    tiff->dropped_bytes += bytes;
    if (!tiff->mapping || tiff->dropped_bytes < TIFF_FILE_RESIDENT)
        return;
    tiff_file_drop(&tiff->file);
    if (tiff->cut.map)
        tiff_cut_drop(&tiff->cut);
    tiff->dropped_bytes = 0;
}

/* zlib does not reach its checksum where a damaged stream goes on behind the last row. */
static bool is_sound(struct tiff_reading *reading, int64_t block)
{
    const struct tiff_source *tiff = reading->tiff;
    struct area whole = tiff_layout_block(&tiff->layout, block);
    return tiff->next_row < whole.y + whole.height - 1 || tiff_whole_end(reading, block);
}

bool tiff_decode_row(struct tiff_reading *reading, int64_t block, void *to)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t line_bytes = tiff_form_line_bytes(&tiff->layout.form, tiff->layout.block_width);
    int lines = tiff_form_lines(&tiff->layout.form);
    bool fine = true;
    tiff_client_forget(&tiff->client);
    for (int i = 0; fine && i < lines; i++)
        fine = decode_line(tiff, i, (uint8_t *)to + i * line_bytes);
    if (!fine || tiff->client.error[0])
        return fail_row(reading, block,
                        codec_of(tiff)->zlib && strstr(tiff->client.error, "incorrect data check"));
    if (!is_sound(reading, block)) {
        tiff->strip = -1;
        return !reading->stopped && fail_row(reading, block, true);
    }
    tiff->next_row++;
    tiff->rows_decoded++;
    drop_pages(tiff, lines * line_bytes);
    return true;
}

/* The same into the buffer; kept where the strip is a large one. */
static bool decode_row(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t row = tiff->next_row - tiff_layout_block(&tiff->layout, block).y;
    if (!tiff_decode_row(reading, block, tiff->buffer))
        return false;
    if (tiff_is_large(&tiff->layout))
        tiff_store_keep(tiff, block, row);
    return true;
}

/* Decodes rows until row y comes next. */
static bool skip_to_row(struct tiff_reading *reading, int64_t block, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t apart = clamp64(SKIP_BYTES / tiff_large_row(&tiff->layout), 1, SKIP_ROWS);
    while (tiff->next_row < y) {
        if (tiff->next_row % apart == 0 &&
            !tiff_deliver(reading, reading->area.x, tiff->next_row, 0, NULL))
            return false;
        if (!decode_row(reading, block))
            return false;
    }
    return true;
}

static bool deliver_row(struct tiff_reading *reading, struct area part, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    if (tiff->conversion.plain && !tiff->absent) {
        uint8_t *codes = (uint8_t *)tiff->buffer +
                         part.x * (int64_t)sample_bytes((enum sample_type)tiff->source.page.type);
        tiff_flip_sign(tiff, codes, part.width);
        return tiff_deliver(reading, part.x, y, part.width, codes);
    }
    struct tiff_lines lines = lines_of(tiff, (struct area){0, y, 0, 0},
                                       tiff_form_line_bytes(form, tiff->layout.block_width), 0);
    return tiff_rows_deliver(reading, &lines, part.x, y, part.width);
}

/* Bytes of a line. */
struct slice {
    int64_t from, to;
};

/* Has row y in the buffer, or at least that slice of its lines. */
static bool need_row(struct tiff_reading *reading, int64_t block, int64_t y, struct slice slice)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t row = y - tiff_layout_block(&tiff->layout, block).y;
    const struct spill_part *part =
        tiff_is_large(&tiff->layout) ? tiff_store_part(tiff, block) : NULL;
    if (part && part->flawed) {
        say_checksum(reading, block);
        return false;
    }
    if (part && row < part->filled && tiff_store_fetch(tiff, block, row, slice.from, slice.to))
        return true;
    return tiff_enter_strip(reading, block, y) && skip_to_row(reading, block, y) &&
           decode_row(reading, block);
}

static void read_strip(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    int64_t bits = form->pixel_bits;
    struct slice slice = {part.x * bits / 8, ceil_div((part.x + part.width) * bits, 8)};
    tiff->decoded = -1;
    if (!tiff_need_buffer(reading, block, tiff_large_row(&tiff->layout)) ||
        (tiff_is_large(&tiff->layout) && !tiff_note_absent(reading, block)))
        return;
    for (int64_t y = part.y; y < part.y + part.height; y++)
        if (!need_row(reading, block, y, slice) || !deliver_row(reading, part, y))
            return;
}

/* Tiles, and strips that cannot be decoded row by row. */

/* The last strip is as high as the page leaves it. */
static int64_t decoded_rows(const struct tiff_layout *layout, int64_t block)
{
    return layout->tiled ? layout->block_height : tiff_layout_block(layout, block).height;
}

int64_t tiff_decoded_bytes(const struct tiff_source *tiff, int64_t block)
{
    const struct tiff_layout *layout = &tiff->layout;
    return tiff_form_bytes(&layout->form, layout->block_width, decoded_rows(layout, block));
}

int64_t tiff_decoded_row(const struct tiff_source *tiff, int i)
{
    const struct tiff_layout *layout = &tiff->layout;
    return layout->compression == COMPRESSION_JPEG
               ? tiff_form_line_bytes(&layout->form, layout->block_width)
               : tiff_form_row_bytes(&layout->form, i, layout->block_width);
}

/* The same of line i alone. */
static int64_t line_bytes(const struct tiff_source *tiff, int64_t block, int i)
{
    int64_t down = tiff_form_down(&tiff->layout.form, i);
    return ceil_div(decoded_rows(&tiff->layout, block), down) * tiff_decoded_row(tiff, i);
}

/* Decodes a block, of which raw bytes may be given: then libtiff's own tables of blocks are not
 * even loaded. */
static bool decode(struct tiff_reading *reading, int64_t block, int i, void *raw, int64_t raw_bytes,
                   void *to)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t number = tiff_block_number(tiff, block, i);
    tmsize_t bytes = (tmsize_t)line_bytes(tiff, block, i);
    bool fine;
    tiff_client_forget(&tiff->client);
#ifdef HAVE_TIFFREADFROMUSERBUFFER
    if (raw)
        fine = TIFFReadFromUserBuffer(tiff->tiff, (uint32_t)number, raw, (tmsize_t)raw_bytes, to,
                                      bytes);
    else
#endif
        if (tiff->layout.tiled)
        fine = TIFFReadEncodedTile(tiff->tiff, (uint32_t)number, to, bytes) == bytes;
    else
        fine = TIFFReadEncodedStrip(tiff->tiff, (uint32_t)number, to, bytes) == bytes;
    fine = fine && !tiff->client.error[0];
    if (fine && (!raw || tiff_is_whole(tiff, raw, raw_bytes, to, bytes)))
        return true;
    if (fine)
        say_checksum(reading, block);
    else
        cannot_decode(reading, block);
    tiff->stale = true;
    return false;
}

/* Small blocks come one after the other: new memory for each would cost as much as decoding it. */
static void *borrow_raw(struct tiff_source *tiff, int64_t bytes)
{
    struct fault fault;
    if (bytes > TIFF_BLOCK_MAX * 2)
        return NULL;
    if (bytes > TIFF_RAW_KEPT)
        return ledger_alloc(LEDGER_SOURCE, (size_t)bytes, &fault);
    size_t room = ((size_t)bytes / TIFF_RAW_STEP + 1) * TIFF_RAW_STEP;
    return ledger_grow(LEDGER_SOURCE, &tiff->raw, &tiff->raw_size, room, &fault) ? tiff->raw : NULL;
}

static bool decode_copied(struct tiff_reading *reading, int64_t block, int i,
                          struct tiff_extent extent, void *to)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t bytes = extent.bytes;
    void *raw = borrow_raw(tiff, bytes);
    bool fine = raw && tiff_file_read(&tiff->file, extent.offset, bytes, raw);
    if (fine)
        fine = decode(reading, block, i, raw, bytes, to);
    else
        tiff_bad_block(reading, block, "cannot be read (%lld bytes)", (long long)bytes);
    if (raw != tiff->raw)
        ledger_free(LEDGER_SOURCE, raw, (size_t)bytes);
    return fine;
}

static bool decode_lines(struct tiff_reading *reading, int64_t block, int i,
                         struct tiff_extent extent, void *to)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_reading quiet = {.tiff = tiff, .failed = true};
    bool cut = is_cut(tiff, extent);
    /* All that follows may be a single block's; more bytes than there are may be a wrong size. */
    if (extent.bytes < 0 || cut)
        extent.bytes = tiff->file.size - extent.offset;
    /* libtiff turns the bits of its input in place, so a map will not do then. */
    bool copied = tiff->conversion.reversed || extent.bytes <= TIFF_RAW_MAX;
    const uint8_t *lent = copied ? NULL : tiff_file_lend(&tiff->file, extent.offset, extent.bytes);
    struct tiff_reading *telling = cut ? &quiet : reading;
    bool fine = lent ? decode(telling, block, i, (void *)(uintptr_t)lent, extent.bytes, to)
                     : decode_copied(telling, block, i, extent, to);
    if (cut && !fine)
        tiff_bad_block(reading, block, "ends beyond the end of the file, which is cut short");
    return fine;
}

bool tiff_note_absent(struct tiff_reading *reading, int64_t block)
{
    struct tiff_extent extents[TIFF_ROWS_MAX];
    reading->tiff->absent = 0;
    return codec_of(reading->tiff)->finds_bytes || find_blocks(reading, block, extents);
}

bool tiff_decode_block(struct tiff_reading *reading, int64_t block, void *lines)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_extent extents[TIFF_ROWS_MAX];
    bool found = codec_of(tiff)->finds_bytes;
    int64_t bytes = tiff_decoded_bytes(tiff, block);
    tiff->absent = 0;
    tiff->decoded = tiff->strip = -1;
    if ((!found && !find_blocks(reading, block, extents)) || !refresh_stale(reading, block))
        return false;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++) {
        void *to = (uint8_t *)lines + i * bytes;
        if (found ? !decode(reading, block, i, NULL, 0, to)
                  : !extents[i].absent && !decode_lines(reading, block, i, extents[i], to))
            return false;
    }
    return true;
}

/* Has a block in the buffer. */
static bool decode_whole(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    int lines = tiff_form_lines(&tiff->layout.form);
    int64_t bytes = tiff_decoded_bytes(tiff, block);
    if (tiff->decoded == block)
        return true;
    if (!tiff_need_buffer(reading, block, lines * bytes) ||
        !tiff_decode_block(reading, block, tiff->buffer))
        return false;
    if (tiff->conversion.plain && !tiff->absent)
        tiff_flip_sign(tiff, tiff->buffer, bytes * 8 / tiff->layout.form.bits);
    tiff->decoded = block;
    return true;
}

static void read_whole(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    if (!decode_whole(reading, block))
        return;
    struct area whole = tiff_layout_block(&tiff->layout, block);
    int64_t column =
        (part.x - whole.x) * (int64_t)sample_bytes((enum sample_type)tiff->source.page.type);
    int64_t down = form->units ? form->down : 1;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        struct tiff_lines lines =
            lines_of(tiff, whole, tiff_decoded_bytes(tiff, block), y - whole.y);
        lines.subrow = (y - whole.y) % down;
        bool more = tiff->conversion.plain && !tiff->absent
                        ? tiff_deliver(reading, part.x, y, part.width, lines.line[0] + column)
                        : tiff_rows_deliver(reading, &lines, part.x, y, part.width);
        if (!more)
            return;
    }
}

/* Where there is no room for it in the temporary file, memory does. */
static void read_at_once(struct tiff_reading *reading, int64_t block, struct area part)
{
    const struct tiff_layout *layout = &reading->tiff->layout;
    if (layout->filed)
        tiff_large_read(reading, block, part);
    if (!layout->filed)
        read_whole(reading, block, part);
}

/* True for a strip that is cut off and can be decoded row by row down to where it ends. */
static bool is_cut_strip(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_reading looking = {.tiff = tiff, .failed = true};
    struct tiff_extent extents[TIFF_ROWS_MAX];
    bool cut = false;
    if (tiff->layout.tiled || tiff_large_is_whole(&tiff->layout) || tiff->decoded == block ||
        !find_blocks(&looking, block, extents))
        return false;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++)
        cut |= is_cut(tiff, extents[i]);
    return cut;
}

/* True for a block of which libtiff knows no size that it could go by. */
static bool is_guessed(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_reading looking = {.tiff = tiff, .failed = true};
    struct tiff_extent extents[TIFF_ROWS_MAX];
    bool guessed = false;
    if (tiff->layout.at_once || tiff->strip == block || !find_blocks(&looking, block, extents))
        return tiff->layout.at_once;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++)
        guessed |= extents[i].guessed;
    return guessed;
}

void tiff_read_coded(struct tiff_reading *reading, int64_t block, struct area part)
{
    const struct tiff_layout *layout = &reading->tiff->layout;
    bool whole = is_guessed(reading, block) && !is_cut_strip(reading, block);
    if (whole)
        read_at_once(reading, block, part);
    else if (tiff_large_row(layout) > TIFF_BLOCK_MAX)
        tiff_large_read_rows(reading, block, part);
    else
        read_strip(reading, block, part);
}
