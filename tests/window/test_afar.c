/* Each transport through a line to the server: what crosses it for a step of a drag, for the exact
 * picture after it and for a pan, and that the picture is right, meanwhile and in the end. Guards
 * x11/sending.c, x11/transport_render.c, x11/transport_planes.c, x11/transport_colormap.c,
 * x11/transport_put.c, app/preview.c and app/framing.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "afar.h"

enum { ATTEMPTS = 12, PANS = 5, PAUSES = 6 };

static const struct far_row {
    const char *name, *visual, *screen;
    bool steps;           /* the server makes them */
    uint64_t step, exact; /* bytes at most */
    int base, pan;        /* bytes a pixel, of what the server is given for steps, and of a strip */
    bool dithered;        /* right on the mean */
} rows[] = {
    {"put", NULL, NULL, false, 3150000, 3150000, 0, 4, false},
    {"planes", NULL, NULL, false, 800000, 800000, 0, 1, false},
    {"render", NULL, NULL, true, 1024, 800000, 1, 1, false},
    {"colormap", "--visual=directcolor", NULL, true, 4096, 800000, 1, 1, false},
    {"colormap", "--private-colormap", "1280x1024x8", true, 4096, 800000, 1, 1, true},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool begin(const struct far_row *row, struct viewer *viewer, struct wire **line)
{
    const char *const words[] = {"-screen", "0", row->screen, NULL};
    if (!strcmp(row->name, "render") && !has_render())
        return false;
    if (row->screen && !server_other(words))
        return false;
    *line = strcmp(row->name, "shm") ? wire_begin() : wire_begin_local();
    wire_mark(*line);
    return AFAR(viewer, "--chrome=on", "--transport", row->name, "--zoom", "1",
                row->visual ? row->visual : "--strict");
}

static void end(const struct far_row *row, struct viewer *viewer)
{
    CU_ASSERT_EQUAL(viewer_end(viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer->said, "");
    wire_end();
    if (row->screen)
        server_usual();
}

/* A viewer that is started for what the state says. */
static bool begin_again(const struct far_row *row, const struct viewer *first, const char *state,
                        struct viewer *viewer)
{
    char window[32], level[32], zoom[32], center[64], geometry[32];
    XWindowAttributes top;
    XGetWindowAttributes(server(), first->top, &top);
    snprintf(geometry, sizeof geometry, "%dx%d", top.width, top.height);
    const char *at = strstr(state, "center=") + 7;
    snprintf(window, sizeof window, "--window=%.10g", state_number(state, "window"));
    snprintf(level, sizeof level, "--level=%.10g", state_number(state, "level"));
    snprintf(zoom, sizeof zoom, "--zoom=%.17g", state_number(state, "zoom"));
    snprintf(center, sizeof center, "--center=%.*s", (int)strcspn(at, " "), at);
    return AFAR(viewer, "-geometry", geometry, "--chrome=on", "--transport", "put", zoom, window,
                level, center, row->visual);
}

/* Where --render cannot say what is right, a picture that was never moved can. */
static bool shows_what_is_drawn_afresh(const struct far_row *row, const struct viewer *viewer)
{
    struct pnm here, there;
    struct viewer other;
    char state[STATE_ROOM];
    bool same = false;
    if (!viewer_state(viewer, state) || !viewer_grab(viewer, &here))
        return false;
    if (begin_again(row, viewer, state, &other) && viewer_grab(&other, &there)) {
        same = afar_worst(&here, &there) == 0;
        pnm_free(&there);
        CU_ASSERT_EQUAL(viewer_end(&other), 0);
    }
    pnm_free(&here);
    return same;
}

/* What lies right of the image: the tone panel. */
static bool grab_panel(const struct viewer *viewer, struct pnm *panel)
{
    struct viewer whole = *viewer;
    int width, height, x, y;
    Window child;
    whole.image = viewer->top;
    if (!viewer_image_size(viewer, &width, &height) || !viewer_grab(&whole, panel))
        return false;
    XTranslateCoordinates(server(), viewer->image, viewer->top, width, 0, &x, &y, &child);
    for (int row = 0; row < height; row++)
        memmove(panel->samples + (size_t)row * (size_t)(3 * (panel->width - x)),
                panel->samples + 3 * ((size_t)(y + row) * (size_t)panel->width + (size_t)x),
                3 * (size_t)(panel->width - x));
    panel->width -= x;
    panel->height = height;
    return true;
}

/* On its way the hand leaves the panel behind. */
static void check_panel(const struct far_row *row, const struct viewer *viewer)
{
    struct viewer other;
    struct pnm here, there;
    char state[STATE_ROOM];
    if (!viewer_state(viewer, state) || !grab_panel(viewer, &here)) {
        CU_FAIL("no panel");
        return;
    }
    CU_ASSERT(here.width > 100);
    if (begin_again(row, viewer, state, &other) && grab_panel(&other, &there)) {
        CU_ASSERT_EQUAL(afar_worst(&here, &there), 0);
        pnm_free(&there);
        CU_ASSERT_EQUAL(viewer_end(&other), 0);
    }
    pnm_free(&here);
}

static void check_picture(const struct far_row *row, const struct viewer *viewer)
{
    bool right = row->dithered
                     ? afar_off_on_the_mean(viewer) <= 1 && shows_what_is_drawn_afresh(row, viewer)
                     : afar_shows_what_render_writes(viewer);
    CU_ASSERT(right);
    if (!right)
        printf("  %s: wrong\n", row->name);
}

static void told(const char *name, const char *what, uint64_t bytes)
{
    printf("  %s, %s: %llu bytes\n", name, what, (unsigned long long)bytes);
}

static long steps_so_far(const struct viewer *viewer)
{
    char reply[1024];
    CU_ASSERT(viewer_command(viewer, "transport report", reply, sizeof reply));
    const char *at = strstr(reply, "steps ");
    return at ? strtol(at + 6, NULL, 10) : -1;
}

/* After a pause the server still has what it makes steps of: the next one is a step again. */
static void check_pauses(const struct far_row *row, const struct viewer *viewer)
{
    if (!row->steps)
        return;
    long before = steps_so_far(viewer);
    for (int i = 0; i < PAUSES; i++) {
        int64_t frame = viewer_frame(viewer);
        afar_move(viewer, 330 + 2 * i, 310 + i);
        CU_ASSERT(viewer_wait(viewer, "", frame));
    }
    long steps = steps_so_far(viewer) - before;
    printf("  %s, steps after %d pauses: %ld\n", row->name, PAUSES, steps);
    CU_ASSERT(steps >= PAUSES - 2); /* on a busy machine a hand may seem to rest */
}

static void check_steps(const struct far_row *row)
{
    struct viewer viewer;
    struct wire *line;
    uint64_t least = UINT64_MAX, exact = UINT64_MAX;
    uint64_t most = row->exact + (row->steps ? row->step * 2 : 0) + 4096;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    afar_press(&viewer, 1, 300, 300);
    /* On a busy machine a hand may seem to rest on its way. */
    for (int i = 1; i <= ATTEMPTS && (least > row->step || exact > most); i++) {
        struct wire_counts counts;
        int64_t frame = viewer_frame(&viewer);
        wire_mark(line);
        afar_move(&viewer, 300 + 2 * i, 300 + i);
        CU_ASSERT(afar_wait_frame(&viewer, frame));
        wire_count(line, &counts);
        least = counts.up < least ? counts.up : least;
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        wire_count(line, &counts);
        exact = counts.up < exact ? counts.up : exact;
    }
    told(row->name, "step", least);
    told(row->name, "with the exact picture", exact);
    CU_ASSERT(least <= row->step);
    CU_ASSERT(exact <= most);
    check_pauses(row, &viewer);
    check_picture(row, &viewer);
    check_panel(row, &viewer);
    afar_release(&viewer, 1);
    end(row, &viewer);
}

static void a_step_costs_little(void)
{
    for (int i = 0; i < ROWS; i++)
        check_steps(&rows[i]);
}

/* Pixels that come into view, in rows of bitmaps of 32 pixels. */
static int strips(int width, int height, int dx, int dy)
{
    int across = (abs(dx) + 31) / 32 * 32, down = abs(dy);
    return across * height + (width - abs(dx) + 31) / 32 * 32 * down;
}

static void check_pan(const struct far_row *row, int dx, int dy)
{
    struct viewer viewer;
    struct wire *line;
    int width, height;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    viewer_image_size(&viewer, &width, &height);
    uint64_t most = (uint64_t)(row->pan * strips(width, height, dx, dy)) + 2048;
    uint64_t least = UINT64_MAX;
    afar_press(&viewer, 2, 400, 300);
    /* There and back: on a busy machine tiles may be late, and the strip be sent twice. */
    for (int i = 0; i < PANS && least > most; i++) {
        struct wire_counts counts;
        int64_t frame = viewer_frame(&viewer);
        wire_mark(line);
        afar_move(&viewer, 400 + (i % 2 ? 0 : dx), 300 + (i % 2 ? 0 : dy));
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        wire_count(line, &counts);
        least = counts.up < least ? counts.up : least;
    }
    told(row->name, "pan", least);
    CU_ASSERT(least <= most);
    check_picture(row, &viewer);
    afar_release(&viewer, 2);
    end(row, &viewer);
}

static void a_pan_costs_the_strip(void)
{
    for (int i = 0; i < ROWS; i++) {
        check_pan(&rows[i], 100, 0);
        /* Elsewhere each pixel of a dithered picture is another one. */
        if (!rows[i].dithered)
            check_pan(&rows[i], -30, 41);
        else
            check_pan(&rows[i], -32, 48);
    }
}

/* One gray frame and a megabyte beside the window, whatever is done; and no more later than at
 * first. */
static void check_server_memory(const struct far_row *row)
{
    struct viewer viewer;
    struct wire *line;
    struct wire_counts counts, later;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    afar_drag(&viewer, 1, 300, 300, 340, 320);
    CU_ASSERT(viewer_do(&viewer, "zoom 0.8; rotate 90"));
    wire_count(line, &counts);
    afar_drag(&viewer, 2, 300, 300, 280, 390);
    afar_drag(&viewer, 1, 300, 300, 280, 310);
    for (int i = 0; i < 4; i++) {
        XResizeWindow(server(), viewer.top, 1000 + (unsigned)(i % 2) * 24, 760);
        XSync(server(), False);
        CU_ASSERT(viewer_do(&viewer, i % 2 ? "window 700 320" : "window 800 330"));
    }
    XResizeWindow(server(), viewer.top, 1024, 768);
    XSync(server(), False);
    CU_ASSERT(viewer_do(&viewer, "zoom 1"));
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    wire_count(line, &later);
    told(row->name, "pixmaps at most", later.most_pixmap_bytes);
    uint64_t frame = afar_frame_bytes(&viewer) / 4 * (uint64_t)(row->base ? row->base : 1);
    CU_ASSERT(later.most_pixmap_bytes <= frame + (1 << 20));
    /* A line that turns out slow has likenesses made in one row more. */
    CU_ASSERT(later.pixmap_bytes <= counts.most_pixmap_bytes + 4096);
    end(row, &viewer);
}

static void the_server_keeps_a_gray_frame(void)
{
    for (int i = 0; i < ROWS; i++)
        check_server_memory(&rows[i]);
}

/* ---- a slow line ---- */

/* So slow that an exact picture takes seconds: a busy machine's hand is in time to cut it short. */
enum { EXACT_SECONDS = 3, SLOW_TRIP_MS = 50, IN_FLIGHT = 300000 };

/* Without steps, so that each picture must cross. What it takes exactly, and as a likeness at most:
 * half the bits, or a quarter of the rows or of both. */
static const struct slow_row {
    const char *name;
    uint64_t exact, like;
} slow_rows[] = {{"put", 3060000, 900000}, {"planes", 790000, 400000}, {"render", 790000, 230000}};

static bool begin_slow(const struct slow_row *row, struct viewer *viewer, struct wire **line)
{
    if (!strcmp(row->name, "render") && !has_render())
        return false;
    *line = wire_begin();
    wire_line(*line, SLOW_TRIP_MS, (int64_t)row->exact / EXACT_SECONDS, 1250000);
    return AFAR(viewer, "--transport", row->name, "--zoom=1", "--voi=sigmoid");
}

static void wait_for_bytes(struct wire *line, uint64_t bytes)
{
    struct wire_counts counts;
    int64_t limit = now_ms() + PATIENCE_MS;
    do
        wire_count(line, &counts);
    while (counts.up < bytes && now_ms() < limit);
    CU_ASSERT(counts.up >= bytes);
}

/* A likeness first, then the exact picture; who moves on does not wait for the rest of it. */
static void check_cut_short(const struct slow_row *row)
{
    struct viewer viewer;
    struct wire *line;
    struct wire_counts counts;
    char state[STATE_ROOM];
    if (!begin_slow(row, &viewer, &line))
        return;
    int64_t frame = viewer_frame(&viewer);
    afar_press(&viewer, 1, 300, 300);
    wire_mark(line);
    afar_move(&viewer, 360, 330);
    CU_ASSERT(afar_wait_frame(&viewer, frame));
    viewer_state(&viewer, state);
    CU_ASSERT_PTR_NOT_NULL(strstr(state, " idle=0 "));
    wire_count(line, &counts);
    CU_ASSERT(counts.up <= row->like + IN_FLIGHT);
    wait_for_bytes(line, counts.up + row->exact / 5);
    frame = viewer_frame(&viewer);
    wire_mark(line);
    afar_move(&viewer, 420, 280);
    CU_ASSERT(afar_wait_frame(&viewer, frame));
    wire_count(line, &counts);
    told(row->name, "until the next likeness", counts.up);
    CU_ASSERT(counts.up <= row->like + IN_FLIGHT);
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    afar_release(&viewer, 1);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    wire_end();
}

static void the_exact_picture_is_cut_short(void)
{
    for (size_t i = 0; i < sizeof slow_rows / sizeof *slow_rows; i++)
        check_cut_short(&slow_rows[i]);
}

/* However much the hand has done: after its last move at most what is on its way then, the picture
 * being sent, the next one and the exact one cross the line. */
static void check_not_behind(const struct slow_row *row)
{
    struct viewer viewer;
    struct wire *line;
    struct wire_counts counts;
    if (!begin_slow(row, &viewer, &line))
        return;
    int64_t frame = viewer_frame(&viewer);
    afar_press(&viewer, 1, 300, 300);
    for (int i = 0; i < 40; i++)
        afar_move(&viewer, 300 + 3 * i, 300 + i % 7);
    wire_mark(line);
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    wire_count(line, &counts);
    told(row->name, "after the last of 40 moves", counts.up);
    CU_ASSERT(counts.up <= 2 * row->like + row->exact + IN_FLIGHT);
    CU_ASSERT_EQUAL(counts.replies, 0);
    afar_release(&viewer, 1);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    wire_end();
}

static void the_picture_stays_with_the_hand(void)
{
    for (size_t i = 0; i < sizeof slow_rows / sizeof *slow_rows; i++)
        check_not_behind(&slow_rows[i]);
}

/* A picture that is on its way when a command comes is not what its answer waits for, nor final. */
static void an_answer_comes_with_its_own_picture(void)
{
    struct viewer viewer;
    char reply[64], state[STATE_ROOM];
    struct wire *line = wire_begin();
    wire_line(line, 0, 2000000, 0);
    if (!AFAR(&viewer, "--transport=put", "-geometry", "300x200", "--zoom=1"))
        return;
    for (int i = 0; i < 4; i++) {
        int64_t frame = viewer_frame(&viewer);
        wire_mark(line);
        viewer_key(&viewer, "i");
        wait_for_bytes(line, 20000);
        wire_stall(line, true);
        viewer_send(&viewer, i % 2 ? "window 700 320" : "window 600 310");
        wire_stall(line, false);
        CU_ASSERT(viewer_reply(&viewer, reply, sizeof reply));
        CU_ASSERT(viewer_frame(&viewer) >= frame + 2);
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        CU_ASSERT(viewer_state(&viewer, state));
        CU_ASSERT_EQUAL(state_number(state, "window"), i % 2 ? 700 : 600);
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    wire_end();
}

/* ---- storms ---- */

static Window cover(int x, int y, unsigned width, unsigned height)
{
    XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = 0xffffff};
    Window window =
        XCreateWindow(server(), DefaultRootWindow(server()), x, y, width, height, 0, CopyFromParent,
                      InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel, &attributes);
    XMapRaised(server(), window);
    XFlush(server());
    return window;
}

static void ask(const struct viewer *viewer, const char *script)
{
    XChangeProperty(server(), viewer->top, XInternAtom(server(), "_XLIGHTBOX_COMMAND", False), 31,
                    8, PropModeReplace, (const unsigned char *)script, (int)strlen(script));
    XFlush(server());
}

/* What lies over the window while the picture is moved is no part of it: the server tells of what
 * it could not move. */
static void check_covers_while_scrolling(const struct far_row *row)
{
    struct viewer viewer;
    struct wire *line;
    char script[64];
    if (!begin(row, &viewer, &line))
        return;
    wire_line(line, 10, 0, 0);
    for (int i = 0; i < 24; i++) {
        Window window = cover(37 * i % 700, 53 * i % 500, 200, 150);
        snprintf(script, sizeof script, "pan %d %d", 16 * (i % 5 - 2), 16 * (i % 3));
        ask(&viewer, script);
        if (i % 3)
            afar_wait_frame(&viewer, viewer_frame(&viewer));
        XMoveWindow(server(), window, 90 * i % 600, 300);
        snprintf(script, sizeof script, "pan %d %d", 16 * (i % 3), -16 * (i % 4));
        ask(&viewer, script);
        XDestroyWindow(server(), window);
        XFlush(server());
    }
    CU_ASSERT(viewer_do(&viewer, "pan 16 16"));
    CU_ASSERT(viewer_do(&viewer, "pan -32 16"));
    check_picture(row, &viewer);
    end(row, &viewer);
}

static void covers_come_and_go_while_scrolling(void)
{
    for (int i = 0; i < ROWS; i++)
        check_covers_while_scrolling(&rows[i]);
}

static void check_storm(const struct far_row *row)
{
    struct viewer viewer;
    struct wire *line;
    if (!begin(row, &viewer, &line))
        return;
    wire_line(line, 20, 0, 0);
    for (int i = 0; i < 40; i++) {
        char script[64];
        XResizeWindow(server(), viewer.top, 1000 - 17 * (unsigned)(i % 20), 760 - 7 * (unsigned)i);
        snprintf(script, sizeof script, "window %d %d; pan 16 0", 300 + 10 * i, 1500 + i);
        ask(&viewer, script);
        if (i % 8 == 3)
            XUnmapWindow(server(), viewer.top);
        if (i % 8 == 5)
            XMapWindow(server(), viewer.top);
        if (i % 4 == 0)
            afar_wait_frame(&viewer, viewer_frame(&viewer) - 1);
    }
    XResizeWindow(server(), viewer.top, 1000, 700);
    XMapWindow(server(), viewer.top);
    XSync(server(), False);
    CU_ASSERT(viewer_do(&viewer, "window 1500 2000"));
    CU_ASSERT(viewer_do(&viewer, "pan 32 0"));
    check_picture(row, &viewer);
    end(row, &viewer);
}

/* The cells of 64 x 16 pixels that a window lay over, and the words around them. */
static void check_exposure(const struct far_row *row)
{
    enum { X = 100, Y = 200, WIDTH = 200, HEIGHT = 150, WORDS = 2048 };
    struct viewer viewer;
    struct wire *line;
    struct wire_counts counts;
    uint64_t most = (uint64_t)(row->pan * (WIDTH + 2 * 64) * (HEIGHT + 2 * 16)) + WORDS;
    uint64_t least = UINT64_MAX;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    for (int i = 0; i < PANS && least > most; i++) {
        int64_t frame = viewer_frame(&viewer);
        Window window = cover(X, Y, WIDTH, HEIGHT);
        XSync(server(), False);
        wire_mark(line);
        XDestroyWindow(server(), window);
        XFlush(server());
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        wire_count(line, &counts);
        least = counts.up < least ? counts.up : least;
    }
    told(row->name, "200 x 150 exposed", least);
    CU_ASSERT(least <= most && least >= (uint64_t)(row->pan * WIDTH * HEIGHT));
    check_picture(row, &viewer);
    end(row, &viewer);
}

static void only_what_is_exposed_is_sent(void)
{
    for (int i = 0; i < ROWS; i++)
        check_exposure(&rows[i]);
}

static void storms_end_right(void)
{
    const struct far_row shared = {.name = "shm"};
    check_storm(&shared);
    check_covers_while_scrolling(&shared);
    for (int i = 0; i < ROWS; i++)
        check_storm(&rows[i]);
}

SUITE("afar", {"a step costs little", a_step_costs_little},
      {"a pan costs the strip", a_pan_costs_the_strip},
      {"the server keeps a gray frame", the_server_keeps_a_gray_frame},
      {"the exact picture is cut short", the_exact_picture_is_cut_short},
      {"the picture stays with the hand", the_picture_stays_with_the_hand},
      {"an answer comes with its own picture", an_answer_comes_with_its_own_picture},
      {"covers come and go while scrolling", covers_come_and_go_while_scrolling},
      {"only what is exposed is sent", only_what_is_exposed_is_sent},
      {"storms end right", storms_end_right})
