/* Percentiles of a histogram: see tone/histogram.h. Owns nothing; the bins are the caller's. */
#include "tone/histogram.h"

static const double auto_low = 0.5, auto_high = 99.5;

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

bool histogram_auto_window(const uint32_t *bins, enum sample_type type, struct modality modality,
                           enum voi voi, struct window *window)
{
    int32_t codes = sample_codes(type), low, high;
    if (!histogram_percentile(bins, codes, auto_low, &low) ||
        !histogram_percentile(bins, codes, auto_high, &high))
        return false;
    *window = window_from_stored(low + sample_least(type), high + sample_least(type), modality,
                                 true, voi);
    return true;
}
