/* See unit/easel.h. */
#include "unit/easel.h"

#include <string.h>

#include "suite.h"
#include "unit/naive_pixel.h"

struct easel easel;
const struct pixel_format easel_bgrx = PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff);

void easel_begin(enum sample_type type, int channels,
                 void (*fill)(const struct view *view, struct tile_key key, void *samples))
{
    easel.arena = arena_new(EASEL_SLOTS * 6, NULL); /* of 12 bytes a sample at most */
    easel.frame = frame_new(NULL);
    easel.fill = fill;
    CU_ASSERT_FATAL(easel.arena && easel.frame);
    easel_change(type, channels);
}

void easel_end(void)
{
    frame_free(easel.frame);
    arena_free(easel.arena);
}

void easel_change(enum sample_type type, int channels)
{
    size_t bytes = sample_bytes(type) * (size_t)channels;
    easel.type = type;
    easel.channels = channels;
    arena_recut(easel.arena, bytes);
    arena_set_budget(easel.arena, EASEL_SLOTS * TILE_SAMPLES * bytes);
}

void easel_plan(const struct view *view)
{
    CU_ASSERT_FATAL(frame_plan(easel.frame, view, EASEL_PAGE, easel.type, easel.channels, NULL));
}

void easel_put_tile(const struct view *view, struct tile_key key, bool sound)
{
    int32_t slot = arena_begin(easel.arena, key, NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    easel.fill(view, key, arena_slot(easel.arena, slot));
    for (int i = 0; !sound && i < TILE_SAMPLES; i++)
        if (easel.lost(key, (int64_t)key.column * TILE_SIDE + i % TILE_SIDE,
                       (int64_t)key.row * TILE_SIDE + i / TILE_SIDE))
            tile_mark(arena_marks(easel.arena, slot), i, 1);
    arena_end(easel.arena, slot, sound);
}

void easel_put_needed(const struct view *view)
{
    struct tile_span span = frame_needs(easel.frame, easel_all(view));
    for (int32_t i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        if (!arena_find(easel.arena, key, NULL))
            easel_put_tile(view, key, true);
    }
}

struct rect easel_all(const struct view *view)
{
    return (struct rect){0, 0, view->width, view->height};
}

static size_t row_bytes(const struct pixel_format *format, int width)
{
    return ((size_t)width * (size_t)format->bits_per_pixel + 7) / 8;
}

int easel_draw(uint8_t *base, struct rect rect, const struct pixel_format *format)
{
    size_t stride = row_bytes(format, rect.width) + EASEL_MARGIN;
    CU_ASSERT_FATAL(stride * (size_t)rect.height <= EASEL_ROOM);
    memset(base, EASEL_GUARD, stride * (size_t)rect.height);
    struct pixels pixels = {base, stride, rect.width, rect.height, *format};
    return frame_draw(easel.frame, easel.arena, &easel.curve, rect, &pixels, rect.x, rect.y);
}

static const uint8_t *whole_row(const struct view *view, const struct pixel_format *format, int y)
{
    return easel.whole + (size_t)y * (row_bytes(format, view->width) + EASEL_MARGIN);
}

const uint8_t *easel_pixel(const struct view *view, const struct pixel_format *format, int x, int y)
{
    return whole_row(view, format, y) + row_bytes(format, x);
}

uint32_t easel_value(const struct view *view, const struct pixel_format *format, int x, int y)
{
    return naive_read(format, whole_row(view, format, y), x);
}

void easel_draw_whole(const struct view *view, const struct pixel_format *format)
{
    int wrong = 0;
    easel_plan(view);
    easel_put_needed(view);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(view), format), 0);
    for (int i = 0; i < view->height * EASEL_MARGIN; i++)
        wrong += easel_pixel(view, format, view->width, i / EASEL_MARGIN)[i % EASEL_MARGIN] !=
                 EASEL_GUARD;
    CU_ASSERT_EQUAL(wrong, 0);
}

static void check_piece(const struct view *view, const struct pixel_format *format,
                        struct rect rect)
{
    size_t stride = row_bytes(format, rect.width) + EASEL_MARGIN;
    int wrong = 0;
    CU_ASSERT_EQUAL(easel_draw(easel.parts, rect, format), 0);
    for (int i = 0; i < rect.width * rect.height; i++) {
        int x = i % rect.width, y = i / rect.width;
        wrong += naive_read(format, easel.parts + (size_t)y * stride, x) !=
                 easel_value(view, format, rect.x + x, rect.y + y);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

void easel_check_pieces(const struct view *view, const struct pixel_format *format)
{
    for (int y = 0; y < view->height; y += 7)
        check_piece(view, format,
                    (struct rect){0, y, view->width, y + 7 < view->height ? 7 : view->height - y});
    for (int i = 0; i < 8; i++) {
        struct rect rect = {i * 13 % view->width, i * 29 % view->height, 1 + i * 11, 1 + i * 7};
        check_piece(view, format, rect_intersect(rect, easel_all(view)));
    }
}
