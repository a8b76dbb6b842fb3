/* The memory ledger: see base/ledger.h. Owns the counts; blocks belong to whoever asked for them.
 */
#include "base/ledger.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAPPED_FROM = 64 * 1024, ALIGNMENT = 64 };

static const char *const names[LEDGER_LABELS] = {"frame",  "tiles", "view",  "tone",
                                                 "source", "ui",    "output"};
static struct ledger_line lines[LEDGER_LABELS];
static struct ledger_line total;
static size_t limit;
static long failing;

static void raise_line(struct ledger_line *line, size_t bytes)
{
    line->current += bytes;
    line->blocks++;
    if (line->current > line->peak)
        line->peak = line->current;
}

bool ledger_enter(enum ledger_label label, size_t bytes, struct fault *fault)
{
    if (failing && !--failing)
        return fault_set(fault, FAULT_MEMORY, "no memory for %s (%zu bytes)", names[label], bytes);
    if (limit && (bytes > limit || total.current > limit - bytes))
        return fault_set(fault, FAULT_MEMORY,
                         "%zu bytes for %s would exceed the memory limit of %zu bytes", bytes,
                         names[label], limit);
    raise_line(&lines[label], bytes);
    raise_line(&total, bytes);
    return true;
}

void ledger_leave(enum ledger_label label, size_t bytes)
{
    lines[label].current -= bytes;
    lines[label].blocks--;
    total.current -= bytes;
    total.blocks--;
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
    return lines[label];
}

struct ledger_line ledger_total(void)
{
    return total;
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
    memset(lines, 0, sizeof lines);
    memset(&total, 0, sizeof total);
}

void ledger_fail_after(long n)
{
    failing = n;
}
