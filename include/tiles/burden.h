/* What decoding a page takes of memory, as far as its description tells. */
#ifndef TILES_BURDEN_H
#define TILES_BURDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "source/page.h"

enum {
    BURDEN_SHARED_BLOCK = 768 << 10, /* larger ones are decoded by one decoder alone */
    BURDEN_LARGEST_BLOCK = 4 << 20   /* more bytes of one are never held */
};

struct burden {
    size_t block;   /* bytes of the page that a decoder must hold decoded at a time; 0: some rows */
    size_t decoder; /* bytes that a decoder holds meanwhile beyond what it does at rest: blocks
                       encoded and decoded, its library's own memory, code */
    bool alone;     /* one decoder at a time holds them */
};

/* Measured factors (burden.c): an upper estimate for samples that hardly get smaller. `page` NULL:
 * nothing. */
struct burden burden_of(const struct page *page);

#endif
