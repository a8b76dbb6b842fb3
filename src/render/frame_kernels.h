/* For tests and benchmarks: which inner loops a frame uses. */
#ifndef RENDER_FRAME_KERNELS_H
#define RENDER_FRAME_KERNELS_H

#include "render/frame.h"
#include "render/kernel.h"

/* frame_new chose kernels_best(). */
void frame_use_kernels(struct frame *frame, const struct kernels *kernels);

#endif
