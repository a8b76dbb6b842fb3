/* The tile arena: slots, pins, order of use, budget, and that memory really goes back. */
#include "suite.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ledger.h"
#include "tiles/arena.h"

/* ROOM: slots of 16-bit samples that are reserved in any case. */
enum { SLOT16 = 65536 * 2, SLOT8 = 65536, ROOM = 8 * 12 / 2 };

static struct tile_key at(int32_t column)
{
    return (struct tile_key){.page = 1, .reduction = 2, .column = column, .row = -column};
}

static bool is_there(const struct arena *arena, int32_t column)
{
    return arena_find(arena, at(column), NULL) != NULL;
}

/* A ready tile whose codes' bytes are all its column. */
static int32_t put(struct arena *arena, int32_t column)
{
    int32_t slot = arena_begin(arena, at(column), NULL, NULL);
    if (slot >= 0) {
        memset(arena_slot(arena, slot), column, arena_slot_bytes(arena));
        arena_end(arena, slot, true);
    }
    return slot;
}

static bool keep_odd(void *context, struct tile_key key)
{
    ++*(int *)context;
    return key.column % 2 != 0;
}

/* One whose budget is so many slots of 16-bit samples. */
static struct arena *small_arena(int32_t slots)
{
    struct fault fault;
    struct arena *arena = arena_new(slots, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    arena_set_budget(arena, (size_t)slots * SLOT16);
    return arena;
}

/* Pages of a stretch of the mapping that are in memory, whoever touched them. */
static size_t resident_bytes(const void *start, size_t bytes)
{
    static unsigned char pages[65536];
    size_t page = (size_t)sysconf(_SC_PAGESIZE), resident = 0;
    uintptr_t first = (uintptr_t)start / page * page;
    size_t count = ((uintptr_t)start + bytes - first + page - 1) / page;
    CU_ASSERT_FATAL(count <= sizeof pages);
    CU_ASSERT_EQUAL_FATAL(mincore((void *)first, count * page, pages), 0);
    for (size_t i = 0; i < count; i++)
        resident += pages[i] & 1 ? page : 0;
    return resident;
}

static void slots_go_from_free_to_loading_to_ready(void)
{
    struct arena *arena = small_arena(10);
    bool sound = true;
    int32_t slot = arena_begin(arena, at(5), NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    CU_ASSERT(arena_is_loading(arena, at(5)));
    CU_ASSERT_FALSE(is_there(arena, 5));
    CU_ASSERT_EQUAL(arena_begin(arena, at(5), NULL, NULL), -1);
    arena_end(arena, slot, false);
    CU_ASSERT_FALSE(arena_is_loading(arena, at(5)));
    CU_ASSERT_PTR_EQUAL(arena_find(arena, at(5), &sound), arena_slot(arena, slot));
    CU_ASSERT_FALSE(sound);
    CU_ASSERT_FALSE(is_there(arena, 6));
    CU_ASSERT_EQUAL(arena_begin(arena, at(5), NULL, NULL), -1);
    slot = arena_begin(arena, at(6), NULL, NULL);
    CU_ASSERT_EQUAL(arena_used(arena), 2);
    arena_abandon(arena, slot);
    CU_ASSERT_EQUAL(arena_used(arena), 1);
    CU_ASSERT_FALSE(arena_is_loading(arena, at(6)));
    CU_ASSERT_PTR_NULL(arena_slot(arena, -1));
    CU_ASSERT_PTR_NULL(arena_slot(arena, ROOM));
    CU_ASSERT_PTR_NOT_NULL(arena_slot(arena, ROOM - 1));
    arena_free(arena);
}

static void a_loading_tile_grows(void)
{
    struct arena *arena = small_arena(10);
    int32_t rows = 0, slot = arena_begin(arena, at(5), NULL, NULL);
    CU_ASSERT_PTR_NULL(arena_growing(arena, at(5), &rows));
    CU_ASSERT_EQUAL(arena_grow(arena, slot, 7), 0);
    CU_ASSERT_EQUAL(arena_grow(arena, slot, 256), 7);
    CU_ASSERT_PTR_EQUAL(arena_growing(arena, at(5), &rows), arena_slot(arena, slot));
    CU_ASSERT_EQUAL(rows, 256);
    CU_ASSERT_FALSE(is_there(arena, 5));
    CU_ASSERT_PTR_NULL(arena_growing(arena, at(6), &rows));
    arena_abandon(arena, slot);
    CU_ASSERT_PTR_NULL(arena_growing(arena, at(5), &rows));
    CU_ASSERT_EQUAL(arena_begin(arena, at(5), NULL, NULL), slot);
    CU_ASSERT_PTR_NULL(arena_growing(arena, at(5), &rows));
    arena_grow(arena, slot, 3);
    arena_end(arena, slot, true);
    CU_ASSERT_PTR_NULL(arena_growing(arena, at(5), &rows));
    arena_free(arena);
}

static void tiles_differ_by_every_part_of_their_key(void)
{
    struct arena *arena = small_arena(8);
    static const struct tile_key keys[] = {
        {1, 2, 3, 4}, {2, 2, 3, 4}, {1, 3, 3, 4}, {1, 2, 4, 4}, {1, 2, 3, 5}};
    const void *seen[5];
    for (int i = 0; i < 5; i++)
        arena_end(arena, arena_begin(arena, keys[i], NULL, NULL), true);
    for (int i = 0; i < 5; i++) {
        seen[i] = arena_find(arena, keys[i], NULL);
        CU_ASSERT_PTR_NOT_NULL(seen[i]);
        for (int j = 0; j < i; j++)
            CU_ASSERT_PTR_NOT_EQUAL(seen[i], seen[j]);
    }
    arena_free(arena);
}

static void least_recently_used_goes_first(void)
{
    struct arena *arena = small_arena(8);
    for (int i = 0; i < 8; i++)
        put(arena, i);
    arena_touch(arena, at(0));
    put(arena, 8);
    CU_ASSERT(is_there(arena, 0));
    CU_ASSERT_FALSE(is_there(arena, 1));
    put(arena, 9);
    CU_ASSERT_FALSE(is_there(arena, 2));
    CU_ASSERT_EQUAL(arena_used(arena), 8);
    for (int i = 3; i < 10; i++) {
        const unsigned char *codes = arena_find(arena, at(i), NULL);
        CU_ASSERT_FATAL(codes != NULL);
        CU_ASSERT(codes[0] == i && codes[SLOT16 - 1] == i);
    }
    for (int i = 10; i < 15; i++)
        put(arena, i);
    CU_ASSERT(is_there(arena, 0)); /* touched after 7 and before 8 */
    put(arena, 15);
    CU_ASSERT_FALSE(is_there(arena, 0));
    CU_ASSERT(is_there(arena, 8));
    arena_free(arena);
}

static void pinned_and_kept_tiles_stay(void)
{
    struct arena *arena = small_arena(8);
    int asked = 0;
    for (int i = 0; i < 6; i++)
        put(arena, i);
    int32_t loading = arena_begin(arena, at(6), NULL, NULL);
    CU_ASSERT(arena_begin(arena, at(7), NULL, NULL) >= 0);
    CU_ASSERT(arena_begin(arena, at(20), keep_odd, &asked) >= 0); /* 0 goes, the oldest even one */
    CU_ASSERT_EQUAL(asked, 1);
    CU_ASSERT(arena_begin(arena, at(22), keep_odd, &asked) >= 0); /* 1 is kept, 2 goes */
    CU_ASSERT_EQUAL(asked, 3);
    CU_ASSERT(arena_begin(arena, at(24), keep_odd, &asked) >= 0);
    CU_ASSERT_EQUAL(arena_begin(arena, at(26), keep_odd, &asked), -1);
    CU_ASSERT(is_there(arena, 1) && is_there(arena, 3) && is_there(arena, 5));
    arena_end(arena, loading, true);
    CU_ASSERT(arena_begin(arena, at(26), keep_odd, &asked) >= 0);
    CU_ASSERT_FALSE(is_there(arena, 6));
    arena_free(arena);
}

static void budget_bounds_what_is_used(void)
{
    struct arena *arena = small_arena(32);
    CU_ASSERT_EQUAL(arena_capacity(arena), 32);
    for (int i = 0; i < 32; i++)
        put(arena, i);
    arena_set_budget(arena, 10 * SLOT16 + 5);
    CU_ASSERT_EQUAL(arena_capacity(arena), 10);
    CU_ASSERT_EQUAL(arena_used(arena), 10);
    CU_ASSERT_FALSE(is_there(arena, 21));
    CU_ASSERT(is_there(arena, 22));
    arena_set_budget(arena, 0);
    CU_ASSERT_EQUAL(arena_capacity(arena), 8);
    arena_set_budget(arena, SIZE_MAX / 2);
    CU_ASSERT_EQUAL(arena_capacity(arena), ROOM);
    put(arena, 40);
    CU_ASSERT_EQUAL(arena_used(arena), 9);
    int32_t slots[9];
    arena_drop_all(arena);
    for (int i = 0; i < 9; i++)
        slots[i] = arena_begin(arena, at(i), NULL, NULL);
    arena_set_budget(arena, 0); /* loading ones cannot go; what ends beyond the budget does */
    CU_ASSERT_EQUAL(arena_used(arena), 9);
    CU_ASSERT_EQUAL(arena_begin(arena, at(30), NULL, NULL), -1);
    for (int i = 0; i < 9; i++)
        arena_end(arena, slots[i], true);
    CU_ASSERT_EQUAL(arena_used(arena), 8);
    arena_free(arena);
}

static void recut_changes_slots_and_forgets(void)
{
    struct arena *arena = small_arena(9);
    put(arena, 1);
    arena_begin(arena, at(2), NULL, NULL);
    CU_ASSERT_EQUAL(arena_slot_bytes(arena), SLOT16);
    arena_recut(arena, 1);
    CU_ASSERT_EQUAL(arena_slot_bytes(arena), SLOT8);
    CU_ASSERT_EQUAL(arena_used(arena), 0);
    CU_ASSERT_EQUAL(arena_capacity(arena), 18);
    CU_ASSERT_FALSE(is_there(arena, 1));
    CU_ASSERT_FALSE(arena_is_loading(arena, at(2)));
    CU_ASSERT_PTR_NOT_NULL(arena_slot(arena, 2 * ROOM - 1));
    CU_ASSERT_PTR_NULL(arena_slot(arena, 2 * ROOM));
    for (int i = 0; i < 2 * ROOM; i++)
        CU_ASSERT_EQUAL((uintptr_t)arena_slot(arena, i) % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
    for (int i = 0; i < 18; i++)
        CU_ASSERT_EQUAL(put(arena, i), i);
    for (int i = 0; i < 18; i++)
        CU_ASSERT_EQUAL(*(const unsigned char *)arena_find(arena, at(i), NULL), i);
    arena_set_budget(arena, 12 * SLOT8);
    CU_ASSERT_EQUAL(arena_used(arena), 12);
    arena_recut(arena, 2);
    CU_ASSERT_EQUAL(arena_capacity(arena), 8);
    arena_set_budget(arena, SIZE_MAX / 2);
    CU_ASSERT_EQUAL(arena_capacity(arena), ROOM);
    arena_free(arena);
}

/* Eight slots of any kind there is find room, however few were asked for. */
static void every_kind_of_tile_has_room(void)
{
    static const size_t kinds[] = {1, 2, 3, 4, 6, 8, 12};
    static const int32_t asked[] = {-5, 1, 48, 49, 1000};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct arena *arena = arena_new(asked[i], NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
        int32_t units = asked[i] > ROOM ? asked[i] : ROOM;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            int32_t slots = (int32_t)((size_t)units * 2 / kinds[k]);
            arena_recut(arena, kinds[k]);
            CU_ASSERT_EQUAL(arena_slot_bytes(arena), 65536 * kinds[k]);
            CU_ASSERT_EQUAL(arena_capacity(arena), slots);
            CU_ASSERT(slots >= 8);
            for (int32_t n = 0; n < slots && n < 20; n++)
                CU_ASSERT_EQUAL(put(arena, n), n);
            CU_ASSERT_PTR_NOT_NULL(arena_slot(arena, slots - 1));
            CU_ASSERT_PTR_NULL(arena_slot(arena, slots));
        }
        arena_set_budget(arena, 0);
        CU_ASSERT_EQUAL(arena_capacity(arena), 8);
        arena_free(arena);
    }
}

static void dropped_memory_goes_back_to_the_system(void)
{
    struct arena *arena = small_arena(64);
    const void *slots = arena_slot(arena, 0);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 0);
    for (int i = 0; i < 20; i++)
        put(arena, i);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 20 * SLOT16);
    arena_set_budget(arena, 12 * SLOT16);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 12 * SLOT16);
    for (int i = 20; i < 40; i++)
        put(arena, i); /* in the slots of others */
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 12 * SLOT16);
    int32_t loading = arena_begin(arena, at(50), NULL, NULL);
    memset(arena_slot(arena, loading), 1, SLOT16);
    arena_drop_all(arena);
    CU_ASSERT_EQUAL(arena_used(arena), 1);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), SLOT16);
    arena_abandon(arena, loading);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 0);
    arena_free(arena);
}

static void hoarded_memory_stays_within_the_budget(void)
{
    struct arena *arena = small_arena(64);
    const void *slots = arena_slot(arena, 0);
    const uint32_t *histogram = arena_shared(arena)->histogram;
    size_t ledger = ledger_line(LEDGER_TILES).current;
    put(arena, 0);
    arena_hoard(arena);
    for (int i = 1; i < 20; i++)
        put(arena, i);
    memset(arena_shared(arena)->histogram, 1, 65536 * sizeof *histogram);
    size_t counted = resident_bytes(histogram, 65536 * sizeof *histogram);
    arena_clear_histogram(arena);
    CU_ASSERT(histogram[0] == 0 && histogram[30000] == 0 && histogram[65535] == 0);
    CU_ASSERT_EQUAL(resident_bytes(histogram, 65536 * sizeof *histogram), counted);
    arena_drop_all(arena);
    CU_ASSERT(arena_used(arena) == 0 && ledger_line(LEDGER_TILES).current == ledger);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 20 * SLOT16);
    for (int i = 30; i < 45; i++)
        put(arena, i); /* into what is there */
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 20 * SLOT16);
    arena_recut(arena, 1);
    for (int i = 0; i < 30; i++)
        put(arena, i);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 20 * SLOT16);
    arena_set_budget(arena, 16 * SLOT16); /* tiles lie there still */
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 20 * SLOT16);
    arena_drop_all(arena);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 16 * SLOT16);
    arena_set_budget(arena, 9 * SLOT16);
    CU_ASSERT_EQUAL(resident_bytes(slots, 64 * SLOT16), 9 * SLOT16);
    for (int i = 0; i < 18; i++)
        CU_ASSERT_EQUAL(put(arena, i), i);
    arena_free(arena);
}

static void histogram_is_cleared_and_marks_stay(void)
{
    struct arena *arena = small_arena(8);
    struct arena_shared *shared = arena_shared(arena);
    memset(shared, 1, sizeof *shared);
    memset(arena_slot(arena, 0), 7, SLOT16);
    arena_clear_histogram(arena);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t before = offsetof(struct arena_shared, histogram);
    CU_ASSERT_EQUAL(resident_bytes(shared, sizeof *shared), (before + page - 1) / page * page);
    for (int i = 0; i < 65536; i++)
        if (shared->histogram[i]) {
            CU_FAIL("a bin is not clear");
            break;
        }
    CU_ASSERT(shared->cancelled[0] == 0x01010101 && shared->cancelled[63] == 0x01010101);
    CU_ASSERT_EQUAL(shared->ledgers[ARENA_WORKERS - 1].large_more, 0x01010101);
    CU_ASSERT_EQUAL(*(unsigned char *)arena_slot(arena, 0), 7);
    arena_free(arena);
}

static void ledger_holds_the_slots_in_use(void)
{
    struct ledger_line before = ledger_line(LEDGER_TILES);
    struct arena *arena = small_arena(16);
    size_t empty = ledger_line(LEDGER_TILES).current;
    for (int i = 0; i < 9; i++)
        put(arena, i);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, empty + 9 * SLOT16);
    ledger_set_limit(ledger_total().current + SLOT16 - 1);
    CU_ASSERT(put(arena, 20) >= 0); /* as if the budget were reached */
    CU_ASSERT_FALSE(is_there(arena, 0));
    CU_ASSERT_EQUAL(arena_used(arena), 9);
    ledger_set_limit(0);
    arena_begin(arena, at(30), NULL, NULL);
    arena_recut(arena, 1);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, empty);
    put(arena, 1);
    arena_begin(arena, at(2), NULL, NULL);
    arena_free(arena);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, before.current);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).blocks, before.blocks);
}

static void refused_memory_is_told(void)
{
    struct ledger_line before = ledger_line(LEDGER_TILES);
    for (int i = 1; i <= 2; i++) {
        struct fault fault = {0};
        ledger_fail_after(i);
        CU_ASSERT_PTR_NULL(arena_new(8, &fault));
        CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
    }
    ledger_fail_after(0);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, before.current);
    struct arena *arena = small_arena(1);
    CU_ASSERT_EQUAL(arena_capacity(arena), 8);
    arena_free(arena);
}

static void workers_write_into_the_slots(void)
{
    struct arena *arena = small_arena(8);
    pid_t pid = fork();
    CU_ASSERT_FATAL(pid >= 0);
    if (pid == 0) { /* forked before the cut: its index knows nothing of it */
        arena_follow(arena, 1);
        bool there = arena_slot(arena, 2 * ROOM - 1) && !arena_slot(arena, 2 * ROOM);
        if (there)
            memset(arena_slot(arena, 15), 0x5a, SLOT8);
        arena_shared(arena)->histogram[65535] = 77;
        _exit(there ? 0 : 1);
    }
    arena_recut(arena, 1);
    int status = 1;
    waitpid(pid, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
    CU_ASSERT_EQUAL(((unsigned char *)arena_slot(arena, 15))[SLOT8 - 1], 0x5a);
    CU_ASSERT_EQUAL(((unsigned char *)arena_slot(arena, 14))[SLOT8 - 1], 0);
    CU_ASSERT_EQUAL(arena_shared(arena)->histogram[65535], 77);
    arena_free(arena);
}

/* Of tiles that are not sound alone, and all 0 when a slot is used anew, whichever way it came
 * free.
 */
static void marks_are_of_one_tile_and_counted(void)
{
    struct arena *arena = small_arena(8);
    size_t held = ledger_line(LEDGER_TILES).current;
    for (int way = 0; way < 4; way++) {
        bool clear = true;
        for (int i = 0; i < 8; i++) {
            int32_t slot = arena_begin(arena, at(way * 8 + i), NULL, NULL);
            uint8_t *marks = arena_marks(arena, slot);
            CU_ASSERT_PTR_NOT_NULL_FATAL(marks);
            for (int64_t sample = 0; sample < TILE_SAMPLES; sample++)
                clear = clear && !tile_is_marked(marks, sample);
            tile_mark(marks, 1000 + slot, 300);
            if (way == 2)
                arena_abandon(arena, slot);
            else
                arena_end(arena, slot, false);
            const uint8_t *lost = arena_lost(arena, at(way * 8 + i));
            CU_ASSERT(way == 2 ? !lost : lost == marks && tile_is_marked(lost, 1299 + slot));
            CU_ASSERT(!tile_is_marked(marks, 999 + slot) && !tile_is_marked(marks, 1300 + slot));
        }
        CU_ASSERT(clear);
        if (way == 1)
            CU_ASSERT_EQUAL(arena_drop_unsound(arena), 8);
    }
    arena_drop_all(arena);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, held);
    int32_t slot = arena_begin(arena, at(0), NULL, NULL);
    arena_end(arena, slot, true);
    CU_ASSERT_PTR_NULL(arena_lost(arena, at(0)));
    CU_ASSERT_PTR_NULL(arena_marks(arena, -1));
    arena_free(arena);
}

SUITE("arena", {"slots go from free to loading to ready", slots_go_from_free_to_loading_to_ready},
      {"a loading tile grows", a_loading_tile_grows},
      {"tiles differ by every part of their key", tiles_differ_by_every_part_of_their_key},
      {"the least recently used goes first", least_recently_used_goes_first},
      {"pinned and kept tiles stay", pinned_and_kept_tiles_stay},
      {"the budget bounds what is used", budget_bounds_what_is_used},
      {"a recut changes slots and forgets", recut_changes_slots_and_forgets},
      {"every kind of tile has room", every_kind_of_tile_has_room},
      {"dropped memory goes back to the system", dropped_memory_goes_back_to_the_system},
      {"hoarded memory stays within the budget", hoarded_memory_stays_within_the_budget},
      {"the histogram is cleared, marks stay", histogram_is_cleared_and_marks_stay},
      {"the ledger holds the slots in use", ledger_holds_the_slots_in_use},
      {"refused memory is told", refused_memory_is_told},
      {"workers write into the slots", workers_write_into_the_slots},
      {"marks are of one tile, and counted", marks_are_of_one_tile_and_counted})
