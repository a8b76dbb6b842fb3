/* Pictures written as TIFF, read back with libtiff. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/tiff_write.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"

static struct tiff_writer *begin_with(const char *path, int64_t width, int64_t height, int channels,
                                      int *fd, struct fault *fault)
{
    *fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CU_ASSERT_FATAL(*fd >= 0);
    struct tiff_picture picture = {
        .width = width, .height = height, .channels = channels, .bits = 8};
    return tiff_writer_open(*fd, "out.tif", &picture, fault);
}

static struct tiff_writer *begin(const char *path, int64_t width, int64_t height, int *fd,
                                 struct fault *fault)
{
    return begin_with(path, width, height, 1, fd, fault);
}

/* `across` levels stand side by side: `width` pixels of so many channels. */
static void write_picture(const char *path, int64_t width, int64_t height, int channels)
{
    int64_t across = width * channels;
    struct fault fault;
    int fd;
    uint8_t *row = malloc((size_t)across);
    struct tiff_writer *writer = begin_with(path, width, height, channels, &fd, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
    for (int64_t y = 0; y < height; y++) {
        for (int64_t x = 0; x < across; x++)
            row[x] = (uint8_t)tiff_value_byte(x, y, 0);
        CU_ASSERT(tiff_writer_row(writer, row, &fault));
        CU_ASSERT_EQUAL(row[0], (uint8_t)tiff_value_byte(0, y, 0));
    }
    CU_ASSERT(tiff_writer_close(writer, &fault));
    CU_ASSERT_EQUAL(close(fd), 0); /* it was the caller's still */
    free(row);
}

static bool reads_back(const char *path, uint32_t width, uint32_t height, uint32_t channels)
{
    TIFF *tiff = TIFFOpen(path, "r");
    uint32_t w = 0, h = 0, rows = 0;
    uint16_t bits = 0, samples = 0, photometric = 0, compression = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &w);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h);
    TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
    bool right = w == width && h == height && bits == 8 && samples == channels &&
                 photometric == (channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK) &&
                 compression == COMPRESSION_ADOBE_DEFLATE && !TIFFIsBigTIFF(tiff) &&
                 (rows * width * channels <= 65536 || rows == 1) && !TIFFReadDirectory(tiff);
    TIFFSetDirectory(tiff, 0);
    uint8_t *row = malloc(width * channels);
    for (uint32_t y = 0; right && y < height; y++) {
        right = TIFFReadScanline(tiff, row, y, 0) == 1;
        for (uint32_t x = 0; right && x < width * channels; x++)
            right = row[x] == tiff_value_byte(x, y, 0);
    }
    free(row);
    TIFFClose(tiff);
    return right;
}

static void a_picture_reads_back(void)
{
    static const int64_t sizes[][2] = {{1, 1}, {301, 203}, {1024, 768}, {70000, 3}, {3, 2000}};
    struct ledger_line before = ledger_line(LEDGER_OUTPUT);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int channels = 1; channels <= 3; channels += 2) {
            const char *path = scratch_path("out.tif");
            write_picture(path, sizes[i][0], sizes[i][1], channels);
            CU_ASSERT(
                reads_back(path, (uint32_t)sizes[i][0], (uint32_t)sizes[i][1], (uint32_t)channels));
        }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_OUTPUT).current, before.current);
}

static void missing_rows_and_spare_ones_are_faults(void)
{
    struct fault fault;
    int fd;
    uint8_t row[4] = {1, 2, 3, 4};
    struct tiff_writer *writer = begin(scratch_path("out.tif"), 4, 2, &fd, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
    CU_ASSERT(tiff_writer_row(writer, row, &fault));
    CU_ASSERT_FALSE(tiff_writer_close(writer, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "out.tif: only 1 of 2 rows were written");
    close(fd);
    writer = begin(scratch_path("out.tif"), 4, 1, &fd, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
    CU_ASSERT(tiff_writer_row(writer, row, &fault));
    CU_ASSERT_FALSE(tiff_writer_row(writer, row, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "out.tif: more rows than the picture has");
    CU_ASSERT(tiff_writer_close(writer, &fault));
    close(fd);
}

static void impossible_sizes_are_refused(void)
{
    struct fault fault;
    int fd;
    CU_ASSERT_PTR_NULL(begin(scratch_path("out.tif"), 0, 5, &fd, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "out.tif: a TIFF file cannot have 0 x 5 samples");
    close(fd);
    CU_ASSERT_PTR_NULL(begin(scratch_path("out.tif"), 5, 1LL << 32, &fd, &fault));
    close(fd);
}

static void what_could_exceed_4_gib_is_a_big_tiff(void)
{
    struct fault fault;
    int fd;
    uint8_t head[4];
    static const struct {
        int64_t side;
        int channels;
        bool big;
    } rows[] = {{70000, 1, true}, {40000, 1, false}, {40000, 3, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tiff_writer *writer = begin_with(scratch_path("out.tif"), rows[i].side, rows[i].side,
                                                rows[i].channels, &fd, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
        CU_ASSERT_FALSE(tiff_writer_close(writer, &fault));
        CU_ASSERT_EQUAL(pread(fd, head, 4, 0), 4);
        CU_ASSERT_EQUAL(head[2] == 43 || head[3] == 43, rows[i].big);
        close(fd);
    }
}

static void a_full_disk_is_a_fault(void)
{
    struct fault fault = {.kind = FAULT_NONE};
    uint8_t row[1000];
    int fd = open("/dev/full", O_RDWR);
    if (fd < 0)
        return;
    for (int i = 0; i < 1000; i++)
        row[i] = (uint8_t)(i * i * 7 >> 3);
    struct tiff_writer *writer = tiff_writer_open(
        fd, "out.tif",
        &(struct tiff_picture){.width = 1000, .height = 300, .channels = 1, .bits = 8}, &fault);
    bool fine = writer != NULL;
    for (int y = 0; fine && y < 300; y++)
        fine = tiff_writer_row(writer, row, &fault);
    if (fine)
        fine = tiff_writer_close(writer, &fault);
    else if (writer)
        CU_ASSERT_FALSE(tiff_writer_close(writer, NULL));
    CU_ASSERT_FALSE(fine);
    CU_ASSERT_EQUAL(fault.kind, FAULT_FILE);
    CU_ASSERT_STRING_EQUAL(fault.text, "out.tif: cannot be written: No space left on device");
    close(fd);
}

static void refused_memory_is_a_fault(void)
{
    struct fault fault;
    int fd;
    for (long n = 1; n <= 2; n++) {
        size_t before = ledger_line(LEDGER_OUTPUT).current;
        ledger_fail_after(n);
        CU_ASSERT_PTR_NULL(begin(scratch_path("out.tif"), 9, 9, &fd, &fault));
        CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
        CU_ASSERT_EQUAL(ledger_line(LEDGER_OUTPUT).current, before);
        close(fd);
    }
}

SUITE("tiff write", {"a picture reads back", a_picture_reads_back},
      {"missing rows and spare ones are faults", missing_rows_and_spare_ones_are_faults},
      {"impossible sizes are refused", impossible_sizes_are_refused},
      {"what could exceed 4 GiB is a BigTIFF", what_could_exceed_4_gib_is_a_big_tiff},
      {"a full disk is a fault", a_full_disk_is_a_fault},
      {"refused memory is a fault", refused_memory_is_a_fault})
