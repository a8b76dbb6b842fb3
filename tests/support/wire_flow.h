/* Bytes under way in one direction of a line, in pieces that are due one after the other. */
#ifndef SUPPORT_WIRE_FLOW_H
#define SUPPORT_WIRE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_piece;

struct wire_flow {
    struct wire_piece *first, *last;
    size_t queued;   /* bytes */
    int64_t free_us; /* when the line has sent off all that it was given */
};

int64_t wire_now(void); /* microseconds of CLOCK_MONOTONIC */

/* `rate` bytes a second (0: any number), each of them `delay_us` under way. `marked` comes back
 * with wire_flow_take. */
void wire_flow_push(struct wire_flow *flow, const uint8_t *data, size_t count, int64_t rate,
                    int64_t delay_us, bool marked);

/* What is due, in order; NULL when nothing is (yet). */
const uint8_t *wire_flow_due(const struct wire_flow *flow, int64_t now, size_t *count);
/* So many bytes of it have been passed on; true when they were marked. */
bool wire_flow_take(struct wire_flow *flow, size_t count);

/* When the next bytes are due; INT64_MAX where there are none. */
int64_t wire_flow_next(const struct wire_flow *flow);

void wire_flow_fini(struct wire_flow *flow);

#endif
