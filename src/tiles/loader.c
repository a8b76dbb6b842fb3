/* One open file and the tiles wanted of it: see tiles/loader.h. Owns the arena, the crew, the
 * opener, the file descriptor and the list of wishes; asks and listens through requests.c and
 * answers.c. Never reads the file itself: that is for decoders. */
#include "tiles/loader_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "base/ledger.h"
#include "base/log.h"
#include "source/spill.h"

enum { WORKERS_DEFAULT = 2 };

static void file_came(void *context, const int fds[MESSAGE_FDS]);
static void file_refused(void *context, const struct fault *fault);
static void opener_lost(void *context, pid_t pid, const char *why);
static void settle_later(void *context);

static size_t loader_bytes(int workers)
{
    return sizeof(struct loader) + (size_t)workers * sizeof(struct load);
}

static void close_sample(struct loader *loader)
{
    if (loader->sample)
        close(loader->sample);
}

struct loader *loader_new(struct loop *loop, int workers, int32_t slots_max,
                          const struct worker_terms *terms, const struct loader_events *events,
                          void *context, struct fault *fault)
{
    static const struct crew_events crew_events = {answers_take, answers_lost};
    static const struct opener_events opener_events = {file_came, file_refused, opener_lost};
    if (workers <= 0)
        workers = WORKERS_DEFAULT;
    if (workers > CREW_MAX)
        workers = CREW_MAX;
    struct arena *arena = arena_new(slots_max, fault);
    if (!arena)
        return NULL;
    struct loader *loader = ledger_alloc(LEDGER_TILES, loader_bytes(workers), fault);
    if (!loader)
        goto out_arena;
    loader->loop = loop;
    loader->arena = arena;
    loader->events = *events;
    loader->context = context;
    loader->counter = loader->holder = -1;
    for (int i = 0; i < MESSAGE_FDS; i++)
        loader->fds[i] = -1;
    loader->opener = opener_new(loop, &opener_events, loader, fault);
    if (!loader->opener)
        goto out;
    struct worker_terms sharing = *terms;
    sharing.sample = loader->sample = terms->spill > 0 ? (int)max64(spill_open(), 0) : 0;
    loader->crew = crew_new(loop, arena, workers, &sharing, &crew_events, loader, fault);
    if (loader->crew)
        return loader;
    close_sample(loader);
    opener_free(loader->opener);
out:
    ledger_free(LEDGER_TILES, loader, loader_bytes(workers));
out_arena:
    arena_free(arena);
    return NULL;
}

static void drop_file(struct loader *loader)
{
    opener_close(loader->opener, loader->fds);
    free(loader->path);
    loader->path = NULL;
}

static void drop_coming(struct loader *loader)
{
    opener_forget(loader->opener);
    free(loader->coming);
    loader->coming = NULL;
}

void loader_free(struct loader *loader)
{
    if (!loader)
        return;
    int workers = crew_size(loader->crew);
    loop_timer_cancel(loader->loop, settle_later, loader);
    renewal_end(loader);
    drop_end(loader);
    drop_coming(loader);
    drop_file(loader);
    crew_free(loader->crew);
    close_sample(loader);
    opener_free(loader->opener);
    arena_free(loader->arena);
    ledger_free(LEDGER_TILES, loader->wishes.list, loader->wishes.bytes);
    ledger_free(LEDGER_TILES, loader->earlier.list, loader->earlier.bytes);
    ledger_free(LEDGER_TILES, loader->ahead.list, loader->ahead.bytes);
    ledger_free(LEDGER_TILES, loader, loader_bytes(workers));
}

void loader_trouble(struct loader *loader, enum fault_kind kind, const char *format, ...)
{
    struct fault fault = {.kind = kind};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault.text, sizeof fault.text, language_text(format), arguments);
    va_end(arguments);
    language_whole(fault.text);
    log_line(LOG_TILES, "%s", fault.text);
    loader->events.trouble(loader->context, &fault);
}

void loader_cancel(struct loader *loader, int number)
{
    loader->loads[number].cancelled = true;
    crew_cancel(loader->crew, number);
    drop_later(loader);
}

static bool fills_arena(const struct load *load)
{
    return load->request == MESSAGE_TILES_WANTED || load->request == MESSAGE_STATISTICS;
}

static void cancel_all(struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (fills_arena(&loader->loads[i]) && !prefetch_serves(loader, &loader->loads[i]))
            loader_cancel(loader, i);
}

/* Forgets the file. Requests about it may still be in hand: their answers are told by its number.
 */
static void forget_file(struct loader *loader)
{
    prefetch_forget(loader);
    cancel_all(loader);
    drop_file(loader);
    loader->file++;
    loader->version = 0;
    loader->changed = loader->stale = false;
    loader->renewed_ms = INT64_MIN / 2;
    loader->phase = LOADER_CLOSED;
    loader->counter = -1;
    loader->found = false;
    loader->wishes.count = loader->earlier.count = loader->ahead.count = 0;
    loader->any_losses = loader->probe_wanted = loader->inform_wanted = false;
    loader->statistics = STATISTICS_UNASKED;
    loader->count_along = loader->tallied = false;
    loader->kept = 0;
    arena_drop_all(loader->arena);
}

bool choice_equal(const struct source_choice *a, const struct source_choice *b)
{
    return a->index == b->index && a->channel == b->channel && a->every == b->every;
}

static void aim(struct loader *loader, struct source_choice choice)
{
    loader->target = choice;
    loader->found = prefetch_knows(loader, &choice);
    if (loader->found)
        loader->next = loader->foreseen.page;
    loader->open_losses = loader->page_losses = 0;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        loader->loads[i].page_there &= loader->found;
        loader->loads[i].sync_losses = 0;
    }
}

/* Nobody is told of a page before loader_select has returned. */
static void settle_later(void *context)
{
    struct loader *loader = context;
    loader_settle(loader);
    requests_dispatch(loader);
}

static bool check_choice(const char *path, struct source_choice choice, struct fault *fault)
{
    return choice.index >= 0 || fault_set(fault, FAULT_UNSUPPORTED, "%s: has no page %lld", path,
                                          (long long)choice.index + 1);
}

/* What is still on its way gives way to the file that was asked for: a page to the one shown, and a
 * file of which nothing has been shown to none. */
static void stop_opening(struct loader *loader)
{
    if (loader->phase == LOADER_SELECTING) {
        cancel_all(loader);
        loader->phase = LOADER_OPEN;
        aim(loader, loader->shown);
    } else if (loader->phase == LOADER_OPENING) {
        forget_file(loader);
        loader_settle(loader);
    }
    requests_dispatch(loader);
}

bool loader_open(struct loader *loader, const char *path, struct source_choice choice,
                 struct fault *fault)
{
    if (!check_choice(path, choice, fault))
        return false;
    char *copy = strdup(path);
    if (!copy)
        return fault_set(fault, FAULT_MEMORY, "%s: no memory for its name", path);
    drop_coming(loader);
    stop_opening(loader);
    loader->coming = copy;
    loader->coming_choice = choice;
    opener_ask(loader->opener, copy);
    return true;
}

bool loader_changed(const struct loader *loader)
{
    return loader->changed;
}

bool loader_coming(const struct loader *loader)
{
    return loader->coming;
}

static void file_came(void *context, const int fds[MESSAGE_FDS])
{
    struct loader *loader = context;
    forget_file(loader);
    loader->path = loader->coming;
    loader->coming = NULL;
    memcpy(loader->fds, fds, sizeof loader->fds);
    loader->phase = LOADER_OPENING;
    aim(loader, loader->coming_choice);
    requests_dispatch(loader);
}

static void file_refused(void *context, const struct fault *fault)
{
    struct loader *loader = context;
    log_line(LOG_TILES, "%s", fault->text);
    drop_coming(loader);
    loader->events.refused(loader->context, fault);
}

static void opener_lost(void *context, pid_t pid, const char *why)
{
    loader_trouble(context, FAULT_WORKER, "the opener (pid %ld) %s and was replaced", (long)pid,
                   why);
}

bool loader_select(struct loader *loader, struct source_choice choice, struct fault *fault)
{
    if (loader->coming) {
        if (!check_choice(loader->coming, choice, fault))
            return false;
        loader->coming_choice = choice;
        return true;
    }
    if (loader->phase == LOADER_CLOSED)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    bool known = loader->phase != LOADER_OPENING;
    bool beyond = known && !loader->page.counting && choice.every == loader->shown.every &&
                  choice.index >= loader->page.count;
    if (choice.index < 0 || beyond)
        return fault_set(fault, FAULT_UNSUPPORTED, "%s: has no page %lld", loader->path,
                         (long long)choice.index + 1);
    if (known)
        loader->phase = LOADER_SELECTING;
    if (prefetch_knows(loader, &choice) && !loop_timer(loader->loop, 0, settle_later, loader))
        prefetch_forget(loader);
    aim(loader, choice);
    cancel_all(loader);
    requests_dispatch(loader);
    return true;
}

void loader_close(struct loader *loader)
{
    drop_coming(loader);
    forget_file(loader);
    loader_settle(loader);
    requests_dispatch(loader);
}

void loader_fail(struct loader *loader, const struct fault *fault)
{
    if (loader->phase == LOADER_SELECTING) {
        loader->phase = LOADER_OPEN;
        aim(loader, loader->shown);
    } else {
        forget_file(loader);
    }
    loader->events.failed(loader->context, fault);
}

static void clear_histogram(struct loader *loader)
{
    if (loader->histogram_used)
        arena_clear_histogram(loader->arena);
    loader->histogram_used = false;
    tally_forget(loader);
}

/* Another page of the same file may be told by a worker that knows less of the rest. */
static void keep_page_count(const struct page *known, struct page *next)
{
    if (known->count > next->count) {
        next->count = known->count;
        next->counting = known->counting;
    } else if (known->count == next->count) {
        next->counting &= known->counting;
    }
}

static void take_over(struct loader *loader)
{
    size_t bytes = page_sample_bytes(&loader->next);
    bool other_samples = loader->shown.channel != loader->target.channel ||
                         loader->shown.every != loader->target.every;
    if (loader->phase == LOADER_SELECTING && loader->shown.every == loader->target.every)
        keep_page_count(&loader->page, &loader->next);
    if (other_samples || arena_slot_bytes(loader->arena) != bytes * TILE_SAMPLES)
        arena_recut(loader->arena, bytes);
    loader->shown = loader->target;
    clear_histogram(loader);
    loader->page = loader->next;
    loader->phase = LOADER_OPEN;
    loader->found = false;
    loader->holder = -1;
    prefetch_forget(loader);
    loader->wishes.count = loader->earlier.count = loader->ahead.count = 0;
    loader->any_losses = loader->probe_wanted = false;
    loader->statistics = STATISTICS_UNASKED;
    loader->count_along = loader->tallied = false;
    loader->kept = 0;
    loader->events.opened(loader->context, &loader->page);
}

void loader_settle(struct loader *loader)
{
    if (!loader->found && loader->phase != LOADER_CLOSED)
        return;
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (fills_arena(&loader->loads[i]) && !prefetch_serves(loader, &loader->loads[i]))
            return;
    if (loader->phase == LOADER_CLOSED)
        clear_histogram(loader);
    else
        take_over(loader);
}

const struct page *loader_page(const struct loader *loader)
{
    bool known = loader->phase == LOADER_OPEN || loader->phase == LOADER_SELECTING;
    return known ? &loader->page : NULL;
}

struct arena *loader_arena(struct loader *loader)
{
    return loader->arena;
}

struct wish *loader_wish(const struct loader *loader, struct tile_key key)
{
    for (int i = 0; i < loader->wishes.count; i++)
        if (tile_key_equal(loader->wishes.list[i].key, key))
            return &loader->wishes.list[i];
    return NULL;
}

static bool is_of_page(const struct page *page, int32_t index, struct tile_key key)
{
    int k = tile_level(key.reduction);
    if (key.page != index || !tile_reduction_exists(key.reduction))
        return false;
    int64_t columns = ceil_div(reduced_size(page->width, k), TILE_SIDE);
    int64_t rows = ceil_div(reduced_size(page->height, k), TILE_SIDE);
    return key.column >= 0 && key.column < columns && key.row >= 0 && key.row < rows;
}

static int32_t losses_before(const struct loader *loader, struct tile_key key)
{
    for (int i = 0; i < loader->earlier.count; i++)
        if (tile_key_equal(loader->earlier.list[i].key, key))
            return loader->earlier.list[i].losses;
    return 0;
}

static bool make_room(struct wishes *wishes, int count)
{
    void *list = wishes->list;
    bool there = count > 0 && ledger_grow(LEDGER_TILES, &list, &wishes->bytes,
                                          (size_t)count * sizeof(struct wish), NULL);
    wishes->list = list;
    return there;
}

void loader_list(const struct loader *loader, struct wishes *wishes, int32_t index,
                 const struct tile_key *keys, int count, int64_t most)
{
    int room = (int)clamp64(most, 0, count);
    wishes->count = 0;
    if (!make_room(wishes, room))
        return;
    for (int i = 0; i < room; i++)
        if (is_of_page(&loader->page, index, keys[i]))
            wishes->list[wishes->count++] = (struct wish){keys[i], 0};
}

/* Makes the new list of wishes; the one before is left in loader->earlier. */
static void put_wishes(struct loader *loader, const struct tile_key *keys, int count)
{
    struct wishes wishes = loader->earlier;
    loader->earlier = loader->wishes;
    bool any_losses = false;
    loader_list(loader, &wishes, loader->page.index, keys, count, arena_capacity(loader->arena));
    for (int i = 0; i < wishes.count && loader->any_losses; i++) {
        wishes.list[i].losses = losses_before(loader, wishes.list[i].key);
        any_losses |= wishes.list[i].losses > 0;
    }
    loader->any_losses = any_losses;
    loader->wishes = wishes;
}

static bool any_tile_wanted(const struct loader *loader, const struct load *load)
{
    for (int32_t i = 0; i < load->span.columns * load->span.rows; i++) {
        struct tile_key key = {load->span.page, load->span.reduction,
                               load->span.column + i % load->span.columns,
                               load->span.row + i / load->span.columns};
        if (load->slots[i] >= 0 && loader_wish(loader, key))
            return true;
    }
    return false;
}

bool loader_cancel_unwanted(struct loader *loader)
{
    bool awaited = false;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        const struct load *load = &loader->loads[i];
        if (load->request != MESSAGE_TILES_WANTED || load->cancelled || load->ahead ||
            any_tile_wanted(loader, load))
            continue;
        if (drop_is_awaited(loader, i))
            awaited = true;
        else
            loader_cancel(loader, i);
    }
    return awaited;
}

void loader_want(struct loader *loader, const struct tile_key *keys, int count)
{
    if (!loader_page(loader))
        return;
    put_wishes(loader, keys, count);
    for (int i = loader->wishes.count - 1; i >= 0; i--)
        arena_touch(loader->arena, loader->wishes.list[i].key);
    if (loader_cancel_unwanted(loader))
        drop_later(loader);
    prefetch_drop(loader);
    tally_check(loader);
    loader->count_along = false;
    requests_dispatch(loader);
}

struct burden loader_burden(const struct loader *loader)
{
    return burden_of(loader_page(loader));
}

int loader_missing(const struct loader *loader)
{
    int missing = 0;
    for (int i = 0; i < loader->wishes.count; i++)
        missing += !arena_find(loader->arena, loader->wishes.list[i].key, NULL);
    return missing;
}

bool loader_starved(const struct loader *loader)
{
    return loader->starved;
}

/* Tiles that are not whole are there, and what is wrong with them is still to be told. */
static bool fault_is_coming(const struct loader *loader)
{
    bool coming = false;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        const struct load *load = &loader->loads[i];
        coming |= load->request == MESSAGE_TILES_WANTED && load->unsound &&
                  load->file == loader->file && choice_equal(&load->choice, &loader->target);
    }
    return coming;
}

int loader_pending(const struct loader *loader)
{
    bool counts = loader->phase == LOADER_OPEN && loader->page.counting;
    bool measures = loader->statistics != STATISTICS_UNASKED && !loader_counted(loader);
    return loader_missing(loader) + counts + measures + renewal_is_due(loader) +
           fault_is_coming(loader);
}

void loader_count(struct loader *loader)
{
    if (!loader_page(loader) || loader->statistics != STATISTICS_UNASKED)
        return;
    loader->statistics = STATISTICS_WANTED;
    loader->count_losses = 0;
    requests_dispatch(loader);
}

bool loader_counted(const struct loader *loader)
{
    return loader->statistics == STATISTICS_COUNTED;
}

bool loader_seen(const struct loader *loader, struct statistics *statistics)
{
    const struct statistics *seen = &arena_shared(loader->arena)->seen;
    enum sample_type type = (enum sample_type)loader->page.type;
    *statistics = loader->counted;
    if (loader->statistics == STATISTICS_COUNTED)
        return statistics->counted > 0;
    bool narrow = sample_is_narrow(type);
    if (loader->statistics == STATISTICS_TALLYING && narrow)
        *statistics = tally_so_far(loader);
    if (loader->statistics != STATISTICS_COUNTING &&
        (loader->statistics != STATISTICS_TALLYING || narrow))
        return statistics->counted > 0;
    __atomic_load(&seen->counted, &statistics->counted, __ATOMIC_RELAXED);
    __atomic_load(&seen->least, &statistics->least, __ATOMIC_RELAXED);
    __atomic_load(&seen->most, &statistics->most, __ATOMIC_RELAXED);
    statistics->low = statistics->least;
    statistics->high = statistics->most;
    return message_check_statistics(statistics, NULL) &&
           answers_value_fits(type, statistics->least) &&
           answers_value_fits(type, statistics->most);
}

void loader_end_count(struct loader *loader)
{
    loader->statistics = STATISTICS_COUNTED;
    tally_forget(loader);
    loader->events.counted(loader->context, &loader->counted);
}

void loader_probe(struct loader *loader, int64_t x, int64_t y)
{
    const struct page *page = loader_page(loader);
    if (!page || page->whole || x < 0 || y < 0 || x >= page->width || y >= page->height)
        return;
    loader->probe_wanted = true;
    loader->probe_x = x;
    loader->probe_y = y;
    requests_dispatch(loader);
}

void loader_inform(struct loader *loader)
{
    if (!loader_page(loader))
        return;
    loader->inform_wanted = true;
    requests_dispatch(loader);
}

int loader_workers(const struct loader *loader)
{
    return crew_size(loader->crew);
}

int loader_pids(const struct loader *loader, pid_t *pids, int room)
{
    int count = 0;
    for (int i = 0; i < crew_size(loader->crew) && count < room; i++)
        if (crew_pid(loader->crew, i) > 0)
            pids[count++] = crew_pid(loader->crew, i);
    if (count < room && opener_pid(loader->opener) > 0)
        pids[count++] = opener_pid(loader->opener);
    return count;
}

int loader_number(const struct loader *loader, pid_t pid)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (crew_pid(loader->crew, i) == pid)
            return i;
    return -1;
}

void loader_rest(struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        loader->loads[i].rest = true;
    requests_dispatch(loader);
}
