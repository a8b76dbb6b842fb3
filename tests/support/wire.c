/* A line between a program and an X server, as tests see it: see wire.h. The proxy is a forked
 * process, asked and told through a socket pair; it ends when that is closed. */
#include "support/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/wire_parts.h"

enum { FIRST_DISPLAY = 200, DISPLAYS = 700, RECEIVE_BUFFER = 65536 };

/* A small buffer keeps what waits at the sender where the sender sees it. */
static int listen_at(const struct sockaddr *address, socklen_t length)
{
    int size = RECEIVE_BUFFER;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (!bind(fd, address, length) && !listen(fd, 8))
        return fd;
    close(fd);
    return -1;
}

/* The display's TCP port, and its socket without a place in the file system. */
static bool listen_as(int number, int listeners[2])
{
    struct sockaddr_in tcp = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)(6000 + number)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    int length =
        snprintf(local.sun_path + 1, sizeof local.sun_path - 1, "/tmp/.X11-unix/X%d", number);
    listeners[0] = listen_at((const struct sockaddr *)&tcp, sizeof tcp);
    if (listeners[0] < 0)
        return false;
    listeners[1] = listen_at((const struct sockaddr *)&local,
                             (socklen_t)(sizeof(sa_family_t) + 1 + (size_t)length));
    if (listeners[1] < 0)
        close(listeners[0]);
    return listeners[1] >= 0;
}

/* The test's connections and pipes must end when it ends them. */
static void keep_only(int control, const int listeners[2])
{
    for (int fd = 3; fd < 1024; fd++)
        if (fd != control && fd != listeners[0] && fd != listeners[1])
            close(fd);
}

bool wire_open(struct wire *wire, const char *server)
{
    int listeners[2], ends[2], number = 0;
    int begin = (int)getpid() % DISPLAYS;
    *wire = (struct wire){.control = -1};
    for (int i = 0; i < DISPLAYS && !number; i++)
        if (listen_as(FIRST_DISPLAY + (begin + i) % DISPLAYS, listeners))
            number = FIRST_DISPLAY + (begin + i) % DISPLAYS;
    if (!number)
        return false;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        abort();
    wire->pid = fork();
    if (wire->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        keep_only(ends[1], listeners);
        wire_serve(ends[1], listeners, server);
        _exit(0);
    }
    close(ends[1]);
    close(listeners[0]);
    close(listeners[1]);
    wire->control = ends[0];
    snprintf(wire->display, sizeof wire->display, "127.0.0.1:%d", number);
    snprintf(wire->local, sizeof wire->local, ":%d", number);
    return true;
}

void wire_close(struct wire *wire)
{
    if (wire->pid <= 0)
        return;
    close(wire->control);
    kill(wire->pid, SIGKILL);
    waitpid(wire->pid, NULL, 0);
    *wire = (struct wire){.control = -1};
}

/* Tells the proxy the settings and hears how far it is. */
static struct wire_answer ask(struct wire *wire, const char *extension)
{
    struct wire_question question = {.settings = wire->settings};
    struct wire_answer answer = {.major = 0};
    snprintf(question.extension, sizeof question.extension, "%s", extension);
    if (send(wire->control, &question, sizeof question, MSG_NOSIGNAL) < 0 ||
        recv(wire->control, &answer, sizeof answer, 0) < 0)
        perror("the proxy does not answer");
    return answer;
}

void wire_line(struct wire *wire, int round_trip_ms, int64_t up_rate, int64_t down_rate)
{
    wire->settings.round_trip_ms = round_trip_ms;
    wire->settings.up_rate = up_rate;
    wire->settings.down_rate = down_rate;
    ask(wire, "");
}

void wire_count(struct wire *wire, struct wire_counts *counts)
{
    struct wire_answer answer = ask(wire, "");
    const struct wire_counts *mark = &wire->mark;
    *counts = answer.counts;
    counts->up -= mark->up;
    counts->down -= mark->down;
    counts->requests -= mark->requests;
    counts->replies -= mark->replies;
    counts->events -= mark->events;
    counts->errors -= mark->errors;
    counts->turns -= mark->turns;
    counts->waits -= mark->waits;
    for (int i = 0; i < WIRE_OPCODES; i++) {
        counts->requests_of[i] -= mark->requests_of[i];
        counts->bytes_of[i] -= mark->bytes_of[i];
    }
}

void wire_mark(struct wire *wire)
{
    wire->mark = ask(wire, "").counts;
}

int wire_major(struct wire *wire, const char *extension)
{
    return ask(wire, extension).major;
}

static void add_rule(struct wire *wire, const struct wire_rule *rule, const char *extension)
{
    int i = 0;
    while (i < WIRE_RULES && wire->settings.rules[i].kind != WIRE_NO_RULE)
        i++;
    if (i == WIRE_RULES)
        abort();
    wire->settings.rules[i] = *rule;
    snprintf(wire->settings.rules[i].extension, WIRE_NAME, "%s", extension ? extension : "");
    ask(wire, "");
}

void wire_refuse(struct wire *wire, const char *extension, int opcode, int error)
{
    add_rule(wire, &(struct wire_rule){WIRE_REFUSE, "", opcode, error}, extension);
}

void wire_hide(struct wire *wire, const char *extension)
{
    add_rule(wire, &(struct wire_rule){WIRE_HIDE, "", WIRE_ANY, 0}, extension);
}

void wire_pretend(struct wire *wire, const char *extension)
{
    add_rule(wire, &(struct wire_rule){WIRE_PRETEND, "", WIRE_ANY, 0}, extension);
}

void wire_forgive(struct wire *wire)
{
    memset(wire->settings.rules, 0, sizeof wire->settings.rules);
    ask(wire, "");
}

void wire_swap(struct wire *wire, bool swapped)
{
    wire->settings.swapped = swapped;
    ask(wire, "");
}

void wire_stall(struct wire *wire, bool stalled)
{
    wire->settings.stalled = stalled;
    ask(wire, "");
}

void wire_cut(struct wire *wire, uint64_t bytes)
{
    uint64_t up = ask(wire, "").counts.up + bytes;
    wire->settings.cut_at = up ? up : 1;
    ask(wire, "");
}
