/* A film seen through a line, and what can be said of its window. */
#ifndef WINDOW_AFAR_H
#define WINDOW_AFAR_H

#include "harness.h"

/* 1537 x 1283, 16 bits, uncompressed. */
const char *afar_film(void);

/* A viewer of the film, 1024 x 768, with these further words. */
bool afar_view(struct viewer *viewer, const char *const *words);
#define AFAR(viewer, ...) afar_view(viewer, (const char *const[]){__VA_ARGS__, NULL})

/* Presses a button at (x, y) of the window, moves the pointer there and there, and releases it;
 * with the server's own pointer. Waits for the final picture. */
void afar_drag(const struct viewer *viewer, int button, int x, int y, int to_x, int to_y);

/* True when the window shows what --render writes for the window, level, zoom and centre in its
 * state. */
bool afar_shows_what_render_writes(const struct viewer *viewer);

/* Bytes of an uncompressed frame of the image area. */
uint64_t afar_frame_bytes(const struct viewer *viewer);

#endif
