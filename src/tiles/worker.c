/* The decoder process: see tiles/worker.h. Owns the open source; writes into the slots and the
 * histogram it is told to, and answers. Never knows which tiles the viewer holds or why it asks. */
#include "tiles/worker.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/clock.h"
#include "base/ledger.h"
#include "source/reduce.h"
#include "source/rough.h"
#include "source/source.h"
#include "source/spill.h"
#include "source/statistics.h"
#include "tiles/message.h"
#include "tiles/sandbox.h"

/* COUNT_MS: pages are counted for so long at a time, so that the viewer hears how far it is. */
enum { ALIVE_MS = 200, COUNT_MS = 200 };

struct worker {
    struct tile_orders orders;
    struct spill_listener blocks;
    bool sampling; /* there is a file for samples */
    int socket, number;
    struct arena *arena;
    struct source *source;    /* NULL: none open */
    int file;                 /* its descriptor: the source's */
    uint32_t version;         /* of the file, looked at since the last answer; else 0 */
    int32_t page;             /* the current page the viewer knows of, -1: none */
    int passed[MESSAGE_FDS];  /* the descriptors that came with the request, -1: none */
    bool tallied;             /* all that the request in hand read was counted */
    int64_t asked, last_sign; /* clock_ms when the request came, when something was last sent */
    struct message request, answer;
};

/* The viewer shows what we hold with its own. */
static void tell_ledger(const struct worker *worker)
{
    arena_shared(worker->arena)->ledgers[worker->number] = ledger_figures();
}

/* What tells this state of the open file from any later one: its size and its last change. */
static void look_at_file(struct worker *worker)
{
    struct stat status;
    worker->version = 0;
    if (!worker->source || fstat(worker->file, &status) != 0)
        return;
    uint64_t mixed = (uint64_t)status.st_size * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (uint64_t)status.st_mtim.tv_sec) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (uint64_t)status.st_mtim.tv_nsec) * UINT64_C(0x9e3779b97f4a7c15);
    worker->version = (uint32_t)(mixed >> 32) | 1;
}

/* Sends worker->answer, whose body is filled in. A viewer that is gone needs no worker. */
static void answer(struct worker *worker, enum message_type type)
{
    worker->answer.magic = MESSAGE_MAGIC;
    worker->answer.type = type;
    worker->answer.serial = worker->request.serial;
    worker->answer.version = worker->version;
    worker->version = 0;
    worker->last_sign = clock_ms();
    sandbox_progress();
    tell_ledger(worker);
    if (!message_send(worker->socket, &worker->answer, NULL, 0))
        _exit(0);
    memset(&worker->answer, 0, sizeof worker->answer);
}

static void answer_fault(struct worker *worker, const struct fault *fault)
{
    worker->answer.body.fault.kind = fault->kind == FAULT_NONE ? FAULT_FORMAT : fault->kind;
    snprintf(worker->answer.body.fault.text, FAULT_TEXT, "%s",
             fault->text[0] ? fault->text : "cannot be read");
    answer(worker, MESSAGE_FAULT);
}

/* Shows a sign of life, and how far it is, when one is due; true when the viewer has cancelled the
 * request. */
static bool is_dropped(struct worker *worker)
{
    if (clock_ms() - worker->last_sign >= ALIVE_MS) {
        worker->answer.body.alive.done = min64(worker->orders.read, worker->orders.all);
        worker->answer.body.alive.all = worker->orders.all;
        worker->answer.body.alive.growing = worker->orders.growing;
        answer(worker, MESSAGE_ALIVE);
    }
    uint32_t cancelled =
        __atomic_load_n(&arena_shared(worker->arena)->cancelled[worker->number], __ATOMIC_RELAXED);
    return (int32_t)(cancelled - worker->request.serial) >= 0;
}

static bool count_dropped(void *context)
{
    return is_dropped(context);
}

static bool pages_dropped(void *context)
{
    const struct worker *worker = context;
    return is_dropped(context) || clock_ms() - worker->asked >= COUNT_MS;
}

static struct worker *of_orders(struct tile_orders *orders)
{
    return (struct worker *)(void *)((char *)orders - offsetof(struct worker, orders));
}

static bool tiles_dropped(struct tile_orders *orders)
{
    return is_dropped(of_orders(orders));
}

static void *place_tile(struct tile_orders *orders, int32_t i)
{
    const struct worker *worker = of_orders(orders);
    return arena_slot(worker->arena, worker->request.body.wanted.slots[i]);
}

static uint8_t *tile_marks(struct tile_orders *orders, int32_t i)
{
    const struct worker *worker = of_orders(orders);
    return arena_marks(worker->arena, worker->request.body.wanted.slots[i]);
}

static void tile_done(struct tile_orders *orders, int32_t i, bool sound)
{
    struct worker *worker = of_orders(orders);
    worker->answer.body.tile.index = i;
    worker->answer.body.tile.sound = sound;
    answer(worker, MESSAGE_TILE);
}

/* Blocks that are decoded in one go: the viewer may end us meanwhile. */

static struct arena_block *told_block(const struct worker *worker)
{
    return &arena_shared(worker->arena)->blocks[worker->number];
}

static struct worker *of_blocks(struct spill_listener *listener)
{
    return (struct worker *)(void *)((char *)listener - offsetof(struct worker, blocks));
}

/* What others (overviews, masks) count their samples by is not known here. */
static void block_begins(struct spill_listener *listener, const void *owner, struct area area)
{
    struct arena_block *block = told_block(of_blocks(listener));
    bool own = owner == of_blocks(listener)->source;
    block->area = own ? area : (struct area){0, 0, PAGE_SIDE_MAX, PAGE_SIDE_MAX};
    block->share = 0;
    __atomic_store_n(&block->busy, 1, __ATOMIC_RELEASE);
}

static void block_goes(struct spill_listener *listener, int32_t share)
{
    __atomic_store_n(&told_block(of_blocks(listener))->share, share, __ATOMIC_RELAXED);
}

static void block_ends(struct spill_listener *listener, bool kept)
{
    struct arena_block *block = told_block(of_blocks(listener));
    __atomic_store_n(&block->busy, 0, __ATOMIC_RELEASE);
    if (kept)
        block->kept = area_union(block->kept, block->area);
}

/* What a file's opening and closing leave between the blocks of the heap would add up over files.
 */
static void give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static void close_source(struct worker *worker)
{
    source_close(worker->source);
    worker->source = NULL;
    worker->page = -1;
    give_back();
}

static void select_page(struct worker *worker)
{
    struct fault fault = {0};
    worker->page = -1;
    *told_block(worker) = (struct arena_block){0};
    if (!source_select(worker->source, &worker->request.body.open.choice, &worker->answer.body.page,
                       &fault)) {
        memset(&worker->answer, 0, sizeof worker->answer);
        answer_fault(worker, &fault);
        return;
    }
    worker->page = worker->answer.body.page.index;
    look_at_file(worker);
    arena_follow(worker->arena, page_sample_bytes(&worker->answer.body.page));
    answer(worker, MESSAGE_PAGE);
}

static void serve_open(struct worker *worker)
{
    struct fault fault = {0};
    if (worker->source)
        close_source(worker);
    if (worker->passed[0] < 0) {
        fault_set(&fault, FAULT_WORKER, "%s: no descriptor came with it",
                  worker->request.body.open.name);
        answer_fault(worker, &fault);
        return;
    }
    worker->file = worker->passed[0];
    worker->source =
        source_open(worker->passed[0], worker->passed[1], worker->request.body.open.name, &fault);
    worker->passed[0] = worker->passed[1] = -1;
    if (worker->source)
        select_page(worker);
    else
        answer_fault(worker, &fault);
}

static bool is_selected(struct worker *worker, int32_t page)
{
    struct fault fault;
    if (worker->page >= 0 && worker->page == page)
        return true;
    fault_set(&fault, FAULT_WORKER, "the page is not selected");
    answer_fault(worker, &fault);
    return false;
}

static void serve_select(struct worker *worker)
{
    struct fault fault;
    if (worker->source) {
        select_page(worker);
        return;
    }
    fault_set(&fault, FAULT_WORKER, "no file is open");
    answer_fault(worker, &fault);
}

/* Samples that the page has in the tiles of a span. */
static int64_t span_samples(const struct page *page, struct tile_span span)
{
    int k = span.reduction;
    int64_t width = reduced_size(page->width, k), height = reduced_size(page->height, k);
    int64_t left = min64((int64_t)span.column * TILE_SIDE, width) << k;
    int64_t top = min64((int64_t)span.row * TILE_SIDE, height) << k;
    int64_t right = min64(((int64_t)span.column + span.columns) * TILE_SIDE, width) << k;
    int64_t bottom = min64(((int64_t)span.row + span.rows) * TILE_SIDE, height) << k;
    return (min64(right, page->width) - min64(left, page->width)) *
           (min64(bottom, page->height) - min64(top, page->height));
}

/* A first impression: where others do so at the same time, something may be missing. */
static void tell_seen(struct worker *worker, const struct statistics *seen)
{
    struct statistics *told = &arena_shared(worker->arena)->seen;
    if (!seen->counted)
        return;
    told->least = told->counted && told->least < seen->least ? told->least : seen->least;
    told->most = told->counted && told->most > seen->most ? told->most : seen->most;
    told->counted += seen->counted;
}

/* True when the tiles are made and, where that was asked for, all that was read is counted. */
static bool make_tiles(struct worker *worker, struct tile_span span, struct fault *fault)
{
    const struct page *page = &worker->source->page;
    struct arena_shared *shared = arena_shared(worker->arena);
    struct statistics_tally tally = {.heard = 0};
    struct shared_sample sample = {.fd = SANDBOX_SAMPLE};
    enum sample_type type = (enum sample_type)page->type;
    bool wide = !sample_is_narrow(type), tallying = worker->request.body.wanted.tally;
    if (tallying && wide)
        tallying = worker->sampling &&
                   shared_sample_begin(&sample, SANDBOX_SAMPLE, type, &shared->sampled, NULL);
    if (tallying) {
        statistics_tally_init(&tally, page, shared->histogram, wide ? &sample : NULL);
        worker->orders.listener = &tally.sink;
    }
    bool fine = reduce_tiles(worker->source, span, &worker->orders, fault);
    worker->orders.listener = NULL;
    bool kept = !wide || shared_sample_end(&sample);
    tell_seen(worker, &tally.seen);
    worker->tallied = fine && kept && tallying && tally.heard == span_samples(page, span);
    return fine;
}

static void serve_tiles(struct worker *worker)
{
    struct fault fault = {0};
    struct tile_span span = worker->request.body.wanted.span;
    worker->tallied = false;
    worker->orders.read = worker->orders.all = 0;
    if (is_selected(worker, span.page)) {
        bool fine = tile_is_rough(span.reduction)
                        ? rough_tiles(worker->source, span, &worker->orders, &fault)
                        : make_tiles(worker, span, &fault);
        look_at_file(worker);
        if (!fine || source_changed(worker->source, &fault))
            answer_fault(worker, &fault);
    }
    worker->orders.all = 0;
    worker->orders.growing = (struct tile_rows){0};
    worker->answer.body.done.tallied = worker->tallied;
    answer(worker, MESSAGE_DONE);
}

static void serve_statistics(struct worker *worker)
{
    struct fault fault = {0};
    bool complete = false;
    if (!is_selected(worker, worker->page))
        return;
    struct arena_shared *shared = arena_shared(worker->arena);
    enum sample_type type = (enum sample_type)worker->source->page.type;
    int32_t kept = worker->request.body.statistics.kept;
    if (kept && !sample_is_narrow(type)
            ? !statistics_count_kept(SANDBOX_SAMPLE, type, kept, shared->histogram, &shared->seen,
                                     &complete, &fault)
            : !statistics_count(worker->source, shared->histogram, &shared->seen, count_dropped,
                                worker, &complete, &fault)) {
        answer_fault(worker, &fault);
        return;
    }
    worker->answer.body.counted.complete = complete;
    worker->answer.body.counted.statistics = shared->seen;
    answer(worker, MESSAGE_COUNTED);
}

static void serve_probe(struct worker *worker)
{
    struct fault fault = {0};
    int64_t x = worker->request.body.probe.x, y = worker->request.body.probe.y;
    double values[3] = {0};
    if (!is_selected(worker, worker->page))
        return;
    if (!source_probe(worker->source, x, y, values, &fault)) {
        answer_fault(worker, &fault);
        return;
    }
    worker->answer.body.probe.x = x;
    worker->answer.body.probe.y = y;
    memcpy(worker->answer.body.probe.values, values, sizeof values);
    answer(worker, MESSAGE_PROBED);
}

static void serve_count(struct worker *worker)
{
    if (!is_selected(worker, worker->page))
        return;
    source_count(worker->source, pages_dropped, worker);
    worker->answer.body.pages.count = worker->source->page.count;
    worker->answer.body.pages.counting = worker->source->page.counting;
    answer(worker, MESSAGE_PAGES);
}

struct telling {
    struct fact_sink sink;
    struct worker *worker;
    int told;
};

__attribute__((format(printf, 3, 4))) static void tell_fact(struct fact_sink *sink,
                                                            const char *name, const char *format,
                                                            ...)
{
    struct telling *telling = (struct telling *)sink;
    struct worker *worker = telling->worker;
    if (!name[0] || telling->told++ >= MESSAGE_FACTS)
        return;
    struct fact *fact = &worker->answer.body.fact;
    va_list arguments;
    va_start(arguments, format);
    snprintf(fact->name, sizeof fact->name, "%s", name);
    vsnprintf(fact->text, sizeof fact->text, format, arguments);
    va_end(arguments);
    answer(worker, MESSAGE_FACT);
}

static void serve_inform(struct worker *worker)
{
    struct telling telling = {{tell_fact}, worker, 0};
    if (worker->page >= 0)
        source_inform(worker->source, &telling.sink);
    answer(worker, MESSAGE_DONE);
}

static void serve_rest(struct worker *worker)
{
    if (worker->source)
        source_rest(worker->source);
    look_at_file(worker);
    answer(worker, MESSAGE_DONE);
}

static void serve_close(struct worker *worker)
{
    if (worker->source)
        close_source(worker);
    answer(worker, MESSAGE_DONE);
}

static void (*const services[MESSAGE_TYPES])(struct worker *worker) = {
    [MESSAGE_OPEN] = serve_open,          [MESSAGE_SELECT] = serve_select,
    [MESSAGE_TILES_WANTED] = serve_tiles, [MESSAGE_STATISTICS] = serve_statistics,
    [MESSAGE_PROBE] = serve_probe,        [MESSAGE_COUNT] = serve_count,
    [MESSAGE_INFORM] = serve_inform,      [MESSAGE_REST] = serve_rest,
    [MESSAGE_CLOSE] = serve_close,
};

static void serve(struct worker *worker)
{
    if (!message_check_request(&worker->request, NULL))
        _exit(1);
    worker->asked = worker->last_sign = clock_ms();
    sandbox_begin_request();
    services[worker->request.type](worker);
    for (int i = 0; i < MESSAGE_FDS; i++)
        if (worker->passed[i] >= 0)
            close(worker->passed[i]);
}

void worker_main(int socket, int number, struct arena *arena, const struct worker_terms *terms)
{
    struct worker worker = {.orders = {.place = place_tile,
                                       .marks = tile_marks,
                                       .done = tile_done,
                                       .dropped = tiles_dropped},
                            .blocks = {block_begins, block_goes, block_ends},
                            .number = number,
                            .arena = arena,
                            .sampling = terms->sample > 0,
                            .page = -1};
    worker.socket = sandbox_enter(socket, terms);
    ledger_reset();
    tell_ledger(&worker);
    *told_block(&worker) = (struct arena_block){0};
    spill_listen(&worker.blocks);
    while (message_receive(worker.socket, &worker.request, worker.passed) == MESSAGE_RECEIVED)
        serve(&worker);
    _exit(0);
}
