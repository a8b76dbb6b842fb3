/* Percentiles of a histogram: see tone/histogram.h. Owns nothing; the bins are the caller's. */
#include "tone/histogram.h"

/* Of percentiles; any: the least value that was counted at all. */
static const double auto_low = 0.5, auto_high = 99.5, any = 1e-30;

static uint64_t counted(const uint32_t *bins, int32_t codes)
{
    uint64_t sum = 0;
    for (int32_t code = 0; code < codes; code++)
        sum += bins[code];
    return sum;
}

bool histogram_percentile(const uint32_t *bins, int32_t codes, double percent, int32_t *code)
{
    uint64_t total = counted(bins, codes);
    if (!total)
        return false;
    /* Products, not quotients: exact for every count that statistics can yield. */
    double wanted = (percent < 100 ? percent : 100) * (double)total;
    uint64_t sum = 0;
    for (*code = 0; *code < codes - 1; ++*code) {
        sum += bins[*code];
        if ((double)sum * 100 >= wanted)
            break;
    }
    return true;
}

static bool stored_percentile(const uint32_t *bins, enum sample_type type, double percent,
                              double *stored)
{
    int32_t code;
    if (!histogram_percentile(bins, sample_codes(type), percent, &code))
        return false;
    *stored = code + sample_least(type);
    return true;
}

bool histogram_auto_window(const uint32_t *bins, enum sample_type type, struct modality modality,
                           enum voi voi, struct window *window)
{
    struct window_counts counts = {0};
    if (!stored_percentile(bins, type, auto_low, &counts.low) ||
        !stored_percentile(bins, type, auto_high, &counts.high))
        return false;
    if (counts.low == counts.high) {
        stored_percentile(bins, type, any, &counts.least);
        stored_percentile(bins, type, 100, &counts.most);
    }
    *window = window_from_counts(&counts, modality, true, voi);
    return true;
}
