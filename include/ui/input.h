/* What the user did, freed of X: x11 makes these from events (real ones and those other clients
 * send alike). */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdint.h>

enum input_kind { INPUT_KEY, INPUT_PRESS, INPUT_RELEASE, INPUT_MOTION, INPUT_LEAVE };

enum { MODIFIER_SHIFT = 1, MODIFIER_CONTROL = 2, MODIFIER_ALT = 4 };

struct input {
    enum input_kind kind;
    unsigned modifiers;
    char key[24]; /* KEY: the keysym's name as X names it ("a", "plus", "F1", "Page_Down"), after
                     shift was applied */
    char text[8]; /* KEY: what it types, in UTF-8; "": nothing */
    int button; /* PRESS, RELEASE: 1..5 (4, 5: wheel up, down); MOTION: the lowest button held, or 0
                 */
    int x, y;   /* pixels of the image area; may lie outside while a button is held */
    int64_t time_ms; /* the server's clock */
};

#endif
