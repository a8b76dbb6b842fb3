/* The way that is used, as the line and the server are, and what `transport report` says of it.
 * Guards app/commands_transport.c, and x11/output.c and x11/sending.c, which choose and count. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "afar.h"
#include "support/json.h"
#include "support/wire.h"

/* The number behind "NAME": in a line of JSON; -1: it is not there. */
static double member(const char *json, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(json, key);
    return at ? strtod(at + strlen(key), NULL) : -1;
}

static void the_report_tells_what_was_sent(void)
{
    struct viewer viewer;
    struct wire_counts counts;
    char reply[2048];
    struct wire *line = wire_begin();
    if (!AFAR(&viewer, "--transport", "put"))
        return;
    CU_ASSERT(viewer_command(&viewer, "transport report json", reply, sizeof reply));
    wire_count(line, &counts);
    CU_ASSERT(json_sound(reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "{\"transport\":\"put\","));
    double frame = (double)afar_frame_bytes(&viewer);
    CU_ASSERT(member(reply, "bytes") >= frame && member(reply, "bytes") <= (double)counts.up);
    CU_ASSERT(member(reply, "frames") >= 1 && member(reply, "bands") >= 768 / 16 - 2);
    /* Answers that come all at once, as of a server nearby, tell no rate. */
    for (int i = 0; i < 20 && member(reply, "rate") <= 0; i++) {
        CU_ASSERT(viewer_do(&viewer, "invert"));
        CU_ASSERT(viewer_command(&viewer, "transport report json", reply, sizeof reply));
    }
    CU_ASSERT(member(reply, "rate") > 0);
    CU_ASSERT(viewer_do(&viewer, "pan 0 16"));
    CU_ASSERT(viewer_command(&viewer, "transport report json", reply, sizeof reply));
    CU_ASSERT_EQUAL(member(reply, "scrolls"), 1);
    CU_ASSERT(member(reply, "frame_bytes") < frame / 10);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    wire_end();
}

static void the_report_says_why(void)
{
    struct viewer viewer;
    char reply[2048];
    wire_begin();
    if (AFAR(&viewer, "--transport", "auto")) {
        CU_ASSERT(viewer_command(&viewer, "transport report", reply, sizeof reply));
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, "passed over: shm: "));
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\nframes "));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    wire_end();
    if (VIEW(&viewer, "-geometry", "300x200", afar_film())) {
        CU_ASSERT(viewer_command(&viewer, "transport report", reply, sizeof reply));
        CU_ASSERT(!strncmp(reply, "transport shm\nframes ", 21));
        CU_ASSERT_PTR_NULL(strstr(reply, "sent"));
        CU_ASSERT(viewer_command(&viewer, "transport repair", reply, sizeof reply));
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error: 'repair' is not report"));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* ---- what is chosen ---- */

static double reported(const struct viewer *viewer, const char *name)
{
    char reply[2048];
    CU_ASSERT(viewer_command(viewer, "transport report json", reply, sizeof reply));
    return member(reply, name);
}

/* Planes are fewer bytes and more work for the server: where the line is what a picture waits for,
 * they stay. On a fast one pixels are tried, and what is faster on this machine is kept. */
static void the_line_decides_between_planes_and_pixels(void)
{
    static const char *const screen[] = {"-screen", "0", "1280x1024x16", NULL};
    if (!server_other(screen))
        return;
    for (int rate = 1250000; rate >= 0; rate -= 1250000) {
        struct viewer viewer;
        struct wire *line = wire_begin();
        int planes = 0, pixels = 0;
        wire_line(line, 20, rate, rate);
        if (!AFAR(&viewer, "--transport=auto"))
            continue;
        for (int step = 0; step < 8; step++) {
            char state[STATE_ROOM];
            CU_ASSERT(viewer_do(&viewer, step % 2 ? "window 500 300" : "window 600 310"));
            CU_ASSERT(viewer_state(&viewer, state));
            planes += strstr(state, " transport=planes ") != NULL;
            pixels += strstr(state, " transport=put ") != NULL;
        }
        printf("  at %d bytes a second: %d by planes, %d by pixels\n", rate, planes, pixels);
        CU_ASSERT_EQUAL(planes + pixels, 8);
        CU_ASSERT(!rate || !pixels);
        CU_ASSERT(afar_off_on_the_mean(&viewer) <= 1);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        wire_end();
    }
    server_usual();
}

enum { SHORT_MS = 20, LATE_MS = 600 };

/* Moves of a drag; how many of them the server made of its base. Where their answers come late, the
 * exact pictures' do not. */
static int steps_of_moves(const struct viewer *viewer, struct wire *line, int count, bool late)
{
    static int x = 300;
    int before = (int)reported(viewer, "steps");
    for (int i = 0; i < count; i++) {
        int64_t frame = viewer_frame(viewer);
        x = x < 340 ? x + 2 : 300;
        wire_line(line, late ? LATE_MS : SHORT_MS, 0, 0);
        afar_move(viewer, x, 300);
        CU_ASSERT(afar_wait_frame(viewer, frame));
        wire_line(line, SHORT_MS, 0, 0);
        CU_ASSERT(viewer_wait(viewer, "", frame));
    }
    return (int)reported(viewer, "steps") - before;
}

/* A server that takes longer for a step than the picture takes is as one whose answers come late.
 * One late answer is the line's. */
static void steps_that_do_not_pay_are_not_made(void)
{
    enum { TIMED = 3, MORE = 4 };
    for (int slow = 0; slow < 2 && has_render(); slow++) {
        struct viewer viewer;
        struct wire *line = wire_begin();
        wire_line(line, SHORT_MS, 0, 0);
        if (!AFAR(&viewer, "--transport=auto", "--zoom=1"))
            return;
        afar_wait_base(&viewer, line, 1);
        afar_press(&viewer, 1, 300, 300);
        CU_ASSERT_EQUAL(steps_of_moves(&viewer, line, 1, true), 1);
        steps_of_moves(&viewer, line, TIMED, slow);
        int steps = steps_of_moves(&viewer, line, MORE, slow);
        printf("  %d moves, %s: %d steps\n", MORE, slow ? "a slow server" : "after a late answer",
               steps);
        CU_ASSERT(slow ? steps == 0 : steps >= MORE - 1);
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        afar_release(&viewer, 1);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        wire_end();
    }
}

/* The copy for the next drag has been sent, too. */
static void wait_for_quiet(struct wire *line)
{
    enum { QUIET_MS = 800 };
    struct wire_counts counts;
    uint64_t seen = 0;
    int64_t since = now_ms();
    for (int64_t limit = since + PATIENCE_MS; now_ms() < limit && now_ms() - since < QUIET_MS;) {
        wire_count(line, &counts);
        since = counts.up == seen ? since : now_ms();
        seen = counts.up;
        pause_ms(10);
    }
}

/* Whose place in the page all of these views show. */
static void keep_the_middle(struct pnm *picture)
{
    enum { SIDE = 320 };
    int left = (picture->width - SIDE) / 2, top = (picture->height - SIDE) / 2;
    for (int y = 0; y < SIDE; y++)
        memmove(picture->samples + (size_t)y * 3 * SIDE,
                picture->samples + 3 * ((size_t)(top + y) * (size_t)picture->width + (size_t)left),
                (size_t)3 * SIDE);
    picture->width = picture->height = SIDE;
}

/* On a slow line zoom and turns are shown by the server first, of what it has. */
static void another_view_is_shown_by_the_server_first(void)
{
    static const char *const keys[] = {"plus", "r", "minus"};
    struct viewer viewer;
    struct wire *line = wire_begin();
    if (!has_render() || !AFAR(&viewer, "--transport=render", "--zoom=1"))
        return;
    wire_line(line, 20, 1250000, 1250000);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct pnm meanwhile = {0}, exact;
        struct wire_counts counts;
        char state[STATE_ROOM];
        wait_for_quiet(line);
        int warps = (int)reported(&viewer, "warps");
        int64_t frame = viewer_frame(&viewer);
        wire_mark(line);
        viewer_key(&viewer, keys[i]);
        CU_ASSERT(afar_wait_frame(&viewer, frame));
        wire_count(line, &counts);
        CU_ASSERT(viewer_grab(&viewer, &meanwhile));
        CU_ASSERT(viewer_state(&viewer, state) && strstr(state, " idle=0 "));
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        CU_ASSERT_EQUAL((int)reported(&viewer, "warps"), warps + 1);
        CU_ASSERT(viewer_grab(&viewer, &exact));
        keep_the_middle(&meanwhile);
        keep_the_middle(&exact);
        double off = afar_worst_mean(&meanwhile, &exact);
        printf("  %s: %d bytes, off by %.1f\n", keys[i], (int)counts.up, off);
        CU_ASSERT(off <= 2 && counts.up <= 1024);
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        pnm_free(&meanwhile);
        pnm_free(&exact);
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    wire_end();
}

SUITE("transport report", {"what was sent", the_report_tells_what_was_sent},
      {"why", the_report_says_why},
      {"the line decides between planes and pixels", the_line_decides_between_planes_and_pixels},
      {"steps that do not pay are not made", steps_that_do_not_pay_are_not_made},
      {"another view is shown by the server first", another_view_is_shown_by_the_server_first})
