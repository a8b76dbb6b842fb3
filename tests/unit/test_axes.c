/* The axes that a file's pages lie along, by OME and ImageJ, and the pages' names. Guards
 * source/tiff_extras.c and source/tiff_facts.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "source/xml.h"
#include "support/source_reader.h"
#include "support/tiff_plain.h"
#include "support/told_facts.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void pages_have_places_on_axes(void)
{
    static const char imagej[] = "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\n";
    static const char ome[] =
        "<OME><Image Name='A'><Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='3' SizeT='1'>"
        "<Channel Name='r'/><Channel Name='g'/><Channel Name='b'/></Pixels></Image><Image>"
        "<Pixels DimensionOrder='XYCZT' SizeZ='3' SizeC='2' SizeT='1'/></Image></OME>";
    for (int with_ome = 0; with_ome <= xml_available(); with_ome++) {
        struct raw_tiff raw;
        struct fault fault;
        struct page page;
        int32_t position[PAGE_AXES];
        raw_begin(&raw, true, true);
        for (int i = 0; i < 12; i++) {
            plain_image(&raw, 3, 2, 0, 0);
            if (!i)
                raw_text(&raw, 270, with_ome ? ome : imagej);
            raw_text(&raw, 285, "a page's\nname");
            raw_directory(&raw, true);
        }
        struct source *source = source_from(raw_write(&raw, "axes.tif"), &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        for (int32_t i = 0; i < 12; i++) {
            struct source_choice choice = {i, 0, 0, 0};
            CU_ASSERT(source_select(source, &choice, &page, &fault));
            CU_ASSERT(page_check(&page, &fault) && page_position(&page, i, position));
            int32_t c = !with_ome ? i % 2 : i < 6 ? i / 2 : i % 2;
            int32_t z = !with_ome ? i / 2 % 3 : i < 6 ? i % 2 : (i - 6) / 2;
            CU_ASSERT(position[AXIS_CHANNEL] == c && position[AXIS_SLICE] == z &&
                      position[AXIS_TIME] == (with_ome ? 0 : i / 6));
            CU_ASSERT_EQUAL(page.series, with_ome && i >= 6);
            CU_ASSERT_EQUAL(page.series_count, 1 + with_ome);
            char title[PAGE_TITLE] = "a page's name";
            if (with_ome && i < 6)
                snprintf(title, sizeof title, "A, %c", "rgb"[c]);
            CU_ASSERT_STRING_EQUAL(page.title, title);
        }
        /* Where all directories count, their numbers are not those that others mean. */
        CU_ASSERT(source_select(source, &(struct source_choice){7, 0, 1, 0}, &page, &fault));
        CU_ASSERT(page.axis_extent[AXIS_CHANNEL] == 1 && page.series_count == 1);
        source_close(source);
    }
}

/* A file of a set: its pages have names, lie along the axes that it has all of, and the user learns
 * of the other files. */
#define SET                                                                                    \
    "<OME UUID='urn:a'><Image Name='left'><Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='2' " \
    "SizeT='3'><Channel Name='DAPI'/><Channel/>"
#define OTHERS                                                                                 \
    "<TiffData IFD='0' PlaneCount='1'><UUID FileName='b.tif'>urn:b</UUID></TiffData></Pixels>" \
    "</Image></OME>"
static void a_file_of_an_ome_set_names_its_pages(void)
{
    static const struct {
        const char *description, *titles[2];
        int32_t channels, slices;
        const char *facts[2];
    } sets[] = {
        {SET "<TiffData IFD='0' FirstZ='1' FirstT='2' PlaneCount='1'><UUID>urn:a</UUID></TiffData>"
             "<TiffData IFD='1' FirstC='1' PlaneCount='1'><UUID>urn:a</UUID></TiffData>" OTHERS,
         {"left, DAPI, slice 2, time 3", "left, channel 2, slice 1, time 1"},
         1,
         1,
         {"OME: 1 series; other files belong to them",
          "OME axes: 2 channels, 2 slices, 3 times, in the order XYZCT; pages do not follow them"}},
        {SET
         "<TiffData IFD='0' FirstC='1' FirstT='2' PlaneCount='2'><UUID>urn:a</UUID></TiffData>" OTHERS,
         {"left, channel 2, time 3", "left, channel 2, time 3"},
         1,
         2,
         {"OME axes: 2 channels, 2 slices, 3 times, in the order XYZCT",
          "OME planes here: 1 channels, 2 slices, 1 times"}},
        {SET
         "<TiffData IFD='0' FirstT='1' PlaneCount='1'><UUID>urn:a</UUID></TiffData>"
         "<TiffData IFD='1' FirstC='1' FirstT='1' PlaneCount='1'><UUID>urn:a</UUID></TiffData>" OTHERS,
         {"left, DAPI, slice 1, time 2", "left, slice 1, time 2"},
         2,
         1,
         {"OME axes: 2 channels, 2 slices, 3 times, in the order XYZCT",
          "OME planes here: 2 channels, 1 slices, 1 times"}},
        {"<OME><BinaryOnly MetadataFile='set.ome' UUID='urn:a'/></OME>",
         {"", ""},
         1,
         1,
         {"OME: 0 series; other files belong to them", NULL}},
    };
    for (size_t i = 0; xml_available() && i < COUNT(sets); i++) {
        struct raw_tiff raw;
        struct fault fault;
        struct page page;
        struct told_facts told;
        raw_begin(&raw, false, false);
        for (int n = 0; n < 2; n++) {
            plain_image(&raw, 8, 4, 3, 0);
            if (!n)
                raw_text(&raw, 270, sets[i].description);
            raw_directory(&raw, true);
        }
        struct source *source = source_from(raw_write(&raw, "set.tif"), &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        for (int32_t n = 0; n < 2; n++) {
            CU_ASSERT(source_select(source, &(struct source_choice){n, 0, 0, 0}, &page, &fault));
            CU_ASSERT_STRING_EQUAL(page.title, sets[i].titles[n]);
            CU_ASSERT_STRING_EQUAL(
                page.notice, "OME says that other files belong to this one; they are not opened.");
            CU_ASSERT_EQUAL(page.axis_extent[AXIS_CHANNEL], sets[i].channels);
            CU_ASSERT_EQUAL(page.axis_extent[AXIS_SLICE], sets[i].slices);
            CU_ASSERT_EQUAL(page.axis_extent[AXIS_TIME], 1);
        }
        told_init(&told);
        source_inform(source, &told.sink);
        for (int n = 0; n < 2 && sets[i].facts[n]; n++)
            CU_ASSERT(told_line(&told, sets[i].facts[n]));
        source_close(source);
    }
}

/* Its XML may be long: it is read once for all pages of a series. */
static void ome_is_read_once(void)
{
    struct raw_tiff raw;
    struct fault fault;
    struct page page;
    raw_begin(&raw, false, false);
    for (int i = 0; i < 4; i++) {
        plain_image(&raw, 3, 2, 0, 0);
        if (!i)
            raw_text(&raw, 270,
                     "<OME><Image Name='A'><Pixels DimensionOrder='XYZCT' SizeZ='2' "
                     "SizeC='2' SizeT='1'><Channel Name='r'/><Channel Name='g'/>"
                     "</Pixels></Image></OME>");
        raw_directory(&raw, true);
    }
    const char *path = raw_write(&raw, "once.tif");
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    scratch_patch(path, 8 + 12, "-----", 5);
    for (int32_t i = 3; i >= 0 && xml_available(); i--) {
        CU_ASSERT(source_select(source, &(struct source_choice){i, 0, 0, 0}, &page, &fault));
        CU_ASSERT_STRING_EQUAL(page.title, i < 2 ? "A, r" : "A, g");
        CU_ASSERT(page.axis_extent[AXIS_SLICE] == 2 && !page.notice[0]);
    }
    source_close(source);
}

static void axes_beyond_the_last_page_are_none(void)
{
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    plain_image(&raw, 8, 4, 3, 0);
    raw_text(&raw, 270, "ImageJ=1.53t\nimages=4\nslices=4\n");
    raw_claim(&raw, 259, RAW_SHORT, 1, 5); /* no stack behind one directory */
    raw_directory(&raw, true);
    struct page page = source_page(raw_write(&raw, "axes.tif"));
    CU_ASSERT(page.count == 1 && page.axis_extent[AXIS_SLICE] == 1);
}

/* While pages are still being counted, axes go as far as the file says. */
static void axes_may_reach_beyond_what_is_counted(void)
{
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    for (int i = 0; i < 300; i++) {
        plain_image(&raw, 1, 1, 0, 0);
        if (!i)
            raw_text(&raw, 270, "ImageJ=1.53t\nimages=300\nslices=300\n");
        raw_directory(&raw, true);
    }
    struct page page = source_page(raw_write(&raw, "axes.tif"));
    CU_ASSERT(page.counting && page.count < 300 && page.axis_extent[AXIS_SLICE] == 300);
}

SUITE("source/axes", {"pages have places on axes", pages_have_places_on_axes},
      {"a file of an OME set names its pages", a_file_of_an_ome_set_names_its_pages},
      {"OME is read once", ome_is_read_once},
      {"axes beyond the last page are none", axes_beyond_the_last_page_are_none},
      {"axes may reach beyond what is counted", axes_may_reach_beyond_what_is_counted})
