/* What loader.c, answers.c and requests.c share: the loader's state, and who calls whom.
 *
 * loader.c: the file, the page, the caller's side. requests.c: what an idle worker is asked next.
 * answers.c: what comes back. */
#ifndef TILES_LOADER_STATE_H
#define TILES_LOADER_STATE_H

#include "tiles/crew.h"
#include "tiles/loader.h"
#include "tiles/message.h"

/* How often a thing is tried that costs a worker each time. */
enum { LOSSES_MAX = 3 };

enum loader_phase { LOADER_CLOSED, LOADER_OPENING, LOADER_OPEN, LOADER_SELECTING };

enum loader_statistics {
    STATISTICS_UNASKED,
    STATISTICS_WANTED,
    STATISTICS_COUNTING,
    STATISTICS_COUNTED
};

struct wish {
    struct tile_key key;
    int32_t losses; /* requests for it that were lost */
};

struct wishes {
    struct wish *list;
    size_t bytes; /* as allocated */
    int count;
};

/* What a worker has and what it is doing for us. */
struct load {
    uint32_t file_there; /* number of the file it has open, 0: none */
    bool page_there;     /* it has selected the page there should be */
    int sync_losses;     /* attempts in a row to give it file and page that came to nothing */
    bool rest;           /* to be told to rest when it has nothing else to do */

    uint32_t request; /* enum message_type in hand, 0: none */
    uint32_t file;    /* what the request is about */
    struct source_choice choice;
    bool cancelled;
    int32_t counted;       /* pages it knew of when it last told */
    int facts;             /* INFORM: so many have come */
    int64_t x, y;          /* PROBE */
    struct tile_span span; /* TILES_WANTED */
    int32_t slots[MESSAGE_TILES];
};

struct loader {
    struct loop *loop;
    struct arena *arena;
    struct crew *crew;
    struct loader_events events;
    void *context;

    enum loader_phase phase;
    uint32_t file; /* number of the open file; rises with each */
    char *path;
    int fds[MESSAGE_FDS];        /* the file, and its overviews or -1 */
    struct source_choice target; /* what should be seen; differs from `shown` while selecting */
    struct source_choice shown;  /* LOADER_OPEN, LOADER_SELECTING: what `page` is the answer to */
    int open_losses;
    bool found;       /* `next` is the answer for `target`, not yet taken over */
    struct page next; /* (old requests may still be writing into the arena) */
    struct page page; /* LOADER_OPEN, LOADER_SELECTING */

    struct wishes wishes, earlier;
    bool any_losses; /* some wish has losses */
    bool starved;    /* not one missing tile could be given a slot */

    enum loader_statistics statistics;
    int count_losses;
    bool histogram_used;

    struct statistics counted; /* what it came to */

    int holder;      /* the worker that alone may hold blocks of the page; -1: none yet, or any */
    int counter;     /* the worker that has counted pages, and goes on with it; -1: none */
    int page_losses; /* attempts in a row to count pages that came to nothing */
    bool inform_wanted;
    bool probe_wanted;
    int64_t probe_x, probe_y;

    struct load loads[];
};

/* loader.c */
struct wish *loader_wish(const struct loader *loader, struct tile_key key); /* NULL: not wanted */
void loader_cancel(struct loader *loader, int number);
void loader_fail(struct loader *loader, const struct fault *fault);
void loader_trouble(struct loader *loader, enum fault_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Takes over a page that was found, once nobody works for the one before. */
void loader_settle(struct loader *loader);
/* Ends the count, well or not: what there is in the histogram is all there will be. */
void loader_end_count(struct loader *loader);

bool choice_equal(const struct source_choice *a, const struct source_choice *b);

/* requests.c: gives every idle worker what is most urgent. */
void requests_dispatch(struct loader *loader);
bool requests_is_missing(const struct loader *loader, struct tile_key key);

/* answers.c: the crew's events; `context` is the loader. */
void answers_take(void *context, int number, const struct message *message);
void answers_lost(void *context, int number, pid_t pid, const char *why);

/* Ends the counting of pages: as many as are known now is how many there are. */
void answers_end_pages(struct loader *loader);

/* True for what can be the value of a sample of the type. */
bool answers_value_fits(enum sample_type type, double value);

/* The place of a tile that is given up: there, but not sound. */
void answers_give_up(struct loader *loader, struct tile_key key, int32_t slot);

#endif
