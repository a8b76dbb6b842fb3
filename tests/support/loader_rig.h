/* A loader on a test bench: a folder for its file, a loop, a record of what it told, and a check of
 * its tiles against the recipe the file was made by. */
#ifndef SUPPORT_LOADER_RIG_H
#define SUPPORT_LOADER_RIG_H

#include <sys/types.h>

#include "base/loop.h"
#include "support/tiff_maker.h"
#include "tiles/loader.h"

enum { RIG_LIMIT_MS = 30000, RIG_KEYS = 1024, RIG_SLOTS = 512 };

struct rig {
    char folder[200], path[256]; /* path: of the one file in the folder */
    struct loop loop;
    struct loader *loader;
    struct tile_key keys[RIG_KEYS]; /* a list of wishes */
    int key_count;

    /* how often each event came; informed: the end of the facts */
    int opened, failed, refused, renewed, grown, tiles, counted, probed, paged, facts, informed,
        troubles;
    struct page page;             /* as opened last */
    struct statistics statistics; /* as counted last */
    int32_t page_count;           /* as told last */
    bool pages_counting;
    struct fact first_fact;
    struct fault failure, trouble; /* the last ones */
    char all_troubles[4000];
    struct tile_key first_tile;
    int64_t probe_x, probe_y;
    double probe_values[3];

    bool kill_in_trouble; /* at each trouble, all decoders are killed */
};

extern struct rig rig;

/* On which decoders are started; all zeros unless a test wants others meanwhile. */
extern struct worker_terms rig_terms;

/* 1500 x 1100 samples of 16 bits in deflated strips; and two pages of signed ones, so small that
 * all values are counted. */
extern const struct tiff_recipe rig_strips, rig_small;

void rig_start(int workers);
void rig_finish(void); /* checks that no process is left */

/* Turns the loop until *counter has reached `value`, or nothing is pending; a test that waits for
 * longer than RIG_LIMIT_MS has failed. */
void rig_turn_until(const int *counter, int value);
void rig_turn_until_complete(void);

/* Opens the file; returns once every decoder has it and is idle. */
void rig_open(void);
void rig_make_and_open(const struct tiff_recipe *recipe);

/* Puts all tiles of a reduction of the open page on the list. */
void rig_add_keys(int reduction);

/* How many of every 7th by 5th code of a tile are wrong; -1: it is not there, or not sound. */
int rig_wrong_codes(const struct tiff_recipe *recipe, struct tile_key key);
void rig_check_all(const struct tiff_recipe *recipe);

/* How many bins of the histogram are not what page `index` of rig_small has. */
int rig_wrong_bins(int index);

/* The decoders' processes; returns how many there are. */
int rig_pids(pid_t *pids);

/* Opens the file without waiting for a decoder to have it: they may be stopped. */
void rig_begin_to_open(void);

/* Stops the decoders, for certain, and leaves the news of it to the crew. Returns how many. */
int rig_stop_all(pid_t *pids);
void rig_stop(pid_t pid); /* the same of one process */

int rig_entries(const char *folder); /* . and .. not counted */

#endif
