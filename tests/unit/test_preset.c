/* The presets' table: values as the sources publish them, names fit for a command line. */
#include "suite.h"

#include <string.h>

#include "tone/preset.h"

static void presets_are_as_published(void)
{
    static const struct preset published[] = {
        {"brain", 80, 40, "OHIF"},
        {"lung", 1500, -600, "OHIF"},
        {"abdomen", 400, 40, "OHIF"},
        {"bone", 2000, 350, "Weasis"},
        {"liver", 150, 90, "OHIF"},
        {"mediastinum", 400, 80, "Weasis"},
        {"subdural", 215, 75, "Radiopaedia"},
        {"stroke", 40, 40, "Radiopaedia"},
        {"temporal-bone", 2800, 600, "Radiopaedia"},
    };
    enum { COUNT = sizeof published / sizeof *published };
    for (int i = 0; i < COUNT; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(presets[i].name);
        CU_ASSERT_STRING_EQUAL(presets[i].name, published[i].name);
        CU_ASSERT_EQUAL(presets[i].width, published[i].width);
        CU_ASSERT_EQUAL(presets[i].center, published[i].center);
        CU_ASSERT_STRING_EQUAL(presets[i].source, published[i].source);
    }
    CU_ASSERT_PTR_NULL(presets[COUNT].name);
}

static void presets_are_found_by_name(void)
{
    for (const struct preset *preset = presets; preset->name; preset++) {
        CU_ASSERT_PTR_EQUAL(preset_find(preset->name), preset); /* so names are unique */
        CU_ASSERT_EQUAL(strspn(preset->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(preset->name));
    }
    CU_ASSERT_PTR_NULL(preset_find("brai"));
    CU_ASSERT_PTR_NULL(preset_find(""));
}

SUITE("tone/preset", {"presets are as published", presets_are_as_published},
      {"presets are found by name", presets_are_found_by_name})
