/* What a TIFF page is, and which pages are refused, with the sentence for each.
 *
 * Works on the layout that source/tiff_directory read; libtiff is asked only for what is not needed
 * to read samples (the window the file names, its resolution). */
#include "source/tiff.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is known of a compression: `bilevel` codecs pack 1-bit samples only (or 2 or 4 bits),
 * `whole` ones hold a decoded strip whatever is asked of them (and libtiff's PixarLog gives wrong
 * samples by scanlines). */
static const struct compression {
    uint16_t code;
    const char *name;
    bool bilevel, whole;
} compressions[] = {
    {COMPRESSION_NONE, "none", false, false},
    {COMPRESSION_CCITTRLE, "CCITT RLE", true, false},
    {COMPRESSION_CCITTFAX3, "fax group 3", true, false},
    {COMPRESSION_CCITTFAX4, "fax group 4", true, false},
    {COMPRESSION_LZW, "LZW", false, false},
    {COMPRESSION_OJPEG, "old-style JPEG", false, true},
    {COMPRESSION_JPEG, "JPEG", false, false},
    {COMPRESSION_ADOBE_DEFLATE, "deflate", false, false},
    {9, "JBIG (T.85)", true, true},
    {10, "JBIG (T.43)", true, true},
    {COMPRESSION_NEXT, "NeXT", true, false},
    {COMPRESSION_CCITTRLEW, "CCITT RLE (words)", true, false},
    {COMPRESSION_PACKBITS, "PackBits", false, false},
    {COMPRESSION_THUNDERSCAN, "ThunderScan", true, false},
    {33003, "JPEG 2000 (Aperio)", false, true},
    {33005, "JPEG 2000 (Aperio)", false, true},
    {COMPRESSION_PIXARLOG, "PixarLog", false, true},
    {COMPRESSION_DEFLATE, "deflate", false, false},
    {COMPRESSION_DCS, "Kodak DCS", false, true},
    {COMPRESSION_JBIG, "JBIG", true, true},
    {COMPRESSION_SGILOG, "SGI LogL", false, false},
    {COMPRESSION_SGILOG24, "SGI LogLuv", false, false},
    {COMPRESSION_JP2000, "JPEG 2000", false, true},
    {34887, "LERC", false, true},
    {34892, "lossy JPEG", false, false},
    {34925, "LZMA", false, false},
    {50000, "Zstandard", false, false},
    {50001, "WebP", false, true},
    {50002, "JPEG XL", false, true},
    {52546, "JPEG XL", false, true},
};

static const struct {
    uint16_t code;
    const char *images;
} photometrics[] = {
    {PHOTOMETRIC_RGB, "RGB images"},           {PHOTOMETRIC_PALETTE, "palette images"},
    {PHOTOMETRIC_MASK, "transparency masks"},  {PHOTOMETRIC_SEPARATED, "CMYK images"},
    {PHOTOMETRIC_YCBCR, "YCbCr images"},       {PHOTOMETRIC_CIELAB, "CIE L*a*b* images"},
    {PHOTOMETRIC_ICCLAB, "ICC L*a*b* images"}, {PHOTOMETRIC_ITULAB, "ITU L*a*b* images"},
    {32803, "colour filter array images"},     {PHOTOMETRIC_LOGL, "LogL images"},
    {PHOTOMETRIC_LOGLUV, "LogLuv images"},     {34892, "linear raw images"},
};

enum { SMALL_STRIP = 512 << 10 }; /* decoded bytes of a strip that may be held for speed alone */

#define UNSUPPORTED(...) fault_set(fault, FAULT_UNSUPPORTED, __VA_ARGS__)
#define BROKEN(...) fault_set(fault, FAULT_FORMAT, __VA_ARGS__)

typedef unsigned long long wide;

static const struct compression *find_compression(uint64_t code)
{
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
        if (compressions[i].code == code)
            return &compressions[i];
    return NULL;
}

static bool check_sides(const struct tiff_layout *layout, struct fault *fault)
{
    if (!layout->width || !layout->height)
        return BROKEN("broken: its image has %llu columns and %llu rows", (wide)layout->width,
                      (wide)layout->height);
    if (layout->width > PAGE_SIDE_MAX || layout->height > PAGE_SIDE_MAX)
        return UNSUPPORTED("it claims %llu columns and %llu rows; images of more than %d either "
                           "way are not shown",
                           (wide)layout->width, (wide)layout->height, PAGE_SIDE_MAX);
    return true;
}

static bool check_colours(const struct tiff_layout *layout, struct fault *fault)
{
    if (layout->photometric > PHOTOMETRIC_MINISBLACK) {
        for (size_t i = 0; i < sizeof photometrics / sizeof *photometrics; i++)
            if (photometrics[i].code == layout->photometric)
                return UNSUPPORTED("%s are not shown yet", photometrics[i].images);
        return UNSUPPORTED("images of an unknown kind (photometric interpretation %llu) are not "
                           "shown",
                           (wide)layout->photometric);
    }
    if (layout->samples != 1)
        return UNSUPPORTED("gray images with %llu samples for each pixel are not shown yet",
                           (wide)layout->samples);
    return true;
}

static bool check_samples(const struct tiff_layout *layout, struct fault *fault)
{
    static const char *const formats[] = {
        "", "", " integer", " floating point", "", " complex integer", " complex floating point"};
    if (layout->format < 1 || layout->format > 6)
        return BROKEN("broken: its sample format is %llu", (wide)layout->format);
    bool whole = layout->format == SAMPLEFORMAT_UINT || layout->format == SAMPLEFORMAT_INT ||
                 layout->format == SAMPLEFORMAT_VOID;
    if (!whole || (layout->bits != 8 && layout->bits != 16))
        return UNSUPPORTED("%llu-bit%s samples are not shown yet", (wide)layout->bits,
                           whole ? "" : formats[layout->format]);
    return true;
}

static bool check_compression(const struct tiff_layout *layout, struct fault *fault)
{
    const struct compression *compression = find_compression(layout->compression);
    if (!compression)
        return UNSUPPORTED("compressed in a way that is not known (number %llu)",
                           (wide)layout->compression);
    if (compression->bilevel)
        return BROKEN("broken: compressed with %s, which cannot pack %llu-bit samples",
                      compression->name, (wide)layout->bits);
    if (!TIFFIsCODECConfigured((uint16_t)layout->compression))
        return UNSUPPORTED("compressed with %s, which this libtiff cannot decode",
                           compression->name);
    return true;
}

static const char *block_word(const struct tiff_layout *layout)
{
    return layout->tiled ? "tile" : "strip";
}

/* Bytes of a block's row, and of a block when it is decoded. */
static int64_t row_bytes(const struct tiff_layout *layout)
{
    return layout->block_width * (int64_t)layout->bits / 8;
}

/* Saturates: the sides of a tile come from the file. */
static int64_t block_bytes(const struct tiff_layout *layout)
{
    int64_t bytes;
    if (__builtin_mul_overflow(row_bytes(layout), layout->block_height, &bytes))
        return INT64_MAX;
    return bytes;
}

static bool check_tables(struct tiff_source *tiff, const struct tiff_layout *layout,
                         struct fault *fault)
{
    const char *word = block_word(layout);
    const struct tiff_entry *offsets = &layout->offsets, *sizes = &layout->sizes;
    uint64_t last;
    if (!offsets->count)
        return BROKEN("broken: it does not say where its %ss are", word);
    if (offsets->count < layout->blocks)
        return BROKEN("broken: it claims %llu rows in %lld %ss, but its table lists only %lld",
                      (wide)layout->height, (long long)layout->blocks, word,
                      (long long)offsets->count);
    if (!tiff_entry_value(&tiff->file, offsets, layout->blocks - 1, &last))
        return BROKEN("broken or cut short: the table of its %lld %ss cannot be read",
                      (long long)layout->blocks, word);
    bool by_rows = !layout->tiled && !find_compression(layout->compression)->whole;
    if (layout->compression == COMPRESSION_NONE || (by_rows && !sizes->count))
        return true;
    if (sizes->count < layout->blocks ||
        !tiff_entry_value(&tiff->file, sizes, layout->blocks - 1, &last))
        return BROKEN("broken or cut short: it does not give the sizes of its %lld %ss",
                      (long long)layout->blocks, word);
    return true;
}

/* Data that is not compressed must be there, or a good part of it: what claims 256 times the bytes
 * of its file is no image. A first block at byte 0 says the file is a sparse one. */
static bool check_claim(struct tiff_source *tiff, const struct tiff_layout *layout,
                        struct fault *fault)
{
    uint64_t first = 0;
    int64_t claimed;
    bool huge = __builtin_mul_overflow((int64_t)layout->width * (int64_t)(layout->bits / 8),
                                       (int64_t)layout->height, &claimed);
    if (!tiff_entry_value(&tiff->file, &layout->offsets, 0, &first) || !first)
        return true;
    if (!huge && claimed / 256 <= tiff->file.size)
        return true;
    return BROKEN("broken: it claims %llu x %llu samples of %llu bits, but the whole file has "
                  "only %lld bytes",
                  (wide)layout->width, (wide)layout->height, (wide)layout->bits,
                  (long long)tiff->file.size);
}

/* What must be held at once to decode: a tile, a row of a strip, or a strip for some codecs. */
static bool check_memory(const struct tiff_layout *layout, struct fault *fault)
{
    const struct compression *compression = find_compression(layout->compression);
    const char *name = compression->name;
    if (layout->tiled && block_bytes(layout) > TIFF_BLOCK_MAX)
        return UNSUPPORTED("tiles of %lld x %lld samples compressed with %s (%lld MiB each) are "
                           "too large to be decoded",
                           (long long)layout->block_width, (long long)layout->block_height, name,
                           (long long)(block_bytes(layout) >> 20));
    if (!layout->tiled && row_bytes(layout) > TIFF_BLOCK_MAX)
        return UNSUPPORTED("rows of %llu samples compressed with %s are too long to be decoded",
                           (wide)layout->width, name);
    if (!layout->tiled && compression->whole && block_bytes(layout) > TIFF_BLOCK_MAX)
        return UNSUPPORTED("strips of %lld rows (%lld MiB) compressed with %s are too large to be "
                           "decoded",
                           (long long)layout->block_height, (long long)(block_bytes(layout) >> 20),
                           name);
    return true;
}

/* libtiff decodes deflate two to three times as fast where it is given a whole strip (by
 * libdeflate) as row by row (by zlib). */
static bool is_sooner_whole(const struct tiff_layout *layout)
{
    bool deflate = layout->compression == COMPRESSION_ADOBE_DEFLATE ||
                   layout->compression == COMPRESSION_DEFLATE;
    return deflate && block_bytes(layout) <= SMALL_STRIP && layout->sizes.count >= layout->blocks;
}

static bool check_layout(struct tiff_source *tiff, struct tiff_layout *layout, struct fault *fault)
{
    if (!check_sides(layout, fault) || !check_colours(layout, fault) ||
        !check_samples(layout, fault) || !check_compression(layout, fault) ||
        !tiff_layout_blocks(layout, fault) || !check_tables(tiff, layout, fault))
        return false;
    return layout->compression == COMPRESSION_NONE ? check_claim(tiff, layout, fault)
                                                   : check_memory(layout, fault);
}

bool tiff_page_describe(struct tiff_source *tiff, struct tiff_layout *layout, int32_t index,
                        struct page *page, struct fault *fault)
{
    if (!check_layout(tiff, layout, fault))
        return false;
    layout->at_once =
        layout->tiled || find_compression(layout->compression)->whole || is_sooner_whole(layout);
    bool is_signed = layout->format == SAMPLEFORMAT_INT;
    bool direct = layout->compression == COMPRESSION_NONE;
    *page = (struct page){
        .width = (int64_t)layout->width,
        .height = (int64_t)layout->height,
        .index = index,
        .count = tiff->chain.pages,
        .type = layout->bits == 8 ? (is_signed ? SAMPLE_I8 : SAMPLE_U8)
                                  : (is_signed ? SAMPLE_I16 : SAMPLE_U16),
        .bits = (int32_t)layout->bits,
        .min_is_white = layout->photometric == PHOTOMETRIC_MINISWHITE,
        .tiled = layout->tiled,
        .block_width = layout->block_width,
        .block_height = layout->block_height,
        .blocks = layout->blocks,
        .direct = direct,
        .whole = !direct && block_bytes(layout) > TIFF_BLOCK_MAX,
        .big_tiff = tiff->file.big_tiff,
        .big_endian = tiff->file.big_endian,
        .orientation =
            layout->orientation >= 1 && layout->orientation <= 8 ? (int32_t)layout->orientation : 1,
    };
    snprintf(page->compression, sizeof page->compression, "%s",
             find_compression(layout->compression)->name);
    return true;
}

/* The number at the start of `text`, always with a decimal point whatever the locale; false when
 * there is none. */
static bool plain_number(const char *text, double *number)
{
    double sign = *text == '-' ? -1 : 1, value = 0, scale = 1;
    text += *text == '-' || *text == '+';
    const char *start = text;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (*text - '0');
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++, scale *= 10)
            value = value * 10 + (*text - '0');
    int exponent = 0;
    if (text > start && (*text == 'E' || *text == 'e'))
        sscanf(text + 1, "%4d", &exponent);
    *number = sign * value / scale * pow(10, exponent);
    return text > start && isfinite(*number);
}

static bool line_number(const char *description, const char *key, double *number)
{
    const char *line = strstr(description, key);
    return line && plain_number(line + strlen(key), number);
}

/* Takes low and high as the page's window when they are one. */
static bool take_window(struct page *page, enum window_origin origin, double low, double high)
{
    if (!isfinite(low) || !isfinite(high) || low >= high)
        return false;
    page->window_origin = origin;
    page->window_low = low;
    page->window_high = high;
    return true;
}

static void find_window(TIFF *tiff, struct page *page)
{
    const char *description = NULL;
    double low, high;
    if (TIFFGetField(tiff, TIFFTAG_IMAGEDESCRIPTION, &description) && description &&
        !strncmp(description, "ImageJ=", 7) && line_number(description, "\nmin=", &low) &&
        line_number(description, "\nmax=", &high) && take_window(page, WINDOW_IMAGEJ, low, high))
        return;
    if (TIFFGetField(tiff, TIFFTAG_SMINSAMPLEVALUE, &low) &&
        TIFFGetField(tiff, TIFFTAG_SMAXSAMPLEVALUE, &high))
        take_window(page, WINDOW_TIFF_TAGS, low, high);
}

static void find_spacing(TIFF *tiff, struct page *page)
{
    float x = 0, y = 0;
    uint16_t unit = RESUNIT_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    double mm = unit == RESUNIT_INCH ? 25.4 : unit == RESUNIT_CENTIMETER ? 10 : 0;
    if (!TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) ||
        !TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) || !isfinite(x) || !isfinite(y) || x <= 0 ||
        y <= 0 || mm <= 0)
        return;
    page->spacing_x = mm / (double)x;
    page->spacing_y = mm / (double)y;
    snprintf(page->spacing_source, sizeof page->spacing_source, "TIFF resolution");
}

void tiff_page_extras(struct tiff_source *tiff, struct page *page)
{
    find_window(tiff->tiff, page);
    find_spacing(tiff->tiff, page);
}

bool tiff_page_agrees(TIFF *tiff, const struct tiff_layout *layout)
{
    uint32_t width = 0, height = 0;
    uint16_t bits = 0, samples = 0, compression = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    if (width != layout->width || height != layout->height || bits != layout->bits ||
        samples != 1 || compression != layout->compression || TIFFIsTiled(tiff) != layout->tiled)
        return false;
    if (compression == COMPRESSION_NONE)
        return true;
    uint32_t rows = UINT32_MAX;
    if (layout->tiled)
        return TIFFTileSize(tiff) == block_bytes(layout) &&
               TIFFTileRowSize(tiff) == row_bytes(layout) &&
               TIFFNumberOfTiles(tiff) == layout->blocks;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    return TIFFScanlineSize(tiff) == row_bytes(layout) &&
           min64(rows, height) == layout->block_height;
}
