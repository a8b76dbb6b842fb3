/* Percentiles and the auto window, with values counted by hand. */
#include "suite.h"

#include <string.h>

#include "tone/histogram.h"

static uint32_t bins[65536];

static void clear_bins(void)
{
    memset(bins, 0, sizeof bins);
}

static int32_t percentile(int32_t codes, double percent)
{
    int32_t code = -1;
    CU_ASSERT(histogram_percentile(bins, codes, percent, &code));
    return code;
}

static void percentiles_are_the_least_that_reach(void)
{
    clear_bins();
    for (int code = 0; code < 200; code++)
        bins[code] = 1;
    CU_ASSERT_EQUAL(percentile(256, 0.5), 0); /* 1 of 200 is 0.5 % */
    CU_ASSERT_EQUAL(percentile(256, 0.6), 1);
    CU_ASSERT_EQUAL(percentile(256, 50), 99);
    CU_ASSERT_EQUAL(percentile(256, 99.5), 198);
    CU_ASSERT_EQUAL(percentile(256, 100), 199);
    CU_ASSERT_EQUAL(percentile(256, 200), 199);
}

static void large_counts_are_exact(void)
{
    clear_bins();
    bins[3] = bins[9] = UINT32_MAX;
    CU_ASSERT_EQUAL(percentile(65536, 50), 3);
    bins[9]--;
    bins[65535] = 2;
    CU_ASSERT_EQUAL(percentile(65536, 50), 9);
    CU_ASSERT_EQUAL(percentile(65536, 100), 65535);
}

static void nothing_counted_is_no_window(void)
{
    int32_t code;
    struct window window;
    clear_bins();
    CU_ASSERT_FALSE(histogram_percentile(bins, 65536, 50, &code));
    CU_ASSERT_FALSE(
        histogram_auto_window(bins, SAMPLE_U16, (struct modality){1, 0}, VOI_LINEAR, &window));
}

static void auto_windows_are_in_modality_units(void)
{
    struct window window;
    clear_bins();
    bins[31768] = 4; /* stored -1000 */
    bins[32768] = 992;
    bins[33768] = 4;
    CU_ASSERT(
        histogram_auto_window(bins, SAMPLE_I16, (struct modality){1, 0}, VOI_LINEAR, &window));
    /* 0.4 % at either end are left out of percentiles, which then are one value, and count. */
    CU_ASSERT(window.width == 2001 && window.center == 0.5);
    bins[32767] = 10;
    CU_ASSERT(
        histogram_auto_window(bins, SAMPLE_I16, (struct modality){1, 0}, VOI_LINEAR, &window));
    CU_ASSERT(window.width == 2 && window.center == 0); /* from -1 to 0 */
    bins[31768] = bins[33768] = bins[32767] = 0;
    CU_ASSERT(
        histogram_auto_window(bins, SAMPLE_I16, (struct modality){1, 5}, VOI_LINEAR, &window));
    CU_ASSERT(window.width == 2 && window.center == 5.5 && window_fraction(&window, 5) == 0.5);
    bins[31768] = bins[33768] = 50;
    CU_ASSERT(
        histogram_auto_window(bins, SAMPLE_I16, (struct modality){2, -24}, VOI_SIGMOID, &window));
    CU_ASSERT(window.width == 4001 && window.center == -23.5 && window.voi == VOI_SIGMOID);
    CU_ASSERT(
        histogram_auto_window(bins, SAMPLE_I16, (struct modality){-1, 100}, VOI_LINEAR, &window));
    CU_ASSERT(window.width == 2001 && window.center == 100.5 && !window.invert);
    CU_ASSERT(histogram_auto_window(bins, SAMPLE_I16, (struct modality){-0x1p-12, 0}, VOI_LINEAR,
                                    &window));
    CU_ASSERT(window.voi == VOI_LINEAR_EXACT && window.width == 2000 * 0x1p-12);
    CU_ASSERT_EQUAL(window.center, 0);
}

static void narrow_types_use_their_own_bins(void)
{
    struct window window;
    clear_bins();
    bins[10] = bins[20] = 5;
    bins[300] = 1000; /* no code of 8 bits */
    CU_ASSERT(histogram_auto_window(bins, SAMPLE_U8, (struct modality){1, 0}, VOI_LINEAR, &window));
    CU_ASSERT(window.width == 11 && window.center == 15.5);
    CU_ASSERT(histogram_auto_window(bins, SAMPLE_I8, (struct modality){1, 0}, VOI_LINEAR, &window));
    CU_ASSERT(window.width == 11 && window.center == -112.5);
}

SUITE("tone/histogram",
      {"a percentile is the least code that reaches it", percentiles_are_the_least_that_reach},
      {"large counts are exact", large_counts_are_exact},
      {"nothing counted is no window", nothing_counted_is_no_window},
      {"auto windows are in modality units", auto_windows_are_in_modality_units},
      {"8-bit types use 256 bins", narrow_types_use_their_own_bins})
