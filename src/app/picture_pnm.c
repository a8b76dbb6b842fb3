/* PGM and PPM (binary). */
#include "picture_parts.h"

#include <errno.h>
#include <inttypes.h>

enum { PIECE = 1024 };

static bool written(struct picture *picture, bool good, struct fault *fault)
{
    return good || fault_errno(fault, errno, "%s", picture->name);
}

static bool begin(struct picture *picture, int kind, struct fault *fault)
{
    return written(picture,
                   fprintf(picture->file, "P%d\n%" PRId64 " %" PRId64 "\n255\n", kind,
                           picture->width, picture->height) > 0,
                   fault);
}

static bool begin_pgm(struct picture *picture, struct fault *fault)
{
    return begin(picture, 5, fault);
}

static bool begin_ppm(struct picture *picture, struct fault *fault)
{
    return begin(picture, 6, fault);
}

static bool begin_pnm(struct picture *picture, struct fault *fault)
{
    return begin(picture, picture->channels == 3 ? 6 : 5, fault);
}

static bool row_as_is(struct picture *picture, const uint8_t *levels, struct fault *fault)
{
    size_t bytes = (size_t)picture->width * (size_t)picture->channels;
    return written(picture, fwrite(levels, 1, bytes, picture->file) == bytes, fault);
}

static bool row_repeated(struct picture *picture, const uint8_t *levels, struct fault *fault)
{
    uint8_t colours[3 * PIECE];
    for (int64_t x = 0; x < picture->width; x += PIECE) {
        size_t count = (size_t)(picture->width - x < PIECE ? picture->width - x : PIECE);
        for (size_t i = 0; i < count; i++)
            colours[3 * i] = colours[3 * i + 1] = colours[3 * i + 2] = levels[(size_t)x + i];
        if (fwrite(colours, 3, count, picture->file) != count)
            return written(picture, false, fault);
    }
    return true;
}

static bool row_ppm(struct picture *picture, const uint8_t *levels, struct fault *fault)
{
    return (picture->channels == 3 ? row_as_is : row_repeated)(picture, levels, fault);
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

const struct picture_class picture_pgm = {".pgm", true, begin_pgm, row_as_is, end, drop};
const struct picture_class picture_ppm = {".ppm", false, begin_ppm, row_ppm, end, drop};
const struct picture_class picture_pnm = {"-", false, begin_pnm, row_as_is, end, drop};
