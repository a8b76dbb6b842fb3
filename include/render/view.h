/* The view: which part of a page is seen, how large, which way up.
 *
 * Image coordinates are continuous: sample (x, y) covers [x, x+1) by [y, y+1) of the upright page.
 * Window coordinates are pixels of the image area, (0, 0) its upper left corner. The upright page
 * is first mirrored left to right where `mirrored`, then turned clockwise. How the page must be
 * turned and mirrored to stand upright is told by TIFF's Orientation: only view_axis, and the
 * functions named for it, know of the page as it is stored. */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/geometry.h"
#include "base/tile.h"

enum view_mode {
    VIEW_FIT,
    VIEW_FILL,
    VIEW_FREE
}; /* FIT and FILL follow the window's and page's sizes */

#define VIEW_ZOOM_MAX 64.0
#define VIEW_ZOOM_MIN (1.0 / 256.0) /* or the fitting zoom where that is less */

struct view {
    int width, height;               /* image area, pixels, at least 1 */
    int64_t page_width, page_height; /* of the upright page, samples, at least 1 */
    int orientation;                 /* TIFF's, 1 .. 8; 0 is 1 */
    enum view_mode mode;
    double zoom;               /* pixels for a sample */
    double center_x, center_y; /* image point in the middle of the area */
    int turns;                 /* quarter turns clockwise, 0..3 */
    bool mirrored;
    int coarser; /* drawn from tiles of so many more reductions than would be right, where there is
                    no memory for those */
};

/* The whole page, fitted, upright; Orientation 1. */
void view_init(struct view *view, int width, int height, int64_t page_width, int64_t page_height);

/* Another size of the area or of the page: FIT and FILL are worked out anew, a free view keeps zoom
 * and centre; of another page the centre that lies at the same share of its sides. */
void view_resize(struct view *view, int width, int height);
void view_page(struct view *view, int64_t page_width, int64_t page_height);

/* How the page is stored: TIFF's Orientation (274), 1 where it is none of 1 .. 8. Sizes stay those
 * of the upright page. */
void view_orient(struct view *view, int orientation);

/* The stored sample that the upright page's sample (x, y) is. */
void view_to_stored(const struct view *view, int64_t x, int64_t y, int64_t *stored_x,
                    int64_t *stored_y);
/* And back again. */
void view_from_stored(const struct view *view, int64_t stored_x, int64_t stored_y, int64_t *x,
                      int64_t *y);

void view_fit(
    struct view *view); /* all of the page seen; centre = page's centre; at most VIEW_ZOOM_MAX */
void view_fill(struct view *view); /* no background seen where avoidable */

/* Clamps to [min(VIEW_ZOOM_MIN, fitting zoom), VIEW_ZOOM_MAX]; the image point under window point
 * (px, py) stays there. */
void view_zoom_about(struct view *view, double zoom, double px, double py);
void view_pan(struct view *view, double dx,
              double dy); /* the picture moves by (dx, dy) pixels; the centre stays on the page */
void view_center(struct view *view, double x, double y); /* clamped to the page */
void view_turn(struct view *view, int quarters);         /* clockwise as seen */
void view_flip_horizontal(struct view *view);            /* left and right change places as seen */
void view_flip_vertical(struct view *view);

/* The reduction whose tiles the view is drawn from: the largest k with 2^k * zoom <= 1, 0 for zoom
 * >= 1; and `coarser` beyond it. */
int view_reduction(const struct view *view);

/* Where image and window meet, as they are drawn (the origin rounded half up to whole samples of
 * the reduction where a pixel is 2^k samples, or a sample a whole number of pixels). (px, py) is a
 * pixel corner: for the sample under pixel (x, y) use x + 0.5, y + 0.5. */
void view_to_image(const struct view *view, double px, double py, double *x, double *y);
void view_from_image(const struct view *view, double x, double y, double *px, double *py);

/* One window axis in fixed point, in stored samples of the view's reduction: the corner between
 * pixels i - 1 and i lies at whole + (part + i * step) / 2^32, so that pages of 2^31 samples fit as
 * well. step < 0 where the page runs backwards. `along_x`: this window axis runs along the stored
 * page's x axis. */
struct view_axis {
    int64_t whole, part; /* 0 <= part < 2^32 */
    int64_t step;
    int64_t samples; /* how many the page has along this axis at the reduction */
    bool along_x;
};

/* The horizontal (0) or vertical (1) window axis. */
struct view_axis view_axis(const struct view *view, int which);

#endif
