/* The pixels of one row before they are packed: from lines of samples to codes and to levels. */
#ifndef RENDER_ROWS_H
#define RENDER_ROWS_H

#include <stdint.h>

#include "base/fault.h"
#include "render/gather.h"
#include "render/plan.h"
#include "render/wide.h"
#include "tone/curve.h"

/* All pointers lead into one block of LEDGER_VIEW memory. */
struct rows {
    const struct plan *plan;
    struct gather *gather; /* borrowed */
    /* One row across of the samples, and slack. */
    uint32_t *sums;
    struct wide_sums wide;
    uint16_t *line;
    void *line_levels;
    /* One row of the pixels. */
    uint16_t *codes;
    void *means;
    void *levels[GATHER_PLANES]; /* of one byte, or two where they are deep or wide */
    bool deep;
    void *block;
    size_t block_bytes;
};

/* Memory for every drawing of the plan; for rows_deep_levels too where rows->deep. */
bool rows_reserve(struct rows *rows, const struct plan *plan, struct gather *gather,
                  struct fault *fault);
void rows_fini(struct rows *rows);

/* What the pixels of entries begin .. end - 1 (the gather begins with begin's first sample) in row
 * `entry` of the axis down show of a plane, in the window's order: codes of a narrow type, or
 * levels of any. A row holds until the next of the same kind and plane is asked for. */
const uint16_t *rows_codes(struct rows *rows, int plane, int begin, int end, int entry);
const uint8_t *rows_levels(struct rows *rows, const struct curve *curve, int plane, int begin,
                           int end, int entry);

/* Those of curve_colour_levels, of a wide type's one plane. */
const uint16_t *rows_colour_levels(struct rows *rows, const struct curve *curve, int begin, int end,
                                   int entry);

/* Those of curve_deep_levels. */
const uint16_t *rows_deep_levels(struct rows *rows, const struct curve *curve, int plane, int begin,
                                 int end, int entry);

#endif
