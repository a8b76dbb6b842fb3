/* The memory ledger: see base/ledger.h. Owns the counts; blocks belong to whoever asked for them.
 */
#include "base/ledger.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"

enum { MAPPED_FROM = 64 * 1024, ALIGNMENT = 64 };

static const char *const names[LEDGER_LABELS] = {"frame", "tiles", "view",   "tone",      "source",
                                                 "spill", "ui",    "output", "thumbnails"};
static struct ledger_figures book;
static size_t limit;
static long failing;

static void raise_line(struct ledger_line *line, size_t bytes)
{
    line->current += bytes;
    line->blocks++;
    if (line->current > line->peak)
        line->peak = line->current;
}

static void enter_large(enum ledger_label label, size_t bytes)
{
    if (book.large_count == LEDGER_LARGE)
        book.large_more++;
    else
        book.large[book.large_count++] = (struct ledger_block){bytes, clock_ms(), label};
}

/* Of blocks that look alike the newest goes: which one it was makes no difference but to the age.
 */
static void leave_large(enum ledger_label label, size_t bytes)
{
    int i = book.large_count - 1;
    while (i >= 0 && (book.large[i].bytes != bytes || book.large[i].label != label))
        i--;
    if (i < 0) {
        book.large_more--;
        return;
    }
    book.large_count--;
    memmove(&book.large[i], &book.large[i + 1],
            (size_t)(book.large_count - i) * sizeof book.large[0]);
}

bool ledger_enter(enum ledger_label label, size_t bytes, struct fault *fault)
{
    if (failing && !--failing)
        return fault_set(fault, FAULT_MEMORY, "no memory for %s (%zu bytes)", names[label], bytes);
    if (limit && (bytes > limit || book.total.current > limit - bytes))
        return fault_set(fault, FAULT_MEMORY,
                         "%zu bytes for %s would exceed the memory limit of %zu bytes", bytes,
                         names[label], limit);
    raise_line(&book.lines[label], bytes);
    raise_line(&book.total, bytes);
    if (bytes >= LEDGER_LARGE_BYTES)
        enter_large(label, bytes);
    return true;
}

void ledger_leave(enum ledger_label label, size_t bytes)
{
    book.lines[label].current -= bytes;
    book.lines[label].blocks--;
    book.total.current -= bytes;
    book.total.blocks--;
    if (bytes >= LEDGER_LARGE_BYTES)
        leave_large(label, bytes);
}

static void *obtain(size_t bytes)
{
    if (bytes >= MAPPED_FROM) {
        void *mapped =
            mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return mapped == MAP_FAILED ? NULL : mapped;
    }
    void *block = NULL;
    if (posix_memalign(&block, ALIGNMENT, bytes ? bytes : 1))
        return NULL;
    return memset(block, 0, bytes);
}

void *ledger_alloc(enum ledger_label label, size_t bytes, struct fault *fault)
{
    if (!ledger_enter(label, bytes, fault))
        return NULL;
    void *block = obtain(bytes);
    if (!block) {
        ledger_leave(label, bytes);
        fault_set(fault, FAULT_MEMORY, "no memory for %s (%zu bytes)", names[label], bytes);
    }
    return block;
}

void ledger_free(enum ledger_label label, void *block, size_t bytes)
{
    if (!block)
        return;
    if (bytes >= MAPPED_FROM)
        munmap(block, bytes);
    else
        free(block);
    ledger_leave(label, bytes);
}

bool ledger_grow(enum ledger_label label, void **block, size_t *size, size_t bytes,
                 struct fault *fault)
{
    if (*block && *size >= bytes)
        return true;
    void *larger = ledger_alloc(label, bytes, fault);
    if (!larger)
        return false;
    ledger_free(label, *block, *size);
    *block = larger;
    *size = bytes;
    return true;
}

struct ledger_line ledger_line(enum ledger_label label)
{
    return book.lines[label];
}

struct ledger_line ledger_total(void)
{
    return book.total;
}

struct ledger_figures ledger_figures(void)
{
    return book;
}

static void tame_line(struct ledger_line *line)
{
    if (line->peak > LEDGER_MOST)
        line->peak = LEDGER_MOST;
    if (line->current > line->peak)
        line->current = line->peak;
    if (line->blocks < 0)
        line->blocks = 0;
    if ((size_t)line->blocks > LEDGER_MOST)
        line->blocks = (long)LEDGER_MOST;
}

static bool tame_block(struct ledger_block *block, int64_t now)
{
    if (block->bytes > LEDGER_MOST)
        block->bytes = LEDGER_MOST;
    if (block->since_ms < 0 || block->since_ms > now)
        block->since_ms = now;
    return block->label < LEDGER_LABELS;
}

void ledger_tame(struct ledger_figures *figures)
{
    int32_t kept = 0;
    int64_t now = clock_ms();
    for (int label = 0; label < LEDGER_LABELS; label++)
        tame_line(&figures->lines[label]);
    tame_line(&figures->total);
    for (int32_t i = 0; i < figures->large_count && i < LEDGER_LARGE; i++)
        if (tame_block(&figures->large[i], now))
            figures->large[kept++] = figures->large[i];
    figures->large_count = kept;
    if (figures->large_more < 0)
        figures->large_more = 0;
}

const char *ledger_label_name(enum ledger_label label)
{
    return names[label];
}

void ledger_set_limit(size_t bytes)
{
    limit = bytes;
}

void ledger_reset(void)
{
    memset(&book, 0, sizeof book);
}

void ledger_fail_after(long n)
{
    failing = n;
}
