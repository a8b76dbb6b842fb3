/* Checksums of zlib streams: see source/zlib_check.h. Owns what zlib needs while it inflates one,
 * and keeps nothing of what comes out. Knows no TIFF. */
#include "source/zlib_check.h"

#include <string.h>

#include "base/geometry.h"
#include "base/ledger.h"
#include "config.h"

#ifdef HAVE_ZLIB

#define ZLIB_CONST
#include <zlib.h>

enum {
    SCRATCH = 16 << 10,
    PIECE = 1 << 30, /* bytes given to zlib at once: it counts them in an int */
    HEADER = 64      /* keeps the alignment of the ledger's blocks */
};

bool zlib_available(void)
{
    return true;
}

/* The block's size stands before it: zlib does not tell it again. */
static void *borrow(void *context, uInt items, uInt size)
{
    size_t bytes = (size_t)items * size + HEADER;
    uint8_t *block = ledger_alloc(LEDGER_SOURCE, bytes, NULL);
    (void)context;
    if (!block)
        return NULL;
    memcpy(block, &bytes, sizeof bytes);
    return block + HEADER;
}

static void give_back(void *context, void *given)
{
    uint8_t *block = (uint8_t *)given - HEADER;
    size_t bytes;
    (void)context;
    memcpy(&bytes, block, sizeof bytes);
    ledger_free(LEDGER_SOURCE, block, bytes);
}

bool zlib_is_whole(const void *raw, int64_t bytes, int64_t most)
{
    uint8_t scratch[SCRATCH];
    z_stream stream = {.next_in = raw, .zalloc = borrow, .zfree = give_back};
    const uint8_t *end = (const uint8_t *)raw + bytes;
    int64_t out = 0;
    int state = inflateInit(&stream);
    if (state != Z_OK)
        return false;
    while (state == Z_OK && out <= most) {
        stream.avail_in = (uInt)min64(end - stream.next_in, PIECE);
        stream.next_out = scratch;
        stream.avail_out = SCRATCH;
        state = inflate(&stream, Z_NO_FLUSH);
        out += SCRATCH - stream.avail_out;
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END;
}

uint32_t zlib_sum(uint32_t sum, const void *data, int64_t bytes)
{
    return (uint32_t)adler32_z(sum, data, (size_t)bytes);
}

#else

bool zlib_available(void)
{
    return false;
}

bool zlib_is_whole(const void *raw, int64_t bytes, int64_t most)
{
    (void)raw, (void)bytes, (void)most;
    return true;
}

uint32_t zlib_sum(uint32_t sum, const void *data, int64_t bytes)
{
    (void)data, (void)bytes;
    return sum;
}

#endif

bool zlib_ends_with(const void *raw, int64_t bytes, uint32_t sum)
{
    const uint8_t *end = (const uint8_t *)raw + bytes;
    return bytes >= 4 && end[-4] == sum >> 24 && end[-3] == (sum >> 16 & 0xff) &&
           end[-2] == (sum >> 8 & 0xff) && end[-1] == (sum & 0xff);
}
