/* The words of one connection: finds the requests, replies, events and errors in the bytes of the X
 * protocol (version 11, chapter 8 and appendix B), counts them, and changes those that a rule or
 * the swapping asks for.
 *
 * A request that is refused becomes a GetInputFocus, whose reply becomes the error: both are of 32
 * bytes, and the numbers of all others stay as they are. */
#include "support/wire_parts.h"

#include <stdlib.h>

enum {
    HEAD = 64, /* so much of a message is held at most, unless it is needed whole */
    SETUP_REQUEST = 12,
    SETUP_REPLY = 8,
    MESSAGE = 32,
    ERROR = 0,
    REPLY = 1,
    KEYMAP_EVENT = 11, /* the one message without a number */
    GENERIC_EVENT = 35,
    CLEAR_AREA = 61,
    GET_INPUT_FOCUS = 43,
    SHM_PUT_IMAGE = 3,
    RENDER_COMPOSITE = 8,
    PRETENDED_OPCODE = 250
};

static uint16_t word16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t word32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

void wire_append(struct wire_bytes *bytes, const void *data, size_t count)
{
    if (bytes->used + count > bytes->room) {
        bytes->room = 2 * (bytes->used + count);
        bytes->data = realloc(bytes->data, bytes->room);
        if (!bytes->data)
            abort();
    }
    if (count)
        memcpy(bytes->data + bytes->used, data, count);
    bytes->used += count;
}

void wire_protocol_fini(struct wire_protocol *protocol)
{
    free(protocol->up.held.data);
    free(protocol->down.held.data);
}

/* ---- rules ---- */

static const struct wire_rule *rule_for(const struct wire_office *office, int kind,
                                        const char *extension, int opcode)
{
    for (int i = 0; i < WIRE_RULES; i++) {
        const struct wire_rule *rule = &office->settings.rules[i];
        if ((int)rule->kind == kind && !strcmp(rule->extension, extension) &&
            (rule->opcode == opcode || rule->opcode == WIRE_ANY))
            return rule;
    }
    return NULL;
}

static struct wire_pending *expect(struct wire_protocol *protocol, int kind)
{
    struct wire_pending *pending = &protocol->pending[protocol->next++ % WIRE_PENDING];
    *pending = (struct wire_pending){.sequence = (uint16_t)protocol->sequence, .kind = kind};
    return pending;
}

/* What was expected of this answer, or NULL. */
static const struct wire_pending *expected(struct wire_protocol *protocol, uint16_t sequence)
{
    if (protocol->first == protocol->next)
        return NULL;
    const struct wire_pending *pending = &protocol->pending[protocol->first % WIRE_PENDING];
    if (pending->sequence != sequence)
        return NULL;
    protocol->first++;
    return pending;
}

/* ---- from the program ---- */

static uint64_t request_length(const uint8_t *request)
{
    uint64_t words = word16(request + 2);
    return 4 * (words ? words : word32(request + 4));
}

static bool shows_something(const struct wire_office *office, const uint8_t *request)
{
    static const uint8_t core[] = {CLEAR_AREA, WIRE_COPY_AREA, WIRE_PUT_IMAGE, WIRE_STORE_COLORS};
    const char *extension = office->extensions[request[0]];
    return memchr(core, request[0], sizeof core) ||
           (!strcmp(extension, "RENDER") && request[1] == RENDER_COMPOSITE) ||
           (!strcmp(extension, "MIT-SHM") && request[1] == SHM_PUT_IMAGE);
}

static void count_request(struct wire_protocol *protocol, const uint8_t *request, uint64_t length)
{
    struct wire_counts *counts = &protocol->office->counts;
    protocol->sequence++;
    counts->requests++;
    counts->requests_of[request[0]]++;
    counts->bytes_of[request[0]] += length;
    protocol->rest_shows = shows_something(protocol->office, request);
    if (protocol->rest_shows) {
        if (!counts->picture_turns)
            counts->first_turns = counts->turns;
        counts->picture_turns = counts->turns;
        protocol->shows = true;
    }
}

static void note_pixmap(struct wire_protocol *protocol, const uint8_t *request)
{
    struct wire_counts *counts = &protocol->office->counts;
    bool made = request[0] == WIRE_CREATE_PIXMAP;
    uint32_t wanted = made ? 0 : word32(request + 4);
    for (int i = 0; i < WIRE_PIXMAPS; i++) {
        struct wire_pixmap *pixmap = &protocol->pixmaps[i];
        if (pixmap->id != wanted)
            continue;
        counts->pixmap_bytes -= pixmap->bytes;
        *pixmap = (struct wire_pixmap){0};
        if (!made)
            return;
        uint64_t bits = (uint64_t)word16(request + 12) * protocol->bits[request[1] % 33];
        *pixmap =
            (struct wire_pixmap){word32(request + 4), (bits + 31) / 32 * 4 * word16(request + 14)};
        counts->pixmap_bytes += pixmap->bytes;
        if (counts->pixmap_bytes > counts->most_pixmap_bytes)
            counts->most_pixmap_bytes = counts->pixmap_bytes;
        return;
    }
}

static void note_question(struct wire_protocol *protocol, const uint8_t *request, size_t held)
{
    struct wire_pending *pending = expect(protocol, WIRE_EXTENSION);
    size_t length = word16(request + 4);
    if (length >= WIRE_NAME || 8 + length > held)
        length = 0;
    memcpy(pending->extension, request + 8, length);
}

/* The held beginning of a request, or all of it, goes on. */
static void pass_request(struct wire_protocol *protocol, uint64_t length, struct wire_bytes *out)
{
    struct wire_reader *up = &protocol->up;
    uint8_t *request = up->held.data;
    const struct wire_office *office = protocol->office;
    bool core = request[0] < 128;
    const struct wire_rule *rule = rule_for(office, WIRE_REFUSE, office->extensions[request[0]],
                                            core ? request[0] : request[1]);
    static const uint8_t harmless[4] = {GET_INPUT_FOCUS, 0, 1, 0};
    up->rest = length - up->held.used;
    up->dropped = rule;
    if (rule) {
        struct wire_pending *pending = expect(protocol, WIRE_ERROR);
        pending->major = request[0];
        pending->minor = core ? 0 : request[1];
        pending->error = rule->error;
        wire_append(out, harmless, sizeof harmless);
        uint16_t one = 1;
        memcpy(out->data + out->used - 2, &one, 2);
        return;
    }
    size_t big = word16(request + 2) ? 0 : 4;
    if (request[0] == WIRE_CREATE_PIXMAP || request[0] == WIRE_FREE_PIXMAP)
        note_pixmap(protocol, request);
    if (request[0] == WIRE_QUERY_EXTENSION)
        note_question(protocol, request, up->held.used);
    if (protocol->swapped && request[0] == WIRE_PUT_IMAGE)
        wire_swap_image(request + 24 + big, up->held.used - 24 - big, request[1],
                        request[1] == WIRE_Z_PIXMAP ? protocol->bits[request[21 + big] % 33] : 1,
                        word16(request + 12 + big));
    if (protocol->swapped && request[0] == WIRE_GET_IMAGE) {
        struct wire_pending *pending = expect(protocol, WIRE_IMAGE);
        pending->format = request[1];
        pending->width = word16(request + 12);
    }
    wire_append(out, request, up->held.used);
}

/* How much of what has begun must be there before anything else is said of it, and its length once
 * known. */
static size_t request_wanted(const struct wire_protocol *protocol, uint64_t *length)
{
    const struct wire_bytes *held = &protocol->up.held;
    size_t begin = !protocol->up.started ? SETUP_REQUEST : 4;
    if (held->used < begin)
        return begin;
    if (!protocol->up.started) {
        *length = SETUP_REQUEST + (word16(held->data + 6) + 3u) / 4 * 4 +
                  (word16(held->data + 8) + 3u) / 4 * 4;
        return SETUP_REQUEST;
    }
    if (!word16(held->data + 2) && held->used < 8)
        return 8;
    *length = request_length(held->data);
    bool whole = *length < HEAD || (protocol->swapped && held->data[0] == WIRE_PUT_IMAGE);
    return whole ? (size_t)*length : HEAD;
}

static void decide_request(struct wire_protocol *protocol, uint64_t length, struct wire_bytes *out)
{
    struct wire_reader *up = &protocol->up;
    if (up->started) {
        count_request(protocol, up->held.data, length);
        pass_request(protocol, length, out);
    } else {
        wire_append(out, up->held.data, up->held.used);
        up->rest = length - up->held.used;
        up->dropped = false;
        up->started = true;
    }
    up->held.used = 0;
}

/* Of what has been decided on; returns how much was taken. */
static size_t take_rest(struct wire_reader *reader, const uint8_t *data, size_t count,
                        struct wire_bytes *out)
{
    size_t taken = reader->rest < count ? (size_t)reader->rest : count;
    if (!reader->dropped)
        wire_append(out, data, taken);
    reader->rest -= taken;
    return taken;
}

/* One direction: how much of what has begun must be there, and what happens when it is. */
struct direction {
    struct wire_reader *reader;
    size_t (*wanted)(const struct wire_protocol *protocol, uint64_t *length);
    void (*decide)(struct wire_protocol *protocol, uint64_t length, struct wire_bytes *out);
};

static void take_words(struct wire_protocol *protocol, const struct direction *way,
                       const uint8_t *data, size_t count, struct wire_bytes *out)
{
    struct wire_bytes *held = &way->reader->held;
    while (count > 0) {
        size_t taken = take_rest(way->reader, data, count, out);
        data += taken;
        count -= taken;
        uint64_t length = 0;
        size_t wanted = way->wanted(protocol, &length);
        for (; held->used < wanted && count > 0; wanted = way->wanted(protocol, &length)) {
            size_t more = wanted - held->used < count ? wanted - held->used : count;
            wire_append(held, data, more);
            data += more;
            count -= more;
        }
        if (length && held->used >= wanted)
            way->decide(protocol, length, out);
    }
}

void wire_speak(struct wire_protocol *protocol, const uint8_t *data, size_t count,
                struct wire_bytes *out)
{
    struct wire_reader *up = &protocol->up;
    protocol->office->counts.up += count;
    protocol->shows = up->rest > 0 && protocol->rest_shows;
    take_words(protocol, &(struct direction){up, request_wanted, decide_request}, data, count, out);
}

/* ---- to the program ---- */

/* Learns the formats; tells the other order where that is wanted. */
static void take_setup(struct wire_protocol *protocol)
{
    uint8_t *setup = protocol->down.held.data;
    size_t held = protocol->down.held.used;
    if (setup[0] != 1 || held < 40)
        return;
    size_t at = 40 + (word16(setup + 24) + 3u) / 4 * 4;
    for (int i = 0; i < setup[29] && at + 8 <= held; i++, at += 8)
        if (setup[at] <= 32)
            protocol->bits[setup[at]] = setup[at + 1];
    if (!protocol->swapped)
        return;
    setup[30] = !setup[30];
    setup[31] = !setup[31];
}

static void make_error(uint8_t *message, const struct wire_pending *pending)
{
    uint16_t minor = (uint16_t)pending->minor;
    memset(message + 4, 0, MESSAGE - 4);
    message[0] = ERROR;
    message[1] = (uint8_t)pending->error;
    memcpy(message + 8, &minor, 2);
    message[10] = (uint8_t)pending->major;
}

static void answer_question(struct wire_protocol *protocol, uint8_t *message, const char *extension)
{
    struct wire_office *office = protocol->office;
    if (rule_for(office, WIRE_HIDE, extension, 0))
        memset(message + 8, 0, 4);
    if (rule_for(office, WIRE_PRETEND, extension, 0)) {
        message[8] = 1;
        message[9] = PRETENDED_OPCODE;
        message[10] = 0;
        message[11] = 0;
    }
    if (message[8])
        memcpy(office->extensions[message[9]], extension, WIRE_NAME);
}

static void change_answer(struct wire_protocol *protocol, const struct wire_pending *pending)
{
    struct wire_bytes *held = &protocol->down.held;
    uint8_t *message = held->data;
    if (pending->kind == WIRE_ERROR)
        make_error(message, pending);
    else if (pending->kind == WIRE_EXTENSION && message[0] == REPLY)
        answer_question(protocol, message, pending->extension);
    else if (pending->kind == WIRE_IMAGE && message[0] == REPLY)
        wire_swap_image(message + MESSAGE, held->used - MESSAGE, pending->format,
                        protocol->bits[message[1] % 33], pending->width);
}

/* Whether a message is to be counted as an answer that the program waited for. */
static bool waited_for(const struct wire_protocol *protocol, const uint8_t *message)
{
    return message[0] <= REPLY && word16(message + 2) == (uint16_t)protocol->sequence &&
           protocol->awaited != protocol->sequence;
}

/* A turn ends with the first message that the server sent after it had come to what the program
 * said in that turn. What else it tells of requests of the turn before is none: it was under way
 * when the program spoke. */
static void count_turn(struct wire_protocol *protocol, const uint8_t *message)
{
    bool numbered = protocol->down.started && (message[0] & 127) != KEYMAP_EVENT;
    uint16_t behind = (uint16_t)(protocol->sequence - word16(message + 2));
    uint64_t reached = numbered ? protocol->sequence - behind : 0;
    if (reached < protocol->turn_begins)
        return;
    protocol->office->counts.turns++;
    protocol->turn_begins = protocol->sequence + 1;
}

static void count_message(struct wire_protocol *protocol, const uint8_t *message)
{
    struct wire_counts *counts = &protocol->office->counts;
    bool waited = !protocol->down.started || waited_for(protocol, message);
    counts->waits += waited;
    if (waited)
        protocol->awaited = protocol->sequence;
    count_turn(protocol, message);
    if (!protocol->down.started)
        return;
    counts->errors += message[0] == ERROR;
    counts->replies += message[0] == REPLY;
    counts->events += message[0] > REPLY;
}

static size_t message_wanted(const struct wire_protocol *protocol, uint64_t *length)
{
    const struct wire_bytes *held = &protocol->down.held;
    size_t begin = protocol->down.started ? MESSAGE : SETUP_REPLY;
    if (held->used < begin)
        return begin;
    if (!protocol->down.started) {
        *length = SETUP_REPLY + 4u * word16(held->data + 6);
        return (size_t)*length;
    }
    bool longer = held->data[0] == REPLY || (held->data[0] & 127) == GENERIC_EVENT;
    *length = MESSAGE + (longer ? 4 * (uint64_t)word32(held->data + 4) : 0);
    return protocol->swapped && held->data[0] == REPLY ? (size_t)*length : MESSAGE;
}

static void decide_message(struct wire_protocol *protocol, uint64_t length, struct wire_bytes *out)
{
    struct wire_reader *down = &protocol->down;
    count_message(protocol, down->held.data);
    if (!down->started) {
        take_setup(protocol);
    } else if (down->held.data[0] <= REPLY) {
        const struct wire_pending *pending = expected(protocol, word16(down->held.data + 2));
        if (pending)
            change_answer(protocol, pending);
    }
    down->started = true;
    down->rest = length - down->held.used;
    wire_append(out, down->held.data, down->held.used);
    down->held.used = 0;
}

void wire_hear(struct wire_protocol *protocol, const uint8_t *data, size_t count,
               struct wire_bytes *out)
{
    protocol->office->counts.down += count;
    take_words(protocol, &(struct direction){&protocol->down, message_wanted, decide_message}, data,
               count, out);
}
