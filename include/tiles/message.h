/* The messages between the viewer and its decoder processes: one header, one fixed size, over a
 * SOCK_SEQPACKET socket pair.
 *
 * Both ends are the same program, but a worker may have been taken over by the file it reads: the
 * viewer uses no field of a message before message_check has passed it. */
#ifndef TILES_MESSAGE_H
#define TILES_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/tile.h"
#include "source/page.h"
#include "source/source.h"
#include "source/statistics.h"

enum { MESSAGE_MAGIC = 0x584c4231, MESSAGE_TILES = 256, MESSAGE_NAME = 256, MESSAGE_FACTS = 2000 };

enum message_type {
    /* viewer to worker */
    MESSAGE_OPEN = 1, /* with the file's descriptor (SCM_RIGHTS), and that of its overviews: closes
                         the old file, opens this one, selects a page */
    MESSAGE_SELECT,   /* another page of the file */
    MESSAGE_TILES_WANTED,
    MESSAGE_STATISTICS, /* count into the shared histogram, which the viewer has cleared */
    MESSAGE_PROBE,      /* one sample */
    MESSAGE_COUNT,      /* go on counting pages */
    MESSAGE_INFORM,     /* what else there is to know of the file and the page */
    MESSAGE_REST,       /* let go of what only speeds up the next read */
    MESSAGE_CLOSE,      /* close the file */
    /* worker to viewer; each answers the request of the same serial */
    MESSAGE_PAGE,    /* answers OPEN and SELECT */
    MESSAGE_TILE,    /* one tile of a TILES_WANTED is in its slot */
    MESSAGE_COUNTED, /* answers STATISTICS */
    MESSAGE_PROBED,  /* answers PROBE */
    MESSAGE_PAGES,   /* answers COUNT */
    MESSAGE_FACT,    /* one of INFORM's many, MESSAGE_FACTS at most */
    MESSAGE_ALIVE,   /* sign of life within a long request, every 200 ms */
    MESSAGE_DONE,    /* ends TILES_WANTED, INFORM, REST and CLOSE */
    MESSAGE_FAULT,   /* a sentence about the request; for OPEN, SELECT, STATISTICS, PROBE and COUNT
                        it is also the end of it */
    MESSAGE_TYPES
};

struct message {
    uint32_t magic;
    uint32_t type;    /* enum message_type */
    uint32_t serial;  /* the request's; rises with each request to a worker */
    uint32_t version; /* answers: of the file, another one after each change; 0: none is open */
    union {
        struct {
            struct source_choice choice;
            char name[MESSAGE_NAME]; /* for sentences */
        } open;                      /* OPEN, SELECT */
        struct {
            struct tile_span span;
            int32_t slots[MESSAGE_TILES]; /* by tile of the span; -1: not wanted */
            int32_t tally; /* 1: what is read of the page is counted, as for STATISTICS */
        } wanted;
        struct {
            int32_t kept; /* values of the sample that are in the shared file; 0: none are */
        } statistics;     /* STATISTICS */
        struct {
            int64_t x, y;
            double values[3]; /* stored, one for each channel of the page */
        } probe;              /* PROBE, PROBED */
        struct {
            int32_t index; /* of the span */
            int32_t sound; /* 0 or 1 */
        } tile;
        struct {
            int32_t complete; /* 0 or 1 */
            struct statistics statistics;
        } counted;
        struct {
            int32_t count, counting; /* as in struct page */
        } pages;
        struct {
            int64_t done, all;        /* how far the request is, 0 of 0: not known */
            struct tile_rows growing; /* of TILES_WANTED, as in struct tile_orders */
        } alive;
        struct {
            int32_t tallied; /* 1: all that the page has in the span's tiles was counted */
        } done;
        struct fact fact;
        struct page page;
        struct {
            int32_t kind;
            char text[FAULT_TEXT];
        } fault;
    } body;
};

/* True for a well-formed answer from a worker to a request of serial `serial`; a fault of kind
 * FAULT_WORKER says what is wrong. Strings are terminated and made printable in place; ranges that
 * depend on the request (a tile's index) are the caller's to check. */
bool message_check_answer(struct message *message, uint32_t serial, struct fault *fault);

/* The same for a worker's side. */
bool message_check_request(struct message *message, struct fault *fault);

/* True for statistics of at least one value, which are finite and in order. */
bool message_check_statistics(const struct statistics *statistics, struct fault *fault);

/* True when a checked answer may come to a request of that type; *last says whether it ends it. */
bool message_fits(uint32_t request, uint32_t answer, bool *last);

enum { MESSAGE_FDS = 2 };
enum message_received { MESSAGE_NONE, MESSAGE_RECEIVED, MESSAGE_CLOSED };

/* Sends one packet of any bytes, and the `count` descriptors of pass_fds with it (MESSAGE_FDS at
 * most). Never blocks on a non-blocking socket; false with errno set. */
bool packet_send(int socket, const void *packet, size_t bytes, const int *pass_fds, int count);

/* Receives one packet of *bytes bytes, 0 where it was larger than `room`; descriptors that came
 * with it are put in passed_fds (close-on-exec), the rest of which is set to -1; with passed_fds
 * NULL descriptors are refused (closed). */
enum message_received packet_receive(int socket, void *packet, size_t room, size_t *bytes,
                                     int passed_fds[MESSAGE_FDS]);

/* Closes what came with a packet and sets it to -1; NULL is allowed. */
void packet_close(int *passed_fds);

/* The same for one message; a packet of another size counts as one with type 0, and its
 * descriptors are closed. */
bool message_send(int socket, const struct message *message, const int *pass_fds, int count);
enum message_received message_receive(int socket, struct message *message,
                                      int passed_fds[MESSAGE_FDS]);

#endif
