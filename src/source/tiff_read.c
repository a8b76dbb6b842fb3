/* Reading a TIFF's blocks: where they lie, and rows straight from the file.
 *
 * Samples become codes here and in source/tiff_rows. Never holds more than a run of a row; blocks
 * that must be decoded are the affair of source/tiff_decode. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/ledger.h"
#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_decode.h"

static int64_t sample_size(const struct tiff_source *tiff)
{
    return (int64_t)sample_bytes((enum sample_type)tiff->source.page.type);
}

/* "strip 3 (rows 48 to 63)". */
static void name_block(const struct tiff_source *tiff, int64_t block, char *text, size_t room)
{
    struct area a = tiff_layout_block(&tiff->layout, block);
    if (tiff->layout.tiled)
        snprintf(text, room, _("tile %lld (columns %lld to %lld, rows %lld to %lld)"),
                 (long long)block, (long long)a.x, (long long)(a.x + a.width - 1), (long long)a.y,
                 (long long)(a.y + a.height - 1));
    else
        snprintf(text, room, _("strip %lld (rows %lld to %lld)"), (long long)block, (long long)a.y,
                 (long long)(a.y + a.height - 1));
}

void tiff_bad_block(struct tiff_reading *reading, int64_t block, const char *format, ...)
{
    char name[120], what[300];
    va_list arguments;
    if (reading->failed)
        return;
    reading->failed = true;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, language_text(format), arguments);
    va_end(arguments);
    name_block(reading->tiff, block, name, sizeof name);
    fault_set(reading->fault, tiff_client_lacked_memory(what) ? FAULT_MEMORY : FAULT_FORMAT,
              "%s %s", name, what);
}

bool tiff_deliver(struct tiff_reading *reading, int64_t x, int64_t y, int64_t n,
                  const void *samples)
{
    if (!reading->sink->row(reading->sink, x, y, n, samples))
        reading->stopped = true;
    return !reading->stopped;
}

bool tiff_need_buffer(struct tiff_reading *reading, int64_t block, int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    if (ledger_grow(LEDGER_SOURCE, &tiff->buffer, &tiff->buffer_size, (size_t)bytes, &fault))
        return true;
    tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
    if (reading->fault)
        reading->fault->kind = fault.kind;
    return false;
}

/* The inner loops have a fixed length for the vector units. */
void tiff_flip_sign(const struct tiff_source *tiff, void *samples, int64_t n)
{
    uint16_t flip = tiff->conversion.flip;
    int64_t bytes = n * sample_size(tiff);
    uint8_t *at = samples;
    uint8_t pattern[2] = {(uint8_t)flip, (uint8_t)flip};
    if (!flip)
        return;
    if (sample_size(tiff) == 2)
        memcpy(pattern, &flip, 2);
    for (; bytes >= 32; bytes -= 32, at += 32)
        for (int i = 0; i < 32; i++)
            at[i] ^= pattern[i & 1];
    for (int64_t i = 0; i < bytes; i++)
        at[i] ^= pattern[i & 1];
}

/* Blocks. */

int64_t tiff_block_number(const struct tiff_source *tiff, int64_t block, int i)
{
    const struct tiff_form *form = &tiff->layout.form;
    return block + (form->separate ? form->row[i] * tiff->layout.blocks : 0);
}

/* A size that is not told, or goes beyond the file, is guessed, but not that of a block which may
 * well be cut off: one behind which nothing follows in the file. */
static void mend_size(struct tiff_source *tiff, int64_t number, struct tiff_extent *extent)
{
    struct tiff_file *file = &tiff->file;
    const struct tiff_layout *layout = &tiff->layout;
    int64_t there = file->size - extent->offset;
    if (layout->blocks <= 1 || extent->absent || (extent->bytes >= 0 && extent->bytes <= there))
        return;
    int64_t room = tiff_layout_room(file, layout, number);
    extent->guessed = extent->bytes < 0 || room < there;
    if (extent->guessed)
        extent->bytes = room;
}

bool tiff_find_block(struct tiff_reading *reading, int64_t block, int i, struct tiff_extent *extent)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    uint64_t at = 0, count = 0;
    *extent = (struct tiff_extent){.absent = form->separate && form->row[i] < 0};
    if (extent->absent)
        return true;
    int64_t number = tiff_block_number(tiff, block, i);
    bool told = tiff_entry_value(&tiff->file, &tiff->layout.sizes, number, &count);
    if (!tiff_entry_value(&tiff->file, &tiff->layout.offsets, number, &at) ||
        at >= (uint64_t)tiff->file.size || (int64_t)at >= tiff->file.size - tiff->layout.shift) {
        tiff_bad_block(reading, block, "lies beyond the end of the file, which is cut short");
        return false;
    }
    if (!at && count) {
        tiff_bad_block(reading, block, "is not in the file");
        return false;
    }
    extent->absent = !at;
    extent->offset = (int64_t)at + tiff->layout.shift;
    extent->bytes = !told || (!count && at) ? -1 : count > INT64_MAX ? INT64_MAX : (int64_t)count;
    if (!tiff->source.page.direct)
        mend_size(tiff, number, extent);
    return true;
}

/* A block that the file leaves out: rows of zeros, or of no-data. */
static void read_absent(struct tiff_reading *reading, struct area part)
{
    const struct tiff_lines lines = {.x = part.x, .absent = true};
    for (int64_t y = part.y; y < part.y + part.height; y++)
        if (!tiff_rows_deliver(reading, &lines, part.x, y, part.width))
            return;
}

/* Blocks that are not compressed. */

/* What is read of a line of a block at once: pixels of the block from x on, and their bytes. */
struct slice {
    int64_t x, byte, bytes; /* x: the first pixel of a unit */
    int64_t bit;            /* where pixel x begins in the first byte */
};

/* Of line i. Lines of their own all begin with the same pixel and in whole bytes. */
static struct slice slice_of(const struct tiff_form *form, int i, int64_t x, int64_t n)
{
    if (form->units || form->separate) {
        int64_t first = x - x % (form->units ? form->across : 8 * form->across);
        int64_t byte = tiff_form_row_bytes(form, i, first);
        return (struct slice){first, byte, tiff_form_row_bytes(form, i, x + n) - byte, 0};
    }
    int64_t bits = form->pixel_bits, byte = x * bits / 8;
    return (struct slice){x, byte, ceil_div((x + n) * bits, 8) - byte, x * bits % 8};
}

/* Pixels of a line that are read at once: what a run's bytes hold, but one at least. */
static int64_t slice_pixels(const struct tiff_form *form)
{
    int64_t lead = form->separate ? 8 * form->across : 0;
    if (form->units)
        return TIFF_RUN_BYTES / tiff_form_line_bytes(form, form->across) * form->across -
               form->across;
    return clamp64(((int64_t)TIFF_RUN_BYTES - 1) * 8 / form->pixel_bits - lead, 1, TIFF_RUN_PIXELS);
}

static int64_t slice_room(const struct tiff_form *form)
{
    return max64(TIFF_RUN_BYTES, form->pixel_bits / 8 + 2);
}

static void convert_run(struct tiff_source *tiff, int64_t n)
{
    const struct tiff_conversion *conversion = &tiff->conversion;
    uint16_t *words = tiff->run;
    if (conversion->reversed && tiff->source.page.direct)
        TIFFReverseBits((uint8_t *)tiff->run, (tmsize_t)(n * sample_size(tiff)));
    bool swapped = conversion->swapped && sample_size(tiff) == 2;
    for (int64_t done = 0; swapped && done < n; done += 16, words += 16)
        for (int i = 0; i < 16; i++)
            words[i] = (uint16_t)(words[i] << 8 | words[i] >> 8);
    tiff_flip_sign(tiff, tiff->run, n);
}

/* A reading of one block whose lines need no decoding, or none any more. */
struct direct {
    struct area whole;
    const struct spill_part *spilled; /* where they lie; NULL: in the file */
    struct tiff_extent extents[TIFF_ROWS_MAX];
    int64_t strides[TIFF_ROWS_MAX]; /* bytes from row to row of each line */
};

static bool copy_bytes(struct tiff_source *tiff, const struct direct *direct, int64_t offset,
                       int64_t bytes, void *copy)
{
    return direct->spilled ? spill_read(direct->spilled, offset, copy, bytes)
                           : tiff_file_read(&tiff->file, offset, bytes, copy);
}

/* A plain row that lies at `offset`, run by run. False when it cannot be read or the
 * sink has enough. */
static bool plain_row(struct tiff_reading *reading, const struct direct *direct, int64_t offset,
                      struct area part, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t size = sample_size(tiff);
    int64_t most = TIFF_RUN_BYTES / size;
    for (int64_t done = 0; done < part.width; done += most) {
        int64_t count = min64(most, part.width - done);
        if (!copy_bytes(tiff, direct, offset + done * size, count * size, tiff->run))
            return false;
        convert_run(tiff, count);
        if (!tiff_deliver(reading, part.x + done, y, count, tiff->run))
            return false;
    }
    return true;
}

/* Where line i of row y of the page begins. */
static int64_t line_offset(const struct tiff_source *tiff, const struct direct *direct, int i,
                           int64_t y)
{
    int64_t row = (y - direct->whole.y) / tiff_form_down(&tiff->layout.form, i);
    return direct->extents[i].offset + row * direct->strides[i];
}

/* The same for all other kinds of rows. */
static bool other_row(struct tiff_reading *reading, const struct direct *direct, struct area part,
                      int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    int64_t most = slice_pixels(form), room = slice_room(form);
    for (int64_t done = 0, count; done < part.width; done += count) {
        int64_t column = part.x - direct->whole.x + done;
        count = min64(most, part.width - done);
        struct tiff_lines lines = {0};
        lines.subrow = form->units ? (y - direct->whole.y) % form->down : 0;
        for (int i = 0; i < tiff_form_lines(form); i++) {
            struct slice slice = slice_of(form, i, column, count);
            lines.x = direct->whole.x + slice.x;
            lines.bit = slice.bit;
            uint8_t *bytes = (uint8_t *)tiff->buffer + i * room;
            if (direct->extents[i].absent)
                continue;
            if (!copy_bytes(tiff, direct, line_offset(tiff, direct, i, y) + slice.byte, slice.bytes,
                            bytes))
                return false;
            if (tiff->conversion.reversed && !direct->spilled)
                TIFFReverseBits(bytes, (tmsize_t)slice.bytes);
            lines.line[i] = bytes;
        }
        if (!tiff_rows_deliver(reading, &lines, part.x + done, y, count))
            return false;
    }
    return true;
}

/* True when the file, or what the table says of the block, holds what `part` has of row y. */
static bool holds_row(const struct tiff_source *tiff, const struct direct *direct, struct area part,
                      int64_t y)
{
    const struct tiff_layout *layout = &tiff->layout;
    for (int i = 0; i < tiff_form_lines(&layout->form); i++) {
        struct tiff_extent extent = direct->extents[i];
        struct slice slice = slice_of(&layout->form, i, part.x - direct->whole.x, part.width);
        int64_t row = (y - direct->whole.y) / tiff_form_down(&layout->form, i);
        /* A single strip's size is often wrong, and libtiff too goes by the file's then. */
        bool cut = extent.bytes > 0 && (layout->blocks > 1 || layout->form.separate) &&
                   extent.bytes < tiff->file.size - extent.offset;
        int64_t room = cut ? extent.bytes : tiff->file.size - extent.offset;
        int64_t end = slice.byte + slice.bytes; /* products stay below the file's size */
        if (!extent.absent && (room < end || (room - end) / direct->strides[i] < row))
            return false;
    }
    return true;
}

/* Row y of the block; false when it cannot be read or the sink has enough. */
static bool read_row(struct tiff_reading *reading, const struct direct *direct, struct area part,
                     int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t column = (part.x - direct->whole.x) * sample_size(tiff);
    if (tiff->conversion.plain)
        return plain_row(reading, direct, line_offset(tiff, direct, 0, y) + column, part, y);
    return other_row(reading, direct, part, y);
}

/* Reads what `part` has of a block some of whose lines are there. */
static void read_lines(struct tiff_reading *reading, int64_t block, const struct direct *direct,
                       struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    if (!tiff->conversion.plain &&
        !tiff_need_buffer(reading, block, tiff_form_lines(form) * slice_room(form)))
        return;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        if (!direct->spilled && !holds_row(tiff, direct, part, y)) {
            tiff_bad_block(reading, block, "is cut short from row %lld on", (long long)y);
            return;
        }
        if (read_row(reading, direct, part, y))
            continue;
        if (!reading->stopped)
            tiff_bad_block(reading, block, "cannot be read from row %lld on", (long long)y);
        return;
    }
}

static void read_direct(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    bool absent = true;
    struct direct direct = {.whole = tiff_layout_block(&tiff->layout, block)};
    for (int i = 0; i < tiff_form_lines(form); i++) {
        direct.strides[i] = tiff_form_row_bytes(form, i, tiff->layout.block_width);
        if (!tiff_find_block(reading, block, i, &direct.extents[i]))
            return;
        absent &= direct.extents[i].absent;
    }
    if (absent)
        read_absent(reading, part);
    else
        read_lines(reading, block, &direct, part);
}

void tiff_read_spilled(struct tiff_reading *reading, int64_t block,
                       const struct tiff_spilled *where, struct area part)
{
    const struct tiff_source *tiff = reading->tiff;
    int lines = tiff_form_lines(&tiff->layout.form);
    struct direct direct = {.whole = tiff_layout_block(&tiff->layout, block),
                            .spilled = where->part};
    for (int i = 0; i < lines; i++) {
        direct.strides[i] = where->row ? where->row : tiff_decoded_row(tiff, i);
        direct.extents[i] = (struct tiff_extent){.offset = where->at + i * where->line,
                                                 .absent = tiff->absent >> i & 1};
    }
    if (tiff->absent == (UINT32_C(1) << lines) - 1)
        read_absent(reading, part);
    else
        read_lines(reading, block, &direct, part);
}

void tiff_read_block(struct tiff_reading *reading, int64_t block, struct area part)
{
    if (reading->tiff->source.page.direct)
        read_direct(reading, block, part);
    else
        tiff_read_coded(reading, block, part);
}
