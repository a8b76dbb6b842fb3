/* What the file selection box looks like, and where its parts lie: see ui/filebox.h. From the top:
 * the filter under its title; folders and files under theirs, and the picture beside them; a line
 * that says what there is; the selection under its title; a line, and the buttons. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "ui/filebox.h"
#include "ui/text.h"

enum {
    SHADOW = 2,
    MARGIN = 8,
    GAP = 4,
    BUTTON_PAD = 4,
    BUTTON_X = 12,
    COLUMNS = 72, /* letters that the lists have room for, in the size it likes */
    ROWS = 14,    /* of the lists, likewise */
    LEAST_ROWS = 2,
    LEAST_LIST = 96 /* the width of a list beside the picture */
};

static int text_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent;
}

static int button_height(const struct canvas *canvas)
{
    return text_height(canvas) + 2 * (BUTTON_PAD + SHADOW);
}

static int picture_side(void)
{
    return FILEBOX_PICTURE + 2 * SHADOW;
}

/* All that is above and below the lists' boxes. */
static int above_lists(const struct canvas *canvas)
{
    return MARGIN + text_height(canvas) + textfield_height(canvas) + GAP + text_height(canvas);
}

static int below_lists(const struct canvas *canvas)
{
    return GAP + text_height(canvas) + GAP + text_height(canvas) + textfield_height(canvas) +
           MARGIN + SHADOW + MARGIN + button_height(canvas) + MARGIN;
}

static int height_for(const struct canvas *canvas, int rows)
{
    return above_lists(canvas) + rows * listbox_row_height(canvas) + 2 * SHADOW +
           below_lists(canvas);
}

void filebox_size(struct canvas *canvas, int *width, int *height)
{
    *width = COLUMNS * canvas_text_width(canvas, "n") + picture_side() + 4 * MARGIN;
    *height = height_for(canvas, ROWS);
}

void filebox_least(struct canvas *canvas, int *width, int *height)
{
    *width = 3 * LEAST_LIST;
    *height = height_for(canvas, LEAST_ROWS);
}

/* ---- places ---- */

static bool with_picture(const struct canvas *canvas)
{
    int tall = canvas->height - above_lists(canvas) - below_lists(canvas);
    return tall >= picture_side() && canvas->width >= 2 * LEAST_LIST + picture_side() + 4 * MARGIN;
}

struct rect filebox_picture(struct canvas *canvas)
{
    if (!with_picture(canvas))
        return (struct rect){0, 0, 0, 0};
    return (struct rect){canvas->width - MARGIN - picture_side(), above_lists(canvas),
                         picture_side(), picture_side()};
}

static struct rect list_rect(struct canvas *canvas, int which)
{
    int wide = canvas->width - 3 * MARGIN - (with_picture(canvas) ? picture_side() + MARGIN : 0);
    int tall = canvas->height - above_lists(canvas) - below_lists(canvas);
    int left = wide * 2 / 5;
    if (tall < listbox_row_height(canvas) + 2 * SHADOW)
        return (struct rect){0, 0, 0, 0};
    return (struct rect){MARGIN + which * (left + MARGIN), above_lists(canvas),
                         which ? wide - left : left, tall};
}

static const char *button_label(int button)
{
    static const char *const labels[] = {N_("OK"), N_("Filter"), N_("Cancel")};
    return _(labels[button - FILEBOX_OK]);
}

/* As wide as the longest asks for, and spread over the width. */
static struct rect button_rect(struct canvas *canvas, int button)
{
    int wide = 0, which = button - FILEBOX_OK;
    for (int i = FILEBOX_OK; i <= FILEBOX_CANCEL; i++) {
        int width = canvas_text_width(canvas, button_label(i)) + 2 * (BUTTON_X + SHADOW);
        wide = width > wide ? width : wide;
    }
    int third = (canvas->width - 2 * MARGIN) / 3;
    wide = wide > third ? third : wide;
    int x = which == 0   ? MARGIN
            : which == 1 ? (canvas->width - wide) / 2
                         : canvas->width - MARGIN - wide;
    return (struct rect){x, canvas->height - MARGIN - button_height(canvas), wide,
                         button_height(canvas)};
}

static struct rect field_rect(struct canvas *canvas, int y)
{
    return (struct rect){MARGIN, y, canvas->width - 2 * MARGIN, textfield_height(canvas)};
}

static int selection_y(struct canvas *canvas)
{
    return canvas->height - MARGIN - button_height(canvas) - 2 * MARGIN - SHADOW -
           textfield_height(canvas);
}

struct rect filebox_spot(struct canvas *canvas, enum filebox_spot spot)
{
    switch (spot) {
    case FILEBOX_FILTER:
        return field_rect(canvas, MARGIN + text_height(canvas));
    case FILEBOX_FOLDERS:
        return list_rect(canvas, 0);
    case FILEBOX_FILES:
        return list_rect(canvas, 1);
    case FILEBOX_SELECTION:
        return field_rect(canvas, selection_y(canvas));
    case FILEBOX_OK:
    case FILEBOX_APPLY:
    case FILEBOX_CANCEL:
        return button_rect(canvas, (int)spot);
    case FILEBOX_SPOTS:
        break;
    }
    return (struct rect){0, 0, 0, 0};
}

/* ---- drawing ---- */

/* A line of text that fills its rectangle; cut in the middle where it is too long. */
static void draw_line(struct canvas *canvas, struct rect r, const char *text)
{
    char cut[FILEBOX_NOTE];
    int width = text_fit(canvas, text, r.width, cut, sizeof cut);
    canvas_text(canvas, INK_FOREGROUND, INK_BACKGROUND, r.x, r.y + canvas->ascent, cut);
    canvas_fill(canvas, INK_BACKGROUND, (struct rect){r.x + width, r.y, r.width - width, r.height});
}

static void draw_title(struct canvas *canvas, struct rect under, const char *text)
{
    int tall = text_height(canvas);
    if (!rect_empty(under))
        draw_line(canvas, (struct rect){under.x, under.y - tall, under.width, tall}, text);
}

static void draw_ground(struct canvas *canvas)
{
    struct rect all = {0, 0, canvas->width, canvas->height};
    int line = button_rect(canvas, FILEBOX_OK).y - MARGIN - SHADOW;
    canvas_fill(canvas, INK_BACKGROUND, all);
    canvas_bevel(canvas, all, SHADOW, false);
    canvas_fill(canvas, INK_BOTTOM_SHADOW, (struct rect){SHADOW, line, all.width - 2 * SHADOW, 1});
    canvas_fill(canvas, INK_TOP_SHADOW, (struct rect){SHADOW, line + 1, all.width - 2 * SHADOW, 1});
    draw_title(canvas, filebox_spot(canvas, FILEBOX_FILTER), _("Filter"));
    draw_title(canvas, filebox_spot(canvas, FILEBOX_FOLDERS), _("Directories"));
    draw_title(canvas, filebox_spot(canvas, FILEBOX_FILES), _("Files"));
    draw_title(canvas, filebox_spot(canvas, FILEBOX_SELECTION), _("Selection"));
}

/* Motif's highlight around what has the keyboard. */
static void draw_focus(struct canvas *canvas, int spot, enum ink ink)
{
    struct rect r = filebox_spot(canvas, (enum filebox_spot)spot);
    if (rect_empty(r))
        return;
    r = (struct rect){r.x - 2, r.y - 1, r.width + 4, r.height + 2};
    canvas_fill(canvas, ink, (struct rect){r.x, r.y, r.width, 1});
    canvas_fill(canvas, ink, (struct rect){r.x, r.y + r.height - 1, r.width, 1});
    canvas_fill(canvas, ink, (struct rect){r.x, r.y, 1, r.height});
    canvas_fill(canvas, ink, (struct rect){r.x + r.width - 1, r.y, 1, r.height});
}

static void draw_button(const struct filebox *box, struct canvas *canvas, int button)
{
    struct rect r = button_rect(canvas, button);
    bool down = box->armed == button && box->inside;
    enum ink back = down ? INK_SELECT : INK_BACKGROUND;
    char cut[64];
    int width = text_fit(canvas, button_label(button), r.width - 2 * SHADOW, cut, sizeof cut);
    canvas_fill(canvas, back, r);
    canvas_text(canvas, INK_FOREGROUND, back, r.x + (r.width - width) / 2,
                r.y + SHADOW + BUTTON_PAD + canvas->ascent, cut);
    canvas_bevel(canvas, r, SHADOW, down);
}

static void draw_note(const struct filebox *box, struct canvas *canvas)
{
    struct rect lists = filebox_spot(canvas, FILEBOX_FOLDERS);
    int tall = text_height(canvas);
    int y = filebox_spot(canvas, FILEBOX_SELECTION).y - 2 * tall - GAP;
    if (!rect_empty(lists))
        draw_line(canvas, (struct rect){MARGIN, y, canvas->width - 2 * MARGIN, tall}, box->note);
}

static void draw_caption(struct canvas *canvas, struct rect inner, const char *text)
{
    int y = inner.y + 2, step = text_height(canvas);
    for (const char *at = text, *next; at && y + step <= inner.y + inner.height; at = next) {
        char line[FILEBOX_NOTE];
        int length = text_wrap(canvas, at, inner.width - 4, &next);
        snprintf(line, sizeof line, "%.*s", length, at);
        canvas_text(canvas, INK_PRINT, INK_PAPER, inner.x + 2, y + canvas->ascent, line);
        y += step;
    }
}

static void draw_picture(const struct filebox *box, struct canvas *canvas)
{
    struct rect r = filebox_picture(canvas);
    struct rect inner = {r.x + SHADOW, r.y + SHADOW, FILEBOX_PICTURE, FILEBOX_PICTURE};
    if (rect_empty(r))
        return;
    canvas_bevel(canvas, r, SHADOW, true);
    if (box->picture) {
        canvas_levels(canvas, inner, box->picture, FILEBOX_PICTURE);
        return;
    }
    canvas_fill(canvas, INK_PAPER, inner);
    draw_caption(canvas, inner, box->caption);
}

static bool is_field(int spot)
{
    return spot == FILEBOX_FILTER || spot == FILEBOX_SELECTION;
}

static void draw_fields(struct filebox *box, struct canvas *canvas)
{
    textfield_draw(&box->filter, canvas, filebox_spot(canvas, FILEBOX_FILTER),
                   box->focus == FILEBOX_FILTER);
    textfield_draw(&box->selection, canvas, filebox_spot(canvas, FILEBOX_SELECTION),
                   box->focus == FILEBOX_SELECTION);
}

static void draw_buttons(const struct filebox *box, struct canvas *canvas, bool whole, int armed)
{
    for (int i = FILEBOX_OK; i <= FILEBOX_CANCEL; i++)
        if (whole || (i == armed) != (i == box->drawn.armed))
            draw_button(box, canvas, i);
}

static void note_drawn(struct filebox *box, int armed)
{
    box->drawn.focus = box->focus;
    box->drawn.armed = armed;
    box->drawn.picture = box->picture;
    memcpy(box->drawn.note, box->note, sizeof box->note);
    memcpy(box->drawn.caption, box->caption, sizeof box->caption);
    box->fields_changed = false;
}

void filebox_draw(struct filebox *box, struct canvas *canvas, bool whole)
{
    int armed = box->inside ? box->armed : -1;
    bool moved = whole || box->focus != box->drawn.focus;
    if (whole)
        draw_ground(canvas);
    else if (moved)
        draw_focus(canvas, (int)box->drawn.focus, INK_BACKGROUND);
    if (whole || box->fields_changed ||
        (moved && (is_field((int)box->focus) || is_field((int)box->drawn.focus))))
        draw_fields(box, canvas);
    listbox_draw(&box->folders, canvas, filebox_spot(canvas, FILEBOX_FOLDERS),
                 box->focus == FILEBOX_FOLDERS, whole);
    listbox_draw(&box->files, canvas, filebox_spot(canvas, FILEBOX_FILES),
                 box->focus == FILEBOX_FILES, whole);
    if (whole || strcmp(box->note, box->drawn.note) != 0)
        draw_note(box, canvas);
    if (whole || box->picture != box->drawn.picture ||
        strcmp(box->caption, box->drawn.caption) != 0)
        draw_picture(box, canvas);
    draw_buttons(box, canvas, whole, armed);
    if (moved)
        draw_focus(canvas, (int)box->focus, INK_FOREGROUND);
    note_drawn(box, armed);
}
