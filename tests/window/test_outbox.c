/* What is due, what the server can make by itself, and how fast the line is: the bookkeeping behind
 * transports that copy, without a picture. Guards x11/outbox.c, x11/base.c and x11/link.c. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "x11/atoms.h"
#include "x11/base.h"
#include "x11/link.h"
#include "x11/outbox.h"

/* ---- the outbox ---- */

enum { WIDTH = 333, HEIGHT = 150, PIXELS = WIDTH * HEIGHT };

static void make(struct outbox *outbox)
{
    struct fault fault;
    memset(outbox, 0, sizeof *outbox);
    CU_ASSERT_FATAL(outbox_resize(outbox, WIDTH, HEIGHT, &fault));
}

static int take_all(struct outbox *outbox, enum outbox_state least, struct rect *bounds)
{
    struct rect rect;
    int pixels = 0;
    *bounds = (struct rect){0};
    while (outbox_take(outbox, least, OUTBOX_SENT, 4096, 0, 0, &rect)) {
        pixels += rect.width * rect.height;
        *bounds = rect_union(*bounds, rect);
    }
    return pixels;
}

static int row_distance(struct rect rect, int y)
{
    return abs(rect.y / OUTBOX_HEIGHT - y / OUTBOX_HEIGHT);
}

/* Everything, once, in pieces of a size, the rows about the focus first. */
static void all_is_taken_from_the_focus_outwards(void)
{
    static uint8_t seen[PIXELS];
    struct outbox outbox;
    struct rect rect;
    int before = 0, twice = 0, pixels = 0;
    make(&outbox);
    memset(seen, 0, sizeof seen);
    for (bool first = true;
         outbox_take(&outbox, OUTBOX_DUE, OUTBOX_SENT, 3 * 64 * 16, 200, 90, &rect);
         first = false) {
        if (first)
            CU_ASSERT(rect.x <= 200 && rect.x + rect.width > 200);
        CU_ASSERT(row_distance(rect, 90) >= before);
        before = row_distance(rect, 90);
        CU_ASSERT(rect.width <= 3 * 64 && rect.height <= 16);
        pixels += rect.width * rect.height;
        for (int y = rect.y; y < rect.y + rect.height; y++)
            for (int x = rect.x; x < rect.x + rect.width; x++)
                twice += seen[y * WIDTH + x]++;
    }
    CU_ASSERT(pixels == PIXELS && twice == 0);
    CU_ASSERT_FALSE(outbox_has(&outbox, OUTBOX_LIKE));
    outbox_fini(&outbox);
}

/* A piece has a cell at least, however little is asked for. */
static void damage_is_a_matter_of_cells(void)
{
    struct outbox outbox;
    struct rect bounds;
    make(&outbox);
    take_all(&outbox, OUTBOX_DUE, &bounds);
    outbox_damage(&outbox, (struct rect){65, 17, 1, 1});
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_DUE, &bounds), 64 * 16);
    CU_ASSERT(bounds.x == 64 && bounds.y == 16);
    outbox_damage(&outbox, (struct rect){63, 15, 2, 2});
    outbox_damage(&outbox, (struct rect){0, 0, 1, 1});
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_DUE, &bounds), 4 * 64 * 16);
    outbox_damage(&outbox, (struct rect){-50, -50, 10, 10});
    outbox_damage(&outbox, (struct rect){WIDTH, 0, 10, 10});
    CU_ASSERT_FALSE(outbox_has(&outbox, OUTBOX_LIKE));
    outbox_damage(&outbox, (struct rect){WIDTH - 1, HEIGHT - 1, 90, 90});
    CU_ASSERT(outbox_take(&outbox, OUTBOX_DUE, OUTBOX_SENT, 1, 0, 0, &bounds));
    CU_ASSERT(bounds.width == WIDTH % 64 && bounds.height == HEIGHT % 16);
    outbox_fini(&outbox);
}

/* Likenesses count as sent while the hand moves, and give way to what changes. */
static void likenesses_are_replaced(void)
{
    struct outbox outbox;
    struct rect rect;
    make(&outbox);
    while (outbox_take(&outbox, OUTBOX_DUE, OUTBOX_LIKE, 4096, 0, 0, &rect))
        ;
    CU_ASSERT(!outbox_has(&outbox, OUTBOX_DUE) && outbox_has(&outbox, OUTBOX_LIKE));
    outbox_damage(&outbox, (struct rect){0, 0, 1, 1});
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_DUE, &rect), 64 * 16);
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_LIKE, &rect), PIXELS - 64 * 16);
    outbox_damage(&outbox, (struct rect){0, 0, WIDTH, HEIGHT});
    outbox_settle(&outbox, (struct rect){0, 0, WIDTH, 16});
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_DUE, &rect), PIXELS - WIDTH * 16);
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_LIKE, &rect), WIDTH * 16);
    outbox_scroll(&outbox, 10, 10);
    outbox_settle(&outbox, (struct rect){0, 0, WIDTH, HEIGHT});
    CU_ASSERT_FALSE(outbox_has(&outbox, OUTBOX_DUE));
    CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_LIKE, &rect), PIXELS);
    outbox_fini(&outbox);
}

/* Pixels of row y that no strip holds, cell by cell; all of them were in view before. */
static int beside_strips(const struct outbox *outbox, int dx, int y)
{
    int beside = 0;
    for (int x = 0, from, to; x < WIDTH; x += OUTBOX_WIDTH) {
        from = x;
        to = x + OUTBOX_WIDTH < WIDTH ? x + OUTBOX_WIDTH : WIDTH;
        outbox_beside_strips(outbox, y, &from, &to);
        CU_ASSERT(from >= to || (from >= dx && to - dx <= WIDTH));
        beside += from < to ? to - from : 0;
    }
    return beside;
}

/* What came into view is due to the pixel, and no more. */
static void a_scroll_makes_strips_due(void)
{
    static const int moves[][2] = {{100, 0}, {-100, 0}, {0, 7}, {0, -33}, {13, 21}, {-64, 16}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        int dx = moves[i][0], dy = moves[i][1];
        struct outbox outbox;
        struct rect bounds;
        make(&outbox);
        take_all(&outbox, OUTBOX_DUE, &bounds);
        outbox_scroll(&outbox, dx, dy);
        for (int y = 0; y < HEIGHT; y++) {
            bool stayed = y >= dy && y - dy < HEIGHT;
            CU_ASSERT_EQUAL(beside_strips(&outbox, dx, y), stayed ? WIDTH - abs(dx) : 0);
        }
        CU_ASSERT_EQUAL(take_all(&outbox, OUTBOX_DUE, &bounds),
                        PIXELS - (WIDTH - abs(dx)) * (HEIGHT - abs(dy)));
        CU_ASSERT_FALSE(outbox_has(&outbox, OUTBOX_LIKE));
        outbox_fini(&outbox);
    }
}

/* By pixels, what the server shows of each: as it is, a likeness, or out of date. */
static uint8_t model[PIXELS];

static void model_fill(struct rect rect, uint8_t state, bool all)
{
    rect = rect_intersect(rect, (struct rect){0, 0, WIDTH, HEIGHT});
    for (int y = rect.y; y < rect.y + rect.height; y++)
        for (int x = rect.x; x < rect.x + rect.width; x++)
            if (all || model[y * WIDTH + x] < state)
                model[y * WIDTH + x] = state;
}

static void model_scroll(int dx, int dy)
{
    static uint8_t old[PIXELS];
    memcpy(old, model, sizeof old);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool in = x - dx >= 0 && x - dx < WIDTH && y - dy >= 0 && y - dy < HEIGHT;
            model[y * WIDTH + x] = in ? old[(y - dy) * WIDTH + x - dx] : OUTBOX_DUE;
        }
}

/* The cells that a rectangle touches. */
static struct rect in_cells(struct rect rect)
{
    int x = rect.x / OUTBOX_WIDTH * OUTBOX_WIDTH, y = rect.y / OUTBOX_HEIGHT * OUTBOX_HEIGHT;
    int columns = (rect.x + rect.width - 1) / OUTBOX_WIDTH - x / OUTBOX_WIDTH + 1;
    int rows = (rect.y + rect.height - 1) / OUTBOX_HEIGHT - y / OUTBOX_HEIGHT + 1;
    return (struct rect){x, y, columns * OUTBOX_WIDTH, rows * OUTBOX_HEIGHT};
}

static struct rect random_rect(void)
{
    return (struct rect){rand() % WIDTH, rand() % HEIGHT, 1 + rand() % 150, 1 + rand() % 60};
}

static void random_step(struct outbox *outbox)
{
    struct rect rect = random_rect();
    int dx = rand() % 200 - 100, dy = rand() % 100 - 50;
    switch (rand() % 8) {
    case 0:
        outbox_damage(outbox, rect);
        model_fill(rect, OUTBOX_DUE, false);
        break;
    case 1:
        outbox_scroll(outbox, dx, dy);
        model_scroll(dx, dy);
        break;
    case 2:
        outbox_settle(outbox, rect);
        model_fill(in_cells(rect), OUTBOX_LIKE, true);
        break;
    default: {
        enum outbox_state least = rand() % 3 ? OUTBOX_DUE : OUTBOX_LIKE;
        enum outbox_state now = least == OUTBOX_DUE && rand() % 2 ? OUTBOX_LIKE : OUTBOX_SENT;
        if (outbox_take(outbox, least, now, 1 + rand() % 9000, rand() % WIDTH, rand() % HEIGHT,
                        &rect))
            model_fill(rect, (uint8_t)now, true);
        break;
    }
    }
}

static int left_over(uint8_t least)
{
    int count = 0;
    for (int i = 0; i < PIXELS; i++)
        count += model[i] >= least;
    return count;
}

/* However it goes: when nothing is said to be due, nothing is. */
static void nothing_is_forgotten(void)
{
    struct outbox outbox;
    srand(5);
    make(&outbox);
    memset(model, OUTBOX_DUE, sizeof model);
    for (int round = 0; round < 300; round++) {
        struct rect rect;
        for (int step = rand() % 40; step > 0; step--)
            random_step(&outbox);
        while (outbox_take(&outbox, OUTBOX_DUE, OUTBOX_SENT, 5000, 9, 9, &rect))
            model_fill(rect, OUTBOX_SENT, true);
        CU_ASSERT_EQUAL(left_over(OUTBOX_DUE), 0);
        while (outbox_take(&outbox, OUTBOX_LIKE, OUTBOX_SENT, 5000, 9, 9, &rect))
            model_fill(rect, OUTBOX_SENT, true);
        CU_ASSERT_EQUAL(left_over(OUTBOX_LIKE), 0);
    }
    outbox_fini(&outbox);
}

/* ---- the base ---- */

static double clamped(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static double level(struct tone_range range, double value)
{
    double y = clamped((value - range.low) / (range.high - range.low));
    return range.flip ? 1 - y : y;
}

/* What the server makes of a base's level is what the window would have made of the value. */
static void levels_of_the_base_make_the_window(void)
{
    for (int i = 0; i < 4; i++) {
        struct tone_range base = {100, 900, i & 1}, range = {300, 720, i & 2};
        double low, high;
        bool turned = base_levels(base, range, &low, &high);
        CU_ASSERT(base_suits(base, range));
        CU_ASSERT(low >= 0 && high <= 1 && low < high);
        for (double value = 0; value < 1000; value += 3.7) {
            double made = clamped((level(base, value) - low) / (high - low));
            CU_ASSERT(fabs((turned ? 1 - made : made) - level(range, value)) < 1e-9);
        }
    }
}

static void a_base_suits_windows_within_it(void)
{
    static const struct {
        double low, high;
        bool suits;
    } rows[] = {{0, 1000, true},    {-1, 1000, true},    {-3, 1000, false}, {0, 1003, false},
                {100, 610, true},   {100, 590, false},   {100, 500, false}, {500, 1000, true},
                {-200, 300, false}, {1000, 1400, false}, {400, 400, false}};
    struct tone_range base = {0, 1000, false};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CU_ASSERT_EQUAL(base_suits(base, (struct tone_range){rows[i].low, rows[i].high, i & 1}),
                        rows[i].suits);
    CU_ASSERT_FALSE(base_suits((struct tone_range){0}, (struct tone_range){0, 1, false}));
}

/* A base for a window serves what a hand makes of it at first, and wastes no levels on values that
 * are not there. */
static void a_wider_base_leaves_room(void)
{
    struct tone_range range = {400, 600, true}, none = {0}, all = {0, 65535, false};
    struct tone_range wide = base_wider(range, none);
    CU_ASSERT(base_suits(wide, range) && wide.flip);
    CU_ASSERT(base_suits(wide, (struct tone_range){330, 510, false}));
    CU_ASSERT(base_suits(wide, (struct tone_range){365, 635, true}));
    CU_ASSERT(base_same(wide, base_wider(range, all)));
    /* Values end, windows do not. */
    struct tone_range tight = base_wider(range, (struct tone_range){380, 610, false});
    CU_ASSERT(tight.low == 340 && tight.high == 650);
    tight = base_wider(range, (struct tone_range){450, 500, false});
    CU_ASSERT(tight.low == 360 && tight.high == 640);
    CU_ASSERT(base_suits(tight, (struct tone_range){365, 635, true}));
    CU_ASSERT(base_suits(tight, range));
}

static void bands_come_from_the_focus_outwards(void)
{
    struct base base = {0};
    struct fault fault;
    struct tone_range range = {1, 2, false};
    CU_ASSERT_FATAL(base_resize(&base, 100, &fault)); /* 7 bands */
    CU_ASSERT_EQUAL(base_missing(&base, 50), -1);
    base.wanted = true;
    base.range = range;
    int before = 0;
    for (int i = 0; i < 7; i++) {
        int band = base_missing(&base, 50);
        CU_ASSERT(band >= 0 && band < 7 && abs(band - 50 / BASE_BAND) >= before);
        before = abs(band - 50 / BASE_BAND);
        base_set(&base, band, range);
    }
    CU_ASSERT_EQUAL(base_missing(&base, 50), -1);
    base_clear(&base);
    CU_ASSERT_FALSE(base.wanted || base_suits(base_range(&base, 3), range));
    base_fini(&base);
}

/* ---- the line ---- */

static struct link line_to(struct connection **connection)
{
    struct link link;
    struct fault fault;
    server();
    *connection = connection_open(NULL, NULL, NULL, NULL, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(*connection);
    atoms_wait(*connection);
    link_init(&link, *connection, (*connection)->root);
    return link;
}

static bool near(double value, double wanted)
{
    return fabs(value - wanted) < wanted / 100;
}

/* 1 MB a second and 40 ms, as the times of answers tell. */
static void rate_and_delay_are_measured(void)
{
    struct connection *connection;
    struct link link = line_to(&connection);
    CU_ASSERT_EQUAL(link_time_us(&link, 1000), 0);
    link_note(&link, 100);
    link_mark(&link, 1000000);
    link_answer(&link, 1040000);
    CU_ASSERT_EQUAL(link.delay_us, 40000);
    link_note(&link, 100000);
    link_mark(&link, 2000000);
    link_note(&link, 60000);
    link_mark(&link, 2001000); /* while the first is on its way */
    link_answer(&link, 2140000);
    CU_ASSERT(near(link.rate, 1e6));
    link_answer(&link, 2200000);
    CU_ASSERT(near(link.rate, 1e6));
    CU_ASSERT(near((double)link_time_us(&link, 500000), 500000));
    link_answer(&link, 2300000); /* none is unanswered: passed over */
    CU_ASSERT(near(link.rate, 1e6));
    link_fence(&link, 3000000);
    link_note(&link, 100);
    link_fence(&link, 3000000);
    link_fence_answer(&link, 3010000);
    CU_ASSERT_EQUAL(link.delay_us, 10000);
    connection_close(connection);
}

/* So much may be on its way as the line holds, and some more that keeps it busy. */
static void the_line_is_kept_busy_and_no_more(void)
{
    struct connection *connection;
    struct link link = line_to(&connection);
    CU_ASSERT(link_has_room(&link));
    link.rate = 1e6;
    link.delay_us = 50000;
    link_note(&link, (24 << 10) + 92000);
    CU_ASSERT(link_has_room(&link));
    link_note(&link, 1000); /* a piece, and 62.5 + 30 ms' worth */
    CU_ASSERT_FALSE(link_has_room(&link));
    link_mark(&link, 1000);
    link_answer(&link, 200000);
    CU_ASSERT(link_has_room(&link));
    link.rate = 10; /* however slow, a piece of a picture at a time */
    link_note(&link, 20000);
    CU_ASSERT(link_has_room(&link));
    link_note(&link, 6000);
    CU_ASSERT_FALSE(link_has_room(&link));
    link.delay_us = 0; /* nothing is known of the line */
    link_note(&link, 100000);
    CU_ASSERT(link_has_room(&link));
    link_note(&link, 6000);
    CU_ASSERT_FALSE(link_has_room(&link));
    connection_close(connection);
}

static void marks_are_as_many_as_there_is_room_for(void)
{
    struct connection *connection;
    struct link link = line_to(&connection);
    for (int i = 0; i < LINK_MARKS; i++) {
        CU_ASSERT(link_has_room(&link));
        link_note(&link, 10);
        link_mark(&link, 1000 + i);
    }
    CU_ASSERT_FALSE(link_has_room(&link));
    uint64_t sent = link.sent;
    link_mark(&link, 5000);
    CU_ASSERT(link.sent == sent && link.count == LINK_MARKS);
    for (int i = 0; i < LINK_MARKS; i++)
        link_answer(&link, 9000 + i);
    CU_ASSERT(link.count == 0 && link.answered == sent);
    connection_close(connection);
}

SUITE("sending parts",
      {"all is taken from the focus outwards", all_is_taken_from_the_focus_outwards},
      {"damage is a matter of cells", damage_is_a_matter_of_cells},
      {"likenesses are replaced", likenesses_are_replaced},
      {"a scroll makes strips due", a_scroll_makes_strips_due},
      {"nothing is forgotten", nothing_is_forgotten},
      {"levels of the base make the window", levels_of_the_base_make_the_window},
      {"a base suits windows within it", a_base_suits_windows_within_it},
      {"a wider base leaves room", a_wider_base_leaves_room},
      {"bands come from the focus outwards", bands_come_from_the_focus_outwards},
      {"rate and delay are measured", rate_and_delay_are_measured},
      {"the line is kept busy and no more", the_line_is_kept_busy_and_no_more},
      {"marks are as many as there is room for", marks_are_as_many_as_there_is_room_for})
