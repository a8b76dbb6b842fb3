/* OME-XML: series, axes, names and sizes for a page; GDAL's metadata. Guards source/ome.h and
 * source/gdal.h. Where the program has no expat there is nothing to test. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/gdal.h"
#include "source/ome.h"
#include "support/told_facts.h"
#include "support/xml_string.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool parse(const char *xml, int32_t page, struct ome *ome)
{
    struct xml_string string = xml_string(xml, 100);
    struct fault fault;
    return ome_parse(&string.text, page, ome, &fault);
}

#define PIXELS(order, z, c, t)                                                         \
    "<Pixels DimensionOrder='" order "' SizeX='9' SizeY='9' SizeZ='" #z "' SizeC='" #c \
    "' SizeT='" #t "'"

#define HERE "<UUID FileName='a'>urn:a</UUID>"
#define THERE "<UUID FileName='b'>urn:b</UUID>"

/* One series: the axes as first, then extent and stride of channel, slice and time; none: all 0. */
static const struct {
    const char *what, *pixels;
    int32_t axes[7];
} layouts[] = {
    {"nothing told", PIXELS("XYCZT", 3, 2, 4) "/>", {0, 2, 1, 3, 2, 4, 6}},
    {"another order", PIXELS("XYTZC", 3, 2, 4) "/>", {0, 2, 12, 3, 4, 4, 1}},
    {"an empty TiffData", PIXELS("XYZCT", 3, 2, 1) "><TiffData/></Pixels>", {0, 2, 3, 3, 1, 1, 6}},
    {"all at once",
     PIXELS("XYZCT", 3, 1, 1) "><TiffData IFD='5' PlaneCount='3'/></Pixels>",
     {5, 1, 3, 3, 1, 1, 3}},
    {"one by one, in disorder",
     PIXELS("XYZCT", 2, 2, 1) "><TiffData IFD='3' FirstZ='1' FirstC='1'/>"
                              "<TiffData IFD='0'/><TiffData IFD='2' FirstC='1'/>"
                              "<TiffData IFD='1' FirstZ='1' PlaneCount='1'/></Pixels>",
     {0, 2, 2, 2, 1, 1, 4}},
    {"interleaved",
     PIXELS("XYCZT", 2, 3, 1) "><Channel SamplesPerPixel='3'/></Pixels>",
     {0, 1, 1, 2, 1, 1, 2}},
    {"two channels of three samples",
     PIXELS("XYCZT", 1, 6, 1) "><Channel SamplesPerPixel='3'/><Channel SamplesPerPixel='3'/>"
                              "<TiffData IFD='0'/><TiffData IFD='1' FirstC='3'/></Pixels>",
     {0, 2, 1, 1, 2, 1, 2}},
    {"planes that change places",
     PIXELS("XYZCT", 2, 1, 1) "><TiffData IFD='1'/><TiffData IFD='0' FirstZ='1'/></Pixels>",
     {0}},
    {"planes that are missing",
     PIXELS("XYZCT", 3, 1, 1) "><TiffData IFD='0'/></Pixels>",
     {0, 1, 1, 1, 1, 1, 1}},
    {"fewer times than were meant",
     PIXELS("XYZCT", 2, 1, 5) "><TiffData PlaneCount='4'/></Pixels>",
     {0, 1, 2, 2, 1, 2, 2}},
    {"not all slices of the last time",
     PIXELS("XYZCT", 2, 1, 5) "><TiffData PlaneCount='3'/></Pixels>",
     {0}},
    {"the first plane missing",
     PIXELS("XYZCT", 3, 1, 1) "><TiffData IFD='1' FirstZ='1' PlaneCount='2'/></Pixels>",
     {1}},
    {"a plane told twice",
     PIXELS("XYZCT", 2, 1, 1) "><TiffData IFD='0'/><TiffData IFD='0'/></Pixels>",
     {0}},
    {"no order", "<Pixels SizeZ='2' SizeC='1' SizeT='1'/>", {0}},
    {"an order of nonsense", PIXELS("XYZZZ", 2, 1, 1) "/>", {0}},
    {"a size of nonsense", PIXELS("XYZCT", x, 1, 1) "/>", {0}},
    {"sizes that overflow", PIXELS("XYZCT", 60000000, 60000000, 60000000) "/>", {0}},
    {"a directory of nonsense",
     PIXELS("XYZCT", 1, 1, 1) "><TiffData IFD='-1' PlaneCount='1'/></Pixels>",
     {0}},
    {"a file for each slice",
     PIXELS("XYZCT", 2, 1, 1) "><TiffData IFD='0' PlaneCount='1'>" HERE "</TiffData>"
                              "<TiffData IFD='1' FirstZ='1' PlaneCount='1'>" THERE
                              "</TiffData></Pixels>",
     {0, 1, 1, 1, 1, 1, 1}},
    {"a file for each time",
     PIXELS("XYZCT", 2, 2, 3) "><TiffData IFD='0' PlaneCount='4'>" THERE "</TiffData>"
                              "<TiffData IFD='3' FirstT='1' PlaneCount='4'>" HERE
                              "</TiffData></Pixels>",
     {3, 2, 2, 2, 1, 1, 4}},
    {"a file for each channel",
     PIXELS("XYCZT", 2, 2, 2) "><TiffData IFD='1' FirstC='1' FirstZ='1'>" HERE "</TiffData>"
                              "<TiffData IFD='0' FirstC='1'>" HERE "</TiffData>"
                              "<TiffData IFD='2' FirstC='1' FirstT='1'>" HERE "</TiffData>"
                              "<TiffData IFD='3' FirstC='1' FirstZ='1' FirstT='1'>" HERE
                              "</TiffData><TiffData IFD='0'>" THERE "</TiffData></Pixels>",
     {0, 1, 1, 2, 1, 2, 2}},
    {"a file that begins with the second slice",
     PIXELS("XYZCT", 3, 1, 1) "><TiffData IFD='0' FirstZ='1' PlaneCount='2'>" HERE "</TiffData>"
                              "<TiffData IFD='0' PlaneCount='1'>" THERE "</TiffData></Pixels>",
     {0}},
    {"a file of a set in disorder",
     PIXELS("XYZCT", 4, 1, 2) "><TiffData IFD='0' PlaneCount='1'>" HERE "</TiffData>"
                              "<TiffData IFD='2' FirstZ='1' PlaneCount='1'>" HERE "</TiffData>"
                              "<TiffData IFD='1' FirstZ='2' PlaneCount='1'>" HERE "</TiffData>"
                              "<TiffData IFD='3' FirstZ='3' PlaneCount='1'>" HERE
                              "</TiffData></Pixels>",
     {0}},
    {"this file's planes",
     PIXELS("XYZCT", 1, 1, 1) "><TiffData IFD='0' PlaneCount='1'><UUID>urn:a</UUID></TiffData>"
                              "</Pixels>",
     {0, 1, 1, 1, 1, 1, 1}},
};

static void planes_lie_along_axes(void)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        char xml[1000];
        struct ome ome;
        const int32_t *axes = layouts[i].axes;
        snprintf(xml, sizeof xml, "<o:OME xmlns:o='x' UUID='urn:a'><o:Image>%s</o:Image></o:OME>",
                 layouts[i].pixels);
        bool fine = parse(xml, axes[0], &ome) && ome.series_count == 1;
        fine &= ome.has_axes == (axes[1] > 0);
        for (int a = 0; a < PAGE_AXES && ome.has_axes; a++)
            fine &= ome.axis_extent[a] == axes[1 + 2 * a] && ome.axis_stride[a] == axes[2 + 2 * a];
        fine &= !ome.has_axes || (ome.axis_first == axes[0] && ome.found);
        CU_ASSERT(fine);
        if (!fine)
            printf("  %s\n", layouts[i].what);
    }
}

static const char two_series[] =
    "<?xml version=\"1.0\"?><!-- a comment --><OME><Image ID='Image:0' Name='left \xc2\xb5'>"
    "<Pixels DimensionOrder='XYCZT' SizeZ='1' SizeC='2' SizeT='2' PhysicalSizeX='0.25'"
    " PhysicalSizeY='500' PhysicalSizeYUnit='nm' PhysicalSizeZ='-2'><Channel Name='DAPI'/>"
    "<Channel Name='GFP'/></Pixels></Image><Image Name='right'><Pixels DimensionOrder='XYZCT'"
    " SizeZ='3' SizeC='2' SizeT='1' PhysicalSizeX='2' PhysicalSizeXUnit='\xc3\x85'>"
    "<Channel/><Channel Name='red'/></Pixels></Image></OME>";

static void series_follow_each_other(void)
{
    struct ome ome;
    CU_ASSERT(ome_recognise(two_series) && ome_recognise("<o:OME x"));
    CU_ASSERT(!ome_recognise("OME ") && !ome_recognise("ImageJ=1 <OME ") &&
              !ome_recognise("<HOME a"));
    static const int32_t channels[] = {0, 1, 0, 1, 0, 0, 0, 1, 1, 1};
    for (int32_t page = 0; page < 10; page++) {
        CU_ASSERT(parse(two_series, page, &ome) && ome.found && ome.series_count == 2);
        CU_ASSERT_EQUAL(ome.series, page >= 4);
        CU_ASSERT_EQUAL(ome.channel, channels[page]);
        CU_ASSERT_EQUAL(ome.axis_first, page < 4 ? 0 : 4);
    }
    CU_ASSERT(ome.spacing[0] > 1.99e-7 && ome.spacing[0] < 2.01e-7 && ome.spacing[1] == 0);
    CU_ASSERT_STRING_EQUAL(ome.channels[1], "red");
    CU_ASSERT(parse(two_series, 0, &ome));
    CU_ASSERT_STRING_EQUAL(ome.name, "left u");
    CU_ASSERT_STRING_EQUAL(ome.channels[1], "GFP");
    CU_ASSERT(ome.spacing[0] == 0.25e-3 && fabs(ome.spacing[1] - 5e-4) < 1e-12 && !ome.spacing[2]);
    CU_ASSERT(parse(two_series, 10, &ome) && !ome.found && ome.series_count == 2);
}

static bool same_answer(const struct ome *a, const struct ome *b)
{
    return a->series_count == b->series_count && a->series == b->series && a->found == b->found &&
           a->has_axes == b->has_axes && a->channel == b->channel && a->slice == b->slice &&
           a->time == b->time && a->elsewhere == b->elsewhere &&
           a->channel_count == b->channel_count && a->axis_first == b->axis_first &&
           !memcmp(a->axis_extent, b->axis_extent, sizeof a->axis_extent) &&
           !memcmp(a->axis_from, b->axis_from, sizeof a->axis_from) &&
           !memcmp(a->axis_stride, b->axis_stride, sizeof a->axis_stride) &&
           !strcmp(a->name, b->name);
}

/* In the second, page 6 is the first series' amid those of the next, and the last one's pages do
 * not follow its planes. */
static const char *const many_series[] = {
    two_series,
    "<OME><Image Name='a'><Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='1' SizeT='1'>"
    "<TiffData IFD='6'/></Pixels></Image><Image Name='b'><Pixels DimensionOrder='XYCZT' SizeZ='3'"
    " SizeC='3' SizeT='1'><TiffData IFD='2' PlaneCount='9'/></Pixels></Image><Image Name='c'>"
    "<Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='1' SizeT='1'><TiffData IFD='15'"
    " PlaneCount='1'/><TiffData IFD='13' FirstZ='1' PlaneCount='1'/></Pixels></Image></OME>",
    "<OME/>",
    "<OME UUID='urn:a'><Image><Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='2' SizeT='3'>"
    "<TiffData IFD='0' FirstT='1' PlaneCount='4'>" HERE "</TiffData><TiffData IFD='0'>" THERE
    "</TiffData></Pixels></Image></OME>",
};

/* True when the answer for one page can be turned to another; it must be that page's then. */
static bool turns(const char *xml, int32_t from, int32_t to)
{
    struct ome ome, fresh;
    CU_ASSERT(parse(xml, from, &ome) && parse(xml, to, &fresh));
    bool turned = ome_turn(&ome, to);
    CU_ASSERT(turned || from != to);
    CU_ASSERT(!turned || same_answer(&ome, &fresh));
    return turned;
}

static void an_answer_holds_for_other_pages(void)
{
    enum { FIRST = -1, END = 19, PAGES = END - FIRST };
    static const int expected[] = {4 * 4 + 6 * 6 + 1 + 9 * 9,
                                   1 + 2 * 4 * 4 + 1 + 1 + 3 * 3 + 2 * 2 + 1 + 3 * 3, PAGES * PAGES,
                                   1 + 4 * 4 + 15 * 15};
    for (size_t i = 0; i < COUNT(many_series); i++) {
        int count = 0;
        for (int32_t pair = 0; pair < PAGES * PAGES; pair++)
            count += turns(many_series[i], FIRST + pair / PAGES, FIRST + pair % PAGES);
        CU_ASSERT_EQUAL(count, expected[i]);
    }
}

/* Cut anywhere, or with a byte changed, it ends and stays within its bounds. */
static void broken_xml_does_no_harm(void)
{
    char xml[sizeof two_series];
    struct ome ome;
    for (size_t cut = 0; cut < sizeof two_series - 1; cut++) {
        memcpy(xml, two_series, sizeof xml);
        xml[cut] = 0;
        CU_ASSERT_FALSE(parse(xml, 0, &ome));
        CU_ASSERT(ome.series_count <= 2);
        memcpy(xml, two_series, sizeof xml);
        xml[cut] = "9<'>-\xff"[cut % 6];
        parse(xml, 3, &ome);
        CU_ASSERT(ome.channel_count <= OME_CHANNELS && ome.channel < 64);
    }
    CU_ASSERT(parse("<OME><Image>" PIXELS("XYZCT", 2, 1, 1) "/><Pixels SizeZ='x'/></Image></OME>",
                    0, &ome) &&
              !ome.has_axes && !ome_turn(&ome, 1));
    CU_ASSERT_FALSE(parse("<Pixels/><TiffData/>", 0, &ome));
    CU_ASSERT(parse("<TiffData FirstC='9'/>", 0, &ome) && !ome.found);
}

/* GDAL. */

static const char metadata[] =
    "<GDALMetadata>\n  <Item name=\"AREA_OR_POINT\">Area</Item>\n"
    "  <Item name=\"STATISTICS_MEAN\" sample=\"0\">686.5</Item>\n"
    "  <Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-3</Item>\n"
    "  <Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.5</Item>\n"
    "  <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">m &amp; \xc2\xb5</Item>\n"
    "  <Item name=\"SCALE\" sample=\"1\" role=\"scale\">4</Item>\n"
    "  <Item name=\"DESCRIPTION\" sample=\"1\" role=\"description\">near infrared</Item>\n"
    "  <Item name=\"SCALE\" sample=\"2\" role=\"scale\">0</Item>\n"
    "  <Item sample=\"0\" role=\"scale\">9</Item>\n</GDALMetadata>\n";

static void gdal_metadata_are_of_a_sample(void)
{
    struct gdal gdal;
    struct fault fault;
    struct told_facts told;
    struct xml_string string = xml_string(metadata, 64);
    told_init(&told);
    CU_ASSERT(gdal_parse(&string.text, 0, &gdal, &told.sink, &fault));
    CU_ASSERT(gdal.has_line && gdal.slope == 0.5 && gdal.intercept == -3 && !gdal.title[0]);
    CU_ASSERT_STRING_EQUAL(gdal.unit, "m & u");
    CU_ASSERT(told_line(&told, "GDAL AREA_OR_POINT: Area") && !told.wrong);
    CU_ASSERT(told_line(&told, "GDAL STATISTICS_MEAN: 686.5"));
    CU_ASSERT_FALSE(told_line(&told, "GDAL SCALE: 4"));
    string = xml_string(metadata, 9);
    CU_ASSERT(gdal_parse(&string.text, 1, &gdal, NULL, &fault));
    CU_ASSERT(gdal.has_line && gdal.slope == 4 && gdal.intercept == 0 && !gdal.unit[0]);
    CU_ASSERT_STRING_EQUAL(gdal.title, "near infrared");
    string = xml_string(metadata, 9);
    CU_ASSERT(gdal_parse(&string.text, 2, &gdal, NULL, &fault));
    CU_ASSERT(!gdal.has_line && gdal.slope == 1);
    string = xml_string("<GDALMetadata><Item name='A'>", 9);
    CU_ASSERT_FALSE(gdal_parse(&string.text, 0, &gdal, NULL, &fault));
}

static const struct suite_test with[] = {
    {"planes lie along axes", planes_lie_along_axes},
    {"series follow each other", series_follow_each_other},
    {"an answer holds for other pages", an_answer_holds_for_other_pages},
    {"broken XML does no harm", broken_xml_does_no_harm},
    {"GDAL's metadata are of a sample", gdal_metadata_are_of_a_sample},
    {NULL, NULL}};
static const struct suite_test without[] = {{NULL, NULL}};

__attribute__((constructor)) static void register_suite(void)
{
    suite_register("source/ome", xml_available() ? with : without);
}
