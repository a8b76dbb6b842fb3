/* The heads of LZMA's and Zstandard's streams: what their libraries will reserve. Guards
 * source/tiff_window.c. */
#include "suite.h"

#include <string.h>

#include "source/spill.h"
#include "source/tiff_window.h"
#include "support/tiff_old.h"
#include "support/scratch.h"
#include "support/source_reader.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { KIB = 1024, MIB = 1024 * KIB };

#define XZ 0xfd, '7', 'z', 'X', 'Z', 0, 0, 4, 0, 0, 0, 0
#define ZSTD 0x28, 0xb5, 0x2f, 0xfd

static const struct head {
    int64_t window; /* as the formats' descriptions have it */
    int bytes;
    bool lzma;
    uint8_t head[40];
} heads[] = {
    {8 * MIB, 20, true, {XZ, 2, 0, 0x21, 1, 22}},
    {64 * MIB, 20, true, {XZ, 2, 0, 0x21, 1, 28}},
    {96 * MIB, 20, true, {XZ, 2, 0, 0x21, 1, 29}},
    {4 * KIB, 20, true, {XZ, 2, 0, 0x21, 1, 0}},
    {UINT32_MAX, 20, true, {XZ, 2, 0, 0x21, 1, 40}},
    {0, 20, true, {XZ, 2, 0, 0x21, 1, 41}},
    {8 * MIB, 24, true, {XZ, 3, 1, 0x03, 1, 1, 0x21, 1, 22}},                /* delta before it */
    {8 * MIB, 28, true, {XZ, 4, 0xc0, 0x80, 0x80, 4, 0xff, 1, 0x21, 1, 22}}, /* with sizes */
    {8 * MIB, 40, true, {XZ, 9, 1, 0x05, 16, [32] = 0x21, 1, 22}}, /* many properties before it */
    {0, 20, true, {XZ, 2, 1, 0x05, 16, 1, 2, 3, 4}},               /* cut off within them */
    {0, 16, true, {XZ, 2, 0, 0x21, 1}},                            /* cut off */
    {0, 5, true, {XZ}},
    {0, 20, true, {XZ, 2, 0, 0x04, 0}}, /* another filter */
    {0, 20, true, {'x', 'z'}},
    {KIB, 8, false, {ZSTD, 0x00, 0x00}},
    {8 * MIB, 8, false, {ZSTD, 0x00, 13 << 3}},
    {15 * MIB, 8, false, {ZSTD, 0x00, 13 << 3 | 7}},
    {77, 8, false, {ZSTD, 0x20, 77}},
    {256 + 0x1234, 10, false, {ZSTD, 0x60, 0x34, 0x12}},
    {0x04030201, 16, false, {ZSTD, 0xa3, 9, 9, 9, 9, 1, 2, 3, 4}}, /* with a number */
    {INT64_MAX, 16, false, {ZSTD, 0xe0, 255, 255, 255, 255, 255, 255, 255, 255}},
    {0, 5, false, {ZSTD, 0xe0}},
    {0, 8, false, {0x28, 0xb5, 0x2f, 0xfe, 0, 0}},
};

static void heads_tell_the_window(void)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        const struct head *head = &heads[i];
        CU_ASSERT_EQUAL((head->lzma ? tiff_window_lzma : tiff_window_zstd)(head->head, head->bytes),
                        head->window);
    }
}

/* One strip of 300 rows. */
static bool make(const char *path, int compression, int level_tag, int level)
{
    static const uint16_t row[400] = {1, 2, 3};
    TIFF *tiff = TIFFOpen(path, "w");
    bool fine = tiff != NULL;
    if (!fine)
        return false;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 400);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 300);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 300);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, level_tag, level);
    for (uint32_t y = 0; fine && y < 300; y++)
        fine = TIFFWriteScanline(tiff, (void *)(uintptr_t)row, y, 0) >= 0;
    TIFFClose(tiff);
    return fine;
}

/* Files of the libraries themselves, and a process that may have less or more than they need. */
static void too_large_a_dictionary_is_refused_at_once(void)
{
    static const struct {
        int compression, tag, level;
        int64_t least, most;
        const char *name;
    } files[] = {
        {COMPRESSION_LZMA, TIFFTAG_LZMAPRESET, 9, 64 * MIB, 64 * MIB,
         "LZMA and a dictionary of 64"},
        {COMPRESSION_LZMA, TIFFTAG_LZMAPRESET, 1, MIB, MIB, "LZMA and a dictionary of 1"},
        {COMPRESSION_ZSTD, TIFFTAG_ZSTD_LEVEL, 9, KIB, 16 * MIB, NULL},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        const char *path = scratch_path("window.tif");
        struct fault fault;
        if (!TIFFIsCODECConfigured((uint16_t)files[i].compression))
            continue;
        CU_ASSERT_FATAL(make(path, files[i].compression, files[i].tag, files[i].level));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        int64_t dictionary = source->page.dictionary;
        CU_ASSERT(dictionary >= files[i].least && dictionary <= files[i].most);
        CU_ASSERT_STRING_EQUAL(source->page.notice, "");
        source_close(source);
        if (!files[i].name)
            continue;
        spill_use(-1, 0, (size_t)dictionary); /* an eighth is for all else */
        CU_ASSERT_PTR_NULL(source_from(path, &fault));
        CU_ASSERT(fault.kind == FAULT_UNSUPPORTED && strstr(fault.text, files[i].name));
        spill_use(-1, 0, (size_t)dictionary / 7 * 8 + 64);
        source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        source_close(source);
        spill_use(-1, 0, 0);
    }
}

SUITE("source/tiff_window", {"heads tell the window", heads_tell_the_window},
      {"too large a dictionary is refused at once", too_large_a_dictionary_is_refused_at_once})
