/* Each transport through a line to the server: what crosses it for a step of a drag, for the exact
 * picture after it and for a pan, and that the picture is right, meanwhile and in the end. Guards
 * x11/sending.c, x11/transport_render.c, x11/transport_planes.c, x11/transport_colormap.c,
 * x11/transport_put.c, app/preview.c and app/framing.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "afar.h"

enum { ATTEMPTS = 12 };

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
    {"colormap", "--visual=directcolor", NULL, true, 4096, 800000, 4, 1, false},
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
    *line = wire_begin();
    wire_mark(*line);
    return AFAR(viewer, "--transport", row->name, "--zoom", "1",
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

static void check_picture(const struct far_row *row, const struct viewer *viewer)
{
    bool right =
        row->dithered ? afar_off_on_the_mean(viewer) <= 1 : afar_shows_what_render_writes(viewer);
    CU_ASSERT(right);
}

static void told(const char *name, const char *what, uint64_t bytes)
{
    printf("  %s, %s: %llu bytes\n", name, what, (unsigned long long)bytes);
}

static void check_steps(const struct far_row *row)
{
    struct viewer viewer;
    struct wire *line;
    uint64_t least = UINT64_MAX, exact = 0;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    afar_press(&viewer, 1, 300, 300);
    for (int i = 1; i <= ATTEMPTS && least > row->step; i++) {
        struct wire_counts counts;
        int64_t frame = viewer_frame(&viewer);
        wire_mark(line);
        afar_move(&viewer, 300 + 2 * i, 300 + i);
        CU_ASSERT(afar_wait_frame(&viewer, frame));
        wire_count(line, &counts);
        least = counts.up < least ? counts.up : least;
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        wire_count(line, &counts);
        exact = counts.up;
    }
    told(row->name, "step", least);
    told(row->name, "with the exact picture", exact);
    CU_ASSERT(least <= row->step);
    CU_ASSERT(exact <= row->exact + (row->steps ? row->step * 2 : 0) + 4096);
    check_picture(row, &viewer);
    afar_release(&viewer, 1);
    end(row, &viewer);
}

static void a_step_costs_little(void)
{
    for (int i = 0; i < ROWS; i++)
        check_steps(&rows[i]);
}

static void check_pan(const struct far_row *row, int dx, int dy)
{
    struct viewer viewer;
    struct wire *line;
    struct wire_counts counts;
    int width, height;
    if (!begin(row, &viewer, &line))
        return;
    if (row->steps)
        afar_wait_base(&viewer, line, row->base);
    viewer_image_size(&viewer, &width, &height);
    wire_mark(line);
    int64_t frame = viewer_frame(&viewer);
    afar_press(&viewer, 2, 400, 300);
    afar_move(&viewer, 400 + dx, 300 + dy);
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    wire_count(line, &counts);
    told(row->name, "pan", counts.up);
    double strips = (double)width * height - (double)(width - abs(dx)) * (height - abs(dy));
    CU_ASSERT((double)counts.up <= row->pan * strips + 2048 + 4096);
    check_picture(row, &viewer);
    afar_release(&viewer, 2);
    end(row, &viewer);
}

static void a_pan_costs_the_strip(void)
{
    for (int i = 0; i < ROWS; i++) {
        check_pan(&rows[i], 100, 0);
        check_pan(&rows[i], -30, 41);
    }
}

SUITE("afar", {"a step costs little", a_step_costs_little},
      {"a pan costs the strip", a_pan_costs_the_strip})
