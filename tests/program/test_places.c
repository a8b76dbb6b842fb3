/* Places among pages and channels, worked out by hand. Guards app/places.c and app/describe.c. */
#include "suite.h"

#include <string.h>

#include "app/describe.h"
#include "app/places.h"

/* 3 channels x 4 slices x 2 time points, channels fastest, from page 2 on; 1 page before and a page
 * after belong to other series. */
static struct page stack(int32_t index)
{
    return (struct page){.index = index,
                         .count = 27,
                         .samples = 1,
                         .channels = 1,
                         .axis_first = 2,
                         .axis_extent = {3, 4, 2},
                         .axis_stride = {1, 3, 12},
                         .series = 1,
                         .series_count = 3};
}

static struct page colour(int32_t channel)
{
    return (struct page){.count = 1,
                         .samples = 4,
                         .channels = channel ? 1 : 3,
                         .channel = channel,
                         .axis_extent = {1, 1, 1},
                         .series_count = 1};
}

/* Page 2 + 1 + 3 * 2 + 12 = 21 is channel 2, slice 3, time 2. */
static void axes_lead_to_pages(void)
{
    static const struct {
        enum page_axis axis;
        const char *word;
        int32_t index;
    } rows[] = {
        {AXIS_CHANNEL, "next", 22},   {AXIS_CHANNEL, "previous", 20}, {AXIS_CHANNEL, "1", 20},
        {AXIS_CHANNEL, "3", 22},      {AXIS_SLICE, "1", 15},          {AXIS_SLICE, "next", 24},
        {AXIS_SLICE, "previous", 18}, {AXIS_SLICE, "4", 24},          {AXIS_TIME, "1", 9},
        {AXIS_TIME, "previous", 9},   {AXIS_TIME, "next", 21},        {AXIS_TIME, "2", 21},
        {AXIS_SLICE, "+1", 24},       {AXIS_SLICE, "-2", 15},         {AXIS_SLICE, "+900", 24},
        {AXIS_SLICE, "-900", 15},     {AXIS_SLICE, "first", 15},      {AXIS_SLICE, "last", 24},
        {AXIS_CHANNEL, "-1", 20},     {AXIS_TIME, "-1", 9},           {AXIS_TIME, "+0", 21},
    };
    struct page page = stack(21);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_choice choice = {.index = 21, .every = 1};
        struct fault fault;
        CU_ASSERT(place_along(&page, rows[i].axis, rows[i].word, &choice, &fault));
        CU_ASSERT_EQUAL(choice.index, rows[i].index);
        CU_ASSERT(choice.channel == 0 && choice.every == 1);
    }
}

static void samples_are_channels_where_pages_are_not(void)
{
    static const struct {
        int32_t from;
        const char *word;
        int32_t to;
    } rows[] = {{0, "next", 1}, {4, "next", 4},  {1, "previous", 0}, {0, "previous", 0},
                {2, "all", 0},  {0, "4", 4},     {3, "2", 2},        {3, "-2", 1},
                {3, "-9", 0},   {2, "first", 1}, {0, "last", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct page page = colour(rows[i].from);
        struct source_choice choice = {.channel = rows[i].from};
        CU_ASSERT(place_along(&page, AXIS_CHANNEL, rows[i].word, &choice, NULL));
        CU_ASSERT(choice.channel == rows[i].to && choice.index == 0);
    }
}

static void gray_pixels_have_no_channels(void)
{
    static const char *const words[] = {"next", "previous", "all", "1"};
    struct page page = colour(0);
    page.samples = page.channels = 1;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct source_choice choice = {0};
        CU_ASSERT(place_along(&page, AXIS_CHANNEL, words[i], &choice, NULL));
        CU_ASSERT_EQUAL(choice.channel, 0);
    }
    page.channels = 3; /* a palette's indices are another matter */
    struct source_choice choice = {0};
    CU_ASSERT(place_along(&page, AXIS_CHANNEL, "next", &choice, NULL) && choice.channel == 1);
}

/* Of seven, or of seven and maybe more. */
static void words_name_places(void)
{
    static const struct {
        const char *word;
        int32_t current;
        bool more;
        int32_t place; /* 0: refused */
        int way;
    } rows[] = {{"next", 3, false, 4, 1},      {"next", 7, false, 7, 1},
                {"next", 7, true, 8, 1},       {"+10", 2, false, 7, 1},
                {"+10", 2, true, 7, 1},        {"+10", 7, true, 8, 1},
                {"-10", 4, false, 1, -1},      {"-2", 4, false, 2, -1},
                {"+2", 4, false, 6, 1},        {"last", 7, true, 7, -1},
                {"first", 5, true, 1, 1},      {"previous", 1, true, 1, -1},
                {"8", 1, false, 0, 0},         {"8", 1, true, 8, 0},
                {"+2x", 1, true, 0, 0},        {"-99999999999", 5, true, 0, 0},
                {"+2147483647", 7, true, 8, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place_range range = {"page", rows[i].current, 7, false, rows[i].more};
        struct fault fault = {0};
        int32_t place = 0;
        bool read = place_read(&range, rows[i].word, &place, &fault);
        CU_ASSERT(read == (rows[i].place > 0) && place == rows[i].place);
        CU_ASSERT(!read || place_way(rows[i].word) == rows[i].way);
        if (!read)
            CU_ASSERT_PTR_NOT_NULL(
                strstr(fault.text, rows[i].more ? "a page from 1 to 7+" : "a page from 1 to 7"));
    }
}

/* Slices first, as the wheel has it; time first, as cine has it; and pages where there is neither.
 */
static void a_stack_lies_along_the_first_axis_there_is(void)
{
    static const enum page_axis slices[] = {AXIS_SLICE, AXIS_TIME, PAGE_AXES},
                                times[] = {AXIS_TIME, AXIS_SLICE, PAGE_AXES};
    struct place_track track;
    struct page page = stack(9);
    place_track(&page, 21, slices, &track);
    CU_ASSERT(track.first == 15 && track.stride == 3 && track.count == 4 && track.at == 2);
    place_track(&page, 21, times, &track);
    CU_ASSERT(track.first == 9 && track.stride == 12 && track.count == 2 && track.at == 1);
    place_track(&page, 26, times, &track); /* of another series */
    CU_ASSERT(track.first == 0 && track.stride == 1 && track.count == 27 && track.at == 26);
    page.axis_extent[AXIS_TIME] = page.axis_extent[AXIS_SLICE] = 1;
    page.counting = 1;
    place_track(&page, 3, slices, &track);
    CU_ASSERT(track.count == 27 && track.at == 3 && track.more);
}

static void what_there_is_not_is_refused(void)
{
    static const struct {
        bool stack;
        enum page_axis axis;
        const char *word, *sentence;
    } rows[] = {
        {true, AXIS_CHANNEL, "4",
         "'4' is not next, previous, first, last, +N, -N or a channel from 1 to 3"},
        {true, AXIS_CHANNEL, "all",
         "'all' is not next, previous, first, last, +N, -N or a channel from 1 to 3"},
        {true, AXIS_SLICE, "0",
         "'0' is not next, previous, first, last, +N, -N or a slice from 1 to 4"},
        {true, AXIS_TIME, "soon",
         "'soon' is not next, previous, first, last, +N, -N or a time point from 1 to 2"},
        {false, AXIS_CHANNEL, "5",
         "'5' is not next, previous, first, last, +N, -N, all or a channel from 1 to 4"},
        {false, AXIS_SLICE, "next", "the file has no slices"},
        {false, AXIS_TIME, "2", "the file has no time points"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct page page = rows[i].stack ? stack(21) : colour(0);
        struct source_choice choice = {.index = page.index};
        struct fault fault = {0};
        CU_ASSERT_FALSE(place_along(&page, rows[i].axis, rows[i].word, &choice, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, rows[i].sentence);
        CU_ASSERT(fault.kind == FAULT_USAGE && choice.index == page.index && choice.channel == 0);
    }
    struct page page = colour(0);
    struct source_choice choice = {0};
    CU_ASSERT(place_along(&page, AXIS_SLICE, "1", &choice, NULL));
}

static void series_are_walked_to(void)
{
    struct page page = stack(21);
    struct source_choice choice = {0};
    int32_t series = -1;
    CU_ASSERT(place_series(&page, "next", &series, NULL) && series == 2);
    CU_ASSERT(place_towards(&page, series, &choice) && choice.index == 26);
    CU_ASSERT(place_series(&page, "1", &series, NULL) && series == 0);
    CU_ASSERT(place_towards(&page, series, &choice) && choice.index == 1);
    CU_ASSERT_FALSE(place_series(&page, "4", &series, NULL));
    page.count = 26; /* nothing lies beyond ... */
    CU_ASSERT_FALSE(place_towards(&page, 2, &choice));
    page.counting = 1; /* ... or nobody knows yet */
    CU_ASSERT(place_towards(&page, 2, &choice));
    page.axis_first = 0;
    CU_ASSERT_FALSE(place_towards(&page, 0, &choice));
}

static void places_are_told_in_words(void)
{
    char text[100], few[12];
    struct page page = stack(21);
    place_text(&page, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "page 22 of 27  series 2/3  channel 2/3  slice 3/4  time 2/2");
    page.counting = 1;
    strcpy(page.title, "DAPI");
    page.axis_extent[AXIS_CHANNEL] = 1;
    page.axis_extent[AXIS_TIME] = 1;
    page.index = 8;
    place_text(&page, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "page 9 of 27+  DAPI  series 2/3  slice 3/4");
    place_text(&page, few, sizeof few);
    CU_ASSERT_STRING_EQUAL(few, "page 9 of 2");
    page = colour(0);
    place_text(&page, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "");
    page = colour(3);
    place_text(&page, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "channel 3/4");
}

static void types_are_told_in_words(void)
{
    static const struct {
        int32_t bits, format, samples;
        const char *text;
    } rows[] = {{12, FORMAT_UINT, 1, "12-bit unsigned"},
                {8, FORMAT_UINT, 3, "8-bit unsigned, 3 samples"},
                {32, FORMAT_FLOAT, 1, "32-bit float"},
                {64, FORMAT_INT, 1, "64-bit signed"},
                {32, FORMAT_COMPLEX_INT, 2, "32-bit complex integer, 2 samples"},
                {128, FORMAT_COMPLEX_FLOAT, 1, "128-bit complex float"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        struct page page = {
            .bits = rows[i].bits, .format = rows[i].format, .samples = rows[i].samples};
        describe_type(&page, text, sizeof text);
        CU_ASSERT_STRING_EQUAL(text, rows[i].text);
    }
    for (int a = 1; a <= 8; a++)
        for (int b = 1; b < a; b++)
            CU_ASSERT(strcmp(describe_orientation(a), describe_orientation(b)) != 0);
    CU_ASSERT_STRING_EQUAL(describe_orientation(6), "turned right by 90 degrees");
}

SUITE("places", {"axes lead to pages", axes_lead_to_pages},
      {"samples are channels where pages are not", samples_are_channels_where_pages_are_not},
      {"gray pixels have no channels", gray_pixels_have_no_channels},
      {"words name places", words_name_places},
      {"a stack lies along the first axis there is", a_stack_lies_along_the_first_axis_there_is},
      {"what there is not is refused", what_there_is_not_is_refused},
      {"series are walked to", series_are_walked_to},
      {"places are told in words", places_are_told_in_words},
      {"types are told in words", types_are_told_in_words})
