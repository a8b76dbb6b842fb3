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

/* 8-bit gray (1 channel) or colours (3; not where picture_channels says otherwise). NULL with a
 * fault that names the file: an unknown ending (FAULT_USAGE), a folder that cannot be written to,
 * ... */
struct picture *picture_open(const char *path, int64_t width, int64_t height, int channels,
                             struct fault *fault);

/* How many channels a picture of that name can have, where `channels` (1 or 3) are wanted. */
int picture_channels(const char *path, int channels);

/* The next row: `width` levels, or colours of three levels each. */
bool picture_row(struct picture *picture, const uint8_t *levels, struct fault *fault);

/* Ends the picture: with `keep` it is finished and takes its name, else every trace is removed.
 * Frees it either way. */
bool picture_close(struct picture *picture, bool keep, struct fault *fault);

/* True when the ending of `path` names a format that can be written. */
bool picture_can(const char *path, struct fault *fault);

#endif
