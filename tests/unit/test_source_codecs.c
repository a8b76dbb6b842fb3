/* Every compression that this libtiff has, held against what libtiff itself decodes, or against
 * what was written where nothing is lost. Guards source/tiff_codec.c, source/tiff_decode.c. */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/source.h"
#include "source/tiff_codec.h"
#include "source/tiff_directory.h"
#include "source/tiff_file.h"
#include "support/tiff_old.h"
#include "support/codec_file.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"
#include "support/tiff_raw.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An image as libtiff decodes it: strips one behind the other. */
static struct {
    uint32_t width, height, rows;
    int bits, samples;
    bool floats;
    tmsize_t line, strip;
    uint8_t bytes[4 << 20];
} decoded;

static double decoded_number(const void *context, int64_t x, int64_t y, int channel)
{
    const uint8_t *line = decoded.bytes + y * decoded.line;
    int64_t at = (x * decoded.samples + channel) * decoded.bits;
    uint64_t pattern = 0;
    float number;
    (void)context;
    if (decoded.bits < 8) {
        for (int b = 0; b < decoded.bits; b++, at++)
            pattern = pattern << 1 | (line[at / 8] >> (7 - at % 8) & 1);
        return (double)pattern;
    }
    memcpy(&pattern, line + at / 8, (size_t)decoded.bits / 8);
    memcpy(&number, &pattern, sizeof number);
    return decoded.floats ? (double)number : (double)pattern;
}

static void decode_with_libtiff(const char *path, const struct codec *codec)
{
    TIFF *tiff = TIFFOpen(path, "r");
    bool logs = codec->compression == COMPRESSION_SGILOG;
    if (logs)
        TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &decoded.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &decoded.height);
    TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &decoded.rows);
    bool odd = codec->compression == COMPRESSION_PIXARLOG && codec->bits > 8 && codec->bits < 16;
    if (odd)
        TIFFSetField(tiff, TIFFTAG_PIXARLOGDATAFMT, PIXARLOGDATAFMT_16BIT);
    decoded.bits = logs ? 32 : odd ? 16 : codec->bits;
    decoded.samples = codec->samples;
    decoded.floats = codec->format == SAMPLEFORMAT_IEEEFP;
    decoded.line = TIFFScanlineSize(tiff);
    decoded.strip = TIFFStripSize(tiff);
    for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++)
        TIFFReadEncodedStrip(tiff, i, decoded.bytes + i * decoded.strip, decoded.strip);
    TIFFClose(tiff);
}

static void check_codec(const char *path, const struct codec *codec)
{
    struct fault fault;
    decode_with_libtiff(path, codec);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL(source);
    if (!source) {
        printf("  %s: %s\n", codec->name, fault.text);
        return;
    }
    struct area whole = {0, 0, decoded.width, decoded.height}, part = {100, 50, 90, 77};
    bool right = reads_as(source, whole, decoded_number, NULL, 0);
    source_rest(source);
    right &= reads_as(source, part, decoded_number, NULL, 0);
    CU_ASSERT(right);
    if (!right)
        printf("  %s\n", codec->name);
    source_close(source);
}

static void every_compression_reads_as_libtiff_decodes(void)
{
    const char *path = scratch_path("codec.tif");
    for (size_t i = 0; i < codec_count; i++)
        if (codec_make(path, &codecs[i]))
            check_codec(path, &codecs[i]);
}

/* Light from 0 to 2, which is what its floats are for. */
static double light(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    double number = tiff_number_plain(&(struct tiff_recipe){.bits = 16}, x, y, page, sample);
    return recipe->format == SAMPLEFORMAT_IEEEFP ? number / 32768 : number;
}

/* Sets a number of the only directory of a little-endian file. */
static void set_number(const char *path, int tag, uint16_t number)
{
    struct tiff_file file;
    struct tiff_directory directory;
    struct fault fault;
    CU_ASSERT_FATAL(tiff_file_open(&file, open(path, O_RDONLY), &fault));
    CU_ASSERT_FATAL(tiff_directory_open(&file, file.first_directory, &directory));
    struct tiff_entry entry = tiff_directory_find(&file, &directory, tag, directory.entries);
    CU_ASSERT_FATAL(entry.count > 0);
    for (int64_t i = 0; i < entry.count; i++)
        scratch_patch(path, entry.offset + 2 * i, &number, sizeof number);
    tiff_file_close(&file);
}

/* libtiff says 8 bits of what it writes, whatever went in; others do not. */
static void pixarlog_of_every_kind_reads_as_libtiff_decodes(void)
{
    static const struct codec kinds[] = {
        {"PixarLog of 16 bits", COMPRESSION_PIXARLOG, 1, 16, 1, SAMPLEFORMAT_UINT},
        {"PixarLog of 12 bits", COMPRESSION_PIXARLOG, 1, 12, 1, SAMPLEFORMAT_UINT},
        {"PixarLog in colour", COMPRESSION_PIXARLOG, 2, 16, 3, SAMPLEFORMAT_UINT},
        {"PixarLog of floats", COMPRESSION_PIXARLOG, 1, 32, 1, SAMPLEFORMAT_IEEEFP},
    };
    const char *path = scratch_path("codec.tif");
    for (size_t i = 0; i < COUNT(kinds) && TIFFIsCODECConfigured(COMPRESSION_PIXARLOG); i++) {
        struct tiff_recipe r = {.width = 300,
                                .height = 200,
                                .bits = kinds[i].bits == 12 ? 16 : kinds[i].bits,
                                .format = kinds[i].format,
                                .photometric = kinds[i].photometric,
                                .samples = kinds[i].samples,
                                .number = light,
                                .rows_per_strip = 64,
                                .compression = COMPRESSION_PIXARLOG};
        CU_ASSERT_FATAL(tiff_make(path, &r));
        set_number(path, TIFFTAG_BITSPERSAMPLE, kinds[i].bits);
        set_number(path, TIFFTAG_SAMPLEFORMAT, kinds[i].format);
        check_codec(path, &kinds[i]);
    }
}

/* Bytes as libtiff decodes them, of any arrangement: planes of samples. */
enum { LOSSY_WIDTH = 150, LOSSY_HEIGHT = 110, LOSSY_SAMPLES = 5 };
static uint8_t lossy[LOSSY_SAMPLES][LOSSY_HEIGHT][LOSSY_WIDTH];

static void decode_planes(const char *path, const struct tiff_recipe *r)
{
    static uint8_t block[LOSSY_SAMPLES * 256 * 256];
    TIFF *tiff = TIFFOpen(path, "r");
    int together = r->separate ? 1 : r->samples, planes = r->separate ? r->samples : 1;
    uint32_t wide = r->tile_width ? (uint32_t)r->tile_width : LOSSY_WIDTH, high = LOSSY_HEIGHT;
    if (r->tile_width)
        high = (uint32_t)r->tile_height;
    else
        TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &high);
    for (int i = 0; i < planes * LOSSY_HEIGHT * LOSSY_WIDTH; i++) {
        uint32_t x = (uint32_t)(i % LOSSY_WIDTH), y = (uint32_t)(i / LOSSY_WIDTH % LOSSY_HEIGHT);
        int plane = i / LOSSY_WIDTH / LOSSY_HEIGHT;
        if (x % wide || y % high)
            continue;
        if (r->tile_width)
            TIFFReadTile(tiff, block, x, y, 0, (uint16_t)plane);
        else
            TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, (uint16_t)plane), block, -1);
        for (uint32_t j = 0; j < wide * high * (uint32_t)together; j++) {
            uint32_t at = j / (uint32_t)together, row = y + at / wide, column = x + at % wide;
            if (row < LOSSY_HEIGHT && column < LOSSY_WIDTH)
                lossy[plane + (int)(j % (uint32_t)together)][row][column] = block[j];
        }
    }
    TIFFClose(tiff);
}

static double lossy_sample(const void *context, int64_t x, int64_t y, int channel)
{
    (void)channel;
    return lossy[*(const int *)context][y][x];
}

static double slow_wave(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                        int sample)
{
    (void)recipe, (void)page;
    return floor(128 + 100 * sin((double)x / 20 + (double)y / 15 + sample));
}

static void check_samples(const struct tiff_recipe *r)
{
    const char *path = scratch_path("lossy.tif");
    struct fault fault;
    struct page page;
    CU_ASSERT_FATAL(tiff_make(path, r));
    decode_planes(path, r);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    for (int sample = 0; sample < r->samples; sample++) {
        struct source_choice choice = {0, r->samples > 1 ? sample + 1 : 0, 0, 0};
        bool right = source_select(source, &choice, &page, &fault) && page.channels == 1 &&
                     reads_as(source, (struct area){0, 0, LOSSY_WIDTH, LOSSY_HEIGHT}, lossy_sample,
                              &sample, 0) &&
                     reads_as(source, (struct area){61, 37, 80, 50}, lossy_sample, &sample, 0);
        CU_ASSERT(right);
        if (!right)
            printf("  sample %d of %d%s, compression %d, photometric %d, tiles of %d, strips of "
                   "%d\n",
                   sample, r->samples, r->separate ? " in planes" : "", r->compression,
                   r->photometric, r->tile_width, (int)r->rows_per_strip);
    }
    source_close(source);
}

static void lossy_codecs_read_right_in_every_arrangement(void)
{
    static const struct {
        int compression, photometric, samples, extra;
        bool separate;
    } kinds[] = {
        {COMPRESSION_JPEG, PHOTOMETRIC_MINISBLACK, 1, 0, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_MINISWHITE, 1, 0, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_MINISBLACK, 2, EXTRASAMPLE_UNSPECIFIED + 1, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_RGB, 3, 0, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_RGB, 3, 0, true},
        {COMPRESSION_JPEG, PHOTOMETRIC_RGB, 4, EXTRASAMPLE_UNASSALPHA + 1, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_SEPARATED, 4, 0, false},
        {COMPRESSION_JPEG, PHOTOMETRIC_SEPARATED, 4, 0, true},
        {COMPRESSION_WEBP, PHOTOMETRIC_RGB, 3, 0, false},
        {COMPRESSION_WEBP, PHOTOMETRIC_RGB, 4, EXTRASAMPLE_UNASSALPHA + 1, false},
        {COMPRESSION_PIXARLOG, PHOTOMETRIC_MINISBLACK, 1, 0, false},
        {COMPRESSION_PIXARLOG, PHOTOMETRIC_RGB, 3, 0, false},
        {COMPRESSION_PIXARLOG, PHOTOMETRIC_RGB, 3, 0, true},
    };
    static const int layouts[][2] = {{0, 16}, {0, 0}, {64, 0}, {256, 0}};
    for (size_t i = 0; i < COUNT(kinds) * COUNT(layouts); i++) {
        const int *layout = layouts[i % COUNT(layouts)];
        struct tiff_recipe r = {.width = LOSSY_WIDTH,
                                .height = LOSSY_HEIGHT,
                                .bits = 8,
                                .samples = kinds[i / COUNT(layouts)].samples,
                                .photometric = kinds[i / COUNT(layouts)].photometric,
                                .compression = kinds[i / COUNT(layouts)].compression,
                                .separate = kinds[i / COUNT(layouts)].separate,
                                .extra = {kinds[i / COUNT(layouts)].extra},
                                .tile_width = layout[0],
                                .tile_height = layout[0],
                                .rows_per_strip = layout[1],
                                .number = slow_wave};
        bool unwritten = r.compression == COMPRESSION_PIXARLOG && layout[0]; /* libtiff does not */
        if (TIFFIsCODECConfigured((uint16_t)r.compression) && !unwritten)
            check_samples(&r);
    }
}

static double as_written(const void *context, int64_t x, int64_t y, int channel)
{
    return tiff_number_plain(context, x, y, 0, channel);
}

/* What loses nothing, in tiles, whole, and in strips of several heights. */
static void bilevel_images_read_as_written(void)
{
    static const int bilevel[] = {COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3,
                                  COMPRESSION_CCITTFAX4, COMPRESSION_PACKBITS};
    for (size_t i = 0; i < 8 * COUNT(bilevel); i++) {
        struct fault fault;
        struct tiff_recipe r = {.width = 211,
                                .height = 95,
                                .bits = 1,
                                .photometric = i & 1,
                                .compression = bilevel[i / 8],
                                .tile_width = i & 2 ? 64 : 0,
                                .tile_height = i & 2 ? 48 : 0,
                                .rows_per_strip = i & 4 ? 17 : 0,
                                .reversed = i & 4};
        const char *path = scratch_path("bilevel.tif");
        if (!TIFFIsCODECConfigured((uint16_t)r.compression))
            continue;
        CU_ASSERT_FATAL(tiff_make(path, &r));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        bool right = source->page.min_is_white == !(i & 1) &&
                     reads_as(source, (struct area){0, 0, 211, 95}, as_written, &r, 0) &&
                     reads_as(source, (struct area){101, 60, 99, 20}, as_written, &r, 0);
        CU_ASSERT(right);
        if (!right)
            printf("  compression %d, case %d\n", r.compression, (int)i % 8);
        source_close(source);
    }
}

/* Old-style JPEG, which libtiff does not write: a stream that it made for the new style, told of by
 * the old tags. */

enum { SIDE = 96 };
static uint32_t converted[SIDE * SIDE];

static double converted_level(const void *context, int64_t x, int64_t y, int channel)
{
    (void)context;
    return converted[y * SIDE + x] >> 8 * channel & 255;
}

/* Returns the bytes of the stream, which is that of the file's only strip. */
static tmsize_t make_stream(const char *path, int down, uint8_t *stream, tmsize_t room)
{
    static uint8_t rows[SIDE * SIDE * 3];
    TIFF *tiff = TIFFOpen(path, "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_JPEG);
    TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 2, down);
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    TIFFSetField(tiff, TIFFTAG_JPEGTABLESMODE, 0);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, SIDE);
    for (int i = 0; i < SIDE * SIDE * 3; i++)
        rows[i] = (uint8_t)(128 + 100 * sin(i / 3 % SIDE / 20.0 + i / 3 / SIDE / 15.0 + i % 3));
    TIFFWriteEncodedStrip(tiff, 0, rows, sizeof rows);
    TIFFClose(tiff);
    tiff = TIFFOpen(path, "r");
    tmsize_t bytes = TIFFReadRawStrip(tiff, 0, stream, room);
    TIFFClose(tiff);
    return bytes;
}

static const char *make_old_jpeg(int down)
{
    static uint8_t stream[1 << 16];
    static const uint64_t bits[3] = {8, 8, 8};
    const uint64_t units[2] = {2, (uint64_t)down};
    tmsize_t bytes = make_stream(scratch_path("new.tif"), down, stream, sizeof stream);
    CU_ASSERT_FATAL(bytes > 100);
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    uint64_t at = raw_data(&raw, stream, (size_t)bytes);
    raw_image(&raw, SIDE, SIDE, 8, at, (uint64_t)bytes);
    raw_numbers(&raw, 258, RAW_SHORT, bits, 3);
    raw_number(&raw, 259, RAW_SHORT, 6);
    raw_number(&raw, 262, RAW_SHORT, 6);
    raw_number(&raw, 277, RAW_SHORT, 3);
    raw_number(&raw, 278, RAW_LONG, SIDE);
    raw_number(&raw, 513, RAW_LONG, at);
    raw_number(&raw, 514, RAW_LONG, (uint64_t)bytes);
    if (down == 2) /* what is not told libtiff finds in the stream */
        raw_numbers(&raw, 530, RAW_SHORT, units, 2);
    raw_directory(&raw, true);
    return raw_write(&raw, "old.tif");
}

static void old_style_jpeg_reads_as_libtiff_converts(void)
{
    if (!TIFFIsCODECConfigured(COMPRESSION_OJPEG))
        return;
    for (int down = 1; down <= 2; down++) {
        struct fault fault;
        TIFFErrorHandler warnings = TIFFSetWarningHandler(NULL);
        const char *path = make_old_jpeg(down);
        TIFF *tiff = TIFFOpen(path, "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
        CU_ASSERT(TIFFReadRGBAImageOriented(tiff, SIDE, SIDE, converted, ORIENTATION_TOPLEFT, 1));
        TIFFClose(tiff);
        TIFFSetWarningHandler(warnings);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_STRING_EQUAL(source->page.compression, "old-style JPEG");
        CU_ASSERT(reads_as(source, (struct area){0, 0, SIDE, SIDE}, converted_level, NULL, 2));
        CU_ASSERT(reads_as(source, (struct area){31, 17, 40, 50}, converted_level, NULL, 2));
        source_close(source);
    }
}

static bool make_logluv(const char *path, int compression)
{
    static float row[SIDE * 3];
    TIFF *tiff = TIFFOpen(path, "w");
    bool fine = true;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_LOGLUV);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 40);
    for (int y = 0; y < SIDE && fine; y++) {
        for (int i = 0; i < SIDE * 3; i++) /* X, Y and Z */
            row[i] = (float)(0.02 + 0.9 * i / 3 / SIDE * (1 + 0.3 * sin(y / 17.0 + i % 3 * 2)));
        fine = TIFFWriteScanline(tiff, row, (uint32_t)y, 0) == 1;
    }
    TIFFClose(tiff);
    return fine;
}

static void logluv_reads_as_libtiff_converts(void)
{
    static const int packed[] = {COMPRESSION_SGILOG, COMPRESSION_SGILOG24};
    const char *path = scratch_path("logluv.tif");
    for (int i = 0; i < 2 && TIFFIsCODECConfigured(COMPRESSION_SGILOG); i++) {
        struct fault fault;
        CU_ASSERT_FATAL(make_logluv(path, packed[i]));
        TIFF *tiff = TIFFOpen(path, "r");
        CU_ASSERT(TIFFReadRGBAImageOriented(tiff, SIDE, SIDE, converted, ORIENTATION_TOPLEFT, 1));
        TIFFClose(tiff);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_EQUAL(source->page.channels, 3);
        CU_ASSERT(reads_as(source, (struct area){0, 0, SIDE, SIDE}, converted_level, NULL, 0));
        CU_ASSERT(reads_as(source, (struct area){31, 17, 40, 50}, converted_level, NULL, 0));
        CU_ASSERT((converted[SIDE * SIDE - 1] & 255) >
                  (converted[0] & 255) + 30); /* libtiff dithers */
        source_close(source);
    }
}

/* As many strips as rows. */
static int32_t narrow_value(int64_t x, int64_t y, int page)
{
    return (int32_t)((x * 31 + y * 7 + page) & 65535);
}

static void many_strips_of_one_row_read_right(void)
{
    static const int some[] = {0, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE};
    for (size_t i = 0; i < COUNT(some); i++) {
        struct fault fault;
        struct tiff_recipe r = {.width = 9,
                                .height = 100000,
                                .type = SAMPLE_U16,
                                .rows_per_strip = 1,
                                .compression = some[i],
                                .value = narrow_value};
        const char *path = scratch_path("strips.tif");
        CU_ASSERT_FATAL(tiff_make(path, &r));
        ledger_reset();
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(source->page.blocks == 100000);
        CU_ASSERT(reads_right(source, (struct area){0, 0, 9, 100000}, narrow_value));
        CU_ASSERT(ledger_line(LEDGER_SOURCE).peak < 128 << 10);
        source_close(source);
    }
}

static void codecs_are_known_once(void)
{
    for (uint32_t code = 0; code < 65536; code++) {
        const struct tiff_codec *codec = tiff_codec_find(code);
        CU_ASSERT(!codec || (codec->code == code && codec->name[0]));
        CU_ASSERT(codec || !TIFFIsCODECConfigured((uint16_t)code) || code == 0);
    }
}

SUITE("source codecs",
      {"every compression reads as libtiff decodes it", every_compression_reads_as_libtiff_decodes},
      {"PixarLog of every kind reads as libtiff decodes it",
       pixarlog_of_every_kind_reads_as_libtiff_decodes},
      {"lossy codecs read right in every arrangement",
       lossy_codecs_read_right_in_every_arrangement},
      {"bilevel images read as written", bilevel_images_read_as_written},
      {"old-style JPEG reads as libtiff converts it", old_style_jpeg_reads_as_libtiff_converts},
      {"LogLuv reads as libtiff converts it", logluv_reads_as_libtiff_converts},
      {"many strips of one row read right", many_strips_of_one_row_read_right},
      {"codecs are known once", codecs_are_known_once})
