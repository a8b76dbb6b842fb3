/* Where the parts of the window lie. The menu bar is on top, the tool row under it, the side panel
 * at the right, the file list at the left, the status line at the bottom; the image has what is
 * left. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "base/geometry.h"

enum {
    LAYOUT_MENU = 1,
    LAYOUT_TOOLS = 2,
    LAYOUT_SIDE = 4,
    LAYOUT_STATUS = 8,
    LAYOUT_FILES = 16,
    LAYOUT_USUAL = LAYOUT_MENU | LAYOUT_TOOLS | LAYOUT_SIDE | LAYOUT_STATUS,
    LAYOUT_ALL = LAYOUT_USUAL | LAYOUT_FILES
};

/* What the image area keeps: parts it would shrink further for are left out, first the side panel,
 * then the file list, tool row, menu bar and status line. Beside the file list alone it is
 * IMAGE_BESIDE wide, beside the side panel IMAGE_NARROW, beside both IMAGE_TALL high. */
enum {
    LAYOUT_IMAGE_BESIDE = 480,
    LAYOUT_IMAGE_NARROW = 320,
    LAYOUT_IMAGE_TALL = 300,
    LAYOUT_IMAGE_LEAST = 80
};

/* Heights, and of side panel and file list their widths. */
struct layout_sizes {
    int menu, tools, side, status, files;
};

/* In the top-level window; empty: left out. The image area is never empty. */
struct layout {
    struct rect menu, tools, side, status, files, image;
};

/* Of a window of width x height, with the parts of `wanted` that there is room for. */
struct layout layout_make(int width, int height, unsigned wanted, const struct layout_sizes *sizes);

#endif
