/* Tiles that may be wanted next, of the page shown or of the one that may follow it: loaded while
 * nothing is missing that is wanted, into slots that hold nothing wanted. Owns the rules of that;
 * what is asked for is put together in requests.c. */
#include "tiles/loader_state.h"

#include "base/log.h"

static bool is_listed(const struct wishes *wishes, const struct tile_span *span)
{
    for (int i = 0; i < wishes->count; i++) {
        struct tile_key key = wishes->list[i].key;
        if (key.page == span->page && key.reduction == span->reduction &&
            key.column >= span->column && key.column < span->column + span->columns &&
            key.row >= span->row && key.row < span->row + span->rows)
            return true;
    }
    return false;
}

void prefetch_drop(struct loader *loader)
{
    int missing;
    bool wanted = requests_first_missing(loader, &loader->wishes, &missing) != NULL;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        struct load *load = &loader->loads[i];
        if (load->request != MESSAGE_TILES_WANTED || !load->ahead || load->cancelled)
            continue;
        if (is_listed(&loader->wishes, &load->span))
            load->ahead = false;
        else if (wanted || !is_listed(&loader->ahead, &load->span))
            loader_cancel(loader, i);
    }
}

static void list(struct loader *loader, int32_t index, const struct tile_key *keys, int count)
{
    int64_t room = arena_capacity(loader->arena) - loader->wishes.count;
    loader_list(loader, &loader->ahead, index, keys, count, room);
    prefetch_drop(loader);
    requests_dispatch(loader);
}

void loader_prefetch(struct loader *loader, const struct tile_key *keys, int count)
{
    if (loader->phase != LOADER_OPEN)
        return;
    prefetch_forget(loader);
    list(loader, loader->page.index, keys, count);
}

/* ---- the page that may follow ---- */

void prefetch_forget(struct loader *loader)
{
    if (loader->foreseen.hinted)
        loader->ahead.count = 0;
    loader->foreseen = (struct foreseen){.hinted = false};
}

/* What the worker has of a page with large blocks must not be lost. */
static bool may_be_left(const struct loader *loader)
{
    return !loader->page.whole && !loader_burden(loader).alone;
}

void loader_foresee(struct loader *loader, struct source_choice choice, const struct tile_key *keys,
                    int count)
{
    struct foreseen *foreseen = &loader->foreseen;
    if (loader->phase != LOADER_OPEN)
        return;
    bool other = choice.index >= 0 && choice.index != loader->shown.index &&
                 choice.channel == loader->shown.channel && choice.every == loader->shown.every;
    if (!other || !may_be_left(loader)) {
        loader_prefetch(loader, NULL, 0);
        return;
    }
    if (!foreseen->hinted || !choice_equal(&foreseen->choice, &choice))
        *foreseen = (struct foreseen){.hinted = true, .choice = choice};
    list(loader, choice.index, keys, count);
}

bool prefetch_knows(const struct loader *loader, const struct source_choice *choice)
{
    const struct foreseen *foreseen = &loader->foreseen;
    return foreseen->known && choice_equal(&foreseen->choice, choice);
}

bool prefetch_is_for(const struct loader *loader, const struct load *load)
{
    const struct source_choice *choice = &loader->foreseen.choice;
    return loader->foreseen.hinted && load->file == loader->file &&
           choice_equal(&load->choice, choice) && !choice_equal(choice, &loader->target);
}

bool prefetch_calls(const struct loader *loader, int number)
{
    const struct foreseen *foreseen = &loader->foreseen;
    const struct load *load = &loader->loads[number];
    bool counts = loader->page.counting && (loader->counter < 0 || loader->counter == number);
    if (!foreseen->hinted || foreseen->spoilt || counts || load->file_there != loader->file ||
        requests_wait(loader))
        return false;
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (i != number && prefetch_is_for(loader, &loader->loads[i]))
            return false;
    int missing;
    return !foreseen->known || prefetch_is_for(loader, load) ||
           requests_first_missing(loader, &loader->ahead, &missing);
}

static bool lie_alike(const struct page *a, const struct page *b)
{
    return a->width == b->width && a->height == b->height && a->type == b->type &&
           a->channels == b->channels && a->orientation == b->orientation && a->tiled == b->tiled &&
           a->block_width == b->block_width && a->block_height == b->block_height &&
           a->direct == b->direct && a->whole == b->whole && a->filed == b->filed;
}

void prefetch_tell(const struct loader *loader, const struct load *load)
{
    int missing;
    if (prefetch_is_for(loader, load) && !loader->foreseen.spoilt &&
        !requests_first_missing(loader, &loader->ahead, &missing))
        log_line(LOG_TILES, "page %d was read ahead", loader->foreseen.choice.index + 1);
}

/* Of a page that lies otherwise the description alone is of use. */
void prefetch_take_page(struct loader *loader, struct load *load, const struct page *page)
{
    struct foreseen *foreseen = &loader->foreseen;
    load->page_there = !foreseen->known || page_same(&foreseen->page, page);
    foreseen->known = load->page_there;
    foreseen->page = *page;
    foreseen->spoilt |= !load->page_there || !lie_alike(&loader->page, page);
    prefetch_tell(loader, load);
}

void prefetch_give_up(struct loader *loader, const struct load *load)
{
    loader->foreseen.spoilt |= prefetch_is_for(loader, load);
    loader->ahead.count = 0;
}

bool prefetch_serves(const struct loader *loader, const struct load *load)
{
    return load->request == MESSAGE_TILES_WANTED && load->ahead && !load->cancelled &&
           load->file == loader->file && loader->found && prefetch_knows(loader, &loader->target) &&
           choice_equal(&load->choice, &loader->target);
}
