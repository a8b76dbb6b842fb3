/* Stored samples written in any order, read back with libtiff. Guards source/tiff_samples.c. */
#include "suite.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "source/tiff_samples.h"
#include "support/tiff_old.h"
#include "support/scratch.h"

static int create(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CU_ASSERT_FATAL(fd >= 0);
    return fd;
}

static void rows_come_in_any_order(void)
{
    const char *path = scratch_path("any.tif");
    struct tiff_samples samples;
    struct fault fault;
    struct tiff_samples_terms terms = {.width = 700,
                                       .height = 400,
                                       .type = SAMPLE_U16,
                                       .channels = 3,
                                       .orientation = 1,
                                       .spacing_x = 0.5,
                                       .spacing_y = 0.25,
                                       .slope = 1};
    int fd = create(path);
    CU_ASSERT_FATAL(tiff_samples_begin(&samples, fd, "any.tif", &terms, &fault));
    for (int64_t y = 399; y >= 0; y--)
        for (int64_t x = 0; x < 700; x += 100) {
            uint16_t row[300];
            for (int i = 0; i < 300; i++)
                row[i] = (uint16_t)(y * 100 + 3 * x + i);
            CU_ASSERT(tiff_samples_put(&samples, x, y, 100, row, &fault));
        }
    close(fd);
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    uint16_t row[2100], unit = 0;
    float x = 0, y = 0;
    long wrong = 0;
    CU_ASSERT(!TIFFIsBigTIFF(tiff) && TIFFNumberOfStrips(tiff) > 1);
    for (uint32_t line = 0; line < 400; line++) {
        CU_ASSERT_FATAL(TIFFReadScanline(tiff, row, line, 0) == 1);
        for (int i = 0; i < 2100; i++)
            wrong += row[i] != (uint16_t)(line * 100 + (uint32_t)i);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) && x == 20);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) && y == 40);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &unit) && unit == RESUNIT_CENTIMETER);
    TIFFClose(tiff);
}

/* 6 GB, of which hardly anything is written. */
static void what_is_large_becomes_a_big_tiff(void)
{
    const char *path = scratch_path("big.tif");
    struct tiff_samples samples;
    struct fault fault;
    struct tiff_samples_terms terms = {.width = 100000,
                                       .height = 30000,
                                       .type = SAMPLE_I16,
                                       .channels = 1,
                                       .orientation = 1,
                                       .slope = 1};
    const int16_t value = -77;
    int fd = create(path);
    CU_ASSERT_FATAL(tiff_samples_begin(&samples, fd, "big.tif", &terms, &fault));
    CU_ASSERT(tiff_samples_put(&samples, 99999, 29999, 1, &value, &fault));
    close(fd);
    if (sizeof(size_t) < 8)
        return; /* Debian's libtiff itself opens no file so large there */
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    static int16_t row[100000];
    CU_ASSERT(TIFFIsBigTIFF(tiff));
    CU_ASSERT_EQUAL(TIFFReadScanline(tiff, row, 29999, 0), 1);
    CU_ASSERT(row[99999] == -77 && row[0] == 0);
    TIFFClose(tiff);
    unlink(path);
}

static void a_full_disk_is_told_of(void)
{
    struct tiff_samples samples;
    struct fault fault = {FAULT_NONE, ""};
    struct tiff_samples_terms terms = {
        .width = 10, .height = 10, .type = SAMPLE_U8, .channels = 1, .slope = 1};
    int fd = open("/dev/full", O_WRONLY);
    CU_ASSERT_FALSE(tiff_samples_begin(&samples, fd, "a.tif", &terms, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: cannot be written: No space left on device");
    close(fd);
}

SUITE("tiff_samples", {"rows come in any order", rows_come_in_any_order},
      {"what is large becomes a BigTIFF", what_is_large_becomes_a_big_tiff},
      {"a full disk is told of", a_full_disk_is_told_of})
