/* Files that change while they are shown: what could not be decoded is asked for again after each
 * change, since a file may be on its way to its place. Owns the rules of when the file is looked at
 * and what is dropped; looking is for workers, as a file system need not answer. */
#include "tiles/loader_state.h"

#include "base/clock.h"

/* So often, at the most, the file is looked at while damage is wanted, and damage dropped. */
enum { RENEW_MS = 1000 };

static bool wants_damaged(const struct loader *loader)
{
    bool damaged = false;
    for (int i = 0; i < loader->wishes.count && !damaged; i++) {
        bool sound = true;
        arena_find(loader->arena, loader->wishes.list[i].key, &sound);
        damaged = !sound;
    }
    return damaged;
}

bool renewal_is_due(const struct loader *loader)
{
    return loader->stale && loader->phase == LOADER_OPEN && wants_damaged(loader);
}

/* Once after each change, and not without end where the changes have none. */
static void renew(struct loader *loader)
{
    int64_t now = clock_ms();
    if (!loader->stale || loader->phase != LOADER_OPEN || now - loader->renewed_ms < RENEW_MS)
        return;
    loader->stale = false;
    loader->renewed_ms = now;
    if (arena_drop_unsound(loader->arena) && loader->events.renewed)
        loader->events.renewed(loader->context);
}

static void look(void *context)
{
    struct loader *loader = context;
    loader->looking = false;
    renew(loader);
    renewal_see(loader);
    if (loader->looking)
        loader_rest(loader);
    else
        requests_dispatch(loader);
}

void renewal_see(struct loader *loader)
{
    if (!loader->looking && loader->phase == LOADER_OPEN && wants_damaged(loader))
        loader->looking = loop_timer(loader->loop, RENEW_MS, look, loader);
}

void renewal_end(struct loader *loader)
{
    loop_timer_cancel(loader->loop, look, loader);
    loader->looking = false;
}

void renewal_note(struct loader *loader, const struct load *load, uint32_t version)
{
    if (load->file != loader->file || !version || version == loader->version)
        return;
    bool first = !loader->version;
    loader->version = version;
    if (first)
        return;
    loader->changed = loader->stale = true;
    prefetch_forget(loader);
    for (int i = 0; i < crew_size(loader->crew); i++)
        loader->loads[i].outdated = loader->loads[i].request == MESSAGE_TILES_WANTED;
}

void renewal_done(struct loader *loader, struct load *load)
{
    loader->stale |= load->outdated && load->file == loader->file;
    load->outdated = false;
    renew(loader);
}
