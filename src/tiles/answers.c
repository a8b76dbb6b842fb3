/* What comes back from the workers: pages, tiles, counts, samples, faults and losses. Owns the rule
 * that an answer is used only where it fits the request in hand and the file that is open now. */
#include "tiles/loader_state.h"

#include <string.h>

#include "base/language.h"
#include "base/log.h"

/* True when the request is about the file and page that there should be now. */
static bool is_current(const struct loader *loader, const struct load *load)
{
    return loader->phase != LOADER_CLOSED && load->file == loader->file &&
           choice_equal(&load->choice, &loader->target);
}

static bool is_opening(const struct loader *loader)
{
    return loader->phase == LOADER_OPENING || loader->phase == LOADER_SELECTING;
}

static struct tile_key key_of(const struct tile_span *span, int32_t i)
{
    return (struct tile_key){span->page, span->reduction, span->column + i % span->columns,
                             span->row + i / span->columns};
}

static void tell_tile(struct loader *loader, struct tile_key key)
{
    if (loader_wish(loader, key))
        loader->events.tile(loader->context, key);
}

bool answers_value_fits(enum sample_type type, double value)
{
    if (sample_is_float(type))
        return true;
    double values = sample_is_narrow(type) ? sample_codes(type) : (double)UINT32_MAX + 1;
    double least = sample_is_signed(type) ? -values / 2 : 0;
    return value >= least && value < least + values;
}

/* Zeros, or what stands for lost samples where the type has that. */
static void fill_lost(enum sample_type type, void *samples, size_t bytes)
{
    static const uint32_t lost32 = SAMPLE_LOST_F32;
    static const uint64_t lost64 = SAMPLE_LOST_F64;
    const void *lost = type == SAMPLE_F64 ? (const void *)&lost64 : &lost32;
    memset(samples, 0, bytes);
    for (size_t at = 0; sample_is_float(type) && at < bytes; at += sample_bytes(type))
        memcpy((char *)samples + at, lost, sample_bytes(type));
}

void answers_give_up(struct loader *loader, struct tile_key key, int32_t slot)
{
    fill_lost((enum sample_type)loader->page.type, arena_slot(loader->arena, slot),
              arena_slot_bytes(loader->arena));
    tile_mark(arena_marks(loader->arena, slot), 0, TILE_SAMPLES);
    arena_end(loader->arena, slot, false);
    tell_tile(loader, key);
}

static void take_page(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    const struct page *page = &message->body.page;
    load->request = 0;
    if (page->index != load->choice.index) {
        crew_replace(loader->crew, number, _("broke the protocol: it answered for another page"));
        return;
    }
    load->file_there = load->file;
    load->counted = page->count;
    if (prefetch_is_for(loader, load))
        prefetch_take_page(loader, load, page);
    if (!is_current(loader, load))
        return;
    load->page_there = true;
    const struct page *known = loader->found ? &loader->next : &loader->page;
    if (is_opening(loader) && !loader->found) {
        loader->found = true;
        loader->next = *page;
    } else if (!page_same(known, page)) {
        load->page_there = false;
        crew_replace(loader->crew, number,
                     _("found another page than before (was the file changed?)"));
        return;
    }
    load->sync_losses = 0;
    loader->open_losses = 0;
}

static void take_tile(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    int32_t index = message->body.tile.index;
    if (index >= load->span.columns * load->span.rows || load->slots[index] < 0) {
        crew_replace(loader->crew, number, _("broke the protocol: a tile nobody asked for"));
        return;
    }
    int32_t slot = load->slots[index];
    load->slots[index] = -1;
    bool spoilt = prefetch_is_for(loader, load) && !message->body.tile.sound;
    if (spoilt)
        prefetch_give_up(loader, load);
    if (load->file != loader->file || spoilt) {
        arena_abandon(loader->arena, slot);
        return;
    }
    load->unsound |= !message->body.tile.sound;
    arena_end(loader->arena, slot, message->body.tile.sound);
    tell_tile(loader, key_of(&load->span, index));
}

/* The request is over; what it did not bring is missing again. `lost`: that counts against the
 * tiles, and those lost too often are given up. */
static void end_tiles(struct loader *loader, struct load *load, bool lost)
{
    int given_up = 0;
    load->request = 0;
    load->all = 0;
    for (int32_t i = 0; i < load->span.columns * load->span.rows; i++) {
        int32_t slot = load->slots[i];
        if (slot < 0)
            continue;
        struct tile_key key = key_of(&load->span, i);
        bool ours = lost && load->file == loader->file && !load->cancelled;
        struct wish *wish = ours ? loader_wish(loader, key) : NULL;
        load->slots[i] = -1;
        if (load->ahead && ours) /* not to be tried again and again */
            prefetch_give_up(loader, load);
        loader->any_losses |= wish != NULL;
        if (wish && ++wish->losses >= LOSSES_MAX) {
            answers_give_up(loader, key, slot);
            given_up++;
        } else {
            arena_abandon(loader->arena, slot);
        }
    }
    if (given_up && !tile_is_rough(load->span.reduction))
        loader_trouble(loader, FAULT_FORMAT, "%s: %d tiles of the picture cannot be decoded",
                       loader->path, given_up);
}

static void end_inform(struct loader *loader, const struct load *load)
{
    if (load->file == loader->file && loader->events.fact)
        loader->events.fact(loader->context, NULL);
}

static void take_fact(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    if (++load->facts > MESSAGE_FACTS)
        crew_replace(loader->crew, number, _("broke the protocol: facts without end"));
    else if (load->file == loader->file && loader->events.fact)
        loader->events.fact(loader->context, &message->body.fact);
}

static void tell_pages(struct loader *loader)
{
    if (loader->events.pages)
        loader->events.pages(loader->context, loader->page.count, loader->page.counting);
}

void answers_end_pages(struct loader *loader)
{
    loader->page.counting = 0;
    tell_pages(loader);
}

/* Counting that came to nothing is tried again, and in the end done without. */
static void pages_failed(struct loader *loader)
{
    loader->counter = -1;
    if (!loader->page.counting || ++loader->page_losses < LOSSES_MAX)
        return;
    loader_trouble(loader, FAULT_FORMAT, "%s: its pages beyond the first %d cannot be counted",
                   loader->path, loader->page.count);
    answers_end_pages(loader);
}

static void take_pages(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    int32_t count = message->body.pages.count, counting = message->body.pages.counting;
    bool progress = count > load->counted || load->cancelled || !counting;
    load->request = 0;
    load->counted = count;
    if (!is_current(loader, load) || loader->phase != LOADER_OPEN)
        return;
    if (!progress) {
        pages_failed(loader);
        return;
    }
    loader->page_losses = 0;
    if (counting && count <= loader->page.count)
        return;
    if (count > loader->page.count)
        loader->page.count = count;
    loader->page.counting = counting;
    tell_pages(loader);
}

static void take_done(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    if (load->request == MESSAGE_TILES_WANTED) {
        tally_end(loader, load, message->body.done.tallied);
        end_tiles(loader, load, true);
        prefetch_tell(loader, load);
    }
    if (load->request == MESSAGE_INFORM)
        end_inform(loader, load);
    if (load->request == MESSAGE_CLOSE) {
        load->file_there = 0;
        load->page_there = false;
    }
    load->request = 0;
}

/* Rows of tiles that are not complete yet. */
static void take_growing(struct loader *loader, int number, const struct tile_rows *growing)
{
    const struct load *load = &loader->loads[number];
    struct tile_span part = load->span;
    int32_t before = growing->rows;
    if (growing->row >= part.rows || growing->column + growing->columns > part.columns) {
        crew_replace(loader->crew, number,
                     _("broke the protocol: rows of a tile nobody asked for"));
        return;
    }
    for (int32_t i = 0; i < growing->columns; i++) {
        int32_t slot = load->slots[growing->row * part.columns + growing->column + i];
        if (slot >= 0)
            before = (int32_t)min64(before, arena_grow(loader->arena, slot, growing->rows));
    }
    part.row += growing->row;
    part.column += growing->column;
    part.columns = growing->columns;
    part.rows = 1;
    if (before < growing->rows && loader->events.grown)
        loader->events.grown(loader->context, part, before, growing->rows);
}

static void take_alive(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    load->done = message->body.alive.done;
    load->all = message->body.alive.all;
    if (load->request == MESSAGE_TILES_WANTED && load->file == loader->file && !load->cancelled)
        take_growing(loader, number, &message->body.alive.growing);
}

/* A count that came to nothing is tried again, and in the end done without. */
static void count_failed(struct loader *loader)
{
    loader->kept = 0; /* where the values were to be had is not trusted again */
    if (++loader->count_losses < LOSSES_MAX) {
        loader->statistics = STATISTICS_WANTED;
        return;
    }
    loader_trouble(loader, FAULT_FORMAT, "%s: its values cannot be counted", loader->path);
    loader_end_count(loader);
}

static void end_count(struct loader *loader, struct load *load, bool complete)
{
    load->request = 0;
    if (load->file != loader->file || loader->statistics != STATISTICS_COUNTING)
        return;
    if (complete)
        loader_end_count(loader);
    else if (load->cancelled)
        loader->statistics = STATISTICS_WANTED;
    else
        count_failed(loader);
}

static void take_counted(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    const struct statistics *counted = &message->body.counted.statistics;
    enum sample_type type = (enum sample_type)loader->page.type;
    bool ours = load->file == loader->file;
    if (ours &&
        !(answers_value_fits(type, counted->least) && answers_value_fits(type, counted->most))) {
        crew_replace(loader->crew, number,
                     _("broke the protocol: values that are none of the page's"));
        return;
    }
    if (ours)
        loader->counted = *counted;
    end_count(loader, load, message->body.counted.complete);
}

static void take_probed(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    int64_t x = message->body.probe.x, y = message->body.probe.y;
    bool current = is_current(loader, load) && loader->phase == LOADER_OPEN;
    bool fits = true;
    for (int32_t i = 0; current && i < loader->page.channels; i++)
        fits &=
            answers_value_fits((enum sample_type)loader->page.type, message->body.probe.values[i]);
    load->request = 0;
    if (x != load->x || y != load->y)
        crew_replace(loader->crew, number, _("broke the protocol: a sample nobody asked for"));
    else if (!fits)
        crew_replace(loader->crew, number,
                     _("broke the protocol: a value that is none of the page's"));
    else if (current && !loader->probe_wanted)
        loader->events.probed(loader->context, x, y, message->body.probe.values);
}

/* The worker could not open the file or select the page. While the page is being looked for, the
 * first such answer is the answer; later it only shows that this worker is of no use. */
static void sync_failed(struct loader *loader, struct load *load, const struct fault *fault)
{
    if (load->request == MESSAGE_OPEN)
        load->file_there = 0;
    load->page_there = false;
    load->request = 0;
    if (prefetch_is_for(loader, load))
        prefetch_give_up(loader, load);
    if (!is_current(loader, load))
        return;
    if (is_opening(loader) && !loader->found) {
        loader_fail(loader, fault);
        return;
    }
    load->sync_losses++;
    if (loader->counter == load - loader->loads)
        loader->counter = -1;
    loader_trouble(loader, fault->kind, "%s", fault->text);
}

static void take_fault(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    struct fault fault = {.kind = (enum fault_kind)message->body.fault.kind};
    memcpy(fault.text, message->body.fault.text, sizeof fault.text);
    uint32_t request = load->request;
    if (request == MESSAGE_OPEN || request == MESSAGE_SELECT) {
        sync_failed(loader, load, &fault);
        return;
    }
    bool current = is_current(loader, load);
    if (request != MESSAGE_TILES_WANTED)
        load->request = 0;
    if (request == MESSAGE_COUNT && current)
        pages_failed(loader);
    if (request == MESSAGE_STATISTICS && !current)
        end_count(loader, load, false);
    if (!current || request == MESSAGE_PROBE) /* of which the tile there tells the user */
        return;
    loader_trouble(loader, fault.kind, "%s", fault.text);
    if (request == MESSAGE_STATISTICS)
        end_count(loader, load, true);
}

static void (*const takers[MESSAGE_TYPES])(struct loader *loader, int number,
                                           const struct message *message) = {
    [MESSAGE_PAGE] = take_page,     [MESSAGE_TILE] = take_tile, [MESSAGE_COUNTED] = take_counted,
    [MESSAGE_PROBED] = take_probed, [MESSAGE_DONE] = take_done, [MESSAGE_FAULT] = take_fault,
    [MESSAGE_PAGES] = take_pages,   [MESSAGE_FACT] = take_fact, [MESSAGE_ALIVE] = take_alive,
};

void answers_take(void *context, int number, const struct message *message)
{
    struct loader *loader = context;
    renewal_note(loader, &loader->loads[number], message->version);
    takers[message->type](loader, number, message);
    if (message->type == MESSAGE_TILE || message->type == MESSAGE_FACT ||
        message->type == MESSAGE_ALIVE)
        return;
    if (message->type == MESSAGE_DONE)
        renewal_done(loader, &loader->loads[number]);
    loader_settle(loader);
    requests_dispatch(loader);
}

/* True when that is the end of the attempt to open the file. A worker that had not come as far as
 * the page there should be may have been lost because of it. */
static bool count_loss(struct loader *loader, struct load *load)
{
    if (is_opening(loader) && !loader->found)
        return ++loader->open_losses >= LOSSES_MAX;
    if (!loader_has_page(loader, load) && !prefetch_is_for(loader, load))
        load->sync_losses++;
    return false;
}

void answers_lost(void *context, int number, pid_t pid, const char *why)
{
    struct loader *loader = context;
    struct load *load = &loader->loads[number];
    bool dropped = !strcmp(why, CREW_DROPPED);
    bool fails = !dropped && count_loss(loader, load);
    bool ahead = prefetch_is_for(loader, load) &&
                 (load->request == MESSAGE_SELECT || load->request == MESSAGE_TILES_WANTED);
    uint32_t file = loader->file;
    if (ahead)
        prefetch_give_up(loader, load);
    load->file_there = 0;
    load->page_there = false;
    if (load->request == MESSAGE_TILES_WANTED) {
        tally_end(loader, load, false);
        end_tiles(loader, load, true);
    } else if (load->request == MESSAGE_STATISTICS)
        end_count(loader, load, false);
    else if (load->request == MESSAGE_INFORM)
        end_inform(loader, load);
    else if (load->request == MESSAGE_COUNT && is_current(loader, load))
        pages_failed(loader);
    if (loader->counter == number)
        loader->counter = -1;
    if (loader->holder == number)
        loader->holder = -1;
    load->request = 0;
    /* Who asked went on to something else meanwhile, and misses nothing. */
    if (strcmp(why, CREW_SLOW) != 0 && !dropped && !ahead)
        loader_trouble(loader, FAULT_WORKER, "decoder %d (pid %ld) %s and was replaced", number + 1,
                       (long)pid, why);
    if (fails && file == loader->file) {
        struct fault fault;
        fault_set(&fault, FAULT_FORMAT, "%s: cannot be opened: the decoder %s", loader->path, why);
        loader_fail(loader, &fault);
    }
    loader_settle(loader);
    requests_dispatch(loader);
}
