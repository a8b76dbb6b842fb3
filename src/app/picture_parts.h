/* A picture's inside: one class for each format. Private to app. */
#ifndef APP_PICTURE_PARTS_H
#define APP_PICTURE_PARTS_H

#include <stdio.h>

#include "fresh_file.h"
#include "picture.h"

struct picture_class {
    const char *ending;
    bool gray_alone; /* colours cannot be written */
    bool (*begin)(struct picture *picture, const struct picture_terms *terms, struct fault *fault);
    bool (*row)(struct picture *picture, const void *levels, struct fault *fault);
    /* Writes what is left; the file stays open. After it, or after an error, `drop` frees what
     * begin took. */
    bool (*end)(struct picture *picture, struct fault *fault);
    void (*drop)(struct picture *picture);
};

struct picture {
    const struct picture_class *class;
    const char *name; /* for sentences; lent */
    int64_t width, height;
    int channels, bits; /* 1 or 3; 8 or 16 */
    FILE *file;
    struct fresh_file fresh; /* fd -1: written in place */
    void *state;             /* the class's */
};

extern const struct picture_class picture_pgm, picture_ppm, picture_pnm, picture_tif, picture_tiff,
    picture_png;

#endif
