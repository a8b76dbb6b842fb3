/* Canvases: Motif's colours worked out by hand, the bevel pixel by pixel, the built-in font. */
#include "suite.h"

#include <limits.h>
#include <string.h>

#include "base/ledger.h"
#include "golden/golden.h"
#include "ui/canvas.h"
#include "ui/canvas_memory.h"
#include "ui/text.h"

static bool same(struct rgb a, struct rgb b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static bool is_ink(const struct canvas_memory *memory, int x, int y, enum ink ink)
{
    return same(memory->pixels[y * memory->canvas.width + x], memory->scheme.ink[ink]);
}

/* In 16 bits #306080 is 12336 24672 32896: intensity 23301, luminosity 21875, brightness 22944; so
 * the bottom shadow is 60 - 7 = 53 % towards black and the top shadow 50 + 3 = 53 % towards white.
 * #c4c4c4 has brightness 50372: 45 % and 57 %. */
static void shadows_are_motifs(void)
{
    static const struct {
        struct rgb background, select, bottom, top;
    } cases[] = {
        {{0x30, 0x60, 0x80}, {40, 81, 109}, {22, 45, 60}, {158, 180, 196}},
        {{0xc4, 0xc4, 0xc4}, {167, 167, 167}, {108, 108, 108}, {230, 230, 230}},
        {{255, 255, 255}, {217, 217, 217}, {153, 153, 153}, {204, 204, 204}},
        {{0, 0, 0}, {38, 38, 38}, {76, 76, 76}, {127, 127, 127}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scheme scheme = scheme_from(cases[i].background, (struct rgb){1, 2, 3});
        CU_ASSERT(same(scheme.ink[INK_BACKGROUND], cases[i].background));
        CU_ASSERT(same(scheme.ink[INK_FOREGROUND], (struct rgb){1, 2, 3}));
        CU_ASSERT(same(scheme.ink[INK_SELECT], cases[i].select));
        CU_ASSERT(same(scheme.ink[INK_BOTTOM_SHADOW], cases[i].bottom));
        CU_ASSERT(same(scheme.ink[INK_TOP_SHADOW], cases[i].top));
    }
}

/* Light begins above 93 hundredths of 655 (gray 238), dark below 20 (gray 50). */
static void thresholds_are_motifs(void)
{
    static const struct {
        uint8_t gray;
        bool top_lighter, bottom_lighter;
    } cases[] = {{50, true, true}, {51, true, false}, {237, true, false}, {238, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t gray = cases[i].gray;
        struct scheme scheme = scheme_from((struct rgb){gray, gray, gray}, (struct rgb){0, 0, 0});
        CU_ASSERT_EQUAL(scheme.ink[INK_TOP_SHADOW].red > gray, cases[i].top_lighter);
        CU_ASSERT_EQUAL(scheme.ink[INK_BOTTOM_SHADOW].red > gray, cases[i].bottom_lighter);
    }
}

static int contrast(struct rgb a, struct rgb b)
{
    return abs(golden_gray(a) - golden_gray(b));
}

static void texts_can_be_read(void)
{
    for (int gray = 0; gray < 256; gray++) {
        struct rgb back = {(uint8_t)gray, (uint8_t)gray, (uint8_t)gray};
        uint8_t print = gray < 128 ? 255 : 0;
        struct scheme scheme = scheme_from(back, (struct rgb){print, print, print});
        int full = contrast(scheme.ink[INK_FOREGROUND], back);
        CU_ASSERT(contrast(scheme.ink[INK_PRINT], scheme.ink[INK_PAPER]) >= full);
        CU_ASSERT(contrast(scheme.ink[INK_DIM], back) >= full / 2);
        CU_ASSERT(contrast(scheme.ink[INK_ALERT], scheme.ink[INK_ALERT_PRINT]) > 150);
    }
}

static struct canvas_memory blank(int width, int height)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    canvas_fill(&memory.canvas, INK_BACKGROUND, (struct rect){0, 0, width, height});
    return memory;
}

static enum ink bevel_ink(int x, int y, int width, int height, int thickness, bool sunken)
{
    for (int ring = 0; ring < thickness; ring++) {
        bool inside = x >= ring && y >= ring && x < width - ring && y < height - ring;
        if (inside && (x == ring || y == ring))
            return sunken ? INK_BOTTOM_SHADOW : INK_TOP_SHADOW;
        if (inside && (x == width - 1 - ring || y == height - 1 - ring))
            return sunken ? INK_TOP_SHADOW : INK_BOTTOM_SHADOW;
    }
    return INK_BACKGROUND;
}

static int wrong_pixels(const struct canvas_memory *memory, int thickness, bool sunken)
{
    int wrong = 0;
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 20; x++)
            wrong += !is_ink(memory, x, y,
                             x < 3 || y < 2 || x > 14 || y > 10
                                 ? INK_BACKGROUND
                                 : bevel_ink(x - 3, y - 2, 12, 9, thickness, sunken));
    return wrong;
}

static void bevels_are_mitred(void)
{
    for (int thickness = 0; thickness < 4; thickness++)
        for (int sunken = 0; sunken < 2; sunken++) {
            struct canvas_memory memory = blank(20, 16);
            canvas_bevel(&memory.canvas, (struct rect){3, 2, 12, 9}, thickness, sunken);
            CU_ASSERT_EQUAL(wrong_pixels(&memory, thickness, sunken), 0);
            canvas_memory_fini(&memory);
        }
}

static void bevels_keep_to_small_rectangles(void)
{
    static struct recorder recorder;
    for (int width = -1; width < 7; width++)
        for (int height = -1; height < 7; height++) {
            recorder_init(&recorder, width, height);
            canvas_bevel(&recorder.canvas, (struct rect){0, 0, width, height}, 9, false);
            CU_ASSERT(recorder_tidy(&recorder));
        }
}

/* Counts pixels of an ink in a rectangle. */
static int count_ink(const struct canvas_memory *memory, struct rect rect, enum ink ink)
{
    int count = 0;
    for (int y = rect.y; y < rect.y + rect.height; y++)
        for (int x = rect.x; x < rect.x + rect.width; x++)
            count += is_ink(memory, x, y, ink);
    return count;
}

static void texts_stand_on_their_baseline(void)
{
    struct canvas_memory memory = blank(60, 30);
    struct canvas *canvas = &memory.canvas;
    CU_ASSERT_EQUAL(canvas_line_height(canvas), 15);
    canvas_text(canvas, INK_ALERT, INK_PAPER, 10, 20, "EL|");
    /* The letters' box: ascent above the baseline, descent below, 6 pixels for each letter. */
    struct rect box = {10, 9, 18, 13};
    CU_ASSERT_EQUAL(count_ink(&memory, box, INK_ALERT) + count_ink(&memory, box, INK_PAPER), 234);
    CU_ASSERT_EQUAL(count_ink(&memory, (struct rect){0, 0, 60, 30}, INK_BACKGROUND), 1800 - 234);
    CU_ASSERT_EQUAL(count_ink(&memory, (struct rect){10, 11, 1, 9}, INK_ALERT), 9); /* E's stem */
    CU_ASSERT_EQUAL(count_ink(&memory, (struct rect){16, 19, 5, 1}, INK_ALERT), 5); /* L's foot */
    CU_ASSERT_EQUAL(count_ink(&memory, (struct rect){10, 20, 18, 2}, INK_ALERT), 0);
    canvas_memory_fini(&memory);
}

static void unknown_characters_are_boxes(void)
{
    struct canvas_memory memory = blank(40, 20), other = blank(40, 20);
    CU_ASSERT_EQUAL(canvas_text_width(&memory.canvas, "a\xc3\xa4\xe2\x82\xac\xe4z"), 30);
    CU_ASSERT_EQUAL(canvas_text_width(&memory.canvas, ""), 0);
    canvas_text(&memory.canvas, INK_PRINT, INK_PAPER, 0, 15, "\xe7\xaa\x97\xe4\x7f\xf0");
    canvas_text(&other.canvas, INK_PRINT, INK_PAPER, 0, 15, "\x01\x01\x01\x01");
    CU_ASSERT(!memcmp(memory.pixels, other.pixels, sizeof(struct rgb) * 40 * 20));
    CU_ASSERT_EQUAL(count_ink(&memory, (struct rect){0, 0, 6, 20}, INK_PRINT), 24);
    canvas_memory_fini(&memory);
    canvas_memory_fini(&other);
}

/* What lies outside is cut; what lies inside is as on a large canvas. */
static void drawing_is_cut_at_the_edges(void)
{
    struct canvas_memory small = blank(20, 12), large = blank(100, 100);
    for (int i = 0; i < 2; i++) {
        struct canvas *canvas = i ? &large.canvas : &small.canvas;
        int by = i ? 40 : 0;
        canvas_fill(canvas, INK_SELECT, (struct rect){by - 5, by - 5, 9, 8});
        canvas_fill(canvas, INK_SELECT, (struct rect){by + 15, by + 8, 30, 30});
        canvas_fill(canvas, INK_SELECT, (struct rect){by + 3, by + 3, -1, 5});
        canvas_text(canvas, INK_PRINT, INK_PAPER, by - 8, by + 10, "Wide text");
    }
    int wrong = 0;
    for (int y = 0; y < 12; y++)
        for (int x = 0; x < 20; x++)
            wrong += !same(small.pixels[y * 20 + x], large.pixels[(y + 40) * 100 + x + 40]);
    CU_ASSERT_EQUAL(wrong, 0);
    canvas_memory_fini(&small);
    canvas_memory_fini(&large);
}

static void impossible_canvases_are_refused(void)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    struct ledger_line before = ledger_line(LEDGER_UI);
    CU_ASSERT_FALSE(canvas_memory_init(&memory, 0, 5, &scheme, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "a canvas cannot be 0 x 5 pixels");
    canvas_memory_fini(&memory);
    CU_ASSERT_FALSE(canvas_memory_init(&memory, INT_MAX, INT_MAX, &scheme, &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
    ledger_fail_after(1);
    CU_ASSERT_FALSE(canvas_memory_init(&memory, 5, 5, &scheme, &fault));
    canvas_memory_fini(&memory);
    CU_ASSERT(canvas_memory_init(&memory, 500, 500, &scheme, &fault));
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, before.current + 750000);
    canvas_memory_fini(&memory);
    canvas_memory_fini(&memory);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, before.current);
}

static void the_font_and_the_bevels_look_right(void)
{
    struct canvas_memory memory = blank(208, 84);
    char row[33] = {0};
    for (int first = ' '; first < 0x80; first += 32) {
        for (int i = 0; i < 32; i++)
            row[i] = (char)(first + i);
        canvas_text(&memory.canvas, INK_FOREGROUND, INK_BACKGROUND, 8, 16 + (first / 32 - 1) * 14,
                    row);
    }
    for (int i = 0; i < 6; i++)
        canvas_bevel(&memory.canvas, (struct rect){8 + 33 * i, 56, 28, 20}, i / 2 + 1, i % 2);
    CU_ASSERT(golden_check("canvas", &memory));
    canvas_memory_fini(&memory);
}

static void characters_are_counted_as_utf_8(void)
{
    CU_ASSERT_EQUAL(text_characters(""), 0);
    CU_ASSERT_EQUAL(text_characters("a\xc3\xa4\xe2\x82\xac\xf0\x9f\xa9\xbb"), 4);
    CU_ASSERT_EQUAL(text_characters("\xe4\xf6"), 2);     /* Latin-1 */
    CU_ASSERT_EQUAL(text_characters("\xe2\x82"), 2);     /* cut off */
    CU_ASSERT_EQUAL(text_characters("\x82\xc0\x80"), 3); /* no lead bytes */
    char copy[4];
    text_copy(copy, sizeof copy, "ab\xe2\x82\xac");
    CU_ASSERT_STRING_EQUAL(copy, "ab");
    text_copy(copy, sizeof copy, "abcd");
    CU_ASSERT_STRING_EQUAL(copy, "abc");
}

SUITE("canvas", {"shadows are Motif's", shadows_are_motifs},
      {"thresholds are Motif's", thresholds_are_motifs}, {"texts can be read", texts_can_be_read},
      {"bevels are mitred", bevels_are_mitred},
      {"bevels keep to small rectangles", bevels_keep_to_small_rectangles},
      {"texts stand on their baseline", texts_stand_on_their_baseline},
      {"unknown characters are boxes", unknown_characters_are_boxes},
      {"drawing is cut at the edges", drawing_is_cut_at_the_edges},
      {"impossible canvases are refused", impossible_canvases_are_refused},
      {"the font and the bevels look right", the_font_and_the_bevels_look_right},
      {"characters are counted as UTF-8", characters_are_counted_as_utf_8})
