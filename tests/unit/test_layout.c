/* The window's parts: every size from the smallest to 8K, every set of parts. */
#include "suite.h"

#include "ui/layout.h"

static const struct layout_sizes sizes = {27, 29, 224, 25, 131};

static const struct rect *part_of(const struct layout *layout, int i)
{
    const struct rect *parts[] = {&layout->image, &layout->menu,   &layout->tools,
                                  &layout->side,  &layout->status, &layout->files};
    return parts[i];
}

static bool is_sound(const struct layout *layout, int width, int height)
{
    int64_t covered = 0;
    for (int i = 0; i < 6; i++) {
        const struct rect *r = part_of(layout, i);
        if (rect_empty(*r))
            continue;
        covered += (int64_t)r->width * r->height;
        if (r->x < 0 || r->y < 0 || r->x + r->width > width || r->y + r->height > height)
            return false;
        for (int j = 0; j < i; j++)
            if (!rect_empty(rect_intersect(*r, *part_of(layout, j))))
                return false;
    }
    return covered == (int64_t)width * height;
}

/* All of the window is covered, once. */
static void nothing_overlaps(void)
{
    static const int lengths[] = {160, 240, 320, 400, 480, 640, 703, 704, 800, 1024, 4320, 7680};
    int wrong = 0;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++)
            for (unsigned parts = 0; parts <= LAYOUT_ALL; parts++) {
                int width = lengths[i], height = lengths[j] * 3 / 4;
                struct layout layout = layout_make(width, height, parts, &sizes);
                wrong += !is_sound(&layout, width, height) || rect_empty(layout.image);
                wrong += !(parts & LAYOUT_MENU) && !rect_empty(layout.menu);
                wrong += !(parts & LAYOUT_SIDE) && !rect_empty(layout.side);
            }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void a_tiny_window_still_has_an_image(void)
{
    for (int height = 1; height < 160; height++) {
        struct layout layout = layout_make(1, height, LAYOUT_ALL, &sizes);
        CU_ASSERT(layout.image.width == 1 && layout.image.height >= 1);
    }
}

static void parts_give_way_in_turn(void)
{
    struct layout usual = layout_make(1024, 768, LAYOUT_USUAL, &sizes);
    CU_ASSERT(!rect_empty(usual.side) && !rect_empty(usual.tools));
    CU_ASSERT_EQUAL(usual.image.width, 800);
    CU_ASSERT_EQUAL(usual.image.height, 768 - 27 - 29 - 25);
    struct layout small = layout_make(320, 240, LAYOUT_USUAL, &sizes);
    CU_ASSERT(rect_empty(small.side));
    CU_ASSERT(!rect_empty(small.menu) && !rect_empty(small.tools) && !rect_empty(small.status));
    struct layout smaller = layout_make(160, 150, LAYOUT_USUAL, &sizes);
    CU_ASSERT(rect_empty(smaller.tools));
    CU_ASSERT(!rect_empty(smaller.menu) && !rect_empty(smaller.status));
    struct layout least = layout_make(160, 120, LAYOUT_USUAL, &sizes);
    CU_ASSERT(rect_empty(least.menu) && !rect_empty(least.status));
    struct layout listed = layout_make(1024, 768, LAYOUT_ALL, &sizes);
    CU_ASSERT_EQUAL(listed.image.x, 131);
    CU_ASSERT_EQUAL(listed.image.width, 800 - 131);
    listed = layout_make(800, 600, LAYOUT_ALL, &sizes);
    CU_ASSERT(!rect_empty(listed.side) && !rect_empty(listed.files));
    listed = layout_make(640, 480, LAYOUT_ALL, &sizes);
    CU_ASSERT(rect_empty(listed.side) && !rect_empty(listed.files));
    struct layout low = layout_make(640, 480, LAYOUT_USUAL, &sizes);
    CU_ASSERT_EQUAL(low.image.width, 640 - 224);
    listed = layout_make(500, 600, LAYOUT_ALL, &sizes);
    CU_ASSERT(rect_empty(listed.side) && rect_empty(listed.files));
}

SUITE("layout", {"nothing overlaps", nothing_overlaps},
      {"a tiny window still has an image", a_tiny_window_still_has_an_image},
      {"parts give way in turn", parts_give_way_in_turn})
