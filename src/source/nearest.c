/* The nearest entry of a palette: see source/nearest.h.
 *
 * Entries are sorted by the sum of their levels. Where sums differ by d, colours differ by d^2 / 3
 * at the least, so a search that begins at the colour's own sum soon ends. Owns the sorted entries,
 * and remembers what it has found. */
#include "source/nearest.h"

#include <stdbool.h>

#include "base/ledger.h"
#include "source/colour.h"

enum { SUMS = 3 * 255 + 1, KNOWN = 4096, KNOWN_BITS = 12 };

struct entry {
    uint8_t colour[3];
    int32_t index;
};

struct nearest {
    size_t bytes;
    int32_t begin[SUMS + 1]; /* where entries of each sum begin */
    struct {
        uint32_t colour; /* 0: none yet, else with the bit above set */
        int32_t index;
    } known[KNOWN];
    struct entry entries[];
};

static int sum_of(const uint8_t colour[3])
{
    return colour[0] + colour[1] + colour[2];
}

static struct entry entry_of(const uint16_t *const levels[3], bool deep, int32_t index)
{
    struct entry entry = {.index = index};
    for (int c = 0; c < 3; c++)
        entry.colour[c] = (uint8_t)colour_map_level(levels[c][index], deep);
    return entry;
}

struct nearest *nearest_new(const uint16_t *const levels[3], int32_t entries, struct fault *fault)
{
    size_t bytes = sizeof(struct nearest) + (size_t)entries * sizeof(struct entry);
    struct nearest *nearest = ledger_alloc(LEDGER_SOURCE, bytes, fault);
    bool deep = colour_map_deep(levels, entries);
    int32_t next[SUMS] = {0};
    if (!nearest)
        return NULL;
    nearest->bytes = bytes;
    for (int32_t i = 0; i < entries; i++)
        nearest->begin[sum_of(entry_of(levels, deep, i).colour) + 1]++;
    for (int sum = 0; sum < SUMS; sum++) {
        nearest->begin[sum + 1] += nearest->begin[sum];
        next[sum] = nearest->begin[sum];
    }
    for (int32_t i = 0; i < entries; i++) {
        struct entry entry = entry_of(levels, deep, i);
        nearest->entries[next[sum_of(entry.colour)]++] = entry;
    }
    return nearest;
}

void nearest_free(struct nearest *nearest)
{
    if (nearest)
        ledger_free(LEDGER_SOURCE, nearest, nearest->bytes);
}

struct best {
    int distance; /* squared */
    int32_t index;
};

static void look_at(const struct nearest *nearest, int sum, const uint8_t colour[3],
                    struct best *best)
{
    if (sum < 0 || sum >= SUMS)
        return;
    for (int32_t i = nearest->begin[sum]; i < nearest->begin[sum + 1]; i++) {
        const struct entry *entry = &nearest->entries[i];
        int distance = 0;
        for (int c = 0; c < 3; c++)
            distance += (entry->colour[c] - colour[c]) * (entry->colour[c] - colour[c]);
        if (distance < best->distance || (distance == best->distance && entry->index < best->index))
            *best = (struct best){distance, entry->index};
    }
}

static int32_t search(const struct nearest *nearest, const uint8_t colour[3])
{
    struct best best = {INT32_MAX / 3, INT32_MAX};
    int sum = sum_of(colour);
    for (int away = 0; away < SUMS && away * away <= 3 * best.distance; away++) {
        look_at(nearest, sum - away, colour, &best);
        if (away)
            look_at(nearest, sum + away, colour, &best);
    }
    return best.index;
}

int32_t nearest_entry(struct nearest *nearest, const uint8_t colour[3])
{
    uint32_t number = 1U << 24 | (uint32_t)colour[0] << 16 | (uint32_t)colour[1] << 8 | colour[2];
    uint32_t place = number * UINT32_C(2654435761) >> (32 - KNOWN_BITS);
    if (nearest->known[place].colour != number) {
        nearest->known[place].colour = number;
        nearest->known[place].index = search(nearest, colour);
    }
    return nearest->known[place].index;
}
