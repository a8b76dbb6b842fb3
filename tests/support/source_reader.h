/* Reads sources in tests: a sink that holds every code against the value that was written. */
#ifndef SUPPORT_SOURCE_READER_H
#define SUPPORT_SOURCE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/source.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* Opens a file by its path; sentences call it "a.tif". */
struct source *source_from(const char *path, struct fault *fault);

/* The first page of a file, which is checked and closed. */
struct page source_page(const char *path);

/* The sentence that opening `path` and selecting page `index` ends with; "" when it does not. The
 * text holds until the next call. */
const char *source_refusal(const char *path, int32_t index);

/* Stops after `stop_after` runs when that is not 0. */
struct checking_sink {
    struct row_sink sink;
    struct area area;
    tiff_value *value;
    enum sample_type type;
    int page;
    uint8_t *seen;                     /* of the area, row by row */
    int64_t samples, wrong, again;     /* again: samples that came twice, or from outside */
    int64_t runs, signs;               /* signs: runs of no codes */
    int64_t last_x, last_y, backwards; /* runs above or left of the one before in its row */
    int64_t stop_after;
};

/* Reads an area into a fresh checking sink (free sink->seen with checking_fini). */
bool checking_read(struct checking_sink *sink, struct source *source, struct area area,
                   tiff_value *value, struct fault *fault);
void checking_fini(struct checking_sink *sink);

/* True when every sample of the area came once with its value. */
bool reads_right(struct source *source, struct area area, tiff_value *value);

/* What a sample of a channel must be, NaN where it must be no-data. */
typedef double expected_value(const void *context, int64_t x, int64_t y, int channel);

/* Reads an area; true when every sample came once and as expected, in all channels, and every NaN
 * is the plain quiet one. A difference of `tolerance` is let pass. */
bool reads_as(struct source *source, struct area area, expected_value *value, const void *context,
              double tolerance);

#endif
