/* Compressions: see source/tiff_codec.h. Owns nothing. */
#include "source/tiff_codec.h"

#include "source/tiff_directory.h"
#include "base/language.h"

static const struct tiff_codec codecs[] = {
    {.code = COMPRESSION_NONE, .name = "none"},
    {.code = COMPRESSION_CCITTRLE, .name = "CCITT RLE", .bits = 1},
    {.code = COMPRESSION_CCITTFAX3, .name = "fax group 3", .bits = 1},
    {.code = COMPRESSION_CCITTFAX4, .name = "fax group 4", .bits = 1},
    {.code = COMPRESSION_LZW, .name = "LZW", .bytes = true},
    {.code = COMPRESSION_OJPEG,
     .name = "old-style JPEG",
     .quarters = 2,
     .whole = true,
     .finds_bytes = true},
    {.code = COMPRESSION_JPEG, .name = "JPEG"},
    {.code = COMPRESSION_ADOBE_DEFLATE, .name = "deflate", .zlib = true, .bytes = true},
    {.code = 9, .name = "JBIG (T.85)", .bits = 1, .quarters = 4, .whole = true},
    {.code = 10, .name = "JBIG (T.43)", .quarters = 4, .whole = true},
    {.code = COMPRESSION_NEXT, .name = "NeXT", .bits = 2},
    {.code = COMPRESSION_CCITTRLEW, .name = "CCITT RLE (words)", .bits = 1},
    {.code = COMPRESSION_PACKBITS, .name = "PackBits", .bytes = true},
    {.code = COMPRESSION_THUNDERSCAN, .name = "ThunderScan", .bits = 4},
    {.code = 33003, .name = "JPEG 2000 (Aperio)", .whole = true},
    {.code = 33005, .name = "JPEG 2000 (Aperio)", .whole = true},
    {.code = COMPRESSION_PIXARLOG, .name = "PixarLog", .quarters = 8, .whole = true, .zlib = true},
    {.code = COMPRESSION_DEFLATE, .name = "deflate", .zlib = true, .bytes = true},
    {.code = COMPRESSION_DCS, .name = "Kodak DCS", .whole = true},
    {.code = COMPRESSION_JBIG, .name = "JBIG", .bits = 1, .quarters = 4, .whole = true},
    {.code = COMPRESSION_SGILOG, .name = "SGI Log"},
    {.code = COMPRESSION_SGILOG24, .name = "SGI LogLuv"},
    {.code = COMPRESSION_JP2000, .name = "JPEG 2000", .whole = true},
    {.code = 34713, .name = "Nikon NEF", .whole = true},
    {.code = 34887, .name = "LERC", .quarters = 6, .whole = true},
    {.code = 34892, .name = "lossy JPEG"},
    {.code = 34925, .name = "LZMA", .window = true, .bytes = true},
    {.code = 50000, .name = "Zstandard", .window = true, .bytes = true},
    {.code = 50001, .name = "WebP", .bits = 8, .quarters = 9, .whole = true},
    {.code = 50002, .name = "JPEG XL", .whole = true},
    {.code = 52546, .name = "JPEG XL", .whole = true},
};

const struct tiff_codec *tiff_codec_find(uint64_t compression)
{
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (codecs[i].code == compression)
            return &codecs[i];
    return NULL;
}

static bool is_log(const struct tiff_layout *layout)
{
    return layout->compression == COMPRESSION_SGILOG || layout->compression == COMPRESSION_SGILOG24;
}

/* libtiff's PixarLog knows bytes, 16-bit numbers (made of any of 9 to 16 bits) and floats. */
static bool pixarlog_holds(const struct tiff_layout *layout)
{
    bool floats = layout->format == SAMPLEFORMAT_IEEEFP && layout->bits == 32;
    bool whole = layout->format == SAMPLEFORMAT_UINT || layout->format == SAMPLEFORMAT_VOID;
    return floats || (whole && layout->bits >= 8 && layout->bits <= 16);
}

bool tiff_codec_check(const struct tiff_layout *layout, struct fault *fault)
{
    const struct tiff_codec *codec = tiff_codec_find(layout->compression);
    if (!codec)
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "compressed in a way that is not known (number %llu)",
                         (unsigned long long)layout->compression);
    bool held = !codec->bits || layout->bits == codec->bits;
    if (!held || (layout->compression == COMPRESSION_PIXARLOG && !pixarlog_holds(layout)))
        return fault_set(
            fault, FAULT_FORMAT, "broken: compressed with %s, which cannot pack %llu-bit samples%s",
            codec->name, (unsigned long long)layout->bits, held ? _(" of their kind") : "");
    if (!TIFFIsCODECConfigured(codec->code))
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "compressed with %s, which this libtiff cannot decode", codec->name);
    bool gray = layout->photometric == PHOTOMETRIC_LOGL && layout->samples == 1;
    bool colour = layout->photometric == PHOTOMETRIC_LOGLUV && layout->samples == 3;
    if (is_log(layout) && !gray && !colour)
        return fault_set(fault, FAULT_FORMAT,
                         "broken: compressed with %s, but it is no LogL image of one sample for "
                         "each pixel and no LogLuv image of three",
                         codec->name);
    return true;
}

static void take_subsampling(TIFF *tiff, struct tiff_form *form)
{
    uint16_t across = 1, down = 1;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_YCBCRSUBSAMPLING, &across, &down);
    form->across = across;
    form->down = down;
    form->units = across * down > 1;
}

void tiff_codec_prepare(TIFF *tiff, struct tiff_layout *layout)
{
    struct tiff_form *form = &layout->form;
    if (layout->compression == COMPRESSION_OJPEG && form->together == 3)
        take_subsampling(tiff, form);
    if (layout->compression == COMPRESSION_JPEG && layout->photometric == PHOTOMETRIC_YCBCR &&
        form->together == 3)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (is_log(layout))
        TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT,
                     form->format == FORMAT_FLOAT ? SGILOGDATAFMT_FLOAT : SGILOGDATAFMT_8BIT);
    if (layout->compression == COMPRESSION_PIXARLOG)
        TIFFSetField(tiff, TIFFTAG_PIXARLOGDATAFMT,
                     form->bits == 8    ? PIXARLOGDATAFMT_8BIT
                     : form->bits == 16 ? PIXARLOGDATAFMT_16BIT
                                        : PIXARLOGDATAFMT_FLOAT);
}
