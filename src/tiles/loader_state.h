/* What loader.c, answers.c and requests.c share: the loader's state, and who calls whom.
 *
 * loader.c: the file, the page, the caller's side. requests.c: what an idle worker is asked next.
 * answers.c: what comes back. tally.c: statistics that come along with tiles. prefetch.c: tiles
 * that may be wanted next. renewal.c: files that change. drop.c: blocks
 * that nobody wants any more. progress.c and guess.c: what is known so
 * far. */
#ifndef TILES_LOADER_STATE_H
#define TILES_LOADER_STATE_H

#include "tiles/crew.h"
#include "tiles/loader.h"
#include "tiles/message.h"
#include "tiles/opener.h"

/* How often a thing is tried that costs a worker each time. */
enum { LOSSES_MAX = 3 };

enum loader_phase { LOADER_CLOSED, LOADER_OPENING, LOADER_OPEN, LOADER_SELECTING };

enum loader_statistics {
    STATISTICS_UNASKED,
    STATISTICS_WANTED,
    STATISTICS_TALLYING, /* along with tiles: tally.c */
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
    bool page_there;     /* it has selected `choice`, and described it as others did */
    int sync_losses;     /* attempts in a row to give it file and page that came to nothing */
    bool rest;           /* to be told to rest when it has nothing else to do */

    uint32_t request;            /* enum message_type in hand, 0: none */
    uint32_t file;               /* what the request is about */
    struct source_choice choice; /* what it was to select last */
    bool cancelled;
    int32_t counted;       /* pages it knew of when it last told */
    int facts;             /* INFORM: so many have come */
    int64_t x, y;          /* PROBE */
    struct tile_span span; /* TILES_WANTED */
    int32_t slots[MESSAGE_TILES];
    int begun;         /* slots it was given */
    bool tally;        /* counting what is read */
    bool ahead;        /* nobody wants them yet */
    bool outdated;     /* the file has changed since it was asked */
    bool unsound;      /* it brought a tile that is not whole: why, is told at its end */
    int64_t done, all; /* how far it was when it last told; 0 of 0: not known */
};

/* The page that may be selected next: prefetch.c. */
struct foreseen {
    bool hinted; /* `choice` is one, and loader->ahead lists its tiles */
    bool known;  /* `page` is a worker's answer for it */
    bool spoilt; /* it came to nothing, and is not tried again */
    struct source_choice choice;
    struct page page;
};

struct loader {
    struct loop *loop;
    struct arena *arena;
    struct crew *crew;
    struct opener *opener;
    struct loader_events events;
    void *context;

    char *coming; /* the path of the file that the opener is at; NULL: none. Until it is there the
                     one before stays */
    struct source_choice coming_choice;

    uint32_t version; /* of the open file, as workers last told; 0: not yet */
    bool changed;     /* since it was opened */
    bool stale;       /* since tiles that are not sound were asked for last */
    int64_t renewed_ms;
    bool looking; /* renewal.c's timer runs */

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
    struct wishes ahead; /* to be loaded while nothing else is missing: prefetch.c */
    struct foreseen foreseen;
    bool any_losses; /* some wish has losses */
    bool starved;    /* not one missing tile could be given a slot */

    enum loader_statistics statistics;
    int count_losses;
    bool count_along; /* the count waits for the next list of wishes */
    bool tallied;     /* the page's one tally was begun */
    int32_t tally_reduction;
    int64_t tally_left; /* tiles whose samples are not counted yet */
    int sample;         /* the file that decoders put values down in, 0: none */
    int32_t kept;       /* values of the page's whole sample that are there, 0: they are not */
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

/* True for a worker that has the page there should be. */
static inline bool loader_has_page(const struct loader *loader, const struct load *load)
{
    return load->file_there == loader->file && load->page_there &&
           choice_equal(&load->choice, &loader->target);
}

/* True where a block is decoded in one go that takes seconds: who is at it cannot stop, and has it
 * for later. */
static inline bool loader_in_one_go(const struct loader *loader)
{
    const struct page *page = &loader->page;
    double bytes = (double)page->block_width * (double)page->block_height * page->bits / 8;
    return page->whole && page->tiled && bytes * page->samples > 256 << 20;
}

/* requests.c: gives every idle worker what is most urgent. */
void requests_dispatch(struct loader *loader);
bool requests_is_missing(const struct loader *loader, struct tile_key key);
/* The first of a list that is missing, or NULL; *missing is how many there are. */
struct wish *requests_first_missing(const struct loader *loader, const struct wishes *wishes,
                                    int *missing);

/* Something that was asked for found no worker. */
bool requests_wait(const struct loader *loader);

/* loader.c: makes a list of the keys that are of page `index`, of the size of the page shown,
 * `most` at the most, of room that is there or to be had. */
void loader_list(const struct loader *loader, struct wishes *wishes, int32_t index,
                 const struct tile_key *keys, int count, int64_t most);

/* tally.c: the statistics that come along with tiles. */
bool tally_begin(struct loader *loader); /* true when the tiles missing now can bring them */
bool tally_in_hand(const struct loader *loader);
/* The wishes changed: what was to be counted may not be wanted any more. */
void tally_check(struct loader *loader);
/* A request of the tally ended; `counted`: all of it is in the histogram. */
void tally_end(struct loader *loader, const struct load *load, bool counted);
struct statistics tally_so_far(const struct loader *loader);
void tally_forget(struct loader *loader); /* what was kept goes */

/* prefetch.c: gives an idle worker something nobody wants yet, and stops that where somebody wants
 * something. */
void prefetch_drop(struct loader *loader);
void prefetch_forget(struct loader *loader); /* no page is foreseen */
bool prefetch_knows(const struct loader *loader, const struct source_choice *choice);
/* True for a worker that went to the foreseen page, which nobody has asked for yet. */
bool prefetch_is_for(const struct loader *loader, const struct load *load);
/* What it does ahead comes to nothing. */
void prefetch_give_up(struct loader *loader, const struct load *load);
/* The log hears when all of it is there. */
void prefetch_tell(const struct loader *loader, const struct load *load);
/* True where the worker is to go to that page, or to stay there. */
bool prefetch_calls(const struct loader *loader, int number);
void prefetch_take_page(struct loader *loader, struct load *load, const struct page *page);
/* True for tiles under way that stay what they are when the page asked for is taken over. */
bool prefetch_serves(const struct loader *loader, const struct load *load);

/* loader.c: tells decoders to stop whose tiles nobody wants; true when one of them is at a block
 * that is wanted all the same, and is to be asked about again. */
bool loader_cancel_unwanted(struct loader *loader);

/* drop.c: looks, soon and while there is a reason to, who is at a block that nobody wants. */
void drop_later(struct loader *loader);
void drop_end(struct loader *loader);
/* True for a decoder that is at a block that missing tiles are made of. */
bool drop_is_awaited(const struct loader *loader, int number);

/* renewal.c: files that change. What a worker told of the file's version; an answer ended its
 * request; what is wanted may have become another; no more of it. */
void renewal_note(struct loader *loader, const struct load *load, uint32_t version);
void renewal_done(struct loader *loader, struct load *load);
void renewal_see(struct loader *loader);
void renewal_end(struct loader *loader);
/* True where a picture is not final because the file has changed and is yet to be asked again. */
bool renewal_is_due(const struct loader *loader);

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
