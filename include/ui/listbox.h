/* A list of names with a scroll bar, of which one is chosen (Motif's browse selection). Owns where
 * it is scrolled to and the row chosen; asks for the names it draws. */
#ifndef UI_LISTBOX_H
#define UI_LISTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/scrollbar.h"

enum { LISTBOX_TYPED = 64 };

struct listbox {
    int count;
    const char *(*name)(const void *context, int row); /* any bytes; lent until the next call */
    const void *context;
    int top, row; /* the first seen; the one chosen, -1: none */
    struct scrollbar bar;
    char typed[LISTBOX_TYPED]; /* the beginning of a name, typed without a pause */
    int64_t typed_ms, click_ms;
    int clicked; /* the row, -1: none */
    bool drags;  /* rows, with the button held */
    struct {
        int top, row, count;
        bool focus, known;
    } drawn;
};

void listbox_init(struct listbox *list, const char *(*name)(const void *context, int row),
                  const void *context);
/* Other names: nothing is chosen. */
void listbox_clear(struct listbox *list);

/* Chooses a row, and scrolls so far that it is seen. */
void listbox_choose(struct listbox *list, struct canvas *canvas, struct rect rect, int row);

/* LISTBOX_CHOSE: another row was; LISTBOX_ACTED: twice clicked. */
enum listbox_answer {
    LISTBOX_NOT_MINE,
    LISTBOX_TOOK,
    LISTBOX_CHANGED,
    LISTBOX_CHOSE,
    LISTBOX_ACTED
};

/* An input of the mouse at a place of the canvas, or a key: arrows, Home, End and pages, and the
 * beginning of a name. */
enum listbox_answer listbox_input(struct listbox *list, struct canvas *canvas, struct rect rect,
                                  const struct input *input);

/* What scrollbar_repeats and scrollbar_again are to its bar; true: it scrolled. */
bool listbox_repeats(const struct listbox *list);
bool listbox_again(struct listbox *list, const struct canvas *canvas, struct rect rect);

/* All of it, or what changed. Nothing where there is no room for a row. */
void listbox_draw(struct listbox *list, struct canvas *canvas, struct rect rect, bool focus,
                  bool whole);

int listbox_row_height(const struct canvas *canvas);

#endif
