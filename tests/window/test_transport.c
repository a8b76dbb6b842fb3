/* What `transport report` says: the way that is used, why, and what was sent. Guards
 * app/commands_transport.c and, through it, what x11/output.c and x11/sending.c count. */
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
    /* What the fence measures comes with its reply. */
    for (int64_t limit = now_ms() + PATIENCE_MS; member(reply, "rate") <= 0 && now_ms() < limit;)
        CU_ASSERT(viewer_command(&viewer, "transport report json", reply, sizeof reply));
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

SUITE("transport report", {"what was sent", the_report_tells_what_was_sent},
      {"why", the_report_says_why})
