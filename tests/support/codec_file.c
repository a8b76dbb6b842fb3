/* A file for each compression: see support/codec_file.h. Those that libtiff only reads are packed
 * here, in their simplest form. */
#include "support/tiff_old.h"
#include "support/codec_file.h"

#include <string.h>

enum { WIDTH = 300, HEIGHT = 200, ROWS = 64, ROW_BYTES = 3 * 4 * WIDTH };

const struct codec codecs[] = {
    {"none", COMPRESSION_NONE, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"PackBits", COMPRESSION_PACKBITS, PHOTOMETRIC_MINISBLACK, 8, 1, SAMPLEFORMAT_UINT},
    {"LZW", COMPRESSION_LZW, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"deflate", COMPRESSION_ADOBE_DEFLATE, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"old deflate", COMPRESSION_DEFLATE, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"LZMA", COMPRESSION_LZMA, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"ZSTD", COMPRESSION_ZSTD, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"LERC", COMPRESSION_LERC, PHOTOMETRIC_MINISBLACK, 16, 1, SAMPLEFORMAT_UINT},
    {"LERC of floats", COMPRESSION_LERC, PHOTOMETRIC_MINISBLACK, 32, 1, SAMPLEFORMAT_IEEEFP},
    {"PixarLog", COMPRESSION_PIXARLOG, PHOTOMETRIC_MINISBLACK, 8, 1, SAMPLEFORMAT_UINT},
    {"JPEG", COMPRESSION_JPEG, PHOTOMETRIC_MINISBLACK, 8, 1, SAMPLEFORMAT_UINT},
    {"JPEG in colour", COMPRESSION_JPEG, PHOTOMETRIC_RGB, 8, 3, SAMPLEFORMAT_UINT},
    {"WebP", COMPRESSION_WEBP, PHOTOMETRIC_RGB, 8, 3, SAMPLEFORMAT_UINT},
    {"CCITT 1D", COMPRESSION_CCITTRLE, PHOTOMETRIC_MINISWHITE, 1, 1, SAMPLEFORMAT_UINT},
    {"CCITT G3", COMPRESSION_CCITTFAX3, PHOTOMETRIC_MINISWHITE, 1, 1, SAMPLEFORMAT_UINT},
    {"CCITT G4", COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE, 1, 1, SAMPLEFORMAT_UINT},
    {"JBIG", COMPRESSION_JBIG, PHOTOMETRIC_MINISWHITE, 1, 1, SAMPLEFORMAT_UINT},
    {"SGILog", COMPRESSION_SGILOG, PHOTOMETRIC_LOGL, 32, 1, SAMPLEFORMAT_IEEEFP},
    {"ThunderScan", COMPRESSION_THUNDERSCAN, PHOTOMETRIC_MINISBLACK, 4, 1, SAMPLEFORMAT_UINT},
    {"NeXT", COMPRESSION_NEXT, PHOTOMETRIC_MINISBLACK, 2, 1, SAMPLEFORMAT_UINT},
};
const size_t codec_count = sizeof codecs / sizeof *codecs;

static void fill_row(const struct codec *codec, uint32_t y, unsigned char row[ROW_BYTES])
{
    for (uint32_t i = 0; i < ROW_BYTES; i++)
        row[i] = (unsigned char)(i / 7 * 5 + y / 3 * 11);
    for (uint32_t x = 0; codec->format == SAMPLEFORMAT_IEEEFP && x < WIDTH; x++) {
        float value = (float)(x + y) / 100;
        memcpy(row + x * sizeof value, &value, sizeof value);
    }
}

/* ThunderScan: each byte a pixel as it is. NeXT: each row a zero, and then its bytes. */
static bool write_packed(TIFF *tiff, const struct codec *codec)
{
    static unsigned char strip[ROWS * (WIDTH + 1)];
    for (uint32_t y = 0; y < HEIGHT; y += ROWS) {
        uint32_t rows = HEIGHT - y < ROWS ? HEIGHT - y : ROWS;
        tmsize_t bytes = 0;
        for (uint32_t i = 0; i < rows; i++)
            if (codec->compression == COMPRESSION_NEXT) {
                strip[bytes++] = 0;
                memset(strip + bytes, (int)(y + i), WIDTH / 4);
                bytes += WIDTH / 4;
            } else {
                memset(strip + bytes, 0xc0 | (int)(i % 16), WIDTH);
                bytes += WIDTH;
            }
        if (TIFFWriteRawStrip(tiff, y / ROWS, strip, bytes) != bytes)
            return false;
    }
    return true;
}

static uint32_t strip_rows(const struct codec *codec)
{
    return codec->compression == COMPRESSION_JBIG ? HEIGHT : ROWS; /* it has but one strip */
}

static bool write_strips(TIFF *tiff, const struct codec *codec)
{
    static unsigned char strip[HEIGHT * ROW_BYTES];
    uint32_t high = strip_rows(codec);
    size_t bytes = (size_t)TIFFScanlineSize(tiff);
    bool done = bytes <= ROW_BYTES;
    for (uint32_t y = 0; y < HEIGHT && done; y += high) {
        uint32_t rows = HEIGHT - y < high ? HEIGHT - y : high;
        for (uint32_t i = 0; i < rows; i++) {
            unsigned char row[ROW_BYTES];
            fill_row(codec, y + i, row);
            memcpy(strip + i * bytes, row, bytes);
        }
        done = TIFFWriteEncodedStrip(tiff, y / high, strip, (tmsize_t)(rows * bytes)) >= 0;
    }
    return done;
}

bool codec_make(const char *path, const struct codec *codec)
{
    bool packed =
        codec->compression == COMPRESSION_THUNDERSCAN || codec->compression == COMPRESSION_NEXT;
    TIFFErrorHandler warn = TIFFSetWarningHandler(NULL); /* old numbers are used knowingly */
    TIFF *tiff = TIFFIsCODECConfigured(codec->compression) ? TIFFOpen(path, "w") : NULL;
    if (!tiff) {
        TIFFSetWarningHandler(warn);
        return false;
    }
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)WIDTH);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)HEIGHT);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, codec->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, codec->samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, codec->format);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, codec->photometric);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, strip_rows(codec));
    bool done = TIFFSetField(tiff, TIFFTAG_COMPRESSION, codec->compression) == 1;
    if (codec->compression == COMPRESSION_SGILOG)
        TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    done = done && (packed ? write_packed(tiff, codec) : write_strips(tiff, codec));
    TIFFClose(tiff);
    TIFFSetWarningHandler(warn);
    return done;
}
