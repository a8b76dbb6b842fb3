/* The 0.5th and the 99.5th percentile of any number of samples, exactly, in a fixed room: the
 * samples are gone through once for every 16 bits that they have. */
#ifndef TONE_SELECTION_H
#define TONE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sample.h"
#include "tone/window.h"

enum { SELECTION_BINS = 65536 };

struct selection {
    enum sample_type type;
    uint32_t (*bins)[SELECTION_BINS]; /* two of them, lent */
    int shift;          /* of the bits that are being counted; below 0: all are known */
    uint64_t known[2];  /* the bits above them, of either percentile */
    uint64_t wanted[2]; /* which of the values that begin with those it is, from 1 */
    uint64_t counted;   /* values that are finite */
    uint64_t least, most;
};

/* `bins` are two rows, which need not be cleared. */
void selection_begin(struct selection *selection, enum sample_type type,
                     uint32_t (*bins)[SELECTION_BINS]);

/* n samples from sample `from` of a row or a plane on, as tiles hold them. Fewer than 2^32 in all.
 */
void selection_add(struct selection *selection, const void *samples, ptrdiff_t from, int n);

/* All have been added. True: they are to be added once more. */
bool selection_again(struct selection *selection);

/* What was found, as stored values; of no account where `counted` is 0. */
struct window_counts selection_found(const struct selection *selection);

#endif
