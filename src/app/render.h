/* Pictures in files, without a display: one page after the other. */
#ifndef APP_RENDER_H
#define APP_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "options.h"
#include "scene.h"

struct rendering {
    struct options options;
    struct loop loop;
    struct scene scene;
};

/* The options are copied. render_fini must follow either way. */
bool render_init(struct rendering *rendering, const struct options *options, struct fault *fault);
void render_fini(struct rendering *rendering);

/* Goes to a page (0-based) of a file, and of the file that is open: as if the program had begun
 * with it. */
bool render_open(struct rendering *rendering, const char *path, int32_t page, struct fault *fault);
bool render_turn(struct rendering *rendering, int32_t page, struct fault *fault);

/* Whether the file has such a page, which may take counting. */
bool render_has(struct rendering *rendering, int32_t page);

/* Writes the view of that page. What cannot be decoded is told of; scene.damaged says so, too. */
bool render_write(struct rendering *rendering, const char *path, struct fault *fault);

#endif
