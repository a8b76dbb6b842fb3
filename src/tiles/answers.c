/* What comes back from the workers: pages, tiles, counts, samples, faults and losses. Owns the rule
 * that an answer is used only where it fits the request in hand and the file that is open now. */
#include "tiles/loader_state.h"

#include <string.h>

#include "base/log.h"

/* True when the request is about the file and page that there should be now. */
static bool is_current(const struct loader *loader, const struct load *load)
{
    return loader->phase != LOADER_CLOSED && load->file == loader->file &&
           load->page == loader->target;
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

void answers_give_up(struct loader *loader, struct tile_key key, int32_t slot)
{
    memset(arena_slot(loader->arena, slot), 0, arena_slot_bytes(loader->arena));
    arena_end(loader->arena, slot, false);
    tell_tile(loader, key);
}

static void take_page(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    const struct page *page = &message->body.page;
    load->request = 0;
    if (page->index != load->page) {
        crew_replace(loader->crew, number, "broke the protocol: it answered for another page");
        return;
    }
    load->file_there = load->file;
    load->page_there = load->page;
    if (!is_current(loader, load))
        return;
    const struct page *known = loader->found ? &loader->next : &loader->page;
    if (is_opening(loader) && !loader->found) {
        loader->found = true;
        loader->next = *page;
    } else if (memcmp(known, page, sizeof *page) != 0) {
        load->page_there = -1;
        crew_replace(loader->crew, number,
                     "found another page than before (was the file changed?)");
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
        crew_replace(loader->crew, number, "broke the protocol: a tile nobody asked for");
        return;
    }
    int32_t slot = load->slots[index];
    load->slots[index] = -1;
    if (load->file != loader->file) {
        arena_abandon(loader->arena, slot);
        return;
    }
    arena_end(loader->arena, slot, message->body.tile.sound);
    tell_tile(loader, key_of(&load->span, index));
}

/* The request is over; what it did not bring is missing again. `lost`: that counts against the
 * tiles, and those lost too often are given up. */
static void end_tiles(struct loader *loader, struct load *load, bool lost)
{
    int given_up = 0;
    load->request = 0;
    for (int32_t i = 0; i < load->span.columns * load->span.rows; i++) {
        int32_t slot = load->slots[i];
        if (slot < 0)
            continue;
        struct tile_key key = key_of(&load->span, i);
        bool ours = lost && load->file == loader->file && !load->cancelled;
        struct wish *wish = ours ? loader_wish(loader, key) : NULL;
        load->slots[i] = -1;
        loader->any_losses |= wish != NULL;
        if (wish && ++wish->losses >= LOSSES_MAX) {
            answers_give_up(loader, key, slot);
            given_up++;
        } else {
            arena_abandon(loader->arena, slot);
        }
    }
    if (given_up)
        loader_trouble(loader, FAULT_FORMAT, "%s: %d tiles of the picture cannot be decoded",
                       loader->path, given_up);
}

static void take_done(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    (void)message;
    if (load->request == MESSAGE_TILES_WANTED)
        end_tiles(loader, load, true);
    if (load->request == MESSAGE_CLOSE) {
        load->file_there = 0;
        load->page_there = -1;
    }
    load->request = 0;
}

/* A count that came to nothing is tried again, and in the end done without. */
static void count_failed(struct loader *loader)
{
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
    end_count(loader, &loader->loads[number], message->body.counted.complete);
}

static void take_probed(struct loader *loader, int number, const struct message *message)
{
    struct load *load = &loader->loads[number];
    int64_t x = message->body.probe.x, y = message->body.probe.y;
    bool current = is_current(loader, load) && loader->phase == LOADER_OPEN;
    load->request = 0;
    if (x != load->x || y != load->y ||
        (current &&
         message->body.probe.code >= (uint32_t)sample_codes((enum sample_type)loader->page.type)))
        crew_replace(loader->crew, number, "broke the protocol: a sample nobody asked for");
    else if (current && !loader->probe_wanted)
        loader->events.probed(loader->context, x, y, message->body.probe.code);
}

/* The worker could not open the file or select the page. While the page is being looked for, the
 * first such answer is the answer; later it only shows that this worker is of no use. */
static void sync_failed(struct loader *loader, struct load *load, const struct fault *fault)
{
    if (load->request == MESSAGE_OPEN)
        load->file_there = 0;
    load->page_there = -1;
    load->request = 0;
    if (!is_current(loader, load))
        return;
    if (is_opening(loader) && !loader->found) {
        loader_fail(loader, fault);
        return;
    }
    load->sync_losses++;
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
};

void answers_take(void *context, int number, const struct message *message)
{
    struct loader *loader = context;
    takers[message->type](loader, number, message);
    if (message->type == MESSAGE_TILE)
        return;
    loader_settle(loader);
    requests_dispatch(loader);
}

/* True when that is the end of the attempt to open the file. A worker that had not come as far as
 * the page there should be may have been lost because of it. */
static bool count_loss(struct loader *loader, struct load *load)
{
    if (is_opening(loader) && !loader->found)
        return ++loader->open_losses >= LOSSES_MAX;
    if (load->file_there != loader->file || load->page_there != loader->target)
        load->sync_losses++;
    return false;
}

void answers_lost(void *context, int number, pid_t pid, const char *why)
{
    struct loader *loader = context;
    struct load *load = &loader->loads[number];
    bool fails = count_loss(loader, load);
    uint32_t file = loader->file;
    load->file_there = 0;
    load->page_there = -1;
    if (load->request == MESSAGE_TILES_WANTED)
        end_tiles(loader, load, true);
    else if (load->request == MESSAGE_STATISTICS)
        end_count(loader, load, false);
    load->request = 0;
    loader_trouble(loader, FAULT_WORKER, "decoder %d (pid %ld) %s and was replaced", number + 1,
                   (long)pid, why);
    if (fails && file == loader->file) {
        struct fault fault;
        fault_set(&fault, FAULT_FORMAT, "%s: the decoder crashed on it", loader->path);
        loader_fail(loader, &fault);
    }
    loader_settle(loader);
    requests_dispatch(loader);
}
