/* Slides whose reduced copies stand in the chain as pages do, not calling themselves reduced: which
 * directories these are. Private to src/source. */
#ifndef SOURCE_TIFF_PYRAMID_H
#define SOURCE_TIFF_PYRAMID_H

#include <stdbool.h>
#include <stdint.h>

#include "source/tiff_directory.h"
#include "source/tiff_file.h"

enum { TIFF_LEVELS = 24 };

enum tiff_slide {
    SLIDE_NONE,
    SLIDE_APERIO, /* its label and macro call themselves reduced, and are not */
    SLIDE_HAMAMATSU,
    SLIDE_PLAIN, /* nobody's in particular */
};

struct tiff_pyramid {
    enum tiff_slide slide;
    int count;
    int64_t levels[TIFF_LEVELS]; /* directories, all copies of the file's first */
};

/* Looks through the first directories of the chain. `base` is what the first one describes, with
 * that description. A slide that no maker signed must have two levels at least, right behind the
 * first directory and laid out alike, each smaller than the one before. */
void tiff_pyramid_find(struct tiff_pyramid *pyramid, struct tiff_file *file,
                       const struct tiff_layout *base, const char *description);

/* True where levels may stand anywhere in the chain, between pages. */
static inline bool tiff_pyramid_is_strewn(const struct tiff_pyramid *pyramid)
{
    return pyramid->slide == SLIDE_APERIO || pyramid->slide == SLIDE_HAMAMATSU;
}

bool tiff_pyramid_has(const struct tiff_pyramid *pyramid, int64_t directory);

#endif
