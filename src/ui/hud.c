/* The memory panel: see ui/hud.h. Owns the rows' texts; knows nothing of where they come from. */
#include "ui/hud.h"

#include <string.h>

#include "base/language.h"

#include "ui/text.h"

enum { BORDER = 1, PAD_X = 8, PAD_Y = 4, GAP = 12 };

static const char *const names[HUD_ROWS] = {N_("footprint"), N_("viewer"),    N_("decoders"),
                                            N_("X server"),  N_("tiles"),     N_("frame buffer"),
                                            N_("line"),      N_("last frame")};
static const char longest[] = N_("1023.9 MiB in 16, others 0.3");

void hud_init(struct hud *hud)
{
    memset(hud, 0, sizeof *hud);
}

bool hud_set(struct hud *hud, enum hud_row row, const char *text)
{
    text_copy(hud->text[row], HUD_TEXT, text);
    return strcmp(hud->text[row], hud->drawn[row]) != 0;
}

static int names_width(struct canvas *canvas)
{
    int most = 0;
    for (int row = 0; row < HUD_ROWS; row++) {
        int width = canvas_text_width(canvas, _(names[row]));
        most = width > most ? width : most;
    }
    return most;
}

void hud_size(struct canvas *canvas, int *width, int *height)
{
    *width =
        2 * (BORDER + PAD_X) + names_width(canvas) + GAP + canvas_text_width(canvas, _(longest));
    *height = 2 * (BORDER + PAD_Y) + HUD_ROWS * canvas_line_height(canvas);
}

static void draw_frame(struct canvas *canvas)
{
    int width = canvas->width, height = canvas->height;
    canvas_fill(canvas, INK_PRINT, (struct rect){0, 0, width, height});
    canvas_fill(canvas, INK_PAPER,
                (struct rect){BORDER, BORDER, width - 2 * BORDER, height - 2 * BORDER});
}

static void draw_text(struct canvas *canvas, const char *text, int x, int top)
{
    char cut[HUD_TEXT];
    text_fit(canvas, text, canvas->width - BORDER - PAD_X - x, cut, sizeof cut);
    canvas_text(canvas, INK_PRINT, INK_PAPER, x, top + 1 + canvas->ascent, cut);
}

void hud_draw(struct hud *hud, struct canvas *canvas, bool whole)
{
    int line = canvas_line_height(canvas), left = BORDER + PAD_X;
    int column = left + names_width(canvas) + GAP;
    if (whole)
        draw_frame(canvas);
    for (int row = 0; row < HUD_ROWS; row++) {
        int top = BORDER + PAD_Y + row * line;
        if (top + line > canvas->height - BORDER)
            return;
        if (whole)
            draw_text(canvas, _(names[row]), left, top);
        if (!whole && !strcmp(hud->text[row], hud->drawn[row]))
            continue;
        canvas_fill(canvas, INK_PAPER,
                    (struct rect){column, top, canvas->width - BORDER - column, line});
        draw_text(canvas, hud->text[row], column, top);
        text_copy(hud->drawn[row], HUD_TEXT, hud->text[row]);
    }
}
