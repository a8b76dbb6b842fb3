/* Copying, pasting and dropping, with another program (other.h) at the other end. Guards
 * app/sharing.c, app/receiving.c, app/commands_share.c, x11/offer.c, x11/paste.c and x11/drop.c. */
#include "suite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "harness.h"
#include "other.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { MUCH = 300 * 1024 };

static const char *film(const char *name)
{
    static char paths[3][PATH_MAX];
    static int made;
    char *path = paths[made++ % 3];
    struct tiff_recipe recipe = {.width = 600,
                                 .height = 500,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .value = tiff_value_plain};
    snprintf(path, PATH_MAX, "%s", scratch_path(name));
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    return path;
}

static bool begin(struct viewer *viewer, const char *path)
{
    if (!VIEW(viewer, "-geometry", "700x560", "--transport", "put", path))
        return false;
    other_begin();
    return true;
}

static void end(struct viewer *viewer)
{
    other_end();
    CU_ASSERT_EQUAL(viewer_end(viewer), 0);
}

static bool holds_atom(const struct other_data *data, const char *name)
{
    Atom wanted = XInternAtom(server(), name, False);
    for (size_t i = 0; i + sizeof wanted <= data->count; i += sizeof wanted)
        if (!memcmp(data->bytes + i, &wanted, sizeof wanted))
            return true;
    return false;
}

static void check_text(const char *selection, const char *target, const char *type,
                       const char *text)
{
    struct other_data data;
    CU_ASSERT(other_ask(selection, target, &data));
    CU_ASSERT_STRING_EQUAL(data.type, type);
    CU_ASSERT_PTR_NOT_NULL_FATAL(data.bytes);
    CU_ASSERT_STRING_EQUAL((char *)data.bytes, text);
    if (strcmp((char *)data.bytes, text))
        printf("  %s\n", data.bytes);
    other_free(&data);
}

static void check_targets(const char *selection, bool pictures)
{
    static const char *const always[] = {"TARGETS",     "MULTIPLE", "TIMESTAMP",
                                         "UTF8_STRING", "STRING",   "TEXT"};
    struct other_data data;
    CU_ASSERT(other_ask(selection, "TARGETS", &data));
    CU_ASSERT_STRING_EQUAL(data.type, "ATOM");
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        CU_ASSERT(holds_atom(&data, always[i]));
    CU_ASSERT_EQUAL(holds_atom(&data, "image/ppm"), pictures);
    CU_ASSERT_EQUAL(holds_atom(&data, "image/x-portable-pixmap"), pictures);
#ifdef HAVE_PNG
    CU_ASSERT_EQUAL(holds_atom(&data, "image/png"), pictures);
#endif
    other_free(&data);
}

/* What stands beside the shape, in Latin-1 as well; the area of 20 x 10 samples is in U+00B2. */
static void measurements_are_copied(struct viewer *viewer)
{
    char reply[400], text[200];
    struct other_data data;
    CU_ASSERT(viewer_command(viewer, "rectangle 10,20 20x10; copy", reply, sizeof reply));
    CU_ASSERT_EQUAL(other_owner("PRIMARY"), viewer->top);
    CU_ASSERT_EQUAL(other_owner("CLIPBOARD"), viewer->top);
    check_targets("PRIMARY", false);
    check_targets("CLIPBOARD", true);
    CU_ASSERT(other_ask("CLIPBOARD", "UTF8_STRING", &data));
    CU_ASSERT_STRING_EQUAL(data.type, "UTF8_STRING");
    CU_ASSERT(data.bytes && !strncmp((char *)data.bytes, "rectangle 1: ", 13));
    other_free(&data);
    CU_ASSERT(viewer_command(viewer, "distance 0,0 30,40; copy measurement", reply, sizeof reply));
    snprintf(text, sizeof text, "distance 2: 50 pixels");
    check_text("PRIMARY", "STRING", "STRING", text);
    check_text("CLIPBOARD", "UTF8_STRING", "UTF8_STRING", text);
    check_text("CLIPBOARD", "TEXT", "STRING", text);
    CU_ASSERT(other_ask("PRIMARY", "TIMESTAMP", &data));
    CU_ASSERT(!strcmp(data.type, "INTEGER") && *(long *)(void *)data.bytes > 0);
    other_free(&data);
    CU_ASSERT_FALSE(other_ask("PRIMARY", "image/ppm", &data));
    CU_ASSERT_FALSE(other_ask("CLIPBOARD", "application/pdf", &data));
}

/* All of them at once, and one that there is not. */
static void several_at_once(void)
{
    static const char *const targets[] = {"UTF8_STRING", "application/pdf", "image/ppm", "STRING",
                                          NULL};
    CU_ASSERT_EQUAL(other_ask_several("CLIPBOARD", targets), 1 + 4 + 8);
    CU_ASSERT_EQUAL(other_ask_several("PRIMARY", targets), 1 + 8);
}

/* Of the sample under a real pointer: fitted into 700 x 537 pixels a pixel is less than a sample.
 */
static void values_are_copied(struct viewer *viewer)
{
    char reply[400], text[100];
    long long x = -1, y = -1, value = -1;
    struct other_data data;
    CU_ASSERT(viewer_do(viewer, "zoom 2"));
    XWarpPointer(server(), None, viewer->image, 0, 0, 0, 0, 300, 200);
    XSync(server(), False);
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2))
        if (viewer_command(viewer, "copy value", reply, sizeof reply) && !*reply)
            break;
    CU_ASSERT(other_ask("PRIMARY", "STRING", &data));
    CU_ASSERT_EQUAL(sscanf((char *)data.bytes, "x %lld  y %lld  %lld", &x, &y, &value), 3);
    CU_ASSERT_EQUAL(value, tiff_value_plain(x, y, 0));
    snprintf(text, sizeof text, "x %lld  y %lld  %lld", x, y, value);
    CU_ASSERT_STRING_EQUAL((char *)data.bytes, text);
    other_free(&data);
}

/* Real keys; the file's name has a letter that Latin-1 has, and one that it lacks. */
static void names_and_keys(struct viewer *viewer, const char *path)
{
    char latin[PATH_MAX], reply[PATH_MAX];
    CU_ASSERT(viewer_command(viewer, "clear measurements", reply, sizeof reply));
    XWarpPointer(server(), None, DefaultRootWindow(server()), 0, 0, 0, 0, 1200, 1000);
    XSync(server(), False);
    other_own("CLIPBOARD", "STRING", "", false);
    viewer_key(viewer, "ctrl+c");
    for (int64_t limit = now_ms() + PATIENCE_MS;
         other_owner("CLIPBOARD") != viewer->top && now_ms() < limit;)
        pause_ms(2);
    check_text("CLIPBOARD", "UTF8_STRING", "UTF8_STRING", path);
    snprintf(latin, sizeof latin, "%.*sr\xf6?.tif", (int)(strrchr(path, '/') + 1 - path), path);
    check_text("CLIPBOARD", "STRING", "STRING", latin);
    check_text("CLIPBOARD", "TEXT", "UTF8_STRING", path);
}

static void text_is_copied(void)
{
    struct viewer viewer;
    const char *path = film("r\xc3\xb6\xe7\xaa\x97.tif");
    if (!begin(&viewer, path))
        return;
    measurements_are_copied(&viewer);
    several_at_once();
    values_are_copied(&viewer);
    names_and_keys(&viewer, path);
    end(&viewer);
}

/* The picture goes in pieces, and is what is seen, overlays too; one who goes away in the middle
 * leaves the next one served. */
static void the_picture_is_copied(void)
{
    struct viewer viewer;
    struct other_data data;
    struct pnm seen;
    char reply[400], head[32];
    if (!begin(&viewer, film("film.tif")))
        return;
    CU_ASSERT(viewer_command(&viewer, "overlay all on; zoom 2; copy", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "zoom=2", -1));
    other_ask_and_go("CLIPBOARD", "image/ppm");
    CU_ASSERT(other_ask("CLIPBOARD", "image/x-portable-pixmap", &data));
    CU_ASSERT(data.pieces > 2);
    CU_ASSERT_STRING_EQUAL(data.type, "image/x-portable-pixmap");
    if (viewer_grab(&viewer, &seen)) {
        size_t size = 3 * (size_t)seen.width * (size_t)seen.height;
        int length = snprintf(head, sizeof head, "P6\n%d %d\n255\n", seen.width, seen.height);
        CU_ASSERT_EQUAL_FATAL(data.count, size + (size_t)length);
        CU_ASSERT(!memcmp(data.bytes, head, (size_t)length));
        CU_ASSERT(!memcmp(data.bytes + length, seen.samples, size));
        pnm_free(&seen);
    }
    other_free(&data);
#ifdef HAVE_PNG
    CU_ASSERT(other_ask("CLIPBOARD", "image/png", &data));
    CU_ASSERT(data.count > 100 && !memcmp(data.bytes, "\x89PNG\r\n\x1a\n", 8));
    CU_ASSERT(!memcmp(data.bytes + data.count - 8, "IEND", 4));
    other_free(&data);
#endif
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_EQUAL(other_owner("CLIPBOARD"), None);
    other_end();
}

static bool served(const struct viewer *viewer, const char *state)
{
    char now[STATE_ROOM];
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2)) {
        other_serve();
        if (viewer_state(viewer, now) && strstr(now, state) && strstr(now, "idle=1"))
            return true;
    }
    return false;
}

/* After another file was opened, which ends what was said before. */
static void says_no(struct viewer *viewer, const char *file, const char *target, const char *text)
{
    char reply[400];
    CU_ASSERT(viewer_do(viewer, file));
    CU_ASSERT(viewer_wait_panel(viewer, false));
    other_own("CLIPBOARD", target, text, false);
    CU_ASSERT(viewer_command(viewer, "paste", reply, sizeof reply));
    for (int64_t limit = now_ms() + PATIENCE_MS; !viewer_panel(viewer) && now_ms() < limit;) {
        other_serve();
        pause_ms(2);
    }
    CU_ASSERT(viewer_panel(viewer));
}

static void what_is_pasted_opens(void)
{
    struct viewer viewer;
    char list[3 * PATH_MAX], reply[400];
    const char *first = film("first.tif"), *second = film("second one.tif"),
               *third = film("third.tif");
    if (!begin(&viewer, first))
        return;
    other_own("CLIPBOARD", "UTF8_STRING", second, false);
    viewer_key(&viewer, "ctrl+v");
    CU_ASSERT(served(&viewer, "file=second%20one.tif"));
    snprintf(list, sizeof list,
             "# two of them\r\nfile://localhost%s\r\nfile:%.*ssecond%%20one.tif\r\n", third,
             (int)(strrchr(second, '/') + 1 - second), second);
    other_own("CLIPBOARD", "text/uri-list", list, true);
    CU_ASSERT(viewer_command(&viewer, "paste", reply, sizeof reply));
    CU_ASSERT(served(&viewer, "file=third.tif"));
    CU_ASSERT(viewer_do(&viewer, "file first"));
    other_disown("CLIPBOARD");
    other_own("PRIMARY", "STRING", third, false);
    CU_ASSERT(viewer_command(&viewer, "paste", reply, sizeof reply));
    CU_ASSERT(served(&viewer, "file=third.tif"));
    says_no(&viewer, "file first", "UTF8_STRING", "dear colleague");
    char *much = calloc(1, MUCH + 1);
    memset(much, 'a', MUCH);
    says_no(&viewer, "file last", "text/uri-list", much);
    free(much);
    end(&viewer);
}

static void what_is_dropped_opens(void)
{
    static const char *const files[] = {"text/plain", "text/html", "text/x-moz-url",
                                        "text/uri-list", NULL};
    static const char *const text[] = {"text/plain", NULL};
    struct viewer viewer;
    char uri[PATH_MAX + 10];
    const char *first = film("first.tif"), *second = film("second one.tif");
    if (!begin(&viewer, first))
        return;
    snprintf(uri, sizeof uri, "file://%.*ssecond%%20one.tif\r\n",
             (int)(strrchr(second, '/') + 1 - second), second);
    struct other_drop drop = other_drop(viewer.top, text, uri);
    CU_ASSERT(drop.status == 0 && drop.finished == 0);
    drop = other_drop(viewer.top, files, uri);
    CU_ASSERT(drop.status == 1 && drop.finished == 1 && drop.copies);
    CU_ASSERT(served(&viewer, "file=second%20one.tif"));
    drop = other_drop(viewer.top, files,
                      "file://elsewhere.example/a.tif\r\nhttp://localhost/b.tif\r\n");
    CU_ASSERT(drop.status == 1 && drop.finished == 0);
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    end(&viewer);
}

SUITE("selections", {"text is copied", text_is_copied},
      {"the picture is copied", the_picture_is_copied},
      {"what is pasted opens", what_is_pasted_opens},
      {"what is dropped opens", what_is_dropped_opens})
