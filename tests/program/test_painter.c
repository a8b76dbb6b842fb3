/* app/painter.c with a real arena, and no process to fill it: which cells are painted when, and
 * which tiles are wanted. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "app/painter.h"
#include "base/ledger.h"
#include "render/frame.h"
#include "tiles/arena.h"
#include "tone/curve.h"

enum { SIDE = 512, PAGE = 4000 };

static struct {
    struct arena *arena;
    struct frame *frame;
    struct curve *curve;
    struct view view;
    struct painter painter;
    struct painting painting;
    struct pixels pixels;
    uint8_t levels[SIDE * SIDE];
    int rects;
    long area;
} rig;

static void count_rect(void *context, struct rect rect)
{
    (void)context;
    rig.rects++;
    rig.area += (long)rect.width * rect.height;
}

/* A view of SIDE x SIDE pixels at a zoom onto the middle of a page of PAGE x PAGE samples. */
static void rig_begin(double zoom, size_t budget)
{
    struct fault fault;
    struct window window = window_from_range(0, 65535, VOI_LINEAR);
    memset(&rig, 0, sizeof rig);
    rig.arena = arena_new(256, &fault);
    rig.frame = frame_new(&fault);
    rig.curve = ledger_alloc(LEDGER_TONE, sizeof *rig.curve, &fault);
    CU_ASSERT_FATAL(rig.arena && rig.frame && rig.curve);
    arena_recut(rig.arena, 2);
    arena_set_budget(rig.arena, budget);
    curve_compile(rig.curve, &window, (struct modality){1, 0}, SAMPLE_U16, false);
    view_init(&rig.view, SIDE, SIDE, PAGE, PAGE);
    view_zoom_about(&rig.view, zoom, SIDE / 2.0, SIDE / 2.0);
    CU_ASSERT_FATAL(frame_plan(rig.frame, &rig.view, 0, SAMPLE_U16, 1, &fault));
    rig.pixels = (struct pixels){rig.levels, SIDE, SIDE, SIDE, pixel_format_gray8};
    rig.painting = (struct painting){.frame = rig.frame,
                                     .arena = rig.arena,
                                     .curve = rig.curve,
                                     .pixels = &rig.pixels,
                                     .drawn = count_rect};
    CU_ASSERT_FATAL(painter_begin(&rig.painter, (struct rect){0, 0, SIDE, SIDE}, &fault));
}

static void rig_end(void)
{
    painter_fini(&rig.painter);
    ledger_free(LEDGER_TONE, rig.curve, sizeof *rig.curve);
    frame_free(rig.frame);
    arena_free(rig.arena);
}

static const struct tile_key *kept;
static int kept_count;

static bool keep(void *context, struct tile_key key)
{
    (void)context;
    for (int i = 0; i < kept_count; i++)
        if (tile_key_equal(kept[i], key))
            return true;
    return false;
}

/* Loads one wanted tile with its own flat value, as a decoder would; false when all are there. */
static bool load_one(void)
{
    kept = painter_wants(&rig.painter, &rig.painting, &kept_count);
    for (int i = 0; i < kept_count; i++) {
        if (arena_find(rig.arena, kept[i], NULL))
            continue;
        int32_t slot = arena_begin(rig.arena, kept[i], keep, NULL);
        CU_ASSERT_FATAL(slot >= 0);
        uint16_t *codes = arena_slot(rig.arena, slot);
        for (int sample = 0; sample < TILE_SIDE * TILE_SIDE; sample++)
            codes[sample] = (uint16_t)(257 * (8 * kept[i].column + kept[i].row));
        arena_end(rig.arena, slot, true);
        return true;
    }
    return false;
}

static void everything_there_is_painted_at_once(void)
{
    rig_begin(1, 64 << 20);
    while (load_one())
        continue;
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT(painter_done(&rig.painter));
    CU_ASSERT_EQUAL(rig.rects, (SIDE / PAINTER_CELL + PAINTER_BAND - 1) / PAINTER_BAND);
    CU_ASSERT_EQUAL(rig.area, SIDE * SIDE);
    rig_end();
}

static void cells_wait_for_their_tiles(void)
{
    rig_begin(1, 64 << 20);
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT_EQUAL(rig.area, 0);
    while (rig.area == 0 && load_one())
        painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT(rig.area > 0 && rig.area < SIDE * SIDE);
    CU_ASSERT_FALSE(painter_done(&rig.painter));
    long area = rig.area;
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT_EQUAL(rig.area, area);
    rig_end();
}

static void provisional_cells_are_painted_once_and_then_finally(void)
{
    rig_begin(1, 64 << 20);
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT_EQUAL(rig.area, SIDE * SIDE);
    CU_ASSERT_EQUAL(rig.levels[0], FRAME_ABSENT_LEVEL);
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT_EQUAL(rig.area, SIDE * SIDE);
    while (load_one())
        continue;
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT_EQUAL(rig.area, 2 * SIDE * SIDE);
    CU_ASSERT(painter_done(&rig.painter));
    rig_end();
}

/* Eight slots for a view of thirty tiles: each cell is painted all the same, with the right values.
 */
static void a_tiny_budget_paints_every_cell(void)
{
    static uint8_t wanted[SIDE * SIDE];
    rig_begin(0.6, 64 << 20);
    while (load_one())
        continue;
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT(painter_done(&rig.painter));
    memcpy(wanted, rig.levels, sizeof wanted);
    rig_end();
    rig_begin(0.6, 1);
    CU_ASSERT_EQUAL(arena_capacity(rig.arena), 8);
    for (int loads = 0; loads < 1000 && !painter_done(&rig.painter); loads++) {
        load_one();
        painter_step(&rig.painter, &rig.painting, false);
    }
    CU_ASSERT(painter_done(&rig.painter));
    CU_ASSERT(!memcmp(wanted, rig.levels, sizeof wanted));
    rig_end();
}

/* A page of which the view's tiles take long: 32 times as large as what they show. */
static const struct page slow_page = {.width = PAGE * 32,
                                      .height = PAGE * 32,
                                      .type = SAMPLE_U16,
                                      .channels = 1,
                                      .tiled = 1,
                                      .block_width = 256,
                                      .block_height = 256};

static void make_slow(void)
{
    struct fault fault;
    rig.painting.page = &slow_page;
    view_init(&rig.view, SIDE, SIDE, slow_page.width, slow_page.height);
    view_zoom_about(&rig.view, 1 / 40.0, SIDE / 2.0, SIDE / 2.0);
    CU_ASSERT_FATAL(frame_plan(rig.frame, &rig.view, 0, SAMPLE_U16, 1, &fault));
}

static void load(struct tile_key key)
{
    int32_t slot = arena_begin(rig.arena, key, NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    memset(arena_slot(rig.arena, slot), 0x80, arena_slot_bytes(rig.arena));
    arena_end(rig.arena, slot, true);
}

/* First what stands in, until all of the area shows something; then the tiles nearest to the
 * middle. */
static void the_middle_comes_first_and_a_stand_in_before(void)
{
    int count, distance = 0;
    enum { MIDDLE = PAGE / 2 / 128 }; /* in half tiles: that of the tile in the middle */
    rig_begin(1, 64 << 20);
    make_slow();
    const struct tile_key *keys = painter_wants(&rig.painter, &rig.painting, &count);
    CU_ASSERT_FATAL(count > 9 && tile_is_rough(keys[0].reduction));
    int rough = 0;
    for (; rough < count && tile_is_rough(keys[rough].reduction); rough++)
        load(keys[rough]);
    struct tile_key middle = keys[rough];
    for (int i = rough; i < count; i++) {
        int across = 2 * keys[i].column + 1 - MIDDLE, down = 2 * keys[i].row + 1 - MIDDLE;
        CU_ASSERT_EQUAL(keys[i].reduction, 5);
        CU_ASSERT(across * across + down * down >= distance);
        distance = across * across + down * down;
    }
    CU_ASSERT(distance > 2);
    keys = painter_wants(&rig.painter, &rig.painting, &count);
    CU_ASSERT(tile_key_equal(keys[0], middle));
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT(rig.levels[0] > FRAME_ABSENT_LEVEL);
    CU_ASSERT_FALSE(painter_done(&rig.painter));
    rig_end();
}

/* Coarse to fine: a cell is painted again for each better stand-in, and for no worse one. */
static void better_stand_ins_are_painted(void)
{
    static const struct {
        struct tile_key key;
        bool better;
    } comings[] = {{{0, 11, 0, 0}, true},
                   {{0, 12, 0, 0}, false},
                   {{0, TILE_ROUGH + 9, 0, 0}, true},
                   {{0, TILE_ROUGH + 10, 0, 0}, false},
                   {{0, 10, 0, 0}, false}};
    rig_begin(1, 64 << 20);
    make_slow();
    painter_step(&rig.painter, &rig.painting, true);
    long area = rig.area;
    for (size_t i = 0; i < sizeof comings / sizeof *comings; i++) {
        load(comings[i].key);
        painter_step(&rig.painter, &rig.painting, true);
        CU_ASSERT_EQUAL(rig.area - area, comings[i].better ? SIDE * SIDE : 0);
        area = rig.area;
        CU_ASSERT_FALSE(painter_done(&rig.painter));
        CU_ASSERT_EQUAL(painter_share(&rig.painter), 0);
    }
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT_EQUAL(rig.area, area);
    rig_end();
}

/* A tile that is being made: its rows are painted when there are more of them, where nothing stands
 * in for it, and are not final. */
static void what_grows_is_painted_anew(void)
{
    struct tile_key key;
    rig_begin(1, 64 << 20);
    painter_step(&rig.painter, &rig.painting, true);
    struct tile_span span = frame_needs(rig.frame, rig.painter.area);
    key = (struct tile_key){span.page, span.reduction, span.column, span.row};
    int32_t slot = arena_begin(rig.arena, key, NULL, NULL);
    memset(arena_slot(rig.arena, slot), 0xff, TILE_SAMPLES * 2);
    arena_grow(rig.arena, slot, TILE_SIDE - 10);
    struct area rows = {(int64_t)key.column * TILE_SIDE, (int64_t)key.row * TILE_SIDE, TILE_SIDE,
                        TILE_SIDE - 10};
    long area = rig.area;
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT_EQUAL(rig.area, area);
    painter_renew(&rig.painter, frame_shows(rig.frame, 0, key.reduction, rows));
    painter_step(&rig.painter, &rig.painting, false);
    CU_ASSERT_EQUAL(rig.area, area);
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT(rig.area > area && rig.area - area < SIDE * SIDE / 2);
    CU_ASSERT_EQUAL(rig.levels[0], 255);
    CU_ASSERT_EQUAL(rig.levels[SIDE * SIDE - 1], FRAME_ABSENT_LEVEL);
    CU_ASSERT_EQUAL(painter_share(&rig.painter), 0);
    CU_ASSERT_FALSE(painter_covers(&rig.painter));
    load((struct tile_key){0, 8, 0, 0});
    painter_step(&rig.painter, &rig.painting, true);
    area = rig.area;
    painter_renew(&rig.painter, rig.painter.area);
    painter_step(&rig.painter, &rig.painting, true);
    CU_ASSERT_EQUAL(rig.area, area);
    arena_abandon(rig.arena, slot);
    rig_end();
}

/* What was painted from a stand-in is not empty, wherever that has gone. */
static void a_stand_in_is_asked_for_once(void)
{
    int count;
    rig_begin(1, 8 * TILE_SAMPLES * 2);
    make_slow();
    const struct tile_key *keys = painter_wants(&rig.painter, &rig.painting, &count);
    CU_ASSERT_FATAL(count == 8 && tile_is_rough(keys[0].reduction));
    for (int i = 0; tile_is_rough(keys[i].reduction); i++)
        load(keys[i]);
    painter_step(&rig.painter, &rig.painting, true);
    arena_drop_all(rig.arena);
    keys = painter_wants(&rig.painter, &rig.painting, &count);
    CU_ASSERT(count > 0 && !tile_is_rough(keys[0].reduction));
    rig_end();
}

static void refused_memory_is_said(void)
{
    struct painter painter = {0};
    struct fault fault = {0};
    ledger_fail_after(1);
    CU_ASSERT_FALSE(painter_begin(&painter, (struct rect){0, 0, 100, 100}, &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
    painter_fini(&painter);
}

SUITE("painter", {"everything there is painted at once", everything_there_is_painted_at_once},
      {"cells wait for their tiles", cells_wait_for_their_tiles},
      {"provisional, then final", provisional_cells_are_painted_once_and_then_finally},
      {"a tiny budget paints every cell", a_tiny_budget_paints_every_cell},
      {"the middle comes first and a stand-in before",
       the_middle_comes_first_and_a_stand_in_before},
      {"what grows is painted anew", what_grows_is_painted_anew},
      {"better stand-ins are painted", better_stand_ins_are_painted},
      {"a stand-in is asked for once", a_stand_in_is_asked_for_once},
      {"refused memory is said", refused_memory_is_said})
