/* Values of a sample in a shared file: see source/shared_sample.h. Owns a buffer, whose values get
 * their place in the file when it is full. */
#include "source/shared_sample.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"

enum { BUFFER = 32 << 10 };

bool shared_sample_begin(struct shared_sample *sample, int fd, enum sample_type type, int64_t *kept,
                         struct fault *fault)
{
    *sample = (struct shared_sample){.fd = fd, .type = type, .kept = kept};
    sample->buffer = ledger_alloc(LEDGER_SOURCE, BUFFER, fault);
    return sample->buffer;
}

static bool write_all(int fd, const char *bytes, size_t count, int64_t at)
{
    for (size_t done = 0; done < count;) {
        ssize_t wrote = pwrite(fd, bytes + done, count - done, (off_t)at + (off_t)done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static void put_down(struct shared_sample *sample)
{
    size_t size = sample_bytes(sample->type);
    int64_t at = __atomic_fetch_add(sample->kept, sample->buffered, __ATOMIC_RELAXED);
    sample->failed |=
        !write_all(sample->fd, sample->buffer, (size_t)sample->buffered * size, at * (int64_t)size);
    sample->buffered = 0;
}

void shared_sample_add(struct shared_sample *sample, const void *samples, int64_t first, int64_t n,
                       int64_t step)
{
    size_t size = sample_bytes(sample->type);
    for (int64_t i = first; i < n && !sample->failed; i += step) {
        memcpy((char *)sample->buffer + (size_t)sample->buffered * size,
               (const char *)samples + (size_t)i * size, size);
        if (++sample->buffered == BUFFER / (int64_t)size)
            put_down(sample);
    }
}

bool shared_sample_end(struct shared_sample *sample)
{
    if (sample->buffered && !sample->failed)
        put_down(sample);
    ledger_free(LEDGER_SOURCE, sample->buffer, BUFFER);
    sample->buffer = NULL;
    return !sample->failed;
}
