/* PGM and PPM (binary). */
#include "picture_parts.h"

#include <errno.h>
#include <inttypes.h>

enum { PIECE = 1024 }; /* samples that are packed at a time */

static bool written(struct picture *picture, bool good, struct fault *fault)
{
    return good || fault_errno(fault, errno, "%s", picture->name);
}

static bool begin(struct picture *picture, int kind, struct fault *fault)
{
    return written(picture,
                   fprintf(picture->file, "P%d\n%" PRId64 " %" PRId64 "\n%d\n", kind,
                           picture->width, picture->height, (1 << picture->bits) - 1) > 0,
                   fault);
}

static bool begin_pgm(struct picture *picture, const struct picture_terms *terms,
                      struct fault *fault)
{
    (void)terms;
    return begin(picture, 5, fault);
}

static bool begin_ppm(struct picture *picture, const struct picture_terms *terms,
                      struct fault *fault)
{
    (void)terms;
    return begin(picture, 6, fault);
}

static bool begin_pnm(struct picture *picture, const struct picture_terms *terms,
                      struct fault *fault)
{
    (void)terms;
    return begin(picture, picture->channels == 3 ? 6 : 5, fault);
}

/* Each of n samples `times` times, words with the higher byte first. */
static bool write_samples(struct picture *picture, const void *samples, size_t n, int times)
{
    const uint8_t *bytes = samples;
    const uint16_t *words = samples;
    uint8_t packed[3 * 2 * PIECE] = {0};
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        for (int time = 0; time < times; time++) {
            if (picture->bits == 16)
                packed[used++] = (uint8_t)(words[i] >> 8);
            packed[used++] = picture->bits == 16 ? (uint8_t)words[i] : bytes[i];
        }
    return fwrite(packed, 1, used, picture->file) == used;
}

static bool write_row(struct picture *picture, const void *levels, int times, struct fault *fault)
{
    const uint8_t *at = levels;
    size_t left = (size_t)picture->width * (size_t)picture->channels;
    size_t bytes = (size_t)picture->bits / 8;
    if (bytes == 1 && times == 1)
        return written(picture, fwrite(levels, 1, left, picture->file) == left, fault);
    while (left > 0) {
        size_t count = left < PIECE ? left : PIECE;
        if (!write_samples(picture, at, count, times))
            return written(picture, false, fault);
        at += count * bytes;
        left -= count;
    }
    return true;
}

static bool row(struct picture *picture, const void *levels, struct fault *fault)
{
    return write_row(picture, levels, 1, fault);
}

static bool row_ppm(struct picture *picture, const void *levels, struct fault *fault)
{
    return write_row(picture, levels, picture->channels == 3 ? 1 : 3, fault);
}

static bool end(struct picture *picture, struct fault *fault)
{
    (void)picture, (void)fault;
    return true;
}

static void drop(struct picture *picture)
{
    (void)picture;
}

const struct picture_class picture_pgm = {".pgm", true, begin_pgm, row, end, drop};
const struct picture_class picture_ppm = {".ppm", false, begin_ppm, row_ppm, end, drop};
const struct picture_class picture_pnm = {"-", false, begin_pnm, row, end, drop};
