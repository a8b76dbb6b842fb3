/* The tile arena: see tiles/arena.h. Owns the shared mapping and the viewer's index of it; knows
 * nothing of files, of what the samples mean, or of who writes them.
 *
 * The index is one block: an entry for each slot the mapping can be cut into, then the heads of the
 * hash chains. It is reserved for the largest cut, but entries are first touched when their slot is
 * first used. Links hold a slot's number + 1, so that memory never touched reads as "none". */
#include "tiles/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/ledger.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

/* Bytes of one sample, all channels together: 1 at the least, 3 channels of F32 at the most. Room
 * is counted in slots of UNIT_BYTES. */
enum { SLOTS_LEAST = 8, SAMPLE_BYTES_LEAST = 1, SAMPLE_BYTES_MOST = 12, UNIT_BYTES = 2 };
enum { UNIT_SLOTS = UNIT_BYTES / SAMPLE_BYTES_LEAST }; /* at the most */
enum { UNITS_LEAST = SLOTS_LEAST * SAMPLE_BYTES_MOST / UNIT_BYTES };

enum slot_state { SLOT_FREE, SLOT_LOADING, SLOT_READY };

struct entry {
    struct tile_key key;
    int32_t chain;        /* the next of the same hash; of a free slot, the next free one */
    int32_t newer, older; /* among the ready ones */
    uint8_t state;        /* enum slot_state */
    uint8_t sound;
    uint8_t counted; /* its marks are entered in the ledger */
    int16_t rows;    /* of a loading one: so many are there */
};

struct arena {
    unsigned char *base; /* the mapping: struct arena_shared, page aligned, the slots, then marks
                            for as many as there can be */
    size_t mapped, first_slot, first_mark, slot_bytes, budget;
    struct entry *entries;
    int32_t *heads;
    size_t index_bytes;
    uint32_t head_mask;
    int32_t cut, capacity; /* slots there are, slots the budget allows */
    int32_t used, fresh;   /* slots that hold something; slots from `fresh` on were never used */
    int32_t free_list;
    int32_t newest, oldest;
    bool hoards;
    size_t held; /* of one that hoards: bytes from the first slot on that may have memory */
};

/* Gives whole pages back to the system; they read as zeros afterwards, here and in the workers. */
static bool release(void *start, size_t bytes)
{
#ifdef MADV_REMOVE
    if (madvise(start, bytes, MADV_REMOVE) == 0)
        return true;
#endif
    madvise(start, bytes, MADV_DONTNEED);
    return false;
}

static size_t page_up(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

/* Maps room for as many units as the system grants, halving. Returns how many, or 0. */
static int32_t map_units(struct arena *arena, int32_t units)
{
    arena->first_slot = page_up(sizeof(struct arena_shared));
    for (bool least = false; !least; units /= 2) {
        least = units <= UNITS_LEAST;
        if (least)
            units = UNITS_LEAST;
        size_t marks;
        if (!checked_mul((size_t)units, (size_t)TILE_SAMPLES * UNIT_BYTES, &arena->first_mark) ||
            !checked_add(arena->first_mark, arena->first_slot, &arena->first_mark) ||
            !checked_mul((size_t)units, (size_t)TILE_MARK_BYTES * UNIT_SLOTS, &marks) ||
            !checked_add(arena->first_mark, marks, &arena->mapped))
            continue;
        void *base = mmap(NULL, arena->mapped, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base != MAP_FAILED) {
            arena->base = base;
            return units;
        }
    }
    return 0;
}

static bool make_index(struct arena *arena, int32_t slots, struct fault *fault)
{
    size_t heads = 16;
    while (heads < (size_t)slots)
        heads *= 2;
    size_t entries_bytes;
    if (!checked_mul((size_t)slots, sizeof(struct entry), &entries_bytes) ||
        !checked_add(entries_bytes, heads * sizeof(int32_t), &arena->index_bytes))
        return fault_set(fault, FAULT_MEMORY, "no memory for the index of %d tiles", (int)slots);
    arena->entries = ledger_alloc(LEDGER_TILES, arena->index_bytes, fault);
    if (!arena->entries)
        return false;
    arena->heads = (int32_t *)((char *)arena->entries + entries_bytes);
    arena->head_mask = (uint32_t)heads - 1;
    return true;
}

struct arena *arena_new(int32_t slots_max, struct fault *fault)
{
    struct arena *arena = ledger_alloc(LEDGER_TILES, sizeof *arena, fault);
    if (!arena)
        return NULL;
    int32_t units = map_units(arena, slots_max);
    if (!units) {
        fault_set(fault, FAULT_MEMORY, "no address space for %d tiles", SLOTS_LEAST);
        goto out;
    }
    if (!ledger_enter(LEDGER_TILES, arena->first_slot, fault)) {
        munmap(arena->base, arena->mapped);
        arena->base = NULL;
        goto out;
    }
    if (!make_index(arena, units * UNIT_SLOTS, fault))
        goto out;
    arena->budget = SIZE_MAX;
    arena_recut(arena, UNIT_BYTES);
    return arena;
out:
    arena_free(arena);
    return NULL;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    if (arena->entries) {
        for (int32_t slot = 0; slot < arena->fresh; slot++)
            if (arena->entries[slot].counted)
                ledger_leave(LEDGER_TILES, TILE_MARK_BYTES);
        for (; arena->used; arena->used--)
            ledger_leave(LEDGER_TILES, arena->slot_bytes);
        ledger_free(LEDGER_TILES, arena->entries, arena->index_bytes);
    }
    if (arena->base) {
        munmap(arena->base, arena->mapped);
        ledger_leave(LEDGER_TILES, arena->first_slot);
    }
    ledger_free(LEDGER_TILES, arena, sizeof *arena);
}

static int32_t *chain_head(const struct arena *arena, struct tile_key key)
{
    uint32_t hash = (uint32_t)key.page;
    hash = (hash ^ (uint32_t)key.reduction) * 0x9e3779b1u;
    hash = (hash ^ (hash >> 15) ^ (uint32_t)key.column) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13) ^ (uint32_t)key.row) * 0xc2b2ae35u;
    return &arena->heads[(hash ^ (hash >> 16)) & arena->head_mask];
}

/* The slot that holds or loads the tile, or -1. */
static int32_t lookup(const struct arena *arena, struct tile_key key)
{
    int32_t link = *chain_head(arena, key);
    while (link && !tile_key_equal(arena->entries[link - 1].key, key))
        link = arena->entries[link - 1].chain;
    return link - 1;
}

static void enter_chain(struct arena *arena, int32_t slot)
{
    int32_t *head = chain_head(arena, arena->entries[slot].key);
    arena->entries[slot].chain = *head;
    *head = slot + 1;
}

static void leave_chain(struct arena *arena, int32_t slot)
{
    int32_t *link = chain_head(arena, arena->entries[slot].key);
    while (*link != slot + 1)
        link = &arena->entries[*link - 1].chain;
    *link = arena->entries[slot].chain;
}

static void become_newest(struct arena *arena, int32_t slot)
{
    struct entry *entry = &arena->entries[slot];
    entry->newer = 0;
    entry->older = arena->newest;
    if (arena->newest)
        arena->entries[arena->newest - 1].newer = slot + 1;
    else
        arena->oldest = slot + 1;
    arena->newest = slot + 1;
}

static void leave_order(struct arena *arena, int32_t slot)
{
    const struct entry *entry = &arena->entries[slot];
    if (entry->newer)
        arena->entries[entry->newer - 1].older = entry->older;
    else
        arena->newest = entry->older;
    if (entry->older)
        arena->entries[entry->older - 1].newer = entry->newer;
    else
        arena->oldest = entry->newer;
}

static void clear_marks(struct arena *arena, int32_t slot)
{
    uint8_t *marks = arena_marks(arena, slot);
    if (!release(marks, TILE_MARK_BYTES))
        memset(marks, 0, TILE_MARK_BYTES);
    if (arena->entries[slot].counted)
        ledger_leave(LEDGER_TILES, TILE_MARK_BYTES);
    arena->entries[slot].counted = false;
}

/* Forgets a ready tile; its slot and memory stay taken. */
static void forget(struct arena *arena, int32_t slot)
{
    leave_order(arena, slot);
    leave_chain(arena, slot);
    arena->entries[slot].state = SLOT_FREE;
    if (!arena->entries[slot].sound)
        clear_marks(arena, slot);
}

/* Gives a slot whose memory goes back to the system to the free ones. */
static void free_slot(struct arena *arena, int32_t slot)
{
    ledger_leave(LEDGER_TILES, arena->slot_bytes);
    arena->entries[slot].state = SLOT_FREE;
    arena->entries[slot].chain = arena->free_list;
    arena->free_list = slot + 1;
    arena->used--;
}

/* A slot that holds nothing any more. */
static void vacate(struct arena *arena, int32_t slot)
{
    if (!arena->hoards)
        release(arena_slot(arena, slot), arena->slot_bytes);
    free_slot(arena, slot);
}

/* What one that hoards holds beyond its budget goes, once no tile lies there. */
static void disgorge(struct arena *arena)
{
    size_t allowed = (size_t)arena->capacity * arena->slot_bytes;
    if (arena->used || arena->held <= allowed)
        return;
    release(arena->base + arena->first_slot + allowed, arena->held - allowed);
    arena->held = allowed;
    arena->fresh = arena->free_list = 0;
}

/* Neighbours go back together: what a call costs hardly depends on how much it gives back. */
static void release_free(struct arena *arena)
{
    for (int32_t from = 0, to; from < arena->fresh; from = to + 1) {
        for (to = from; to < arena->fresh && arena->entries[to].state == SLOT_FREE;)
            to++;
        if (to > from)
            release(arena_slot(arena, from), (size_t)(to - from) * arena->slot_bytes);
    }
}

void arena_drop_all(struct arena *arena)
{
    if (!arena->oldest)
        return;
    while (arena->oldest) {
        int32_t slot = arena->oldest - 1;
        forget(arena, slot);
        free_slot(arena, slot);
    }
    if (arena->hoards)
        disgorge(arena);
    else
        release_free(arena);
}

int arena_drop_unsound(struct arena *arena)
{
    int dropped = 0;
    for (int32_t slot = 0; slot < arena->fresh; slot++) {
        if (arena->entries[slot].state != SLOT_READY || arena->entries[slot].sound)
            continue;
        forget(arena, slot);
        vacate(arena, slot);
        dropped++;
    }
    return dropped;
}

static void trim(struct arena *arena)
{
    while (arena->used > arena->capacity && arena->oldest) {
        int32_t slot = arena->oldest - 1;
        forget(arena, slot);
        vacate(arena, slot);
    }
}

static void fit_budget(struct arena *arena)
{
    size_t allowed = arena->budget / arena->slot_bytes;
    if (allowed < SLOTS_LEAST)
        allowed = SLOTS_LEAST;
    arena->capacity = allowed < (size_t)arena->cut ? (int32_t)allowed : arena->cut;
    trim(arena);
    disgorge(arena);
}

void arena_hoard(struct arena *arena)
{
    arena->hoards = true;
    arena->held = (size_t)arena->fresh * arena->slot_bytes;
}

void arena_set_budget(struct arena *arena, size_t bytes)
{
    arena->budget = bytes;
    fit_budget(arena);
}

void arena_recut(struct arena *arena, size_t sample_bytes)
{
    arena_drop_all(arena);
    for (int32_t slot = 0; slot < arena->fresh; slot++)
        if (arena->entries[slot].state == SLOT_LOADING)
            arena_abandon(arena, slot);
    arena->fresh = arena->free_list = 0;
    arena_follow(arena, sample_bytes);
    fit_budget(arena);
}

void arena_follow(struct arena *arena, size_t sample_bytes)
{
    arena->slot_bytes = TILE_SAMPLES * sample_bytes;
    arena->cut = (int32_t)((arena->first_mark - arena->first_slot) / arena->slot_bytes);
}

int32_t arena_capacity(const struct arena *arena)
{
    return arena->capacity;
}

int32_t arena_used(const struct arena *arena)
{
    return arena->used;
}

size_t arena_slot_bytes(const struct arena *arena)
{
    return arena->slot_bytes;
}

const void *arena_find(const struct arena *arena, struct tile_key key, bool *sound)
{
    int32_t slot = lookup(arena, key);
    if (slot < 0 || arena->entries[slot].state != SLOT_READY)
        return NULL;
    if (sound)
        *sound = arena->entries[slot].sound;
    return arena_slot(arena, slot);
}

const uint8_t *arena_lost(const struct arena *arena, struct tile_key key)
{
    int32_t slot = lookup(arena, key);
    bool ready = slot >= 0 && arena->entries[slot].state == SLOT_READY;
    return ready && !arena->entries[slot].sound ? arena_marks(arena, slot) : NULL;
}

void arena_touch(struct arena *arena, struct tile_key key)
{
    int32_t slot = lookup(arena, key);
    if (slot < 0 || arena->entries[slot].state != SLOT_READY)
        return;
    leave_order(arena, slot);
    become_newest(arena, slot);
}

bool arena_is_loading(const struct arena *arena, struct tile_key key)
{
    int32_t slot = lookup(arena, key);
    return slot >= 0 && arena->entries[slot].state == SLOT_LOADING;
}

const void *arena_growing(const struct arena *arena, struct tile_key key, int32_t *rows)
{
    int32_t slot = lookup(arena, key);
    if (slot < 0 || arena->entries[slot].state != SLOT_LOADING || !arena->entries[slot].rows)
        return NULL;
    *rows = arena->entries[slot].rows;
    return arena_slot(arena, slot);
}

/* A slot that is not in use, entered in the ledger; -1 when the budget or the ledger's limit is
 * reached. */
static int32_t take_free(struct arena *arena)
{
    if (arena->used >= arena->capacity || !ledger_enter(LEDGER_TILES, arena->slot_bytes, NULL))
        return -1;
    arena->used++;
    if (!arena->free_list) {
        size_t end = (size_t)++arena->fresh * arena->slot_bytes;
        if (arena->hoards && end > arena->held)
            arena->held = end;
        return arena->fresh - 1;
    }
    int32_t slot = arena->free_list - 1;
    arena->free_list = arena->entries[slot].chain;
    return slot;
}

/* The slot of the least recently used tile that may go, emptied but still in use; -1: none may. */
static int32_t take_oldest(struct arena *arena, bool (*keep)(void *context, struct tile_key key),
                           void *context)
{
    for (int32_t link = arena->oldest; link; link = arena->entries[link - 1].newer)
        if (!keep || !keep(context, arena->entries[link - 1].key)) {
            forget(arena, link - 1);
            return link - 1;
        }
    return -1;
}

int32_t arena_begin(struct arena *arena, struct tile_key key,
                    bool (*keep)(void *context, struct tile_key key), void *context)
{
    if (lookup(arena, key) >= 0)
        return -1;
    int32_t slot = take_free(arena);
    if (slot < 0)
        slot = take_oldest(arena, keep, context);
    if (slot < 0)
        return -1;
    arena->entries[slot].key = key;
    arena->entries[slot].state = SLOT_LOADING;
    arena->entries[slot].rows = 0;
    enter_chain(arena, slot);
    return slot;
}

int32_t arena_grow(struct arena *arena, int32_t slot, int32_t rows)
{
    int32_t before = arena->entries[slot].rows;
    arena->entries[slot].rows = (int16_t)rows;
    return before;
}

void arena_end(struct arena *arena, int32_t slot, bool sound)
{
    arena->entries[slot].state = SLOT_READY;
    arena->entries[slot].sound = sound;
    arena->entries[slot].counted = !sound && ledger_enter(LEDGER_TILES, TILE_MARK_BYTES, NULL);
    become_newest(arena, slot);
    trim(arena);
}

void arena_abandon(struct arena *arena, int32_t slot)
{
    leave_chain(arena, slot);
    clear_marks(arena, slot);
    vacate(arena, slot);
}

void *arena_slot(const struct arena *arena, int32_t slot)
{
    if (slot < 0 || slot >= arena->cut)
        return NULL;
    return arena->base + arena->first_slot + (size_t)slot * arena->slot_bytes;
}

uint8_t *arena_marks(const struct arena *arena, int32_t slot)
{
    if (slot < 0 || slot >= arena->cut)
        return NULL;
    return arena->base + arena->first_mark + (size_t)slot * TILE_MARK_BYTES;
}

struct arena_shared *arena_shared(const struct arena *arena)
{
    return (struct arena_shared *)(void *)arena->base;
}

struct ledger_figures arena_ledger(const struct arena *arena, int number)
{
    struct ledger_figures figures = {0};
    if (number >= 0 && number < ARENA_WORKERS)
        memcpy(&figures, &arena_shared(arena)->ledgers[number], sizeof figures);
    ledger_tame(&figures);
    return figures;
}

static struct area tame_area(struct area area)
{
    const struct area all = {0, 0, PAGE_SIDE_MAX, PAGE_SIDE_MAX};
    const int64_t numbers[] = {area.x, area.y, area.width, area.height};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] < 0 || numbers[i] > PAGE_SIDE_MAX)
            return all;
    return area;
}

struct arena_block arena_block(const struct arena *arena, int number)
{
    const struct arena_block *told = &arena_shared(arena)->blocks[number];
    struct arena_block block = {.busy = __atomic_load_n(&told->busy, __ATOMIC_ACQUIRE)};
    block.share = (int32_t)clamp64(__atomic_load_n(&told->share, __ATOMIC_RELAXED), 0, 1000);
    block.area = tame_area(told->area);
    block.kept = tame_area(told->kept);
    return block;
}

void arena_clear_histogram(struct arena *arena)
{
    struct arena_shared *shared = arena_shared(arena);
    size_t from = offsetof(struct arena_shared, histogram), end = arena->first_slot;
    size_t start = page_up(from) < end ? page_up(from) : end;
    /* The page it begins in holds other things too; what lies behind is nothing but histogram. */
    memset(shared->histogram, 0, start - from);
    if (start < end && (arena->hoards || !release(arena->base + start, end - start)))
        memset(arena->base + start, 0, end - start);
}
