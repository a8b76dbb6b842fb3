/* Reading a TIFF's blocks: rows straight from the file, strips by scanlines, other
 * blocks one at a time.
 *
 * Samples become codes here. Never holds more than one row of a strip or one block,
 * TIFF_BLOCK_MAX at most. */
#include "source/tiff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ledger.h"

enum { SKIP_ROWS = 64 /* rows skipped between signs of life */ };

static size_t sample_size(const struct tiff_source *tiff)
{
    return sample_bytes((enum sample_type)tiff->source.page.type);
}

/* "strip 3 (rows 48 to 63)". */
static void name_block(const struct tiff_source *tiff, int64_t block, char *text, size_t room)
{
    struct area a = tiff_layout_block(&tiff->layout, block);
    if (tiff->layout.tiled)
        snprintf(text, room, "tile %lld (columns %lld to %lld, rows %lld to %lld)",
                 (long long)block, (long long)a.x, (long long)(a.x + a.width - 1), (long long)a.y,
                 (long long)(a.y + a.height - 1));
    else
        snprintf(text, room, "strip %lld (rows %lld to %lld)", (long long)block, (long long)a.y,
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
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    name_block(reading->tiff, block, name, sizeof name);
    fault_set(reading->fault, FAULT_FORMAT, "%s %s", name, what);
}

static void cannot_decode(struct tiff_reading *reading, int64_t block)
{
    tiff_bad_block(reading, block, "cannot be decoded: %s",
                   tiff_client_error(&reading->tiff->client));
}

/* Where a block lies in the file. *bytes is -1 where the file does not tell. False with a fault
 * noted when the file does not hold its start. */
static bool find_block(struct tiff_reading *reading, int64_t block, int64_t *offset, int64_t *bytes)
{
    struct tiff_source *tiff = reading->tiff;
    uint64_t at = 0, count = 0;
    bool told = tiff_entry_value(&tiff->file, &tiff->layout.sizes, block, &count);
    if (!tiff_entry_value(&tiff->file, &tiff->layout.offsets, block, &at) ||
        at >= (uint64_t)tiff->file.size) {
        tiff_bad_block(reading, block, "lies beyond the end of the file, which is cut short");
        return false;
    }
    if (!at) {
        tiff_bad_block(reading, block, "is not in the file");
        return false;
    }
    *offset = (int64_t)at;
    *bytes = !told ? -1 : count > INT64_MAX ? INT64_MAX : (int64_t)count;
    return true;
}

static bool deliver(struct tiff_reading *reading, int64_t x, int64_t y, int64_t n,
                    const void *codes)
{
    if (!reading->sink->row(reading->sink, x, y, n, codes))
        reading->stopped = true;
    return !reading->stopped;
}

/* Signed samples to codes. The inner loops have a fixed length for the vector units. */
static void flip_sign(const struct tiff_source *tiff, void *samples, int64_t n)
{
    int64_t bytes = n * (int64_t)sample_size(tiff);
    uint8_t *at = samples;
    uint8_t pattern[2] = {(uint8_t)tiff->flip, (uint8_t)tiff->flip};
    if (!tiff->flip)
        return;
    if (sample_size(tiff) == 2)
        memcpy(pattern, &tiff->flip, 2);
    for (; bytes >= 32; bytes -= 32, at += 32)
        for (int i = 0; i < 32; i++)
            at[i] ^= pattern[i & 1];
    for (int64_t i = 0; i < bytes; i++)
        at[i] ^= pattern[i & 1];
}

/* Uncompressed blocks. */

static void convert_run(struct tiff_source *tiff, int64_t n)
{
    uint16_t *words = tiff->run;
    if (tiff->reversed)
        TIFFReverseBits((uint8_t *)tiff->run, (tmsize_t)(n * (int64_t)sample_size(tiff)));
    for (int64_t done = 0; tiff->swapped && done < n; done += 16, words += 16)
        for (int i = 0; i < 16; i++)
            words[i] = (uint16_t)(words[i] << 8 | words[i] >> 8);
    flip_sign(tiff, tiff->run, n);
}

/* A row that lies in the file at `offset`, run by run. False when it cannot be read or the sink has
 * enough. */
static bool direct_row(struct tiff_reading *reading, int64_t offset, int64_t x, int64_t y,
                       int64_t n)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t size = (int64_t)sample_size(tiff);
    int64_t most = TIFF_RUN_BYTES / size;
    for (int64_t done = 0; done < n; done += most) {
        int64_t count = min64(most, n - done);
        if (!tiff_file_read(&tiff->file, offset + done * size, count * size, tiff->run))
            return false;
        convert_run(tiff, count);
        if (!deliver(reading, x + done, y, count, tiff->run))
            return false;
    }
    return true;
}

void tiff_read_direct(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    struct area whole = tiff_layout_block(&tiff->layout, block);
    int64_t size = (int64_t)sample_size(tiff);
    int64_t stride = tiff->layout.block_width * size;
    int64_t start, bytes;
    if (!find_block(reading, block, &start, &bytes))
        return;
    /* A single strip's size is often wrong, and libtiff too goes by the file's then. */
    bool cut = bytes > 0 && tiff->layout.blocks > 1 && bytes < tiff->file.size - start;
    int64_t end = cut ? start + bytes : tiff->file.size;
    int64_t column = (part.x - whole.x) * size;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        /* Rows that are there: all products stay below the file's size. */
        if ((end - start - column) / stride < y - whole.y ||
            start + (y - whole.y) * stride + column + part.width * size > end) {
            tiff_bad_block(reading, block, "is cut short from row %lld on", (long long)y);
            return;
        }
        if (direct_row(reading, start + (y - whole.y) * stride + column, part.x, y, part.width))
            continue;
        if (!reading->stopped)
            tiff_bad_block(reading, block, "cannot be read from row %lld on", (long long)y);
        return;
    }
}

/* Compressed strips. */

static bool need_buffer(struct tiff_reading *reading, int64_t block, int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    if (ledger_grow(LEDGER_SOURCE, &tiff->buffer, &tiff->buffer_size, (size_t)bytes, &fault))
        return true;
    tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
    return false;
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

/* libtiff reads a strip's raw bytes whole into memory of its own unless it is lent a map: a small
 * strip may be read so, a large one (or one whose size is not told) must not. */
static bool suit_map(struct tiff_reading *reading, int64_t block, int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    bool mapping = tiff->file.map && (bytes < 0 || bytes > TIFF_RAW_MAX);
    if (mapping == tiff->mapping || tiff_reopen(tiff, mapping, &fault))
        return true;
    tiff->stale = true;
    tiff_bad_block(reading, block, "cannot be decoded: %s", fault.text);
    return false;
}

/* Moves libtiff to the strip's first row, unless it is in the strip already and above row y. */
static bool enter_strip(struct tiff_reading *reading, int64_t block, int64_t y)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t offset, bytes;
    if (tiff->strip == block && tiff->next_row <= y)
        return true;
    if (!find_block(reading, block, &offset, &bytes) || !refresh_stale(reading, block))
        return false;
    if (bytes >= 0 && !tiff_file_holds(&tiff->file, offset, bytes)) {
        tiff_bad_block(reading, block, "ends beyond the end of the file, which is cut short");
        return false;
    }
    if (!suit_map(reading, block, bytes))
        return false;
    if (tiff->mapping)
        tiff_file_touch(&tiff->file, offset, bytes > 0 ? bytes : tiff->file.size - offset);
    tiff->strip = block;
    tiff->next_row = tiff_layout_block(&tiff->layout, block).y;
    return true;
}

/* Decodes libtiff's next row into the buffer. After an error libtiff's state is not trusted. */
static bool decode_row(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    tiff_client_forget(&tiff->client);
    int read = TIFFReadScanline(tiff->tiff, tiff->buffer, (uint32_t)tiff->next_row, 0);
    if (read < 0 || tiff->client.error[0]) {
        cannot_decode(reading, block);
        tiff->strip = -1;
        tiff->stale = true;
        return false;
    }
    tiff->next_row++;
    tiff->dropped_bytes += tiff->source.page.width * (int64_t)sample_size(tiff);
    if (tiff->mapping && tiff->dropped_bytes >= TIFF_FILE_RESIDENT) {
        tiff_file_drop(&tiff->file);
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
            !deliver(reading, reading->area.x, tiff->next_row, 0, NULL))
            return false;
        if (!decode_row(reading, block))
            return false;
    }
    return true;
}

void tiff_read_strip(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t size = (int64_t)sample_size(tiff);
    if (!need_buffer(reading, block, tiff->source.page.width * size))
        return;
    if (!enter_strip(reading, block, part.y) || !skip_to_row(reading, block, part.y))
        return;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        if (!decode_row(reading, block))
            return;
        uint8_t *codes = (uint8_t *)tiff->buffer + part.x * size;
        flip_sign(tiff, codes, part.width);
        if (!deliver(reading, part.x, y, part.width, codes))
            return;
    }
}

/* Compressed tiles, and strips that cannot be decoded row by row. */

/* Bytes of a block when it is decoded: the last strip is as high as the page leaves it. */
static int64_t decoded_bytes(const struct tiff_source *tiff, int64_t block)
{
    const struct tiff_layout *layout = &tiff->layout;
    int64_t rows = layout->tiled ? layout->block_height : tiff_layout_block(layout, block).height;
    return rows * layout->block_width * (int64_t)sample_size(tiff);
}

/* Decodes a block from its raw bytes; libtiff's own tables of blocks are not even loaded. */
static bool decode_raw(struct tiff_reading *reading, int64_t block, void *raw, int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t decoded = decoded_bytes(tiff, block);
    tiff_client_forget(&tiff->client);
    int fine = TIFFReadFromUserBuffer(tiff->tiff, (uint32_t)block, raw, (tmsize_t)bytes,
                                      tiff->buffer, (tmsize_t)decoded);
    if (!fine || tiff->client.error[0]) {
        cannot_decode(reading, block);
        tiff->stale = true;
        return false;
    }
    flip_sign(tiff, tiff->buffer, decoded / (int64_t)sample_size(tiff));
    return true;
}

static bool decode_copied(struct tiff_reading *reading, int64_t block, int64_t offset,
                          int64_t bytes)
{
    struct tiff_source *tiff = reading->tiff;
    struct fault fault;
    void *raw =
        bytes <= TIFF_BLOCK_MAX * 2 ? ledger_alloc(LEDGER_SOURCE, (size_t)bytes, &fault) : NULL;
    bool fine = raw && tiff_file_read(&tiff->file, offset, bytes, raw);
    if (fine)
        fine = decode_raw(reading, block, raw, bytes);
    else
        tiff_bad_block(reading, block, "cannot be read (%lld bytes)", (long long)bytes);
    ledger_free(LEDGER_SOURCE, raw, (size_t)bytes);
    return fine;
}

static bool decode_whole(struct tiff_reading *reading, int64_t block)
{
    struct tiff_source *tiff = reading->tiff;
    int64_t offset, bytes;
    if (tiff->decoded == block)
        return true;
    if (!find_block(reading, block, &offset, &bytes) || !refresh_stale(reading, block) ||
        !need_buffer(reading, block, decoded_bytes(tiff, block)))
        return false;
    if (!tiff_file_holds(&tiff->file, offset, bytes) || !bytes) {
        tiff_bad_block(reading, block,
                       bytes ? "ends beyond the end of the file, which is cut short"
                             : "is empty in the file");
        return false;
    }
    tiff->decoded = -1;
    /* libtiff turns the bits of its input in place, so a map will not do then. */
    bool copied = tiff->reversed || bytes <= TIFF_RAW_MAX;
    const uint8_t *lent = copied ? NULL : tiff_file_lend(&tiff->file, offset, bytes);
    bool fine = lent ? decode_raw(reading, block, (void *)(uintptr_t)lent, bytes)
                     : decode_copied(reading, block, offset, bytes);
    if (fine)
        tiff->decoded = block;
    return fine;
}

void tiff_read_whole(struct tiff_reading *reading, int64_t block, struct area part)
{
    struct tiff_source *tiff = reading->tiff;
    if (!decode_whole(reading, block))
        return;
    struct area whole = tiff_layout_block(&tiff->layout, block);
    int64_t size = (int64_t)sample_size(tiff);
    const uint8_t *codes = (const uint8_t *)tiff->buffer + (part.x - whole.x) * size;
    for (int64_t y = part.y; y < part.y + part.height; y++)
        if (!deliver(reading, part.x, y, part.width,
                     codes + (y - whole.y) * tiff->layout.block_width * size))
            return;
}
