/* Pictures written to files, row by row: PNG, TIFF, PGM, PPM by the name's ending; PGM or PPM on
 * standard output for "-".
 *
 * A file is written under another name in the same folder, brought to the disk, and renamed when it
 * is whole: nobody ever finds half a picture. */
#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct picture;

struct picture_terms {
    int64_t width, height;
    int channels, bits;          /* 1: gray, or 3: colours (not where picture_channels says
                                    otherwise); 8 or 16 bits */
    int into;                    /* a descriptor to write to, and the path tells the format alone;
                                    0: none */
    bool force;                  /* a file that is there is replaced */
    double spacing_x, spacing_y; /* mm for a pixel; 0: not known */
    int page, pages;             /* which of the source's it shows, from 1; 0: not known */
    const char *source;          /* its file's name; lent until picture_open returns, as the next */
    const char *about;           /* what is to be said of the view */
};

/* What is said of the picture goes into TIFF and PNG. NULL with a fault that names the file: an
 * unknown ending (FAULT_USAGE), a file that is there, a folder that cannot be written to, ... */
struct picture *picture_open(const char *path, const struct picture_terms *terms,
                             struct fault *fault);

/* How many channels a picture of that name can have, where `channels` (1 or 3) are wanted. */
int picture_channels(const char *path, int channels);

/* The next row: `width` levels, or colours of three levels each; words of this machine where the
 * picture has 16 bits. */
bool picture_row(struct picture *picture, const void *levels, struct fault *fault);

/* Ends the picture: with `keep` it is finished and takes its name, else every trace is removed.
 * Frees it either way. */
bool picture_close(struct picture *picture, bool keep, struct fault *fault);

/* False where a file is there that is not to be replaced. */
bool picture_place_free(const char *path, bool force, struct fault *fault);

/* True when the ending of `path` names a format that can be written. */
bool picture_can(const char *path, struct fault *fault);

#endif
