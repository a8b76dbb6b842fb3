/* What ImageJ writes into the description of a file's first directory. Private to src/source. */
#ifndef SOURCE_IMAGEJ_H
#define SOURCE_IMAGEJ_H

#include <stdbool.h>
#include <stdint.h>

struct imagej {
    int32_t images;                   /* 1 where it does not tell */
    int32_t channels, slices, frames; /* 1 each where it does not tell */
    bool has_window, has_line;
    double low, high;        /* stored values shown black and white, low < high */
    double slope, intercept; /* of a straight line of calibration */
    double unit_mm;          /* the unit of the resolution tags; 0 = no length */
    double spacing_z;        /* mm, 0 = not told */
    char version[24], unit[24], value_unit[24]; /* printable ASCII */
};

/* False when it is not from ImageJ. */
bool imagej_parse(const char *description, struct imagej *imagej);

#endif
