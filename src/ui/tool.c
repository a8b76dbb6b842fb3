/* The table of tools: see ui/tool.h. Owns nothing. */
#include "ui/tool.h"

#include <stddef.h>
#include <string.h>

#include "tool_parts.h"

const struct tool tools[] = {
    {"window", "Window/level", "drag: window (left-right) and level (up brighter)",
     CURSOR_CROSSHAIR, false, false, NULL, tool_window_move, NULL, MEASURE_KINDS},
    {"pan", "Pan", "drag: move the picture", CURSOR_MOVE, false, false, NULL, tool_pan_move, NULL,
     MEASURE_KINDS},
    {"zoom", "Zoom", "drag: zoom about the point pressed (up = larger)", CURSOR_ZOOM, false, false,
     NULL, tool_zoom_move, NULL, MEASURE_KINDS},
    {"zoom-box", "Zoom box", "drag a box: it fills the window", CURSOR_ZOOM, false, false, NULL,
     tool_box_move, tool_box_release, MEASURE_KINDS},
    {"loupe", "Loupe", "the picture larger about the pointer; drag: window and level",
     CURSOR_CROSSHAIR, true, false, NULL, tool_window_move, NULL, MEASURE_KINDS},
    {"probe", "Probe", "click: the stored and the modality value stay there", CURSOR_CROSSHAIR,
     false, true, tool_measure_press, tool_measure_move, tool_measure_release, MEASURE_PROBE},
    {"distance", "Distance", "drag: a length, in the file's spacing (Shift: straight)",
     CURSOR_PENCIL, false, false, tool_measure_press, tool_measure_move, tool_measure_release,
     MEASURE_DISTANCE},
    {"rectangle", "Rectangle", "drag: mean, SD, min, max and area (Shift: square)", CURSOR_PENCIL,
     false, false, tool_measure_press, tool_measure_move, tool_measure_release, MEASURE_RECTANGLE},
    {"ellipse", "Ellipse", "drag: mean, SD, min, max and area (Shift: circle)", CURSOR_PENCIL,
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
