/* Kept values: see source/kept_sample.h. Owns a part of the temporary file, one behind the other as
 * they came, and a buffer. Where anything goes wrong nothing is kept, and the page is read again.
 */
#include "source/kept_sample.h"

#include <string.h>

#include "base/ledger.h"

enum { BUFFER = 32 << 10 };

static int64_t size_of(const struct kept_sample *kept)
{
    return (int64_t)sample_bytes(kept->type);
}

void kept_sample_begin(struct kept_sample *kept, enum sample_type type, int64_t values)
{
    *kept = (struct kept_sample){.type = type};
    kept->part = spill_spare(kept, 0, values * size_of(kept));
    if (!kept->part)
        return;
    kept->serial = kept->part->serial;
    kept->buffer = ledger_alloc(LEDGER_SOURCE, BUFFER, NULL);
    if (!kept->buffer)
        kept_sample_end(kept);
}

void kept_sample_end(struct kept_sample *kept)
{
    if (kept_sample_is_whole(kept))
        spill_drop(kept->part);
    ledger_free(LEDGER_SOURCE, kept->buffer, BUFFER);
    kept->buffer = NULL;
    kept->part = NULL;
}

bool kept_sample_is_whole(const struct kept_sample *kept)
{
    return kept->part && kept->part->serial == kept->serial;
}

static void put_down(struct kept_sample *kept)
{
    int64_t size = size_of(kept);
    if (kept_sample_is_whole(kept) &&
        spill_write(kept->part, kept->values * size, kept->buffer, kept->buffered * size)) {
        kept->values += kept->buffered;
        kept->buffered = 0;
        return;
    }
    kept_sample_end(kept);
}

void kept_sample_add(struct kept_sample *kept, const void *samples, int64_t first, int64_t n,
                     int64_t step)
{
    size_t size = (size_t)size_of(kept);
    for (int64_t i = first; i < n && kept->part; i += step) {
        memcpy((char *)kept->buffer + (size_t)kept->buffered * size,
               (const char *)samples + (size_t)i * size, size);
        if (++kept->buffered == BUFFER / (int64_t)size)
            put_down(kept);
    }
}

bool kept_sample_visit(struct kept_sample *kept, struct sample_visitor *visitor, bool *stopped)
{
    int64_t size = size_of(kept), most = BUFFER / size;
    *stopped = false;
    if (kept->part && kept->buffered)
        put_down(kept);
    for (int64_t done = 0, n; done < kept->values && !*stopped; done += n) {
        n = min64(most, kept->values - done);
        if (!kept_sample_is_whole(kept) ||
            !spill_read(kept->part, done * size, kept->buffer, n * size))
            return false;
        visitor->take(visitor, kept->buffer, 0, n, 1);
        *stopped = visitor->dropped(visitor);
    }
    return kept_sample_is_whole(kept);
}
