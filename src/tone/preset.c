/* Named windows for CT: see tone/preset.h. A table; it owns nothing and knows nothing of the page
 * that is shown. */
#include "tone/preset.h"

#include <stddef.h>
#include <string.h>

const struct preset presets[] = {
    {"brain", 80, 40, "OHIF"},
    {"lung", 1500, -600, "OHIF"},
    {"abdomen", 400, 40, "OHIF"},
    {"bone", 2000, 350, "Weasis"},
    {"liver", 150, 90, "OHIF"},
    {"mediastinum", 400, 80, "Weasis"},
    {"subdural", 215, 75, "Radiopaedia"},
    {"stroke", 40, 40, "Radiopaedia"},
    {"temporal-bone", 2800, 600, "Radiopaedia"},
    {NULL, 0, 0, NULL},
};

const struct preset *preset_find(const char *name)
{
    for (const struct preset *preset = presets; preset->name; preset++)
        if (!strcmp(preset->name, name))
            return preset;
    return NULL;
}
