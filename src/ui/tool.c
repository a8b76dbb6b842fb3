/* The table of tools: see ui/tool.h. Owns nothing. */
#include "ui/tool.h"

#include <stddef.h>
#include <string.h>

#include "base/language.h"

#include "tool_parts.h"

const struct tool tools[] = {
    {"window", N_("Window/level"), "drag: window (left-right) and level (up brighter)",
     CURSOR_CROSSHAIR, false, false, NULL, tool_window_move, NULL, MEASURE_KINDS},
    {"pan", N_("Pan"), "drag: move the picture", CURSOR_MOVE, false, false, NULL, tool_pan_move,
     NULL, MEASURE_KINDS},
    {"zoom", N_("Zoom"), "drag: zoom about the point pressed (up = larger)", CURSOR_ZOOM, false,
     false, NULL, tool_zoom_move, NULL, MEASURE_KINDS},
    {"page", N_("Pages"), "drag: through the stack, down further", CURSOR_MOVE, false, false, NULL,
     tool_page_move, NULL, MEASURE_KINDS},
    {"zoom-box", N_("Zoom box"), "drag a box: it fills the window", CURSOR_ZOOM, false, false, NULL,
     tool_box_move, tool_box_release, MEASURE_KINDS},
    {"loupe", N_("Loupe"), "the picture larger about the pointer; drag: window and level",
     CURSOR_CROSSHAIR, true, false, NULL, tool_window_move, NULL, MEASURE_KINDS},
    {"auto-box", N_("Auto window"), "drag a box: the window of what lies in it", CURSOR_CROSSHAIR,
     false, false, NULL, tool_box_move, tool_auto_release, MEASURE_KINDS},
    {"probe", N_("Probe"), "click: the stored and the modality value stay there", CURSOR_CROSSHAIR,
     false, true, tool_measure_press, tool_measure_move, tool_measure_release, MEASURE_PROBE},
    {"distance", N_("Distance"), "drag: a length, in the file's spacing (Shift: straight)",
     CURSOR_PENCIL, false, false, tool_measure_press, tool_measure_move, tool_measure_release,
     MEASURE_DISTANCE},
    {"rectangle", N_("Rectangle"), "drag: mean, SD, min, max and area (Shift: square)",
     CURSOR_PENCIL, false, false, tool_measure_press, tool_measure_move, tool_measure_release,
     MEASURE_RECTANGLE},
    {"ellipse", N_("Ellipse"), "drag: mean, SD, min, max and area (Shift: circle)", CURSOR_PENCIL,
     false, false, tool_measure_press, tool_measure_move, tool_measure_release, MEASURE_ELLIPSE},
    {NULL, NULL, NULL, CURSOR_CROSSHAIR, false, false, NULL, NULL, NULL, MEASURE_KINDS},
};

const struct tool *tool_find(const char *name)
{
    for (const struct tool *tool = tools; tool->name; tool++)
        if (!strcmp(tool->name, name))
            return tool;
    return NULL;
}
