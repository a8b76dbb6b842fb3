/* What the makers of overviews and who gives them work say to each other, over a SOCK_SEQPACKET
 * socket pair. Opening the file, signs of life, ends and faults are ordinary messages
 * (tiles/message.h). Private to src/tiles. */
#ifndef TILES_MAKER_H
#define TILES_MAKER_H

#include <stdint.h>

#include "base/geometry.h"
#include "source/copies.h"
#include "tiles/message.h"
#include "tiles/worker.h"

enum { MAKER_MAGIC = 0x584c424d, MAKER_PAYLOAD = 48 << 10 };

/* One job. The first order of each base makes ready for areas of cut_width and bands of `band`. */
struct maker_order {
    uint32_t magic, serial;
    struct copies copies;
    int32_t base;     /* 0: of the page; else of the sums kept of that copy */
    struct area area; /* of the page, or of that copy */
    int64_t cut_width, band;
    int64_t sums_at; /* where those sums lie in the scratch file: row by row, the channels of a row
                        behind each other */
};

enum maker_kind { MAKER_TILE = 1, MAKER_SUMS, MAKER_COLOURS, MAKER_KINDS };

/* A part of a packed tile: `at` of `whole` bytes have come before, and parts come in order. Or sums
 * of one channel; or levels of a palette. */
struct maker_head {
    uint32_t magic, kind;
    int32_t k;     /* TILE: which copy; SUMS: which channel */
    int32_t form;  /* TILE: in which form */
    int32_t bytes; /* of the payload, 1 .. MAKER_PAYLOAD */
    int64_t x, y;  /* TILE: column and row; SUMS: the first cell; COLOURS: x is the first level */
    int64_t whole, at;
};

struct maker_packet {
    struct maker_head head;
    char payload[MAKER_PAYLOAD];
};

/* The process: confines itself, then opens the file it is told to (the descriptor that comes with
 * MESSAGE_OPEN; the second one is the scratch file), and works off orders until the socket is
 * closed. Never returns. */
void maker_main(int socket, const struct worker_terms *terms) __attribute__((noreturn));

#endif
