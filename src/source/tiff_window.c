/* The heads of LZMA's and Zstandard's streams: see source/tiff_window.h. Their libraries reserve
 * all of a dictionary before the first byte is decoded, whatever the block's size. Owns nothing.
 *
 * LZMA's streams are .xz files (its format's sections 2 and 3), Zstandard's are frames (RFC 8878,
 * section 3.1.1.1). */
#include "source/tiff_window.h"

#include <string.h>

#include "source/spill.h"
#include "source/tiff.h"
#include "source/tiff_codec.h"

enum {
    HEAD = 64,
    XZ_HEADER = 12,
    XZ_LZMA2 = 0x21,
    XZ_FILTERS = 4,
    ZSTD_MAGIC = 4,
    CODE_LZMA = 34925,
    CODE_ZSTD = 50000
};

struct bytes {
    const uint8_t *at, *end;
    bool short_of;
};

static uint64_t little_endian(struct bytes *from, int count)
{
    uint64_t value = 0;
    from->short_of |= from->end - from->at < count;
    for (int i = 0; i < count && !from->short_of; i++)
        value |= (uint64_t)*from->at++ << 8 * i;
    return value;
}

static void skip(struct bytes *from, int count)
{
    from->short_of |= from->end - from->at < count;
    from->at = from->short_of ? from->end : from->at + count;
}

/* Seven bits in a byte, the lowest first; the last byte's eighth is clear. */
static uint64_t xz_number(struct bytes *from)
{
    uint64_t value = 0, byte = 0x80;
    for (int i = 0; i < 9 && byte & 0x80; i++) {
        byte = little_endian(from, 1);
        value |= (byte & 0x7f) << 7 * i;
    }
    return value;
}

int64_t tiff_window_lzma(const uint8_t *head, int64_t bytes)
{
    static const uint8_t magic[] = {0xfd, '7', 'z', 'X', 'Z', 0};
    struct bytes from = {head + XZ_HEADER, head + bytes, bytes < XZ_HEADER};
    if (from.short_of || memcmp(head, magic, sizeof magic) != 0)
        return 0;
    skip(&from, 1);
    uint64_t flags = little_endian(&from, 1);
    if (flags & 0x40)
        xz_number(&from);
    if (flags & 0x80)
        xz_number(&from);
    for (int i = 0; i < XZ_FILTERS && !from.short_of; i++) {
        uint64_t filter = xz_number(&from), size = xz_number(&from);
        uint64_t first = little_endian(&from, 1);
        if (filter == XZ_LZMA2 && size == 1 && first <= 40 && !from.short_of)
            return first == 40 ? UINT32_MAX : (int64_t)(2 | (first & 1)) << (first / 2 + 11);
        if (size < 1 || size > HEAD)
            return 0;
        skip(&from, (int)size - 1);
    }
    return 0;
}

int64_t tiff_window_zstd(const uint8_t *head, int64_t bytes)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    static const uint8_t id_bytes[] = {0, 1, 2, 4}, size_bytes[] = {1, 2, 4, 8};
    struct bytes from = {head + ZSTD_MAGIC, head + bytes, bytes < ZSTD_MAGIC};
    if (from.short_of || memcmp(head, magic, sizeof magic) != 0)
        return 0;
    uint64_t descriptor = little_endian(&from, 1), window;
    if (descriptor & 0x20) { /* a single segment: all of it is the window */
        skip(&from, id_bytes[descriptor & 3]);
        window = little_endian(&from, size_bytes[descriptor >> 6]);
        window += descriptor >> 6 == 1 ? 256 : 0;
    } else {
        uint64_t byte = little_endian(&from, 1), base = UINT64_C(1) << (10 + (byte >> 3));
        window = base + base / 8 * (byte & 7);
    }
    return from.short_of ? 0 : window > INT64_MAX ? INT64_MAX : (int64_t)window;
}

static int64_t first_window(struct tiff_source *tiff, const struct tiff_layout *layout)
{
    uint8_t head[HEAD];
    uint64_t offset = 0;
    if (!tiff_entry_value(&tiff->file, &layout->offsets, 0, &offset) || !offset ||
        offset >= (uint64_t)tiff->file.size)
        return 0;
    int64_t bytes = min64(HEAD, tiff->file.size - (int64_t)offset);
    if (!tiff_file_read(&tiff->file, (int64_t)offset, bytes, head))
        return 0;
    return layout->compression == CODE_LZMA ? tiff_window_lzma(head, bytes)
                                            : tiff_window_zstd(head, bytes);
}

bool tiff_window_check(struct tiff_source *tiff, const struct tiff_layout *layout, int64_t *window,
                       struct fault *fault)
{
    int64_t spare = (int64_t)(spill_memory() / 8 * 7);
    *window = 0;
    if (layout->compression != CODE_LZMA && layout->compression != CODE_ZSTD)
        return true;
    *window = first_window(tiff, layout);
    return *window <= spare ||
           fault_set(fault, FAULT_UNSUPPORTED,
                     "compressed with %s and a dictionary of %lld MiB, which its library must hold "
                     "to decode anything; %lld MiB is the limit",
                     tiff_codec_find(layout->compression)->name, (long long)(*window >> 20),
                     (long long)(spare >> 20));
}
