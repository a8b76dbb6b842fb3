/* Colour maps against what was published: entries of DICOM's tables (PS3.6 Annex B.1) and of
 * matplotlib's (decimals, times 255), hues worked out by hand. */
#include "suite.h"

#include <string.h>

#include "tone/colormap.h"

struct entry {
    enum colormap map;
    int level;
    int colour[3];
};

static const struct entry published[] = {
    {COLORMAP_HOT_IRON, 0, {0, 0, 0}},
    {COLORMAP_HOT_IRON, 1, {2, 0, 0}},
    {COLORMAP_HOT_IRON, 127, {254, 0, 0}},
    {COLORMAP_HOT_IRON, 128, {255, 0, 0}},
    {COLORMAP_HOT_IRON, 129, {255, 2, 0}},
    {COLORMAP_HOT_IRON, 191, {255, 126, 0}},
    {COLORMAP_HOT_IRON, 192, {255, 128, 4}},
    {COLORMAP_HOT_IRON, 254, {255, 252, 252}},
    {COLORMAP_HOT_IRON, 255, {255, 255, 255}},
    {COLORMAP_PET, 0, {0, 0, 0}},
    {COLORMAP_PET, 1, {0, 2, 1}},
    {COLORMAP_PET, 31, {0, 62, 61}},
    {COLORMAP_PET, 32, {0, 65, 63}},
    {COLORMAP_PET, 63, {0, 128, 125}},
    {COLORMAP_PET, 64, {1, 126, 127}},
    {COLORMAP_PET, 96, {65, 63, 191}},
    {COLORMAP_PET, 107, {86, 41, 213}},
    {COLORMAP_PET, 128, {128, 0, 255}},
    {COLORMAP_PET, 129, {130, 2, 252}},
    {COLORMAP_PET, 150, {171, 44, 168}},
    {COLORMAP_PET, 192, {255, 128, 0}},
    {COLORMAP_PET, 213, {255, 170, 85}},
    {COLORMAP_PET, 234, {255, 212, 170}},
    {COLORMAP_PET, 254, {255, 252, 250}},
    {COLORMAP_PET, 255, {255, 255, 255}},
    {COLORMAP_VIRIDIS, 0, {68, 1, 84}}, /* 0.267004 0.004874 0.329415 */
    {COLORMAP_VIRIDIS, 128, {33, 145, 140}},
    {COLORMAP_VIRIDIS, 255, {253, 231, 37}}, /* 0.993248 0.906157 0.143936 */
    {COLORMAP_CIVIDIS, 0, {0, 34, 78}},      /* 0.000000 0.135112 0.304751 */
    {COLORMAP_CIVIDIS, 255, {254, 232, 56}},
    {COLORMAP_SPECTRUM, 0, {0, 0, 255}},
    {COLORMAP_SPECTRUM, 51, {0, 204, 255}}, /* 48 degrees from blue */
    {COLORMAP_SPECTRUM, 102, {0, 255, 102}},
    {COLORMAP_SPECTRUM, 153, {102, 255, 0}},
    {COLORMAP_SPECTRUM, 204, {255, 204, 0}},
    {COLORMAP_SPECTRUM, 255, {255, 0, 0}},
    {COLORMAP_GRAY, 77, {77, 77, 77}},
    {COLORMAP_INVERTED, 77, {178, 178, 178}},
};

static void colours_are_as_published(void)
{
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const struct entry *entry = &published[i];
        uint8_t colour[3];
        colormap_colour(entry->map, (uint8_t)entry->level, colour);
        for (int channel = 0; channel < 3; channel++)
            CU_ASSERT_EQUAL(colour[channel], entry->colour[channel]);
    }
}

/* No typing error in the tables: neighbours are alike, and from viridis' and cividis' first to
 * their last colour it becomes lighter. */
static void colours_change_little_by_little(void)
{
    for (int map = 0; map < COLORMAPS; map++)
        for (int level = 1; level < COLORMAP_COLOURS; level++) {
            uint8_t a[3], b[3];
            int most = 0, lighter = 0;
            static const int luma[3] = {299, 587, 114};
            colormap_colour((enum colormap)map, (uint8_t)(level - 1), a);
            colormap_colour((enum colormap)map, (uint8_t)level, b);
            for (int i = 0; i < 3; i++) {
                int step = b[i] - a[i];
                most = (step < 0 ? -step : step) > most ? (step < 0 ? -step : step) : most;
                lighter += step * luma[i];
            }
            CU_ASSERT(most <= 5);
            CU_ASSERT((map != COLORMAP_VIRIDIS && map != COLORMAP_CIVIDIS) || lighter > -300);
        }
}

static void names_are_words(void)
{
    for (int map = 0; map < COLORMAPS; map++)
        CU_ASSERT_EQUAL(
            colormap_names[map][strspn(colormap_names[map], "abcdefghijklmnopqrstuvwxyz-")], 0);
    CU_ASSERT_PTR_NULL(colormap_names[COLORMAPS]);
    CU_ASSERT(!colormap_has_colours(COLORMAP_GRAY) && !colormap_has_colours(COLORMAP_INVERTED));
    CU_ASSERT(colormap_has_colours(COLORMAP_HOT_IRON) && colormap_has_colours(COLORMAP_CIVIDIS));
}

SUITE("tone/colormap", {"colours are as published", colours_are_as_published},
      {"colours change little by little", colours_change_little_by_little},
      {"names are words", names_are_words})
