/* Runs a program over a line to the X server of $DISPLAY (tests/support/wire) and tells what
 * crossed it. Usage: line [OPTION]... COMMAND [WORD]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/wire.h"

static const char usage[] =
    "usage: line [OPTION]... COMMAND [WORD]...\n"
    "  --round-trip MS   delays each way by half of it\n"
    "  --rate BYTES      a second, each way (1250000: 10 Mbit/s)\n"
    "  --swap            the server has the other byte and bit order of images\n"
    "  --hide EXTENSION  as if the server had it not\n"
    "  --pretend EXTENSION   as if it had it\n"
    "  --refuse OPCODE, --refuse EXTENSION.MINOR   answers such requests with BadAlloc\n"
    "  --local           as through a socket of this machine, not by TCP\n";

enum { BAD_ALLOC = 11 };

static void refuse(struct wire *wire, const char *what)
{
    char extension[WIRE_NAME];
    const char *dot = strchr(what, '.');
    snprintf(extension, sizeof extension, "%.*s", dot ? (int)(dot - what) : 0, what);
    long opcode = strtol(dot ? dot + 1 : what, NULL, 10);
    wire_refuse(wire, dot ? extension : NULL, (int)opcode, BAD_ALLOC);
}

/* One option, with its value where it takes one; how many words it was, 0 = none of ours. */
static int take_option(struct wire *wire, const char *name, const char *value)
{
    struct wire_settings *now = &wire->settings;
    if (!strcmp(name, "--swap"))
        return wire_swap(wire, true), 1;
    if (!value)
        return 0;
    if (!strcmp(name, "--round-trip"))
        wire_line(wire, (int)strtol(value, NULL, 10), now->up_rate, now->down_rate);
    else if (!strcmp(name, "--rate"))
        wire_line(wire, now->round_trip_ms, strtol(value, NULL, 10), strtol(value, NULL, 10));
    else if (!strcmp(name, "--hide"))
        wire_hide(wire, value);
    else if (!strcmp(name, "--pretend"))
        wire_pretend(wire, value);
    else if (!strcmp(name, "--refuse"))
        refuse(wire, value);
    else
        return 0;
    return 2;
}

static int run(char **words, const char *display)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        setenv("DISPLAY", display, 1);
        execvp(words[0], words);
        perror(words[0]);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void tell(struct wire *wire)
{
    struct wire_counts c;
    wire_count(wire, &c);
    fprintf(
        stderr,
        "%llu bytes up, %llu down; %llu requests, %llu replies, %llu events, %llu errors; %llu turns, %llu "
        "waited for\n",
        (unsigned long long)c.up, (unsigned long long)c.down, (unsigned long long)c.requests,
        (unsigned long long)c.replies, (unsigned long long)c.events, (unsigned long long)c.errors,
        (unsigned long long)c.turns, (unsigned long long)c.waits);
    for (int i = 0; i < WIRE_OPCODES; i++)
        if (c.requests_of[i])
            fprintf(stderr, "opcode %3d: %8llu requests, %10llu bytes\n", i,
                    (unsigned long long)c.requests_of[i], (unsigned long long)c.bytes_of[i]);
}

int main(int count, char **words)
{
    struct wire wire;
    const char *server = getenv("DISPLAY");
    bool local = false;
    int at = 1;
    if (!server || server[0] != ':' || !wire_open(&wire, server)) {
        fprintf(stderr, "line: DISPLAY is no server of this machine, or no port is free\n");
        return 3;
    }
    while (at < count && !strncmp(words[at], "--", 2)) {
        bool is_local = !strcmp(words[at], "--local");
        int taken = is_local ? 1 : take_option(&wire, words[at], words[at + 1]);
        local |= is_local;
        at = taken ? at + taken : count;
    }
    if (at >= count) {
        fputs(usage, stderr);
        wire_close(&wire);
        return 2;
    }
    int status = run(words + at, local ? wire.local : wire.display);
    tell(&wire);
    wire_close(&wire);
    return status;
}
