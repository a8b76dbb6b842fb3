/* The status line: recessed fields on a raised bar. Owns the texts shown and drawn; it must never
 * know where they come from.
 *
 * A field is as wide as its template, so that changing numbers do not make it jump; only a longer
 * text widens it. A narrow bar has tighter templates, and leaves fields out from the right. */
#include "ui/statusline.h"

#include <string.h>

#include "ui/text.h"

enum { BAR = 1, MARGIN = 2, EDGE = 1, PAD_X = 4, PAD_Y = 1, GAP = 2, NOTE_CHARACTERS = 8 };

static const struct {
    const char *roomy, *tight;
    enum ink ink;
} looks[STATUS_FIELDS] = {
    [STATUS_WARNING] = {"", "", INK_FOREGROUND},
    [STATUS_POSITION] = {"x 00000 y 00000", "x 0000 y 0000", INK_FOREGROUND},
    [STATUS_VALUE] = {"00000 = -00000.0", "00000", INK_FOREGROUND},
    [STATUS_WINDOW] = {"W 00000.0", "W 00000", INK_FOREGROUND},
    [STATUS_LEVEL] = {"C -00000.0", "C 00000", INK_FOREGROUND},
    [STATUS_ZOOM] = {"0000.0 %", "000 %", INK_FOREGROUND},
    [STATUS_SOURCE] = {"preset mediastinum", "preset lung", INK_DIM},
    [STATUS_MEMORY] = {"000.0 MiB", "00.0 MiB", INK_DIM},
    [STATUS_NOTE] = {"", "", INK_FOREGROUND},
};

struct layout {
    struct rect fields[STATUS_FIELDS]; /* width 0: left out */
};

void statusline_init(struct statusline *line)
{
    memset(line, 0, sizeof *line);
}

int statusline_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent + 2 * (BAR + MARGIN + EDGE + PAD_Y);
}

bool statusline_set(struct statusline *line, enum status_field field, const char *text)
{
    text_copy(line->text[field], sizeof line->text[field], text);
    return strcmp(line->text[field], line->drawn[field]) != 0;
}

static int framed(int text_width)
{
    return text_width + 2 * (EDGE + PAD_X);
}

static bool is_roomy(struct canvas *canvas)
{
    int width = 2 * (BAR + MARGIN) + framed(NOTE_CHARACTERS * canvas_text_width(canvas, "0"));
    for (int i = 0; i < STATUS_NOTE; i++)
        if (*looks[i].roomy)
            width += framed(canvas_text_width(canvas, looks[i].roomy)) + GAP;
    return width <= canvas->width;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void lay_out(struct canvas *canvas, char (*texts)[STATUS_TEXT], struct layout *layout)
{
    bool roomy = is_roomy(canvas);
    int x = BAR + MARGIN;
    int end = canvas->width - BAR - MARGIN;
    int height = statusline_height(canvas) - 2 * (BAR + MARGIN);
    memset(layout, 0, sizeof *layout);
    for (int i = 0; i < STATUS_NOTE; i++) {
        const char *template = roomy ? looks[i].roomy : looks[i].tight;
        if (!*template && !*texts[i])
            continue;
        int width = framed(
            larger(canvas_text_width(canvas, template), canvas_text_width(canvas, texts[i])));
        if (x + width > end)
            return;
        layout->fields[i] = (struct rect){x, BAR + MARGIN, width, height};
        x += width + GAP;
    }
    if (end - x >= framed(NOTE_CHARACTERS * canvas_text_width(canvas, "0")))
        layout->fields[STATUS_NOTE] = (struct rect){x, BAR + MARGIN, end - x, height};
}

/* The text paints its own background, and only what is right of it is filled: nothing flickers. */
static void draw_text(struct canvas *canvas, struct rect rect, enum ink ink, const char *text)
{
    char fitting[STATUS_TEXT];
    int x = rect.x + EDGE + PAD_X;
    int top = rect.y + EDGE + PAD_Y;
    int width = text_fit(canvas, text, rect.width - framed(0), fitting, sizeof fitting);
    canvas_text(canvas, ink, INK_BACKGROUND, x, top + canvas->ascent, fitting);
    canvas_fill(canvas, INK_BACKGROUND,
                (struct rect){x + width, top, rect.x + rect.width - EDGE - x - width,
                              canvas->ascent + canvas->descent});
}

static void draw_frames(struct canvas *canvas, const struct layout *layout)
{
    struct rect bar = {0, 0, canvas->width, statusline_height(canvas)};
    canvas_fill(canvas, INK_BACKGROUND, bar);
    canvas_bevel(canvas, bar, BAR, false);
    for (int i = 0; i < STATUS_FIELDS; i++)
        if (!rect_empty(layout->fields[i]))
            canvas_bevel(canvas, layout->fields[i], EDGE, true);
}

void statusline_draw(struct statusline *line, struct canvas *canvas, bool whole)
{
    struct layout before, layout;
    lay_out(canvas, line->drawn, &before);
    lay_out(canvas, line->text, &layout);
    if (line->width_drawn != canvas->width || memcmp(&before, &layout, sizeof layout) != 0)
        whole = true;
    if (whole)
        draw_frames(canvas, &layout);
    for (int i = 0; i < STATUS_FIELDS; i++) {
        bool changed = whole || strcmp(line->text[i], line->drawn[i]) != 0;
        if (changed && !rect_empty(layout.fields[i]))
            draw_text(canvas, layout.fields[i], looks[i].ink, line->text[i]);
        memcpy(line->drawn[i], line->text[i], sizeof line->drawn[i]);
    }
    line->width_drawn = canvas->width;
}
