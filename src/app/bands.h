/* A view painted band by band into a picture, in little memory whatever its size: what --render and
 * the window's commands have in common. */
#ifndef APP_BANDS_H
#define APP_BANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"
#include "scene.h"
#include "ui/overlay.h"

/* What is to be written. */
struct bands_terms {
    const char *path;
    int into; /* as picture_terms has it */
    bool force, strict;
    int bits;                      /* 8 or 16 */
    int above, below, left, right; /* of the view: rows and columns that are black */
    bool colour;                   /* red, green and blue, whatever the page has */
    const struct overlay *overlay; /* lent; NULL: none */
    /* Draws over rows [y, y + rows) before they are written, 8 bits alone; may be NULL. */
    bool (*over)(void *context, int y, int rows, uint8_t *levels, size_t stride,
                 struct fault *fault);
    void *context;
};

struct bands {
    struct bands_terms terms;
    struct scene *scene;
    struct view view;
    struct frame *frame;
    struct curve *curve; /* as the tone was at the start; LEDGER_TONE */
    /* With 16 bits: curve and band are of the higher bytes, these of the lower. */
    struct curve *low_curve;
    uint8_t *low_band;
    struct painter painter;
    struct pixel_format format;
    int channels;
    struct picture *picture;
    uint8_t *band; /* LEDGER_OUTPUT */
    size_t band_size;
    int band_rows, y;
    uint16_t *words; /* a row of both, LEDGER_OUTPUT */
    bool planned;    /* the band at y is being painted */
};

enum bands_end { BANDS_WAIT, BANDS_MORE, BANDS_DONE, BANDS_FAILED };

/* Begins a picture of `view` of the scene's page, with its window as it is. False: there is
 * nothing to be released. */
bool bands_begin(struct bands *bands, struct scene *scene, const struct view *view,
                 const struct bands_terms *terms, struct fault *fault);

/* How many tiles a band needs at most. */
int64_t bands_tiles(const struct bands *bands);

/* Paints from the tiles that are there. BANDS_WAIT: others have been asked for (loader_want).
 * BANDS_MORE: a band is written, there are more. */
enum bands_end bands_step(struct bands *bands, struct fault *fault);

/* The picture takes its name (`keep`), or every trace of it goes. */
bool bands_finish(struct bands *bands, bool keep, struct fault *fault);

#endif
