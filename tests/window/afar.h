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

/* The same in steps: they return when the server has been told. */
void afar_press(const struct viewer *viewer, int button, int x, int y);
void afar_move(const struct viewer *viewer, int x, int y);
void afar_release(const struct viewer *viewer, int button);

/* Waits for a frame later than that, final or not. */
bool afar_wait_frame(const struct viewer *viewer, int64_t after);

/* Waits until the server has been given a whole picture more, of so many bytes a pixel. */
void afar_wait_base(const struct viewer *viewer, struct wire *line, int bytes);

/* True when the window shows what --render writes for the window, level, zoom, centre, turn and
 * inversion in its state. */
bool afar_shows_what_render_writes(const struct viewer *viewer);
/* How far it is off from that, on the mean of the first channel in blocks of 16 x 16. */
double afar_off_on_the_mean(const struct viewer *viewer);

/* The same of two pictures; and of samples. */
double afar_worst_mean(const struct pnm *a, const struct pnm *b);
int afar_worst(const struct pnm *a, const struct pnm *b);

/* Bytes of an uncompressed frame of the image area. */
uint64_t afar_frame_bytes(const struct viewer *viewer);

#endif
