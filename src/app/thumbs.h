/* Small gray pictures of files, THUMB_SIDE on each side, with black where the image does not reach.
 * Each is made by a process of this program's own (--render, with its confined decoder), one at a
 * time, and only what is wanted most; kept in bounded memory (LEDGER_THUMBNAILS), those used last.
 */
#ifndef APP_THUMBS_H
#define APP_THUMBS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "options.h"

enum { THUMB_SIDE = 96, THUMBS = 24, THUMB_TROUBLE = 200, THUMB_LINE = 512 };
enum { THUMB_MS = 10000 /* so long one may take */ };

/* levels NULL: there is none, and trouble says why. */
struct thumb {
    char *path; /* NULL: free */
    uint8_t *levels;
    char trouble[THUMB_TROUBLE];
    int64_t used;
};

struct thumbs {
    struct child child;
    const struct options *options;
    /* Which file's is wanted most of those that thumbs_find does not know; false: none is. */
    bool (*next)(void *context, char path[PATH_MAX]);
    void (*changed)(void *context); /* thumbs_find knows another */
    void *context;
    struct thumb made[THUMBS];
    int64_t clock;
    bool waiting;        /* one is to be begun */
    char path[PATH_MAX]; /* of the one being made; "": none */
    /* What its process has said. */
    char line[THUMB_LINE], trouble[THUMB_TROUBLE];
    size_t line_used, samples; /* bytes of the line; of the picture */
    int header, channels;      /* lines of the header; 0: it has not begun */
    uint8_t *levels, colour[3];
};

void thumbs_init(struct thumbs *thumbs, struct loop *loop, const struct options *options,
                 bool (*next)(void *context, char path[PATH_MAX]), void (*changed)(void *context),
                 void *context);
void thumbs_fini(struct thumbs *thumbs);

/* What is known of a file; NULL: nothing yet. Lent until `changed`. */
const struct thumb *thumbs_find(struct thumbs *thumbs, const char *path);

/* Another may be wanted most: what is being made and is not that is given up. */
void thumbs_turn(struct thumbs *thumbs);

/* One that is wanted is not there yet. */
bool thumbs_busy(const struct thumbs *thumbs);

/* Files may have become others: all are made anew. */
void thumbs_forget(struct thumbs *thumbs);

#endif
