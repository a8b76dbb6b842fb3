/* Bytes under way: see wire_flow.h. */
#include "support/wire_flow.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECE = 4096 };

struct wire_piece {
    struct wire_piece *next;
    int64_t due;
    size_t used, taken;
    bool marked;
    uint8_t data[PIECE];
};

int64_t wire_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct wire_piece *new_piece(struct wire_flow *flow)
{
    struct wire_piece *piece = malloc(sizeof *piece);
    if (!piece)
        abort();
    piece->next = NULL;
    piece->taken = 0;
    if (flow->last)
        flow->last->next = piece;
    else
        flow->first = piece;
    flow->last = piece;
    return piece;
}

void wire_flow_push(struct wire_flow *flow, const uint8_t *data, size_t count, int64_t rate,
                    int64_t delay_us, bool marked)
{
    int64_t now = wire_now();
    if (flow->free_us < now)
        flow->free_us = now;
    while (count > 0) {
        struct wire_piece *piece = new_piece(flow);
        piece->used = count < PIECE ? count : PIECE;
        piece->marked = marked;
        memcpy(piece->data, data, piece->used);
        if (rate > 0)
            flow->free_us += (int64_t)piece->used * 1000000 / rate;
        piece->due = flow->free_us + delay_us;
        flow->queued += piece->used;
        data += piece->used;
        count -= piece->used;
    }
}

const uint8_t *wire_flow_due(const struct wire_flow *flow, int64_t now, size_t *count)
{
    const struct wire_piece *piece = flow->first;
    if (!piece || piece->due > now)
        return NULL;
    *count = piece->used - piece->taken;
    return piece->data + piece->taken;
}

bool wire_flow_take(struct wire_flow *flow, size_t count)
{
    struct wire_piece *piece = flow->first;
    bool marked = piece->marked;
    flow->queued -= count;
    piece->taken += count;
    if (piece->taken < piece->used)
        return marked;
    flow->first = piece->next;
    if (!flow->first)
        flow->last = NULL;
    free(piece);
    return marked;
}

int64_t wire_flow_next(const struct wire_flow *flow)
{
    return flow->first ? flow->first->due : INT64_MAX;
}

void wire_flow_fini(struct wire_flow *flow)
{
    while (flow->first)
        wire_flow_take(flow, flow->first->used - flow->first->taken);
}
