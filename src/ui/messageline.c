/* A message over the image area: one sentence on an alert background. Owns nothing. */
#include "ui/messageline.h"

#include <string.h>

#include "ui/text.h"

enum { BORDER = 1, PAD_X = 8, PAD_Y = 4, LONGEST = 512 };

static int room_for_text(int width)
{
    return width - 2 * (BORDER + PAD_X);
}

int messageline_height(struct canvas *canvas, const char *text, int width)
{
    int lines = 0;
    for (const char *at = text; at; lines++)
        text_wrap(canvas, at, room_for_text(width), &at);
    return lines * canvas_line_height(canvas) + 2 * (BORDER + PAD_Y);
}

static void draw_frame(struct canvas *canvas)
{
    int width = canvas->width, height = canvas->height;
    canvas_fill(canvas, INK_ALERT, (struct rect){0, 0, width, height});
    canvas_fill(canvas, INK_ALERT_PRINT, (struct rect){0, 0, width, BORDER});
    canvas_fill(canvas, INK_ALERT_PRINT, (struct rect){0, height - BORDER, width, BORDER});
    canvas_fill(canvas, INK_ALERT_PRINT, (struct rect){0, 0, BORDER, height});
    canvas_fill(canvas, INK_ALERT_PRINT, (struct rect){width - BORDER, 0, BORDER, height});
}

void messageline_draw(struct canvas *canvas, const char *text)
{
    int line = canvas_line_height(canvas);
    int top = BORDER + PAD_Y;
    draw_frame(canvas);
    for (const char *at = text; at; top += line) {
        char shown[LONGEST];
        const char *start = at;
        int width = room_for_text(canvas->width);
        int length = text_wrap(canvas, start, width, &at);
        bool last = top + 2 * line > canvas->height - BORDER - PAD_Y;
        if (top + line > canvas->height - BORDER)
            return;
        if (last && at) {
            text_fit(canvas, start, width, shown, sizeof shown);
            at = NULL;
        } else {
            length = length < LONGEST ? length : LONGEST - 1;
            memcpy(shown, start, (size_t)length);
            shown[length] = 0;
        }
        canvas_text(canvas, INK_ALERT_PRINT, INK_ALERT, BORDER + PAD_X, top + 1 + canvas->ascent,
                    shown);
    }
}
