/* What pictures are drawn on: an arena, a frame and a curve without files or windows. Tiles are
 * filled by the test's own scene. */
#ifndef EASEL_H
#define EASEL_H

#include "render/frame.h"
#include "tiles/arena.h"

enum {
    EASEL_SLOTS = 64,
    EASEL_PAGE = 3,
    EASEL_GUARD = 0x5a,
    EASEL_MARGIN = 5,
    EASEL_ROOM = 1 << 18
};

struct easel {
    struct arena *arena;
    struct frame *frame;
    struct curve curve;
    enum sample_type type;
    int channels;
    void (*fill)(const struct view *view, struct tile_key key, void *samples);
    /* What of a tile that is not sound is marked as lost. */
    bool (*lost)(struct tile_key key, int64_t x, int64_t y);
    /* Pictures: rows of pixels, each followed by EASEL_MARGIN guard bytes. */
    uint8_t whole[EASEL_ROOM], parts[EASEL_ROOM];
};

extern struct easel easel;
extern const struct pixel_format easel_bgrx;

void easel_begin(enum sample_type type, int channels,
                 void (*fill)(const struct view *view, struct tile_key key, void *samples));
void easel_end(void);

/* Other samples from now on, in the same frame; the tiles are forgotten. */
void easel_change(enum sample_type type, int channels);

void easel_plan(const struct view *view);
void easel_put_tile(const struct view *view, struct tile_key key, bool sound);
void easel_put_needed(const struct view *view);
struct rect easel_all(const struct view *view);

/* Draws a rectangle of the planned view into a picture that begins at `base`. */
int easel_draw(uint8_t *base, struct rect rect, const struct pixel_format *format);

/* Plans and draws the whole view into easel.whole; every needed tile is put there first. Nothing
 * may be written beside the pixels. */
void easel_draw_whole(const struct view *view, const struct pixel_format *format);

/* The value of a pixel of easel.whole; where it begins, of formats of whole bytes. */
uint32_t easel_value(const struct view *view, const struct pixel_format *format, int x, int y);
const uint8_t *easel_pixel(const struct view *view, const struct pixel_format *format, int x,
                           int y);

/* Pieces drawn for themselves are those pieces of easel.whole. */
void easel_check_pieces(const struct view *view, const struct pixel_format *format);

#endif
