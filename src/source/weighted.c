/* Colours weighted with alpha: see source/weighted.h. Owns nothing. */
#include "source/weighted.h"

static double weight(enum sample_type type, double alpha)
{
    if (!sample_is_float(type))
        return alpha;
    return alpha > 0 ? (alpha < 1 ? alpha : 1) : 0; /* NaN hides too */
}

void weighted_run(struct weighted *weighted, enum sample_type type, const void *run, int64_t n,
                  int64_t first, int64_t count)
{
    double *out = weighted->values, *alpha = out + 3 * count;
    for (int64_t i = 0; i < count; i++)
        alpha[i] = weight(type, sample_value(type, run, 3 * n + first + i));
    for (int channel = 0; channel < 3; channel++, out += count)
        for (int64_t i = 0; i < count; i++)
            out[i] = alpha[i] * sample_value(type, run, channel * n + first + i);
}

double weighted_colour(double mean, double alpha)
{
    return alpha > 0 ? mean / alpha : 0;
}
