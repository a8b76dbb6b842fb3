/* Which tiles the hand will want next, told by what it did last. */
#ifndef APP_FORESIGHT_H
#define APP_FORESIGHT_H

#include "render/view.h"
#include "source/page.h"
#include "tile_list.h"

/* FORESIGHT_SAMPLES: what costs more than so many samples to read is not read ahead. _STEPS: what
 * goes further than so many pages at once is no step but a jump. */
enum { FORESIGHT_TILES = 64, FORESIGHT_SAMPLES = 1 << 25, FORESIGHT_STEPS = 4 };

struct foresight {
    struct view last;
    int across, down; /* the direction of the last pan, in the upright page: -1, 0, 1 */
    int zoom;         /* 1: the last change was a zoom in, -1: out */
    int32_t page;     /* the last page */
    int32_t step;     /* from it to the next, where the last change was a step to it; else 0 */
    bool along;       /* ... along one of its axes */
    struct tile_key keys[FORESIGHT_TILES];
};

/* Notes the view as it is now. Another page's, or a turn, is no hint. */
void foresight_see(struct foresight *foresight, const struct view *view);

/* Notes the page shown, of the file there is or of another. Comes before foresight_see. */
void foresight_see_page(struct foresight *foresight, const struct page *page);

/* The page that the next step the same way leads to; -1: none, or none is foreseen. */
int32_t foresight_page(const struct foresight *foresight, const struct page *page);

/* The tiles of page `index`, which is like `page`, that take the place of those the view wants:
 * `room` of these `count` at the most. Lent until the next call. */
struct tile_list foresight_tiles(struct foresight *foresight, const struct page *page,
                                 int32_t index, const struct tile_key *wanted, int count, int room);

/* The tiles that the next step the same way would need and this view does not: a pan by one more
 * ring of tiles, or one more step of the zoom. Those nearest its middle first, `room` at the most.
 * Lent until the next call. */
struct tile_list foresight_list(struct foresight *foresight, const struct page *page, int room);

#endif
