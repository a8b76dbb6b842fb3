/* The proxy's process: accepts programs, reaches the server for each, and carries bytes both ways
 * in one loop that waits for descriptors and for what is due. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "support/wire_flow.h"
#include "support/wire_parts.h"

enum {
    CONNECTIONS = 8,
    BUFFER = 65536,
    LEAST_READ = 4096,
    SLACK = 65536,
    FDS = 3 + 2 * CONNECTIONS
};

struct connection {
    int program, server; /* -1: closed */
    struct wire_protocol protocol;
    struct wire_flow up, down;
    struct wire_bytes unheard; /* what the program has not yet taken */
    bool program_full, server_full;
    bool server_ended;
};

struct proxy {
    struct wire_office office;
    const char *server;
    int control, listeners[2];
    struct connection connections[CONNECTIONS];
};

/* ---- connections ---- */

static void drop(struct connection *connection, bool abruptly)
{
    struct linger linger = {.l_onoff = 1};
    if (abruptly)
        setsockopt(connection->program, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(connection->program);
    close(connection->server);
    wire_flow_fini(&connection->up);
    wire_flow_fini(&connection->down);
    wire_protocol_fini(&connection->protocol);
    free(connection->unheard.data);
    *connection = (struct connection){.program = -1, .server = -1};
}

static bool cut(const struct proxy *proxy)
{
    uint64_t at = proxy->office.settings.cut_at;
    return at && proxy->office.counts.up >= at;
}

static void drop_all(struct proxy *proxy)
{
    for (int i = 0; i < CONNECTIONS; i++)
        if (proxy->connections[i].program >= 0)
            drop(&proxy->connections[i], true);
}

static int reach(const char *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    static const char folder[] = "/tmp/.X11-unix/X";
    memcpy(address.sun_path, folder, sizeof folder);
    strncat(address.sun_path, server + 1, sizeof address.sun_path - sizeof folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
        close(fd);
        return -1;
    }
    return fd;
}

static void welcome(struct proxy *proxy, int listener)
{
    int program = accept4(listener, NULL, NULL, SOCK_CLOEXEC), one = 1;
    /* As servers do: else a second answer waits 40 ms for the first one to be acknowledged. */
    setsockopt(program, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int server = program < 0 ? -1 : reach(proxy->server);
    for (int i = 0; server >= 0 && i < CONNECTIONS; i++) {
        struct connection *connection = &proxy->connections[i];
        if (connection->program >= 0)
            continue;
        *connection = (struct connection){.program = program, .server = server};
        connection->protocol.office = &proxy->office;
        connection->protocol.swapped = proxy->office.settings.swapped;
        return;
    }
    close(program);
    close(server);
}

/* ---- bytes ---- */

static int64_t delay(const struct proxy *proxy)
{
    return (int64_t)proxy->office.settings.round_trip_ms * 500;
}

/* How much may still be read into a flow. */
static size_t room(const struct proxy *proxy, const struct wire_flow *flow, int64_t rate)
{
    size_t window = rate > 0 ? (size_t)(rate * delay(proxy) / 1000000) + SLACK : 32u << 20;
    return flow->queued < window ? (rate > 0 ? LEAST_READ : BUFFER) : 0;
}

static bool nothing_yet(ssize_t count)
{
    return count < 0 && (errno == EAGAIN || errno == EINTR);
}

/* False when the program has gone or the line is cut. */
static bool read_program(struct proxy *proxy, struct connection *connection)
{
    static uint8_t data[BUFFER];
    static struct wire_bytes out;
    const struct wire_settings *settings = &proxy->office.settings;
    uint64_t up = proxy->office.counts.up;
    size_t most = room(proxy, &connection->up, settings->up_rate);
    if (settings->cut_at && settings->cut_at - up < most)
        most = (size_t)(settings->cut_at - up);
    ssize_t count = recv(connection->program, data, most, MSG_DONTWAIT);
    if (count <= 0)
        return nothing_yet(count);
    out.used = 0;
    wire_speak(&connection->protocol, data, (size_t)count, &out);
    wire_flow_push(&connection->up, out.data, out.used, settings->up_rate, delay(proxy),
                   connection->protocol.shows);
    return !cut(proxy);
}

static void read_server(struct proxy *proxy, struct connection *connection)
{
    static uint8_t data[BUFFER];
    int64_t rate = proxy->office.settings.down_rate;
    ssize_t count =
        recv(connection->server, data, room(proxy, &connection->down, rate), MSG_DONTWAIT);
    if (count > 0)
        wire_flow_push(&connection->down, data, (size_t)count, rate, delay(proxy), false);
    else if (!nothing_yet(count))
        connection->server_ended = true;
}

static void feed_server(struct proxy *proxy, struct connection *connection)
{
    const uint8_t *data;
    size_t count;
    connection->server_full = false;
    while ((data = wire_flow_due(&connection->up, wire_now(), &count))) {
        ssize_t sent = send(connection->server, data, count, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            connection->server_full = errno == EAGAIN;
            return;
        }
        if (wire_flow_take(&connection->up, (size_t)sent))
            proxy->office.counts.picture_us = (uint64_t)wire_now();
    }
}

/* False when the program has gone. */
static bool feed_program(struct connection *connection)
{
    struct wire_bytes *unheard = &connection->unheard;
    const uint8_t *data;
    size_t count;
    connection->program_full = false;
    for (;;) {
        if (!unheard->used && (data = wire_flow_due(&connection->down, wire_now(), &count))) {
            wire_hear(&connection->protocol, data, count, unheard);
            wire_flow_take(&connection->down, count);
            continue;
        }
        if (!unheard->used)
            return !connection->server_ended || connection->down.queued;
        ssize_t sent =
            send(connection->program, unheard->data, unheard->used, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            connection->program_full = errno == EAGAIN;
            return connection->program_full;
        }
        unheard->used -= (size_t)sent;
        memmove(unheard->data, unheard->data + sent, unheard->used);
    }
}

/* ---- the loop ---- */

static int major_of(const struct proxy *proxy, const char *extension)
{
    for (int i = 128; i < WIRE_OPCODES; i++)
        if (!strcmp(proxy->office.extensions[i], extension))
            return i;
    return 0;
}

/* False when nobody asks any more. */
static bool answer(struct proxy *proxy)
{
    struct wire_question question;
    if (recv(proxy->control, &question, sizeof question, 0) != (ssize_t)sizeof question)
        return false;
    proxy->office.settings = question.settings;
    struct wire_answer said = {proxy->office.counts, major_of(proxy, question.extension)};
    return send(proxy->control, &said, sizeof said, MSG_NOSIGNAL) == (ssize_t)sizeof said;
}

static short interest(bool in, bool out)
{
    return (short)((in ? POLLIN : 0) | (out ? POLLOUT : 0));
}

static void prepare(const struct proxy *proxy, struct pollfd fds[FDS])
{
    const struct wire_settings *settings = &proxy->office.settings;
    fds[0] = (struct pollfd){proxy->control, POLLIN, 0};
    for (int i = 0; i < 2; i++)
        fds[1 + i] = (struct pollfd){settings->stalled ? -1 : proxy->listeners[i], POLLIN, 0};
    for (int i = 0; i < CONNECTIONS; i++) {
        const struct connection *c = &proxy->connections[i];
        bool up = room(proxy, &c->up, settings->up_rate);
        bool down = !c->server_ended && room(proxy, &c->down, settings->down_rate);
        short program = interest(up, c->program_full), server = interest(down, c->server_full);
        bool idle = settings->stalled;
        fds[3 + 2 * i] = (struct pollfd){idle || !program ? -1 : c->program, program, 0};
        fds[4 + 2 * i] = (struct pollfd){idle || !server ? -1 : c->server, server, 0};
    }
}

/* Microseconds until something is due, or -1. What a full descriptor keeps from being passed on
 * waits for that. */
static int64_t patience(const struct proxy *proxy)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < CONNECTIONS && !proxy->office.settings.stalled; i++) {
        const struct connection *c = &proxy->connections[i];
        if (!c->server_full && wire_flow_next(&c->up) < next)
            next = wire_flow_next(&c->up);
        if (!c->program_full && wire_flow_next(&c->down) < next)
            next = wire_flow_next(&c->down);
    }
    int64_t now = wire_now();
    return next == INT64_MAX ? -1 : next > now ? next - now : 0;
}

static void attend(struct proxy *proxy, struct connection *connection, short program, short server)
{
    bool alive = true;
    if (program & (POLLIN | POLLHUP | POLLERR))
        alive = read_program(proxy, connection);
    if (server & (POLLIN | POLLHUP | POLLERR))
        read_server(proxy, connection);
    if (alive) {
        feed_server(proxy, connection);
        alive = feed_program(connection);
    }
    if (!alive)
        drop(connection, cut(proxy));
}

void wire_serve(int control, const int listeners[2], const char *server)
{
    static struct proxy proxy;
    struct pollfd fds[FDS];
    proxy.control = control;
    proxy.server = server;
    memcpy(proxy.listeners, listeners, sizeof proxy.listeners);
    for (int i = 0; i < CONNECTIONS; i++)
        proxy.connections[i].program = proxy.connections[i].server = -1;
    for (;;) {
        prepare(&proxy, fds);
        int64_t wait = patience(&proxy);
        struct timespec limit = {wait / 1000000, wait % 1000000 * 1000};
        ppoll(fds, FDS, wait < 0 ? NULL : &limit, NULL);
        if (fds[0].revents && !answer(&proxy))
            return;
        if (cut(&proxy))
            drop_all(&proxy);
        for (int i = 0; i < 2; i++)
            if (fds[1 + i].revents)
                welcome(&proxy, listeners[i]);
        for (int i = 0; i < CONNECTIONS && !proxy.office.settings.stalled; i++)
            if (proxy.connections[i].program >= 0)
                attend(&proxy, &proxy.connections[i], fds[3 + 2 * i].revents,
                       fds[4 + 2 * i].revents);
    }
}
