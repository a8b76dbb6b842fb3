/* Hostile files, in this process: each ends as the table of malformed files says, with its
 * sentence, and nothing of it stays. Guards source/tiff_page.c, source/tiff_index.c and
 * source/registry.c. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/reduce.h"
#include "source/source.h"
#include "source/spill.h"
#include "source/statistics.h"
#include "support/malformed.h"
#include "support/source_reader.h"
#include "support/tile_desk.h"
#include "support/told_facts.h"

enum {
    CORNER = 128,    /* of a page, each way, that is read */
    PATIENCE = 2000, /* looks at `dropped` before a job is given up, as a user does */
    TILES = 2        /* of a reduction, each way, that are made */
};

/* What became of a page: the first fault of all that was tried, "" without one. */
struct outcome {
    struct fault fault;
    bool wrong; /* samples that are not those of the sound image */
    int64_t samples;
};

struct corner_sink {
    struct row_sink sink;
    const struct page *page;
    struct outcome *outcome;
    bool sound; /* samples should be those of the sound image */
};

static bool take_run(struct row_sink *row_sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct corner_sink *sink = (struct corner_sink *)row_sink;
    enum sample_type type = (enum sample_type)sink->page->type;
    for (int64_t i = 0; i < n; i++)
        sink->outcome->wrong |=
            sink->sound && sample_value(type, codes, i) != malformed_value(x + i, y);
    sink->outcome->samples += n;
    return true;
}

static void note(struct outcome *outcome, bool fine, const struct fault *fault)
{
    if (!fine && !outcome->fault.text[0])
        outcome->fault = *fault;
}

static void read_corners(struct source *source, struct outcome *outcome)
{
    const struct page *page = &source->page;
    bool sound = page->width == MALFORMED_SIDE && page->height <= MALFORMED_SIDE &&
                 page->type == SAMPLE_U16 && page->bits == 16;
    struct corner_sink sink = {{take_run}, page, outcome, sound};
    const struct area areas[] = {
        {0, 0, CORNER, CORNER},
        {page->width - CORNER, page->height - 1, CORNER, 1},
        {page->width / 2, page->height / 2, 1, 1},
    };
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        struct fault fault = {.kind = FAULT_NONE};
        note(outcome, source_read(source, areas[i], &sink.sink, &fault), &fault);
    }
}

/* The first tiles of a reduction; each must be announced once unless the job was dropped. */
static void reduce(struct source *source, int k, struct outcome *outcome)
{
    struct tile_desk desk;
    struct fault fault = {.kind = FAULT_NONE};
    struct tile_span span = tile_desk_span(&source->page, k);
    span.columns = span.columns < TILES ? span.columns : TILES;
    span.rows = span.rows < TILES ? span.rows : TILES;
    tile_desk_init(&desk, span, page_sample_bytes(&source->page));
    desk.drop_after = PATIENCE;
    note(outcome, reduce_tiles(source, span, &desk.orders, &fault), &fault);
    for (int32_t i = 0; i < tile_desk_tiles(&desk) && desk.asked < PATIENCE; i++)
        CU_ASSERT_EQUAL(desk.done[i], 1);
    tile_desk_fini(&desk);
}

static bool dropped(void *context)
{
    return --*(int *)context < 0;
}

static void count_values(struct source *source)
{
    static uint32_t histogram[65536];
    struct statistics seen = {.counted = 0};
    struct fault fault;
    bool complete;
    int left = PATIENCE;
    memset(histogram, 0, sizeof histogram);
    statistics_count(source, histogram, &seen, dropped, &left, &complete, &fault);
    CU_ASSERT(!seen.counted || seen.least <= seen.most);
}

/* What was told of the page examined last. */
static struct told_facts facts;

/* All that can be asked of the page that is selected. */
static void examine(struct source *source, struct outcome *outcome)
{
    struct fault fault;
    CU_ASSERT(page_check(&source->page, &fault));
    read_corners(source, outcome);
    for (int k = 0; k < 12; k += 3)
        if (!k || reduced_size(source->page.width, k) > 1 ||
            reduced_size(source->page.height, k) > 1)
            reduce(source, k, outcome);
    count_values(source);
    told_init(&facts);
    source_inform(source, &facts.sink);
    CU_ASSERT_EQUAL(facts.wrong, 0);
}

/* Selects a page, or a channel, or a directory that is no page, and looks at it. */
static void visit(struct source *source, struct source_choice choice)
{
    struct page page;
    struct fault fault;
    struct outcome outcome = {.samples = 0};
    if (source_select(source, &choice, &page, &fault))
        examine(source, &outcome);
}

static void check_sentence(const struct malformed_case *made, const struct page *page,
                           const struct outcome *outcome)
{
    const char *text = outcome->fault.text;
    bool fine = !text[0];
    bool named = fine || !strncmp(text, "a.tif: ", 7);
    bool ended = made->end == MALFORMED_EITHER || made->end == (!page  ? MALFORMED_REFUSED
                                                                : fine ? MALFORMED_SHOWN
                                                                       : MALFORMED_PARTLY);
    if (sizeof(size_t) < 8 && !page && strstr(text, "cannot be read: Integer overflow"))
        return; /* libtiff's sizes of rows and strips are those of the machine */
    if (!page && strstr(text, ", which this libtiff cannot decode"))
        return; /* and it may be built without a codec */
    bool told = strstr(made->end == MALFORMED_SHOWN ? page ? page->notice : "" : text,
                       made->sentence) != NULL;
    bool good =
        ended && named && (told || (fine && made->end == MALFORMED_EITHER)) && !outcome->wrong;
    CU_ASSERT(good);
    if (!good)
        printf("  %s: %s%s \"%s\"%s%s\n", made->name, page ? "opened" : "refused",
               outcome->wrong ? ", wrong samples" : "", text, page && page->notice[0] ? "; " : "",
               page ? page->notice : "");
}

static void check_pages(const struct malformed_case *made, struct source *source)
{
    int left = 1 << 20;
    source_count(source, dropped, &left);
    CU_ASSERT_FALSE(source->page.counting);
    if (made->pages && source->page.count != made->pages) {
        CU_FAIL("pages");
        printf("  %s: %d pages\n", made->name, source->page.count);
    }
    visit(source, (struct source_choice){source->page.count - 1, 0, 0, 0});
    visit(source, (struct source_choice){source->page.count, 0, 0, 0});
    visit(source, (struct source_choice){0, source->page.samples, 0, 0});
    visit(source, (struct source_choice){1, 0, 1, 0});
    visit(source, (struct source_choice){INT32_MAX, 0, 1, 0});
}

static void check_case(const struct malformed_case *made)
{
    struct outcome outcome = {.samples = 0};
    struct source_choice first = {0, 0, 0, 0};
    struct page page;
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    const char *path = malformed_make(made);
    struct source *source = source_from(path, &outcome.fault);
    bool shown = source && source_select(source, &first, &page, &outcome.fault);
    if (shown) {
        outcome.fault.text[0] = 0;
        examine(source, &outcome);
        CU_ASSERT(!made->fact || told_line(&facts, made->fact));
    }
    check_sentence(made, shown ? &page : NULL, &outcome);
    if (source)
        check_pages(made, source);
    source_close(source);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before.current);
    remove(path);
}

/* MALFORMED=NAME in the environment tries that one alone. */
static void each(void (*check)(const struct malformed_case *))
{
    const char *only = getenv("MALFORMED");
    for (size_t i = 0; i < malformed_count; i++)
        if (!only || !strcmp(only, malformed_cases[i].name))
            check(&malformed_cases[i]);
}

/* As decoders do, with a temporary file. */
static void each_ends_with_its_sentence(void)
{
    int fd = spill_open();
    spill_use(fd, INT64_C(2) << 30, 0);
    each(check_case);
    spill_use(-1, 0, 0);
    CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_END), 0);
    close(fd);
}

/* A page of twice the sound image's size, of which that is the first reduction. */
static const char *make_double(void)
{
    enum { SIDE = 2 * MALFORMED_SIDE };
    struct raw_tiff raw;
    uint8_t strip[SIDE * SIDE * 2];
    for (int i = 0; i < SIDE * SIDE; i++) {
        uint16_t value = malformed_value(i % SIDE / 2, i / SIDE / 2);
        strip[2 * i] = (uint8_t)value;
        strip[2 * i + 1] = (uint8_t)(value >> 8);
    }
    raw_begin(&raw, false, false);
    uint64_t at = raw_data(&raw, strip, sizeof strip);
    raw_image(&raw, SIDE, SIDE, 16, at, sizeof strip);
    raw_directory(&raw, true);
    return raw_write(&raw, "double.tif");
}

/* The tile of the first reduction, from whichever of the two files. */
static void reduce_double(const struct malformed_case *made, struct source *source)
{
    struct tile_desk desk;
    struct fault fault = {.kind = FAULT_NONE};
    const struct page *page = &source->page;
    int wrong = 0;
    tile_desk_init(&desk, tile_desk_span(page, 1), page_sample_bytes(page));
    bool fine = reduce_tiles(source, desk.span, &desk.orders, &fault);
    for (int i = 0; i < MALFORMED_SIDE * MALFORMED_SIDE; i++) {
        int x = i % MALFORMED_SIDE, y = i / MALFORMED_SIDE;
        wrong += sample_value((enum sample_type)page->type, desk.tiles[0], TILE_SIDE * y + x) !=
                 malformed_value(x, y);
    }
    bool good = fine && desk.sound[0] && !wrong;
    CU_ASSERT(good);
    if (!good)
        printf("  %s: %d samples wrong; %s\n", made->name, wrong, fault.text);
    tile_desk_fini(&desk);
}

static int beside_used;

static void check_beside(const struct malformed_case *made)
{
    const char *path = malformed_make(made);
    struct fault fault;
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    int fd = open(scratch_path("double.tif"), O_RDONLY | O_CLOEXEC);
    struct source *source = source_open(fd, open(path, O_RDONLY | O_CLOEXEC), "a.tif", &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(source->page.width == 2 * MALFORMED_SIDE && source->page.count == 1);
    beside_used += source->page.overviews;
    reduce_double(made, source);
    source_close(source);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before.current);
    remove(path);
}

static void none_does_harm_as_a_file_of_overviews(void)
{
    make_double();
    beside_used = 0;
    each(check_beside);
    CU_ASSERT(beside_used > 10);
}

static void the_table_is_sound(void)
{
    CU_ASSERT(malformed_count >= 70);
    for (size_t i = 0; i < malformed_count; i++) {
        const struct malformed_case *made = &malformed_cases[i];
        CU_ASSERT(made->end != MALFORMED_REFUSED || made->sentence[0]);
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_STRING_NOT_EQUAL(made->name, malformed_cases[j].name);
    }
}

SUITE("malformed", {"the table is sound", the_table_is_sound},
      {"each ends with its sentence", each_ends_with_its_sentence},
      {"none does harm as a file of overviews", none_does_harm_as_a_file_of_overviews})
