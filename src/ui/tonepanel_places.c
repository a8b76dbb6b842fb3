/* Where the parts of the tone panel lie, and where values lie on them: see ui/tonepanel.h. */
#include "tonepanel_parts.h"

#include <math.h>

#include "ui/bevel.h"

enum { PAD = 8, GAP = 4, LETTERS = 32, LABEL = 8, BUTTON = 8 };
enum { LIST_LEAST = 3, LIST_MOST = 14 };

int tone_text_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent;
}

int tone_row_height(const struct canvas *canvas)
{
    int row = tone_text_height(canvas) + 4;
    return row < 16 ? 16 : row;
}

static int box_width(struct canvas *canvas)
{
    int letters = LETTERS * canvas_text_width(canvas, "0");
    int columns = TONE_COLUMNS + 2 * TONE_SHADOW;
    return letters > columns ? letters : columns;
}

int tonepanel_width(struct canvas *canvas)
{
    return box_width(canvas) + 2 * (TONE_SHADOW + PAD);
}

struct rect tone_inner(struct rect outer)
{
    return (struct rect){outer.x + TONE_SHADOW, outer.y + TONE_SHADOW,
                         outer.width - 2 * TONE_SHADOW, outer.height - 2 * TONE_SHADOW};
}

/* Spots that stand beside the one before. */
static bool is_beside(enum tone_spot spot)
{
    return spot == TONE_AUTO || spot == TONE_GAMMA_SCALE || spot == TONE_SAVE ||
           spot == TONE_DELETE;
}

/* Heights of the spots, and what stands above each besides the gap. The list's is its least. */
static void heights_of(const struct canvas *canvas, enum tone_spot spot, int *above, int *height)
{
    int row = tone_row_height(canvas), text = tone_text_height(canvas);
    *above = 0;
    *height = row + 2 * TONE_SHADOW;
    switch (spot) {
    case TONE_HISTOGRAM:
        *height = TONE_TALL + 4 + 2 * TONE_SHADOW;
        break;
    case TONE_WIDTH: /* the handles and the ends' values come before it */
        *above = TONE_RULER + text + GAP;
        break;
    case TONE_WIDTH_SCALE:
    case TONE_CENTER_SCALE:
        *height = 16 + 2 * TONE_SHADOW;
        break;
    case TONE_LINEAR:
        *above = text + 2 * GAP; /* what is clipped */
        *height = row;
        break;
    case TONE_PRESETS:
        *above = text + GAP;
        *height = LIST_LEAST * row + 2 * TONE_SHADOW;
        break;
    case TONE_NAME:
        *above = text + GAP; /* the note of a preset */
        break;
    case TONE_LOG:
    case TONE_LINEAR_EXACT:
    case TONE_SIGMOID:
    case TONE_INVERT:
    case TONE_LOCK:
        *height = row;
        break;
    case TONE_CENTER:
    case TONE_AUTO:
    case TONE_GAMMA:
    case TONE_GAMMA_SCALE:
    case TONE_MAP:
    case TONE_SAVE:
    case TONE_DELETE:
    case TONE_SPOTS:
        break;
    }
}

/* What the list, which is at y, gets beyond its least height: the room of the rows that what
 * stands under it leaves. */
static int spread(const struct canvas *canvas, int y, int height)
{
    int row = tone_row_height(canvas);
    int under = TONE_SHADOW + tone_text_height(canvas) + 2 * GAP + row + 2 * TONE_SHADOW + PAD;
    int rows = (canvas->height - TONE_SHADOW - under - y - TONE_SHADOW) / row;
    rows = rows > LIST_MOST ? LIST_MOST : rows;
    return height && rows > LIST_LEAST ? (rows - LIST_LEAST) * row : 0;
}

/* Where a spot's row begins, and how high the spot is without those left out; 0: it is one. The
 * list has its least height. */
static int find_row(const struct canvas *canvas, unsigned out, enum tone_spot spot, int *height)
{
    int y = TONE_SHADOW + PAD, before = 0;
    *height = 0;
    for (int i = 0; i <= (int)spot; i++) {
        int above;
        bool absent = out >> i & 1;
        heights_of(canvas, (enum tone_spot)i, &above, height);
        if (absent)
            *height = 0;
        else if (i && !is_beside((enum tone_spot)i))
            y += before + above + (tone_is_radio(i) && i != TONE_LINEAR ? 0 : GAP);
        if (!absent)
            before = is_beside((enum tone_spot)i) && before > *height ? before : *height;
    }
    return y;
}

static bool fits(const struct canvas *canvas, unsigned out)
{
    int height, last = TONE_SPOTS - 1;
    while (out >> last & 1)
        last--;
    int y = find_row(canvas, out, (enum tone_spot)last, &height);
    return y + height + PAD <= canvas->height - TONE_SHADOW;
}

/* In a low panel histogram and fields stay, and of the groups, the most wanted first, those that
 * there is room for. */
static unsigned left_out(const struct canvas *canvas)
{
    static const unsigned groups[] = {
        1U << TONE_PRESETS | 1U << TONE_NAME | 1U << TONE_SAVE | 1U << TONE_DELETE,
        1U << TONE_MAP,
        1U << TONE_LOCK,
        1U << TONE_GAMMA | 1U << TONE_GAMMA_SCALE,
        1U << TONE_LINEAR | 1U << TONE_LINEAR_EXACT | 1U << TONE_SIGMOID,
        1U << TONE_WIDTH_SCALE | 1U << TONE_CENTER_SCALE};
    unsigned out = 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        out |= groups[i];
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (fits(canvas, out & ~groups[i]))
            out &= ~groups[i];
    return out;
}

int tone_list_rows(struct canvas *canvas)
{
    return tone_inner(tonepanel_spot(canvas, TONE_PRESETS)).height / tone_row_height(canvas);
}

/* Fields have a label at their left; some spots share a row. */
static void place_across(struct canvas *canvas, enum tone_spot spot, struct rect *r)
{
    int letter = canvas_text_width(canvas, "0"), label = LABEL * letter, right = r->x + r->width;
    switch (spot) {
    case TONE_WIDTH:
    case TONE_CENTER:
    case TONE_MAP:
        r->x += label;
        r->width -= label;
        break;
    case TONE_GAMMA:
        r->x += label;
        r->width = 8 * letter;
        break;
    case TONE_GAMMA_SCALE:
        r->x += label + 8 * letter + GAP;
        r->width = right - r->x;
        break;
    case TONE_NAME:
        r->width -= 2 * (BUTTON * letter + GAP);
        break;
    case TONE_SAVE:
        r->x = right - 2 * BUTTON * letter - GAP;
        r->width = BUTTON * letter;
        break;
    case TONE_DELETE:
        r->x = right - BUTTON * letter;
        r->width = BUTTON * letter;
        break;
    case TONE_LOG:
        r->width = bevel_mark(canvas) + 6 + 4 * letter;
        r->x = right - r->width;
        break;
    case TONE_AUTO:
        r->width = 12 * letter;
        r->x = right - r->width;
        break;
    case TONE_INVERT:
        r->width -= 13 * letter;
        r->y += TONE_SHADOW;
        break;
    case TONE_HISTOGRAM:
    case TONE_WIDTH_SCALE:
    case TONE_CENTER_SCALE:
    case TONE_LINEAR:
    case TONE_LINEAR_EXACT:
    case TONE_SIGMOID:
    case TONE_LOCK:
    case TONE_PRESETS:
    case TONE_SPOTS:
        break;
    }
}

struct rect tonepanel_spot(struct canvas *canvas, enum tone_spot spot)
{
    struct rect r = {TONE_SHADOW + PAD, 0, box_width(canvas), 0};
    unsigned out = left_out(canvas);
    int least, list = find_row(canvas, out, TONE_PRESETS, &least);
    int more = spread(canvas, list, least);
    r.y = find_row(canvas, out, spot, &r.height) + (spot > TONE_PRESETS ? more : 0);
    r.height += spot == TONE_PRESETS ? more : 0;
    int under = spot == TONE_HISTOGRAM ? TONE_RULER + tone_text_height(canvas) : 0;
    bool room = r.height && r.y + r.height + under <= canvas->height - TONE_SHADOW;
    place_across(canvas, spot, &r);
    if (!room)
        r.width = r.height = 0;
    return r;
}

struct rect tone_clipped(struct canvas *canvas)
{
    struct rect below = tonepanel_spot(canvas, TONE_LINEAR);
    int height = tone_text_height(canvas) + 3 * GAP;
    return (struct rect){below.x, below.y - height, below.width, rect_empty(below) ? 0 : height};
}

/* Over the option's button, as far as the panel has room. */
struct rect tonepanel_option(struct canvas *canvas, int row)
{
    struct rect button = tonepanel_spot(canvas, TONE_MAP);
    int height = tone_row_height(canvas), all = COLORMAPS * height + 2 * TONE_SHADOW;
    int y = button.y + all > canvas->height ? canvas->height - all : button.y;
    return (struct rect){button.x + TONE_SHADOW, (y < 0 ? 0 : y) + TONE_SHADOW + row * height,
                         button.width - 2 * TONE_SHADOW, height};
}

struct rect tone_ruler(struct canvas *canvas)
{
    struct rect box = tonepanel_spot(canvas, TONE_HISTOGRAM);
    return (struct rect){box.x - TONE_GRIP_WIDTH / 2, box.y + box.height + 1,
                         box.width + TONE_GRIP_WIDTH - 1, rect_empty(box) ? 0 : TONE_RULER - 1};
}

bool tone_is_scale(int spot)
{
    return spot == TONE_WIDTH_SCALE || spot == TONE_CENTER_SCALE || spot == TONE_GAMMA_SCALE;
}

bool tone_is_field(int spot)
{
    return spot == TONE_WIDTH || spot == TONE_CENTER || spot == TONE_GAMMA || spot == TONE_NAME;
}

bool tone_is_radio(int spot)
{
    return spot == TONE_LINEAR || spot == TONE_LINEAR_EXACT || spot == TONE_SIGMOID;
}

/* ---- values ---- */

static double span(const struct tone_look *look)
{
    double wide = look->most - look->least + (look->whole ? 1 : 0);
    return wide > 0 && isfinite(wide) ? wide : 1;
}

struct rect tone_bars(struct canvas *canvas)
{
    return tone_inner(tonepanel_spot(canvas, TONE_HISTOGRAM));
}

int tone_column_x(struct rect box, int column)
{
    return box.x + column * box.width / TONE_COLUMNS;
}

double tone_column_at(struct rect box, int x)
{
    return (double)(x - box.x) * TONE_COLUMNS / (box.width > 0 ? box.width : 1);
}

double tone_value_at(const struct tone_look *look, double column)
{
    return look->least + column * span(look) / TONE_COLUMNS;
}

int tone_column_of(const struct tone_look *look, double value)
{
    double column = (value - look->least) / span(look) * TONE_COLUMNS;
    if (!(column > 0))
        return 0;
    return column < TONE_COLUMNS ? (int)(column + 0.5) : TONE_COLUMNS;
}

void tone_columns(const struct tone_look *look, int *low, int *middle, int *high)
{
    const struct window *window = &look->window;
    *low = tone_column_of(look, window->center - window->width / 2);
    *middle = tone_column_of(look, window->center);
    *high = tone_column_of(look, window->center + window->width / 2);
}

/* Widths on a scale of logarithms, from the narrowest to twice what values span. */
static double narrowest(const struct tone_look *look)
{
    return look->whole ? 1 : span(look) / 1000;
}

static double power_of(const struct tone_look *look)
{
    return window_bends(&look->window) ? look->window.gamma : 1;
}

/* Gamma by logarithms too, 1 in the middle. */
double tone_scale_place(const struct tone_look *look, enum tone_spot scale)
{
    double place = (look->window.center - look->least) / span(look);
    if (scale == TONE_WIDTH_SCALE)
        place = log(look->window.width / narrowest(look)) / log(2 * span(look) / narrowest(look));
    if (scale == TONE_GAMMA_SCALE)
        place =
            log(power_of(look) / WINDOW_GAMMA_LEAST) / log(WINDOW_GAMMA_MOST / WINDOW_GAMMA_LEAST);
    return !(place > 0) ? 0 : place > 1 ? 1 : place;
}

double tone_scale_value(const struct tone_look *look, enum tone_spot scale, double place)
{
    if (scale == TONE_GAMMA_SCALE)
        return WINDOW_GAMMA_LEAST * pow(WINDOW_GAMMA_MOST / WINDOW_GAMMA_LEAST, place);
    if (scale == TONE_CENTER_SCALE)
        return look->least + place * span(look);
    return narrowest(look) * pow(2 * span(look) / narrowest(look), place);
}

void tonepanel_handle(const struct tonepanel *panel, struct canvas *canvas, enum tone_grip grip,
                      int *x, int *y)
{
    struct rect ruler = tone_ruler(canvas);
    int low, middle, high;
    tone_columns(&panel->look, &low, &middle, &high);
    *x = tone_column_x(tone_bars(canvas), grip == TONE_LOW    ? low
                                          : grip == TONE_HIGH ? high
                                                              : middle);
    *y = ruler.y + ruler.height / 2;
}

void tone_heights(const uint32_t *counts, int bins, bool by_log, uint8_t heights[TONE_COLUMNS])
{
    double sums[TONE_COLUMNS], most = 0;
    for (int i = 0; i < TONE_COLUMNS; i++) {
        int from = (int)((int64_t)i * bins / TONE_COLUMNS);
        int to = (int)((int64_t)(i + 1) * bins / TONE_COLUMNS);
        sums[i] = 0;
        for (int bin = from; bin < (to > from ? to : from + 1) && bin < bins; bin++)
            sums[i] += counts[bin];
        sums[i] = by_log ? log1p(sums[i]) : sums[i];
        most = fmax(most, sums[i]);
    }
    for (int i = 0; i < TONE_COLUMNS; i++)
        heights[i] = most > 0 ? (uint8_t)ceil(sums[i] / most * TONE_TALL) : 0;
}
