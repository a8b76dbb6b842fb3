/* Colormaps and cells: see visual.h. Owns the cells taken of the screen's colormap until the
 * connection closes; a colormap of our own is the connection's.
 *
 * Cells that change with the picture's ramp are never a panel's: panels have cells of their own,
 * taken along with the ramp's and filled as colours are asked for, which needs no answers. Where
 * there are few cells altogether, panels make do with the ramp's. */
#include "visual.h"

#include <stdlib.h>
#include <string.h>

#include "xlib.h"

enum { MOST = 256, MANY = 64, FEWEST_SHARED = 32, DARK = 8192, LIGHT = 57344 };

static unsigned short widen(int level)
{
    return (unsigned short)(level * 257);
}

static int luma(struct rgb c)
{
    return (299 * c.red + 587 * c.green + 114 * c.blue + 500) / 1000;
}

static void use_ramp(struct connection *connection)
{
    connection->format.ramp = &connection->cells.ramp;
}

static Colormap create_colormap(struct connection *connection, int alloc)
{
    connection->own_colormap = true;
    return XCreateColormap(connection->display, connection->root, connection->visual, alloc);
}

/* ---- cells that are ours ---- */

static void add_ink(struct visual_cells *cells, struct rgb colour, unsigned long pixel)
{
    if (cells->ink_count == VISUAL_INKS)
        return;
    cells->inks[cells->ink_count].colour = colour;
    cells->inks[cells->ink_count++].pixel = pixel;
}

/* The first of `count` cells for panels, where there are many; the rest for the ramp, from black to
 * white, at whole levels. */
static void deal_cells(struct connection *connection, const unsigned long *pixels, int count)
{
    struct visual_cells *cells = &connection->cells;
    cells->spare_count = count >= FEWEST_SHARED ? VISUAL_INKS - 2 : 0;
    for (int i = 0; i < cells->spare_count; i++)
        cells->spare[i] = pixels[i];
    pixels += cells->spare_count;
    int ramp = count - cells->spare_count, last = ramp > 1 ? ramp - 1 : 1;
    cells->ramp.cells = ramp;
    cells->stored_count = 0;
    for (int i = 0; i < ramp; i++) {
        cells->ramp.pixel[i] = (uint32_t)pixels[i];
        cells->ramp.level[i] = widen((i * 510 + last) / (2 * last));
    }
    cells->writable = true;
    use_ramp(connection);
    visual_store_ramp(connection, NULL);
}

/* As many as are free, nearly, in few tries: each waits for an answer. */
static int take_shared(struct connection *connection, int entries, unsigned long pixels[MOST])
{
    Display *display = connection->display;
    int taken = 0;
    for (int some = entries - entries / 16; some >= entries / 16 && some > 0;) {
        bool got =
            taken + some <= entries && XAllocColorCells(display, connection->colormap, False, NULL,
                                                        0, pixels + taken, (unsigned)some);
        if (got && taken == 0 && some > entries / 2)
            return some;
        taken += got ? some : 0;
        some = some > entries / 2 ? entries / 2 : some / 2;
    }
    return taken;
}

/* Cells of the screen's own colormap; false where too few are free. */
static bool share_colormap(struct connection *connection, int entries)
{
    Display *display = connection->display;
    unsigned long pixels[MOST];
    connection->colormap = DefaultColormap(display, connection->screen);
    int taken = take_shared(connection, entries, pixels);
    if (taken < (entries < MANY ? entries / 2 : FEWEST_SHARED)) {
        if (taken)
            XFreeColors(display, connection->colormap, pixels, taken, 0);
        return false;
    }
    if (entries >= MANY) {
        add_ink(&connection->cells, (struct rgb){0, 0, 0}, BlackPixel(display, connection->screen));
        add_ink(&connection->cells, (struct rgb){255, 255, 255},
                WhitePixel(display, connection->screen));
    }
    deal_cells(connection, pixels, taken);
    return true;
}

/* Black and white stay where the screen's colormap has them, so that other windows look less wrong
 * while ours is installed. */
static void own_colormap(struct connection *connection, int entries)
{
    Display *display = connection->display;
    unsigned long black = BlackPixel(display, connection->screen);
    unsigned long white = WhitePixel(display, connection->screen), pixels[MOST];
    int count = 0;
    connection->colormap = create_colormap(connection, AllocAll);
    if (black >= (unsigned long)entries || white >= (unsigned long)entries || black == white)
        black = 0, white = (unsigned long)entries - 1;
    if (entries < MANY)
        pixels[count++] = black;
    for (unsigned long pixel = 0; pixel < (unsigned long)entries; pixel++)
        if (pixel != black && pixel != white)
            pixels[count++] = pixel;
    if (entries < MANY)
        pixels[count++] = white;
    deal_cells(connection, pixels, count);
    if (entries < MANY)
        return;
    add_ink(&connection->cells, (struct rgb){0, 0, 0}, black);
    add_ink(&connection->cells, (struct rgb){255, 255, 255}, white);
    XColor colours[2] = {{.pixel = black, .flags = DoRed | DoGreen | DoBlue},
                         {.pixel = white,
                          .red = 65535,
                          .green = 65535,
                          .blue = 65535,
                          .flags = DoRed | DoGreen | DoBlue}};
    XStoreColors(display, connection->colormap, colours, 2);
}

/* ---- cells that are as they are ---- */

struct gray {
    unsigned long pixel;
    int level, spread; /* 16 bits */
};

static int by_level(const void *a, const void *b)
{
    const struct gray *first = a, *second = b;
    return first->level != second->level ? first->level - second->level
                                         : first->spread - second->spread;
}

static struct gray gray_of(const XColor *c)
{
    int most = c->red > c->green ? c->red : c->green, least = c->red < c->green ? c->red : c->green;
    most = c->blue > most ? c->blue : most;
    least = c->blue < least ? c->blue : least;
    return (struct gray){c->pixel, (299 * c->red + 587 * c->green + 114 * c->blue + 500) / 1000,
                         most - least};
}

/* Those whose channels differ by no more than `spread`, each level once. False where they are few,
 * or not from black to white. */
static bool pick(const XColor *colours, int count, int spread, int fewest, struct pixel_ramp *ramp)
{
    struct gray grays[MOST] = {{0}};
    int picked = 0, used = 0;
    for (int i = 0; i < count; i++) {
        grays[picked] = gray_of(&colours[i]);
        picked += grays[picked].spread <= spread;
    }
    qsort(grays, (size_t)picked, sizeof *grays, by_level);
    for (int i = 0; i < picked; i++) {
        if (used > 0 && ramp->level[used - 1] >= grays[i].level)
            continue;
        ramp->pixel[used] = (uint32_t)grays[i].pixel;
        ramp->level[used++] = (uint16_t)grays[i].level;
    }
    ramp->cells = used;
    return used >= fewest && ramp->level[0] < DARK && ramp->level[used - 1] > LIGHT;
}

void visual_pick_grays(const XColor *colours, int count, struct pixel_ramp *ramp)
{
    static const struct {
        int spread, fewest;
    } tries[] = {{257, 4}, {2048, 4}, {6144, 4}, {6144, 2}, {65535, 1}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        if (pick(colours, count, tries[i].spread, tries[i].fewest, ramp))
            return;
}

/* A channel's value where all its steps are even. */
static bool even(unsigned long pixel, unsigned long mask, int value)
{
    unsigned long least = mask & -mask, most = least ? mask / least : 0;
    return most && abs((int)((pixel & mask) / least * 65535 / most) - value) < 256;
}

/* Colours of three channels after all, as TrueColor's. */
static bool is_cube(const XVisualInfo *info, const XColor *colours, int count)
{
    for (int i = 0; i < count; i++)
        if (!even(colours[i].pixel, info->red_mask, colours[i].red) ||
            !even(colours[i].pixel, info->green_mask, colours[i].green) ||
            !even(colours[i].pixel, info->blue_mask, colours[i].blue))
            return false;
    return true;
}

static void use_static(struct connection *connection, const XVisualInfo *info, int entries)
{
    struct pixel_format *format = &connection->format;
    XColor colours[MOST];
    memset(colours, 0, sizeof colours);
    for (int i = 0; i < entries; i++)
        colours[i].pixel = (unsigned long)i;
    XQueryColors(connection->display, connection->colormap, colours, entries);
    if (is_cube(info, colours, entries)) {
        format->red = (uint32_t)info->red_mask;
        format->green = (uint32_t)info->green_mask;
        format->blue = (uint32_t)info->blue_mask;
        return;
    }
    visual_pick_grays(colours, entries, &connection->cells.ramp);
    use_ramp(connection);
}

/* ---- DirectColor, and all classes ---- */

/* Gives cells of the ramp from `first` on their colours, as far as they have others: twelve bytes
 * each on the wire. */
static void store_cells(struct connection *connection, XColor *colours, int count, int first)
{
    struct visual_cells *cells = &connection->cells;
    int changed = 0;
    for (int i = 0; i < count; i++) {
        const unsigned short levels[3] = {colours[i].red, colours[i].green, colours[i].blue};
        bool kept = first + i < MOST;
        if (kept && first + i < cells->stored_count &&
            !memcmp(cells->stored[first + i], levels, sizeof levels))
            continue;
        if (kept)
            memcpy(cells->stored[first + i], levels, sizeof levels);
        colours[changed++] = colours[i];
    }
    if (first + count > cells->stored_count)
        cells->stored_count = first + count;
    if (changed)
        XStoreColors(connection->display, connection->colormap, colours, changed);
}

/* Cell i of each channel that has so many. */
static XColor direct_cell(const struct connection *connection, uint32_t i, const uint8_t *levels)
{
    const struct pixel_format *format = &connection->format;
    const uint32_t masks[3] = {format->red, format->green, format->blue};
    XColor colour = {.pixel = 0};
    unsigned short *channels[3] = {&colour.red, &colour.green, &colour.blue};
    for (int c = 0; c < 3; c++) {
        int shift = masks[c] ? __builtin_ctz(masks[c]) : 0;
        uint64_t most = masks[c] >> shift;
        if (i > most || !most)
            continue;
        colour.pixel |= (unsigned long)i << shift;
        colour.flags |= (char)(c == 0 ? DoRed : c == 1 ? DoGreen : DoBlue);
        *channels[c] = levels ? widen(levels[(i * 510 + most) / (2 * most)])
                              : (unsigned short)((i * 131070 + most) / (2 * most));
    }
    return colour;
}

static void store_direct(struct connection *connection, const uint8_t *levels)
{
    XColor colours[MOST];
    int count = 0, first = 0;
    for (uint32_t i = 0;; i++) {
        XColor cell = direct_cell(connection, i, levels);
        if (cell.flags)
            colours[count++] = cell;
        if (count && (count == MOST || !cell.flags))
            store_cells(connection, colours, count, first);
        first += count == MOST ? MOST : 0;
        count = count == MOST ? 0 : count;
        if (!cell.flags)
            break;
    }
}

void visual_store_ramp(struct connection *connection, const uint8_t levels[256])
{
    const struct pixel_ramp *ramp = &connection->cells.ramp;
    XColor colours[MOST];
    if (!connection->cells.writable)
        return;
    if (!connection->format.ramp) {
        store_direct(connection, levels);
        return;
    }
    for (int i = 0; i < ramp->cells; i++) {
        unsigned short gray = levels ? widen(levels[ramp->level[i] / 257]) : ramp->level[i];
        colours[i] = (XColor){.pixel = ramp->pixel[i],
                              .red = gray,
                              .green = gray,
                              .blue = gray,
                              .flags = DoRed | DoGreen | DoBlue};
    }
    store_cells(connection, colours, ramp->cells, 0);
}

unsigned long visual_ink(struct connection *connection, struct rgb colour)
{
    struct visual_cells *cells = &connection->cells;
    const uint8_t levels[3] = {colour.red, colour.green, colour.blue};
    for (int i = 0; i < cells->ink_count; i++)
        if (!memcmp(&cells->inks[i].colour, &colour, sizeof colour))
            return cells->inks[i].pixel;
    if (!cells->spare_count || cells->ink_count == VISUAL_INKS)
        return pixel_value_rgb(&connection->format, levels);
    bool gray = connection->visual->class == GrayScale;
    int level = luma(colour);
    XColor cell = {.pixel = cells->spare[--cells->spare_count],
                   .red = widen(gray ? level : colour.red),
                   .green = widen(gray ? level : colour.green),
                   .blue = widen(gray ? level : colour.blue),
                   .flags = DoRed | DoGreen | DoBlue};
    XStoreColors(connection->display, connection->colormap, &cell, 1);
    add_ink(cells, colour, cell.pixel);
    return cell.pixel;
}

void visual_make_cells(struct connection *connection, const XVisualInfo *info, bool usual,
                       bool private_colormap)
{
    int entries = info->colormap_size < MOST ? info->colormap_size : MOST;
    bool cells = info->class == GrayScale || info->class == PseudoColor;
    if (cells && (!usual || private_colormap || !share_colormap(connection, entries)))
        own_colormap(connection, entries);
    if (cells)
        return;
    if (info->class == DirectColor) {
        connection->colormap = create_colormap(connection, AllocAll);
        connection->cells.writable = true;
        visual_store_ramp(connection, NULL);
        return;
    }
    connection->colormap = usual ? DefaultColormap(connection->display, connection->screen)
                                 : create_colormap(connection, AllocNone);
    if (info->class != TrueColor)
        use_static(connection, info, entries);
}
