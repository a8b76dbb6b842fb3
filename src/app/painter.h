/* Painting an area of a view, cell by cell, as tiles come: the same for a window and for a picture
 * in a file.
 *
 * A cell is 64 x 64 pixels: at any zoom it needs at most four tiles, so that a budget of eight
 * slots gets every cell done, however many tiles the whole area needs. */
#ifndef APP_PAINTER_H
#define APP_PAINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "base/tile.h"
#include "render/frame.h"
#include "tiles/arena.h"

/* Where everything is there, PAINTER_BAND rows of cells are painted and sent as one: few enough
 * that the server works on one band while the next is painted, enough that sending costs little
 * (measured: 1 gave 0.49 of the bare rate at 1024 x 768, 6 gives 0.64). */
enum { PAINTER_CELL = 64, PAINTER_BAND = 6 };

struct painter {
    struct rect area; /* in the view's pixels */
    int columns, rows;
    void *cells; /* a byte for each: what is painted there */
    size_t cells_size;
    int left;              /* cells that are not final */
    struct tile_key *keys; /* room for the tiles wanted */
    size_t keys_size;
};

/* What is painted from and to. */
struct painting {
    struct frame *frame; /* planned */
    struct arena *arena;
    const struct curve *curve;
    const struct pixels *pixels;
    bool passing; /* the page is only passed through: what stands in for its tiles will do */
    const struct page *page; /* asks for stand-ins where its tiles take long; may be NULL */
    int left, top;           /* the view's pixel that pixels' upper left one is */
    /* Called before and after a rectangle is drawn (view pixels); may be NULL. */
    void (*before)(void *context, struct rect rect);
    void (*drawn)(void *context, struct rect rect);
    int band; /* no more rows are drawn at a time; 0: as many as there are */
    void *context;
};

/* All cells of the area must be painted anew. Allocates only when there are more cells than ever.
 */
bool painter_begin(struct painter *painter, struct rect area, struct fault *fault);
void painter_fini(struct painter *painter);

/* Paints every cell whose tiles are all there; with `provisional` also those that can be painted
 * better than they are since painter_begin, from what there is. */
void painter_step(struct painter *painter, const struct painting *painting, bool provisional);

/* What lies in the rectangle is painted again, be it final. */
void painter_stale(struct painter *painter, struct rect rect);

/* More of what cells lack is there, within `rect`: those that show nothing, or a part of it, are
 * painted anew with the next provisional step. */
void painter_renew(struct painter *painter, struct rect rect);

/* True when something is seen in every cell. */
bool painter_covers(const struct painter *painter);

/* True when every cell is final, and how much of the area is: 0 .. 1. */
bool painter_done(const struct painter *painter);
double painter_share(const struct painter *painter);

/* The tiles to want now, in order. Where some cell would be empty and its tiles take long: what
 * stands in for them. Then all the area needs, from its middle outwards, when they fit the arena;
 * else those of the first unfinished cells, the rows in the middle first. Lent until the next call;
 * *count is 0 when memory for the list is refused. */
const struct tile_key *painter_wants(struct painter *painter, const struct painting *painting,
                                     int *count);

#endif
