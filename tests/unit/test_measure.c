/* Shapes, what belongs to them, and their numbers, each worked out by hand or by counting. Guards
 * ui/measure.c. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "ui/measure.h"

static struct measure region(enum measure_kind kind, double x, double y, double width,
                             double height)
{
    return (struct measure){.kind = kind,
                            .state = MEASURE_DONE,
                            .number = 1,
                            .x = {x, x + width},
                            .y = {y, y + height},
                            .channels = 1};
}

static int count_held(const struct measure *measure, int side)
{
    int held = 0;
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            held += measure_holds(measure, x, y);
    return held;
}

static void a_rectangle_has_its_whole_samples(void)
{
    struct measure whole = region(MEASURE_RECTANGLE, 3, 5, 4, 2);
    CU_ASSERT_EQUAL(count_held(&whole, 20), 8);
    CU_ASSERT(measure_holds(&whole, 3, 5));
    CU_ASSERT(measure_holds(&whole, 6, 6));
    CU_ASSERT_FALSE(measure_holds(&whole, 7, 6));
    /* Centres at 3.5, 4.5, 5.5: the left side counts, the right one does not. */
    struct measure sides = region(MEASURE_RECTANGLE, 3.5, 0, 2, 1);
    CU_ASSERT_EQUAL(count_held(&sides, 20), 2);
    CU_ASSERT(measure_holds(&sides, 3, 0));
    CU_ASSERT_FALSE(measure_holds(&sides, 5, 0));
}

/* In whole numbers: (2 x + 1 - 2 cx)^2 b^2 + (2 y + 1 - 2 cy)^2 a^2 <= 4 a^2 b^2 with half axes a,
 * b; of the box of width x height whose corner is (2, 3). */
static int count_in_ellipse(long width, long height)
{
    int counted = 0;
    for (int i = 0; i < 30 * 30; i++) {
        long u = 2 * (i % 30) + 1 - 4 - width, v = 2 * (i / 30) + 1 - 6 - height;
        counted +=
            u * u * height * height + v * v * width * width <= width * width * height * height;
    }
    return counted;
}

static void an_ellipse_has_the_centres_within(void)
{
    for (int width = 1; width < 24; width++)
        for (int height = 1; height < 24; height += 3) {
            struct measure ellipse = region(MEASURE_ELLIPSE, 2, 3, width, height);
            CU_ASSERT_EQUAL(count_held(&ellipse, 30), count_in_ellipse(width, height));
        }
}

static void check_area(const struct measure *measure)
{
    struct area area = measure_area(measure, 20, 20);
    int within = 0;
    for (int64_t y = area.y; y < area.y + area.height; y++)
        for (int64_t x = area.x; x < area.x + area.width; x++)
            within += measure_holds(measure, x, y);
    CU_ASSERT(area.x >= 0 && area.x + area.width <= 20);
    CU_ASSERT_EQUAL(within, count_held(measure, 20));
}

static void areas_hold_all_that_belongs(void)
{
    static const double places[][4] = {
        {3, 5, 4, 2}, {3.5, 5.25, 4.4, 2.3}, {-3, -2, 9, 9}, {15, 15, 30, 30}, {7.5, 7.5, 1, 1}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (int kind = MEASURE_RECTANGLE; kind <= MEASURE_ELLIPSE; kind++) {
            const double *p = places[i];
            struct measure measure = region((enum measure_kind)kind, p[0], p[1], p[2], p[3]);
            check_area(&measure);
        }
    struct measure outside = region(MEASURE_RECTANGLE, 40, 2, 5, 5);
    CU_ASSERT_EQUAL(measure_area(&outside, 20, 20).width, 0);
}

static void a_probe_is_one_sample(void)
{
    struct measure probe = region(MEASURE_PROBE, 7.9, 3.2, 0, 0);
    struct area area = measure_area(&probe, 20, 20);
    CU_ASSERT_EQUAL(count_held(&probe, 20), 1);
    CU_ASSERT(measure_holds(&probe, 7, 3));
    CU_ASSERT(area.x == 7 && area.y == 3 && area.width == 1 && area.height == 1);
}

/* 3 samples of 0.4 across and 4 of 0.3 down: 1.2 and 1.2. */
static void lengths_are_in_the_spacing(void)
{
    struct measure_terms terms = {.unit = "mm", .source = "TIFF resolution"};
    struct measure distance = region(MEASURE_DISTANCE, 10, 10, 3, 4);
    char lines[MEASURE_LINES][MEASURE_TEXT];
    CU_ASSERT_EQUAL(measure_length(&distance, &terms), 5);
    measure_lines(&distance, &terms, lines);
    CU_ASSERT_STRING_EQUAL(lines[0], "5 pixels");
    terms.spacing_x = 0.4;
    terms.spacing_y = 0.3;
    CU_ASSERT_DOUBLE_EQUAL(measure_length(&distance, &terms), 1.2 * sqrt(2), 1e-15);
    measure_lines(&distance, &terms, lines);
    CU_ASSERT_STRING_EQUAL(lines[0], "1.697 mm (TIFF resolution)");
}

static void calibration_keeps_the_ratio(void)
{
    struct measure_terms terms = {.spacing_x = 2, .spacing_y = 1, .unit = "mm"};
    struct measure distance = region(MEASURE_DISTANCE, 0, 0, 3, 8);
    CU_ASSERT(measure_calibrate(&distance, 50, "um", &terms));
    CU_ASSERT_EQUAL(measure_length(&distance, &terms), 50);
    CU_ASSERT_EQUAL(terms.spacing_x, 10);
    CU_ASSERT_EQUAL(terms.spacing_y, 5);
    CU_ASSERT_STRING_EQUAL(terms.unit, "um");
    CU_ASSERT_STRING_EQUAL(terms.source, "calibrated");
    terms = (struct measure_terms){.unit = "mm"};
    distance = region(MEASURE_DISTANCE, 0, 0, 3, 4);
    CU_ASSERT(measure_calibrate(&distance, 10, "cm", &terms));
    CU_ASSERT_EQUAL(terms.spacing_x, 2);
    CU_ASSERT_EQUAL(terms.spacing_y, 2);
    distance = region(MEASURE_DISTANCE, 1, 1, 0, 0);
    CU_ASSERT_FALSE(measure_calibrate(&distance, 10, "cm", &terms));
}

static void areas_are_samples_times_spacings(void)
{
    struct measure_terms terms = {.unit = "mm"};
    struct measure measure = region(MEASURE_RECTANGLE, 0, 0, 10, 5);
    measure.moments[0].count = 47;
    measure.moments[0].left_out = 3;
    CU_ASSERT_EQUAL(measure_covered(&measure, &terms), 50);
    terms.spacing_x = 0.5;
    terms.spacing_y = 0.25;
    CU_ASSERT_EQUAL(measure_covered(&measure, &terms), 6.25);
}

/* A falling modality makes the least of the most. */
static void values_are_modality_values(void)
{
    struct measure_terms terms = {.modality = {-2, 100}, .value_unit = "HU", .unit = "mm"};
    struct measure measure = region(MEASURE_RECTANGLE, 0, 0, 2, 2);
    const uint8_t samples[] = {10, 20, 30, 40};
    char lines[MEASURE_LINES][MEASURE_TEXT];
    moments_add(&measure.moments[0], SAMPLE_U8, samples, 0, 4);
    struct measure_values values = measure_values(&measure, 0, &terms);
    CU_ASSERT_EQUAL(values.mean, 50);
    CU_ASSERT_EQUAL(values.least, 20);
    CU_ASSERT_EQUAL(values.most, 80);
    CU_ASSERT_DOUBLE_EQUAL(values.deviation, 2 * sqrt(500 / 3.0), 1e-13);
    CU_ASSERT_EQUAL(measure_lines(&measure, &terms, lines), 5);
    CU_ASSERT_STRING_EQUAL(lines[0], "mean 50 HU");
    CU_ASSERT_STRING_EQUAL(lines[1], "SD 25.8199 HU");
    CU_ASSERT_STRING_EQUAL(lines[2], "min 20 HU");
    CU_ASSERT_STRING_EQUAL(lines[3], "max 80 HU");
    CU_ASSERT_STRING_EQUAL(lines[4], "area 4 pixels");
}

static void a_probe_tells_both_values(void)
{
    struct measure_terms terms = {.modality = {1, -1024}, .value_unit = "HU"};
    struct measure probe = region(MEASURE_PROBE, 7.9, 3.2, 0, 0);
    const uint16_t sample = 1064;
    char lines[MEASURE_LINES][MEASURE_TEXT];
    CU_ASSERT_EQUAL(measure_lines(&probe, &terms, lines), 2);
    CU_ASSERT_STRING_EQUAL(lines[1], "no data");
    moments_add(&probe.moments[0], SAMPLE_U16, &sample, 0, 1);
    CU_ASSERT_EQUAL(measure_lines(&probe, &terms, lines), 3);
    CU_ASSERT_STRING_EQUAL(lines[0], "7, 3");
    CU_ASSERT_STRING_EQUAL(lines[1], "value 1064");
    CU_ASSERT_STRING_EQUAL(lines[2], "= 40 HU");
    probe.state = MEASURE_WAITS;
    CU_ASSERT_EQUAL(measure_lines(&probe, &terms, lines), 1);
    CU_ASSERT_STRING_EQUAL(lines[0], "...");
}

static void lengths_read_well(void)
{
    char text[40];
    measure_length_text(12.345, "mm", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "12.35 mm");
    measure_length_text(0.0123, "mm", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "12.3 um");
    measure_length_text(25000, "mm", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "25 m");
    measure_length_text(0.0123, "in", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0.0123 in");
}

static void corners_are_put_in_order(void)
{
    struct measure measure = {.kind = MEASURE_ELLIPSE, .x = {9.4, 2.6}, .y = {1.5, 7.2}};
    measure_order(&measure);
    measure_snap(&measure);
    CU_ASSERT(measure.x[0] == 3 && measure.x[1] == 9 && measure.y[0] == 2 && measure.y[1] == 7);
    measure = (struct measure){.kind = MEASURE_DISTANCE, .x = {9.4, 2.6}, .y = {1.5, 7.2}};
    measure_order(&measure);
    measure_snap(&measure);
    CU_ASSERT(measure.x[0] == 9.4 && measure.x[1] == 2.6);
}

SUITE("measure", {"a rectangle has its whole samples", a_rectangle_has_its_whole_samples},
      {"an ellipse has the centres within", an_ellipse_has_the_centres_within},
      {"areas hold all that belongs", areas_hold_all_that_belongs},
      {"a probe is one sample", a_probe_is_one_sample},
      {"lengths are in the spacing", lengths_are_in_the_spacing},
      {"calibration keeps the ratio", calibration_keeps_the_ratio},
      {"areas are samples times spacings", areas_are_samples_times_spacings},
      {"values are modality values", values_are_modality_values},
      {"a probe tells both values", a_probe_tells_both_values},
      {"lengths read well", lengths_read_well},
      {"corners are put in order", corners_are_put_in_order})
