/* Which tiles the hand will want next, told by what it did last. */
#ifndef APP_FORESIGHT_H
#define APP_FORESIGHT_H

#include "render/view.h"
#include "source/page.h"
#include "tile_list.h"

/* FORESIGHT_SAMPLES: what costs more than so many samples to read is not read ahead. */
enum { FORESIGHT_TILES = 64, FORESIGHT_SAMPLES = 1 << 25 };

struct foresight {
    struct view last;
    int across, down; /* the direction of the last pan, in the upright page: -1, 0, 1 */
    int zoom;         /* 1: the last change was a zoom in, -1: out */
    struct tile_key keys[FORESIGHT_TILES];
};

/* Notes the view as it is now. Another page's, or a turn, is no hint. */
void foresight_see(struct foresight *foresight, const struct view *view);

/* The tiles that the next step the same way would need and this view does not: a pan by one more
 * ring of tiles, or one more step of the zoom. Those nearest its middle first, `room` at the most.
 * Lent until the next call. */
struct tile_list foresight_list(struct foresight *foresight, const struct page *page, int room);

#endif
