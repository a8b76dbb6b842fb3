/* The messages between the viewer and its decoder processes: see tiles/message.h. Owns the table of
 * what each message may hold; knows nothing of what is done about it. */
#include "tiles/message.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Descriptors one packet can bring before the kernel throws the rest away. */
enum { DESCRIPTORS = 8 };

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
    {MESSAGE_OPEN, BODY(open.page), 0, INT32_MAX, "page"},
    {MESSAGE_SELECT, BODY(open.page), 0, INT32_MAX, "page"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.page), 0, INT32_MAX, "page"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.reduction), 0, TILE_REDUCTION_MAX, "reduction"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.column), 0, COORDINATE_MAX, "column"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.row), 0, COORDINATE_MAX, "row"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.columns), 1, MESSAGE_TILES, "columns"},
    {MESSAGE_TILES_WANTED, BODY(wanted.span.rows), 1, MESSAGE_TILES, "rows"},
    {MESSAGE_PROBED, BODY(probe.code), 0, 65535, "code"},
    {MESSAGE_TILE, BODY(tile.index), 0, MESSAGE_TILES - 1, "index"},
    {MESSAGE_TILE, BODY(tile.sound), 0, 1, "sound"},
    {MESSAGE_COUNTED, BODY(counted.complete), 0, 1, "complete"},
    {MESSAGE_FAULT, BODY(fault.kind), FAULT_NONE + 1, FAULT_KINDS - 1, "kind"},
};

/* Makes text that is terminated, printable, and zero behind its end. */
static void clean_text(char *text, size_t room)
{
    text[room - 1] = 0;
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7f)
            text[i] = '?';
    }
    memset(text + length, 0, room - length);
}

static bool check_open(struct message *message, struct fault *fault)
{
    (void)fault;
    clean_text(message->body.open.name, sizeof message->body.open.name);
    return true;
}

static bool check_wanted(struct message *message, struct fault *fault)
{
    const struct tile_span *span = &message->body.wanted.span;
    int32_t tiles = span->columns * span->rows;
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
    clean_text(page->compression, sizeof page->compression);
    clean_text(page->spacing_source, sizeof page->spacing_source);
    if (page_check(page, fault))
        return true;
    if (fault)
        fault->kind = FAULT_WORKER;
    return false;
}

static bool check_fault(struct message *message, struct fault *fault)
{
    clean_text(message->body.fault.text, sizeof message->body.fault.text);
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
    [MESSAGE_REST] = {"rest", false, NULL},
    [MESSAGE_CLOSE] = {"close", false, NULL},
    [MESSAGE_PAGE] = {"page", true, check_page},
    [MESSAGE_TILE] = {"tile", true, NULL},
    [MESSAGE_COUNTED] = {"counted", true, NULL},
    [MESSAGE_PROBED] = {"probed", true, check_probe},
    [MESSAGE_ALIVE] = {"alive", true, NULL},
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
    if (message->reserved)
        return fault_set(fault, FAULT_WORKER, "reserved bits in a \"%s\" message",
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

bool message_send(int socket, const struct message *message, int pass_fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct message copy = *message;
    struct iovec part = {&copy, sizeof copy};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (pass_fd >= 0) {
        memset(&control, 0, sizeof control);
        packet.msg_control = control.bytes;
        packet.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &pass_fd, sizeof pass_fd);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &packet, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof copy;
}

/* Puts the first descriptor that came along into *kept when it is -1; closes all others. */
static void take_descriptors(struct msghdr *packet, int *kept)
{
    for (struct cmsghdr *header = CMSG_FIRSTHDR(packet); header;
         header = CMSG_NXTHDR(packet, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            if (kept && *kept < 0)
                *kept = fd;
            else
                close(fd);
        }
    }
}

enum message_received message_receive(int socket, struct message *message, int *passed_fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec part = {message, sizeof *message};
    struct msghdr packet = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    if (passed_fd)
        *passed_fd = -1;
    ssize_t length;
    do /* the other end's death with mail unread is told once, ahead of what it had still sent */
        length = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
    while (length < 0 && (errno == EINTR || errno == ECONNRESET));
    if (length < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? MESSAGE_NONE : MESSAGE_CLOSED;
    take_descriptors(&packet, passed_fd);
    if (length == 0)
        return MESSAGE_CLOSED;
    if (length != (ssize_t)sizeof *message || packet.msg_flags & MSG_TRUNC) {
        memset(message, 0, sizeof *message);
        if (passed_fd && *passed_fd >= 0) {
            close(*passed_fd);
            *passed_fd = -1;
        }
    }
    return MESSAGE_RECEIVED;
}
