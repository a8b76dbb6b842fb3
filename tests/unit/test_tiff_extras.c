/* What a page's tags tell beside samples: no-data, windows, modality, physical size and conflicts,
 * names; and the facts that --info prints. Guards source/tiff_extras.c, source/tiff_facts.c,
 * source/gdal.c and source/tiff_directory.h. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ledger.h"
#include "source/spill.h"
#include "source/tiff_codec.h"
#include "source/tiff_directory.h"
#include "source/xml.h"
#include "support/source_reader.h"
#include "support/tiff_plain.h"
#include "support/told_facts.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void begin(struct raw_tiff *raw)
{
    raw_begin(raw, false, false);
    plain_image(raw, 8, 4, 3, 0);
}

static struct page finish(struct raw_tiff *raw)
{
    raw_directory(raw, true);
    return source_page(raw_write(raw, "extras.tif"));
}

static void add_doubles(struct raw_tiff *raw, uint16_t tag, const double *numbers, size_t count)
{
    uint64_t at = raw_data(raw, numbers, count * sizeof *numbers), bits;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bits, &numbers[i], sizeof bits);
        raw_put(raw, at + 8 * i, 8, bits);
    }
    raw_claim(raw, tag, RAW_DOUBLE, count, at);
}

static void add_resolution(struct raw_tiff *raw, uint32_t x, uint32_t y, uint16_t unit)
{
    const uint32_t parts[] = {x, 1000, y, 1000};
    uint64_t at = raw_data(raw, parts, sizeof parts);
    for (size_t i = 0; i < 4; i++)
        raw_put(raw, at + 4 * i, 4, parts[i]);
    raw_claim(raw, 282, RAW_RATIONAL, 1, at);
    raw_claim(raw, 283, RAW_RATIONAL, 1, at + 8);
    raw_number(raw, 296, RAW_SHORT, unit);
}

/* No-data. */

static const struct {
    uint64_t bits, format;
    const char *text;
    bool has;
    double nodata;
} nodata[] = {
    {16, 1, "5", true, 5},
    {16, 1, " 65535 ", true, 65535},
    {16, 1, "65536", false, 0},
    {16, 1, "-1", false, 0},
    {16, 1, "2.5", false, 0},
    {16, 1, "nan", false, 0},
    {16, 1, "none", false, 0},
    {16, 1, "", false, 0},
    {16, 2, "-32768", true, -32768},
    {16, 2, "32768", false, 0},
    {8, 2, "-9999", false, 0},
    {32, 3, "-3.4028234663852886e+38", true, -3.4028234663852886e+38},
    {32, 3, "0.1", true, (double)0.1f},
    {32, 3, "-nan", true, NAN},
};

static void no_data_is_what_samples_can_be(void)
{
    for (size_t i = 0; i < COUNT(nodata); i++) {
        struct raw_tiff raw;
        begin(&raw);
        raw_number(&raw, 258, RAW_SHORT, nodata[i].bits);
        raw_number(&raw, 256, RAW_LONG, 64 / nodata[i].bits);
        raw_number(&raw, 339, RAW_SHORT, nodata[i].format);
        raw_text(&raw, 42113, nodata[i].text);
        struct page page = finish(&raw);
        CU_ASSERT_EQUAL(page.has_nodata, nodata[i].has);
        CU_ASSERT(strstr(page.notice, "no-data") ? !nodata[i].has && nodata[i].text[0]
                                                 : nodata[i].has || !nodata[i].text[0]);
        if (!strcmp(nodata[i].text, "none"))
            CU_ASSERT_STRING_EQUAL(page.notice,
                                   "The no-data value \"none\" is left out: it is no number.");
        if (!strcmp(nodata[i].text, "65536"))
            CU_ASSERT_STRING_EQUAL(page.notice,
                                   "The no-data value 65536 is left out: no sample can be that.");
        CU_ASSERT(!nodata[i].has || page.nodata == nodata[i].nodata ||
                  (isnan(page.nodata) && isnan(nodata[i].nodata)));
        CU_ASSERT_EQUAL(sample_is_float((enum sample_type)page.type),
                        nodata[i].has || nodata[i].format == 3);
    }
}

/* Samples that are not square. */

static void samples_that_are_not_square_are_told_of(void)
{
    static const struct {
        uint32_t x, y; /* in 1/1000 of a unit */
        uint16_t unit;
        const char *notice;
    } rows[] = {
        {20000, 10000, 3, "Samples are not square (0.5 x 1 mm) and are shown as if they were."},
        {10050, 10000, 3, ""},
        {204000, 98000, 2,
         "Samples are not square (0.1245 x 0.2592 mm) and are shown as if they were."},
        {1000, 2000, 1, "Samples are not square (2 : 1) and are shown as if they were."},
        {1000, 1000, 1, ""},
        {0, 2000, 1, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_tiff raw;
        begin(&raw);
        add_resolution(&raw, rows[i].x, rows[i].y, rows[i].unit);
        struct page page = finish(&raw);
        CU_ASSERT_STRING_EQUAL(page.notice, rows[i].notice);
    }
}

/* Memory. */

/* Strips of 4000 floats in each row, of which nothing is decoded. */
static void what_a_library_must_hold_is_told(void)
{
    static const struct {
        uint16_t compression;
        uint64_t rows;
        const char *notice;
    } rows[] = {
        {34887, 3000,
         "Compressed with LERC in strips of 45 MiB, which its library must hold whole: about 68 "
         "MiB of memory."},
        {34887, 437,
         "Compressed with LERC in strips of 6 MiB, which its library must hold whole: about 10 "
         "MiB of memory."},
        {34887, 436, ""},
        {8, 3000, ""},
        {1, 3000, ""},
    };
    if (!TIFFIsCODECConfigured(34887))
        return;
    spill_use(spill_open(), INT64_C(1) << 30, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_tiff raw;
        static const char bytes[1 << 18];
        begin(&raw);
        raw_number(&raw, 256, RAW_LONG, 4000);
        raw_number(&raw, 257, RAW_LONG, rows[i].rows);
        raw_number(&raw, 278, RAW_LONG, rows[i].rows);
        raw_number(&raw, 258, RAW_SHORT, 32);
        raw_number(&raw, 339, RAW_SHORT, 3);
        raw_number(&raw, 259, RAW_SHORT, rows[i].compression);
        raw_number(&raw, 273, RAW_LONG, raw_data(&raw, bytes, sizeof bytes));
        raw_number(&raw, 279, RAW_LONG, sizeof bytes);
        struct page page = finish(&raw);
        CU_ASSERT_STRING_EQUAL(page.notice, rows[i].notice);
    }
    spill_use(-1, 0, 0);
}

/* Windows and meaning. */

static void a_window_is_of_the_page_s_sample(void)
{
    struct raw_tiff raw;
    struct fault fault;
    struct page page;
    begin(&raw);
    raw_number(&raw, 277, RAW_SHORT, 2);
    raw_number(&raw, 257, RAW_LONG, 2);
    raw_numbers(&raw, 340, RAW_SHORT, (uint64_t[]){10, 20}, 2);
    raw_numbers(&raw, 341, RAW_SHORT, (uint64_t[]){100, 200}, 2);
    raw_directory(&raw, true);
    struct source *source = source_from(raw_write(&raw, "extras.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    for (int32_t channel = 1; channel <= 2; channel++) {
        struct source_choice choice = {0, channel, 0, 0};
        CU_ASSERT(source_select(source, &choice, &page, &fault));
        CU_ASSERT_EQUAL(page.window_origin, WINDOW_TIFF_TAGS);
        CU_ASSERT(page.window_low == 10 * channel && page.window_high == 100 * channel);
    }
    source_close(source);
    begin(&raw);
    add_doubles(&raw, 340, (double[]){-1.5}, 1);
    add_doubles(&raw, 341, (double[]){2.25}, 1);
    page = finish(&raw);
    CU_ASSERT(page.window_low == -1.5 && page.window_high == 2.25);
}

#define GDAL_ITEMS                                                        \
    "<GDALMetadata><Item name='SCALE' sample='0' role='scale'>0.5</Item>" \
    "<Item name='OFFSET' sample='0' role='offset'>-3</Item>"              \
    "<Item name='UNITTYPE' sample='0' role='unittype'>m</Item></GDALMetadata>"

static void modality_is_gdal_s_or_imagej_s(void)
{
    struct raw_tiff raw;
    begin(&raw);
    raw_text(&raw, 270, "ImageJ=1.53t\ncf=0\nc0=-32768\nc1=2\nvunit=HU\n");
    struct page page = finish(&raw);
    CU_ASSERT(page.slope == 2 && page.intercept == -32768);
    CU_ASSERT_STRING_EQUAL(page.unit, "HU");
    begin(&raw);
    raw_text(&raw, 270, "ImageJ=1.53t\ncf=0\nc0=-32768\nc1=2\nvunit=Gray Value\n");
    raw_text(&raw, 42112, GDAL_ITEMS);
    page = finish(&raw);
    if (xml_available()) {
        CU_ASSERT(page.slope == 0.5 && page.intercept == -3);
        CU_ASSERT_STRING_EQUAL(page.unit, "m");
        CU_ASSERT_STRING_EQUAL(page.notice, "");
    } else {
        CU_ASSERT_STRING_EQUAL(page.unit, "");
        CU_ASSERT_PTR_NOT_NULL(strstr(page.notice, "without expat"));
    }
    begin(&raw);
    raw_text(&raw, 42112, "<GDALMetadata><Item name='SCALE' sample='0' role='scale'>0.5</Item>");
    page = finish(&raw);
    CU_ASSERT_PTR_NOT_NULL(strstr(page.notice, "GDAL's metadata are left out: "));
}

/* Physical size. */

#define OME_SIZES(x, y)                                                                       \
    "<OME><Image Name='slide'><Pixels DimensionOrder='XYCZT' SizeZ='1' SizeC='1' SizeT='1'"   \
    " PhysicalSizeX='" x "' PhysicalSizeY='" y "' PhysicalSizeZ='1000'><Channel Name='red'/>" \
    "</Pixels></Image></OME>"

static const struct {
    const char *description;
    uint32_t resolution;          /* thousandths for a unit; 0: none */
    uint16_t unit, model, linear; /* linear: GeoTIFF's unit, or the system's code */
    double scale;                 /* GeoTIFF's; 0: none */
    const char *source;
    double spacing, spacing_z;
    const char *notice;
    bool xml;
} sizes[] = {
    {NULL, 0, 1, 0, 0, 0, "", 0, 0, "", false},
    {NULL, 5000, 3, 0, 0, 0, "TIFF resolution", 2, 0, "", false},
    {NULL, 5000, 1, 0, 0, 0, "", 0, 0, "", false},
    {NULL, 0, 2, 0, 0, 0, "", 0, 0, "", false},
    {"ImageJ=1\nunit=micron\nspacing=3\n", 5000, 1, 0, 0, 0, "ImageJ", 0.0002, 0.003, "", false},
    {"ImageJ=1\nunit=cm\nspacing=3\n", 5000, 3, 0, 0, 0, "ImageJ", 2, 30, "", false},
    {"ImageJ=1\nunit=pixel\nspacing=3\n", 5000, 3, 0, 0, 0, "TIFF resolution", 2, 0, "", false},
    {"ImageJ=1\nunit=mm\n", 5000, 3, 0, 0, 0, "ImageJ", 0.2, 0,
     "Sizes of a sample differ: 0.2 x 0.2 mm (ImageJ, used), 2 x 2 mm (TIFF resolution).", false},
    {NULL, 0, 1, 1, 9001, 0.5, "GeoTIFF", 500, 0, "", false},
    {NULL, 0, 1, 1, 9002, 2, "GeoTIFF", 609.6, 0, "", false},
    {NULL, 0, 1, 1, 9003, 1, "GeoTIFF", 1200000.0 / 3937, 0, "", false},
    {NULL, 0, 1, 2, 9001, 2, "", 0, 0, "", false},
    {NULL, 0, 1, 1, 0, 2, "", 0, 0, "", false},
    {NULL, 0, 1, 1, 32633, 2, "GeoTIFF, EPSG 32633", 2000, 0, "", false},
    {NULL, 0, 1, 1, 3857, 0.5, "GeoTIFF, EPSG 3857", 500, 0, "", false},
    {NULL, 0, 1, 2, 32633, 2, "", 0, 0, "", false},
    {NULL, 0, 1, 1, 2225, 2, "", 0, 0, "", false}, /* California, in feet */
    {NULL, 0, 1, 1, 32661, 2, "", 0, 0, "", false},
    {NULL, 5000, 3, 1, 9001, 0.002, "GeoTIFF", 2, 0, "", false},
    {NULL, 5000, 3, 1, 9001, 0.00203, "GeoTIFF", 2.03, 0,
     "Sizes of a sample differ: 2.03 x 2.03 mm (GeoTIFF, used), 2 x 2 mm (TIFF resolution).",
     false},
    {NULL, 5000, 3, 1, 9001, -1e308, "TIFF resolution", 2, 0, "", false},
    {OME_SIZES("2000", "2000"), 5000, 3, 0, 0, 0, "OME", 2, 1, "", true},
    {OME_SIZES("4", "4"), 5000, 3, 1, 9001, 0.5, "OME", 0.004, 1,
     "Sizes of a sample differ: 0.004 x 0.004 mm (OME, used), 500 x 500 mm (GeoTIFF).", true},
    {OME_SIZES("nan", "4"), 5000, 3, 0, 0, 0, "TIFF resolution", 2, 1, "", true},
};

static void the_most_trusted_size_is_taken(void)
{
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct raw_tiff raw;
        if (sizes[i].xml && !xml_available())
            continue;
        begin(&raw);
        if (sizes[i].description)
            raw_text(&raw, 270, sizes[i].description);
        if (sizes[i].resolution)
            add_resolution(&raw, sizes[i].resolution, sizes[i].resolution, sizes[i].unit);
        if (sizes[i].scale != 0) {
            uint16_t linear = sizes[i].linear;
            bool unit = linear >= 9000 && linear < 10000;
            const uint64_t keys[] = {1, 1, 0,     2, 1024, 0, 1, sizes[i].model, unit ? 3076 : 3072,
                                     0, 1, linear};
            add_doubles(&raw, 33550, (double[]){sizes[i].scale, sizes[i].scale, 0}, 3);
            raw_numbers(&raw, 34735, RAW_SHORT, keys, COUNT(keys));
        }
        struct page page = finish(&raw);
        CU_ASSERT_STRING_EQUAL(page.spacing_source, sizes[i].source);
        CU_ASSERT_DOUBLE_EQUAL(page.spacing_x, sizes[i].spacing, 1e-9);
        CU_ASSERT_DOUBLE_EQUAL(page.spacing_y, sizes[i].spacing, 1e-9);
        CU_ASSERT_DOUBLE_EQUAL(page.spacing_z, sizes[i].spacing_z, 1e-9);
        CU_ASSERT_STRING_EQUAL(page.notice, sizes[i].notice);
    }
}

/* Aperio's micrometres are the scan's, whichever directory repeats them. */

#define APERIO "Aperio Image Library v11.2.1 \r\n"
#define SCAN "46920x33014 [0,100 3200x1600] (256x256) "

static const struct {
    const char *first,
        *second;       /* descriptions; the second directory has a quarter of the columns */
    double spacing[2]; /* micrometres, 0: none */
} scans[] = {
    {APERIO SCAN "JPEG/RGB Q=30|AppMag = 20|MPP = 0.4990|Left = 25.6",
     APERIO SCAN "-> 800x400 JPEG/RGB Q=65|MPP = 0.4990",
     {0.499, 1.996}},
    {APERIO SCAN "-> 8x4 JPEG/RGB Q=65|MPP = 0.4990", APERIO SCAN "|MPP = 0.25", {199.6, 400}},
    {APERIO SCAN "JPEG/RGB|MPP = 0.5", APERIO "label 387x463|MPP = 0.5", {0.5, 0}},
    {APERIO SCAN "JPEG/RGB|MPP = 0.5", APERIO "macro 1280x431|MPP = 0.5", {0.5, 0}},
    {APERIO SCAN "JPEG/RGB|AppMag = 20", "Aperio|MPP = 1e309", {0, 0}},
    {"Somebody else|MPP = 0.5", APERIO "|MPP = -0.5", {0, 0}},
    {APERIO "|MPP = none", APERIO "|MPP = 0", {0, 0}},
};

static void a_slide_has_its_scan_s_size(void)
{
    for (size_t i = 0; i < COUNT(scans); i++) {
        struct raw_tiff raw;
        struct fault fault;
        struct page page;
        begin(&raw);
        raw_text(&raw, 270, scans[i].first);
        raw_directory(&raw, true);
        plain_image(&raw, 2, 1, 3, 0);
        raw_text(&raw, 270, scans[i].second);
        raw_directory(&raw, true);
        struct source *source = source_from(raw_write(&raw, "extras.tif"), &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        for (int32_t p = 0; p < 2; p++) {
            double mm = scans[i].spacing[p] / 1000;
            struct source_choice choice = {.index = p, .every = true};
            CU_ASSERT(source_select(source, &choice, &page, &fault));
            CU_ASSERT_STRING_EQUAL(page.spacing_source, mm > 0 ? "Aperio" : "");
            CU_ASSERT_DOUBLE_EQUAL(page.spacing_x, mm, 1e-9 * mm);
            CU_ASSERT_DOUBLE_EQUAL(page.spacing_y, mm, 1e-9 * mm);
            CU_ASSERT_STRING_EQUAL(page.notice, "");
        }
        source_close(source);
    }
}

static void a_slide_s_size_may_differ_from_its_resolution(void)
{
    struct raw_tiff raw;
    begin(&raw);
    raw_text(&raw, 270, APERIO SCAN "|MPP = 0.5");
    add_resolution(&raw, 10000, 10000, 3);
    struct page page = finish(&raw);
    CU_ASSERT_STRING_EQUAL(
        page.notice,
        "Sizes of a sample differ: 0.0005 x 0.0005 mm (Aperio, used), 1 x 1 mm (TIFF resolution).");
}

/* A matrix that turns by 30 degrees, and a unit of the file's own. */
static void geotiff_may_be_turned(void)
{
    struct raw_tiff raw;
    const double c = 2 * cos(0.5), s = 2 * sin(0.5);
    const uint64_t keys[] = {1, 1, 0, 3, 1024, 0, 1, 1, 3073, 34737, 9, 3, 3077, 34736, 1, 1};
    begin(&raw);
    add_doubles(&raw, 34264, (double[]){c, -s, 0, 7, s, c, 0, 8, 0, 0, 1, 0, 0, 0, 0, 1}, 16);
    add_doubles(&raw, 34736, (double[]){4, 0.25}, 2);
    raw_numbers(&raw, 34735, RAW_SHORT, keys, COUNT(keys));
    raw_text(&raw, 34737, "ab|my plane|more|");
    raw_directory(&raw, true);
    struct fault fault;
    struct told_facts told;
    told_init(&told);
    struct source *source = source_from(raw_write(&raw, "extras.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_DOUBLE_EQUAL(source->page.spacing_x, 500, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(source->page.spacing_y, 500, 1e-9);
    source_inform(source, &told.sink);
    CU_ASSERT(told_line(&told, "GeoTIFF model: projected: my plane"));
    source_close(source);
}

/* Broken XML. */

static void what_comes_before_broken_xml_is_left_out_too(void)
{
    struct raw_tiff raw;
    begin(&raw);
    raw_text(&raw, 270, OME_SIZES("5", "5") "<");
    struct page page = finish(&raw);
    CU_ASSERT(!page.title[0] && page.spacing_x == 0 && page.axis_stride[AXIS_SLICE] == 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(page.notice, "OME's description is left out: "));
}

/* Facts. */

static void facts_are_told_in_plain_letters(void)
{
    static const char *const lines[] = {
        "directories: 2, 1 of them in the chain",
        "overview 1: 4 x 2, the directory at byte ",
        "software: scan?ner 2.0",
        "description: two lines",
        "date: 2024:01:02 03:04:05",
        "orientation: to be turned clockwise",
        "fill order: lowest bit first",
        "planes: a plane for each sample",
        "page number: 3, 7",
        "ICC profile: 24 bytes",
        "resolution across: 5",
        "resolution unit: centimetre",
        "GDAL no-data: 7",
        "artist: x",
    };
    struct raw_tiff raw;
    struct fault fault;
    struct told_facts told;
    raw_begin(&raw, false, false);
    plain_image(&raw, 4, 2, 0, 1);
    uint64_t sub = raw_directory(&raw, false);
    plain_image(&raw, 8, 4, 3, 0);
    raw_number(&raw, 330, RAW_LONG, sub);
    raw_text(&raw, 305, "scan\xc3\xbcner\t2.0");
    raw_text(&raw, 270, "two\nlines");
    raw_text(&raw, 306, "2024:01:02 03:04:05");
    raw_claim(&raw, 315, RAW_ASCII, UINT32_MAX, 8); /* beyond the file: left out */
    raw_number(&raw, 274, RAW_SHORT, 6);
    raw_number(&raw, 266, RAW_SHORT, 2);
    raw_number(&raw, 284, RAW_SHORT, 2);
    raw_numbers(&raw, 297, RAW_SHORT, (uint64_t[]){3, 7}, 2);
    raw_claim(&raw, 34675, 7, 24, 8);
    raw_claim(&raw, 532, RAW_RATIONAL, UINT32_MAX, UINT32_MAX - 8);
    raw_claim(&raw, 34735, RAW_SHORT, UINT32_MAX, 8);
    add_resolution(&raw, 5000, 5000, 3);
    raw_text(&raw, 42113, "7");
    raw_directory(&raw, true);
    told_init(&told);
    struct source *source = source_from(raw_write(&raw, "facts.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    source_inform(source, &told.sink);
    CU_ASSERT_EQUAL(told.wrong, 0);
    for (size_t i = 0; i < COUNT(lines); i++) {
        bool there = strstr(lines[i], "byte ") ? strstr(told.lines, lines[i]) != NULL
                                               : told_line(&told, lines[i]);
        bool wanted = strcmp(lines[i], "artist: x") != 0;
        CU_ASSERT_EQUAL(there, wanted);
        if (there != wanted)
            printf("  %s\n%s", lines[i], told.lines);
    }
    source_close(source);
}

static void facts_of_other_programs_are_told(void)
{
    struct raw_tiff raw;
    struct fault fault;
    struct told_facts told;
    for (int with_ome = 0; with_ome < 2; with_ome++) {
        begin(&raw);
        raw_text(&raw, 270,
                 with_ome ? OME_SIZES("1", "1")
                          : "ImageJ=1.53t\nunit=cm\nmin=1\nmax=9\ncf=0\nc0=1\nc1=2\n");
        raw_directory(&raw, true);
        told_init(&told);
        struct source *source = source_from(raw_write(&raw, "facts.tif"), &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        source_inform(source, &told.sink);
        CU_ASSERT_EQUAL(told.wrong, 0);
        if (!with_ome) {
            CU_ASSERT(told_line(&told, "ImageJ: version 1.53t"));
            CU_ASSERT(told_line(&told, "ImageJ window: 1 to 9"));
            CU_ASSERT(told_line(&told, "ImageJ unit: cm"));
        } else if (xml_available()) {
            CU_ASSERT(told_line(&told, "OME: 1 series"));
            CU_ASSERT(told_line(&told, "OME series: 1: slide"));
            CU_ASSERT(told_line(&told, "OME channel 1: red"));
        } else {
            CU_ASSERT(told_line(&told, "OME: XML, and this program was built without expat"));
            CU_ASSERT_PTR_NOT_NULL(strstr(source->page.notice, "without expat"));
        }
        source_close(source);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Entries. */

static void entries_of_every_type_are_read(void)
{
    static const struct {
        uint16_t type;
        uint64_t value;
        bool whole, number;
        double is;
    } entries[] = {
        {1, 200, true, true, 200},
        {2, 65, false, false, 0},
        {3, 65535, true, true, 65535},
        {4, 4294967295, true, true, 4294967295},
        {6, 0xff, false, true, -1},
        {6, 0x7f, true, true, 127},
        {8, 0x8000, false, true, -32768},
        {9, 0xfffffffe, false, true, -2},
        {11, 0x3fc00000, false, true, 1.5},
        {11, 0x7f800000, false, false, 0},
        {12, 0xbff8000000000000, false, true, -1.5},
        {16, 1ull << 40, true, true, 1099511627776.0},
        {17, UINT64_MAX, false, true, -1},
        {5, 3ull << 32 | 2, false, true, 1.5},
        {5, 3ull << 32, false, false, 0},
        {10, 0xfffffffdull << 32 | 2, false, true, -1.5},
        {99, 1, false, false, 0},
        {0, 1, false, false, 0},
    };
    for (size_t i = 0; i < COUNT(entries); i++) {
        struct raw_tiff raw;
        struct tiff_file file;
        struct tiff_directory directory;
        uint64_t whole = 0;
        double number = 0;
        FILE *stream;
        raw_begin(&raw, true, true);
        raw_claim(&raw, 700, entries[i].type, 1, entries[i].value);
        raw_directory(&raw, true);
        stream = fopen(raw_write(&raw, "entry.tif"), "r");
        CU_ASSERT_FATAL(stream && tiff_file_open(&file, fileno(stream), NULL));
        CU_ASSERT(tiff_directory_open(&file, file.first_directory, &directory));
        struct tiff_entry entry = tiff_directory_find(&file, &directory, 700, INT64_MAX);
        CU_ASSERT_EQUAL(tiff_entry_value(&file, &entry, 0, &whole), entries[i].whole);
        CU_ASSERT(!entries[i].whole || (double)whole == entries[i].is);
        CU_ASSERT_EQUAL(tiff_entry_number(&file, &entry, 0, &number), entries[i].number);
        CU_ASSERT(!entries[i].number || number == entries[i].is);
        CU_ASSERT_FALSE(tiff_entry_number(&file, &entry, 1, &number));
        CU_ASSERT_EQUAL(tiff_directory_find(&file, &directory, 701, INT64_MAX).count, 0);
        CU_ASSERT_EQUAL(tiff_directory_find(&file, &directory, 700, 0).count, 0);
        tiff_file_unmap(&file);
        fclose(stream);
    }
}

SUITE("source/tiff_extras",
      {"samples that are not square are told of", samples_that_are_not_square_are_told_of},
      {"no-data is what samples can be", no_data_is_what_samples_can_be},
      {"what a library must hold is told", what_a_library_must_hold_is_told},
      {"a window is of the page's sample", a_window_is_of_the_page_s_sample},
      {"modality is GDAL's or ImageJ's", modality_is_gdal_s_or_imagej_s},
      {"the most trusted size is taken", the_most_trusted_size_is_taken},
      {"a slide has its scan's size", a_slide_has_its_scan_s_size},
      {"a slide's size may differ from its resolution",
       a_slide_s_size_may_differ_from_its_resolution},
      {"GeoTIFF may be turned", geotiff_may_be_turned},
      {"what comes before broken XML is left out too",
       what_comes_before_broken_xml_is_left_out_too},
      {"facts are told in plain letters", facts_are_told_in_plain_letters},
      {"facts of other programs are told", facts_of_other_programs_are_told},
      {"entries of every type are read", entries_of_every_type_are_read})
