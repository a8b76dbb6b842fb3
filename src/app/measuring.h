/* What has been measured of the files of a session, and how its numbers come: from the stored
 * samples at full resolution, tile by tile, while the window is at rest and nothing is being
 * written. So neither the zoom nor a region's size matters. */
#ifndef APP_MEASURING_H
#define APP_MEASURING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "scene.h"
#include "tile_walk.h"
#include "ui/command.h"
#include "ui/measure.h"

struct session;

enum { MEASURES_MOST = 256 };

struct measuring {
    struct measure *items; /* LEDGER_UI; in the order they were made */
    int count;
    int numbers;            /* the last one's */
    int at_work;            /* the number of the one whose samples are being read; 0: none */
    struct tile_walk walk;  /* its samples */
    const char *calibrated; /* the file that the user named spacings for; NULL: none */
    struct measure_terms calibration;
    bool renew; /* the file shown will be read anew, and then its numbers */
};

void measuring_fini(struct measuring *measuring);

/* Spacing and values of the page shown: the user's calibration, else the file's. */
struct measure_terms measuring_terms(const struct measuring *measuring, const struct scene *scene);
/* The same of a measurement, which may be of another page. */
struct measure_terms measuring_terms_of(const struct measuring *measuring,
                                        const struct measure *measure);

/* Takes a shape as one of the page shown, with a number of its own; what it needs of samples is
 * read from then on. NULL: nothing of the page lies there, or there is no room. */
struct measure *measuring_add(struct session *session, const struct measure *shape,
                              struct fault *fault);

/* The measurement of that number gets the shape's corners, and then other numbers of samples; where
 * there is no such any more, as measuring_add. */
struct measure *measuring_reshape(struct session *session, const struct measure *shape,
                                  struct fault *fault);

/* The measurement of a kind, of the page shown, that has a corner or end at a pixel of the image
 * area, the newest first; NULL: none has. */
const struct measure *measuring_under(const struct session *session, enum measure_kind kind, int px,
                                      int py, int *corner);

/* By its number; NULL: there is no such. The last of the page shown, of a kind or (MEASURE_KINDS)
 * of any. */
struct measure *measuring_find(struct measuring *measuring, int number);
struct measure *measuring_last(struct session *session, enum measure_kind kind);
bool measuring_is_here(const struct session *session, const struct measure *measure);

/* Number 0: all, of every file. */
void measuring_remove(struct session *session, int number);

/* Once in each turn: reads on. True when a measurement was completed. */
bool measuring_turn(struct session *session);

/* A page has come. */
void measuring_opened(struct session *session);

/* A line of text, or an object of JSON. */
void measuring_tell(const struct session *session, const struct measure *measure, bool json,
                    struct reply *reply);

#endif
