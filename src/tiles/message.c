/* The messages between the viewer and its decoder processes: see tiles/message.h. Owns the table of
 * what each message may hold; knows nothing of what is done about it. */
#include "tiles/message.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Descriptors one packet can bring before the kernel throws the rest away. */
enum { DESCRIPTORS = 8 };

/* The last byte that texts may hold: names and sentences are the user's, in any encoding. */
enum { ASCII = 0x7e, ANY_BYTE = 0xff };

/* A 32-bit field and the values it may have. */
struct range {
    enum message_type type;
    uint32_t offset;
    int32_t low, high;
    const char *name;
};

#define BODY(member) (uint32_t) offsetof(struct message, body.member)
#define COORDINATE_MAX (INT32_MAX - MESSAGE_TILES)

static const struct range ranges[] = {
    {MESSAGE_OPEN, BODY(open.choice.index), 0, INT32_MAX, "page"},
    {MESSAGE_OPEN, BODY(open.choice.channel), 0, UINT16_MAX, "channel"},
    {MESSAGE_OPEN, BODY(open.choice.every), 0, 1, "every"},
    {MESSAGE_OPEN, BODY(open.choice.apart), 0, 1, "apart"},
    {MESSAGE_SELECT, BODY(open.choice.index), 0, INT32_MAX, "page"},
    {MESSAGE_SELECT, BODY(open.choice.channel), 0, UINT16_MAX, "channel"},
    {MESSAGE_SELECT, BODY(open.choice.every), 0, 1, "every"},
    {MESSAGE_SELECT, BODY(open.choice.apart), 0, 0, "apart"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.page), 0, INT32_MAX, "page"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.reduction), 0, TILE_ROUGH + TILE_REDUCTION_MAX,
     "reduction"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.column), 0, COORDINATE_MAX, "column"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.row), 0, COORDINATE_MAX, "row"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.columns), 1, MESSAGE_TILES, "columns"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.rows), 1, MESSAGE_TILES, "rows"},
    {MESSAGE_TILES_WANTED, BODY(wanted.tally), 0, 1, "tally"},
    {MESSAGE_STATISTICS, BODY(statistics.kept), 0, INT32_MAX, "kept"},
    {MESSAGE_DONE, BODY(done.tallied), 0, 1, "tallied"},
    {MESSAGE_TILE, BODY(tile.index), 0, MESSAGE_TILES - 1, "index"},
    {MESSAGE_TILE, BODY(tile.sound), 0, 1, "sound"},
    {MESSAGE_ALIVE, BODY(alive.growing.row), 0, MESSAGE_TILES - 1, "row"},
    {MESSAGE_ALIVE, BODY(alive.growing.column), 0, MESSAGE_TILES - 1, "column"},
    {MESSAGE_ALIVE, BODY(alive.growing.columns), 0, MESSAGE_TILES, "columns"},
    {MESSAGE_ALIVE, BODY(alive.growing.rows), 0, TILE_SIDE, "rows"},
    {MESSAGE_COUNTED, BODY(counted.complete), 0, 1, "complete"},
    {MESSAGE_PAGES, BODY(pages.count), 1, INT32_MAX, "count"},
    {MESSAGE_PAGES, BODY(pages.counting), 0, 1, "counting"},
    {MESSAGE_FAULT, BODY(fault.kind), FAULT_NONE + 1, FAULT_KINDS - 1, "kind"},
};

/* Makes text that is terminated, printable (of bytes up to `last`), and zero behind its end. */
static void clean_text(char *text, size_t room, unsigned char last)
{
    text[room - 1] = 0;
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7f || byte > last)
            text[i] = '?';
    }
    memset(text + length, 0, room - length);
}

static bool check_open(struct message *message, struct fault *fault)
{
    (void)fault;
    clean_text(message->body.open.name, sizeof message->body.open.name, ANY_BYTE);
    return true;
}

static bool check_wanted(struct message *message, struct fault *fault)
{
    const struct tile_span *span = &message->body.wanted.span;
    int32_t tiles = span->columns * span->rows;
    if (!tile_reduction_exists(span->reduction))
        return fault_set(fault, FAULT_WORKER, "a request for tiles of reduction %d",
                         (int)span->reduction);
    if (tiles > MESSAGE_TILES)
        return fault_set(fault, FAULT_WORKER, "a request for %d tiles", (int)tiles);
    for (int32_t i = 0; i < tiles; i++)
        if (message->body.wanted.slots[i] < -1)
            return fault_set(fault, FAULT_WORKER, "slot %d in a request",
                             (int)message->body.wanted.slots[i]);
    return true;
}

static bool check_probe(struct message *message, struct fault *fault)
{
    int64_t x = message->body.probe.x, y = message->body.probe.y;
    if (x < 0 || y < 0 || x >= PAGE_SIDE_MAX || y >= PAGE_SIDE_MAX)
        return fault_set(fault, FAULT_WORKER, "a probe at (%lld, %lld)", (long long)x,
                         (long long)y);
    return true;
}

static bool check_page(struct message *message, struct fault *fault)
{
    struct page *page = &message->body.page;
    clean_text(page->compression, sizeof page->compression, ASCII);
    clean_text(page->photometric, sizeof page->photometric, ASCII);
    clean_text(page->spacing_source, sizeof page->spacing_source, ASCII);
    clean_text(page->unit, sizeof page->unit, ASCII);
    clean_text(page->title, sizeof page->title, ASCII);
    clean_text(page->notice, sizeof page->notice, ANY_BYTE);
    if (page_check(page, fault))
        return true;
    if (fault)
        fault->kind = FAULT_WORKER;
    return false;
}

bool message_check_statistics(const struct statistics *statistics, struct fault *fault)
{
    if (statistics->counted > 0 && isfinite(statistics->least) && isfinite(statistics->most) &&
        statistics->least <= statistics->low && statistics->low <= statistics->high &&
        statistics->high <= statistics->most)
        return true;
    return fault_set(fault, FAULT_WORKER, "statistics of %lld values from %g to %g",
                     (long long)statistics->counted, statistics->least, statistics->most);
}

static bool check_counted(struct message *message, struct fault *fault)
{
    struct statistics *statistics = &message->body.counted.statistics;
    if (statistics->counted)
        return message_check_statistics(statistics, fault);
    *statistics = (struct statistics){0};
    return true;
}

static bool check_fact(struct message *message, struct fault *fault)
{
    clean_text(message->body.fact.name, sizeof message->body.fact.name, ASCII);
    clean_text(message->body.fact.text, sizeof message->body.fact.text, ASCII);
    if (!message->body.fact.name[0])
        return fault_set(fault, FAULT_WORKER, "a fact without a name");
    return true;
}

static bool check_alive(struct message *message, struct fault *fault)
{
    int64_t done = message->body.alive.done, all = message->body.alive.all;
    return (done >= 0 && done <= all) ||
           fault_set(fault, FAULT_WORKER, "%lld of %lld done", (long long)done, (long long)all);
}

static bool check_fault(struct message *message, struct fault *fault)
{
    clean_text(message->body.fault.text, sizeof message->body.fault.text, ANY_BYTE);
    if (!message->body.fault.text[0])
        return fault_set(fault, FAULT_WORKER, "a fault without words");
    return true;
}

/* What a message of each type is, and what is to be checked beside the ranges above. */
static const struct rule {
    const char *name;
    bool answer;
    bool (*check)(struct message *message, struct fault *fault);
} rules[MESSAGE_TYPES] = {
    [MESSAGE_OPEN] = {"open", false, check_open},
    [MESSAGE_SELECT] = {"select", false, check_open},
    [MESSAGE_TILES_WANTED] = {"tiles wanted", false, check_wanted},
    [MESSAGE_STATISTICS] = {"statistics", false, NULL},
    [MESSAGE_PROBE] = {"probe", false, check_probe},
    [MESSAGE_COUNT] = {"count", false, NULL},
    [MESSAGE_INFORM] = {"inform", false, NULL},
    [MESSAGE_REST] = {"rest", false, NULL},
    [MESSAGE_CLOSE] = {"close", false, NULL},
    [MESSAGE_PAGE] = {"page", true, check_page},
    [MESSAGE_TILE] = {"tile", true, NULL},
    [MESSAGE_COUNTED] = {"counted", true, check_counted},
    [MESSAGE_PROBED] = {"probed", true, check_probe},
    [MESSAGE_PAGES] = {"pages", true, NULL},
    [MESSAGE_FACT] = {"fact", true, check_fact},
    [MESSAGE_ALIVE] = {"alive", true, check_alive},
    [MESSAGE_DONE] = {"done", true, NULL},
    [MESSAGE_FAULT] = {"fault", true, check_fault},
};

static bool check_ranges(const struct message *message, struct fault *fault)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        int32_t value;
        if (ranges[i].type != message->type)
            continue;
        memcpy(&value, (const char *)message + ranges[i].offset, sizeof value);
        if (value < ranges[i].low || value > ranges[i].high)
            return fault_set(fault, FAULT_WORKER, "%s %d in a \"%s\" message", ranges[i].name,
                             (int)value, rules[message->type].name);
    }
    return true;
}

static bool check(struct message *message, bool answer, struct fault *fault)
{
    if (message->magic != MESSAGE_MAGIC)
        return fault_set(fault, FAULT_WORKER, "a packet that is no message");
    if (message->type >= MESSAGE_TYPES || !rules[message->type].name ||
        rules[message->type].answer != answer)
        return fault_set(fault, FAULT_WORKER, "a message of type %u", (unsigned)message->type);
    if (message->version && !answer)
        return fault_set(fault, FAULT_WORKER, "a version in a \"%s\" message",
                         rules[message->type].name);
    if (!check_ranges(message, fault))
        return false;
    return !rules[message->type].check || rules[message->type].check(message, fault);
}

bool message_check_answer(struct message *message, uint32_t serial, struct fault *fault)
{
    if (!check(message, true, fault))
        return false;
    if (message->serial != serial)
        return fault_set(fault, FAULT_WORKER, "an answer to request %u instead of %u",
                         (unsigned)message->serial, (unsigned)serial);
    return true;
}

bool message_check_request(struct message *message, struct fault *fault)
{
    return check(message, false, fault);
}

#define BIT(type) (1u << (type))

/* Which answers may come to a request, and which of them end it. */
static const struct {
    uint32_t allowed, last;
} replies[MESSAGE_TYPES] = {
    [MESSAGE_OPEN] = {BIT(MESSAGE_PAGE) | BIT(MESSAGE_FAULT),
                      BIT(MESSAGE_PAGE) | BIT(MESSAGE_FAULT)},
    [MESSAGE_SELECT] = {BIT(MESSAGE_PAGE) | BIT(MESSAGE_FAULT),
                        BIT(MESSAGE_PAGE) | BIT(MESSAGE_FAULT)},
    [MESSAGE_TILES_WANTED] = {BIT(MESSAGE_TILE) | BIT(MESSAGE_ALIVE) | BIT(MESSAGE_FAULT) |
                                  BIT(MESSAGE_DONE),
                              BIT(MESSAGE_DONE)},
    [MESSAGE_STATISTICS] = {BIT(MESSAGE_COUNTED) | BIT(MESSAGE_ALIVE) | BIT(MESSAGE_FAULT),
                            BIT(MESSAGE_COUNTED) | BIT(MESSAGE_FAULT)},
    [MESSAGE_PROBE] = {BIT(MESSAGE_PROBED) | BIT(MESSAGE_FAULT),
                       BIT(MESSAGE_PROBED) | BIT(MESSAGE_FAULT)},
    [MESSAGE_COUNT] = {BIT(MESSAGE_PAGES) | BIT(MESSAGE_ALIVE) | BIT(MESSAGE_FAULT),
                       BIT(MESSAGE_PAGES) | BIT(MESSAGE_FAULT)},
    [MESSAGE_INFORM] = {BIT(MESSAGE_FACT) | BIT(MESSAGE_DONE), BIT(MESSAGE_DONE)},
    [MESSAGE_REST] = {BIT(MESSAGE_DONE), BIT(MESSAGE_DONE)},
    [MESSAGE_CLOSE] = {BIT(MESSAGE_DONE), BIT(MESSAGE_DONE)},
};

bool message_fits(uint32_t request, uint32_t answer, bool *last)
{
    *last = replies[request].last & BIT(answer);
    return replies[request].allowed & BIT(answer);
}

bool packet_send(int socket, const void *packet, size_t bytes, const int *pass_fds, int count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
    } control;
    size_t passed = (size_t)count * sizeof *pass_fds;
    struct iovec part = {(void *)(uintptr_t)packet, bytes};
    struct msghdr parcel = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        memset(&control, 0, sizeof control);
        parcel.msg_control = control.bytes;
        parcel.msg_controllen = CMSG_SPACE(passed);
        struct cmsghdr *header = CMSG_FIRSTHDR(&parcel);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(passed);
        memcpy(CMSG_DATA(header), pass_fds, passed);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &parcel, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)bytes;
}

bool message_send(int socket, const struct message *message, const int *pass_fds, int count)
{
    return packet_send(socket, message, sizeof *message, pass_fds, count);
}

/* Puts the first descriptors that came along into `kept`; closes all others. */
static void take_descriptors(struct msghdr *packet, int *kept)
{
    int taken = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(packet); header;
         header = CMSG_NXTHDR(packet, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            if (kept && taken < MESSAGE_FDS)
                kept[taken++] = fd;
            else
                close(fd);
        }
    }
}

void packet_close(int *fds)
{
    for (int i = 0; fds && i < MESSAGE_FDS; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}

enum message_received packet_receive(int socket, void *packet, size_t room, size_t *bytes,
                                     int passed_fds[MESSAGE_FDS])
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec part = {packet, room};
    struct msghdr parcel = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    for (int i = 0; passed_fds && i < MESSAGE_FDS; i++)
        passed_fds[i] = -1;
    ssize_t length;
    do /* the other end's death with mail unread is told once, ahead of what it had still sent */
        length = recvmsg(socket, &parcel, MSG_CMSG_CLOEXEC);
    while (length < 0 && (errno == EINTR || errno == ECONNRESET));
    if (length < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? MESSAGE_NONE : MESSAGE_CLOSED;
    take_descriptors(&parcel, passed_fds);
    if (length == 0)
        return MESSAGE_CLOSED;
    *bytes = parcel.msg_flags & MSG_TRUNC ? 0 : (size_t)length;
    return MESSAGE_RECEIVED;
}

enum message_received message_receive(int socket, struct message *message,
                                      int passed_fds[MESSAGE_FDS])
{
    size_t bytes = 0;
    enum message_received received =
        packet_receive(socket, message, sizeof *message, &bytes, passed_fds);
    if (received == MESSAGE_RECEIVED && bytes != sizeof *message) {
        memset(message, 0, sizeof *message);
        packet_close(passed_fds);
    }
    return received;
}
