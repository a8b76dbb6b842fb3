/* One small TIFF file for each compression that libtiff has, to see that it can be decoded at all;
 * what the samples come to is for the tests of the source. */
#ifndef SUPPORT_CODEC_FILE_H
#define SUPPORT_CODEC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct codec {
    const char *name;
    uint16_t compression, photometric, bits, samples; /* libtiff's numbers */
    uint16_t format;                                  /* SampleFormat */
};

extern const struct codec codecs[];
extern const size_t codec_count;

/* Writes a file of 300 x 200 pixels in strips of 64 rows. False when this libtiff lacks the
 * compression. */
bool codec_make(const char *path, const struct codec *codec);

#endif
