/* Where the parts of the tone panel lie, and where values lie on them: see ui/tonepanel.h. */
#include "tonepanel_parts.h"

#include <math.h>

#include "tone/preset.h"
#include "ui/bevel.h"

enum { PAD = 8, GAP = 4, LETTERS = 32 };

static int text_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent;
}

int tone_row_height(const struct canvas *canvas)
{
    int row = text_height(canvas) + 4;
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

int tone_presets(void)
{
    int count = 0;
    while (presets[count].name)
        count++;
    return count;
}

/* Heights of the spots, and what stands above each besides the gap. */
static void heights_of(const struct canvas *canvas, enum tone_spot spot, int *above, int *height)
{
    int row = tone_row_height(canvas), text = text_height(canvas);
    *above = 0;
    *height = row;
    switch (spot) {
    case TONE_HISTOGRAM:
        *height = TONE_TALL + 4 + 2 * TONE_SHADOW;
        break;
    case TONE_WIDTH: /* the handles and the ends' values come before it */
        *above = TONE_RULER + text + GAP;
        *height = row + 2 * TONE_SHADOW;
        break;
    case TONE_CENTER:
    case TONE_AUTO:
        *height = row + 2 * TONE_SHADOW;
        break;
    case TONE_WIDTH_SCALE:
    case TONE_CENTER_SCALE:
        *height = 16 + 2 * TONE_SHADOW;
        break;
    case TONE_LINEAR:
        *above = text + 2 * GAP; /* what is clipped */
        break;
    case TONE_PRESETS:
        *above = text + GAP;
        *height = tone_presets() * row + 2 * TONE_SHADOW;
        break;
    case TONE_LOG:
    case TONE_LINEAR_EXACT:
    case TONE_SIGMOID:
    case TONE_INVERT:
    case TONE_SPOTS:
        break;
    }
}

/* Fields have a label at their left; the button for the auto window stands beside the toggle. */
struct rect tonepanel_spot(struct canvas *canvas, enum tone_spot spot)
{
    int letter = canvas_text_width(canvas, "0");
    struct rect r = {TONE_SHADOW + PAD, TONE_SHADOW + PAD, box_width(canvas), 0};
    for (int i = 0; i <= (int)spot; i++) {
        int above;
        int before = r.height;
        heights_of(canvas, (enum tone_spot)i, &above, &r.height);
        if (i == TONE_AUTO)
            r.y -= TONE_SHADOW;
        else
            r.y += i ? before + above + (tone_is_radio(i) ? 0 : GAP) : 0;
    }
    int label = 8 * letter;
    if (tone_is_field((int)spot)) {
        r.x += label;
        r.width -= label;
    } else if (spot == TONE_LOG || spot == TONE_AUTO) {
        int width = spot == TONE_LOG ? BEVEL_MARK + 6 + 4 * letter : 12 * letter;
        r.x += r.width - width;
        r.width = width;
    } else if (spot == TONE_INVERT) {
        r.width -= 13 * letter;
    } else if (spot == TONE_HISTOGRAM) {
        r.width = TONE_COLUMNS + 2 * TONE_SHADOW;
    }
    int under = spot == TONE_HISTOGRAM ? TONE_RULER + text_height(canvas) : 0;
    if (r.y + r.height + under > canvas->height - TONE_SHADOW)
        r.width = r.height = 0;
    return r;
}

struct rect tone_ruler(struct canvas *canvas)
{
    struct rect box = tonepanel_spot(canvas, TONE_HISTOGRAM);
    return (struct rect){box.x - TONE_GRIP_WIDTH / 2, box.y + box.height + 1,
                         box.width + TONE_GRIP_WIDTH - 1, rect_empty(box) ? 0 : TONE_RULER - 1};
}

bool tone_is_scale(int spot)
{
    return spot == TONE_WIDTH_SCALE || spot == TONE_CENTER_SCALE;
}

bool tone_is_field(int spot)
{
    return spot == TONE_WIDTH || spot == TONE_CENTER;
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

double tone_scale_place(const struct tone_look *look, enum tone_spot scale)
{
    double place = (look->window.center - look->least) / span(look);
    if (scale == TONE_WIDTH_SCALE)
        place = log(look->window.width / narrowest(look)) / log(2 * span(look) / narrowest(look));
    return !(place > 0) ? 0 : place > 1 ? 1 : place;
}

double tone_scale_value(const struct tone_look *look, enum tone_spot scale, double place)
{
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
    *x = tonepanel_spot(canvas, TONE_HISTOGRAM).x + TONE_SHADOW +
         (grip == TONE_LOW    ? low
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
