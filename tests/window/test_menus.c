/* Every entry of every menu, chosen once by mouse alone and once by keys alone, with its effect;
 * and the dialogs likewise; without a window manager and under several. Guards app/desk.c,
 * app/desk_state.c, ui/menu.c, app/choosing.c and x11/dialog.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialogs.h"
#include "effects.h"
#include "entries.h"
#include "other.h"

static int recent_files(const struct viewer *viewer)
{
    char reply[4096];
    int count = 0;
    CU_ASSERT(viewer_command(viewer, "recent", reply, sizeof reply));
    for (const char *at = reply; (at = strchr(at, '\n')); at++)
        count++;
    return count;
}

/* Files shown last stand in File before their own entry. */
static void choose(const struct viewer *viewer, int which, const char *script, bool keys)
{
    const struct menu *menu = entries_of(which, which ? 0 : recent_files(viewer));
    for (int i = 0; i < menu->count; i++)
        if (!strcmp(menu->items[i].script, script)) {
            entries_choose(viewer, i, keys);
            return;
        }
}

static void try_entry(struct viewer *viewer, int which, const char *script, bool keys)
{
    const struct effect *effect = effect_of(script);
    CU_ASSERT_PTR_NOT_NULL(effect);
    if (!effect) {
        printf("  %s: nobody has said what it is for (effects.c)\n", script);
        return;
    }
    effect_prepare(viewer, effect);
    choose(viewer, which, script, keys);
    bool good = effect_comes(viewer, effect, keys);
    CU_ASSERT(good);
    if (!good)
        printf("  %s: nothing came of it by %s\n", script, keys ? "keys" : "mouse");
}

static bool managers_matter(const char *script)
{
    return !strcmp(script, "open") || !strcmp(script, "help") || !strcmp(script, "fullscreen") ||
           !strcmp(script, "chrome") || !strcmp(script, "rotate right");
}

/* Those of the program's own table; what ends it comes last. Only under a manager that is asked for
 * more seldom the entries are those that managers have to do with. */
static void try_menus(struct viewer *viewer, bool keys, bool all)
{
    char scripts[MENU_ITEMS][KEYMAP_SCRIPT];
    for (int which = MENU_MENUS - 1; which >= 0; which--) {
        const struct menu *menu = entries_of(which, 0);
        int count = menu ? menu->count : 0;
        for (int i = 0; i < count; i++)
            snprintf(scripts[i], sizeof scripts[i], "%s", menu->items[i].script);
        for (int i = 0; i < count; i++)
            if (strcmp(scripts[i], "quit") && (all || managers_matter(scripts[i])))
                try_entry(viewer, which, scripts[i], keys);
    }
}

static bool start(struct viewer *viewer)
{
    char files[2][600], folder[600];
    snprintf(files[0], sizeof files[0], "%s", effect_file(EFFECT_STACK));
    snprintf(files[1], sizeof files[1], "%s", effect_file(EFFECT_OTHER));
    snprintf(folder, sizeof folder, "%.*s/config", (int)(strrchr(files[0], '/') - files[0]),
             files[0]);
    setenv("XDG_CONFIG_HOME", folder, 1);
    server_resources("");
    bool good = VIEW(viewer, "-geometry", "1024x768+60+40", files[0], files[1]) &&
                manager_focus(viewer->top);
    CU_ASSERT(good);
    return good;
}

static void work(bool keys, bool all)
{
    struct viewer viewer;
    entries_begin();
    if (start(&viewer)) {
        other_begin();
        entries_wait_image(&viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS);
        entries_point(&viewer, 400, 400);
        dialogs_work(&viewer, keys);
        try_menus(&viewer, keys, all);
        effect_command(&viewer, "recent clear");
        choose(&viewer, 0, "quit", keys);
        CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
        other_end();
    }
    entries_end();
    unsetenv("XDG_CONFIG_HOME");
}

static void work_under(const char *manager, bool keys, bool all)
{
    pid_t pid = manager_start(manager);
    if (pid) {
        work(keys, all);
        manager_stop(pid);
    }
}

static void by_mouse(void)
{
    work(false, true);
    server_resources("Xlightbox*chrome: status\n");
}

static void by_keys(void)
{
    work(true, true);
    server_resources("Xlightbox*chrome: status\n");
}

static void openbox_by_mouse(void)
{
    work_under("openbox", false, true);
}

static void openbox_by_keys(void)
{
    work_under("openbox", true, true);
}

static void mwm_by_mouse(void)
{
    work_under("mwm", false, getenv("DESK"));
}

static void mwm_by_keys(void)
{
    work_under("mwm", true, getenv("DESK"));
}

static void twm_by_mouse(void)
{
    work_under("twm", false, getenv("DESK"));
}

static void twm_by_keys(void)
{
    work_under("twm", true, getenv("DESK"));
}

static const struct suite_test none[] = {
    {"by mouse alone", by_mouse}, {"by keys alone", by_keys}, {NULL, NULL}};
static const struct suite_test openbox[] = {
    {"by mouse alone", openbox_by_mouse}, {"by keys alone", openbox_by_keys}, {NULL, NULL}};
static const struct suite_test mwm[] = {
    {"by mouse alone", mwm_by_mouse}, {"by keys alone", mwm_by_keys}, {NULL, NULL}};
static const struct suite_test twm[] = {
    {"by mouse alone", twm_by_mouse}, {"by keys alone", twm_by_keys}, {NULL, NULL}};

/* Suites of their own, which run side by side. */
__attribute__((constructor)) static void register_suites(void)
{
    suite_register("menus", none);
    suite_register("menus openbox", openbox);
    suite_register("menus mwm", mwm);
    suite_register("menus twm", twm);
}
