/* The account of memory: see economy.h. Owns nothing; what processes hold by themselves was
 * measured (x86-64, alone on the machine) and is rounded up. */
#include "economy.h"

#include "base/geometry.h"

/* Bytes. WIDE: more than that with samples of more than 16 bits, or colours. CODED: what comes with
 * decoding whatever the block; DIRECT_MOST tells pages that are not. OPENER: with what it adds to
 * the viewer. DECODER: at rest. LIBRARIES: pages of
 * them that other programs may leave to us alone; kept free under a limit. WINDOW: what LZMA and
 * Zstandard reserve at their usual levels, however little of it a block then fills. LEDGER_SPARE:
 * by which the viewer's ledger may still grow beside tiles and frame. */
enum {
    KIB = 1024,
    MIB = 1024 * KIB,
    TARGET = 16 * MIB,
    VIEWER = 3160 * KIB,
    WIDE = 672 * KIB,
    CODED = 448 * KIB,
    DIRECT_MOST = 64 * KIB,
    OPENER = 400 * KIB,
    DECODER = 700 * KIB,
    HISTOGRAM = 264 * KIB,
    LEDGER_SPARE = 512 * KIB,
    LIBRARIES = 1 * MIB,
    WINDOW = 8 * MIB,
    NOTED = 64 * KIB
};

enum {
    USUAL_WIDTH = 1024,
    USUAL_HEIGHT = 748,
    USUAL_WORKERS = 2,
    ALONE_BELOW = 18 * MIB, /* a smaller limit has one decoder alone */
    SLOTS_LEAST = 8,
    COARSER_MOST = 4
};

int64_t economy_slots(int64_t width, int64_t height)
{
    return (ceil_div(2 * width, TILE_SIDE) + 1) * (ceil_div(2 * height, TILE_SIDE) + 1);
}

int economy_workers(const struct economy *economy, int asked)
{
    if (economy->limit && economy->limit < ALONE_BELOW)
        return 1;
    return asked > 0 ? asked : USUAL_WORKERS;
}

size_t economy_decoder(const struct economy *economy)
{
    return economy->limit ? economy->limit - ECONOMY_LEAST / 2 + WINDOW : 0;
}

static size_t less(size_t from, size_t bytes)
{
    return from > bytes ? from - bytes : 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t needed(int64_t width, int64_t height)
{
    return (size_t)economy_slots(width, height) * ECONOMY_SLOT;
}

/* Of all processes while nothing is decoded, without tiles. */
static size_t held_at_rest(const struct economy_case *what)
{
    return VIEWER + (what->slot > ECONOMY_SLOT ? WIDE : 0) + OPENER + HISTOGRAM + what->frame +
           (size_t)what->workers * DECODER;
}

static size_t held_by_decoding(const struct economy_case *what)
{
    size_t coded = what->burden.decoder > DIRECT_MOST ? CODED : 0;
    return coded + what->burden.decoder * (what->burden.alone ? 1 : (size_t)what->workers);
}

/* What a window as large takes beyond the usual one. */
static size_t growth(const struct economy_case *what)
{
    size_t usual = needed(USUAL_WIDTH, USUAL_HEIGHT) + ECONOMY_FRAME;
    return less(needed(what->width, what->height) + what->frame, usual);
}

size_t economy_budget(struct economy *economy, const struct economy_case *what)
{
    size_t need =
        what->tiles ? (size_t)what->tiles * what->slot : needed(what->width, what->height);
    size_t held = held_at_rest(what) + held_by_decoding(what);
    size_t target = TARGET + what->burden.block + growth(what);
    size_t usual = economy->arena ? economy->arena : least(need, less(target, held));
    size_t budget = usual;
    economy->held = held;
    if (economy->limit)
        budget = least(budget, less(economy->limit, held + LIBRARIES + economy->over));
    economy->scarce = budget < usual;
    if (economy->squeeze && (budget >> economy->squeeze) < need / 4)
        budget = least(budget, need / 4);
    else
        budget >>= economy->squeeze;
    return budget;
}

size_t economy_ledger(const struct economy *economy, const struct economy_case *what)
{
    if (!economy->limit)
        return 0;
    size_t others = held_at_rest(what) - what->frame + held_by_decoding(what) + LIBRARIES;
    return less(economy->limit, others) + what->ledger + LEDGER_SPARE;
}

bool economy_serves(const struct economy *economy, const struct economy_case *what,
                    const char *name, struct fault *fault)
{
    size_t most =
        held_at_rest(what) + held_by_decoding(what) + LIBRARIES + SLOTS_LEAST * what->slot;
    if (!economy->limit || most <= economy->limit)
        return true;
    return fault_set(fault, FAULT_MEMORY,
                     "%s: showing it can take %.1f MiB, and --memory-limit is %.1f MiB", name,
                     (double)most / MIB, (double)economy->limit / MIB);
}

bool economy_note(struct economy *economy, size_t footprint, size_t tiles)
{
    size_t over = less(footprint, economy->held + LIBRARIES + tiles);
    size_t change = over > economy->over ? over - economy->over : economy->over - over;
    if (!economy->limit || change < NOTED)
        return false;
    economy->over = over;
    return true;
}

/* Tiles along one window axis. */
static int64_t tiles_along(const struct view *view, int which)
{
    struct view_axis axis = view_axis(view, which);
    int64_t length = which ? view->height : view->width;
    int64_t from = axis.whole, to = axis.whole + (axis.part + length * axis.step) / (1LL << 32);
    int64_t low = clamp64(min64(from, to), 0, axis.samples - 1);
    int64_t high = clamp64(max64(from, to), 0, axis.samples - 1);
    return high / TILE_SIDE - low / TILE_SIDE + 1;
}

int economy_coarser(const struct economy *economy, const struct view *view, int32_t capacity)
{
    struct view coarse = *view;
    for (coarse.coarser = 0; economy->scarce && coarse.coarser < COARSER_MOST; coarse.coarser++)
        if (tiles_along(&coarse, 0) * tiles_along(&coarse, 1) <= capacity)
            return coarse.coarser;
    return economy->scarce ? COARSER_MOST : 0;
}
