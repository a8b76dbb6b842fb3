/* The file list: a column of small pictures with their names, of which one is that of the file
 * shown. Owns where it is scrolled to and which cell keys have come to; asks for names and pictures
 * as it draws them, of cells that are seen alone. */
#ifndef UI_FILMSTRIP_H
#define UI_FILMSTRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/scrollbar.h"

/* FILMSTRIP_CELLS: seen at once, at most. */
enum { FILMSTRIP_PICTURE = 96, FILMSTRIP_CELLS = 20, FILMSTRIP_TROUBLE = 200 };

/* Of a cell: the file's name, any bytes; FILMSTRIP_PICTURE rows of levels, NULL: none; and then
 * why, "" where it is still to come. Lent until the next is asked for. */
struct filmstrip_cell {
    const char *name, *trouble;
    const uint8_t *levels;
};

struct filmstrip {
    int count;
    void (*cell)(void *context, int index, struct filmstrip_cell *cell);
    void *context;
    int shown, row; /* the file shown, -1: none of them; the cell that keys have come to */
    bool focus;
    int top;
    struct scrollbar bar;
    struct {
        bool known, focus, pictured[FILMSTRIP_CELLS];
        int count, shown, row, top;
    } drawn;
};

void filmstrip_init(struct filmstrip *strip,
                    void (*cell)(void *context, int index, struct filmstrip_cell *cell),
                    void *context);
int filmstrip_width(const struct canvas *canvas);

/* Other files, `shown` among them, which is scrolled to where it is another. */
void filmstrip_set(struct filmstrip *strip, struct canvas *canvas, int count, int shown);
/* Gives it the keyboard, or takes it away. */
void filmstrip_focus(struct filmstrip *strip, struct canvas *canvas, bool on);

/* The cells that are seen; returns how many. */
int filmstrip_seen(const struct filmstrip *strip, const struct canvas *canvas, int *first);
/* Where a cell lies in the panel; empty: it is not seen. */
struct rect filmstrip_rect(const struct filmstrip *strip, const struct canvas *canvas, int index);

/* An input in the panel's coordinates, or a key while it has the focus. FILMSTRIP_CHOSE: the file
 * of `row` is to be opened. */
enum filmstrip_answer { FILMSTRIP_NOT_MINE, FILMSTRIP_TOOK, FILMSTRIP_CHANGED, FILMSTRIP_CHOSE };
enum filmstrip_answer filmstrip_input(struct filmstrip *strip, const struct input *input,
                                      struct canvas *canvas);

/* Its scroll bar is held down, and what is due then (ui/scrollbar.h); true: it scrolled. */
bool filmstrip_repeats(const struct filmstrip *strip);
bool filmstrip_again(struct filmstrip *strip, const struct canvas *canvas);

/* All, or what changed. */
void filmstrip_draw(struct filmstrip *strip, struct canvas *canvas, bool whole);

#endif
