/* Percentiles of a narrow type's histogram, and the auto window made from them. (A wide type's
 * percentiles are counted with its values: window_from_counts makes a window of them.) */
#ifndef TONE_HISTOGRAM_H
#define TONE_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"
#include "tone/window.h"

/* The least code whose cumulative count reaches `percent` of all counted values. False when nothing
 * is counted. */
bool histogram_percentile(const uint32_t *bins, int32_t codes, double percent, int32_t *code);

/* The 0.5th to the 99.5th percentile, as window_from_counts makes a window of them. False when
 * nothing is counted. */
bool histogram_auto_window(const uint32_t *bins, enum sample_type type, struct modality modality,
                           enum voi voi, struct window *window);

#endif
