/* The memory panel: every row, no more drawn than changed, nothing outside. */
#include "suite.h"

#include <string.h>

#include "golden/golden.h"
#include "ui/hud.h"

static struct hud hud;
static struct recorder recorder;

static const char *const rows[HUD_ROWS] = {
    "10.9 MiB, 11.8 at most", "5.2 MiB",      "3.8 MiB in 2, others 0.3", "1.5 MiB",
    "62 of 66, 7.8 MiB",      "3.0 MiB, shm", "1.20 MB/s, 20 ms, 0.8 KB", "6.1 ms"};

static void set_rows(void)
{
    hud_init(&hud);
    for (int row = 0; row < HUD_ROWS; row++)
        CU_ASSERT(hud_set(&hud, (enum hud_row)row, rows[row]));
}

static void fit(int *width, int *height)
{
    recorder_init(&recorder, 1, 1);
    hud_size(&recorder.canvas, width, height);
    recorder_init(&recorder, *width, *height);
}

static void every_row_is_told(void)
{
    int width, height;
    set_rows();
    fit(&width, &height);
    hud_draw(&hud, &recorder.canvas, true);
    CU_ASSERT(recorder_tidy(&recorder));
    for (int row = 0; row < HUD_ROWS; row++) {
        const struct record *value = recorder_find(&recorder, rows[row]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(value);
        CU_ASSERT_EQUAL(value->rect.x, recorder_find(&recorder, rows[0])->rect.x);
        CU_ASSERT(row == 0 || value->rect.y > recorder_find(&recorder, rows[row - 1])->rect.y);
    }
    CU_ASSERT_EQUAL(recorder_find(&recorder, "footprint")->rect.y,
                    recorder_find(&recorder, rows[HUD_FOOTPRINT])->rect.y);
    CU_ASSERT_EQUAL(recorder_find(&recorder, "last frame")->rect.y,
                    recorder_find(&recorder, rows[HUD_TIME])->rect.y);
}

static void only_what_changed_is_drawn(void)
{
    int width, height;
    set_rows();
    fit(&width, &height);
    hud_draw(&hud, &recorder.canvas, true);
    recorder_init(&recorder, width, height);
    for (int row = 0; row < HUD_ROWS; row++)
        CU_ASSERT_FALSE(hud_set(&hud, (enum hud_row)row, rows[row]));
    hud_draw(&hud, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 0);
    CU_ASSERT(hud_set(&hud, HUD_TIME, "7 ms"));
    hud_draw(&hud, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 2); /* its ground, and the text */
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "7 ms"));
    hud_draw(&hud, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 2);
}

static void small_canvases_are_not_left(void)
{
    char text[2 * HUD_TEXT + 1];
    memset(text, 'n', sizeof text - 1);
    text[sizeof text - 1] = 0;
    set_rows();
    hud_set(&hud, HUD_VIEWER, text);
    CU_ASSERT_EQUAL(strlen(hud.text[HUD_VIEWER]), HUD_TEXT - 1);
    for (int width = 1; width < 300; width += 7)
        for (int height = 1; height < 130; height += 11) {
            recorder_init(&recorder, width, height);
            hud_draw(&hud, &recorder.canvas, true);
            for (int i = 0; i < recorder.count; i++) {
                struct rect r = recorder.records[i].rect;
                bool blank = !recorder.records[i].text[0] && rect_empty(r);
                CU_ASSERT(blank || (r.x >= 0 && r.y >= 0 && r.x + r.width <= width &&
                                    r.y + r.height <= height));
            }
        }
}

/* Shorter texts leave nothing of longer ones. */
static void it_looks_right(void)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    int width, height;
    fit(&width, &height);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    set_rows();
    hud_set(&hud, HUD_TIME, "1234567890.5 ms and more");
    hud_draw(&hud, &memory.canvas, true);
    hud_set(&hud, HUD_TIME, rows[HUD_TIME]);
    hud_draw(&hud, &memory.canvas, false);
    CU_ASSERT(golden_check("hud", &memory));
    canvas_memory_fini(&memory);
}

SUITE("hud", {"every row is told", every_row_is_told},
      {"only what changed is drawn", only_what_changed_is_drawn},
      {"small canvases are not left", small_canvases_are_not_left},
      {"it looks right", it_looks_right})
