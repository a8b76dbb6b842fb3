/* The dialogs by hand, see dialogs.h. */
#include "dialogs.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "effects.h"
#include "entries.h"
#include "ui/canvas_memory.h"
#include "ui/filebox.h"
#include "ui/tonepanel.h"

static bool begin_canvas(struct canvas_memory *memory, int width, int height)
{
    struct fault fault;
    struct scheme scheme = scheme_from(scheme_usual[0].background, scheme_usual[0].foreground);
    bool good = canvas_memory_init(memory, width, height, &scheme, &fault);
    CU_ASSERT(good);
    return good;
}

/* ---- the file selection box ---- */

static struct rect box_spot(enum filebox_spot which)
{
    struct canvas_memory memory;
    struct rect r = {0, 0, 0, 0};
    int width, height;
    if (!begin_canvas(&memory, 1, 1))
        return r;
    filebox_size(&memory.canvas, &width, &height);
    canvas_memory_fini(&memory);
    if (!begin_canvas(&memory, width, height))
        return r;
    r = filebox_spot(&memory.canvas, which);
    canvas_memory_fini(&memory);
    return r;
}

static void click(Window window, struct rect r, int x, int y, const char *times)
{
    char at[2][12];
    entries_place(window, r.x + x, r.y + y, at);
    XDOTOOL("mousemove", at[0], at[1], "click", "--repeat", times, "--delay", "30", "1");
}

/* And its names are there. */
static Window open_box(const struct viewer *viewer, bool keys)
{
    if (keys) {
        XDOTOOL("key", "alt+f", "o");
    } else {
        entries_of(0, 0);
        entries_choose(viewer, 0, false);
    }
    Window box = effect_dialog(viewer);
    CU_ASSERT_NOT_EQUAL(box, None);
    effect_command(viewer, "wait idle");
    return box;
}

static void box_by_keys(const struct viewer *viewer)
{
    open_box(viewer, true);
    XDOTOOL("key", "Escape");
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, "file=a.tif ", -1));
    open_box(viewer, true);
    XDOTOOL("key", "Tab", "ctrl+u"); /* from the files to the selection */
    XDOTOOL("type", "b.tif");
    XDOTOOL("key", "Return");
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, "file=b.tif ", -1));
    open_box(viewer, true);
    XDOTOOL("key", "Tab", "Tab", "Tab", "Tab", "space"); /* Cancel */
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, "file=b.tif ", -1));
    open_box(viewer, true);
    XDOTOOL("key", "Tab", "ctrl+u");
    XDOTOOL("type", "a.tif");
    XDOTOOL("key", "Tab", "space"); /* OK */
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, "file=a.tif ", -1));
}

static void pick(const struct viewer *viewer, int row, const char *state)
{
    Window box = open_box(viewer, false);
    click(box, box_spot(FILEBOX_FILES), 20, 2 + 17 * row + 8, "1");
    click(box, box_spot(FILEBOX_OK), 20, 10, "1");
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, state, -1));
}

static void box_by_mouse(const struct viewer *viewer)
{
    Window box = open_box(viewer, false);
    click(box, box_spot(FILEBOX_CANCEL), 20, 10, "1");
    CU_ASSERT(effect_no_dialog(viewer));
    CU_ASSERT(viewer_wait(viewer, "file=a.tif ", -1));
    pick(viewer, 1, "file=b.tif ");
    pick(viewer, 0, "file=a.tif ");
}

/* ---- the tone panel ---- */

static void point_at_tone(const struct viewer *viewer, enum tone_spot which, int option)
{
    struct canvas_memory side;
    if (!begin_canvas(&side, SIDE, HEIGHT - TOP - STATUS))
        return;
    struct rect r = which == TONE_SPOTS ? tonepanel_option(&side.canvas, option)
                                        : tonepanel_spot(&side.canvas, which);
    canvas_memory_fini(&side);
    CU_ASSERT(r.width > 0);
    entries_point(viewer, r.x + WIDTH - SIDE + 6, r.y + TOP + 8);
}

static void press_tone(const struct viewer *viewer, enum tone_spot which)
{
    point_at_tone(viewer, which, 0);
    XDOTOOL("click", "1");
}

/* From the image to that spot of the panel. */
static void go_to_tone(enum tone_spot which)
{
    const char *words[40] = {"key", "F6"};
    int count = 2;
    if (which > TONE_SPOTS / 2)
        for (int i = TONE_SPOTS; i > (int)which; i--)
            words[count++] = "shift+Tab";
    else
        for (int i = 0; i < (int)which; i++)
            words[count++] = "Tab";
    xdotool(words);
}

static void map_by_keys(const struct viewer *viewer)
{
    go_to_tone(TONE_MAP);
    XDOTOOL("key", "space", "Down", "Down", "Escape"); /* the menu goes away, and ... */
    XDOTOOL("key", "space", "Down", "Down", "Return");
    CU_ASSERT(effect_answers(viewer, "state", "colormap=hot-iron\n"));
    XDOTOOL("key", "Escape");
}

static void map_by_mouse(const struct viewer *viewer)
{
    press_tone(viewer, TONE_MAP);
    entries_point(viewer, 400, 400);
    XDOTOOL("click", "1"); /* beside it: only that */
    press_tone(viewer, TONE_MAP);
    point_at_tone(viewer, TONE_SPOTS, 2);
    XDOTOOL("click", "1");
    CU_ASSERT(effect_answers(viewer, "state", "colormap=hot-iron\n"));
}

static void fields_by_keys(const struct viewer *viewer)
{
    go_to_tone(TONE_WIDTH);
    XDOTOOL("key", "7", "7", "Tab", "Escape"); /* left without Return: nothing */
    go_to_tone(TONE_WIDTH);
    XDOTOOL("key", "3", "3", "3", "Return", "Tab", "Tab", "2", "2", "2", "Return", "Escape");
    CU_ASSERT(effect_answers(viewer, "state", "window=333\nlevel=222\n"));
    go_to_tone(TONE_NAME);
    XDOTOOL("key", "m", "i", "n", "e", "Return", "Escape");
}

static void fields_by_mouse(const struct viewer *viewer)
{
    press_tone(viewer, TONE_WIDTH);
    XDOTOOL("key", "7", "7");
    press_tone(viewer, TONE_WIDTH); /* begins anew */
    XDOTOOL("key", "3", "3", "3", "Return");
    press_tone(viewer, TONE_CENTER);
    XDOTOOL("key", "2", "2", "2", "Return");
    CU_ASSERT(effect_answers(viewer, "state", "window=333\nlevel=222\n"));
    press_tone(viewer, TONE_NAME);
    XDOTOOL("key", "m", "i", "n", "e");
    press_tone(viewer, TONE_SAVE);
}

static void presets_come_and_go(const struct viewer *viewer, bool keys)
{
    CU_ASSERT(effect_answers(viewer, "preset list", "mine"));
    effect_command(viewer, "window 1000 500");
    if (keys) {
        go_to_tone(TONE_PRESETS);
        XDOTOOL("key", "Down", "Up", "Return", "Escape");
    } else {
        press_tone(viewer, TONE_PRESETS);
    }
    CU_ASSERT(effect_answers(viewer, "state", "window=333\nlevel=222\n"));
    if (keys) {
        go_to_tone(TONE_DELETE);
        XDOTOOL("key", "space", "Escape");
    } else {
        press_tone(viewer, TONE_DELETE);
    }
    CU_ASSERT(effect_answers(viewer, "preset list", "!mine"));
}

void dialogs_work(struct viewer *viewer, bool keys)
{
    effect_command(viewer, "recent clear");
    if (keys) {
        box_by_keys(viewer);
        map_by_keys(viewer);
        fields_by_keys(viewer);
    } else {
        box_by_mouse(viewer);
        map_by_mouse(viewer);
        fields_by_mouse(viewer);
    }
    presets_come_and_go(viewer, keys);
    effect_command(viewer, "reset; colormap gray; file first");
}
