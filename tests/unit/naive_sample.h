/* The sample that statistics are made from, as its definition says (source/statistics.h), for tests
 * to compare with. */
#ifndef NAIVE_SAMPLE_H
#define NAIVE_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "source/page.h"

typedef void naive_taker(void *context, int64_t x, int64_t y);

static int64_t naive_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* Takes the grid of step s over a rectangle. */
static void naive_grid(int64_t left, int64_t top, int64_t width, int64_t height, int64_t s,
                       naive_taker *take, void *context)
{
    int64_t x0 = s / 2 < (width - 1) / 2 ? s / 2 : (width - 1) / 2;
    int64_t y0 = s / 2 < (height - 1) / 2 ? s / 2 : (height - 1) / 2;
    for (int64_t y = y0; y < height; y += s)
        for (int64_t x = x0; x < width; x += s)
            take(context, left + x, top + y);
}

/* Adds up what step s finds in the 256 blocks, and takes it where there is a taker. */
static int64_t naive_blocks(const struct page *page, int64_t s, naive_taker *take, void *context)
{
    int64_t values = 0, across = naive_up(page->width, page->block_width);
    for (int64_t i = 0; i < 256; i++) {
        int64_t number = (2 * i + 1) * page->blocks / 512;
        int64_t left = number % across * page->block_width;
        int64_t top = number / across * page->block_height;
        int64_t w = left + page->block_width > page->width ? page->width - left : page->block_width;
        int64_t h =
            top + page->block_height > page->height ? page->height - top : page->block_height;
        values += naive_up(w, s) * naive_up(h, s);
        if (take)
            naive_grid(left, top, w, h, s, take, context);
    }
    return values;
}

/* Takes every sample of the page's sample; in_blocks: where it is laid over 256 blocks. */
static void naive_sample(const struct page *page, bool in_blocks, naive_taker *take, void *context)
{
    int64_t s = 1;
    while (in_blocks && naive_blocks(page, s, NULL, NULL) > 1 << 20)
        s++;
    while (!in_blocks && naive_up(page->width, s) * naive_up(page->height, s) > 1 << 20)
        s++;
    if (in_blocks)
        naive_blocks(page, s, take, context);
    else
        naive_grid(0, 0, page->width, page->height, s, take, context);
}

#endif
