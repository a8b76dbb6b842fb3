/* How much of what it decoded last a codec's library remembers. Private to src/source. */
#ifndef SOURCE_TIFF_WINDOW_H
#define SOURCE_TIFF_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct tiff_layout;
struct tiff_source;

/* Bytes of the dictionary (LZMA) or window (Zstandard) that the head of a stream asks for, of which
 * `bytes` bytes are there; 0: it does not tell. */
int64_t tiff_window_lzma(const uint8_t *head, int64_t bytes);
int64_t tiff_window_zstd(const uint8_t *head, int64_t bytes);

/* What the page's first block asks for, 0 for other codecs, in *window; false where that is more
 * than the process may have. */
bool tiff_window_check(struct tiff_source *tiff, const struct tiff_layout *layout, int64_t *window,
                       struct fault *fault);

#endif
