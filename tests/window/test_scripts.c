/* Scripts from everywhere: standard input, files, other clients; what they wait for, what they are
 * told. Guards app/scripts.c, app/askers.c, app/ask.c, app/commands_script.c, app/state_tell.c,
 * app/json.c and x11/remote.c. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness.h"
#include "support/json.h"
#include "support/run.h"
#include "support/scratch.h"

/* A shell's words, with $X the program and $F the film. */
static void shell(struct run *run, const char *words)
{
    server();
    setenv("X", program(), 1);
    setenv("F", harness_film(), 1);
    RUN(run, "sh", "-c", words);
}

/* A client that waits for ever, once the viewer has begun with its commands. */
#define LONG_WAIT                                             \
    "$X --remote 'memory snapshot go; wait frame 1000000' & " \
    "until $X --remote 'memory diff go' >/dev/null 2>&1; do :; done; "

static bool start(struct viewer *viewer)
{
    return VIEW(viewer, "-geometry", "640x500", harness_film());
}

/* ---- standard input ---- */

static void each_line_has_its_answer(void)
{
    struct run run;
    shell(&run, "printf 'window 400 40\\n\\n# nothing\\nzoom 2; zom\\nwait idle\\nwindow 0' |"
                "$X --commands - $F");
    CU_ASSERT_STRING_EQUAL(
        run.out, "ok\nok\nok\nerror: column 9 (zom): there is no command 'zom' (did you mean "
                 "zoom?)\nok\nerror: '0' is not a width above 0\n");
    CU_ASSERT_EQUAL(run.status, 1);
    shell(&run, "printf 'zoom 2\\nquit\\nzoom 3\\n' | $X --commands - $F");
    CU_ASSERT_STRING_EQUAL(run.out, "ok\nok\n");
    CU_ASSERT_EQUAL(run.status, 0);
    shell(&run, "$X --commands - $F </dev/null");
    CU_ASSERT_STRING_EQUAL(run.out, "");
    CU_ASSERT_EQUAL(run.status, 0);
}

static void an_answer_tells_of_what_the_line_did(void)
{
    struct run run;
    shell(&run, "printf 'window 400 40; page 2\\nwait idle\\nstate\\n' | $X --commands - $F");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nidle=1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\npage=2/3\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=400\n"));
    CU_ASSERT_EQUAL(run.status, 0);
}

static void long_input_is_read_to_its_end(void)
{
    struct run run;
    shell(&run, "{ for i in $(seq 3000); do echo 'zoom 1'; done; head -c 70000 /dev/zero |"
                "tr '\\0' a; echo; echo quit; } | $X --commands - $F | sort | uniq -c");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "a command of more than 4095 characters"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "3001 ok\n"));
}

/* ---- files ---- */

static const char *script_file(const char *text)
{
    const char *path = scratch_path("script.xlb");
    FILE *file = fopen(path, "w");
    CU_ASSERT_FATAL(file != NULL);
    fprintf(file, "#!/usr/bin/env -S xlightbox -f\n%s", text);
    fclose(file);
    chmod(path, 0755);
    setenv("S", path, 1);
    return path;
}

static void a_file_of_commands_is_a_program(void)
{
    struct run run;
    script_file("window 400 40 # as the doctor likes it\n\nwait idle 30\nstate\nquit\n");
    shell(&run, "PATH=$(dirname $X):$PATH $S $F");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=400\n"));
    CU_ASSERT_STRING_EQUAL(run.err, "");
    shell(&run, "$X -e 'level 7; window 9' -f $S $F");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nlevel=40\n"));
}

static void a_file_of_commands_fails_as_one(void)
{
    struct run run;
    script_file("zoom 2\n  zom 2\nquit\n");
    shell(&run, "$X -f $S $F");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_STRING_EQUAL(
        run.err, "error: line 3, column 3 (zom): there is no command 'zom' (did you mean zoom?)\n");
    shell(&run, "$X -f ${S}x $F");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, ".xlbx: No such file or directory\n"));
    shell(&run, "$X -f $F $F");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "a script of more than 1 MiB"));
    shell(&run, "printf 'zoom 2\\0' >$S; $X -f $S $F");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "is no script"));
}

/* ---- waiting ---- */

static void waiting_has_its_end(void)
{
    struct run run;
    struct viewer viewer;
    char reply[512], state[STATE_ROOM];
    if (!start(&viewer))
        return;
    CU_ASSERT(viewer_command(&viewer, "zoom 3; page 2; wait file; wait idle", reply, 512));
    CU_ASSERT_STRING_EQUAL(reply, "");
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT_PTR_NOT_NULL(strstr(state, " idle=1 "));
    CU_ASSERT_PTR_NOT_NULL(strstr(state, " page=2/3 "));
    CU_ASSERT(viewer_command(&viewer, "wait frame 1", reply, 512));
    CU_ASSERT(viewer_command(&viewer, "zoom 1; wait frame 1000000 0.05; zoom 2", reply, 512));
    CU_ASSERT_STRING_EQUAL(reply, "error: column 9 (wait): wait: not within 0.05 s\n");
    CU_ASSERT(viewer_command(&viewer, "wait idly", reply, 512));
    CU_ASSERT_STRING_EQUAL(reply, "error: 'idly' is not idle, frame or file\n");
    CU_ASSERT(viewer_command(&viewer, "wait idle 1 2", reply, 512));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error: wait idle takes nothing and"));
    CU_ASSERT(viewer_command(&viewer, "wait idle -1", reply, 512));
    CU_ASSERT_STRING_EQUAL(reply, "error: '-1' is not a limit in seconds\n");
    shell(&run, LONG_WAIT "$X --remote quit; wait $!");
    CU_ASSERT_STRING_EQUAL(run.err, "xlightbox: the viewer has ended\n");
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
}

static void what_cannot_be_shown_ends_waiting(void)
{
    struct viewer viewer;
    char reply[512];
    const char *text = scratch_path("none.tif");
    FILE *file = fopen(text, "w");
    fputs("not a picture", file);
    fclose(file);
    if (!VIEW(&viewer, "-geometry", "640x500", harness_film(), text))
        return;
    CU_ASSERT(viewer_command(&viewer, "file 2; wait idle; zoom 9", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error: column 9 (wait): "));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "none.tif"));
    viewer_end(&viewer);
}

/* ---- state ---- */

static void state_tells_all(void)
{
    static char reply[4096];
    struct viewer viewer;
    if (!start(&viewer))
        return;
    CU_ASSERT(viewer_do(&viewer, "flip h; voi sigmoid; zoom 2; page 2; window 30 20"));
    CU_ASSERT(viewer_command(&viewer, "wait idle; state", reply, sizeof reply));
    static const char *const lines[] = {"\nidle=1\n",           "\npage=2/3\n",    "\nmirrored=1\n",
                                        "\nvoi=sigmoid\n",      "\nmode=free\n",   "\nzoom=2\n",
                                        "\nwindow_from=user\n", "\nchannel=all\n", "\nstatus=1\n",
                                        "\nfile_number=1/1\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, lines[i]));
    CU_ASSERT(viewer_command(&viewer, "state --json", reply, sizeof reply));
    CU_ASSERT(json_sound(reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"voi\":\"sigmoid\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"window\":30,"));
    viewer_end(&viewer);
}

/* ---- other clients ---- */

static void a_client_has_answers_and_a_status(void)
{
    struct run run;
    struct viewer viewer;
    shell(&run, "$X --remote quit");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "no viewer is open on display :"));
    shell(&run, "DISPLAY= $X --remote quit");
    CU_ASSERT_EQUAL(run.status, 3);
    shell(&run, "$X --remote quit $F");
    CU_ASSERT_EQUAL(run.status, 2);
    shell(&run, "$X --remote quit --id 0");
    CU_ASSERT_EQUAL(run.status, 2);
    if (!start(&viewer))
        return;
    shell(&run, "$X --remote 'window 77; wait idle; state'");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=77\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nidle=1\n"));
    CU_ASSERT_STRING_EQUAL(run.err, "");
    shell(&run, "$X --remote 'state; zom'");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=77\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "xlightbox: column 8 (zom): there is no command"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_client_chooses_among_viewers(void)
{
    char words[200];
    struct run run;
    struct viewer first, second;
    if (!start(&first) || !VIEW(&second, "-geometry", "640x500", harness_film()))
        return;
    shell(&run, "$X --remote state");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "2 viewers are open: choose one with --id, of 0x"));
    snprintf(words, sizeof words, "$X --id 0x%lx --remote 'window 55'; $X --id %lu --remote state",
             second.top, second.top);
    shell(&run, words);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=55\n"));
    snprintf(words, sizeof words, "$X --id 0x%lx --remote state", second.image);
    shell(&run, words);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "is no viewer"));
    viewer_end(&first);
    viewer_end(&second);
}

/* Each tells its own error: no answer goes to another one. */
static void many_clients_at_once_have_their_own_answers(void)
{
    struct run run;
    struct viewer viewer;
    if (!start(&viewer))
        return;
    shell(&run, "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do"
                " $X --remote \"window ${i}000; wait idle; zoom x$i\" 2>&1 | sed \"s/^/$i /\" &"
                " done; wait");
    for (int i = 1; i <= 12; i++) {
        char wanted[80];
        snprintf(wanted, sizeof wanted, "%d xlightbox: column %d (zoom): 'x%d' is not", i,
                 i < 10 ? 25 : 26, i);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, wanted));
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void long_scripts_arrive_whole(void)
{
    struct run run;
    struct viewer viewer;
    if (!start(&viewer))
        return;
    shell(&run, "$X --remote \"$(for i in $(seq 9000); do echo 'window 500'; done; echo state)\"");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nwindow=500\n"));
    shell(&run, "$X --remote \"$(for i in $(seq 100); do echo state; done)\" | wc -c");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "the answer is longer than 20479 characters"));
    CU_ASSERT_EQUAL(atoi(run.out), 20479);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_viewer_that_is_killed_is_told_of(void)
{
    struct run run;
    struct viewer viewer;
    char words[400];
    if (!start(&viewer))
        return;
    snprintf(words, sizeof words, LONG_WAIT "kill -9 %d; wait $!", (int)viewer.pid);
    shell(&run, words);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_STRING_EQUAL(run.err, "xlightbox: the viewer went away without an answer\n");
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 128 + SIGKILL);
}

static bool has_property(const struct viewer *viewer, const char *name)
{
    Atom type = None;
    int format;
    unsigned long count, left;
    unsigned char *data = NULL;
    XGetWindowProperty(server(), viewer->top, XInternAtom(server(), name, False), 0, 0, False,
                       AnyPropertyType, &type, &format, &count, &left, &data);
    if (data)
        XFree(data);
    return type != None;
}

static bool goes(const struct viewer *viewer, const char *name)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(1))
        if (!has_property(viewer, name))
            return true;
    return false;
}

static void write_command(const struct viewer *viewer, const char *script)
{
    XChangeProperty(server(), viewer->top, XInternAtom(server(), "_XLIGHTBOX_COMMAND", False),
                    XInternAtom(server(), "STRING", False), 8, PropModeReplace,
                    (const unsigned char *)script, (int)strlen(script));
    CU_ASSERT(goes(viewer, "_XLIGHTBOX_COMMAND"));
}

/* An answer goes when other commands are taken; these are run when the former are over. */
static void the_property_is_served_in_turn(void)
{
    struct viewer viewer;
    char reply[STATE_ROOM];
    if (!start(&viewer))
        return;
    CU_ASSERT(viewer_command(&viewer, "zom", reply, sizeof reply));
    CU_ASSERT(has_property(&viewer, "_XLIGHTBOX_RESULT"));
    write_command(&viewer, "wait frame 1000000");
    CU_ASSERT(goes(&viewer, "_XLIGHTBOX_RESULT"));
    write_command(&viewer, "window 66");
    write_command(&viewer, "quit");
    CU_ASSERT(viewer_state(&viewer, reply));
    CU_ASSERT_PTR_NULL(strstr(reply, " window=66 "));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("scripts", {"each line has its answer", each_line_has_its_answer},
      {"an answer tells of what the line did", an_answer_tells_of_what_the_line_did},
      {"long input is read to its end", long_input_is_read_to_its_end},
      {"a file of commands is a program", a_file_of_commands_is_a_program},
      {"a file of commands fails as one", a_file_of_commands_fails_as_one},
      {"waiting has its end", waiting_has_its_end},
      {"what cannot be shown ends waiting", what_cannot_be_shown_ends_waiting},
      {"state tells all", state_tells_all},
      {"a client has answers and a status", a_client_has_answers_and_a_status},
      {"a client chooses among viewers", a_client_chooses_among_viewers},
      {"many clients at once have their own answers", many_clients_at_once_have_their_own_answers},
      {"long scripts arrive whole", long_scripts_arrive_whole},
      {"a viewer that is killed is told of", a_viewer_that_is_killed_is_told_of},
      {"the property is served in turn", the_property_is_served_in_turn})
