/* Motif's small shapes in relief: see ui/bevel.h. Owns nothing. */
#include "ui/bevel.h"

enum { EDGE = 2 };

int bevel_mark(const struct canvas *canvas)
{
    return (canvas->ascent + canvas->descent) * 7 / 8 | 1;
}

void bevel_diamond(struct canvas *canvas, int x, int y, bool on)
{
    enum ink upper = on ? INK_BOTTOM_SHADOW : INK_TOP_SHADOW;
    enum ink lower = on ? INK_TOP_SHADOW : INK_BOTTOM_SHADOW;
    int side = bevel_mark(canvas), middle = side / 2;
    for (int line = 0; line < side; line++) {
        int reach = line <= middle ? line : side - 1 - line; /* to both sides of the middle */
        int edge = reach + 1 < EDGE ? reach + 1 : EDGE;
        enum ink ink = line <= middle ? upper : lower;
        canvas_fill(canvas, ink, (struct rect){x + middle - reach, y + line, edge, 1});
        canvas_fill(canvas, ink, (struct rect){x + middle + reach + 1 - edge, y + line, edge, 1});
    }
    for (int line = EDGE; line < side - EDGE; line++) {
        int reach = (line <= middle ? line : side - 1 - line) - EDGE;
        canvas_fill(canvas, on ? INK_FOREGROUND : INK_BACKGROUND,
                    (struct rect){x + middle - reach, y + line, 2 * reach + 1, 1});
    }
}

void bevel_square(struct canvas *canvas, int x, int y, bool on)
{
    int side = bevel_mark(canvas);
    canvas_bevel(canvas, (struct rect){x, y, side, side}, EDGE, on);
    canvas_fill(canvas, on ? INK_FOREGROUND : INK_BACKGROUND,
                (struct rect){x + EDGE, y + EDGE, side - 2 * EDGE, side - 2 * EDGE});
}

/* Lines get wider towards the base; a line of two pixels at its ends and of the base is shadow. */
void bevel_arrow(struct canvas *canvas, struct rect rect, bool up, bool pressed)
{
    enum ink light = pressed ? INK_BOTTOM_SHADOW : INK_TOP_SHADOW;
    enum ink dark = pressed ? INK_TOP_SHADOW : INK_BOTTOM_SHADOW;
    int height = rect.height;
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < height; i++) {
            int wide = 2 + (rect.width - 2) * i / (height > 1 ? height - 1 : 1);
            int x = rect.x + (rect.width - wide) / 2, y = up ? rect.y + i : rect.y + height - 1 - i;
            bool base = i >= height - EDGE;
            if (pass == 0)
                canvas_fill(canvas, light, (struct rect){x, y, base && !up ? wide : EDGE, 1});
            else if (pass == 1)
                canvas_fill(canvas, dark,
                            base && up ? (struct rect){x + EDGE, y, wide - EDGE, 1}
                                       : (struct rect){x + wide - EDGE, y, EDGE, 1});
            else if (!base)
                canvas_fill(canvas, INK_BACKGROUND, (struct rect){x + EDGE, y, wide - 2 * EDGE, 1});
        }
}
