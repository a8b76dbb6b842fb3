/* Percentiles and histogram of a page's sample: see source/statistics.h.
 *
 * Narrow types are counted by code in one pass. Wide ones are never stored: each pass counts 16
 * more bits of their order keys, of those values alone that agree with a percentile in the bits
 * before, until its key is complete or all that agree are equal; a last pass counts by steps. The
 * first pass keeps the sample in the temporary file, where there is room, for the others. Owns the
 * table of the second percentile; the first one's is the caller's histogram. */
#include "source/statistics.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/kept_sample.h"
#include "base/order_key.h"
#include "source/sampling.h"

enum { FILE_VALUES = 1024, BINS = 1 << 16, DIGIT_BITS = 16, TABLE_BYTES = BINS * sizeof(uint32_t) };

static const double low_percent = 0.5, high_percent = 99.5;

/* The search for one percentile. */
struct rank {
    double percent;
    uint32_t *table; /* of the next digit of those that agree with the key */
    uint64_t key;    /* the digits found */
    int64_t below;   /* values that are less than all that agree */
    uint64_t least, most;
    bool settled;
};

struct counter {
    struct sample_visitor visitor; /* first */
    enum sample_type type;
    uint32_t *histogram;
    struct statistics found, *seen;
    struct rank ranks[2];
    struct kept_sample kept; /* wide types: what the first pass came by */
    int fd;                  /* instead of a source: a file of so many values */
    int64_t values;
    int shift; /* of the digit being counted */
    bool first;
    bool (*dropped)(void *context);
    void *context;
};

static void show(struct counter *c)
{
    if (c->seen)
        *c->seen = c->found;
}

static bool is_dropped(struct sample_visitor *visitor)
{
    struct counter *c = (struct counter *)visitor;
    show(c);
    return c->dropped && c->dropped(c->context);
}

static void note(struct statistics *found, double value)
{
    found->least = found->counted && found->least < value ? found->least : value;
    found->most = found->counted && found->most > value ? found->most : value;
    found->low = found->least;
    found->high = found->most;
    found->counted++;
}

/* The bin in which the values counted in bins, and `below` ones before, reach `percent` of all;
 * adds those of the bins before it to *below. */
static uint32_t reaching_bin(const uint32_t *bins, double percent, int64_t all, int64_t *below)
{
    uint32_t bin = 0;
    /* Products, not quotients: exact for every count that statistics can yield. */
    for (; bin < BINS - 1; *below += bins[bin++])
        if ((double)(*below + bins[bin]) * 100 >= percent * (double)all)
            break;
    return bin;
}

/* Narrow types. */

static void take_codes(struct sample_visitor *visitor, const void *samples, int64_t first,
                       int64_t n, int64_t step)
{
    struct counter *c = (struct counter *)visitor;
    const uint8_t *bytes = samples;
    const uint16_t *words = samples;
    bool byte = sample_bytes(c->type) == 1;
    for (int64_t i = first; i < n; i += step) {
        int32_t code = byte ? bytes[i] : words[i];
        c->histogram[code]++;
        note(&c->found, code + sample_least(c->type));
    }
}

static bool count_narrow(struct counter *c, struct source *source, bool *stopped,
                         struct fault *fault)
{
    c->visitor.take = take_codes;
    bool fine = sampling_visit(source, &c->visitor, stopped, fault);
    if (!*stopped && c->found.counted)
        c->found = statistics_of_codes(c->type, c->histogram);
    return fine;
}

int64_t statistics_values(const struct page *page)
{
    struct sample_grid grid = sampling_grid(page);
    return sampling_values(&grid) * page->channels;
}

struct statistics statistics_of_codes(enum sample_type type, const uint32_t *histogram)
{
    struct statistics found = {0};
    int32_t codes = sample_codes(type), least = sample_least(type), first = 0, last = codes - 1;
    while (first < last && !histogram[first])
        first++;
    while (last > first && !histogram[last])
        last--;
    for (int32_t code = first; code <= last; code++)
        found.counted += histogram[code];
    if (!found.counted)
        return found;
    int64_t below_low = 0, below_high = 0;
    found.least = first + (double)least;
    found.most = last + (double)least;
    found.low = reaching_bin(histogram, low_percent, found.counted, &below_low) + (double)least;
    found.high = reaching_bin(histogram, high_percent, found.counted, &below_high) + (double)least;
    return found;
}

/* A tally's visitor. Others may count into the same bins at the same time. */
struct telling {
    struct sample_visitor visitor; /* first */
    struct statistics_tally *tally;
};

static void tell_values(struct sample_visitor *visitor, const void *samples, int64_t first,
                        int64_t n, int64_t step)
{
    struct telling *telling = (struct telling *)visitor;
    enum sample_type type = (enum sample_type)telling->tally->grid.page->type;
    shared_sample_add(telling->tally->shared, samples, first, n, step);
    for (int64_t i = first; i < n; i += step) {
        double value = sample_value(type, samples, i);
        if (isfinite(value))
            note(&telling->tally->seen, value);
    }
}

static void tell_codes(struct sample_visitor *visitor, const void *samples, int64_t first,
                       int64_t n, int64_t step)
{
    const struct statistics_tally *tally = ((struct telling *)visitor)->tally;
    const uint8_t *bytes = samples;
    const uint16_t *words = samples;
    bool byte = sample_bytes((enum sample_type)tally->grid.page->type) == 1;
    for (int64_t i = first; i < n; i += step)
        __atomic_fetch_add(&tally->histogram[byte ? bytes[i] : words[i]], 1, __ATOMIC_RELAXED);
}

static bool area_holds(struct area area, int64_t x, int64_t y)
{
    return x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;
}

static bool tally_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct statistics_tally *tally = (struct statistics_tally *)sink;
    struct telling telling = {.visitor.take = tally->shared ? tell_values : tell_codes,
                              .tally = tally};
    tally->heard += n;
    if (!area_holds(tally->block, x, y))
        sampling_part(&tally->grid, x, y, &tally->block, &tally->part);
    if (tally->part.width)
        sampling_take(&tally->grid, tally->part, &telling.visitor, x, y, n, samples);
    return true;
}

void statistics_tally_init(struct statistics_tally *tally, const struct page *page,
                           uint32_t *histogram, struct shared_sample *shared)
{
    *tally = (struct statistics_tally){.sink.row = tally_run,
                                       .grid = sampling_grid(page),
                                       .histogram = histogram,
                                       .shared = shared};
}

/* Wide types. */

static void count_digit(struct rank *rank, uint64_t key, int shift)
{
    if (rank->settled || key >> shift >> DIGIT_BITS != rank->key)
        return;
    rank->table[key >> shift & (BINS - 1)]++;
    rank->least = key < rank->least ? key : rank->least;
    rank->most = key > rank->most ? key : rank->most;
}

static void take_digits(struct sample_visitor *visitor, const void *samples, int64_t first,
                        int64_t n, int64_t step)
{
    struct counter *c = (struct counter *)visitor;
    if (c->first)
        kept_sample_add(&c->kept, samples, first, n, step);
    for (int64_t i = first; i < n; i += step) {
        double value = sample_value(c->type, samples, i);
        if (!isfinite(value))
            continue;
        if (c->first)
            note(&c->found, value);
        uint64_t key = order_key(c->type, samples, i);
        count_digit(&c->ranks[0], key, c->shift);
        count_digit(&c->ranks[1], key, c->shift);
    }
}

/* Learns one more digit, or the whole key where all that agree are equal. */
static void narrow_rank(const struct counter *c, struct rank *rank)
{
    if (rank->settled)
        return;
    bool equal = rank->least == rank->most;
    uint32_t digit = reaching_bin(rank->table, rank->percent, c->found.counted, &rank->below);
    rank->key = equal ? rank->least : rank->key << DIGIT_BITS | digit;
    rank->settled = equal || !c->shift || !c->found.counted;
}

static void begin_digit(struct rank *rank)
{
    memset(rank->table, 0, TABLE_BYTES);
    rank->least = UINT64_MAX;
    rank->most = 0;
}

static bool read_values(int fd, void *values, size_t bytes, int64_t at)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t count = pread(fd, (char *)values + done, bytes - done, (off_t)at + (off_t)done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool visit_file(struct counter *c, bool *stopped, struct fault *fault)
{
    double values[FILE_VALUES];
    int64_t size = (int64_t)sample_bytes(c->type), most = (int64_t)sizeof values / size, n;
    for (int64_t done = 0; done < c->values && !*stopped; done += n) {
        n = min64(most, c->values - done);
        if (!read_values(c->fd, values, (size_t)(n * size), done * size))
            return fault_set(fault, FAULT_FILE, "the values that were kept cannot be read");
        c->visitor.take(&c->visitor, values, 0, n, 1);
        *stopped = is_dropped(&c->visitor);
    }
    return true;
}

static bool visit(struct counter *c, struct source *source, bool *stopped, struct fault *fault)
{
    return source ? sampling_visit(source, &c->visitor, stopped, fault)
                  : visit_file(c, stopped, fault);
}

/* A pass after the first: `begin` forgets what one that broke off has counted. */
static bool visit_again(struct counter *c, struct source *source, bool *stopped,
                        void (*begin)(struct counter *c))
{
    begin(c);
    if (kept_sample_is_whole(&c->kept)) {
        if (kept_sample_visit(&c->kept, &c->visitor, stopped) || *stopped)
            return true;
        begin(c);
    }
    return visit(c, source, stopped, NULL);
}

static void begin_digits(struct counter *c)
{
    begin_digit(&c->ranks[0]);
    begin_digit(&c->ranks[1]);
}

static bool select_ranks(struct counter *c, struct source *source, bool *stopped,
                         struct fault *fault)
{
    const int top = (int)sample_bytes(c->type) * 8 - DIGIT_BITS;
    struct rank *low = &c->ranks[0], *high = &c->ranks[1];
    bool fine = true;
    c->visitor.take = take_digits;
    for (c->shift = top; !*stopped && !(low->settled && high->settled); c->shift -= DIGIT_BITS) {
        c->first = c->shift == top;
        if (c->first) {
            begin_digits(c);
            fine = visit(c, source, stopped, fault);
        } else {
            visit_again(c, source, stopped, begin_digits);
        }
        narrow_rank(c, low);
        narrow_rank(c, high);
    }
    return fine;
}

static void take_steps(struct sample_visitor *visitor, const void *samples, int64_t first,
                       int64_t n, int64_t step)
{
    struct counter *c = (struct counter *)visitor;
    /* The widest ranges of doubles are no doubles themselves. */
    double part = isfinite(c->found.most - c->found.least) ? 1 : 0.5;
    double least = c->found.least * part, range = c->found.most * part - least;
    for (int64_t i = first; i < n; i += step) {
        double at = (sample_value(c->type, samples, i) * part - least) / range * BINS;
        if (at >= 0 && at <= BINS)
            c->histogram[at < BINS ? (int)at : BINS - 1]++;
    }
}

static void begin_steps(struct counter *c)
{
    memset(c->histogram, 0, TABLE_BYTES);
}

static void count_steps(struct counter *c, struct source *source, bool *stopped)
{
    begin_steps(c);
    c->visitor.take = take_steps;
    if (c->found.least < c->found.most)
        visit_again(c, source, stopped, begin_steps);
    else
        c->histogram[0] = (uint32_t)c->found.counted;
}

/* The passes may have seen different values where the file is being written: then what a rank comes
 * to need not be one of them. */
static double settled_value(const struct counter *c, const struct rank *rank)
{
    return fmax(c->found.least, fmin(order_value(c->type, rank->key), c->found.most));
}

static bool count_wide(struct counter *c, struct source *source, bool *stopped, struct fault *fault)
{
    uint32_t *table = ledger_alloc(LEDGER_SOURCE, TABLE_BYTES, fault);
    if (!table)
        return false;
    c->ranks[0] = (struct rank){.percent = low_percent, .table = c->histogram};
    c->ranks[1] = (struct rank){.percent = high_percent, .table = table};
    if (source && !source->page.direct)
        kept_sample_begin(&c->kept, c->type, statistics_values(&source->page));
    bool fine = select_ranks(c, source, stopped, fault);
    ledger_free(LEDGER_SOURCE, table, TABLE_BYTES);
    if (!*stopped && c->found.counted)
        count_steps(c, source, stopped);
    kept_sample_end(&c->kept);
    if (*stopped || !c->found.counted)
        return fine;
    c->found.low = settled_value(c, &c->ranks[0]);
    c->found.high = settled_value(c, &c->ranks[1]);
    return fine;
}

bool statistics_count(struct source *source, uint32_t *histogram, struct statistics *seen,
                      bool (*dropped)(void *context), void *context, bool *complete,
                      struct fault *fault)
{
    const struct page *page = &source->page;
    struct counter counter = {.visitor.dropped = is_dropped,
                              .type = (enum sample_type)page->type,
                              .histogram = histogram,
                              .seen = seen,
                              .dropped = dropped,
                              .context = context};
    bool stopped = false;
    *complete = false;
    show(&counter);
    if (page->width <= 0)
        return fault_set(fault, FAULT_USAGE, "no page of the file is selected");
    bool fine = sample_is_narrow(counter.type) ? count_narrow(&counter, source, &stopped, fault)
                                               : count_wide(&counter, source, &stopped, fault);
    show(&counter);
    *complete = !stopped;
    return fine || stopped || counter.found.counted > 0;
}

bool statistics_count_kept(int fd, enum sample_type type, int64_t kept, uint32_t *histogram,
                           struct statistics *seen, bool *complete, struct fault *fault)
{
    struct counter counter = {.visitor.dropped = is_dropped,
                              .type = type,
                              .histogram = histogram,
                              .seen = seen,
                              .fd = fd,
                              .values = kept};
    bool stopped = false;
    *complete = count_wide(&counter, NULL, &stopped, fault);
    show(&counter);
    return *complete;
}
