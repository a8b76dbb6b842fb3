/* The loupe: a square about the pointer in which the page is seen larger, with tiles of its own
 * reduction, tone and measurements as in the window. */
#ifndef APP_LOUPE_H
#define APP_LOUPE_H

#include <stdbool.h>

#include "base/geometry.h"
#include "base/tile.h"
#include "render/frame.h"

struct session;

struct loupe {
    struct frame *frame; /* NULL: it has never been used */
    double factor;       /* times the window's zoom; 0: LOUPE_FACTOR */
    struct view view;
    struct rect rect; /* of the window; empty: it is not shown */
    bool final;       /* it was drawn from its very tiles */
    void *keys;       /* tiles wanted, LEDGER_VIEW */
    size_t keys_size;
};

#define LOUPE_FACTOR 4.0
#define LOUPE_FACTOR_MOST 64.0

void loupe_fini(struct loupe *loupe);

/* The pointer, the tool or the factor changed. */
void loupe_moved(struct session *session);

/* Around the painting of a frame: where it is, and was, is painted anew; then the tiles of the
 * window are wanted, and its own before them. */
void loupe_begin(struct session *session);
void loupe_want(struct session *session, const struct tile_key *keys, int count);

/* Over what was drawn of the window's picture. */
void loupe_draw(struct session *session, struct rect rect, const struct pixels *pixels);

#endif
