/* The clock of a stack that plays by itself: which of its places is due when. Knows no pages. */
#ifndef APP_CINE_H
#define APP_CINE_H

#include <stdbool.h>
#include <stdint.h>

enum { CINE_SHOWN = 16 };
#define CINE_RATE 10.0 /* where none is named */
#define CINE_RATE_MOST 100.0

/* Milliseconds are those of one clock. */
struct cine {
    bool on;
    bool bounce; /* back and forth; else from the last on to the first */
    double rate; /* places for a second */
    int32_t count;
    int64_t phase; /* at since_ms: the place, or, on the way back, 2 (count - 1) less the place */
    int64_t since_ms;             /* ... which was due then */
    int64_t shown_ms[CINE_SHOWN]; /* when the last places were shown, a ring */
    int shown;                    /* so many of them */
};

void cine_init(struct cine *cine);

/* Plays `count` places, 2 at least, from the 0-based place `at` on. */
void cine_start(struct cine *cine, int64_t now_ms, int32_t at, int32_t count);
void cine_stop(struct cine *cine);

/* Other terms, without a jump when it plays. */
void cine_set_rate(struct cine *cine, int64_t now_ms, double rate);
void cine_set_bounce(struct cine *cine, int64_t now_ms, bool bounce);
void cine_set_count(struct cine *cine, int64_t now_ms, int32_t count);

/* The place that is due, whatever was shown before. */
int32_t cine_place(const struct cine *cine, int64_t now_ms);

/* Until another place is due, 1 at least. */
int64_t cine_wait(const struct cine *cine, int64_t now_ms);

/* A place was shown; how many are, for a second, as of late: 0 when there is no telling. */
void cine_note_shown(struct cine *cine, int64_t now_ms);
double cine_shown_rate(const struct cine *cine, int64_t now_ms);

#endif
