/* The auto window of a part of the page: from the stored samples at full resolution, tile by tile,
 * while the window is at rest and nothing is being written or measured. Where a region has more
 * than REGIONAL_TILES tiles, so many are taken, spread over it on a grid. */
#ifndef APP_REGIONAL_H
#define APP_REGIONAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "tile_walk.h"
#include "tone/selection.h"
#include "ui/measure.h"

struct session;

enum { REGIONAL_TILES = 256 };

struct regional {
    int64_t asked, answered; /* regions; the later one counts */
    bool walking;
    struct measure_place place;
    struct area region; /* of the upright page */
    struct tile_walk walk;
    struct selection selection;
    uint32_t (*bins)[SELECTION_BINS]; /* LEDGER_TONE, while it walks */
    bool good;                        /* how the last one ended */
    struct fault fault;
};

void regional_fini(struct regional *regional);

/* The samples that are seen; all of them where there is no window. */
struct area regional_seen(const struct session *session);

/* Asks for the window of a region; what of it lies on the page counts. */
bool regional_ask(struct session *session, struct area region, struct fault *fault);

/* Asks for that of the box that was drawn; the samples that it cuts are included. */
void regional_box(struct session *session);

/* Once in each turn: reads on. True when a window was found, or cannot be. */
bool regional_turn(struct session *session);

#endif
