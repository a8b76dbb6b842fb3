/* The proxy's inside: see wire.h. Private to wire*.c. */
#ifndef SUPPORT_WIRE_PARTS_H
#define SUPPORT_WIRE_PARTS_H

#include <string.h>

#include "support/wire.h"

struct wire_bytes {
    uint8_t *data;
    size_t used, room;
};
void wire_append(struct wire_bytes *bytes, const void *data, size_t count);

/* What is asked of the proxy, and what it answers. */
struct wire_question {
    struct wire_settings settings;
    char extension[WIRE_NAME];
};
struct wire_answer {
    struct wire_counts counts;
    int major;
};

/* What all connections share. */
struct wire_office {
    struct wire_settings settings;
    struct wire_counts counts;
    char extensions[WIRE_OPCODES][WIRE_NAME]; /* as programs have learnt them */
};

/* An image as the protocol carries it: rows of `width` pixels of `bits` each, or bitmaps. */
enum { WIRE_BITMAP, WIRE_XY_PIXMAP, WIRE_Z_PIXMAP };
void wire_swap_image(uint8_t *data, size_t bytes, int format, int bits, int width);

/* ---- one connection's words ---- */

/* A request whose answer is not passed on as it is. */
struct wire_pending {
    uint16_t sequence;
    enum { WIRE_EXTENSION, WIRE_IMAGE, WIRE_ERROR } kind;
    int format, width;         /* of an image */
    int major, minor, error;   /* of an error */
    char extension[WIRE_NAME]; /* that was asked about */
};

enum { WIRE_PENDING = 256, WIRE_PIXMAPS = 64 };

/* One way of a connection: a message is held until enough of it is there to decide. */
struct wire_reader {
    bool started;           /* past the setup */
    struct wire_bytes held; /* of a message that has begun */
    uint64_t rest;          /* of a message that has been decided on */
    bool dropped;           /* that rest */
};

struct wire_protocol {
    struct wire_office *office;
    struct wire_reader up, down;
    uint64_t sequence;    /* requests so far */
    uint64_t awaited;     /* the newest whose answer was waited for */
    uint64_t turn_begins; /* the first request after the newest answer to one of the turn before */
    bool shows, rest_shows; /* bytes that show something are in what came last; in up.rest */
    bool swapped;           /* as it was when the program connected */
    uint8_t bits[33];       /* of a pixel, by depth */
    struct wire_pixmap {
        uint32_t id; /* 0: none */
        uint64_t bytes;
    } pixmaps[WIRE_PIXMAPS];
    struct wire_pending pending[WIRE_PENDING];
    unsigned first, next; /* of these, those from first to next */
};

/* Bytes from the program, or to it, turned into what is passed on. */
void wire_speak(struct wire_protocol *protocol, const uint8_t *data, size_t count,
                struct wire_bytes *out);
void wire_hear(struct wire_protocol *protocol, const uint8_t *data, size_t count,
               struct wire_bytes *out);
void wire_protocol_fini(struct wire_protocol *protocol);

/* ---- the process ---- */

/* Serves until the other end of `control` is closed. */
void wire_serve(int control, const int listeners[2], const char *server);

#endif
