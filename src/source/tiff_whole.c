/* Deflate's checksums, which libtiff does not compare: it stops where the block is full.
 *
 * To inflate a block once more takes longer than libtiff took. So the usual kinds of samples are
 * made again what they were before they were compressed (predictor and byte order), and that is
 * summed, of strips row by row; only where the sums differ, or for other kinds, is the block
 * inflated. Owns nothing. */
#include "source/tiff_whole.h"

#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/zlib_check.h"

enum { PACKED_BYTES = 4 << 10 };

/* How samples of a block's lines became the bytes that were compressed. */
struct packing {
    int64_t across; /* samples of a line */
    int64_t back;   /* each is less the one so many before it, where there is one; with `planes` so
                       it is with the bytes */
    int bytes;      /* of a sample: 1, 2, 4 or 8 */
    bool swapped;
    bool planes; /* first all samples' highest bytes, then the next ones, ... */
    bool little; /* this machine's lowest byte comes first */
};

/* Bytes on their way to the sum. */
union packed {
    uint8_t of_1[PACKED_BYTES];
    uint16_t of_2[PACKED_BYTES / 2];
    uint32_t of_4[PACKED_BYTES / 4];
    uint64_t of_8[PACKED_BYTES / 8];
};

/* False for kinds that are not known here. */
static bool packing_of(const struct tiff_source *tiff, struct packing *packing)
{
    const struct tiff_form *form = &tiff->layout.form;
    uint16_t predictor = PREDICTOR_NONE;
    int64_t line_bytes = tiff_form_line_bytes(form, tiff->layout.block_width);
    TIFFGetField(tiff->tiff, TIFFTAG_PREDICTOR, &predictor);
    bool known = form->bits == 16 || form->bits == 32 || form->bits == 64;
    bool planes = predictor == PREDICTOR_FLOATINGPOINT;
    bool swapped = TIFFIsByteSwapped(tiff->tiff) && known && !planes;
    bool same = predictor == PREDICTOR_NONE && !swapped;
    if (!same && (form->mixed || (!known && (form->bits != 8 || form->units))))
        return false;
    *packing = (struct packing){
        .bytes = same ? 1 : form->bits / 8,
        .swapped = swapped,
        .planes = planes,
        .little = !TIFFIsBigEndian(tiff->tiff) != !!TIFFIsByteSwapped(tiff->tiff),
    };
    packing->across = line_bytes / packing->bytes;
    packing->back = predictor == PREDICTOR_NONE ? packing->across : form->together;
    return predictor >= PREDICTOR_NONE && predictor <= PREDICTOR_FLOATINGPOINT;
}

/* Packs samples [from, from + n) of a line. */
#define PACK(bytes, type)                                                                     \
    static void pack_##bytes(const struct packing *packing, const void *line, int64_t from,   \
                             int64_t n, union packed *to)                                     \
    {                                                                                         \
        const type *samples = line;                                                           \
        for (int64_t i = 0, at = from; i < n; i++, at++)                                      \
            to->of_##bytes[i] =                                                               \
                (type)(samples[at] - (at < packing->back ? 0 : samples[at - packing->back])); \
    }

PACK(1, uint8_t)
PACK(2, uint16_t)
PACK(4, uint32_t)
PACK(8, uint64_t)

/* The bytes of a plane, less those before, of which the first are in the plane above. */
static void pack_plane(const struct packing *packing, const uint8_t *line, int plane, int64_t from,
                       int64_t n, uint8_t *to)
{
    int size = packing->bytes, step = packing->little ? -1 : 1;
    const uint8_t *bytes = line + (packing->little ? size - 1 - plane : plane);
    for (int64_t i = from; i < from + n; i++) {
        int64_t before = i - packing->back;
        uint8_t last = 0;
        if (before >= 0)
            last = bytes[before * size];
        else if (plane > 0)
            last = (bytes - step)[(before + packing->across) * size];
        *to++ = (uint8_t)(bytes[i * size] - last);
    }
}

static void pack(const struct packing *packing, const void *line, int64_t from, int64_t n,
                 union packed *to)
{
    if (packing->bytes == 1)
        pack_1(packing, line, from, n, to);
    else if (packing->bytes == 2)
        pack_2(packing, line, from, n, to);
    else if (packing->bytes == 4)
        pack_4(packing, line, from, n, to);
    else
        pack_8(packing, line, from, n, to);
    if (packing->swapped && packing->bytes == 2)
        TIFFSwabArrayOfShort(to->of_2, (tmsize_t)n);
    if (packing->swapped && packing->bytes == 4)
        TIFFSwabArrayOfLong(to->of_4, (tmsize_t)n);
    if (packing->swapped && packing->bytes == 8)
        TIFFSwabArrayOfLong8(to->of_8, (tmsize_t)n);
}

static uint32_t sum_planes(const struct packing *packing, const void *line, uint32_t sum)
{
    union packed packed;
    for (int plane = 0; plane < packing->bytes; plane++)
        for (int64_t done = 0; done < packing->across; done += PACKED_BYTES) {
            int64_t n = min64(PACKED_BYTES, packing->across - done);
            pack_plane(packing, line, plane, done, n, packed.of_1);
            sum = zlib_sum(sum, packed.of_1, n);
        }
    return sum;
}

static uint32_t sum_line(const struct packing *packing, const void *line, uint32_t sum)
{
    union packed packed;
    int64_t most = PACKED_BYTES / packing->bytes;
    if (packing->planes)
        return packing->back <= packing->across ? sum_planes(packing, line, sum) : sum;
    if (packing->back >= packing->across && !packing->swapped)
        return zlib_sum(sum, line, packing->across * packing->bytes);
    for (int64_t done = 0; done < packing->across; done += most) {
        int64_t n = min64(most, packing->across - done);
        pack(packing, line, done, n, &packed);
        sum = zlib_sum(sum, packed.of_1, n * packing->bytes);
    }
    return sum;
}

/* A stream of PixarLog may be of more bytes than it becomes; what goes on beyond is a bomb, or
 * damaged. */
static int64_t most_inflated(int64_t bytes)
{
    return bytes < INT64_MAX / 8 ? bytes * 4 + TIFF_BLOCK_MAX : INT64_MAX;
}

static bool sums_to(const struct tiff_source *tiff, const void *raw, int64_t raw_bytes,
                    const void *decoded, int64_t bytes)
{
    struct packing packing;
    uint32_t sum = zlib_sum(0, NULL, 0);
    if (!packing_of(tiff, &packing))
        return false;
    int64_t line_bytes = packing.across * packing.bytes;
    for (int64_t at = 0, settled = 0; line_bytes && at + line_bytes <= bytes; at += line_bytes) {
        sum = sum_line(&packing, (const uint8_t *)decoded + at, sum);
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

/* Strips, row by row. */

void tiff_whole_begin(struct tiff_source *tiff)
{
    for (int i = 0; i < TIFF_ROWS_MAX; i++)
        tiff->sums[i] = zlib_sum(0, NULL, 0);
}

void tiff_whole_add(struct tiff_source *tiff, int i, const void *line)
{
    struct packing packing;
    if (is_checked(tiff) && packing_of(tiff, &packing))
        tiff->sums[i] = sum_line(&packing, line, tiff->sums[i]);
}

/* A strip's bytes as they lie in the file, a piece at a time. */
struct strip_input {
    struct zlib_input input; /* first */
    struct tiff_reading *reading;
    int64_t at, end;
};

static bool read_raw(struct tiff_source *tiff, int64_t at, int64_t bytes, uint8_t *raw)
{
    if (!tiff_file_read(&tiff->file, at, bytes, raw))
        return false;
    if (tiff->conversion.reversed)
        TIFFReverseBits(raw, (tmsize_t)bytes);
    return true;
}

/* What takes long shows signs of life. */
static const uint8_t *next_piece(struct zlib_input *input, int64_t *bytes)
{
    struct strip_input *strip = (struct strip_input *)input;
    struct tiff_reading *reading = strip->reading;
    uint8_t *piece = (uint8_t *)reading->tiff->run;
    *bytes = min64(strip->end - strip->at, TIFF_RUN_BYTES);
    if (!tiff_deliver(reading, reading->area.x, reading->area.y, 0, NULL) ||
        !read_raw(reading->tiff, strip->at, *bytes, piece))
        *bytes = 0;
    strip->at += *bytes;
    return piece;
}

static bool is_line_whole(struct tiff_reading *reading, int64_t block, int i)
{
    struct tiff_source *tiff = reading->tiff;
    struct tiff_extent extent;
    uint8_t end[4];
    if (!tiff_find_block(reading, block, i, &extent) || extent.absent)
        return extent.absent;
    int64_t there = tiff->file.size - extent.offset;
    int64_t bytes = extent.bytes < 0 ? there : min64(extent.bytes, there);
    if (bytes >= 4 && read_raw(tiff, extent.offset + bytes - 4, 4, end) &&
        zlib_ends_with(end, 4, tiff->sums[i]))
        return true;
    struct strip_input strip = {{next_piece}, reading, extent.offset, extent.offset + bytes};
    return zlib_input_is_whole(
        &strip.input,
        most_inflated(tiff_layout_block(&tiff->layout, block).height *
                      tiff_form_line_bytes(&tiff->layout.form, tiff->layout.block_width)));
}

bool tiff_whole_end(struct tiff_reading *reading, int64_t block)
{
    const struct tiff_source *tiff = reading->tiff;
    bool whole = true;
    for (int i = 0; is_checked(tiff) && whole && i < tiff_form_lines(&tiff->layout.form); i++)
        whole = is_line_whole(reading, block, i);
    return whole;
}
