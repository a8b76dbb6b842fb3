/* Writes TIFF files byte by byte, without libtiff: what libtiff cannot write, or should not.
 *
 * Every number is put down as it is told, true or not. */
#ifndef SUPPORT_TIFF_RAW_H
#define SUPPORT_TIFF_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RAW_BYTE = 1,
    RAW_ASCII,
    RAW_SHORT,
    RAW_LONG,
    RAW_RATIONAL,
    RAW_FLOAT = 11,
    RAW_DOUBLE,
    RAW_IFD,
    RAW_LONG8 = 16
};
enum { RAW_ENTRIES = 64 };

struct raw_entry {
    uint16_t tag, type;
    uint64_t count;
    uint64_t value; /* the value itself where it fits into the entry, else its offset */
};

struct raw_tiff {
    bool big_tiff, big_endian;
    uint8_t *bytes;
    size_t count, room;
    size_t link; /* where the next directory's offset belongs */
    struct raw_entry entries[RAW_ENTRIES];
    int entry_count;
};

/* Begins a file: its header, with no directory yet. */
void raw_begin(struct raw_tiff *raw, bool big_tiff, bool big_endian);

/* Appends bytes, at an even offset, which is returned. */
uint64_t raw_data(struct raw_tiff *raw, const void *bytes, size_t count);

/* Writes a number of 1, 2, 4 or 8 bytes over what stands at an offset. */
void raw_put(struct raw_tiff *raw, uint64_t offset, int bytes, uint64_t number);

/* Entries of the directory under way, kept sorted by tag; one of a tag that is there already takes
 * its place. raw_claim: as told. raw_numbers: the values are appended where they do not fit.
 * raw_add: comes last, whatever its tag. */
void raw_claim(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t count, uint64_t value);
void raw_add(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t count, uint64_t value);
void raw_number(struct raw_tiff *raw, uint16_t tag, uint16_t type, uint64_t number);
void raw_numbers(struct raw_tiff *raw, uint16_t tag, uint16_t type, const uint64_t *numbers,
                 size_t count);
void raw_text(struct raw_tiff *raw, uint16_t tag, const char *text);
void raw_drop(struct raw_tiff *raw, uint16_t tag);

/* Appends the directory, links it behind the one before (`linked`), and begins a new one. Returns
 * its offset. raw_link: what the last linked one names as its next. */
uint64_t raw_directory(struct raw_tiff *raw, bool linked);
void raw_link(struct raw_tiff *raw, uint64_t next);

/* The entries of a gray image in one uncompressed strip that lies at `strip`. */
void raw_image(struct raw_tiff *raw, uint64_t width, uint64_t height, uint64_t bits, uint64_t strip,
               uint64_t strip_bytes);

/* Writes the file into the tests' folder, and frees what was held. Returns its path. */
const char *raw_write(struct raw_tiff *raw, const char *name);

#endif
