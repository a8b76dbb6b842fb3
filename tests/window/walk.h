/* What a user does to an image, and the most memory the viewer takes meanwhile. */
#ifndef WINDOW_WALK_H
#define WINDOW_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "harness.h"

/* Runs a command that changes the picture and waits for the final one. Returns the larger of `peak`
 * and the footprint (KiB) at its most meanwhile. */
long walk_command(const struct viewer *viewer, const char *command, long peak);

/* The same, but waits for a frame that is later than the command's alone. */
long walk_glance(const struct viewer *viewer, const char *command, long peak);

/* From a fit to 16:1 and back, panned and windowed between. */
long walk_short(const struct viewer *viewer, long peak);

/* The same by small steps: zooming in and out by 1.25 each, 100 pans, 200 windows. `huge`: final
 * pictures are waited for from 1:1 on alone, since smaller ones take all that is read of the file.
 */
long walk_long(const struct viewer *viewer, bool huge, long peak);

/* A BigTIFF of one uncompressed strip of `side` x `side` 16-bit samples, all of them a hole of the
 * file: it takes no disk. */
bool walk_hollow(const char *path, uint64_t side);

/* An uncompressed film in strips, in a file of the tests' own folder; the path holds for three
 * further calls. */
const char *walk_film(int width, int height);

#endif
