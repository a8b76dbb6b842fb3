/* The table of malformed files: see support/malformed.h. */
#include "support/malformed.h"

#include <stdio.h>
#include <string.h>

#include "config.h"

#ifdef HAVE_EXPAT
#define XML_BROKEN "broken XML"
#else
#define XML_BROKEN "XML, and this program was built without expat"
#endif

enum {
    COLUMNS = 256,
    ROWS = 257,
    BITS = 258,
    COMPRESSION = 259,
    PHOTOMETRIC = 262,
    FILL_ORDER = 266,
    DESCRIPTION = 270,
    OFFSETS = 273,
    ORIENTATION = 274,
    SAMPLES = 277,
    STRIP_ROWS = 278,
    SIZES = 279,
    X_RESOLUTION = 282,
    Y_RESOLUTION = 283,
    PLANAR = 284,
    SOFTWARE = 305,
    PREDICTOR = 317,
    COLOUR_MAP = 320,
    TILE_COLUMNS = 322,
    TILE_ROWS = 323,
    TILE_OFFSETS = 324,
    TILE_SIZES = 325,
    CHILDREN = 330,
    EXTRA = 338,
    FORMAT = 339,
    LEAST = 340,
    MOST = 341,
    JPEG_TABLES = 347,
    SUBSAMPLING = 530,
    GEO_KEYS = 34735,
    METADATA = 42112,
    NODATA = 42113,
};

#define NONE(tag)                 \
    {                             \
        tag, MALFORMED_DROP, 0, 0 \
    }
#define SHORT(tag, value)        \
    {                            \
        tag, RAW_SHORT, 1, value \
    }
#define LONG(tag, value)        \
    {                           \
        tag, RAW_LONG, 1, value \
    }
#define LONG8(tag, value)        \
    {                            \
        tag, RAW_LONG8, 1, value \
    }
/* Two SHORTs, in the entry itself. */
#define PAIR(tag, a, b)                    \
    {                                      \
        tag, RAW_SHORT, 2, (a) | (b) << 16 \
    }
#define EDITS(...) .edits = {__VA_ARGS__}
#define TEXT(tag, words) .text_tag = tag, .text = words
#define TILES(columns, rows)                                                   \
    NONE(STRIP_ROWS), NONE(OFFSETS), NONE(SIZES), LONG(TILE_COLUMNS, columns), \
        LONG(TILE_ROWS, rows), LONG(TILE_OFFSETS, MALFORMED_STRIP), LONG(TILE_SIZES, 512)
#define CODED(code, bits) SHORT(COMPRESSION, code), SHORT(BITS, bits)

#define REFUSED MALFORMED_REFUSED
#define PARTLY MALFORMED_PARTLY
#define SHOWN MALFORMED_SHOWN
#define EITHER MALFORMED_EITHER

static const char strip_bad[] = "strip 0 (rows 0 to 15) cannot be decoded: ";
static const char tile_bad[] = "tile 0 (columns 0 to 15, rows 0 to 15) cannot be decoded: ";

const struct malformed_case malformed_cases[] = {
    /* The header. edits[0]: .count bytes of file; a number of .type at byte .tag (0: none). */
    {"header-4", REFUSED, "cut short: the file has only 4 bytes", .build = malformed_header,
     EDITS({0, 0, 4, 0})},
    {"header-7", REFUSED, "cut short: the file has only 7 bytes", .build = malformed_header,
     EDITS({0, 0, 7, 0})},
    {"header-big-12", REFUSED, "cut short: the file has only 12 bytes", .build = malformed_header,
     EDITS({0, 0, 12, 0}), .big_tiff = true},
    {"header-offsets-of-4", REFUSED, "its TIFF header makes no sense", .build = malformed_header,
     EDITS({4, RAW_SHORT, 24, 4}), .big_tiff = true},
    {"directory-beyond", REFUSED, "should be at byte 2147483647, but the file has only 24 bytes",
     .build = malformed_header, EDITS({4, RAW_LONG, 24, 0x7fffffff})},
    {"directory-far-beyond", REFUSED, "but the file has only 24 bytes", .build = malformed_header,
     EDITS({8, RAW_LONG8, 24, UINT64_MAX}), .big_tiff = true},
    {"directory-at-0", REFUSED, "it holds no image", .build = malformed_header,
     EDITS({0, 0, 24, 0})},
    {"directory-in-header", REFUSED, "the directory at byte 4 of 8 cannot be read",
     .build = malformed_header, EDITS({4, RAW_LONG, 8, 4})},
    {"directory-odd", SHOWN, "", .build = malformed_odd_place},
    {"directory-empty", REFUSED, "broken: the directory at byte 8 is empty",
     .build = malformed_no_entries},
    {"directory-cut", REFUSED, "cannot be read", .build = malformed_cut},
    {"directory-not-ended", SHOWN, "", .build = malformed_link_cut},

    /* Chains of directories. edits[0]: .tag pages, the last of which names page .count as the next
     * one. */
    {"loop-self", SHOWN, "", .build = malformed_loop, EDITS({1, 0, 0, 0}), .pages = 1},
    {"loop-first", SHOWN, "", .build = malformed_loop, EDITS({3, 0, 0, 0}), .pages = 3},
    {"loop-pair", SHOWN, "", .build = malformed_loop, EDITS({2, 0, 0, 0}), .pages = 2},
    {"loop-late", SHOWN, "", .build = malformed_loop, EDITS({1000, 0, 700, 0}), .pages = 1000,
     .fact = "directories: 1000, 1000 of them in the chain"},
    {"loop-long", SHOWN, "", .build = malformed_loop, EDITS({65535, 0, 0, 0}), .pages = 65535,
     .fact = "directories: 65535, 65535 of them in the chain"},
    {"loop-big", SHOWN, "", .build = malformed_loop, EDITS({70, 0, 69, 0}), .pages = 70,
     .big_tiff = true},
    {"chain-backwards", SHOWN, "", .build = malformed_backwards, .pages = 5},
    {"chain-beyond", SHOWN, "", .build = malformed_late, EDITS({0, 0, 0x7ffffff0, 0})},
    {"chain-to-nothing", SHOWN, "", .build = malformed_late, EDITS({0, 0, MALFORMED_ZEROS, 0})},
    /* edits[0]: .tag SubIFDs, of which each has the next as its SubIFD, the last the one .count (0:
     * the page itself). */
    {"children-parent", SHOWN, "", .build = malformed_children, EDITS({1, 0, 0, 0})},
    {"children-self", SHOWN, "", .build = malformed_children, EDITS({1, 0, 1, 0})},
    {"children-pair", SHOWN, "", .build = malformed_children, EDITS({2, 0, 1, 0}),
     .fact = "directories: 3, 1 of them in the chain"},
    {"children-many", SHOWN, "", .build = malformed_children, EDITS({200, 0, 7, 0}),
     .fact = "directories: 64 or more, 1 of them in the chain"},
    {"children-4g", SHOWN, "", EDITS({CHILDREN, RAW_LONG, UINT32_MAX, 0x7fffffff})},
    {"children-in-data", SHOWN, "", EDITS({CHILDREN, RAW_LONG, 100, MALFORMED_STRIP})},

    /* Sizes. */
    {"columns-0", REFUSED, "its image has 0 columns and 16 rows", EDITS(LONG(COLUMNS, 0))},
    {"rows-0", REFUSED, "its image has 16 columns and 0 rows", EDITS(LONG(ROWS, 0))},
    {"columns-missing", REFUSED, "does not tell the width of its image", EDITS(NONE(COLUMNS))},
    {"columns-float", REFUSED, "does not tell the width of its image",
     EDITS({COLUMNS, RAW_FLOAT, 1, 0x41800000})},
    {"columns-no-type", REFUSED, "does not tell the width of its image",
     EDITS({COLUMNS, 0, 1, 16})},
    {"columns-count-4g", REFUSED, "does not tell the width of its image",
     EDITS({COLUMNS, RAW_LONG, UINT32_MAX, 0x7fffffff})},
    {"rows-missing", REFUSED, "does not tell the height of its image", EDITS(NONE(ROWS))},
    {"sides-missing", REFUSED, "does not tell the size of its image",
     EDITS(NONE(COLUMNS), NONE(ROWS))},
    {"sides-4g", REFUSED, "it claims 4294967295 columns and 4294967295 rows",
     EDITS(LONG(COLUMNS, UINT32_MAX), LONG(ROWS, UINT32_MAX))},
    {"columns-2-40", REFUSED, "it claims 1099511627776 columns and 16 rows",
     EDITS(LONG8(COLUMNS, UINT64_C(1) << 40)), .big_tiff = true},
    {"sides-2g", REFUSED, "it claims 2147483647 x 2147483647 samples",
     EDITS(LONG(COLUMNS, INT32_MAX), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"sides-2g-deflate", REFUSED, "rows of 2147483647 pixels",
     EDITS(LONG(COLUMNS, INT32_MAX), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX),
           SHORT(COMPRESSION, 8))},
    {"sides-2g-sparse", REFUSED, "it claims 2147483647 x 2147483647 samples",
     EDITS(LONG(COLUMNS, INT32_MAX), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX),
           LONG(OFFSETS, 0), LONG(SIZES, 0))},
    {"rows-2g-sparse", REFUSED, "it claims 2000000 x 2147483647 samples",
     EDITS(LONG(COLUMNS, 2000000), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX),
           LONG(OFFSETS, 0), LONG(SIZES, 0), SHORT(COMPRESSION, 8))},
    {"sparse", SHOWN, "", EDITS(LONG(COLUMNS, 1000), LONG(OFFSETS, 0), LONG(SIZES, 0))},
    {"row-of-2-53-bits", REFUSED, "it claims 2147483647 x 16",
     EDITS(LONG(COLUMNS, INT32_MAX), SHORT(SAMPLES, 65535), SHORT(BITS, 64))},
    {"image-of-2-84-bits", REFUSED, "it claims 2147483647 x 2147483647",
     EDITS(LONG(COLUMNS, INT32_MAX), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX),
           SHORT(SAMPLES, 65535), SHORT(BITS, 64))},
    {"claim-of-256-files", REFUSED, "but the whole file has only",
     EDITS(LONG(COLUMNS, 1000), LONG(ROWS, 1000), LONG(STRIP_ROWS, 1000))},
    {"claim-of-bits", REFUSED, "samples of 1 bit, but the whole file has only",
     EDITS(LONG(COLUMNS, INT32_MAX), LONG(ROWS, 1), SHORT(BITS, 1))},

    /* Samples. */
    {"bits-0", REFUSED, "0-bit samples are not shown", EDITS(SHORT(BITS, 0))},
    {"bits-77", REFUSED, "77-bit samples are not shown", EDITS(SHORT(BITS, 77))},
    {"bits-65535", REFUSED, "65535-bit samples are not shown", EDITS(SHORT(BITS, 65535))},
    {"bits-2-40", REFUSED, "-bit samples are not shown", EDITS(LONG8(BITS, UINT64_C(1) << 40)),
     .big_tiff = true},
    {"bits-mixed-lzw", REFUSED, "the samples of a pixel have different sizes",
     EDITS(PAIR(BITS, 8, 16), SHORT(SAMPLES, 2), SHORT(COMPRESSION, 5))},
    {"jpeg-too-wide", REFUSED, "compressed with JPEG in strips of 65501 x 16 samples",
     EDITS(SHORT(COMPRESSION, 7), SHORT(BITS, 8), LONG(COLUMNS, 65501))},
    {"bits-mixed-0", REFUSED, "0-bit samples are not shown",
     EDITS(PAIR(BITS, 8, 0), SHORT(SAMPLES, 2))},
    {"bits-mixed-65535", REFUSED, "65535-bit samples are not shown",
     EDITS(PAIR(BITS, 8, 65535), SHORT(SAMPLES, 2))},
    {"formats-mixed", REFUSED, "the samples of a pixel have different formats",
     EDITS(SHORT(BITS, 8), SHORT(SAMPLES, 2), PAIR(FORMAT, 1, 2))},
    {"format-99", REFUSED, "its sample format is 99", EDITS(SHORT(FORMAT, 99))},
    {"float-of-8-bits", REFUSED, "8-bit floating point samples are not shown",
     EDITS(SHORT(BITS, 8), SHORT(FORMAT, 3))},
    {"samples-0", REFUSED, "0 samples for each pixel", EDITS(SHORT(SAMPLES, 0))},
    {"samples-2g", REFUSED, "2147483648 samples for each pixel",
     EDITS(LONG(SAMPLES, UINT32_C(1) << 31))},
    {"photometric-9999", REFUSED, "photometric interpretation 9999",
     EDITS(SHORT(PHOTOMETRIC, 9999))},
    {"planar-7", REFUSED, "its planar configuration is 7", EDITS(SHORT(PLANAR, 7))},
    {"planes-missing", REFUSED,
     "it claims 16 rows in 3 strips (3 planes of 1), but its table lists only 1",
     EDITS(SHORT(PLANAR, 2), SHORT(SAMPLES, 3), SHORT(BITS, 8), LONG(COLUMNS, 8))},
    {"orientation-99", SHOWN, "", EDITS(SHORT(ORIENTATION, 99))},
    {"fill-order-7", SHOWN, "", EDITS(SHORT(FILL_ORDER, 7))},
    {"extra-too-many", SHOWN, "", EDITS(PAIR(EXTRA, 1, 2))},
    {"extra-4g", SHOWN, "", EDITS({EXTRA, RAW_SHORT, UINT32_MAX, 0x7fffffff})},
    {"extra-too-many-lzw", REFUSED, "broken: it tells of 2 extra samples, but a pixel has 1 in all",
     EDITS(PAIR(EXTRA, 1, 2), SHORT(COMPRESSION, 5))},
    {"palette-missing", REFUSED, "it has no colour map",
     EDITS(SHORT(PHOTOMETRIC, 3), SHORT(BITS, 8))},
    {"palette-short", SHOWN, "", .build = malformed_palette,
     EDITS(SHORT(PHOTOMETRIC, 3), SHORT(BITS, 8))},
    {"palette-short-16", SHOWN, "", .build = malformed_palette, EDITS(SHORT(PHOTOMETRIC, 3))},
    {"palette-beyond", REFUSED, "colour map",
     EDITS(SHORT(PHOTOMETRIC, 3), SHORT(BITS, 8), {COLOUR_MAP, RAW_SHORT, 768, 0x7fffff})},
    {"subsampling-3-5", REFUSED, "its YCbCr subsampling is 3 by 5",
     EDITS(SHORT(PHOTOMETRIC, 6), SHORT(SAMPLES, 3), SHORT(BITS, 8), LONG(COLUMNS, 8),
           PAIR(SUBSAMPLING, 3, 5))},
    {"subsampling-0", REFUSED, "its YCbCr subsampling is 0 by 0",
     EDITS(SHORT(PHOTOMETRIC, 6), SHORT(SAMPLES, 3), SHORT(BITS, 8), LONG(COLUMNS, 8),
           PAIR(SUBSAMPLING, 0, 0))},
    {"range-reversed", SHOWN, "", EDITS(SHORT(LEAST, 4000), SHORT(MOST, 100))},
    {"range-not-a-number", SHOWN, "",
     EDITS({LEAST, RAW_FLOAT, 1, 0x7fc00000}, {MOST, RAW_FLOAT, 1, 0x7f800000})},
    {"all-nan", SHOWN, "", .build = malformed_nan},

    /* Compressions. */
    {"compression-12345", REFUSED, "compressed in a way that is not known (number 12345)",
     EDITS(SHORT(COMPRESSION, 12345))},
    {"compression-jpeg-2000", REFUSED,
     "compressed with JPEG 2000, which this libtiff cannot decode",
     EDITS(SHORT(COMPRESSION, 34712))},
    {"compression-t85", REFUSED, "compressed with JBIG (T.85), which this libtiff cannot decode",
     EDITS(CODED(9, 1))},
    {"compression-jpeg-xl", REFUSED, "compressed with JPEG XL, which this libtiff cannot decode",
     EDITS(SHORT(COMPRESSION, 50002))},
    {"fax-of-16-bits", REFUSED, "compressed with fax group 4, which cannot pack 16-bit samples",
     EDITS(SHORT(COMPRESSION, 4))},
    {"jpeg-of-16-bits", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 7))},
    {"predictor-99", PARTLY, "\"Predictor\" value 99 not supported",
     EDITS(SHORT(COMPRESSION, 5), SHORT(PREDICTOR, 99))},
    {"predictor-float-of-integers", PARTLY, "\"Predictor\" not supported",
     EDITS(SHORT(COMPRESSION, 5), SHORT(PREDICTOR, 3))},
    {"garbage-lzw", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 5))},
    {"garbage-lzw-tile", PARTLY, tile_bad, EDITS(TILES(16, 16), SHORT(COMPRESSION, 5))},
    {"garbage-deflate", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 8))},
    {"garbage-deflate-tile", PARTLY, tile_bad, EDITS(TILES(16, 16), SHORT(COMPRESSION, 8))},
    {"garbage-packbits", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 32773), LONG(SIZES, 5))},
    {"garbage-lzma", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 34925))},
    {"garbage-zstd", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 50000))},
    {"garbage-jpeg", PARTLY, strip_bad, EDITS(CODED(7, 8))},
    {"garbage-jpeg-tables", PARTLY, "", EDITS(CODED(7, 8), {JPEG_TABLES, 7, 100, MALFORMED_STRIP})},
    {"garbage-old-jpeg", PARTLY, strip_bad, EDITS(CODED(6, 8))},
    {"garbage-lerc", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 34887))},
    {"garbage-webp", PARTLY, strip_bad,
     EDITS(CODED(50001, 8), SHORT(SAMPLES, 3), LONG(COLUMNS, 8))},
    {"garbage-pixarlog", PARTLY, strip_bad, EDITS(SHORT(COMPRESSION, 32909))},
    {"garbage-fax-rle", EITHER, strip_bad, EDITS(CODED(2, 1))},
    {"garbage-fax-3", EITHER, strip_bad, EDITS(CODED(3, 1))},
    {"garbage-fax-4", EITHER, strip_bad, EDITS(CODED(4, 1))},
    {"garbage-thunderscan", EITHER, strip_bad, EDITS(CODED(32809, 4))},
    {"garbage-next", EITHER, strip_bad, EDITS(CODED(32766, 2))},
    {"garbage-sgilog", EITHER, strip_bad,
     EDITS(SHORT(COMPRESSION, 34676), SHORT(PHOTOMETRIC, 32844))},
    {"rows-2g-fax-rle", EITHER,
     "cannot be decoded: ", EDITS(CODED(2, 1), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"rows-2g-fax-3", EITHER,
     "cannot be decoded: ", EDITS(CODED(3, 1), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"rows-2g-fax-4", EITHER,
     "cannot be decoded: ", EDITS(CODED(4, 1), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"rows-2g-packbits", PARTLY, "cannot be decoded: ",
     EDITS(SHORT(COMPRESSION, 32773), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"rows-2g-next", EITHER, "cannot be decoded: ",
     EDITS(CODED(32766, 2), LONG(ROWS, INT32_MAX), LONG(STRIP_ROWS, INT32_MAX))},
    {"bomb-strip", PARTLY, "cannot be decoded: ZLib error (no reason given)",
     .build = malformed_bomb_strip},
    {"bomb-rows", EITHER, "cannot be decoded: its checksum is wrong", .build = malformed_bomb_rows},
    {"row-of-100-million", PARTLY, "strip 0 (rows 0 to 15) cannot be decoded: ",
     EDITS(LONG(COLUMNS, 100000000), SHORT(COMPRESSION, 8))},
    {"strip-of-100-million", REFUSED, "compressed with LERC need about 286 MiB of memory",
     EDITS(LONG(COLUMNS, 10000), LONG(ROWS, 10000), LONG(STRIP_ROWS, 10000),
           SHORT(COMPRESSION, 34887))},

    /* Tables of blocks. */
    {"strip-rows-0", REFUSED, "its strips have 0 rows", EDITS(LONG(STRIP_ROWS, 0))},
    {"offsets-missing", REFUSED, "it does not say where its strips are", EDITS(NONE(OFFSETS))},
    {"offsets-few", REFUSED, "it claims 16 rows in 8 strips, but its table lists only 2",
     EDITS(LONG(STRIP_ROWS, 2), PAIR(OFFSETS, 8, 8))},
    {"offsets-4g", REFUSED, "the table of its 1073741824 strips cannot be read",
     EDITS(LONG(ROWS, 1 << 30), LONG(STRIP_ROWS, 1), {OFFSETS, RAW_LONG, 1 << 30, 0x7ffffff0})},
    {"offsets-count-4g", REFUSED, "the table of its",
     EDITS({OFFSETS, RAW_LONG, UINT32_MAX, 0x7ffffff0})},
    {"offsets-count-2-63", REFUSED, "the table of where its strips are makes no sense",
     EDITS({OFFSETS, RAW_LONG8, UINT64_C(1) << 63, 16}), .big_tiff = true},
    {"offset-beyond", PARTLY, "strip 0 (rows 0 to 15) lies beyond the end of the file",
     EDITS(LONG(OFFSETS, 0x7fffffff))},
    {"offset-2-63", PARTLY, "strip 0 (rows 0 to 15)", EDITS(LONG8(OFFSETS, UINT64_C(1) << 63)),
     .big_tiff = true},
    {"offset-beyond-lzw", PARTLY, "strip 0 (rows 0 to 15) lies beyond the end of the file",
     EDITS(LONG(OFFSETS, 0x7fffffff), SHORT(COMPRESSION, 5))},
    {"sizes-missing", SHOWN, "", EDITS(NONE(SIZES))},
    {"sizes-missing-of-2", SHOWN, "",
     EDITS(NONE(SIZES), LONG(STRIP_ROWS, 8), PAIR(OFFSETS, 8, 264))},
    {"sizes-missing-of-2-lzw", PARTLY, "strip 0 (rows 0 to 7) cannot be decoded: ",
     EDITS(NONE(SIZES), LONG(STRIP_ROWS, 8), PAIR(OFFSETS, 8, 264), SHORT(COMPRESSION, 5))},
    {"sizes-0", SHOWN, "", EDITS(LONG(SIZES, 0))},
    {"sizes-4g", SHOWN, "", EDITS(LONG(SIZES, UINT32_MAX))},
    {"sizes-0-lzw", PARTLY, strip_bad, EDITS(LONG(SIZES, 0), SHORT(COMPRESSION, 5))},
    {"sizes-4g-lzw", PARTLY, "strip 0 (rows 0 to 15) is cut short from row 0 on",
     EDITS(LONG(SIZES, UINT32_MAX), SHORT(COMPRESSION, 5))},
    {"sizes-missing-deflate-tile", PARTLY, tile_bad,
     EDITS(TILES(16, 16), NONE(TILE_SIZES), SHORT(COMPRESSION, 8))},
    {"tiles-of-0", REFUSED, "its tiles are 0 x 0 samples", EDITS(TILES(0, 0))},
    {"tiles-half", REFUSED, "its tiles are 16 x 0 samples", EDITS(TILES(16, 16), NONE(TILE_ROWS))},
    {"tiles-of-2g", REFUSED, "its tiles are 2147483648 x 2147483648 samples",
     EDITS(TILES(UINT32_C(1) << 31, UINT32_C(1) << 31))},
    {"tiles-of-65536", REFUSED,
     "tiles of 65536 x 65536 samples compressed with LZW (8192 MiB each)",
     EDITS(TILES(65536, 65536), SHORT(COMPRESSION, 5))},
    {"tile-of-1g", PARTLY,
     "cannot be decoded: ", EDITS(TILES(23168, 23168), SHORT(COMPRESSION, 8))},
    {"tiles-odd", SHOWN, "", EDITS(TILES(16, 5), LONG(ROWS, 5))},
    {"tiles-and-strips", SHOWN, "",
     EDITS(LONG(TILE_COLUMNS, 16), LONG(TILE_ROWS, 16), LONG(TILE_OFFSETS, MALFORMED_STRIP),
           LONG(TILE_SIZES, 512))},

    /* What is told beside the samples. */
    {"resolution-nan", SHOWN, "",
     EDITS({X_RESOLUTION, RAW_FLOAT, 1, 0x7fc00000}, {Y_RESOLUTION, RAW_FLOAT, 1, 0x7fc00000})},
    {"resolution-0-by-0", SHOWN, "",
     EDITS({X_RESOLUTION, RAW_RATIONAL, 1, MALFORMED_ZEROS},
           {Y_RESOLUTION, RAW_RATIONAL, 1, MALFORMED_ZEROS})},
    {"description-endless", SHOWN, "", .build = malformed_endless_text},
    {"description-count-4g", SHOWN, "", EDITS({DESCRIPTION, RAW_ASCII, UINT32_MAX, 8})},
    {"type-99", SHOWN, "", EDITS({SOFTWARE, 99, 4, 0x7fffffff})},
    {"imagej-images-2g", SHOWN, "",
     TEXT(DESCRIPTION, "ImageJ=1.53t\nimages=2147483648\nslices=2147483648\nhyperstack=true\n")},
    {"imagej-axes-4g", SHOWN, "",
     TEXT(DESCRIPTION, "ImageJ=1.53t\nimages=2000000000\nchannels=2000000000\nslices=2000000000\n"
                       "frames=2000000000\nhyperstack=true\nmode=grayscale\n")},
    {"imagej-negative", SHOWN, "",
     TEXT(DESCRIPTION, "ImageJ=1.53t\nimages=-3\nslices=-3\nspacing=-2.5\nunit=mm\nmin=nan\n"
                       "max=1e999\ncf=0\nc0=nan\nc1=0\n")},
    {"ome-broken", SHOWN, "OME's description is left out: " XML_BROKEN,
     TEXT(DESCRIPTION, "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/"
                       "OME/2016-06\"><Image><Pixels SizeX=\"16\" SizeY=\"16\" <<<&&& ")},
    {"ome-doctype", SHOWN, "OME's description is left out",
     TEXT(DESCRIPTION, "<?xml version=\"1.0\"?><!DOCTYPE OME [<!ENTITY a \"aaaa\"><!ENTITY b "
                       "\"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><OME><Image "
                       "Name=\"&b;&c;\"><Pixels SizeX=\"16\" SizeY=\"16\" SizeC=\"1\" "
                       "SizeZ=\"1\" SizeT=\"1\"><TiffData/></Pixels></Image></OME>")},
    {"ome-channels-1g", SHOWN, "",
     TEXT(DESCRIPTION, "<OME><Image><Pixels DimensionOrder=\"XYZCT\" SizeX=\"16\" SizeY=\"16\" "
                       "SizeC=\"1000000000\" SizeZ=\"1000000000\" SizeT=\"1000000000\" "
                       "PhysicalSizeX=\"-1\" PhysicalSizeY=\"NaN\"><TiffData/></Pixels></Image>"
                       "</OME>")},
    {"ome-directory-beyond", SHOWN, "",
     TEXT(DESCRIPTION, "<OME><Image><Pixels DimensionOrder=\"XYZCT\" SizeX=\"16\" SizeY=\"16\" "
                       "SizeC=\"1\" SizeZ=\"3\" SizeT=\"1\"><TiffData IFD=\"4000000000\" "
                       "PlaneCount=\"3\"/></Pixels></Image></OME>")},
    {"nodata-abc", SHOWN, "", TEXT(NODATA, "abc")},
    {"nodata-1e400", SHOWN, "", TEXT(NODATA, "1e400")},
    {"nodata-empty", SHOWN, "", TEXT(NODATA, "")},
    {"metadata-broken", SHOWN, "GDAL's metadata are left out: " XML_BROKEN,
     TEXT(METADATA, "<GDALMetadata><Item name=\"SCALE\" sample=\"0\" role=\"scale\">0</Item>"
                    "<Item name=\"OFFSET\" sample=\"0\" role=\"offset\">nan</Item><Item <<")},
    {"metadata-deep", SHOWN, "GDAL's metadata are left out",
     TEXT(METADATA, "<GDALMetadata><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
                    "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>")},
    {"geo-keys-4g", SHOWN, "", EDITS({GEO_KEYS, RAW_SHORT, UINT32_MAX, MALFORMED_STRIP})},
    {"geo-keys-garbage", SHOWN, "", EDITS({GEO_KEYS, RAW_SHORT, 200, MALFORMED_STRIP})},
    {"tags-unsorted", SHOWN, "", .build = malformed_unsorted},
    {"tags-twice", SHOWN, "", .build = malformed_doubled},
    {"overview-broken", SHOWN, "", .build = malformed_broken_copy},
    {"mask-broken", PARTLY, "transparency mask", .build = malformed_broken_mask,
     EDITS(LONG(COLUMNS, 8))},
    {"mask-broken-colour", PARTLY, "transparency mask", .build = malformed_broken_mask,
     EDITS(LONG(COLUMNS, 8), SHORT(BITS, 8), SHORT(SAMPLES, 3), SHORT(PHOTOMETRIC, 2))},
};

const size_t malformed_count = sizeof malformed_cases / sizeof *malformed_cases;

uint16_t malformed_value(int64_t x, int64_t y)
{
    return (uint16_t)((x * 2557 + y * 30011 + x * y * 917) & 0xffff);
}

void malformed_image(struct raw_tiff *raw)
{
    static uint8_t strip[2 * MALFORMED_SIDE * MALFORMED_SIDE + 8];
    for (int i = 0; i < MALFORMED_SIDE * MALFORMED_SIDE; i++) {
        uint16_t value = malformed_value(i % MALFORMED_SIDE, i / MALFORMED_SIDE);
        strip[2 * i] = (uint8_t)value;
        strip[2 * i + 1] = (uint8_t)(value >> 8);
    }
    uint64_t at = raw_data(raw, strip, sizeof strip);
    raw_image(raw, MALFORMED_SIDE, MALFORMED_SIDE, 16, at, sizeof strip - 8);
}

void malformed_edit(struct raw_tiff *raw, const struct malformed_case *made)
{
    for (const struct raw_entry *edit = made->edits;
         edit < made->edits + MALFORMED_EDITS && edit->tag; edit++)
        if (edit->type == MALFORMED_DROP)
            raw_drop(raw, edit->tag);
        else
            raw_claim(raw, edit->tag, edit->type, edit->count, edit->value);
    if (made->text)
        raw_text(raw, made->text_tag, made->text);
}

const char *malformed_make(const struct malformed_case *made)
{
    struct raw_tiff raw;
    char name[64];
    raw_begin(&raw, made->big_tiff, false);
    if (made->build) {
        made->build(&raw, made);
    } else {
        malformed_image(&raw);
        malformed_edit(&raw, made);
        raw_directory(&raw, true);
    }
    snprintf(name, sizeof name, "%s.tif", made->name);
    return raw_write(&raw, name);
}
