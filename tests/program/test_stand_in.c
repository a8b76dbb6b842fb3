/* What is asked for before the true tiles (app/stand_in.c), and what is asked for ahead of time
 * (app/foresight.c, app/tile_list.c). */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "app/foresight.h"
#include "app/stand_in.h"

static struct page page_of(int64_t width, int64_t height, int64_t block_width, int64_t block_height)
{
    return (struct page){.width = width,
                         .height = height,
                         .type = SAMPLE_U16,
                         .channels = 1,
                         .tiled = block_width < width,
                         .block_width = block_width,
                         .block_height = block_height};
}

static const struct {
    const char *what;
    int64_t width, height, block_width, block_height;
    bool direct, whole;
    int32_t reductions;
    struct tile_span span;
    int32_t expected;
} choices[] = {
    {"small blocks, all of a large page",
     32768,
     32768,
     512,
     512,
     false,
     false,
     0,
     {0, 5, 0, 0, 4, 4},
     TILE_ROUGH + 7},
    {"the same on a wide screen",
     65536,
     32768,
     512,
     512,
     false,
     false,
     0,
     {0, 5, 0, 0, 8, 4},
     TILE_ROUGH + 7},
    {"an uncompressed one",
     100000,
     100000,
     100000,
     100000,
     true,
     false,
     0,
     {0, 7, 0, 0, 4, 4},
     TILE_ROUGH + 9},
    {"a page that comes soon enough",
     4096,
     4096,
     512,
     512,
     false,
     false,
     0,
     {0, 2, 0, 0, 4, 4},
     -1},
    {"a part of a large page at full size",
     32768,
     32768,
     512,
     512,
     false,
     false,
     0,
     {0, 0, 50, 50, 5, 4},
     -1},
    {"strips, which are decoded in their whole width",
     100000,
     100000,
     100000,
     4,
     false,
     false,
     0,
     {0, 1, 50, 50, 5, 4},
     TILE_ROUGH + 3},
    {"strips as high as what is seen",
     100000,
     100000,
     100000,
     1024,
     false,
     false,
     0,
     {0, 1, 50, 50, 5, 4},
     -1},
    {"one giant block", 32768, 32768, 32768, 32768, false, true, 0, {0, 5, 0, 0, 4, 4}, -1},
    {"a coarser overview",
     32768,
     32768,
     512,
     512,
     false,
     false,
     1 << 7 | 1 << 9,
     {0, 5, 0, 0, 4, 4},
     7},
    {"one that is too fine",
     32768,
     32768,
     512,
     512,
     false,
     false,
     1 << 4 | 1 << 8,
     {0, 5, 0, 0, 4, 4},
     -1},
    {"the reduction itself is there",
     32768,
     32768,
     512,
     512,
     false,
     false,
     1 << 5 | 1 << 7,
     {0, 5, 0, 0, 4, 4},
     -1},
    {"nothing to be seen", 32768, 32768, 512, 512, false, false, 0, {0, 5, 0, 0, 0, 0}, -1},
    {"as coarse as can be",
     INT32_MAX,
     INT32_MAX,
     512,
     512,
     false,
     false,
     0,
     {0, 23, 0, 0, 1, 1},
     -1},
};

static void what_takes_long_has_a_stand_in(void)
{
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct page page = page_of(choices[i].width, choices[i].height, choices[i].block_width,
                                   choices[i].block_height);
        page.direct = choices[i].direct;
        page.whole = choices[i].whole;
        page.reductions = choices[i].reductions;
        int32_t chosen = stand_in_choose(&page, choices[i].span);
        CU_ASSERT_EQUAL(chosen, choices[i].expected);
        if (chosen != choices[i].expected)
            printf("  %s: %d\n", choices[i].what, (int)chosen);
    }
}

/* 6000 x 6000 samples come soon enough for who stays, and not for who passes; 2000 x 2000 do. */
static void who_passes_has_less_patience(void)
{
    struct page page = page_of(6000, 6000, 256, 256), small = page_of(2000, 2000, 256, 256);
    struct tile_span span = {0, 3, 0, 0, 3, 3}, few = {0, 1, 0, 0, 4, 4};
    CU_ASSERT_EQUAL(stand_in_choose(&page, span), -1);
    CU_ASSERT_EQUAL(stand_in_passing(&page, span), TILE_ROUGH + 5);
    CU_ASSERT_EQUAL(stand_in_passing(&small, few), -1);
}

static void a_stand_in_covers_its_span(void)
{
    struct tile_span span = {2, 3, 5, 9, 4, 1};
    struct tile_span coarse = stand_in_span(span, TILE_ROUGH + 5);
    CU_ASSERT(coarse.page == 2 && coarse.reduction == TILE_ROUGH + 5);
    CU_ASSERT(coarse.column == 1 && coarse.columns == 2 && coarse.row == 2 && coarse.rows == 1);
}

/* Foresight: 1000 x 800 pixels of a page of small tiles. */

static const struct tile_key pan_right[] = {{0, 0, 22, 18}, {0, 0, 22, 17}, {0, 0, 22, 19}};

static struct view view_at(double zoom, double x, double y)
{
    struct view view;
    view_init(&view, 1024, 512, 10240, 9216);
    view_zoom_about(&view, zoom, 0, 0);
    view_center(&view, x, y);
    return view;
}

static bool foresees(struct foresight *foresight, const struct page *page, struct view view,
                     struct tile_key key)
{
    foresight_see(foresight, &view);
    struct tile_list list = foresight_list(foresight, page, FORESIGHT_TILES);
    return tile_list_has(&list, key);
}

static void a_pan_goes_on_the_same_way(void)
{
    struct foresight foresight = {0};
    struct page page = page_of(10240, 9216, 256, 256);
    struct view view = view_at(1, 5100, 4720);
    foresight_see(&foresight, &view);
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 64).count, 0);
    CU_ASSERT(foresees(&foresight, &page, view_at(1, 5101, 4720), pan_right[0]));
    struct tile_list list = foresight_list(&foresight, &page, 64);
    CU_ASSERT_EQUAL(list.count, 3);
    for (int i = 0; i < list.count; i++)
        CU_ASSERT_EQUAL(list.keys[i].column, 22);
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 1).count, 1);
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 0).count, 0);
    CU_ASSERT(foresees(&foresight, &page, view_at(1, 5101, 4719), (struct tile_key){0, 0, 20, 16}));
    /* Nothing moved: the hint stays. */
    CU_ASSERT(foresees(&foresight, &page, view_at(1, 5101, 4719), (struct tile_key){0, 0, 20, 16}));
    CU_ASSERT(foresees(&foresight, &page, view_at(1, 5100, 4719), (struct tile_key){0, 0, 16, 18}));
    list = foresight_list(&foresight, &page, 64);
    CU_ASSERT_FALSE(tile_list_has(&list, pan_right[0]));
}

static void a_zoom_goes_on_the_same_way(void)
{
    struct foresight foresight = {0};
    struct page page = page_of(10240, 9216, 256, 256);
    struct tile_key in = {0, 0, 20, 18}, out = {0, 2, 5, 4};
    struct view view = view_at(0.4, 5100, 4720);
    foresight_see(&foresight, &view);
    CU_ASSERT(foresees(&foresight, &page, view_at(0.45, 5100, 4720), in));
    CU_ASSERT_FALSE(foresees(&foresight, &page, view_at(0.35, 5100, 4720), in));
    CU_ASSERT(foresees(&foresight, &page, view_at(0.3, 5100, 4720), out));
}

/* Of a page on its side the tiles are those of the page as it is stored. */
static void pages_on_their_side_are_foreseen(void)
{
    struct foresight foresight = {0};
    struct page page = page_of(9216, 10240, 256, 256);
    struct view view = view_at(1, 5100, 4720);
    view_orient(&view, 6); /* stored rows run down the right side */
    foresight_see(&foresight, &view);
    view_center(&view, 5101, 4720);
    foresight_see(&foresight, &view);
    struct tile_list list = foresight_list(&foresight, &page, 64);
    CU_ASSERT(list.count >= 2);
    int64_t x, y;
    view_to_stored(&view, 22 * 256 + 5, 4720, &x, &y);
    struct tile_key key = {0, 0, (int32_t)(x / 256), (int32_t)(y / 256)};
    CU_ASSERT(tile_list_has(&list, key));
}

static void what_costs_much_is_not_foreseen(void)
{
    struct foresight foresight = {0};
    struct page page = page_of(10240, 9216, 10240, 4096);
    struct view view = view_at(1, 5100, 4720), next = view_at(1, 5101, 4720);
    foresight_see(&foresight, &view);
    foresight_see(&foresight, &next);
    page.direct = 1;
    CU_ASSERT(foresight_list(&foresight, &page, 64).count > 0);
    page.whole = 1;
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 64).count, 0);
    page.whole = page.direct = 0;
    page.width = 1 << 20;
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 64).count, 0);
    struct view turned = view_at(1, 5102, 4720);
    view_turn(&turned, 1);
    foresight_see(&foresight, &turned);
    page = page_of(10240, 9216, 256, 256);
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 64).count, 0);
}

/* The page that follows. */

static bool follows(struct foresight *foresight, struct page *page, int32_t index, int32_t next)
{
    page->index = index;
    foresight_see_page(foresight, page);
    foresight_see_page(foresight, page); /* each page is seen in many frames */
    if (foresight_page(foresight, page) == next)
        return true;
    printf("  after %d: %d\n", (int)index, (int)foresight_page(foresight, page));
    return false;
}

static void paging_goes_on_the_same_way(void)
{
    static const struct {
        int32_t index, next;
    } plain[] = {{1, 2},  {2, 3}, {2, 3},   {1, 0},   {0, -1}, {3, 4},
                 {9, -1}, {8, 7}, {11, 12}, {13, 14}, {14, -1}};
    static const struct {
        int32_t index, next;
    } laid_out[] = {{2, 4}, {4, -1}, {2, 0}, {3, -1}, {9, 15}, {8, -1}, {10, -1}, {0, -1}};
    struct foresight foresight = {0};
    struct page page = page_of(10240, 9216, 256, 256);
    struct view view = view_at(1, 5100, 4720);
    page.count = 15;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        CU_ASSERT(follows(&foresight, &page, plain[i].index, plain[i].next));
    page.counting = 1;
    CU_ASSERT_EQUAL(foresight_page(&foresight, &page), 15); /* there may be more */
    /* A pan or a zoom is another hint. */
    foresight_see(&foresight, &view);
    CU_ASSERT(follows(&foresight, &page, 13, 12));
    view_center(&view, 5101, 4720);
    foresight_see(&foresight, &view);
    CU_ASSERT_EQUAL(foresight_page(&foresight, &page), -1);
    CU_ASSERT(foresight_list(&foresight, &page, 64).count > 0);
    CU_ASSERT(follows(&foresight, &page, 12, 11));
    CU_ASSERT_EQUAL(foresight_list(&foresight, &page, 64).count, 0);
    /* Two channels, three slices, three time points. */
    foresight = (struct foresight){0};
    page.count = 18;
    page.counting = 0;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        page.axis_extent[axis] = axis ? 3 : 2;
        page.axis_stride[axis] = axis == 0 ? 1 : axis == 1 ? 2 : 6;
    }
    for (size_t i = 0; i < sizeof laid_out / sizeof *laid_out; i++)
        CU_ASSERT(follows(&foresight, &page, laid_out[i].index, laid_out[i].next));
}

/* Those that the view wants, but for what stands in for them, as many as there is room for. */
static void tiles_of_the_page_that_follows(void)
{
    static const struct tile_key wanted[] = {
        {4, TILE_ROUGH + 3, 0, 0}, {4, 0, 19, 18}, {4, 0, 20, 18}, {4, 0, 19, 17}};
    struct foresight foresight = {0};
    struct page page = page_of(10240, 9216, 256, 256);
    struct view view = view_at(1, 5100, 4720);
    page.index = 4;
    foresight_see(&foresight, &view);
    struct tile_list list = foresight_tiles(&foresight, &page, 5, wanted, 4, 2);
    CU_ASSERT_EQUAL(list.count, 2);
    for (int i = 0; i < list.count; i++)
        CU_ASSERT(list.keys[i].page == 5 && list.keys[i].reduction == 0 &&
                  list.keys[i].column == wanted[i + 1].column &&
                  list.keys[i].row == wanted[i + 1].row);
    CU_ASSERT_EQUAL(foresight_tiles(&foresight, &page, 5, wanted, 4, 0).count, 0);
    page = page_of(1 << 20, 9216, 1 << 20, 256);
    page.tiled = 0;
    CU_ASSERT_EQUAL(foresight_tiles(&foresight, &page, 5, wanted, 4, 9).count, 0);
    page.direct = 1;
    CU_ASSERT_EQUAL(foresight_tiles(&foresight, &page, 5, wanted, 4, 9).count, 3);
    page.whole = 1;
    CU_ASSERT_EQUAL(foresight_tiles(&foresight, &page, 5, wanted, 4, 9).count, 0);
}

SUITE("stand_in", {"what takes long has a stand-in", what_takes_long_has_a_stand_in},
      {"who passes has less patience", who_passes_has_less_patience},
      {"a stand-in covers its span", a_stand_in_covers_its_span},
      {"paging goes on the same way", paging_goes_on_the_same_way},
      {"tiles of the page that follows", tiles_of_the_page_that_follows},
      {"a pan goes on the same way", a_pan_goes_on_the_same_way},
      {"a zoom goes on the same way", a_zoom_goes_on_the_same_way},
      {"pages on their side are foreseen", pages_on_their_side_are_foreseen},
      {"what costs much is not foreseen", what_costs_much_is_not_foreseen})
