/* A line between a program and an X server: a proxy in a process of its own that delays, limits,
 * counts and spoils what crosses it. Needs no X library.
 *
 * The program is given `display`, a TCP address of this machine (so the server is not local to it),
 * or `local`, which looks like a server of this machine; the proxy reaches the server through the
 * server's own socket. Everything here is settled in the proxy when the call returns, and holds for
 * what arrives at it later. What is counted is counted at the program's end of the line, before it
 * is passed on: what the server has seen has been counted. */
#ifndef SUPPORT_WIRE_H
#define SUPPORT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIRE_RULES = 8, WIRE_NAME = 32, WIRE_OPCODES = 256, WIRE_ANY = -1 };

/* Requests of the core protocol that tests ask about. */
enum {
    WIRE_CREATE_PIXMAP = 53,
    WIRE_FREE_PIXMAP = 54,
    WIRE_COPY_AREA = 62,
    WIRE_PUT_IMAGE = 72,
    WIRE_GET_IMAGE = 73,
    WIRE_STORE_COLORS = 89,
    WIRE_QUERY_EXTENSION = 98
};

/* Since the proxy began, or since wire_mark. */
struct wire_counts {
    uint64_t up, down; /* bytes from the program to the server, and back */
    uint64_t requests, replies, events, errors;
    /* Round trips of two kinds. `turns`: the longest chain of something that the program said,
     * something that the server said once it had come so far, something that the program said after
     * it had heard that, and so on, setup included. An event that it may have waited for counts as
     * well as a reply; so many round trips have passed at least. `waits`: replies (and errors) to
     * the very last request the program had sent, so that it surely waited. With no delay the
     * server may answer before the program's next words, so both are told with a delay. */
    uint64_t turns, waits;
    /* Of the newest request that shows something (PutImage, CopyArea, ClearArea, StoreColors,
     * ShmPutImage, Composite of RENDER), not since wire_mark but as they are: `turns` when it
     * arrived at the proxy, and when the server was given the last of it (microseconds of
     * CLOCK_MONOTONIC). */
    uint64_t picture_turns, picture_us;
    uint64_t first_turns; /* the same of the first such request */
    /* Bytes of the pixmaps that the server keeps now, and at most, by what their pixels take. */
    uint64_t pixmap_bytes, most_pixmap_bytes;
    /* By major opcode: core requests below 128, extensions by what wire_major says. */
    uint64_t requests_of[WIRE_OPCODES], bytes_of[WIRE_OPCODES];
};

/* What befalls a request or an extension. */
struct wire_rule {
    enum { WIRE_NO_RULE, WIRE_REFUSE, WIRE_HIDE, WIRE_PRETEND } kind;
    char extension[WIRE_NAME]; /* "" for core requests */
    int opcode;                /* a core opcode or an extension's minor one, or WIRE_ANY */
    int error;
};

struct wire_settings {
    int round_trip_ms;
    int64_t up_rate, down_rate; /* bytes a second, 0 = no limit */
    bool swapped, stalled;
    uint64_t cut_at; /* bytes from the program at which the line is cut, 0 = not */
    struct wire_rule rules[WIRE_RULES];
};

struct wire {
    pid_t pid;
    int control; /* to the proxy */
    char display[32], local[32];
    struct wire_settings settings;
    struct wire_counts mark;
};

/* Starts a proxy for the server ":NUMBER". False where no port is free. */
bool wire_open(struct wire *wire, const char *server);
/* Ends it, and with it every connection. */
void wire_close(struct wire *wire);

/* Half the round trip passes each way, with bytes under way meanwhile; beyond the rate they queue
 * up, and beyond what is under way and 64 KiB the sender must wait. */
void wire_line(struct wire *wire, int round_trip_ms, int64_t up_rate, int64_t down_rate);

/* What was counted since wire_mark. */
void wire_count(struct wire *wire, struct wire_counts *counts);
void wire_mark(struct wire *wire);
/* The major opcode of an extension that a program has asked about, else 0. */
int wire_major(struct wire *wire, const char *extension);

/* Answers requests with an error; the server sees none of them. `extension` NULL: the core
 * protocol. */
void wire_refuse(struct wire *wire, const char *extension, int opcode, int error);
/* Tells programs that there is no such extension. */
void wire_hide(struct wire *wire, const char *extension);
/* Tells them that there is one, with an opcode that the server does not know. */
void wire_pretend(struct wire *wire, const char *extension);
/* No rule holds any more. */
void wire_forgive(struct wire *wire);

/* Programs that connect from now on are told the other byte and bit order of images, and get their
 * images as if that were true. */
void wire_swap(struct wire *wire, bool swapped);

/* Nothing is read or written, and nothing is closed. */
void wire_stall(struct wire *wire, bool stalled);
/* Breaks every connection when `bytes` more have come from the program. */
void wire_cut(struct wire *wire, uint64_t bytes);

#endif
