/* A process that makes overviews: see tiles/maker.h. Owns the open source, the cascade and the
 * packer; sends finished tiles and sums, and knows nothing of the file they go to. */
#include "tiles/maker.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "source/cascade.h"
#include "source/source.h"
#include "source/tile_packer.h"
#include "tiles/sandbox.h"

enum { ALIVE_MS = 200 };

struct maker {
    struct row_sink rows;
    struct cascade_sink sink;
    int socket, scratch;
    struct source *source;
    struct cascade *cascade;
    struct nearest *nearest;
    struct tile_packer *packers[COPIES_FORMS];
    int32_t base; /* the cascade's */
    void *line;   /* a row of sums */
    size_t line_bytes;
    struct maker_order order;
    int64_t done; /* samples of the job in hand */
    int64_t last_sign;
    struct fault fault;
    struct message message;
    struct maker_packet packet;
};

/* Who gave the orders and is gone needs no maker. */
static void tell(struct maker *maker, enum message_type type, uint32_t serial)
{
    maker->message.magic = MESSAGE_MAGIC;
    maker->message.type = type;
    maker->message.serial = serial;
    maker->last_sign = clock_ms();
    sandbox_begin_request();
    if (!message_send(maker->socket, &maker->message, NULL, 0))
        _exit(0);
    memset(&maker->message, 0, sizeof maker->message);
}

static void tell_fault(struct maker *maker, uint32_t serial)
{
    const struct fault *fault = &maker->fault;
    memset(&maker->message, 0, sizeof maker->message);
    maker->message.body.fault.kind = fault->kind == FAULT_NONE ? FAULT_FORMAT : fault->kind;
    snprintf(maker->message.body.fault.text, FAULT_TEXT, "%s",
             fault->text[0] ? fault->text : "cannot be read");
    tell(maker, MESSAGE_FAULT, serial);
}

static void show_life(struct maker *maker)
{
    if (clock_ms() - maker->last_sign < ALIVE_MS)
        return;
    maker->message.body.alive.done = maker->done;
    maker->message.body.alive.all = maker->order.area.width * maker->order.area.height;
    tell(maker, MESSAGE_ALIVE, maker->order.serial);
}

static void send_packet(struct maker *maker)
{
    struct iovec part = {&maker->packet,
                         sizeof maker->packet.head + (size_t)maker->packet.head.bytes};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;
    do
        sent = sendmsg(maker->socket, &packet, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent != (ssize_t)part.iov_len)
        _exit(0);
}

/* Sends bytes in as many packets as they need; whole and at, or x, are counted on by `unit` bytes.
 */
static void send_bytes(struct maker *maker, struct maker_head head, const void *bytes, size_t count,
                       size_t unit)
{
    size_t most = MAKER_PAYLOAD / unit * unit;
    for (size_t at = 0; at < count; at += (size_t)head.bytes) {
        head.magic = MAKER_MAGIC;
        head.bytes = (int32_t)(count - at < most ? count - at : most);
        maker->packet.head = head;
        if (head.kind == MAKER_TILE)
            maker->packet.head.at = (int64_t)at;
        else
            maker->packet.head.x += (int64_t)(at / unit);
        memcpy(maker->packet.payload, (const char *)bytes + at, (size_t)head.bytes);
        send_packet(maker);
    }
}

static struct maker *of_sink(struct cascade_sink *sink)
{
    return (struct maker *)(void *)((char *)sink - offsetof(struct maker, sink));
}

static bool take_tile(struct cascade_sink *sink, int k, int64_t column, int64_t row,
                      const struct cascade_tile *tile)
{
    struct maker *maker = of_sink(sink);
    for (int form = 0; form < copies_forms(&maker->order.copies); form++) {
        struct maker_head head = {.kind = MAKER_TILE, .k = k, .form = form, .x = column, .y = row};
        const void *packed;
        size_t bytes;
        if (!tile_packer_pack(maker->packers[form], tile, &packed, &bytes, &maker->fault))
            return false;
        head.whole = (int64_t)bytes;
        send_bytes(maker, head, packed, bytes, 1);
    }
    show_life(maker);
    return true;
}

static bool take_sums(struct cascade_sink *sink, int channel, int64_t x, int64_t y, int64_t n,
                      const void *sums)
{
    struct maker *maker = of_sink(sink);
    size_t size = cascade_sum_bytes(&maker->order.copies, maker->order.base + CASCADE_LEVELS);
    struct maker_head head = {.kind = MAKER_SUMS, .k = channel, .x = x, .y = y};
    send_bytes(maker, head, sums, (size_t)n * size, size);
    return true;
}

/* Reading. */

static bool take_row(struct row_sink *rows, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct maker *maker = (struct maker *)rows;
    if (n)
        cascade_add(maker->cascade, x, y, n, samples);
    maker->done += n;
    show_life(maker);
    return true;
}

static bool read_page(struct maker *maker, struct area band)
{
    int64_t before = maker->done;
    if (!source_read(maker->source, band, &maker->rows, &maker->fault))
        return false;
    return maker->done - before == band.width * band.height ||
           fault_set(&maker->fault, FAULT_FORMAT, "rows %lld to %lld cannot be read",
                     (long long)band.y, (long long)(band.y + band.height - 1));
}

static bool read_scratch(struct maker *maker, int64_t offset, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t count = pread(maker->scratch, (char *)maker->line + done, bytes - done,
                              (off_t)offset + (off_t)done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fault_errno(&maker->fault, count ? errno : EIO, "the scratch file");
        done += (size_t)count;
    }
    return true;
}

static bool read_sums(struct maker *maker, struct area band)
{
    const struct copies *copies = &maker->order.copies;
    int64_t size = (int64_t)cascade_sum_bytes(copies, maker->base);
    int64_t width = reduced_size(copies->width, maker->base);
    for (int64_t y = band.y; y < band.y + band.height; y++)
        for (int channel = 0; channel < copies->channels; channel++) {
            int64_t at = (y * copies->channels + channel) * width + band.x;
            if (!read_scratch(maker, maker->order.sums_at + at * size, (size_t)(band.width * size)))
                return false;
            cascade_add_sums(maker->cascade, channel, y, maker->line);
        }
    maker->done += band.width * band.height;
    show_life(maker);
    return true;
}

/* Orders. */

static void put_down(struct maker *maker)
{
    cascade_free(maker->cascade);
    ledger_free(LEDGER_SOURCE, maker->line, maker->line_bytes);
    maker->cascade = NULL;
    maker->line = NULL;
    source_rest(maker->source);
}

/* Levels that the palette lacks stay 0 in the file. */
static bool send_colours(struct maker *maker)
{
    const uint16_t *levels[3];
    int64_t values = INT64_C(1) << maker->order.copies.indexed;
    int32_t entries = source_colours(maker->source, levels);
    if (entries < 1 || entries > values)
        return fault_set(&maker->fault, FAULT_FORMAT, "its colour map cannot be read");
    maker->nearest = nearest_new(levels, entries, &maker->fault);
    for (int c = 0; maker->nearest && c < 3; c++) {
        struct maker_head head = {.kind = MAKER_COLOURS, .x = c * values};
        send_bytes(maker, head, levels[c], (size_t)entries * sizeof *levels[c], sizeof *levels[c]);
    }
    return maker->nearest;
}

static bool open_packers(struct maker *maker)
{
    const struct copies *copies = &maker->order.copies;
    if (copies->indexed && !send_colours(maker))
        return false;
    for (int form = 0; form < copies_forms(copies); form++) {
        struct copies stored = copies_form(copies, form);
        maker->packers[form] = tile_packer_open(&stored, maker->nearest, &maker->fault);
        if (!maker->packers[form])
            return false;
    }
    return true;
}

/* Has what orders of that base need. */
static bool make_ready(struct maker *maker)
{
    const struct maker_order *order = &maker->order;
    if (!maker->packers[0] && !open_packers(maker))
        return false;
    if (maker->cascade && maker->base == order->base)
        return true;
    put_down(maker);
    maker->base = order->base;
    maker->line_bytes =
        (size_t)order->cut_width * cascade_sum_bytes(&order->copies, order->base ? order->base : 1);
    if (order->base)
        maker->line = ledger_alloc(LEDGER_SOURCE, maker->line_bytes, &maker->fault);
    maker->cascade = cascade_new(&order->copies, order->base, order->cut_width, order->band,
                                 &maker->sink, &maker->fault);
    return maker->cascade && (maker->line || !order->base);
}

static bool work_off(struct maker *maker)
{
    struct area band;
    maker->done = 0;
    if (!make_ready(maker))
        return false;
    cascade_start(maker->cascade, maker->order.area);
    while (cascade_band(maker->cascade, &band))
        if (!(maker->base ? read_sums(maker, band) : read_page(maker, band)) ||
            !cascade_settle(maker->cascade))
            return false;
    return maker->base || !source_changed(maker->source, &maker->fault);
}

static bool next_order(struct maker *maker)
{
    struct iovec part = {&maker->order, sizeof maker->order};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t count;
    do
        count = recvmsg(maker->socket, &packet, 0);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof maker->order && maker->order.magic == MAKER_MAGIC;
}

static bool open_source(struct maker *maker)
{
    struct message request;
    int passed[MESSAGE_FDS];
    if (message_receive(maker->socket, &request, passed) != MESSAGE_RECEIVED ||
        !message_check_request(&request, NULL) || request.type != MESSAGE_OPEN || passed[0] < 0)
        _exit(1);
    maker->scratch = passed[1];
    maker->source = source_open(passed[0], -1, request.body.open.name, &maker->fault);
    bool opened = maker->source && source_select(maker->source, &request.body.open.choice,
                                                 &maker->message.body.page, &maker->fault);
    if (opened)
        tell(maker, MESSAGE_PAGE, request.serial);
    else
        tell_fault(maker, request.serial);
    return opened;
}

void maker_main(int socket, const struct worker_terms *terms)
{
    static struct maker maker;
    maker.rows.row = take_row;
    maker.sink = (struct cascade_sink){take_tile, take_sums};
    maker.socket = sandbox_enter(socket, terms);
    ledger_reset();
    if (!open_source(&maker))
        _exit(0);
    while (next_order(&maker)) {
        maker.last_sign = clock_ms();
        sandbox_begin_request();
        if (!work_off(&maker)) {
            tell_fault(&maker, maker.order.serial);
            _exit(0);
        }
        tell(&maker, MESSAGE_DONE, maker.order.serial);
    }
    _exit(0);
}
