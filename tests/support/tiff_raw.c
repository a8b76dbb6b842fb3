/* TIFF files byte by byte: see tiff_raw.h. Knows nothing of libtiff. */
#include "support/tiff_raw.h"

#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"

static int type_bytes(uint16_t type)
{
    static const int bytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < sizeof bytes / sizeof *bytes ? bytes[type] : 0;
}

static void append(struct raw_tiff *raw, const void *bytes, size_t count)
{
    if (raw->count + count > raw->room) {
        raw->room = 2 * (raw->count + count);
        raw->bytes = realloc(raw->bytes, raw->room);
    }
    memcpy(raw->bytes + raw->count, bytes, count);
    raw->count += count;
}

static void append_number(struct raw_tiff *raw, int bytes, uint64_t number)
{
    uint8_t zeros[8] = {0};
    append(raw, zeros, (size_t)bytes);
    raw_put(raw, raw->count - (size_t)bytes, bytes, number);
}

void raw_put(struct raw_tiff *raw, uint64_t offset, int bytes, uint64_t number)
{
    for (int i = 0; i < bytes; i++)
        raw->bytes[offset + (uint64_t)(raw->big_endian ? bytes - 1 - i : i)] =
            (uint8_t)(number >> 8 * i);
}

void raw_begin(struct raw_tiff *raw, bool big_tiff, bool big_endian)
{
    *raw = (struct raw_tiff){.big_tiff = big_tiff, .big_endian = big_endian};
    append(raw, big_endian ? "MM" : "II", 2);
    append_number(raw, 2, big_tiff ? 43 : 42);
    if (big_tiff) {
        append_number(raw, 2, 8);
        append_number(raw, 2, 0);
    }
    raw->link = raw->count;
    append_number(raw, big_tiff ? 8 : 4, 0);
}

uint64_t raw_data(struct raw_tiff *raw, const void *bytes, size_t count)
{
    if (raw->count % 2)
        append_number(raw, 1, 0);
    uint64_t offset = raw->count;
    append(raw, bytes, count);
    return offset;
}

void raw_drop(struct raw_tiff *raw, uint16_t tag)
{
    int kept = 0;
    for (int i = 0; i < raw->entry_count; i++)
        if (raw->entries[i].tag != tag)
            raw->entries[kept++] = raw->entries[i];
    raw->entry_count = kept;
}

void raw_add(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t count, uint64_t value)
{
    if (raw->entry_count == RAW_ENTRIES)
        abort();
    raw->entries[raw->entry_count++] = (struct raw_entry){tag, type, count, value};
}

void raw_claim(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t count, uint64_t value)
{
    raw_drop(raw, tag);
    raw_add(raw, tag, type, count, value);
    struct raw_entry entry = raw->entries[raw->entry_count - 1];
    int at = raw->entry_count - 1;
    for (; at > 0 && raw->entries[at - 1].tag > tag; at--)
        raw->entries[at] = raw->entries[at - 1];
    raw->entries[at] = entry;
}

void raw_numbers(struct raw_tiff *raw, uint16_t tag, uint16_t type, const uint64_t *numbers,
                 size_t count)
{
    int bytes = type_bytes(type);
    if (count == 1 && bytes <= (raw->big_tiff ? 8 : 4)) {
        raw_claim(raw, tag, type, 1, numbers[0]);
        return;
    }
    uint64_t offset = raw_data(raw, "", 0);
    for (size_t i = 0; i < count; i++)
        append_number(raw, bytes, numbers[i]);
    uint64_t value = offset;
    if (count * (size_t)bytes <= (raw->big_tiff ? 8 : 4)) {
        value = 0; /* values that fit stand in the entry itself, the first in its first bytes */
        memcpy(&value, raw->bytes + offset, count * (size_t)bytes);
    }
    raw_claim(raw, tag, type, count, value);
}

void raw_number(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t number)
{
    raw_numbers(raw, tag, type, &number, 1);
}

void raw_text(struct raw_tiff *raw, uint16_t tag, const char *text)
{
    size_t count = strlen(text) + 1;
    uint64_t offset = 0;
    if (count <= (raw->big_tiff ? 8 : 4))
        memcpy(&offset, text, count);
    else
        offset = raw_data(raw, text, count);
    raw_claim(raw, tag, RAW_ASCII, count, offset);
}

/* One value takes the first bytes of its field; several were laid out as bytes already. */
static void append_value(struct raw_tiff *raw, const struct raw_entry *entry)
{
    int room = raw->big_tiff ? 8 : 4, bytes = type_bytes(entry->type);
    uint64_t all = entry->count * (uint64_t)bytes;
    if (entry->count == 1 && bytes && bytes < room) {
        append_number(raw, bytes, entry->value);
        append_number(raw, room - bytes, 0);
    } else if (entry->count > 1 && bytes && all <= (uint64_t)room) {
        append(raw, &entry->value, (size_t)room);
    } else {
        append_number(raw, room, entry->value);
    }
}

void raw_link(struct raw_tiff *raw, uint64_t next)
{
    raw_put(raw, raw->link, raw->big_tiff ? 8 : 4, next);
}

uint64_t raw_directory(struct raw_tiff *raw, bool linked)
{
    uint64_t offset = raw_data(raw, "", 0);
    append_number(raw, raw->big_tiff ? 8 : 2, (uint64_t)raw->entry_count);
    for (int i = 0; i < raw->entry_count; i++) {
        append_number(raw, 2, raw->entries[i].tag);
        append_number(raw, 2, raw->entries[i].type);
        append_number(raw, raw->big_tiff ? 8 : 4, raw->entries[i].count);
        append_value(raw, &raw->entries[i]);
    }
    size_t link = raw->count;
    append_number(raw, raw->big_tiff ? 8 : 4, 0);
    if (linked) {
        raw_link(raw, offset);
        raw->link = link;
    }
    raw->entry_count = 0;
    return offset;
}

void raw_image(struct raw_tiff *raw, uint64_t width, uint64_t height, uint64_t bits, uint64_t strip,
               uint64_t strip_bytes)
{
    uint16_t size = raw->big_tiff ? RAW_LONG8 : RAW_LONG;
    raw_number(raw, 256, size, width);
    raw_number(raw, 257, size, height);
    raw_number(raw, 258, RAW_SHORT, bits);
    raw_number(raw, 259, RAW_SHORT, 1);
    raw_number(raw, 262, RAW_SHORT, 1);
    raw_number(raw, 273, size, strip);
    raw_number(raw, 277, RAW_SHORT, 1);
    raw_number(raw, 278, size, height);
    raw_number(raw, 279, size, strip_bytes);
}

const char *raw_write(struct raw_tiff *raw, const char *name)
{
    const char *path = scratch_file(name, raw->bytes, raw->count);
    free(raw->bytes);
    *raw = (struct raw_tiff){0};
    return path;
}
