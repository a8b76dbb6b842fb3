/* What is known of each compression. Private to src/source. */
#ifndef SOURCE_TIFF_CODEC_H
#define SOURCE_TIFF_CODEC_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

#include "base/fault.h"

struct tiff_layout;

struct tiff_codec {
    uint16_t code;
    const char *name;
    uint8_t bits;     /* of the samples it can pack; 0 = any */
    uint8_t quarters; /* of a decoded block's bytes that its library takes besides, at most */
    bool window;      /* its library remembers some MiB of what it decoded last */
    bool whole;       /* holds a decoded strip whatever is asked of it, or must not be asked less */
    bool zlib;        /* blocks are streams of zlib, and end with a checksum */
    bool bytes;       /* packs any run of bytes, and knows no rows but for its predictor */
    bool finds_bytes; /* reads the file itself, wherever the tables of blocks point */
};

/* NULL when it is not known. */
const struct tiff_codec *tiff_codec_find(uint64_t compression);

/* Refuses what this libtiff cannot decode, and samples that the codec cannot hold. */
bool tiff_codec_check(const struct tiff_layout *layout, struct fault *fault);

/* Has libtiff decode to what layout->form says; of old-style JPEG libtiff alone knows how it is
 * subsampled, and the form is completed. To be called after each reading of a directory. */
void tiff_codec_prepare(TIFF *tiff, struct tiff_layout *layout);

#endif
