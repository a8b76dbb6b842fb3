/* Writes stored samples, untouched, as an uncompressed TIFF file: rows, or pieces of them, in any
 * order, so that nothing is held in memory. Without libtiff, which wants them in order. */
#ifndef SOURCE_TIFF_SAMPLES_H
#define SOURCE_TIFF_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"

struct tiff_samples_terms {
    int64_t width, height; /* 1 .. 2^31 - 1 */
    enum sample_type type;
    int channels; /* 1, or 3: red, green and blue side by side */
    bool min_is_white;
    int orientation;             /* TIFF's */
    double spacing_x, spacing_y; /* mm for a sample; 0: not known */
    double slope, intercept;     /* modality = stored * slope + intercept */
    const char *unit;            /* of modality values; "": none */
    bool has_nodata;
    double nodata;
    double low, high;   /* the window, in stored values; low >= high: none */
    int page, pages;    /* which of the source's pages it is of, from 1 */
    const char *source; /* the file's name */
};

struct tiff_samples {
    int fd;
    const char *name; /* for sentences; lent */
    int64_t width;
    size_t pixel_bytes;
    int64_t start; /* where the samples begin */
};

/* Writes all but the samples to the file behind fd, which is empty and stays the caller's; `name`
 * is lent until the end. A BigTIFF where 4 GB are not enough. */
bool tiff_samples_begin(struct tiff_samples *samples, int fd, const char *name,
                        const struct tiff_samples_terms *terms, struct fault *fault);

/* Writes `count` pixels of row y from column x on: stored values of the type, in this machine's
 * order, channels side by side. */
bool tiff_samples_put(const struct tiff_samples *samples, int64_t x, int64_t y, int64_t count,
                      const void *pixels, struct fault *fault);

#endif
