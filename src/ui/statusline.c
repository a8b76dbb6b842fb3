/* The status line: recessed fields on a raised bar. Owns the texts shown and drawn; it must never
 * know where they come from.
 *
 * A field is as wide as its template, so that changing numbers do not make it jump; only a longer
 * text widens it. A narrow bar has tighter templates, and leaves fields out from the right. */
#include "ui/statusline.h"

#include <string.h>

#include "base/language.h"

#include "ui/text.h"

enum { BAR = 1, MARGIN = 2, EDGE = 1, PAD_X = 4, PAD_Y = 1, GAP = 2, NOTE_CHARACTERS = 8 };
enum { TROUGH = 60, NAME_CHARACTERS = 5 };

static const struct look {
    const char *roomy, *tight;
    enum ink ink;
} looks[STATUS_FIELDS] = {
    [STATUS_WARNING] = {"", "", INK_FOREGROUND},
    [STATUS_POSITION] = {N_("x 00000 y 00000"), N_("x 0000 y 0000"), INK_FOREGROUND},
    [STATUS_VALUE] = {"00000 = -00000.0", "00000", INK_FOREGROUND},
    [STATUS_WINDOW] = {N_("W 00000.0"), N_("W 00000"), INK_FOREGROUND},
    [STATUS_LEVEL] = {N_("C -00000.0"), N_("C 00000"), INK_FOREGROUND},
    [STATUS_ZOOM] = {"0000.0 %", "000 %", INK_FOREGROUND},
    [STATUS_SOURCE] = {N_("preset mediastinum"), N_("preset lung"), INK_DIM},
    [STATUS_MEMORY] = {"000.0 MiB", "00.0 MiB", INK_DIM},
    [STATUS_NOTE] = {"", "", INK_FOREGROUND},
    [STATUS_PROGRESS] = {N_("measuring 100 %"), N_("reading 100 %"), INK_FOREGROUND},
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

bool statusline_progress(struct statusline *line, const char *text, double share)
{
    line->share = share;
    return statusline_set(line, STATUS_PROGRESS, text) || share != line->share_drawn;
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
            width += framed(canvas_text_width(canvas, _(looks[i].roomy))) + GAP;
    return width <= canvas->width;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* The width of the progress field, 0 while there is no progress. */
static int progress_width(struct canvas *canvas, const char *text, bool roomy)
{
    const struct look *look = &looks[STATUS_PROGRESS];
    int width = larger(canvas_text_width(canvas, _(roomy ? look->roomy : look->tight)),
                       canvas_text_width(canvas, text));
    return *text ? framed(width) + PAD_X + TROUGH : 0;
}

static void lay_out(struct canvas *canvas, char (*texts)[STATUS_TEXT], struct layout *layout)
{
    bool roomy = is_roomy(canvas);
    int x = BAR + MARGIN;
    int end = canvas->width - BAR - MARGIN;
    int height = statusline_height(canvas) - 2 * (BAR + MARGIN);
    memset(layout, 0, sizeof *layout);
    for (int i = 0; i < STATUS_NOTE; i++) {
        const char *template = _(roomy ? looks[i].roomy : looks[i].tight);
        if (!*template && !*texts[i])
            continue;
        int width = framed(
            larger(canvas_text_width(canvas, template), canvas_text_width(canvas, texts[i])));
        if (x + width > end)
            return;
        layout->fields[i] = (struct rect){x, BAR + MARGIN, width, height};
        x += width + GAP;
    }
    int progress = progress_width(canvas, texts[STATUS_PROGRESS], roomy);
    if (progress && x + progress <= end) {
        end -= progress;
        layout->fields[STATUS_PROGRESS] = (struct rect){end, BAR + MARGIN, progress, height};
        end -= GAP;
    }
    if (end - x >= framed(NOTE_CHARACTERS * canvas_text_width(canvas, "0")))
        layout->fields[STATUS_NOTE] = (struct rect){x, BAR + MARGIN, end - x, height};
}

/* Of a note the name before the tab gives way first. Returns the width. */
static int note_fit(struct canvas *canvas, const char *text, int width, char *fitting, size_t room)
{
    char name[STATUS_TEXT];
    const char *tab = strrchr(text, '\t');
    if (!tab)
        return text_fit(canvas, text, width, fitting, room);
    text_copy(name, (size_t)(tab - text) + 1, text);
    int left = width - canvas_text_width(canvas, tab + 1) - canvas_text_width(canvas, "  ");
    if (left >= canvas_text_width(canvas, "0") * NAME_CHARACTERS) {
        text_fit(canvas, name, left, fitting, room);
        size_t used = strlen(fitting);
        text_copy(fitting + used, room - used, "  ");
        used = strlen(fitting);
        text_copy(fitting + used, room - used, tab + 1);
        return canvas_text_width(canvas, fitting);
    }
    text_copy(fitting, room, tab + 1);
    while (canvas_text_width(canvas, fitting) > width) {
        char *end = strrchr(fitting, ' '); /* a number that is cut would be another one */
        for (end = end ? end : fitting; end > fitting && end[-1] == ' ';)
            end--;
        *end = 0;
    }
    return canvas_text_width(canvas, fitting);
}

/* The text paints its own background, and only what is right of it is filled: nothing flickers. */
static void draw_text(struct canvas *canvas, struct rect rect, enum ink ink, const char *text)
{
    char fitting[STATUS_TEXT];
    int x = rect.x + EDGE + PAD_X;
    int top = rect.y + EDGE + PAD_Y;
    int width = note_fit(canvas, text, rect.width - framed(0), fitting, sizeof fitting);
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

/* The bar lies at the field's end, the text before it. */
static void draw_progress(struct canvas *canvas, struct rect field, const struct statusline *line)
{
    struct rect words = field;
    struct rect trough = {field.x + field.width - EDGE - PAD_X - TROUGH, field.y + EDGE + 2 * PAD_Y,
                          TROUGH, field.height - 2 * EDGE - 4 * PAD_Y};
    words.width -= PAD_X + TROUGH;
    draw_text(canvas, words, looks[STATUS_PROGRESS].ink, line->text[STATUS_PROGRESS]);
    struct rect done = trough;
    done.width = (int)(line->share * TROUGH + 0.5);
    trough.x += done.width;
    trough.width -= done.width;
    canvas_fill(canvas, INK_FOREGROUND, done);
    canvas_fill(canvas, INK_SELECT, trough);
}

/* Note and progress share the right end, which alone is drawn anew when one comes or goes. */
static void draw_end(struct canvas *canvas, const struct layout *before,
                     const struct layout *layout)
{
    struct rect end = rect_union(layout->fields[STATUS_NOTE], layout->fields[STATUS_PROGRESS]);
    end = rect_union(end, rect_union(before->fields[STATUS_NOTE], before->fields[STATUS_PROGRESS]));
    canvas_fill(canvas, INK_BACKGROUND, end);
    for (int i = STATUS_NOTE; i < STATUS_FIELDS; i++)
        if (!rect_empty(layout->fields[i]))
            canvas_bevel(canvas, layout->fields[i], EDGE, true);
}

void statusline_draw(struct statusline *line, struct canvas *canvas, bool whole)
{
    struct layout before, layout;
    lay_out(canvas, line->drawn, &before);
    lay_out(canvas, line->text, &layout);
    size_t head = STATUS_NOTE * sizeof *layout.fields;
    if (line->width_drawn != canvas->width || memcmp(&before, &layout, head) != 0)
        whole = true;
    bool end = memcmp(&before, &layout, sizeof layout) != 0;
    if (whole)
        draw_frames(canvas, &layout);
    else if (end)
        draw_end(canvas, &before, &layout);
    for (int i = 0; i < STATUS_FIELDS; i++) {
        bool changed = whole || (end && i >= STATUS_NOTE) ||
                       strcmp(line->text[i], line->drawn[i]) != 0 ||
                       (i == STATUS_PROGRESS && line->share != line->share_drawn);
        if (changed && !rect_empty(layout.fields[i])) {
            if (i == STATUS_PROGRESS)
                draw_progress(canvas, layout.fields[i], line);
            else
                draw_text(canvas, layout.fields[i], looks[i].ink, line->text[i]);
        }
        memcpy(line->drawn[i], line->text[i], sizeof line->drawn[i]);
    }
    line->share_drawn = line->share;
    line->width_drawn = canvas->width;
}
