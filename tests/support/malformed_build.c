/* Malformed files that are more than a sound image with other entries: see support/malformed.h. */
#include "support/malformed.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_BYTES_MAX = 8, ENTRIES = 9, LONGEST_CHAIN = 65535 };

/* A deflate stream begins so, and each further byte of 0 stands for 1032 zeros. */
static const uint8_t bomb[] = {0x78, 0xda, 0xec, 0xc1, 0x01, 0x01, 0x00, 0x00,
                               0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a};

/* Where the value of entry i of a directory stands, in a classic file. */
static uint64_t value_at(uint64_t directory, int i)
{
    return directory + 2 + 12 * (uint64_t)i + 8;
}

void malformed_header(struct raw_tiff *raw, const struct malformed_case *made)
{
    static const uint8_t zeros[24];
    const struct raw_entry *edit = &made->edits[0];
    raw_data(raw, zeros, sizeof zeros);
    if (edit->tag)
        raw_put(raw, edit->tag,
                edit->type == RAW_SHORT  ? 2
                : edit->type == RAW_LONG ? 4
                                         : TYPE_BYTES_MAX,
                edit->value);
    raw->count = edit->count;
}

/* The directory begins at an odd byte. */
void malformed_odd_place(struct raw_tiff *raw, const struct malformed_case *made)
{
    uint8_t copy[256] = {0};
    (void)made;
    malformed_image(raw);
    uint64_t at = raw_directory(raw, true);
    size_t bytes = raw->count - at;
    memcpy(copy + 1, raw->bytes + at, bytes);
    raw_put(raw, 4, 4, raw_data(raw, copy, bytes + 1) + 1);
}

void malformed_no_entries(struct raw_tiff *raw, const struct malformed_case *made)
{
    (void)made;
    raw_directory(raw, true);
}

void malformed_cut(struct raw_tiff *raw, const struct malformed_case *made)
{
    (void)made;
    malformed_image(raw);
    raw_directory(raw, true);
    raw->count -= 40;
}

/* All entries are there, the number that says where the next directory is is not. */
void malformed_link_cut(struct raw_tiff *raw, const struct malformed_case *made)
{
    (void)made;
    malformed_image(raw);
    raw_directory(raw, true);
    raw->count -= 4;
}

/* Chains. */

/* All pages share one strip. */
static void add_page(struct raw_tiff *raw, bool first)
{
    if (first)
        malformed_image(raw);
    else
        raw_image(raw, MALFORMED_SIDE, MALFORMED_SIDE, 16,
                  raw->big_tiff ? MALFORMED_STRIP_BIG : MALFORMED_STRIP,
                  2 * MALFORMED_SIDE * MALFORMED_SIDE);
}

void malformed_loop(struct raw_tiff *raw, const struct malformed_case *made)
{
    static uint64_t directories[LONGEST_CHAIN];
    for (int i = 0; i < made->edits[0].tag; i++) {
        add_page(raw, i == 0);
        directories[i] = raw_directory(raw, true);
    }
    raw_link(raw, directories[made->edits[0].count]);
}

/* The first page's directory comes last in the file, and so on. */
void malformed_backwards(struct raw_tiff *raw, const struct malformed_case *made)
{
    uint64_t next = 0;
    for (int i = 0; i < made->pages; i++) {
        add_page(raw, i == 0);
        uint64_t directory = raw_directory(raw, false);
        raw_put(raw, directory + 2 + 12 * ENTRIES, 4, next);
        next = directory;
    }
    raw_put(raw, 4, 4, next);
}

/* A sound page, and after it what edits[0].count says. */
void malformed_late(struct raw_tiff *raw, const struct malformed_case *made)
{
    malformed_image(raw);
    raw_directory(raw, true);
    raw_link(raw, made->edits[0].count);
}

void malformed_children(struct raw_tiff *raw, const struct malformed_case *made)
{
    uint64_t directories[256];
    int children = made->edits[0].tag;
    for (int i = 0; i <= children; i++) {
        add_page(raw, i == 0);
        raw_number(raw, 254, RAW_LONG, i > 0);
        raw_number(raw, 330, RAW_LONG, 0);
        directories[i] = raw_directory(raw, i == 0);
    }
    for (int i = 0; i <= children; i++)
        raw_put(raw, value_at(directories[i], ENTRIES + 1), 4,
                directories[i < children ? (size_t)i + 1 : made->edits[0].count]);
}

/* Entries. */

void malformed_unsorted(struct raw_tiff *raw, const struct malformed_case *made)
{
    struct raw_entry sorted[RAW_ENTRIES];
    (void)made;
    malformed_image(raw);
    int count = raw->entry_count;
    memcpy(sorted, raw->entries, sizeof sorted);
    raw->entry_count = 0;
    for (int i = 0; i < count; i++) {
        const struct raw_entry *entry = &sorted[i * 5 % count];
        raw_add(raw, entry->tag, entry->type, entry->count, entry->value);
    }
    raw_directory(raw, true);
}

/* Each entry comes twice, the second time with another value. */
void malformed_doubled(struct raw_tiff *raw, const struct malformed_case *made)
{
    struct raw_entry once[RAW_ENTRIES];
    (void)made;
    malformed_image(raw);
    int count = raw->entry_count;
    memcpy(once, raw->entries, sizeof once);
    raw->entry_count = 0;
    for (int i = 0; i < count; i++)
        for (uint64_t more = 0; more < 2; more++)
            raw_add(raw, once[i].tag, once[i].type, once[i].count, once[i].value + 7 * more);
    raw_directory(raw, true);
}

/* A map of ten colours. */
void malformed_palette(struct raw_tiff *raw, const struct malformed_case *made)
{
    uint64_t levels[30];
    for (size_t i = 0; i < 30; i++)
        levels[i] = i * 2000;
    malformed_image(raw);
    malformed_edit(raw, made);
    raw_numbers(raw, 320, RAW_SHORT, levels, 30);
    raw_directory(raw, true);
}

void malformed_nan(struct raw_tiff *raw, const struct malformed_case *made)
{
    static const uint8_t pixels[16] = {0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0xff,
                                       1, 0, 0x80, 0x7f, 0, 0, 0xc0, 0x7f};
    (void)made;
    uint64_t strip = raw_data(raw, pixels, sizeof pixels);
    raw_image(raw, 2, 2, 32, strip, sizeof pixels);
    raw_number(raw, 339, RAW_SHORT, 3);
    raw_directory(raw, true);
}

void malformed_endless_text(struct raw_tiff *raw, const struct malformed_case *made)
{
    enum { LENGTH = 1 << 20 };
    static char text[LENGTH];
    (void)made;
    memset(text, 'x', sizeof text);
    memcpy(text, "ImageJ=", 7);
    malformed_image(raw);
    raw_claim(raw, 270, RAW_ASCII, LENGTH, raw_data(raw, text, LENGTH));
    raw_directory(raw, true);
}

/* Bombs. */

/* A deflate stream of about so many zeros. */
static uint64_t add_zeros(struct raw_tiff *raw, size_t zeros, size_t *bytes)
{
    *bytes = sizeof bomb + zeros / 1032;
    uint8_t *stream = calloc(*bytes, 1);
    memcpy(stream, bomb, sizeof bomb);
    uint64_t at = raw_data(raw, stream, *bytes);
    free(stream);
    return at;
}

/* 2 TiB are claimed, 16 MiB are there, in 16 KiB of file. */
void malformed_bomb_strip(struct raw_tiff *raw, const struct malformed_case *made)
{
    size_t bytes;
    (void)made;
    uint64_t strip = add_zeros(raw, 16 << 20, &bytes);
    raw_image(raw, 65536, 1 << 24, 16, strip, bytes);
    raw_number(raw, 259, RAW_SHORT, 8);
    raw_directory(raw, true);
}

/* All strips of a row are one and the same, so that a few KiB become 64 MiB. */
void malformed_bomb_rows(struct raw_tiff *raw, const struct malformed_case *made)
{
    enum { COLUMNS = 65536, ROWS = 512 };
    static uint64_t offsets[ROWS], sizes[ROWS];
    size_t bytes;
    (void)made;
    uint64_t strip = add_zeros(raw, 2 * COLUMNS + 4096, &bytes);
    for (int i = 0; i < ROWS; i++) {
        offsets[i] = strip;
        sizes[i] = bytes;
    }
    raw_image(raw, COLUMNS, ROWS, 16, strip, bytes);
    raw_number(raw, 259, RAW_SHORT, 8);
    raw_number(raw, 278, RAW_LONG, 1);
    raw_numbers(raw, 273, RAW_LONG, offsets, ROWS);
    raw_numbers(raw, 279, RAW_SHORT, sizes, ROWS);
    raw_directory(raw, true);
}

/* Companions of a page whose strips are not there. */

void malformed_broken_copy(struct raw_tiff *raw, const struct malformed_case *made)
{
    (void)made;
    malformed_image(raw);
    raw_directory(raw, true);
    raw_image(raw, MALFORMED_SIDE / 2, MALFORMED_SIDE / 2, 16, 0x7ffffff0, 128);
    raw_number(raw, 254, RAW_LONG, 1);
    raw_number(raw, 259, RAW_SHORT, 5);
    raw_directory(raw, true);
}

/* Of a page that is edited to half the sound image's width. */
void malformed_broken_mask(struct raw_tiff *raw, const struct malformed_case *made)
{
    malformed_image(raw);
    malformed_edit(raw, made);
    raw_directory(raw, true);
    raw_image(raw, MALFORMED_SIDE / 2, MALFORMED_SIDE, 1, 0x7ffffff0, MALFORMED_SIDE);
    raw_number(raw, 254, RAW_LONG, 4);
    raw_number(raw, 262, RAW_SHORT, 4);
    raw_directory(raw, true);
}
