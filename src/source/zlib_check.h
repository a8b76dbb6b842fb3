/* Whether data of zlib's format is what was once written. libtiff does not ask: it stops where a
 * block is full. Private to src/source. */
#ifndef SOURCE_ZLIB_CHECK_H
#define SOURCE_ZLIB_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* True when the program can check streams of zlib. */
bool zlib_available(void);

/* Inflates a stream, behind which there may be other bytes: true when it comes to its end, after
 * `most` bytes or a little more at the latest, and its checksum is right, and where zlib_available
 * is false. False, too, where memory is lacking. */
bool zlib_is_whole(const void *raw, int64_t bytes, int64_t most);

/* Where a stream comes from a piece at a time, good until the next one is asked for; 0 bytes: there
 * is no more. */
struct zlib_input {
    const uint8_t *(*more)(struct zlib_input *input, int64_t *bytes);
};

/* The same of a stream that is not in memory as a whole. */
bool zlib_input_is_whole(struct zlib_input *input, int64_t most);

/* The checksum of `data` behind what has the sum `sum`, which begins as that of nothing (NULL, 0).
 */
uint32_t zlib_sum(uint32_t sum, const void *data, int64_t bytes);

/* True when a stream's last four bytes are that checksum: no need then to inflate it. */
bool zlib_ends_with(const void *raw, int64_t bytes, uint32_t sum);

#endif
