/* The messages between viewer and decoders: they arrive whole, and nothing odd in them passes. */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tiles/message.h"

static int open_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void make_pair(int ends[2])
{
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
}

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* A sound message of each type. */
static struct message sound_message(enum message_type type)
{
    struct message message = {.magic = MESSAGE_MAGIC, .type = type, .serial = 7};
    switch (type) {
    case MESSAGE_OPEN:
    case MESSAGE_SELECT:
        message.body.open.choice.index = 3;
        strcpy(message.body.open.name, "chest.tif");
        break;
    case MESSAGE_TILES_WANTED:
        message.body.wanted.span = (struct tile_span){0, TILE_ROUGH + 24, 5, 6, 16, 16};
        message.body.wanted.tally = 1;
        memset(message.body.wanted.slots, -1, sizeof message.body.wanted.slots);
        break;
    case MESSAGE_PROBE:
    case MESSAGE_PROBED:
        message.body.probe.x = PAGE_SIDE_MAX - 1;
        message.body.probe.values[2] = type == MESSAGE_PROBED ? NAN : 0;
        break;
    case MESSAGE_PAGE:
        message.body.page = (struct page){.width = 3072,
                                          .height = 2560,
                                          .count = 1,
                                          .type = SAMPLE_U16,
                                          .channels = 1,
                                          .integral = 1,
                                          .bits = 16,
                                          .samples = 1,
                                          .block_width = 3072,
                                          .block_height = 16,
                                          .blocks = 160,
                                          .orientation = 1,
                                          .slope = 1,
                                          .axis_extent = {1, 1, 1},
                                          .series_count = 1};
        strcpy(message.body.page.compression, "deflate");
        break;
    case MESSAGE_TILE:
        message.body.tile.index = MESSAGE_TILES - 1;
        message.body.tile.sound = 1;
        break;
    case MESSAGE_FAULT:
        message.body.fault.kind = FAULT_FORMAT;
        strcpy(message.body.fault.text, "strip 7 is broken");
        break;
    case MESSAGE_COUNTED:
        message.body.counted.statistics = (struct statistics){5, -2, 9.5, -2, 9.5};
        break;
    case MESSAGE_PAGES:
        message.body.pages.count = 30000;
        message.body.pages.counting = 1;
        break;
    case MESSAGE_FACT:
        strcpy(message.body.fact.name, "software");
        break;
    case MESSAGE_ALIVE:
        message.body.alive.done = message.body.alive.all = 9;
        break;
    case MESSAGE_DONE:
        message.body.done.tallied = 1;
        break;
    case MESSAGE_STATISTICS:
    case MESSAGE_COUNT:
    case MESSAGE_INFORM:
    case MESSAGE_REST:
    case MESSAGE_CLOSE:
    case MESSAGE_TYPES:
        break;
    }
    return message;
}

static bool is_answer(enum message_type type)
{
    return type >= MESSAGE_PAGE;
}

static bool passes(struct message *message, bool answer, struct fault *fault)
{
    return answer ? message_check_answer(message, 7, fault) : message_check_request(message, fault);
}

static void sound_messages_pass_on_their_own_side_only(void)
{
    for (int type = 0; type < MESSAGE_TYPES + 2; type++) {
        struct message message = sound_message((enum message_type)type);
        bool known = type > 0 && type < MESSAGE_TYPES;
        bool answer = is_answer((enum message_type)type);
        CU_ASSERT_EQUAL(message_check_answer(&message, 7, NULL), known && answer);
        CU_ASSERT_EQUAL(message_check_request(&message, NULL), known && !answer);
    }
}

/* A field of a sound message and a value that must not pass. */
static const struct corruption {
    enum message_type type;
    size_t offset, bytes;
    int64_t value;
} corruptions[] = {
#define WRONG(type, member, value)                                                           \
    {                                                                                        \
        type, offsetof(struct message, member), sizeof(((struct message *)0)->member), value \
    }
    WRONG(MESSAGE_DONE, magic, 0),
    WRONG(MESSAGE_DONE, magic, MESSAGE_MAGIC + 1),
    WRONG(MESSAGE_DONE, type, 0),
    WRONG(MESSAGE_DONE, type, MESSAGE_TYPES),
    WRONG(MESSAGE_DONE, type, 0xffffffff),
    WRONG(MESSAGE_DONE, serial, 6),
    WRONG(MESSAGE_DONE, serial, 8),
    WRONG(MESSAGE_TILE, body.tile.index, -1),
    WRONG(MESSAGE_TILE, body.tile.index, MESSAGE_TILES),
    WRONG(MESSAGE_TILE, body.tile.sound, 2),
    WRONG(MESSAGE_TILE, body.tile.sound, -1),
    WRONG(MESSAGE_ALIVE, body.alive.done, 10),
    WRONG(MESSAGE_ALIVE, body.alive.done, -1),
    WRONG(MESSAGE_ALIVE, body.alive.all, -1),
    WRONG(MESSAGE_ALIVE, body.alive.all, INT64_MIN),
    WRONG(MESSAGE_ALIVE, body.alive.growing.row, -1),
    WRONG(MESSAGE_ALIVE, body.alive.growing.row, MESSAGE_TILES),
    WRONG(MESSAGE_ALIVE, body.alive.growing.column, -1),
    WRONG(MESSAGE_ALIVE, body.alive.growing.column, MESSAGE_TILES),
    WRONG(MESSAGE_ALIVE, body.alive.growing.columns, -1),
    WRONG(MESSAGE_ALIVE, body.alive.growing.columns, MESSAGE_TILES + 1),
    WRONG(MESSAGE_ALIVE, body.alive.growing.rows, -1),
    WRONG(MESSAGE_ALIVE, body.alive.growing.rows, TILE_SIDE + 1),
    WRONG(MESSAGE_DONE, body.done.tallied, 2),
    WRONG(MESSAGE_DONE, body.done.tallied, -1),
    WRONG(MESSAGE_COUNTED, body.counted.complete, 2),
    WRONG(MESSAGE_COUNTED, body.counted.complete, -1),
    WRONG(MESSAGE_PROBED, body.probe.x, -1),
    WRONG(MESSAGE_PROBED, body.probe.y, PAGE_SIDE_MAX),
    WRONG(MESSAGE_COUNTED, body.counted.statistics.counted, -1),
    WRONG(MESSAGE_PAGES, body.pages.count, 0),
    WRONG(MESSAGE_PAGES, body.pages.count, -1),
    WRONG(MESSAGE_PAGES, body.pages.counting, 2),
    WRONG(MESSAGE_FACT, body.fact.name[0], 0),
    WRONG(MESSAGE_FAULT, body.fault.kind, FAULT_NONE),
    WRONG(MESSAGE_FAULT, body.fault.kind, FAULT_KINDS),
    WRONG(MESSAGE_FAULT, body.fault.kind, -1),
    WRONG(MESSAGE_FAULT, body.fault.text[0], 0),
    WRONG(MESSAGE_PAGE, body.page.width, 0),
    WRONG(MESSAGE_PAGE, body.page.width, (int64_t)PAGE_SIDE_MAX + 1),
    WRONG(MESSAGE_PAGE, body.page.height, -5),
    WRONG(MESSAGE_PAGE, body.page.index, -1),
    WRONG(MESSAGE_PAGE, body.page.index, 1),
    WRONG(MESSAGE_PAGE, body.page.count, 0),
    WRONG(MESSAGE_PAGE, body.page.type, SAMPLE_TYPES),
    WRONG(MESSAGE_PAGE, body.page.type, -1),
    WRONG(MESSAGE_PAGE, body.page.bits, 0),
    WRONG(MESSAGE_PAGE, body.page.channels, 2),
    WRONG(MESSAGE_PAGE, body.page.min_is_white, 2),
    WRONG(MESSAGE_PAGE, body.page.tiled, -1),
    WRONG(MESSAGE_PAGE, body.page.block_width, 0),
    WRONG(MESSAGE_PAGE, body.page.block_height, -1),
    WRONG(MESSAGE_PAGE, body.page.blocks, 0),
    WRONG(MESSAGE_PAGE, body.page.direct, 2),
    WRONG(MESSAGE_PAGE, body.page.whole, 2),
    WRONG(MESSAGE_PAGE, body.page.filed, 2),
    WRONG(MESSAGE_PAGE, body.page.window_origin, WINDOW_ORIGINS),
    WRONG(MESSAGE_OPEN, body.open.choice.index, -1),
    WRONG(MESSAGE_OPEN, body.open.choice.channel, 65536),
    WRONG(MESSAGE_OPEN, body.open.choice.every, 2),
    WRONG(MESSAGE_OPEN, body.open.choice.apart, 2),
    WRONG(MESSAGE_SELECT, body.open.choice.index, -1),
    WRONG(MESSAGE_SELECT, body.open.choice.channel, -1),
    WRONG(MESSAGE_SELECT, body.open.choice.every, -1),
    WRONG(MESSAGE_SELECT, body.open.choice.apart, 1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.page, -1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.reduction, -1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.reduction, TILE_REDUCTION_MAX + 1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.reduction, TILE_ROUGH - 1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.reduction, TILE_ROUGH + TILE_REDUCTION_MAX + 1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.tally, 2),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.column, -1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.row, -1),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.row, INT32_MAX),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.columns, 0),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.columns, 17),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.columns, INT32_MAX),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.rows, 0),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.span.rows, 17),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.slots[0], -2),
    WRONG(MESSAGE_TILES_WANTED, body.wanted.slots[255], INT32_MIN),
    WRONG(MESSAGE_PROBE, body.probe.x, PAGE_SIDE_MAX),
    WRONG(MESSAGE_PROBE, body.probe.y, -1),
};

static void every_bad_field_is_refused(void)
{
    for (size_t i = 0; i < sizeof corruptions / sizeof *corruptions; i++) {
        struct message message = sound_message(corruptions[i].type);
        struct fault fault = {0};
        const char *value = (const char *)&corruptions[i].value;
        if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
            value += sizeof corruptions[i].value - corruptions[i].bytes;
        memcpy((char *)&message + corruptions[i].offset, value, corruptions[i].bytes);
        if (passes(&message, is_answer(corruptions[i].type), &fault) ||
            fault.kind != FAULT_WORKER || !fault.text[0]) {
            char text[80];
            snprintf(text, sizeof text, "corruption %zu (of type %d) passed", i,
                     (int)corruptions[i].type);
            CU_FAIL(text);
            printf("  %s\n", text);
        }
    }
}

static void windows_that_are_no_numbers_are_refused(void)
{
    struct message message = sound_message(MESSAGE_PAGE);
    message.body.page.window_origin = WINDOW_TIFF_TAGS;
    message.body.page.window_high = 100;
    struct message wrong = message;
    CU_ASSERT(message_check_answer(&message, 7, NULL));
    wrong.body.page.window_low = NAN;
    CU_ASSERT_FALSE(message_check_answer(&wrong, 7, NULL));
    wrong = message;
    wrong.body.page.window_low = 200;
    CU_ASSERT_FALSE(message_check_answer(&wrong, 7, NULL));
}

static void statistics_that_make_no_sense_are_refused(void)
{
    static const struct statistics wrong[] = {
        {1, NAN, 2, 1, 2},       {1, 1, NAN, 1, 2},      {1, 1, 2, NAN, 2}, {1, 1, 2, 1, NAN},
        {1, -INFINITY, 2, 1, 2}, {1, 1, INFINITY, 1, 2}, {1, 3, 2, 3, 2},   {1, 1, 2, 0.5, 2},
        {1, 1, 2, 1, 2.5},       {1, 1, 2, 2, 1},        {-1, 1, 2, 1, 2},
    };
    static const struct statistics right[] = {
        {1, 1, 2, 1, 2}, {1, 5, 5, 5, 5}, {0, NAN, -INFINITY, 3, 2}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct message message = sound_message(MESSAGE_COUNTED);
        message.body.counted.statistics = wrong[i];
        CU_ASSERT_FALSE(message_check_answer(&message, 7, NULL));
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct message message = sound_message(MESSAGE_COUNTED);
        message.body.counted.statistics = right[i];
        CU_ASSERT(message_check_answer(&message, 7, NULL));
    }
}

static void texts_are_terminated_and_printable(void)
{
    struct message message = sound_message(MESSAGE_FAULT);
    memset(message.body.fault.text, 'a', sizeof message.body.fault.text);
    message.body.fault.text[1] = '\033';
    message.body.fault.text[2] = '\n';
    message.body.fault.text[3] = 0x7f;
    memcpy(message.body.fault.text + 4, "\xc3\xa4", 2);
    CU_ASSERT(message_check_answer(&message, 7, NULL));
    CU_ASSERT_EQUAL(strlen(message.body.fault.text), FAULT_TEXT - 1);
    CU_ASSERT(memcmp(message.body.fault.text,
                     "a???\xc3\xa4"
                     "aaa",
                     9) == 0);
    message = sound_message(MESSAGE_PAGE);
    memset(message.body.page.compression, 'c', PAGE_NAME);
    memcpy(message.body.page.spacing_source, "mm\0rubbish", 10);
    CU_ASSERT(message_check_answer(&message, 7, NULL));
    CU_ASSERT_EQUAL(strlen(message.body.page.compression), PAGE_NAME - 1);
    CU_ASSERT_EQUAL(message.body.page.spacing_source[3], 0); /* pages are compared as they are */
    message = sound_message(MESSAGE_OPEN);
    memset(message.body.open.name, '\t', sizeof message.body.open.name);
    CU_ASSERT(message_check_request(&message, NULL));
    CU_ASSERT_EQUAL(strlen(message.body.open.name), MESSAGE_NAME - 1);
    CU_ASSERT_EQUAL(message.body.open.name[0], '?');
}

static bool none_passed(const int passed[MESSAGE_FDS])
{
    return passed[0] == -1 && passed[1] == -1;
}

static void messages_cross_with_descriptors(void)
{
    int ends[2], tube[2], passed[MESSAGE_FDS] = {99, 99};
    struct message received;
    int before = open_descriptors();
    make_pair(ends);
    CU_ASSERT_EQUAL_FATAL(pipe(tube), 0);
    struct message message = sound_message(MESSAGE_OPEN);
    CU_ASSERT_EQUAL(message_receive(ends[1], &received, passed), MESSAGE_NONE);
    CU_ASSERT(none_passed(passed));
    for (int count = 0; count <= MESSAGE_FDS; count++) {
        CU_ASSERT(message_send(ends[0], &message, tube, count));
        CU_ASSERT_EQUAL(message_receive(ends[1], &received, passed), MESSAGE_RECEIVED);
        CU_ASSERT(memcmp(&message, &received, sizeof message) == 0);
        for (int i = 0; i < MESSAGE_FDS; i++) {
            CU_ASSERT_EQUAL_FATAL(passed[i] >= 0, i < count);
            CU_ASSERT(i >= count || fcntl(passed[i], F_GETFD) & FD_CLOEXEC);
        }
        if (count == 2) { /* in their order */
            char byte = 0;
            CU_ASSERT_EQUAL(write(passed[1], "x", 1), 1);
            CU_ASSERT(read(passed[0], &byte, 1) == 1 && byte == 'x');
        }
        for (int i = 0; i < count; i++)
            close(passed[i]);
    }
    CU_ASSERT(message_send(ends[0], &message, tube, 2));
    CU_ASSERT_EQUAL(message_receive(ends[1], &received, NULL), MESSAGE_RECEIVED);
    close_pair(ends);
    close_pair(tube);
    CU_ASSERT_EQUAL(open_descriptors(), before);
}

/* Sends a packet of any size with any number of descriptors. */
static void send_raw(int socket, size_t bytes, int count)
{
    static char body[sizeof(struct message) + 16];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(20 * sizeof(int))];
    } control = {.bytes = {0}};
    struct message message = sound_message(MESSAGE_DONE);
    memcpy(body, &message, sizeof message);
    struct iovec part = {body, bytes};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (count) {
        packet.msg_control = control.bytes;
        packet.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
        for (int i = 0; i < count; i++)
            memcpy(CMSG_DATA(header) + (size_t)i * sizeof(int), &socket, sizeof(int));
    }
    CU_ASSERT_EQUAL(sendmsg(socket, &packet, 0), (ssize_t)bytes);
}

/* The first `count` of them are there (as far as there is room), and no more. */
static void close_passed(const int passed[MESSAGE_FDS], int count)
{
    for (int i = 0; i < MESSAGE_FDS; i++) {
        CU_ASSERT_EQUAL(passed[i] >= 0, i < count);
        if (passed[i] >= 0)
            close(passed[i]);
    }
}

static void odd_packets_are_no_messages(void)
{
    static const struct {
        size_t bytes;
        int descriptors;
        uint32_t type;
    } packets[] = {
        {sizeof(struct message) - 1, 0, 0},
        {sizeof(struct message) + 1, 0, 0},
        {1, 3, 0},
        {sizeof(struct message) + 16, 1, 0},
        {sizeof(struct message), 1, MESSAGE_DONE},
        {sizeof(struct message), 5, MESSAGE_DONE},
        {sizeof(struct message), 20, MESSAGE_DONE},
    };
    int ends[2], passed[MESSAGE_FDS];
    struct message received;
    make_pair(ends);
    int before = open_descriptors();
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++)
        for (int kept = 0; kept < 2; kept++) {
            send_raw(ends[0], packets[i].bytes, packets[i].descriptors);
            CU_ASSERT_EQUAL(message_receive(ends[1], &received, kept ? passed : NULL),
                            MESSAGE_RECEIVED);
            CU_ASSERT_EQUAL(received.type, packets[i].type);
            if (kept)
                close_passed(passed, packets[i].type ? packets[i].descriptors : 0);
            CU_ASSERT_EQUAL(open_descriptors(), before);
        }
    close_pair(ends);
}

static void a_closed_end_is_told(void)
{
    int ends[2];
    struct message message = sound_message(MESSAGE_DONE), received;
    make_pair(ends);
    CU_ASSERT(message_send(ends[0], &message, NULL, 0));
    CU_ASSERT(message_send(ends[1], &message, NULL, 0)); /* mail it leaves unread */
    close(ends[0]);
    void (*before)(int) = signal(SIGPIPE, SIG_DFL);
    CU_ASSERT_EQUAL(message_receive(ends[1], &received, NULL), MESSAGE_RECEIVED);
    CU_ASSERT_EQUAL(message_receive(ends[1], &received, NULL), MESSAGE_CLOSED);
    CU_ASSERT_FALSE(message_send(ends[1], &message, NULL, 0)); /* and no SIGPIPE */
    CU_ASSERT_EQUAL(errno, EPIPE);
    signal(SIGPIPE, before);
    close(ends[1]);
}

static void a_full_socket_does_not_block(void)
{
    int ends[2], sent = 0;
    struct message message = sound_message(MESSAGE_DONE);
    make_pair(ends);
    while (sent < 100000 && message_send(ends[0], &message, NULL, 0))
        sent++;
    CU_ASSERT(sent > 0 && sent < 100000);
    CU_ASSERT(errno == EAGAIN || errno == EWOULDBLOCK);
    close_pair(ends);
}

SUITE("message",
      {"sound messages pass on their own side only", sound_messages_pass_on_their_own_side_only},
      {"every bad field is refused", every_bad_field_is_refused},
      {"windows that are no numbers are refused", windows_that_are_no_numbers_are_refused},
      {"statistics that make no sense are refused", statistics_that_make_no_sense_are_refused},
      {"texts are terminated and printable", texts_are_terminated_and_printable},
      {"messages cross with descriptors", messages_cross_with_descriptors},
      {"odd packets are no messages", odd_packets_are_no_messages},
      {"a closed end is told", a_closed_end_is_told},
      {"a full socket does not block", a_full_socket_does_not_block})
