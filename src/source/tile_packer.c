/* Tiles as TIFF files hold them: see source/tile_packer.h.
 *
 * Owns a libtiff handle that writes one tile over and over, and what that writes; no file. */
#include "source/tile_packer.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "source/tiff_client.h"
#include "source/weighted.h"

enum {
    SLACK = 4096,     /* bytes by which what cannot be packed may grow, beside a sixteenth */
    DEFLATE_LEVEL = 4 /* of radiographs: 0.7 % larger than by 6, in under half the time */
};

struct tile_packer {
    struct tiff_client client; /* first */
    struct copies copies;
    struct nearest *nearest; /* the caller's */
    TIFF *tiff;
    bool opening; /* what libtiff writes is of no interest yet */
    toff_t position;
    uint8_t *raw; /* a tile, stored but not packed; libtiff's to change */
    uint8_t *packed;
    size_t raw_bytes, room, used;
};

size_t tile_packer_most(const struct copies *copies)
{
    size_t bytes = copies_tile_bytes(copies);
    return bytes + bytes / 16 + SLACK;
}

static bool stored_as_float(const struct copies *copies)
{
    return copies->format == FORMAT_FLOAT;
}

struct tile_packing tile_packing(const struct copies *copies)
{
    struct tile_packing packing = {COMPRESSION_NONE, PREDICTOR_NONE, PHOTOMETRIC_MINISBLACK,
                                   SAMPLEFORMAT_UINT};
    bool differs =
        !copies->indexed && (copies->bits == 8 || copies->bits == 16 || copies->bits == 32);
    if (copies->indexed)
        packing.photometric = PHOTOMETRIC_PALETTE;
    else if (copies->masked)
        packing.photometric = PHOTOMETRIC_MASK;
    else if (copies->inks)
        packing.photometric = PHOTOMETRIC_SEPARATED;
    else if (copies_coloured(copies))
        packing.photometric = PHOTOMETRIC_RGB;
    else if (copies->min_is_white)
        packing.photometric = PHOTOMETRIC_MINISWHITE;
    if (stored_as_float(copies))
        packing.sample_format = SAMPLEFORMAT_IEEEFP;
    else if (copies->format == FORMAT_INT)
        packing.sample_format = SAMPLEFORMAT_INT;
    if (!TIFFIsCODECConfigured(COMPRESSION_ADOBE_DEFLATE))
        return packing;
    packing.compression = COMPRESSION_ADOBE_DEFLATE;
    if (stored_as_float(copies))
        packing.predictor = PREDICTOR_FLOATINGPOINT;
    else if (differs)
        packing.predictor = PREDICTOR_HORIZONTAL;
    return packing;
}

/* libtiff's file: what it writes as a tile is kept, the rest goes nowhere. */

static tmsize_t client_read(thandle_t handle, void *copy, tmsize_t bytes)
{
    (void)handle, (void)copy, (void)bytes;
    return 0;
}

static tmsize_t client_write(thandle_t handle, void *bytes, tmsize_t count)
{
    struct tile_packer *packer = (struct tile_packer *)handle;
    if (packer->opening)
        return count;
    if ((size_t)count > packer->room - packer->used)
        return -1;
    memcpy(packer->packed + packer->used, bytes, (size_t)count);
    packer->used += (size_t)count;
    return count;
}

static toff_t client_seek(thandle_t handle, toff_t offset, int whence)
{
    struct tile_packer *packer = (struct tile_packer *)handle;
    packer->position = whence == SEEK_CUR ? packer->position + offset : offset;
    return packer->position;
}

static toff_t client_size(thandle_t handle)
{
    (void)handle;
    return 0;
}

static int client_map(thandle_t handle, void **base, toff_t *size)
{
    (void)handle, (void)base, (void)size;
    return 0;
}

static const struct tiff_client_class packing_client = {client_read, client_write, client_seek,
                                                        client_size, client_map};

static bool set_fields(TIFF *tiff, const struct copies *copies)
{
    struct tile_packing packing = tile_packing(copies);
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)copies->tile_width) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)copies->tile_height) &&
           TIFFSetField(tiff, TIFFTAG_TILEWIDTH, (uint32_t)copies->tile_width) &&
           TIFFSetField(tiff, TIFFTAG_TILELENGTH, (uint32_t)copies->tile_height) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, copies->bits) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, copies->channels) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, packing.sample_format) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, packing.photometric) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, packing.compression) &&
           (packing.predictor == PREDICTOR_NONE ||
            TIFFSetField(tiff, TIFFTAG_PREDICTOR, packing.predictor)) &&
           (packing.compression == COMPRESSION_NONE ||
            TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, DEFLATE_LEVEL));
}

static bool packing_fault(const struct tile_packer *packer, struct fault *fault)
{
    return fault_set(fault, FAULT_FILE, "an overview's tile cannot be packed: %s",
                     tiff_client_error(&packer->client));
}

struct tile_packer *tile_packer_open(const struct copies *copies, struct nearest *nearest,
                                     struct fault *fault)
{
    struct tile_packer *packer = ledger_alloc(LEDGER_SOURCE, sizeof *packer, fault);
    if (!packer)
        return NULL;
    packer->client.class = &packing_client;
    packer->copies = *copies;
    packer->nearest = nearest;
    packer->opening = true;
    packer->raw_bytes = copies_tile_bytes(copies);
    packer->room = tile_packer_most(copies);
    packer->raw = ledger_alloc(LEDGER_SOURCE, packer->raw_bytes, fault);
    packer->packed = packer->raw ? ledger_alloc(LEDGER_SOURCE, packer->room, fault) : NULL;
    if (packer->packed) {
        packer->tiff = tiff_client_open(&packer->client, "w");
        if (packer->tiff && set_fields(packer->tiff, copies))
            return packer;
        packing_fault(packer, fault);
    }
    tile_packer_close(packer);
    return NULL;
}

void tile_packer_close(struct tile_packer *packer)
{
    if (!packer)
        return;
    packer->opening = true;
    if (packer->tiff)
        TIFFClose(packer->tiff);
    ledger_free(LEDGER_SOURCE, packer->raw, packer->raw_bytes);
    ledger_free(LEDGER_SOURCE, packer->packed, packer->room);
    ledger_free(LEDGER_SOURCE, packer, sizeof *packer);
}

/* Samples as they are stored. */

/* A mean must not pass for no-data: the nearest other value takes its place. */
static double apart(const struct copies *copies, double mean)
{
    if (!copies->has_nodata || mean != copies->nodata)
        return mean;
    if (!stored_as_float(copies))
        return mean > 0 ? mean - 1 : mean + 1;
    return copies->bits == 32 ? (double)nextafterf((float)mean, 0 < mean ? 0 : 1)
                              : nextafter(mean, 0 < mean ? 0 : 1);
}

static double stored_value(const struct copies *copies, double mean)
{
    if (isnan(mean))
        return copies->has_nodata ? copies->nodata : stored_as_float(copies) ? mean : 0;
    return apart(copies, mean);
}

/* Sample `at` of a plane. */
static double mean_at(const struct copies *copies, const struct cascade_tile *tile, int channel,
                      int64_t at)
{
    return sample_value((enum sample_type)copies->type, tile->planes[channel], at);
}

static double rounded(const struct copies *copies, double value)
{
    double most = ldexp(1, copies->bits) - 1, whole = floor(value + 0.5);
    return whole < most ? whole : most;
}

/* Gray that is there must not be hidden by an alpha that was rounded down. */
static double stored_alpha(const struct copies *copies, const struct cascade_tile *tile, int64_t at)
{
    double alpha = mean_at(copies, tile, copies->channels - 1, at);
    if (stored_as_float(copies))
        return alpha;
    bool seen = !copies_coloured(copies) && !isnan(mean_at(copies, tile, 0, at));
    return rounded(copies, seen && alpha < 1 ? 1 : alpha);
}

static double stored_colour(const struct copies *copies, const struct cascade_tile *tile,
                            int channel, int64_t at)
{
    double mean = mean_at(copies, tile, channel, at);
    double colour = weighted_colour(mean, mean_at(copies, tile, copies->channels - 1, at));
    return stored_as_float(copies) ? stored_value(copies, colour) : rounded(copies, colour);
}

/* Of the levels' means, which are whole; what a mask hides may have any index. */
static double stored_index(struct tile_packer *packer, const struct cascade_tile *tile, int64_t at)
{
    uint8_t colour[3];
    for (int c = 0; c < 3; c++) {
        double mean = mean_at(&packer->copies, tile, c, at);
        if (isnan(mean))
            return 0;
        colour[c] = (uint8_t)mean;
    }
    return nearest_entry(packer->nearest, colour);
}

/* Seen: a channel at least has a mean. */
static double stored_mask(const struct copies *copies, const struct cascade_tile *tile, int64_t at)
{
    for (int channel = 0; channel < copies->masked; channel++)
        if (!isnan(mean_at(copies, tile, channel, at)))
            return 1;
    return 0;
}

static double stored_at(struct tile_packer *packer, const struct cascade_tile *tile, int channel,
                        int64_t at)
{
    const struct copies *copies = &packer->copies;
    if (copies->indexed)
        return stored_index(packer, tile, at);
    if (copies->masked)
        return stored_mask(copies, tile, at);
    if (copies->alpha && channel == copies->channels - 1)
        return stored_alpha(copies, tile, at);
    if (copies_weighted(copies))
        return stored_colour(copies, tile, channel, at);
    return stored_value(copies, mean_at(copies, tile, channel, at));
}

/* A whole number in two's complement; those of 64 bits come from floats, and may round up to what
 * is one too many. */
static uint64_t pattern_of(const struct copies *copies, double value)
{
    if (copies->format == FORMAT_INT)
        return (uint64_t)(value >= 0x1p63 ? INT64_MAX : (int64_t)value);
    return value >= 0x1p64 ? UINT64_MAX : (uint64_t)value;
}

/* Writes number i of a row of numbers of so many bits: whole bytes in this machine's order, others
 * packed, highest bit first, into a row of zeros. */
static void put(uint8_t *row, int64_t i, int bits, uint64_t pattern)
{
    uint8_t narrow = (uint8_t)pattern;
    uint16_t u16 = (uint16_t)pattern;
    uint32_t u32 = (uint32_t)pattern;
    const void *bytes = bits == 8 ? (void *)&narrow : bits == 16 ? (void *)&u16 : (void *)&u32;
    if (bits % 8 == 0) {
        memcpy(row + i * (bits / 8), bits == 64 ? (void *)&pattern : bytes, (size_t)bits / 8);
        return;
    }
    for (int64_t at = i * bits, end = at + bits; at < end; at++)
        row[at / 8] |= (uint8_t)((pattern >> (end - 1 - at) & 1) << (7 - at % 8));
}

static void put_value(const struct copies *copies, uint8_t *row, int64_t i, double value)
{
    float single = (float)value;
    if (!stored_as_float(copies))
        put(row, i, copies->bits, pattern_of(copies, value));
    else if (copies->bits == 32)
        memcpy(row + i * (int64_t)sizeof single, &single, sizeof single);
    else
        memcpy(row + i * (int64_t)sizeof value, &value, sizeof value);
}

/* Codes of 8 and 16 bits, the usual case: the sign's bit is all that differs. */
#define DEFINE_CODES(NAME, CODE)                                                          \
    static void NAME(CODE *restrict row, const CODE *restrict codes, int64_t n, int step, \
                     CODE flip)                                                           \
    {                                                                                     \
        if (step == 1)                                                                    \
            for (int64_t i = 0; i < n; i++)                                               \
                row[i] = codes[i] ^ flip;                                                 \
        else                                                                              \
            for (int64_t i = 0; i < n; i++)                                               \
                row[i * step] = codes[i] ^ flip;                                          \
    }

DEFINE_CODES(store_bytes, uint8_t)
DEFINE_CODES(store_words, uint16_t)

/* True where planes hold codes as they are stored. */
static bool are_codes(const struct copies *copies)
{
    enum sample_type type = (enum sample_type)copies->type;
    return sample_is_narrow(type) && copies->bits == 8 * (int)sample_bytes(type) &&
           !copies->indexed;
}

/* Row y of the tile, of one channel; behind what the page has of it the last value is repeated. */
static void store_row(struct tile_packer *packer, const struct cascade_tile *tile, int channel,
                      int64_t y, uint8_t *row)
{
    const struct copies *copies = &packer->copies;
    enum sample_type type = (enum sample_type)copies->type;
    int64_t at = y * tile->stride, n = tile->columns;
    const char *codes = (const char *)tile->planes[channel] + at * (int64_t)sample_bytes(type);
    uint16_t flip = (uint16_t)-sample_least(type);
    int step = copies->channels;
    if (are_codes(copies) && copies->bits == 8)
        store_bytes(row + channel, (const void *)codes, n, step, (uint8_t)flip);
    else if (are_codes(copies))
        store_words((uint16_t *)(void *)row + channel, (const void *)codes, n, step, flip);
    else
        for (int64_t i = 0; i < n; i++)
            put_value(copies, row, i * step + channel, stored_at(packer, tile, channel, at + i));
    double last = n < copies->tile_width ? stored_at(packer, tile, channel, at + n - 1) : 0;
    for (int64_t i = n; i < copies->tile_width; i++)
        put_value(copies, row, i * step + channel, last);
}

static void store_tile(struct tile_packer *packer, const struct cascade_tile *tile)
{
    const struct copies *copies = &packer->copies;
    size_t row_bytes = packer->raw_bytes / (size_t)copies->tile_height;
    if (copies->bits % 8)
        memset(packer->raw, 0, packer->raw_bytes);
    for (int64_t y = 0; y < copies->tile_height; y++) {
        uint8_t *row = packer->raw + (size_t)y * row_bytes;
        for (int channel = 0; channel < copies->channels && y < tile->rows; channel++)
            store_row(packer, tile, channel, y, row);
        if (y >= tile->rows)
            memcpy(row, row - row_bytes, row_bytes);
    }
}

bool tile_packer_pack(struct tile_packer *packer, const struct cascade_tile *tile,
                      const void **packed, size_t *bytes, struct fault *fault)
{
    store_tile(packer, tile);
    packer->opening = false;
    packer->used = 0;
    tiff_client_forget(&packer->client);
    tmsize_t size = (tmsize_t)packer->raw_bytes;
    if (TIFFWriteEncodedTile(packer->tiff, 0, packer->raw, size) != size || !packer->used)
        return packing_fault(packer, fault);
    *packed = packer->packed;
    *bytes = packer->used;
    return true;
}
