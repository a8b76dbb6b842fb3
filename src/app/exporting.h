/* A region of the page that is shown, as its stored samples, to a TIFF file: tile by tile, so that
 * the region's size costs no memory. */
#ifndef APP_EXPORTING_H
#define APP_EXPORTING_H

#include <stdbool.h>

#include "base/geometry.h"
#include "fresh_file.h"
#include "scene.h"
#include "source/tiff_samples.h"
#include "tile_walk.h"

struct exporting {
    struct scene *scene;
    struct fresh_file file;
    struct tiff_samples samples;
    enum sample_type type; /* of the file */
    struct tile_walk walk;
};

/* The region of the upright page that is seen; an empty one where none is. */
struct area exporting_visible(const struct scene *scene);

/* Begins with a region of the upright page. False: there is nothing to be released. */
bool exporting_begin(struct exporting *exporting, struct scene *scene, const char *path,
                     struct area region, bool force, struct fault *fault);

/* As bands_step and bands_finish. */
enum bands_end exporting_step(struct exporting *exporting, struct fault *fault);
bool exporting_finish(struct exporting *exporting, bool keep, struct fault *fault);

#endif
