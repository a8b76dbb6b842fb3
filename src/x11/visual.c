/* The choice of a visual: see visual.h. Owns nothing. */
#include "visual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/language.h"
#include "base/log.h"
#include "xlib.h"

static const char *const class_names[] = {
    [StaticGray] = "staticgray",   [GrayScale] = "grayscale", [StaticColor] = "staticcolor",
    [PseudoColor] = "pseudocolor", [TrueColor] = "truecolor", [DirectColor] = "directcolor"};

enum { CLASSES = sizeof class_names / sizeof *class_names };

/* What a visual is worth, by class and bits of a channel (or of the colormap's index), as one among
 * others and as the screen's own, whose colormap needs not be installed; the first that fits. 256
 * grays are worth more than few colours; a screen of 15 or 16 bits stays in colour all the same. */
static const struct preference {
    int class, bits, rank, rank_as_usual;
} preferences[] = {
    {TrueColor, 8, 100, 110}, {GrayScale, 8, 90, 98},   {PseudoColor, 8, 88, 96},
    {DirectColor, 8, 86, 94}, {StaticGray, 8, 84, 92},  {TrueColor, 5, 60, 93},
    {DirectColor, 5, 56, 58}, {StaticGray, 4, 50, 55},  {GrayScale, 4, 48, 54},
    {PseudoColor, 4, 46, 53}, {StaticColor, 8, 40, 45}, {TrueColor, 1, 30, 35},
    {DirectColor, 1, 28, 33}, {StaticColor, 1, 20, 25}, {GrayScale, 1, 12, 17},
    {PseudoColor, 1, 11, 16}, {StaticGray, 1, 10, 15},
};

static int least_bits(const XVisualInfo *info)
{
    int bits = 0;
    if (info->class != TrueColor && info->class != DirectColor) {
        while (2 << bits <= info->colormap_size)
            bits++;
        return bits;
    }
    int red = __builtin_popcountl(info->red_mask), green = __builtin_popcountl(info->green_mask);
    int blue = __builtin_popcountl(info->blue_mask);
    bits = red < green ? red : green;
    return bits < blue ? bits : blue;
}

/* 0: it cannot serve. A visual of 32 bits that is not the screen's own has alpha, and a server that
 * composes may turn it into the screen's colours by ways of its own: the last resort. */
static int rank(const XVisualInfo *info, bool usual)
{
    int bits = least_bits(info);
    if (info->depth > 24 && !usual)
        return info->depth == 32 ? 1 : 99;
    for (size_t i = 0; i < sizeof preferences / sizeof *preferences; i++)
        if (preferences[i].class == info->class && bits >= preferences[i].bits)
            return usual ? preferences[i].rank_as_usual : preferences[i].rank;
    return 0;
}

static int bits_per_pixel(Display *display, int depth)
{
    int count = 0, bits = 0;
    XPixmapFormatValues *formats = XListPixmapFormats(display, &count);
    for (int i = 0; formats && i < count; i++)
        if (formats[i].depth == depth)
            bits = formats[i].bits_per_pixel;
    XFree(formats);
    return bits;
}

struct pixel_format visual_format(Display *display, int class, int depth, const Visual *visual)
{
    bool masks = class == TrueColor || class == DirectColor;
    struct pixel_format format = PIXEL_MASKS(
        depth, bits_per_pixel(display, depth), ImageByteOrder(display) == MSBFirst,
        masks ? (uint32_t)visual->red_mask : 0, masks ? (uint32_t)visual->green_mask : 0,
        masks ? (uint32_t)visual->blue_mask : 0);
    format.bits_msb_first = BitmapBitOrder(display) == MSBFirst;
    format.unit = BitmapUnit(display);
    return format;
}

static struct pixel_format format_of(Display *display, const XVisualInfo *info)
{
    return visual_format(display, info->class, info->depth, info->visual);
}

static bool can_serve(Display *display, const XVisualInfo *info)
{
    static const struct pixel_ramp any = {.cells = 1};
    struct pixel_format format = format_of(display, info);
    bool masks = (format.red | format.green | format.blue) != 0;
    format.ramp = masks ? NULL : &any;
    return rank(info, false) > 0 && pixel_format_valid(&format);
}

/* "grayscale", "truecolor:16", "0x21". */
struct word {
    int class, depth; /* -1, 0: any */
    VisualID id;      /* 0: any */
};

static bool read_word(const char *text, struct word *word)
{
    char *end;
    *word = (struct word){.class = -1};
    if (!strncasecmp(text, "0x", 2)) {
        word->id = strtoul(text + 2, &end, 16);
        return word->id != 0 && !*end;
    }
    size_t length = strcspn(text, ":");
    for (int class = 0; class < CLASSES; class ++)
        if (strlen(class_names[class]) == length && !strncasecmp(class_names[class], text, length))
            word->class = class;
    if (text[length]) {
        word->depth = (int)strtol(text + length + 1, &end, 10);
        if (*end || word->depth < 1 || word->depth > 32)
            return false;
    }
    return word->class >= 0;
}

bool connection_visual_known(const char *text)
{
    struct word word;
    return read_word(text, &word);
}

static bool fits(const XVisualInfo *info, const struct word *word)
{
    return (word->class < 0 || word->class == info->class) &&
           (!word->depth || word->depth == info->depth) &&
           (!word->id || word->id == info->visualid);
}

static int best_of(const struct connection *connection, const XVisualInfo *visuals, int count,
                   const struct word *word)
{
    Display *display = connection->display;
    VisualID usual = XVisualIDFromVisual(DefaultVisual(display, connection->screen));
    int best = -1, best_rank = 0;
    for (int i = 0; i < count; i++) {
        int worth = rank(&visuals[i], visuals[i].visualid == usual);
        if (worth > best_rank && fits(&visuals[i], word) && can_serve(display, &visuals[i])) {
            best = i;
            best_rank = worth;
        }
    }
    return best;
}

/* "truecolor:24, directcolor:24": each once. */
static void name_all(const XVisualInfo *visuals, int count, char *text, size_t room)
{
    text[0] = 0;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s:%d", class_names[visuals[i].class], visuals[i].depth);
        size_t used = strlen(text);
        if (!strstr(text, name))
            snprintf(text + used, room - used, "%s%s", used ? ", " : "", name);
    }
}

static bool refuse(const struct connection *connection, const XVisualInfo *visuals, int count,
                   const char *wish, struct fault *fault)
{
    char all[256];
    name_all(visuals, count, all, sizeof all);
    return fault_set(
        fault, FAULT_DISPLAY, "display %s has no visual %s%s that can serve; it has %s",
        DisplayString(connection->display), wish ? wish : "", wish ? "" : _("at all"), all);
}

bool visual_choose(struct connection *connection, const struct connection_wish *wish,
                   struct fault *fault)
{
    Display *display = connection->display;
    XVisualInfo pattern = {.screen = connection->screen};
    struct word word = {.class = -1};
    int count = 0;
    if (wish && wish->visual && !read_word(wish->visual, &word))
        return fault_set(fault, FAULT_DISPLAY, "'%s' names no visual", wish->visual);
    XVisualInfo *visuals = XGetVisualInfo(display, VisualScreenMask, &pattern, &count);
    int best = best_of(connection, visuals, count, &word);
    if (best >= 0) {
        const XVisualInfo *info = &visuals[best];
        bool usual = info->visual == DefaultVisual(display, connection->screen);
        connection->visual = info->visual;
        connection->depth = info->depth;
        connection->format = format_of(display, info);
        visual_make_cells(connection, info, usual, wish && wish->private_colormap);
        log_line(LOG_X11, "visual 0x%lx, %s:%d, %d bits a pixel, %d cells, %s colormap",
                 info->visualid, class_names[info->class], info->depth,
                 connection->format.bits_per_pixel, connection->cells.ramp.cells,
                 connection->own_colormap ? "its own" : "the screen's");
    } else {
        refuse(connection, visuals, count, wish ? wish->visual : NULL, fault);
    }
    XFree(visuals);
    return best >= 0;
}
