/* Servers of other kinds, where they are installed: for VNC, and two in a window of another. Guards
 * x11/output.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "afar.h"
#include "support/installed.h"

/* A drag, a pan and a zoom by each transport, here and through a line. */
static void check_transport(const char *transport, bool line)
{
    struct viewer viewer;
    char state[STATE_ROOM], wanted[32];
    if (line)
        wire_begin();
    /* nxagent's screen is three quarters of the one that it is shown on. */
    if (AFAR(&viewer, "-geometry", "900x700+0+0", "--transport", transport, "--zoom", "1")) {
        viewer_state(&viewer, state);
        snprintf(wanted, sizeof wanted, " transport=%s ", line ? transport : "shm");
        CU_ASSERT(strcmp(transport, "auto") != 0 || line || strstr(state, wanted));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        afar_drag(&viewer, 1, 300, 300, 330, 320);
        afar_drag(&viewer, 2, 300, 300, 250, 333);
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        CU_ASSERT(viewer_do(&viewer, "zoom 0.7; invert on"));
        CU_ASSERT(afar_shows_what_render_writes(&viewer));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
    wire_end();
}

/* `render`: its RENDER is no older than 0.11. */
static void check_server(const char *name, const char *const *arguments, bool render)
{
    if (!installed(name)) {
        printf("  no %s is installed\n", name);
        return;
    }
    bool good = server_of(name, arguments);
    CU_ASSERT(good);
    if (good) {
        check_transport("auto", false);
        check_transport("auto", true);
        check_transport("put", true);
        check_transport("planes", true);
        if (render && has_render())
            check_transport("render", true);
    }
    server_usual();
}

static void on_tigervnc(void)
{
    static const char *const words[] = {"-geometry",      "1280x1024", "-depth",      "24",
                                        "-SecurityTypes", "None",      "-rfbport=-1", NULL};
    check_server("Xtigervnc", words, true);
}

static void on_xephyr(void)
{
    static const char *const words[] = {"-screen", "1280x1024", NULL};
    check_server("Xephyr", words, true);
}

static void on_nxagent(void)
{
    static const char *const words[] = {"-D", "-ac", NULL};
    check_server("nxagent", words, false);
}

SUITE("servers", {"on Xtigervnc", on_tigervnc}, {"on Xephyr", on_xephyr},
      {"on nxagent", on_nxagent})
