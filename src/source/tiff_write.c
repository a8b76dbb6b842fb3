/* Writing a TIFF picture: see source/tiff_write.h.
 *
 * Owns the writer and its libtiff handle, never the file descriptor. */
#include "source/tiff_write.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/tiff_client.h"

enum { STRIP_BYTES = 64 * 1024 };

/* Beyond this a file of 32-bit offsets might not do: deflate can add a little. */
static const int64_t classic_max = 4000000000;

struct tiff_writer {
    struct tiff_client client;
    TIFF *tiff;
    int fd;
    int err; /* errno of a write that failed, 0 = none */
    int64_t height, next_row;
    uint8_t *row; /* libtiff's to change; LEDGER_OUTPUT */
    size_t row_bytes;
    char name[256];
};

static struct tiff_writer *client_writer(thandle_t handle)
{
    struct tiff_client *client = (struct tiff_client *)handle;
    return (struct tiff_writer *)((char *)client - offsetof(struct tiff_writer, client));
}

static tmsize_t client_read(thandle_t handle, void *copy, tmsize_t bytes)
{
    return read(client_writer(handle)->fd, copy, (size_t)bytes);
}

static tmsize_t client_write(thandle_t handle, void *bytes, tmsize_t count)
{
    struct tiff_writer *writer = client_writer(handle);
    tmsize_t done = 0;
    while (done < count) {
        ssize_t wrote = write(writer->fd, (char *)bytes + done, (size_t)(count - done));
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            writer->err = writer->err ? writer->err : errno;
            return -1;
        }
        done += wrote;
    }
    return done;
}

static toff_t client_seek(thandle_t handle, toff_t offset, int whence)
{
    return (toff_t)lseek(client_writer(handle)->fd, (off_t)offset, whence);
}

static toff_t client_size(thandle_t handle)
{
    int fd = client_writer(handle)->fd;
    off_t here = lseek(fd, 0, SEEK_CUR);
    off_t size = lseek(fd, 0, SEEK_END);
    lseek(fd, here, SEEK_SET);
    return size < 0 ? 0 : (toff_t)size;
}

static int client_map(thandle_t handle, void **base, toff_t *size)
{
    (void)handle, (void)base, (void)size;
    return 0;
}

static const struct tiff_client_class writing_client = {client_read, client_write, client_seek,
                                                        client_size, client_map};

static bool writing_fault(const struct tiff_writer *writer, struct fault *fault)
{
    if (writer->err)
        return fault_errno(fault, writer->err, "%s: cannot be written", writer->name);
    return fault_set(fault, FAULT_FILE, "%s: cannot be written: %s", writer->name,
                     tiff_client_error(&writer->client));
}

static bool set_samples(TIFF *tiff, const struct tiff_picture *picture)
{
    int64_t rows = STRIP_BYTES / (picture->width * picture->channels * picture->bits / 8);
    int compression = TIFFIsCODECConfigured(COMPRESSION_ADOBE_DEFLATE) ? COMPRESSION_ADOBE_DEFLATE
                                                                       : COMPRESSION_NONE;
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)picture->width) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)picture->height) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, picture->bits) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, picture->channels) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                        picture->channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression) &&
           TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)(rows > 0 ? rows : 1));
}

/* What is known of where it comes from. */
static bool set_origin(TIFF *tiff, const struct tiff_picture *picture)
{
    bool fine = true;
    if (picture->spacing_x > 0 && picture->spacing_y > 0)
        fine = TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER) &&
               TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 10 / picture->spacing_x) &&
               TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 10 / picture->spacing_y);
    if (picture->page > 0 && picture->pages <= UINT16_MAX)
        fine = fine && TIFFSetField(tiff, TIFFTAG_PAGENUMBER, picture->page - 1, picture->pages);
    if (picture->source)
        fine = fine && TIFFSetField(tiff, TIFFTAG_DOCUMENTNAME, picture->source);
    if (picture->about)
        fine = fine && TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, picture->about);
    return fine;
}

static void writer_free(struct tiff_writer *writer)
{
    if (writer->tiff)
        TIFFClose(writer->tiff);
    ledger_free(LEDGER_OUTPUT, writer->row, writer->row_bytes);
    ledger_free(LEDGER_OUTPUT, writer, sizeof *writer);
}

struct tiff_writer *tiff_writer_open(int fd, const char *name, const struct tiff_picture *picture,
                                     struct fault *fault)
{
    int64_t width = picture->width, height = picture->height;
    if (width < 1 || height < 1 || width > UINT32_MAX || height > UINT32_MAX) {
        fault_set(fault, FAULT_USAGE, "%s: a TIFF file cannot have %lld x %lld samples", name,
                  (long long)width, (long long)height);
        return NULL;
    }
    struct tiff_writer *writer = ledger_alloc(LEDGER_OUTPUT, sizeof *writer, fault);
    if (!writer)
        return NULL;
    writer->client.class = &writing_client;
    writer->fd = fd;
    writer->height = height;
    writer->row_bytes = (size_t)width * (size_t)(picture->channels * picture->bits / 8);
    snprintf(writer->name, sizeof writer->name, "%s", name);
    writer->row = ledger_alloc(LEDGER_OUTPUT, writer->row_bytes, fault);
    if (!writer->row) {
        writer_free(writer);
        return NULL;
    }
    bool large = (int64_t)writer->row_bytes > classic_max / height;
    writer->tiff = tiff_client_open(&writer->client, large ? "w8" : "w");
    if (writer->tiff && set_samples(writer->tiff, picture) && set_origin(writer->tiff, picture))
        return writer;
    writing_fault(writer, fault);
    writer_free(writer);
    return NULL;
}

bool tiff_writer_row(struct tiff_writer *writer, const void *levels, struct fault *fault)
{
    if (writer->next_row >= writer->height)
        return fault_set(fault, FAULT_USAGE, "%s: more rows than the picture has", writer->name);
    memcpy(writer->row, levels, writer->row_bytes);
    if (TIFFWriteScanline(writer->tiff, writer->row, (uint32_t)writer->next_row, 0) < 0)
        return writing_fault(writer, fault);
    writer->next_row++;
    return true;
}

bool tiff_writer_close(struct tiff_writer *writer, struct fault *fault)
{
    bool fine = writer->next_row == writer->height;
    if (!fine)
        fault_set(fault, FAULT_FILE, "%s: only %lld of %lld rows were written", writer->name,
                  (long long)writer->next_row, (long long)writer->height);
    else if (!TIFFWriteDirectory(writer->tiff) || writer->err)
        fine = writing_fault(writer, fault);
    writer_free(writer);
    return fine;
}
