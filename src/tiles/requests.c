/* What an idle worker is asked next: file and page if it lacks them, then statistics, tiles, a
 * probe, tiles that may be wanted next, facts, the number of pages, rest. Owns the rules by which
 * missing tiles become rectangles; knows nothing of answers.
 *
 * A rectangle should make a worker decode no block that another one decodes too, and be small
 * enough to be overtaken by what the user wants next. */
#include "tiles/loader_state.h"

#include <stdio.h>
#include <string.h>

/* A tile with so many losses is asked for alone: a block that kills workers then takes no other
 * tiles along. */
enum { ROW_TILES = 16, REQUEST_SAMPLES = 1 << 25, ALONE_LOSSES = LOSSES_MAX - 1 };

bool requests_is_missing(const struct loader *loader, struct tile_key key)
{
    return !arena_find(loader->arena, key, NULL) && !arena_is_loading(loader->arena, key);
}

static bool is_alone(const struct loader *loader, const struct wish *wish)
{
    return wish->losses >= ALONE_LOSSES && !loader->page.whole;
}

static bool keep_wanted(void *context, struct tile_key key)
{
    return loader_wish(context, key) != NULL;
}

/* For what nobody wants yet: it takes no place from the rest of its list either. */
static bool keep_listed(void *context, struct tile_key key)
{
    const struct wishes *ahead = &((const struct loader *)context)->ahead;
    for (int i = 0; i < ahead->count; i++)
        if (tile_key_equal(ahead->list[i].key, key))
            return true;
    return keep_wanted(context, key);
}

/* Sends it; the load keeps what it is about. */
static bool ask(struct loader *loader, int number, struct message *message, const int *pass_fds,
                int count)
{
    struct load *load = &loader->loads[number];
    load->file = loader->file;
    load->cancelled = load->outdated = load->unsound = false;
    load->request = message->type;
    if (crew_ask(loader->crew, number, message, pass_fds, count))
        return true;
    load->request = 0;
    return false;
}

static bool ask_bare(struct loader *loader, int number, enum message_type type)
{
    struct message message = {.type = type};
    return ask(loader, number, &message, NULL, 0);
}

static void ask_select(struct loader *loader, int number, struct source_choice choice)
{
    struct load *load = &loader->loads[number];
    struct message message = {.type = MESSAGE_SELECT, .body.open.choice = choice};
    int count = 0;
    size_t length = strlen(loader->path);
    const char *name = loader->path;
    if (length < MESSAGE_NAME)
        memcpy(message.body.open.name, name, length);
    else
        snprintf(message.body.open.name, MESSAGE_NAME, "...%s", name + length - MESSAGE_NAME + 4);
    if (load->file_there != loader->file) {
        message.type = MESSAGE_OPEN;
        count = loader->fds[1] >= 0 ? 2 : 1;
    }
    load->page_there = false;
    load->choice = choice;
    ask(loader, number, &message, loader->fds, count);
}

/* Brings a worker to the file and page there should be. False when it is there already. */
static bool ask_sync(struct loader *loader, int number)
{
    if (loader_has_page(loader, &loader->loads[number]))
        return false;
    ask_select(loader, number, loader->target);
    return true;
}

static bool ask_statistics(struct loader *loader, int number)
{
    if (loader->statistics != STATISTICS_WANTED || loader->count_along || tally_in_hand(loader))
        return false;
    struct message message = {.type = MESSAGE_STATISTICS, .body.statistics.kept = loader->kept};
    arena_clear_histogram(loader->arena);
    arena_shared(loader->arena)->seen = loader->counted = (struct statistics){0};
    loader->histogram_used = true;
    if (ask(loader, number, &message, NULL, 0))
        loader->statistics = STATISTICS_COUNTING;
    return true;
}

/* Blocks so large are held by one worker alone; far larger ones, which go to its temporary file,
 * are decoded by none but the one that has them there. */
static bool may_hold(struct loader *loader, int number)
{
    if (!loader_burden(loader).alone && !loader->page.whole)
        return true;
    if (loader->holder < 0 || loader->loads[loader->holder].sync_losses >= LOSSES_MAX)
        loader->holder = number;
    return loader->holder == number;
}

static bool in_hand(const struct loader *loader, enum message_type type)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (loader->loads[i].request == type)
            return true;
    return false;
}

/* One at a time: answers come in the order of the questions. */
static bool ask_probe(struct loader *loader, int number)
{
    if (!loader->probe_wanted || in_hand(loader, MESSAGE_PROBE))
        return false;
    struct load *load = &loader->loads[number];
    struct message message = {.type = MESSAGE_PROBE,
                              .body.probe = {.x = loader->probe_x, .y = loader->probe_y}};
    load->x = loader->probe_x;
    load->y = loader->probe_y;
    loader->probe_wanted = !ask(loader, number, &message, NULL, 0);
    return true;
}

/* Takes no more of a block than it needs. */
static bool is_selective(const struct page *page, const struct wish *most)
{
    return page->direct || tile_is_rough(most->key.reduction);
}

/* The rows of tiles that one row of blocks feeds, where that is more than one. */
static void find_band(const struct page *page, const struct wish *most, int64_t *first,
                      int64_t *last)
{
    int64_t side = (int64_t)TILE_SIDE << tile_level(most->key.reduction);
    int64_t row = most->key.row;
    *first = *last = row;
    if (is_selective(page, most) || page->block_height <= side)
        return;
    int64_t block = row * side / page->block_height;
    *first = ceil_div(block * page->block_height, side);
    *last = ceil_div((block + 1) * page->block_height, side) - 1;
    if (*last - *first >= MESSAGE_TILES)
        *first = row;
    *last = min64(*last, *first + MESSAGE_TILES - 1);
}

static int count_idle(const struct loader *loader)
{
    int idle = 0;
    for (int i = 0; i < crew_size(loader->crew); i++)
        idle += !crew_is_busy(loader->crew, i);
    return idle > 0 ? idle : 1;
}

/* How many columns a request of `rows` rows may have. Strips are decoded whole, whoever wants how
 * much of them, so a row of them is not shared out. Other tiles are: where they take long among all
 * decoders, so that the last ones are shared too, and no request decodes more than REQUEST_SAMPLES,
 * about. */
static int64_t most_columns(const struct loader *loader, const struct wish *most, int64_t rows,
                            int64_t block_columns, int missing)
{
    bool selective = is_selective(&loader->page, most);
    if (!loader->page.tiled && !selective)
        return MESSAGE_TILES / rows;
    int64_t tile_samples = (int64_t)TILE_SAMPLES << 2 * min64(tile_level(most->key.reduction), 16);
    bool heavy = missing > REQUEST_SAMPLES / tile_samples;
    int64_t share = ceil_div(missing, heavy ? crew_size(loader->crew) : count_idle(loader));
    int64_t columns = clamp64(share, 1, ROW_TILES) / rows;
    if (!selective)
        columns = min64(columns, REQUEST_SAMPLES / tile_samples / rows);
    columns = columns / block_columns * block_columns;
    return clamp64(columns, block_columns, MESSAGE_TILES / rows);
}

struct candidates {
    int64_t first_row, last_row;    /* those that count */
    int64_t top, bottom;            /* rows that really have some */
    bool column[2 * MESSAGE_TILES]; /* about the most wanted one, at MESSAGE_TILES */
};

/* The missing tiles that may share a request with `most`. */
static void find_candidates(const struct loader *loader, const struct wishes *wishes,
                            const struct wish *most, struct candidates *found)
{
    found->top = found->bottom = most->key.row;
    for (int i = 0; i < wishes->count; i++) {
        const struct wish *wish = &wishes->list[i];
        int64_t at = (int64_t)wish->key.column - most->key.column + MESSAGE_TILES;
        if (wish->key.reduction != most->key.reduction || wish->key.row < found->first_row ||
            wish->key.row > found->last_row || at < 0 || at >= 2 * MESSAGE_TILES ||
            is_alone(loader, wish) || !requests_is_missing(loader, wish->key))
            continue;
        found->column[at] = true;
        found->top = min64(found->top, wish->key.row);
        found->bottom = max64(found->bottom, wish->key.row);
    }
}

/* Grows from the middle to the right, then to the left, over candidate columns (and, where `gaps`
 * are allowed, over what lies between them), to at most `most` columns within [low, high]. */
static void grow_columns(const struct candidates *found, bool gaps, int64_t most, int64_t low,
                         int64_t high, struct tile_span *span)
{
    int64_t left = MESSAGE_TILES, right = MESSAGE_TILES;
    for (int64_t at = right + 1; at <= high && at - left < most && (gaps || found->column[at - 1]);
         at++)
        if (found->column[at])
            right = at;
    for (int64_t at = left - 1; at >= low && right - at < most && (gaps || found->column[at + 1]);
         at--)
        if (found->column[at])
            left = at;
    span->column += (int32_t)(left - MESSAGE_TILES);
    span->columns = (int32_t)(right - left + 1);
}

static void span_of_row(const struct loader *loader, const struct wishes *wishes,
                        const struct wish *most, int missing, struct tile_span *span)
{
    const struct page *page = &loader->page;
    struct candidates found = {0};
    find_band(page, most, &found.first_row, &found.last_row);
    find_candidates(loader, wishes, most, &found);
    found.column[MESSAGE_TILES] = true;
    span->row = (int32_t)found.top;
    span->rows = (int32_t)(found.bottom - found.top + 1);
    int64_t side = (int64_t)TILE_SIDE << tile_level(most->key.reduction);
    int64_t block_columns = page->tiled ? max64(1, page->block_width / side) : 1;
    block_columns = min64(block_columns, max64(1, MESSAGE_TILES / span->rows));
    int64_t columns = most_columns(loader, most, span->rows, block_columns, missing);
    int64_t low = 0, high = 2 * MESSAGE_TILES - 1;
    if (block_columns > 1) {
        low = MESSAGE_TILES - most->key.column % block_columns;
        high = min64(high, low + columns - 1);
    }
    grow_columns(&found, !page->tiled && !is_selective(page, most), columns, low, high, span);
}

/* The box about all missing tiles of the reduction, as far as it fits into a request. */
static void span_of_all(const struct loader *loader, const struct wishes *wishes,
                        struct tile_span *span)
{
    for (int i = 0; i < wishes->count; i++) {
        struct tile_key key = wishes->list[i].key;
        if (key.reduction != span->reduction || !requests_is_missing(loader, key))
            continue;
        int64_t left = min64(span->column, key.column), top = min64(span->row, key.row);
        int64_t columns = max64(span->column + span->columns, (int64_t)key.column + 1) - left;
        int64_t rows = max64(span->row + span->rows, (int64_t)key.row + 1) - top;
        if (columns <= MESSAGE_TILES && rows <= MESSAGE_TILES && columns * rows <= MESSAGE_TILES)
            *span = (struct tile_span){span->page,   span->reduction,  (int32_t)left,
                                       (int32_t)top, (int32_t)columns, (int32_t)rows};
    }
}

struct wish *requests_first_missing(const struct loader *loader, const struct wishes *wishes,
                                    int *missing)
{
    struct wish *first = NULL;
    *missing = 0;
    for (int i = 0; i < wishes->count; i++) {
        if (!requests_is_missing(loader, wishes->list[i].key))
            continue;
        if (!first)
            first = &wishes->list[i];
        ++*missing;
    }
    return first;
}

/* The most wanted missing tile. */
static struct wish *first_missing(const struct loader *loader, int *missing)
{
    return requests_first_missing(loader, &loader->wishes, missing);
}

/* Begins slots for the missing wishes within the load's span, most wanted first. Returns how many
 * there was room for. */
static int begin_slots(struct loader *loader, struct load *load, const struct wishes *wishes,
                       const struct wish *most)
{
    const struct tile_span *span = &load->span;
    bool alone = is_alone(loader, most);
    load->begun = 0;
    memset(load->slots, -1, sizeof load->slots);
    for (int i = 0; i < wishes->count; i++) {
        const struct wish *wish = &wishes->list[i];
        int64_t column = (int64_t)wish->key.column - span->column;
        int64_t row = (int64_t)wish->key.row - span->row;
        if (wish->key.reduction != span->reduction || column < 0 || column >= span->columns ||
            row < 0 || row >= span->rows || (!alone && is_alone(loader, wish)) ||
            !requests_is_missing(loader, wish->key))
            continue;
        int32_t slot = arena_begin(loader->arena, wish->key,
                                   wishes == &loader->ahead ? keep_listed : keep_wanted, loader);
        if (slot < 0)
            break;
        load->slots[row * span->columns + column] = slot;
        load->begun++;
    }
    return load->begun;
}

static void abandon_slots(struct loader *loader, struct load *load)
{
    for (int i = 0; i < MESSAGE_TILES; i++)
        if (load->slots[i] >= 0)
            arena_abandon(loader->arena, load->slots[i]);
    memset(load->slots, -1, sizeof load->slots);
}

/* Asks for the most wanted missing tile of a list and those that come along. */
static bool ask_listed(struct loader *loader, int number, const struct wishes *wishes)
{
    struct load *load = &loader->loads[number];
    int missing;
    const struct wish *most = requests_first_missing(loader, wishes, &missing);
    if (!most)
        return false;
    load->span = (struct tile_span){
        most->key.page, most->key.reduction, most->key.column, most->key.row, 1, 1};
    if (loader->page.whole)
        span_of_all(loader, wishes, &load->span);
    else if (!is_alone(loader, most))
        span_of_row(loader, wishes, most, missing, &load->span);
    load->ahead = wishes == &loader->ahead;
    load->done = load->all = 0;
    if (!begin_slots(loader, load, wishes, most))
        return false;
    load->tally = !load->ahead && loader->statistics == STATISTICS_TALLYING &&
                  load->span.reduction == loader->tally_reduction;
    struct message message = {.type = MESSAGE_TILES_WANTED, .body.wanted.span = load->span};
    memcpy(message.body.wanted.slots, load->slots, sizeof load->slots);
    message.body.wanted.tally = load->tally;
    if (!ask(loader, number, &message, NULL, 0))
        abandon_slots(loader, load);
    return true;
}

static bool ask_tiles(struct loader *loader, int number)
{
    int missing;
    if (!first_missing(loader, &missing))
        return false;
    if (!ask_listed(loader, number, &loader->wishes)) {
        loader->starved = true;
        return false;
    }
    loader->loads[number].rest = false;
    return true;
}

/* A decoder that loads ahead rests after it, whether or not the viewer says so again. */
static bool ask_ahead(struct loader *loader, int number)
{
    int missing;
    if (first_missing(loader, &missing) || !ask_listed(loader, number, &loader->ahead))
        return false;
    loader->loads[number].rest = true;
    return true;
}

static bool ask_inform(struct loader *loader, int number)
{
    if (!loader->inform_wanted || in_hand(loader, MESSAGE_INFORM))
        return false;
    loader->loads[number].facts = 0;
    loader->inform_wanted = !ask_bare(loader, number, MESSAGE_INFORM);
    return !loader->inform_wanted;
}

/* Always the same worker: another would begin anew. */
static bool ask_count(struct loader *loader, int number)
{
    if (!loader->page.counting || (loader->counter >= 0 && loader->counter != number))
        return false;
    loader->counter = number;
    return ask_bare(loader, number, MESSAGE_COUNT);
}

static void ask_rest(struct loader *loader, int number)
{
    struct load *load = &loader->loads[number];
    if (load->rest)
        load->rest = !ask_bare(loader, number, MESSAGE_REST);
}

/* A lone worker makes the picture first and its statistics after. */
static bool ask_samples(struct loader *loader, int number)
{
    bool alone = crew_size(loader->crew) == 1 || loader->holder >= 0;
    tally_begin(loader);
    return (!alone && ask_statistics(loader, number)) || ask_tiles(loader, number) ||
           ask_statistics(loader, number) || ask_probe(loader, number) ||
           (!loader->foreseen.hinted && ask_ahead(loader, number));
}

/* On the page that may come next, or on the way there. */
static void ask_foreseen(struct loader *loader, int number)
{
    const struct load *load = &loader->loads[number];
    bool there = loader->foreseen.known && load->page_there;
    if (!there || !choice_equal(&load->choice, &loader->foreseen.choice))
        ask_select(loader, number, loader->foreseen.choice);
    else if (!ask_ahead(loader, number))
        ask_rest(loader, number);
}

static void ask_something(struct loader *loader, int number)
{
    const struct load *load = &loader->loads[number];
    if (loader->phase == LOADER_CLOSED) {
        if (load->file_there)
            ask_bare(loader, number, MESSAGE_CLOSE);
        return;
    }
    if (load->sync_losses < LOSSES_MAX && prefetch_calls(loader, number)) {
        ask_foreseen(loader, number);
        return;
    }
    if (load->sync_losses >= LOSSES_MAX || ask_sync(loader, number) || loader->phase != LOADER_OPEN)
        return;
    if (may_hold(loader, number) && ask_samples(loader, number))
        return;
    if (!ask_inform(loader, number) && !ask_count(loader, number))
        ask_rest(loader, number);
}

/* No worker can be brought to the file any more (it was changed or removed under us, say): what is
 * missing is given up, so that the picture is at least complete. */
static void give_up_all(struct loader *loader)
{
    int missing;
    const struct wish *wish = first_missing(loader, &missing);
    bool counting =
        loader->statistics == STATISTICS_WANTED || loader->statistics == STATISTICS_TALLYING;
    if (!wish && !counting && !loader->page.counting && !loader->inform_wanted)
        return;
    for (; wish; wish = first_missing(loader, &missing)) {
        struct tile_key key = wish->key;
        int32_t slot = arena_begin(loader->arena, key, keep_wanted, loader);
        if (slot < 0)
            break;
        answers_give_up(loader, key, slot);
    }
    loader_trouble(loader, FAULT_FILE, "%s: cannot be read any more", loader->path);
    if (counting)
        loader_end_count(loader);
    if (loader->page.counting)
        answers_end_pages(loader);
    if (loader->inform_wanted && loader->events.fact)
        loader->events.fact(loader->context, NULL);
    loader->inform_wanted = false;
}

/* There is no slot to be had, and none will come free by itself: what is missing stays missing.
 * Waiting for it would be waiting for ever. */
static void renounce_missing(struct loader *loader)
{
    struct wishes *wishes = &loader->wishes;
    int kept = 0, missing;
    if (!first_missing(loader, &missing))
        return;
    if (wishes->count > arena_capacity(loader->arena)) {
        /* The list was made for a larger budget; one for this budget will follow. */
        wishes->count = arena_capacity(loader->arena);
        return;
    }
    for (int i = 0; i < wishes->count; i++)
        if (!requests_is_missing(loader, wishes->list[i].key))
            wishes->list[kept++] = wishes->list[i];
    wishes->count = kept;
    loader_trouble(loader, FAULT_MEMORY, "no memory for %d tiles of the picture", missing);
}

bool requests_wait(const struct loader *loader)
{
    int missing;
    return loader->phase != LOADER_OPEN || loader->statistics == STATISTICS_WANTED ||
           (loader->probe_wanted && !in_hand(loader, MESSAGE_PROBE)) ||
           (loader->inform_wanted && !in_hand(loader, MESSAGE_INFORM)) ||
           first_missing(loader, &missing);
}

/* True for what can take long and is taken up again after: counting pages gives way to everything,
 * statistics to tiles that no other worker may decode. */
static bool gives_way(const struct loader *loader, int number)
{
    int missing;
    uint32_t request = loader->loads[number].request;
    return (request == MESSAGE_COUNT && requests_wait(loader)) ||
           (request == MESSAGE_STATISTICS && loader->holder == number &&
            !loader_in_one_go(loader) && first_missing(loader, &missing));
}

static void interrupt_counting(struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (!loader->loads[i].cancelled && gives_way(loader, i))
            loader_cancel(loader, i);
}

void requests_dispatch(struct loader *loader)
{
    bool hopeless = true;
    loader->starved = false;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        if (!crew_is_busy(loader->crew, i))
            ask_something(loader, i);
        hopeless &= loader->loads[i].sync_losses >= LOSSES_MAX;
    }
    if (loader->starved && !in_hand(loader, MESSAGE_TILES_WANTED))
        renounce_missing(loader);
    if (hopeless && loader->phase == LOADER_OPEN)
        give_up_all(loader);
    interrupt_counting(loader);
    renewal_see(loader);
}
