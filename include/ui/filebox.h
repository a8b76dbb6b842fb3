/* The file selection box, as Motif's: a filter, folders, files, the selection, buttons, and beside
 * them a small picture of the file chosen. Owns what is typed, chosen and focused; must never know
 * where names and pictures come from, nor what is done with them.
 *
 * Tab and Shift+Tab go around, arrows and the beginnings of names within a list. Return enters a
 * folder, opens a file, or does what the field or the button is for; Escape closes. */
#ifndef UI_FILEBOX_H
#define UI_FILEBOX_H

#include "ui/listbox.h"
#include "ui/textfield.h"

/* The places that can have the focus, in the order of traversal. */
enum filebox_spot {
    FILEBOX_FILTER,
    FILEBOX_FOLDERS,
    FILEBOX_FILES,
    FILEBOX_SELECTION,
    FILEBOX_OK,
    FILEBOX_APPLY,
    FILEBOX_CANCEL,
    FILEBOX_SPOTS
};

enum { FILEBOX_NOTE = 200, FILEBOX_PICTURE = 96 /* the side of the small picture */ };

struct filebox {
    struct textfield filter, selection;
    struct listbox folders, files;
    enum filebox_spot focus;
    int armed; /* the button held down, -1: none */
    bool inside;
    bool marking;               /* the button is held down on the field with the keyboard */
    int held;                   /* the list that a button was pressed on, -1: none */
    char note[FILEBOX_NOTE];    /* what there is, or why there is nothing */
    const uint8_t *picture;     /* FILEBOX_PICTURE rows of that many levels; NULL: none; lent */
    char caption[FILEBOX_NOTE]; /* in the picture's place */
    struct {
        enum filebox_spot focus;
        int armed;
        char note[FILEBOX_NOTE], caption[FILEBOX_NOTE];
        const uint8_t *picture;
    } drawn;
    bool fields_changed;
};

/* What is to be done: FILEBOX_FILTERED: names of the filter's folder; FILEBOX_ENTERED: of the
 * folder chosen; FILEBOX_CHOSE: another file was chosen, and stands in the selection once the owner
 * has put it there; FILEBOX_OPENED: the selection; FILEBOX_CLOSED: nothing any more. */
enum filebox_answer {
    FILEBOX_NOT_MINE,
    FILEBOX_TOOK,
    FILEBOX_CHANGED,
    FILEBOX_CHOSE,
    FILEBOX_FILTERED,
    FILEBOX_ENTERED,
    FILEBOX_UP, /* the folder above */
    FILEBOX_OPENED,
    FILEBOX_CLOSED,
    FILEBOX_COPIED,      /* filebox_copy's text */
    FILEBOX_PASTED,      /* filebox_paste is to follow, from CLIPBOARD, ... */
    FILEBOX_PASTED_CLICK /* ... from PRIMARY */
};

void filebox_init(struct filebox *box, const char *(*folder)(const void *context, int row),
                  const char *(*file)(const void *context, int row), const void *context);

/* The size it likes to have, and the least that it works in. */
void filebox_size(struct canvas *canvas, int *width, int *height);
void filebox_least(struct canvas *canvas, int *width, int *height);

/* Where a spot lies; empty: there is no room for it. */
struct rect filebox_spot(struct canvas *canvas, enum filebox_spot spot);
struct rect filebox_picture(struct canvas *canvas);

enum filebox_answer filebox_input(struct filebox *box, const struct input *input,
                                  struct canvas *canvas);

/* What is selected in the field that has the keyboard, or where nothing is, all of it, cut to the
 * room for it. */
size_t filebox_copy(struct filebox *box, char *text, size_t room);
/* The first line of a text, in the place of what is selected, or where the caret is. */
void filebox_paste(struct filebox *box, const char *text);

/* A list's arrow or trough is held down, and what is due then (ui/scrollbar.h); true: it
 * scrolled. */
bool filebox_repeats(const struct filebox *box);
bool filebox_again(struct filebox *box, struct canvas *canvas);

void filebox_set_filter(struct filebox *box, const char *text);
void filebox_set_selection(struct filebox *box, const char *text);
void filebox_set_note(struct filebox *box, const char *text);
/* A picture, or with NULL what stands in its place. */
void filebox_set_picture(struct filebox *box, const uint8_t *levels, const char *caption);

/* All, or what changed. */
void filebox_draw(struct filebox *box, struct canvas *canvas, bool whole);

#endif
