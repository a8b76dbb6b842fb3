/* Slides whose levels do not call themselves reduced: they are overviews of the first page, and
 * other images stay pages. Guards source/tiff_pyramid.h. */
#include "source/tiff_pyramid.h"

#include <stdio.h>
#include <string.h>

#include "base/tile.h"
#include "suite.h"
#include "support/source_reader.h"
#include "support/tiff_plain.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A page of tiles, which are all the same one: its samples are `number` << 8 | 1, but the first,
 * which is 0. */
static void add_tiled(struct raw_tiff *raw, uint64_t width, uint64_t height, uint8_t number)
{
    enum { TILES = 32, BYTES = 512 };
    uint8_t samples[BYTES];
    uint64_t offsets[TILES], sizes[TILES];
    for (int i = 0; i < BYTES; i++)
        samples[i] = i < 2 ? 0 : i % 2 ? number : 1;
    uint64_t tile = raw_data(raw, samples, BYTES);
    for (int t = 0; t < TILES; t++) {
        offsets[t] = tile;
        sizes[t] = BYTES;
    }
    plain_image(raw, width, height, 0, 0);
    for (uint16_t tag = 273; tag <= 279; tag += tag == 273 ? 5 : 1)
        raw_drop(raw, tag);
    size_t tiles = (size_t)(((width + 15) / 16) * ((height + 15) / 16));
    raw_number(raw, 322, RAW_LONG, 16);
    raw_number(raw, 323, RAW_LONG, 16);
    raw_numbers(raw, 324, RAW_LONG, offsets, tiles);
    raw_numbers(raw, 325, RAW_LONG, sizes, tiles);
}

/* Slides: their levels do not call themselves reduced. A sample of a tiled directory tells its
 * number there. */

enum { DIRECTORIES = 6 };

static const struct slide {
    const char *what, *description;
    bool hamamatsu;
    struct {
        uint64_t width, height, kind;
        bool tiled;
        float lens;
    } directories[DIRECTORIES];
    int pages[DIRECTORIES]; /* the directories that are pages, and -1 where no more are */
    int levels[6];          /* by reduction, the directory of the copy; 0: none */
} slides[] = {
    {"Aperio's",
     "Aperio Image Library v11.2.1\n70x67",
     false,
     {{70, 67, 0, true, 0},
      {10, 10, 0, false, 0},
      {17, 16, 0, true, 0},
      {4, 4, 0, true, 0},
      {12, 13, 1, false, 0},
      {40, 13, 9, false, 0}},
     {0, 1, 4, 5, -1, 0},
     {0, 0, 2, 0, 3, 0}},
    {"somebody else's with the same directories",
     "Somebody else",
     false,
     {{70, 67, 0, true, 0},
      {10, 10, 0, false, 0},
      {17, 16, 0, true, 0},
      {4, 4, 0, true, 0},
      {12, 13, 1, false, 0},
      {40, 13, 9, false, 0}},
     {0, 1, 2, 3, -1, 0},
     {0}},
    {"Hamamatsu's",
     "",
     true,
     {{70, 67, 0, false, 40},
      {18, 17, 0, false, 10},
      {5, 5, 0, false, 2.5F},
      {35, 34, 0, false, -1},
      {35, 34, 0, false, -2},
      {9, 9, 0, false, 0}},
     {0, 3, 4, 5, -1, 0},
     {0, 0, 1, 0, 2, 0}},
    {"nobody's in particular, and another image",
     "",
     false,
     {{70, 67, 0, true, 0},
      {35, 34, 0, true, 0},
      {23, 22, 0, true, 0},
      {69, 30, 0, true, 0},
      {18, 17, 0, true, 0},
      {9, 9, 0, false, 0}},
     {0, 3, 4, 5, -1, 0},
     {0, 1, 2, 0, 0, 0}},
    {"two sizes, which may be two images",
     "",
     false,
     {{70, 67, 0, true, 0},
      {35, 34, 0, true, 0},
      {35, 34, 0, true, 0},
      {18, 17, 0, true, 0},
      {9, 9, 0, true, 0},
      {5, 5, 0, true, 0}},
     {0, 1, 2, 3, 4, 5},
     {0}},
};

static struct source *open_slide(const struct slide *slide)
{
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    for (int i = 0; i < DIRECTORIES; i++) {
        uint64_t width = slide->directories[i].width, height = slide->directories[i].height;
        float lens = slide->directories[i].lens;
        uint32_t bits;
        memcpy(&bits, &lens, sizeof bits);
        if (slide->directories[i].tiled)
            add_tiled(&raw, width, height, (uint8_t)i);
        else
            plain_image(&raw, width, height, (uint16_t)(i << 8), 0);
        if (slide->directories[i].kind)
            raw_number(&raw, 254, RAW_LONG, slide->directories[i].kind);
        if (!i)
            raw_text(&raw, 270, slide->description);
        if (slide->hamamatsu)
            raw_number(&raw, 65420, RAW_LONG, 1);
        if (slide->directories[i].lens != 0)
            raw_claim(&raw, 65421, RAW_FLOAT, 1, bits);
        raw_directory(&raw, true);
    }
    struct fault fault;
    return source_from(raw_write(&raw, "slide.tif"), &fault);
}

/* The number of the directory that a copy is from. */
static int level_of(struct source *copy)
{
    double values[3];
    struct fault fault;
    return source_probe(copy, 1, 0, values, &fault) ? (int)values[0] >> 8 : -1;
}

static bool selects(struct source *source, int32_t index, int32_t every, struct page *page)
{
    struct fault fault;
    return source_select(source, &(struct source_choice){index, 0, every, 0}, page, &fault);
}

static bool levels_right(struct source *source, const struct slide *slide)
{
    bool right = true;
    for (int k = 1; k < 6; k++) {
        struct source *copy = source_reduced(source, k);
        right &= (copy != NULL) == (slide->levels[k] > 0);
        if (!copy)
            continue;
        right &= copy->page.width == reduced_size(70, k);
        right &= level_of(copy) == slide->levels[k];
    }
    return right;
}

static void levels_of_slides_are_overviews_and_no_pages(void)
{
    for (size_t i = 0; i < COUNT(slides); i++) {
        const struct slide *slide = &slides[i];
        struct source *source = open_slide(slide);
        struct page page;
        int count = 0;
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        bool right = levels_right(source, slide);
        for (; count < DIRECTORIES && slide->pages[count] >= 0; count++) {
            right &= selects(source, count, 0, &page);
            right &= page.width == (int64_t)slide->directories[slide->pages[count]].width;
            right &= !count || !page.overviews;
        }
        right &= page.count == count && selects(source, 2, 1, &page);
        right &= page.count == DIRECTORIES && page.width == (int64_t)slide->directories[2].width;
        CU_ASSERT(right);
        if (!right)
            printf("  a slide, %s\n", slide->what);
        source_close(source);
    }
}

SUITE("source/tiff_pyramid",
      {"levels of slides are overviews and no pages", levels_of_slides_are_overviews_and_no_pages})
