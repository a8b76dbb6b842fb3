/* Compressed blocks of a TIFF: strips row by row, other blocks one at a time.
 *
 * Strips whose samples have planes of their own are decoded side by side, by a libtiff handle for
 * each. Holds the rows of one line of samples, or the blocks of one place, TIFF_BLOCK_MAX bytes at
 * most. */
#include <string.h>

#include "base/ledger.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/tiff_whole.h"

enum {
    SKIP_ROWS = 64,           /* rows skipped between signs of life */
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

/* The lines of row y of a block whose decoded lines begin `stride` bytes apart in the buffer. */
static struct tiff_lines lines_of(const struct tiff_source *tiff, struct area whole, int64_t stride,
                                  int64_t offset)
{
    struct tiff_lines lines = {.x = whole.x, .absent = true};
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++) {
        if (tiff->absent >> i & 1)
            continue;
        lines.line[i] = (const uint8_t *)tiff->buffer + i * stride + offset;
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
static bool enter_strip(struct tiff_reading *reading, int64_t block, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_extent extents[TIFF_ROWS_MAX] = {{0, 0, false}};
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
    return true;
}

static bool decode_line(struct tiff_source *tiff, int i, int64_t line_bytes)
{
    const struct tiff_form *form = &tiff->layout.form;
    TIFF *handle = i ? tiff->lanes[i - 1] : tiff->tiff;
    uint16_t sample = form->separate ? (uint16_t)form->row[i] : 0;
    void *line = (uint8_t *)tiff->buffer + i * line_bytes;
    return tiff->absent >> i & 1 ||
           TIFFReadScanline(handle, line, (uint32_t)tiff->next_row, sample) > 0;
}

/* Decodes libtiff's next row into the buffer. After an error libtiff's state is not trusted. */
static bool decode_row(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t line_bytes = tiff_form_line_bytes(&tiff->layout.form, tiff->layout.block_width);
    int lines = tiff_form_lines(&tiff->layout.form);
    bool fine = true;
    tiff_client_forget(&tiff->client);
    for (int i = 0; fine && i < lines; i++)
        fine = decode_line(tiff, i, line_bytes);
    if (!fine || tiff->client.error[0]) {
        if (tiff->cut.map && tiff->cut.block == block)
            tiff_bad_block(reading, block, "is cut short from row %lld on",
                           (long long)tiff->next_row);
        cannot_decode(reading, block);
        tiff->strip = -1;
        tiff->stale = true;
        return false;
    }
    tiff->next_row++;
    tiff->dropped_bytes += lines * line_bytes;
    if (tiff->mapping && tiff->dropped_bytes >= TIFF_FILE_RESIDENT) {
        tiff_file_drop(&tiff->file);
        if (tiff->cut.map)
            tiff_cut_drop(&tiff->cut);
        tiff->dropped_bytes = 0;
    }
    return true;
}

/* Decodes rows until row y comes next. */
static bool skip_to_row(struct tiff_reading *reading, int64_t block, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    while (tiff->next_row < y) {
        if (tiff->next_row % SKIP_ROWS == 0 &&
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

static void read_strip(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    int64_t bytes = tiff_form_line_bytes(form, tiff->layout.block_width) * tiff_form_lines(form);
    tiff->decoded = -1;
    if (!tiff_need_buffer(reading, block, bytes) || !enter_strip(reading, block, part.y) ||
        !skip_to_row(reading, block, part.y))
        return;
    for (int64_t y = part.y; y < part.y + part.height; y++)
        if (!decode_row(reading, block) || !deliver_row(reading, part, y))
            return;
}

/* Tiles, and strips that cannot be decoded row by row. */

/* Bytes of a block's line when it is decoded: the last strip is as high as the page leaves it. */
static int64_t decoded_bytes(const struct tiff_source *tiff, int64_t block)
{
    const struct tiff_layout *layout = &tiff->layout;
    int64_t rows = layout->tiled ? layout->block_height : tiff_layout_block(layout, block).height;
    return tiff_form_bytes(&layout->form, layout->block_width, rows);
}

/* Decodes a block, of which raw bytes may be given: then libtiff's own tables of blocks are not
 * even loaded. */
static bool decode(struct tiff_reading *reading, int64_t block, int i, void *raw, int64_t raw_bytes)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t number = tiff_block_number(tiff, block, i);
    tmsize_t bytes = (tmsize_t)decoded_bytes(tiff, block);
    void *to = (uint8_t *)tiff->buffer + i * bytes;
    bool fine;
    tiff_client_forget(&tiff->client);
    if (raw)
        fine = TIFFReadFromUserBuffer(tiff->tiff, (uint32_t)number, raw, (tmsize_t)raw_bytes, to,
                                      bytes);
    else if (tiff->layout.tiled)
        fine = TIFFReadEncodedTile(tiff->tiff, (uint32_t)number, to, bytes) == bytes;
    else
        fine = TIFFReadEncodedStrip(tiff->tiff, (uint32_t)number, to, bytes) == bytes;
    fine = fine && !tiff->client.error[0];
    if (fine && (!raw || tiff_is_whole(tiff, raw, raw_bytes, to, bytes)))
        return true;
    if (fine)
        tiff_bad_block(reading, block, "cannot be decoded: its checksum is wrong");
    else
        cannot_decode(reading, block);
    tiff->stale = true;
    return false;
}

static bool decode_copied(struct tiff_reading *reading, int64_t block, int i,
                          struct tiff_extent extent)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    int64_t bytes = extent.bytes;
    void *raw =
        bytes <= TIFF_BLOCK_MAX * 2 ? ledger_alloc(LEDGER_SOURCE, (size_t)bytes, &fault) : NULL;
    bool fine = raw && tiff_file_read(&tiff->file, extent.offset, bytes, raw);
    if (fine)
        fine = decode(reading, block, i, raw, bytes);
    else
        tiff_bad_block(reading, block, "cannot be read (%lld bytes)", (long long)bytes);
    ledger_free(LEDGER_SOURCE, raw, (size_t)bytes);
    return fine;
}

static bool decode_block(struct tiff_reading *reading, int64_t block, int i,
                         struct tiff_extent extent)
{
    struct tiff_source *tiff = reading->tiff;
    if (extent.bytes < 0) /* of a single block: all that follows may be its */
        extent.bytes = tiff->file.size - extent.offset;
    if (is_cut(tiff, extent)) {
        tiff_bad_block(reading, block, "ends beyond the end of the file, which is cut short");
        return false;
    }
    /* libtiff turns the bits of its input in place, so a map will not do then. */
    bool copied = tiff->conversion.reversed || extent.bytes <= TIFF_RAW_MAX;
    const uint8_t *lent = copied ? NULL : tiff_file_lend(&tiff->file, extent.offset, extent.bytes);
    return lent ? decode(reading, block, i, (void *)(uintptr_t)lent, extent.bytes)
                : decode_copied(reading, block, i, extent);
}

static bool decode_whole(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_extent extents[TIFF_ROWS_MAX];
    int lines = tiff_form_lines(&tiff->layout.form);
    bool found = codec_of(tiff)->finds_bytes;
    if (tiff->decoded == block)
        return true;
    tiff->absent = 0;
    tiff->decoded = tiff->strip = -1;
    if ((!found && !find_blocks(reading, block, extents)) || !refresh_stale(reading, block) ||
        !tiff_need_buffer(reading, block, lines * decoded_bytes(tiff, block)))
        return false;
    for (int i = 0; i < lines; i++)
        if (found ? !decode(reading, block, i, NULL, 0)
                  : !extents[i].absent && !decode_block(reading, block, i, extents[i]))
            return false;
    if (tiff->conversion.plain && !tiff->absent)
        tiff_flip_sign(tiff, tiff->buffer, decoded_bytes(tiff, block) * 8 / tiff->layout.form.bits);
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
    int64_t line_bytes = tiff_form_line_bytes(form, tiff->layout.block_width);
    int64_t column =
        (part.x - whole.x) * (int64_t)sample_bytes((enum sample_type)tiff->source.page.type);
    int64_t down = form->units ? form->down : 1;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        int64_t offset = (y - whole.y) / down * line_bytes;
        struct tiff_lines lines = lines_of(tiff, whole, decoded_bytes(tiff, block), offset);
        lines.subrow = (y - whole.y) % down;
        bool more = tiff->conversion.plain && !tiff->absent
                        ? tiff_deliver(reading, part.x, y, part.width, lines.line[0] + column)
                        : tiff_rows_deliver(reading, &lines, part.x, y, part.width);
        if (!more)
            return;
    }
}

/* True for a strip that is cut off and can be decoded row by row down to where it ends. */
static bool is_cut_strip(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_reading looking = {.tiff = tiff, .failed = true};
    struct tiff_extent extents[TIFF_ROWS_MAX];
    bool cut = false;
    if (tiff->layout.tiled || tiff->layout.form.units || codec_of(tiff)->whole ||
        tiff->decoded == block || !find_blocks(&looking, block, extents))
        return false;
    for (int i = 0; i < tiff_form_lines(&tiff->layout.form); i++)
        cut |= is_cut(tiff, extents[i]);
    return cut;
}

void tiff_read_coded(struct tiff_reading *reading, int64_t block, struct area part)
{
    if (reading->tiff->layout.at_once && !is_cut_strip(reading, block))
        read_whole(reading, block, part);
    else
        read_strip(reading, block, part);
}
