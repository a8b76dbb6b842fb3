/* Deflate's checksums, which libtiff does not compare: it stops where the block is full.
 *
 * To inflate a block once more takes longer than libtiff took. So the usual kinds of samples are
 * made again what they were before they were compressed (predictor and byte order), and that is
 * summed; only where the sums differ, or for other kinds, is the block inflated. Owns nothing. */
#include "source/tiff_whole.h"

#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/zlib_check.h"

/* How samples of a block's lines became the bytes that were compressed. */
struct packing {
    int64_t across; /* samples of a line */
    int64_t back;   /* each is less the one so many before it, where there is one */
    int bytes;      /* of a sample: 1 or 2 */
    bool swapped;
};

/* False for kinds that are not known here. */
static bool packing_of(const struct tiff_source *tiff, struct packing *packing)
{
    const struct tiff_form *form = &tiff->layout.form;
    uint16_t predictor = PREDICTOR_NONE;
    int64_t line_bytes = tiff_form_line_bytes(form, tiff->layout.block_width);
    TIFFGetField(tiff->tiff, TIFFTAG_PREDICTOR, &predictor);
    bool swapped = TIFFIsByteSwapped(tiff->tiff) && form->bits > 8;
    bool same = predictor == PREDICTOR_NONE && !swapped;
    if (!same && form->bits != 16 && (form->bits != 8 || form->units))
        return false;
    *packing = (struct packing){.bytes = !same && form->bits == 16 ? 2 : 1, .swapped = swapped};
    packing->across = line_bytes / packing->bytes;
    packing->back = predictor == PREDICTOR_HORIZONTAL ? form->together : packing->across;
    return predictor == PREDICTOR_NONE || predictor == PREDICTOR_HORIZONTAL;
}

static void pack_bytes(const struct packing *packing, const uint8_t *line, int64_t from, int64_t n,
                       uint8_t *to)
{
    for (int64_t i = from; i < from + n; i++)
        *to++ = (uint8_t)(line[i] - (i < packing->back ? 0 : line[i - packing->back]));
}

static void pack_words(const struct packing *packing, const uint16_t *line, int64_t from, int64_t n,
                       uint16_t *to)
{
    for (int64_t i = from; i < from + n; i++)
        *to++ = (uint16_t)(line[i] - (i < packing->back ? 0 : line[i - packing->back]));
    if (packing->swapped)
        TIFFSwabArrayOfShort(to - n, (tmsize_t)n);
}

static uint32_t sum_line(struct tiff_source *tiff, const struct packing *packing, const void *line,
                         uint32_t sum)
{
    int64_t most = TIFF_RUN_BYTES / packing->bytes;
    if (packing->back >= packing->across && !packing->swapped)
        return zlib_sum(sum, line, packing->across * packing->bytes);
    for (int64_t done = 0; done < packing->across; done += most) {
        int64_t n = min64(most, packing->across - done);
        if (packing->bytes == 2)
            pack_words(packing, line, done, n, tiff->run);
        else
            pack_bytes(packing, line, done, n, (uint8_t *)tiff->run);
        sum = zlib_sum(sum, tiff->run, n * packing->bytes);
    }
    return sum;
}

/* A stream of PixarLog may be of more bytes than it becomes; what goes on beyond is a bomb, or
 * damaged. */
static int64_t most_inflated(int64_t bytes)
{
    return bytes < INT64_MAX / 8 ? bytes * 4 + TIFF_BLOCK_MAX : INT64_MAX;
}

static bool sums_to(struct tiff_source *tiff, const void *raw, int64_t raw_bytes,
                    const void *decoded, int64_t bytes)
{
    struct packing packing;
    uint32_t sum = zlib_sum(0, NULL, 0);
    if (!packing_of(tiff, &packing))
        return false;
    int64_t line_bytes = packing.across * packing.bytes;
    for (int64_t at = 0, settled = 0; line_bytes && at + line_bytes <= bytes; at += line_bytes) {
        sum = sum_line(tiff, &packing, (const uint8_t *)decoded + at, sum);
        if (at - settled < TIFF_FILE_RESIDENT)
            continue;
        settled = at;
        spill_settle();
    }
    return zlib_ends_with(raw, raw_bytes, sum);
}

static bool is_checked(const struct tiff_source *tiff)
{
    return zlib_available() && tiff_codec_find(tiff->layout.compression)->zlib;
}

bool tiff_is_whole(struct tiff_source *tiff, void *raw, int64_t raw_bytes, const void *decoded,
                   int64_t bytes)
{
    if (!is_checked(tiff))
        return true;
    if (tiff->conversion.reversed) /* libtiff has turned the bits back */
        TIFFReverseBits(raw, (tmsize_t)raw_bytes);
    return sums_to(tiff, raw, raw_bytes, decoded, bytes) ||
           zlib_is_whole(raw, raw_bytes, most_inflated(bytes));
}
