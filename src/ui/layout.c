/* Where the parts of the window lie: see ui/layout.h. Owns nothing and knows no part's contents. */
#include "ui/layout.h"

static int height_of(unsigned part, unsigned parts, int height)
{
    return parts & part ? height : 0;
}

static int image_height(int height, unsigned parts, const struct layout_sizes *sizes)
{
    return height - height_of(LAYOUT_MENU, parts, sizes->menu) -
           height_of(LAYOUT_TOOLS, parts, sizes->tools) -
           height_of(LAYOUT_STATUS, parts, sizes->status);
}

static unsigned parts_that_fit(int width, int height, unsigned parts,
                               const struct layout_sizes *sizes)
{
    static const unsigned giving_way[] = {LAYOUT_TOOLS, LAYOUT_MENU};
    bool tall = image_height(height, parts, sizes) >= LAYOUT_IMAGE_TALL;
    int files = parts & LAYOUT_FILES && tall && width - sizes->files >= LAYOUT_IMAGE_BESIDE
                    ? sizes->files
                    : 0;
    if (!files)
        parts &= ~(unsigned)LAYOUT_FILES;
    if (width - sizes->side - files < LAYOUT_IMAGE_NARROW || !tall)
        parts &= ~(unsigned)LAYOUT_SIDE;
    for (int i = 0; i < 2; i++)
        if (image_height(height, parts, sizes) < LAYOUT_IMAGE_LEAST)
            parts &= ~giving_way[i];
    return parts;
}

struct layout layout_make(int width, int height, unsigned wanted, const struct layout_sizes *sizes)
{
    struct layout layout = {.image = {0, 0, width, height}};
    unsigned parts = parts_that_fit(width, height, wanted, sizes);
    int top = 0;
    if (parts & LAYOUT_MENU)
        layout.menu = (struct rect){0, 0, width, sizes->menu};
    top += layout.menu.height;
    if (parts & LAYOUT_TOOLS)
        layout.tools = (struct rect){0, top, width, sizes->tools};
    top += layout.tools.height;
    int tall = image_height(height, parts, sizes);
    if (parts & LAYOUT_STATUS)
        layout.status = (struct rect){0, top + tall, width, sizes->status};
    if (tall < 1)
        tall = 1;
    if (parts & LAYOUT_SIDE)
        layout.side = (struct rect){width - sizes->side, top, sizes->side, tall};
    if (parts & LAYOUT_FILES)
        layout.files = (struct rect){0, top, sizes->files, tall};
    layout.image = (struct rect){layout.files.width, top,
                                 width - layout.side.width - layout.files.width, tall};
    return layout;
}
