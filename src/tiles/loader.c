/* One open file and the tiles wanted of it: see tiles/loader.h. Owns the arena, the crew, the file
 * descriptor and the list of wishes; asks and listens through requests.c and answers.c. Never reads
 * the file itself: that is for decoders. */
#include "tiles/loader_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/ledger.h"
#include "base/log.h"

/* LARGEST_BLOCK: more bytes of one are not decoded, where only some of its planes are used. */
enum { WORKERS_DEFAULT = 2, LARGEST_BLOCK = 4 << 20 };

static size_t loader_bytes(int workers)
{
    return sizeof(struct loader) + (size_t)workers * sizeof(struct load);
}

struct loader *loader_new(struct loop *loop, int workers, int32_t slots_max,
                          const struct worker_terms *terms, const struct loader_events *events,
                          void *context, struct fault *fault)
{
    static const struct crew_events crew_events = {answers_take, answers_lost};
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
    loader->crew = crew_new(loop, arena, workers, terms, &crew_events, loader, fault);
    if (loader->crew)
        return loader;
    ledger_free(LEDGER_TILES, loader, loader_bytes(workers));
out_arena:
    arena_free(arena);
    return NULL;
}

static void drop_file(struct loader *loader)
{
    for (int i = 0; i < MESSAGE_FDS; i++) {
        if (loader->fds[i] >= 0)
            close(loader->fds[i]);
        loader->fds[i] = -1;
    }
    free(loader->path);
    loader->path = NULL;
}

void loader_free(struct loader *loader)
{
    if (!loader)
        return;
    int workers = crew_size(loader->crew);
    crew_free(loader->crew);
    arena_free(loader->arena);
    drop_file(loader);
    ledger_free(LEDGER_TILES, loader->wishes.list, loader->wishes.bytes);
    ledger_free(LEDGER_TILES, loader->earlier.list, loader->earlier.bytes);
    ledger_free(LEDGER_TILES, loader, loader_bytes(workers));
}

void loader_trouble(struct loader *loader, enum fault_kind kind, const char *format, ...)
{
    struct fault fault = {.kind = kind};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault.text, sizeof fault.text, format, arguments);
    va_end(arguments);
    log_line(LOG_TILES, "%s", fault.text);
    loader->events.trouble(loader->context, &fault);
}

void loader_cancel(struct loader *loader, int number)
{
    loader->loads[number].cancelled = true;
    crew_cancel(loader->crew, number);
}

static bool fills_arena(const struct load *load)
{
    return load->request == MESSAGE_TILES_WANTED || load->request == MESSAGE_STATISTICS;
}

static void cancel_all(struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (fills_arena(&loader->loads[i]))
            loader_cancel(loader, i);
}

/* Forgets the file. Requests about it may still be in hand: their answers are told by its number.
 */
static void forget_file(struct loader *loader)
{
    cancel_all(loader);
    drop_file(loader);
    loader->file++;
    loader->phase = LOADER_CLOSED;
    loader->counter = -1;
    loader->found = false;
    loader->wishes.count = loader->earlier.count = 0;
    loader->any_losses = loader->probe_wanted = loader->inform_wanted = false;
    loader->statistics = STATISTICS_UNASKED;
    arena_drop_all(loader->arena);
}

static bool check_kind(const struct stat *status, const char *path, struct fault *fault)
{
    if (S_ISDIR(status->st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is a directory", path);
    if (!S_ISREG(status->st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is not a regular file", path);
    if (status->st_size == 0)
        return fault_set(fault, FAULT_FILE, "%s: is empty", path);
    return true;
}

/* Returns a descriptor or -1. Asks what it is before it opens, as opening a device may have
 * effects, and again after, as it may be another thing by then. */
static int open_regular(const char *path, struct fault *fault)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        fault_errno(fault, errno, "%s", path);
        return -1;
    }
    if (!check_kind(&status, path, fault))
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0)
        fault_errno(fault, errno, "%s", path);
    else if (check_kind(&status, path, fault))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The reduced copies that other programs keep beside a file; -1 where there are none. */
static int open_overviews(const char *path)
{
    char *name = NULL;
    int fd = -1;
    if (asprintf(&name, "%s.ovr", path) < 0)
        return -1;
    fd = open_regular(name, NULL);
    free(name);
    return fd;
}

bool choice_equal(const struct source_choice *a, const struct source_choice *b)
{
    return a->index == b->index && a->channel == b->channel && a->every == b->every;
}

static void aim(struct loader *loader, struct source_choice choice)
{
    loader->target = choice;
    loader->found = false;
    loader->open_losses = loader->page_losses = 0;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        loader->loads[i].page_there = false;
        loader->loads[i].sync_losses = 0;
    }
}

bool loader_open(struct loader *loader, const char *path, struct source_choice choice,
                 struct fault *fault)
{
    if (choice.index < 0)
        return fault_set(fault, FAULT_UNSUPPORTED, "%s: has no page %lld", path,
                         (long long)choice.index + 1);
    int fd = open_regular(path, fault);
    if (fd < 0)
        return false;
    char *copy = strdup(path);
    if (!copy) {
        close(fd);
        return fault_set(fault, FAULT_MEMORY, "%s: no memory for its name", path);
    }
    forget_file(loader);
    loader->path = copy;
    loader->fds[0] = fd;
    loader->fds[1] = open_overviews(path);
    loader->phase = LOADER_OPENING;
    aim(loader, choice);
    requests_dispatch(loader);
    return true;
}

bool loader_select(struct loader *loader, struct source_choice choice, struct fault *fault)
{
    if (loader->phase == LOADER_CLOSED)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    bool known = loader->phase != LOADER_OPENING;
    bool beyond = known && !loader->page.counting && choice.every == loader->shown.every &&
                  choice.index >= loader->page.count;
    if (choice.index < 0 || beyond)
        return fault_set(fault, FAULT_UNSUPPORTED, "%s: has no page %lld", loader->path,
                         (long long)choice.index + 1);
    cancel_all(loader);
    if (known)
        loader->phase = LOADER_SELECTING;
    aim(loader, choice);
    requests_dispatch(loader);
    return true;
}

void loader_close(struct loader *loader)
{
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
    loader->wishes.count = loader->earlier.count = 0;
    loader->any_losses = loader->probe_wanted = false;
    loader->statistics = STATISTICS_UNASKED;
    loader->events.opened(loader->context, &loader->page);
}

void loader_settle(struct loader *loader)
{
    if (!loader->found && loader->phase != LOADER_CLOSED)
        return;
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (fills_arena(&loader->loads[i]))
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

static bool is_of_page(const struct page *page, struct tile_key key)
{
    if (key.page != page->index || key.reduction < 0 || key.reduction > TILE_REDUCTION_MAX)
        return false;
    int64_t columns = ceil_div(reduced_size(page->width, key.reduction), TILE_SIDE);
    int64_t rows = ceil_div(reduced_size(page->height, key.reduction), TILE_SIDE);
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

/* Makes the new list of wishes; the one before is left in loader->earlier. */
static void put_wishes(struct loader *loader, const struct tile_key *keys, int count)
{
    struct wishes wishes = loader->earlier;
    loader->earlier = loader->wishes;
    wishes.count = 0;
    int most = (int)min64(count, arena_capacity(loader->arena));
    bool any_losses = false;
    if (!make_room(&wishes, most))
        most = 0;
    for (int i = 0; i < most; i++) {
        if (!is_of_page(&loader->page, keys[i]))
            continue;
        int32_t losses = loader->any_losses ? losses_before(loader, keys[i]) : 0;
        any_losses |= losses > 0;
        wishes.list[wishes.count++] = (struct wish){keys[i], losses};
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

void loader_want(struct loader *loader, const struct tile_key *keys, int count)
{
    if (!loader_page(loader))
        return;
    put_wishes(loader, keys, count);
    for (int i = loader->wishes.count - 1; i >= 0; i--)
        arena_touch(loader->arena, loader->wishes.list[i].key);
    for (int i = 0; i < crew_size(loader->crew); i++) {
        const struct load *load = &loader->loads[i];
        if (load->request == MESSAGE_TILES_WANTED && !load->cancelled &&
            !any_tile_wanted(loader, load))
            loader_cancel(loader, i);
    }
    requests_dispatch(loader);
}

/* Strips are decoded row by row but for codecs that give whole ones alone, and where samples come
 * in units of several rows. */
static bool holds_blocks(const struct page *page)
{
    static const char *const whole[] = {"JBIG", "LERC", "PixarLog", "WebP", "old-style JPEG"};
    bool holds = page->tiled || !strcmp(page->photometric, "YCbCr");
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        holds |= !strcmp(page->compression, whole[i]);
    return holds && !page->direct && !page->whole;
}

/* Codecs that look back over megabytes of what they have decoded, and keep it. */
static bool looks_back(const struct page *page)
{
    return !strcmp(page->compression, "LZMA") || !strcmp(page->compression, "Zstandard");
}

size_t loader_held(const struct loader *loader, size_t *block)
{
    const struct page *page = loader_page(loader);
    size_t workers = (size_t)crew_size(loader->crew), bits;
    *block = 0;
    if (page && page->whole && looks_back(page)) {
        *block = LARGEST_BLOCK;
        return (size_t)2 * LARGEST_BLOCK;
    }
    if (!page || !holds_blocks(page))
        return 0;
    bool fits =
        checked_mul((size_t)page->bits * (size_t)page->samples, (size_t)page->block_width, &bits) &&
        checked_mul(bits, (size_t)page->block_height, &bits);
    *block = fits && bits / 8 < LARGEST_BLOCK ? bits / 8 : LARGEST_BLOCK;
    size_t spare = looks_back(page) && *block > LOADER_SHARED_BLOCK ? LARGEST_BLOCK : 0;
    return 2 * *block * (*block > LOADER_SHARED_BLOCK ? 1 : workers) + spare;
}

int loader_pending(const struct loader *loader)
{
    int pending =
        loader->statistics == STATISTICS_WANTED || loader->statistics == STATISTICS_COUNTING;
    pending += loader->phase == LOADER_OPEN && loader->page.counting;
    for (int i = 0; i < loader->wishes.count; i++)
        pending += !arena_find(loader->arena, loader->wishes.list[i].key, NULL);
    return pending;
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
    if (loader->statistics != STATISTICS_COUNTING)
        return false;
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

int loader_pids(const struct loader *loader, pid_t *pids, int room)
{
    int count = 0;
    for (int i = 0; i < crew_size(loader->crew) && count < room; i++)
        if (crew_pid(loader->crew, i) > 0)
            pids[count++] = crew_pid(loader->crew, i);
    return count;
}

void loader_rest(struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        loader->loads[i].rest = true;
    requests_dispatch(loader);
}
