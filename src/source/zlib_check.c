/* Checksums of zlib streams: see source/zlib_check.h. Owns what zlib needs while it inflates one,
 * and keeps nothing of what comes out. Knows no TIFF. */
#include "source/zlib_check.h"

#include <string.h>

#include "base/geometry.h"
#include "base/ledger.h"
#include "config.h"

enum { PIECE = 1 << 30 }; /* bytes given to zlib at once: it counts them in an int */

#ifdef HAVE_ZLIB

#define ZLIB_CONST
#include <zlib.h>

enum {
    SCRATCH = 16 << 10,
    HEADER = 64 /* keeps the alignment of the ledger's blocks */
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

bool zlib_input_is_whole(struct zlib_input *input, int64_t most)
{
    uint8_t scratch[SCRATCH];
    z_stream stream = {.zalloc = borrow, .zfree = give_back};
    int64_t out = 0, piece = 0;
    int state = inflateInit(&stream);
    if (state != Z_OK)
        return false;
    while (state == Z_OK && out <= most) {
        if (!stream.avail_in) {
            stream.next_in = input->more(input, &piece);
            stream.avail_in = (uInt)piece;
        }
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
    const uint8_t *at = data;
    uInt piece;
    do { /* once for none too: without data it begins a sum */
        piece = bytes > PIECE ? PIECE : (uInt)bytes;
        sum = (uint32_t)adler32(sum, at, piece);
        at += piece;
        bytes -= piece;
    } while (bytes > 0);
    return sum;
}

#else

bool zlib_available(void)
{
    return false;
}

bool zlib_input_is_whole(struct zlib_input *input, int64_t most)
{
    (void)input, (void)most;
    return true;
}

uint32_t zlib_sum(uint32_t sum, const void *data, int64_t bytes)
{
    (void)data, (void)bytes;
    return sum;
}

#endif

struct memory_input {
    struct zlib_input input; /* first */
    const uint8_t *at;
    int64_t left;
};

static const uint8_t *next_piece(struct zlib_input *input, int64_t *bytes)
{
    struct memory_input *memory = (struct memory_input *)input;
    const uint8_t *at = memory->at;
    *bytes = min64(memory->left, PIECE);
    memory->at += *bytes;
    memory->left -= *bytes;
    return at;
}

bool zlib_is_whole(const void *raw, int64_t bytes, int64_t most)
{
    struct memory_input memory = {{next_piece}, raw, bytes};
    return zlib_input_is_whole(&memory.input, most);
}

bool zlib_ends_with(const void *raw, int64_t bytes, uint32_t sum)
{
    const uint8_t *end = (const uint8_t *)raw + bytes;
    return bytes >= 4 && end[-4] == sum >> 24 && end[-3] == (sum >> 16 & 0xff) &&
           end[-2] == (sum >> 8 & 0xff) && end[-1] == (sum & 0xff);
}
