/* A line to the server that breaks, stalls or lies: the viewer ends with the right status and
 * leaves nothing behind, or goes on by another way. Guards x11/connection.c, x11/transport_shm.c
 * and app/signals.c. */
#include "suite.h"

#include <X11/X.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "afar.h"
#include "support/run.h"

/* Who belongs to a viewer, and must be gone with it. */
struct family {
    pid_t viewer, members[17];
    int count;
};

static struct family family_of(const struct viewer *viewer)
{
    struct family family = {.viewer = viewer->pid};
    family.count = viewer_workers(viewer, family.members);
    pid_t opener = viewer_opener(viewer);
    CU_ASSERT(family.count > 0);
    if (opener)
        family.members[family.count++] = opener;
    return family;
}

/* Who has ended may still wait for the system's first process to take notice. */
static bool lives(pid_t pid)
{
    char path[32], state = 'Z';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    fclose(file);
    return state != 'Z';
}

static void check_gone(const struct family *family)
{
    long bytes;
    for (int i = 0; i < family->count; i++) {
        int64_t limit = now_ms() + PATIENCE_MS;
        while (lives(family->members[i]) && now_ms() < limit)
            pause_ms(2);
        CU_ASSERT_FALSE(lives(family->members[i]));
    }
    int64_t limit = now_ms() + PATIENCE_MS;
    while (shared_segments(family->viewer, &bytes) > 0 && now_ms() < limit)
        pause_ms(2);
    CU_ASSERT_EQUAL(shared_segments(family->viewer, &bytes), 0);
}

static void check_lost(struct viewer *viewer, const struct family *family)
{
    CU_ASSERT_EQUAL(viewer_wait_end(viewer), 3);
    CU_ASSERT_STRING_EQUAL(viewer->said, "xlightbox: the X server is gone\n");
    check_gone(family);
}

/* Writes a command, and does not wait for what comes of it. */
static void ask(const struct viewer *viewer, const char *script)
{
    XChangeProperty(server(), viewer->top, XInternAtom(server(), "_XLIGHTBOX_COMMAND", False), 31,
                    8, PropModeReplace, (const unsigned char *)script, (int)strlen(script));
    XFlush(server());
}

static void a_cut_in_a_frame_is_status_3(void)
{
    static const uint64_t bytes[] = {0, 1, 100, 20000, 1000000, 3000000};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        struct viewer viewer;
        struct wire *line = wire_begin();
        if (!AFAR(&viewer, "--transport", "put", "--zoom", "1"))
            continue;
        struct family family = family_of(&viewer);
        wire_cut(line, bytes[i]);
        ask(&viewer, "invert on"); /* no pixel stays as it is */
        check_lost(&viewer, &family);
    }
    wire_end();
}

/* As scripts see it: the status, a sentence, and no window. */
static void a_cut_at_the_start_is_status_3(void)
{
    static const uint64_t bytes[] = {1, 12, 30, 60, 200, 500, 1500, 4000, 9000};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        struct run run;
        struct wire *line = wire_begin();
        wire_cut(line, bytes[i]);
        RUN(&run, program(), "-display", line->display, "--transport", "put", afar_film());
        CU_ASSERT_EQUAL(run.status, 3);
        CU_ASSERT(!strncmp(run.err, "xlightbox: ", 11));
        if (run.status != 3)
            printf("  cut after %d bytes: %d, %s\n", (int)bytes[i], run.status, run.err);
    }
    wire_end();
}

/* In the middle of a drag, by each transport: what the server keeps for it is there then. */
static const char *const ways[] = {"put", "shm", "planes", "render", "colormap"};
enum { WAYS = sizeof ways / sizeof *ways };

static bool begin_drag(const char *way, struct viewer *viewer)
{
    char state[STATE_ROOM], wanted[32];
    if (!strcmp(way, "render") && !has_render())
        return false;
    strcmp(way, "shm") ? wire_begin() : wire_begin_local();
    if (!AFAR(viewer, "--transport", way, "--zoom", "1",
              strcmp(way, "colormap") ? "--strict" : "--visual=directcolor"))
        return false;
    snprintf(wanted, sizeof wanted, " transport=%s ", way);
    CU_ASSERT(viewer_state(viewer, state) && strstr(state, wanted));
    int64_t frame = viewer_frame(viewer);
    afar_press(viewer, 1, 300, 300);
    for (int i = 1; i <= 3; i++)
        afar_move(viewer, 300 + 5 * i, 300 + 3 * i);
    CU_ASSERT(afar_wait_frame(viewer, frame));
    ask(viewer, "window 300 200");
    return true;
}

static void a_killed_server_is_status_3(void)
{
    static const char *const screen[] = {"-screen", "0", "1280x1024x24", NULL};
    for (int i = 0; i < WAYS; i++) {
        struct viewer viewer;
        CU_ASSERT_FATAL(server_other(screen));
        bool started = begin_drag(ways[i], &viewer);
        struct family family = started ? family_of(&viewer) : (struct family){0};
        server_usual(); /* ends the other one under the viewer */
        if (started)
            check_lost(&viewer, &family);
    }
}

static void xkill_is_status_3(void)
{
    for (int i = 0; i < WAYS; i++) {
        struct viewer viewer;
        if (!begin_drag(ways[i], &viewer))
            continue;
        struct family family = family_of(&viewer);
        XKillClient(server(), viewer.top);
        XSync(server(), False);
        check_lost(&viewer, &family);
        afar_release(&viewer, 1); /* the server's own button */
    }
    wire_end();
}

/* Idle or in the middle of a frame that nobody takes. */
static void a_stalled_line_lets_the_viewer_end(void)
{
    for (int i = 0; i < 2; i++) {
        struct viewer viewer;
        struct wire *line = wire_begin();
        if (!AFAR(&viewer, "--transport", "put"))
            continue;
        struct family family = family_of(&viewer);
        if (i) {
            wire_line(line, 0, 100000, 0);
            ask(&viewer, "window 300 200");
            struct wire_counts counts;
            wire_mark(line);
            do
                wire_count(line, &counts);
            while (counts.up < 50000);
        }
        wire_stall(line, true);
        kill(viewer.pid, SIGTERM);
        CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
        check_gone(&family);
    }
    wire_end();
}

/* The user closes the window, and the goodbye does not get through. */
static void a_line_that_crawls_lets_the_viewer_end(void)
{
    struct viewer viewer;
    struct wire *line = wire_begin();
    if (AFAR(&viewer, "--transport", "put")) {
        struct family family = family_of(&viewer);
        wire_line(line, 0, 1, 0);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        check_gone(&family);
    }
    wire_end();
}

/* Each way in which shared memory can be announced and not be there. */
static void shared_memory_that_fails_is_done_without(void)
{
    for (int i = 0; i < 4; i++) {
        struct viewer viewer;
        char state[STATE_ROOM];
        struct wire *line = wire_begin_local();
        if (i == 0)
            wire_refuse(line, "MIT-SHM", 1, BadAlloc); /* attaching */
        else if (i == 1)
            wire_refuse(line, "MIT-SHM", WIRE_ANY, BadRequest);
        else if (i == 2)
            wire_pretend(line, "MIT-SHM");
        else
            wire_hide(line, "MIT-SHM");
        if (!AFAR(&viewer, "--transport", "auto"))
            continue;
        viewer_state(&viewer, state);
        CU_ASSERT_PTR_NULL(strstr(state, " transport=shm "));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
    wire_end();
}

/* What the server has not, or says to have and has not, is done without. */
static void extensions_that_hide_or_lie_do_no_harm(void)
{
    static const struct {
        bool there;
        const char *name;
    } rows[] = {{false, "RENDER"}, {true, "RENDER"}, {false, "BIG-REQUESTS"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct viewer viewer;
        struct wire *line = wire_begin();
        (rows[i].there ? wire_pretend : wire_hide)(line, rows[i].name);
        if (!AFAR(&viewer, "--transport", "auto"))
            continue;
        CU_ASSERT(viewer_do(&viewer, "zoom 0.9; window 500 300"));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
    wire_end();
}

/* What the server refuses, of a transport that it takes all else of. */
static const struct refusal {
    const char *asked, *transport, *extension;
    int opcode;
    bool local;
} refusals[] = {
    {"auto", "render", NULL, WIRE_CREATE_PIXMAP, false},
    {"render", "render", "RENDER", 4, false},  /* CreatePicture */
    {"render", "render", "RENDER", 8, false},  /* Composite */
    {"render", "render", "RENDER", 33, false}, /* CreateSolidFill */
    {"shm", "shm", "MIT-SHM", 3, true},        /* PutImage */
    {"colormap", "colormap", NULL, WIRE_COPY_AREA, false},
    {"planes", "planes", NULL, WIRE_COPY_AREA, false},
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

static void check_refusal(const struct refusal *row, bool from_the_start)
{
    struct viewer viewer;
    char state[STATE_ROOM], refused[32];
    struct wire *line = row->local ? wire_begin_local() : wire_begin();
    if (from_the_start)
        wire_refuse(line, row->extension, row->opcode, BadAlloc);
    if (!AFAR(&viewer, "--transport", row->asked, "--zoom", "1",
              !strcmp(row->asked, "colormap") ? "--visual=directcolor" : "--strict"))
        return;
    wire_refuse(line, row->extension, row->opcode, BadAlloc);
    CU_ASSERT(viewer_do(&viewer, "pan 30 20"));
    CU_ASSERT(viewer_do(&viewer, "window 500 300"));
    XResizeWindow(server(), viewer.top, 1100, 800);
    XSync(server(), False);
    CU_ASSERT(viewer_do(&viewer, "window 600 310"));
    CU_ASSERT(viewer_do(&viewer, "window 700 320"));
    viewer_state(&viewer, state);
    snprintf(refused, sizeof refused, " transport=%s ", row->transport);
    CU_ASSERT_PTR_NULL(strstr(state, refused));
    bool right = afar_shows_what_render_writes(&viewer);
    CU_ASSERT(right);
    if (!right)
        printf("  %s, request %d, from the start %d: %s\n", row->asked, row->opcode, from_the_start,
               state);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
}

/* Errors come when they come: the picture is right again after them. */
static void another_transport_takes_over(void)
{
    for (int i = 0; i < 2 * REFUSALS; i++) {
        const struct refusal *row = &refusals[i / 2];
        if (strcmp(row->transport, "render") != 0 || has_render())
            check_refusal(row, i % 2);
    }
    wire_end();
}

/* Idle is told of what the server has, not of what it may yet refuse: whenever it is told, the
 * picture is there. */
static void check_idle(const struct refusal *row, int error, bool from_the_start)
{
    struct viewer viewer;
    struct wire *line = row->local ? wire_begin_local() : wire_begin();
    wire_line(line, 40, 0, 0);
    if (from_the_start)
        wire_refuse(line, row->extension, row->opcode, error);
    if (!AFAR(&viewer, "-geometry", "120x90", "--transport", row->asked))
        return;
    CU_ASSERT(afar_shows_what_render_writes(&viewer));
    wire_refuse(line, row->extension, row->opcode, error);
    CU_ASSERT(viewer_do(&viewer, "invert"));
    CU_ASSERT(afar_shows_what_render_writes(&viewer));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void no_picture_is_final_before_the_server_has_it(void)
{
    int shm, event, first;
    CU_ASSERT_FATAL(XQueryExtension(server(), "MIT-SHM", &shm, &event, &first));
    const int errors[] = {BadAlloc, first /* BadShmSeg */, BadMatch};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        for (int at_once = 0; at_once < 2; at_once++)
            check_idle(&(struct refusal){"shm", "shm", "MIT-SHM", 3, true}, errors[i], at_once);
    for (int i = 0; i < 3 && has_render(); i++)
        check_idle(&refusals[i], BadAlloc, true);
    wire_end();
}

/* Refused requests are logged at most, and the viewer lives. */
static void refused_requests_do_no_harm(void)
{
    static const int refused[] = {WIRE_CREATE_PIXMAP, WIRE_COPY_AREA, 94 /* CreateGlyphCursor */,
                                  70 /* PolyFillRectangle */};
    struct viewer viewer;
    struct wire *line = wire_begin();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        wire_refuse(line, NULL, refused[i], BadAlloc);
    if (AFAR(&viewer, "--transport", "put")) {
        CU_ASSERT(viewer_do(&viewer, "zoom 0.9; window 500 300"));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        wire_forgive(line);
        CU_ASSERT(viewer_do(&viewer, "zoom 1.1"));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    wire_end();
}

SUITE("wire faults", {"a cut in a frame", a_cut_in_a_frame_is_status_3},
      {"a cut at the start", a_cut_at_the_start_is_status_3},
      {"a killed server", a_killed_server_is_status_3}, {"xkill", xkill_is_status_3},
      {"a stalled line", a_stalled_line_lets_the_viewer_end},
      {"a line that crawls", a_line_that_crawls_lets_the_viewer_end},
      {"shared memory that fails", shared_memory_that_fails_is_done_without},
      {"extensions that hide or lie", extensions_that_hide_or_lie_do_no_harm},
      {"refused requests", refused_requests_do_no_harm},
      {"another transport takes over", another_transport_takes_over},
      {"no picture is final too soon", no_picture_is_final_before_the_server_has_it})
