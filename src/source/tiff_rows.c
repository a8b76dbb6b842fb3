/* Decoded lines to runs as sinks take them: the general way, for all but plain gray.
 *
 * A run at a time: its samples are unpacked to working rows, those become gray or colours, what is
 * no-data becomes NaN, and the sink gets it. Owns the palette; knows nothing of blocks. */
#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "source/tiff.h"
#include "source/ycbcr.h"

enum {
    TAG_WHITE_POINT = 318,
    TAG_COLOUR_MAP = 320,
    TAG_DECODE = 433,
    TAG_COEFFICIENTS = 529,
    TAG_REFERENCE = 532,
};

/* Plans. */

static struct tiff_entry find_entry(struct tiff_source *tiff, int tag)
{
    struct tiff_directory directory;
    if (!tiff_directory_open(&tiff->file, tiff->layout.directory, &directory))
        return (struct tiff_entry){0, 0, 0, 0};
    return tiff_directory_find(&tiff->file, &directory, tag, directory.entries);
}

/* Leaves `values` as they are unless the tag has all of them. */
static void read_floats(struct tiff_source *tiff, int tag, int n, float *values)
{
    struct tiff_entry entry = find_entry(tiff, tag);
    double value;
    for (int i = 0; i < n; i++)
        if (!tiff_entry_number(&tiff->file, &entry, i, &value))
            return;
    for (int i = 0; i < n; i++)
        if (tiff_entry_number(&tiff->file, &entry, i, &value))
            values[i] = (float)value;
}

void tiff_rows_forget(struct tiff_source *tiff)
{
    struct tiff_conversion *conversion = &tiff->conversion;
    ledger_free(LEDGER_SOURCE, conversion->palette, conversion->palette_bytes);
    conversion->palette = NULL;
    conversion->palette_bytes = 0;
}

static bool read_palette(struct tiff_source *tiff, struct fault *fault)
{
    struct tiff_conversion *conversion = &tiff->conversion;
    struct tiff_entry entry = find_entry(tiff, TAG_COLOUR_MAP);
    int64_t entries = min64(entry.count / 3, (int64_t)1 << min64(tiff->layout.form.bits, 16));
    if (!entries || tiff_entry_bytes(&entry) != entry.count * 2)
        return fault_set(fault, FAULT_FORMAT, "broken: it has no colour map");
    size_t bytes = (size_t)entries * 3 * sizeof *conversion->palette;
    conversion->palette = ledger_alloc(LEDGER_SOURCE, bytes, fault);
    if (!conversion->palette)
        return false;
    conversion->palette_bytes = bytes;
    for (int c = 0; c < 3; c++) {
        uint16_t *levels = conversion->palette + c * entries;
        if (!tiff_file_read(&tiff->file, entry.offset + entry.count / 3 * 2 * c, entries * 2,
                            levels))
            return fault_set(fault, FAULT_FORMAT, "cut short: its colour map is not there");
        for (int64_t i = 0; i < entries; i++)
            levels[i] = (uint16_t)tiff_file_decode(&tiff->file, (uint8_t *)&levels[i], 2);
        conversion->colour.palette[c] = levels;
    }
    conversion->colour.entries = (int32_t)entries;
    return true;
}

static bool plan_colour(struct tiff_source *tiff, struct fault *fault)
{
    const struct tiff_form *form = &tiff->layout.form;
    struct colour *colour = &tiff->conversion.colour;
    *colour =
        (struct colour){.model = form->model, .alpha = form->apart ? ALPHA_NONE : form->alpha};
    colour->from = tiff_form_rows_type(form, &colour->bits);
    if (form->model == COLOUR_PALETTE && !read_palette(tiff, fault))
        return false;
    if (form->model == COLOUR_YCBCR) {
        read_floats(tiff, TAG_COEFFICIENTS, 3, colour->luma);
        read_floats(tiff, TAG_REFERENCE, 6, colour->reference);
    }
    if (form->model == COLOUR_CIELAB || form->model == COLOUR_ITULAB)
        read_floats(tiff, TAG_WHITE_POINT, 2, colour->white);
    if (form->model == COLOUR_ITULAB)
        read_floats(tiff, TAG_DECODE, 6, colour->decode);
    return colour_prepare(colour, fault);
}

/* Gray of 8 or 16 bits that tiles hold as it is stored, but for a sign. */
static bool is_plain(const struct tiff_source *tiff)
{
    const struct tiff_form *form = &tiff->layout.form;
    enum sample_type type = (enum sample_type)tiff->source.page.type;
    return !form->coloured && form->rows == 1 && form->together == 1 && !form->units &&
           !tiff_form_is_thin(form, 0) && sample_is_narrow(type) &&
           form->bits == 8 * (int)sample_bytes(type);
}

int32_t tiff_colours(struct source *source, const uint16_t *levels[3])
{
    const struct tiff_source *tiff = (struct tiff_source *)source;
    const struct colour *colour = &tiff->conversion.colour;
    bool there = source->page.width && tiff->conversion.palette;
    for (int c = 0; c < 3; c++)
        levels[c] = there ? colour->palette[c] : NULL;
    return there ? colour->entries : 0;
}

bool tiff_rows_plan(struct tiff_source *tiff, struct fault *fault)
{
    const struct page *page = &tiff->source.page;
    const struct tiff_form *form = &tiff->layout.form;
    struct tiff_conversion *conversion = &tiff->conversion;
    enum sample_type type = (enum sample_type)page->type;
    bool big_endian_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    tiff_rows_forget(tiff);
    conversion->plain = is_plain(tiff);
    conversion->swapped = page->direct && tiff->file.big_endian != big_endian_host;
    conversion->reversed = tiff->layout.fill_order == FILLORDER_LSB2MSB;
    conversion->flip = !sample_is_narrow(type) ? 0 : (uint16_t)-sample_least(type);
    if (form->coloured && !plan_colour(tiff, fault))
        return false;
    conversion->unpack =
        (struct tiff_unpack){.format = form->format,
                             .bits = form->bits,
                             .swapped = conversion->swapped,
                             .to = form->coloured ? conversion->colour.from : type};
    return true;
}

/* Working rows. */

/* The samples of row i of the form, for pixels that begin `skip` after those that the lines begin
 * with. NULL: they are 0. */
struct strand {
    const void *packed;
    int64_t bit, step;
};

static struct strand strand_of(struct tiff_source *tiff, const struct tiff_lines *lines, int i,
                               int64_t skip)
{
    const struct tiff_form *form = &tiff->layout.form;
    int64_t sample = form->row[i], bits = form->row_bits[i], pixel = form->pixel_bits;
    if (sample < 0)
        return (struct strand){NULL, 0, 0};
    if (form->units)
        return (struct strand){lines->line[0] ? tiff->conversion.spread[sample] : NULL,
                               skip % form->across * bits, bits};
    if (form->separate)
        return (struct strand){
            lines->line[i],
            lines->bit + skip / (tiff_form_is_thin(form, i) ? form->across : 1) * bits, bits};
    return (struct strand){lines->line[0], lines->bit + skip * pixel + form->row_bit[i], pixel};
}

/* Makes full rows of the units that n pixels lie in. */
static void spread_units(struct tiff_source *tiff, const struct tiff_lines *lines, int64_t skip,
                         int64_t n)
{
    const struct tiff_form *form = &tiff->layout.form;
    struct tiff_conversion *conversion = &tiff->conversion;
    void *const rows[3] = {conversion->spread[0], conversion->spread[1], conversion->spread[2]};
    struct ycbcr_block block = {.width = n + skip % form->across,
                                .height = form->down,
                                .across = form->across,
                                .down = form->down,
                                .sample_bytes = (size_t)form->bits / 8};
    const uint8_t *units = lines->line[0] + tiff_form_line_bytes(form, skip - skip % form->across);
    ycbcr_unpack(&block, units, ycbcr_bytes(&block), lines->subrow, rows);
}

static void fill_zeros(enum sample_type type, int64_t n, void *row)
{
    uint16_t *words = row;
    size_t bytes = sample_bytes(type);
    memset(row, bytes == 1 ? -sample_least(type) : 0, (size_t)n * bytes);
    for (int64_t i = 0; i < n && type == SAMPLE_I16; i++)
        words[i] = (uint16_t)-sample_least(type);
}

/* Samples for `across` pixels each, the first of them for `used` fewer, become n, in place. */
static void spread_thin(enum sample_type type, int64_t used, int across, int64_t n, void *row)
{
    size_t bytes = sample_bytes(type);
    for (int64_t i = n - 1; i > 0; i--)
        memmove((char *)row + (size_t)i * bytes,
                (char *)row + (size_t)((used + i) / across) * bytes, bytes);
}

/* Unpacks row i of the form to samples of type `to`. */
static void unpack_row(struct tiff_source *tiff, const struct tiff_lines *lines, int i,
                       int64_t skip, int64_t n, enum sample_type to, void *row)
{
    const struct tiff_form *form = &tiff->layout.form;
    struct tiff_unpack unpack = tiff->conversion.unpack;
    struct strand strand = strand_of(tiff, lines, i, skip);
    bool thin = tiff_form_is_thin(form, i);
    int64_t used = thin ? skip % form->across : 0;
    unpack.bits = form->row_bits[i];
    unpack.to = to;
    if (!strand.packed) {
        fill_zeros(to, n, row);
        return;
    }
    tiff_unpack_row(&unpack, strand.packed, strand.bit, strand.step,
                    thin ? ceil_div(used + n, form->across) : n, row);
    if (thin)
        spread_thin(to, used, form->across, n, row);
}

/* What a sample of so many bits counts as full. */
static double full_of(const struct tiff_form *form, int bits)
{
    return ldexp(1, form->format == FORMAT_INT && bits > 1 ? bits - 1 : bits) - 1;
}

/* Whole numbers of fewer bits than the widest become as large. */
static void stretch_row(const struct tiff_form *form, int i, enum sample_type type, int64_t n,
                        void *row)
{
    double scale = full_of(form, form->bits) / full_of(form, form->row_bits[i]);
    uint8_t *u8 = row;
    uint16_t *u16 = row;
    float *f32 = row;
    if (form->row_bits[i] == form->bits ||
        (form->format != FORMAT_UINT && form->format != FORMAT_INT))
        return;
    for (int64_t x = 0; x < n && type == SAMPLE_U8; x++)
        u8[x] = (uint8_t)(u8[x] * scale + 0.5);
    for (int64_t x = 0; x < n && type == SAMPLE_U16; x++)
        u16[x] = (uint16_t)(u16[x] * scale + 0.5);
    for (int64_t x = 0; x < n && type == SAMPLE_F32; x++)
        f32[x] = (float)((double)f32[x] * scale);
}

/* No-data. */

static void set_float(enum sample_type type, int64_t i, void *row)
{
    if (type == SAMPLE_F32)
        ((float *)row)[i] = NAN;
    else
        ((double *)row)[i] = (double)NAN;
}

/* Samples that equal the page's no-data become NaN; in a block that the file leaves out all do. */
static void mark_nodata(const struct page *page, bool absent, int64_t n, void *row)
{
    enum sample_type type = (enum sample_type)page->type;
    const float *f32 = row;
    const double *f64 = row;
    float narrow = (float)page->nodata;
    bool held = isfinite(narrow) || !isfinite(page->nodata);
    if (!page->has_nodata || !sample_is_float(type))
        return;
    for (int64_t i = 0; i < n; i++)
        if (absent || (type == SAMPLE_F32 ? held && f32[i] == narrow : f64[i] == page->nodata))
            set_float(type, i, row);
}

/* A pixel of whole-number colours is no-data where all three are: it becomes black, or NaN in
 * floats that stand for such numbers. */
static void hide_nodata(const struct page *page, int64_t n, void *run)
{
    enum sample_type type = (enum sample_type)page->type;
    size_t bytes = sample_bytes(type);
    for (int64_t i = 0; i < n && page->has_nodata; i++) {
        bool absent = true;
        for (int channel = 0; channel < 3; channel++)
            absent = absent && sample_value(type, run, channel * n + i) == page->nodata;
        for (int channel = 0; channel < 3 && absent; channel++)
            if (sample_is_narrow(type))
                memset((char *)run + (size_t)(channel * n + i) * bytes, 0, bytes);
            else
                set_float(type, channel * n + i, run);
    }
}

/* Whole numbers become the floats that can be NaN, in place: the last first. */
static void float_run(enum sample_type from, int64_t n, void *run)
{
    for (int64_t i = n - 1; i >= 0; i--) {
        float value = (float)sample_value(from, run, i);
        memcpy((char *)run + (size_t)i * sizeof value, &value, sizeof value);
    }
}

static void convert_gray(struct tiff_source *tiff, const struct tiff_lines *lines, int64_t skip,
                         int64_t n)
{
    struct tiff_conversion *conversion = &tiff->conversion;
    unpack_row(tiff, lines, 0, skip, n, conversion->unpack.to, tiff->run);
    mark_nodata(&tiff->source.page, lines->absent, n, tiff->run);
    if (!tiff->layout.form.veiled)
        return;
    const float *alpha = (const float *)(void *)conversion->rows[1];
    unpack_row(tiff, lines, 1, skip, n, SAMPLE_F32, conversion->rows[1]);
    for (int64_t i = 0; i < n; i++)
        if (alpha[i] == 0)
            set_float((enum sample_type)tiff->source.page.type, i, tiff->run);
    if (tiff->layout.form.apart)
        unpack_row(tiff, lines, 1, skip, n, conversion->unpack.to,
                   (char *)tiff->run + (size_t)n * sample_bytes(conversion->unpack.to));
}

static void convert_colours(struct tiff_source *tiff, const struct tiff_lines *lines, int64_t skip,
                            int64_t n)
{
    struct tiff_conversion *conversion = &tiff->conversion;
    const struct tiff_form *form = &tiff->layout.form;
    const void *rows[TIFF_ROWS_MAX];
    enum sample_type type = (enum sample_type)tiff->source.page.type;
    bool floated = type == SAMPLE_F32 && conversion->colour.to != type;
    size_t bytes = sample_bytes(conversion->colour.to) * (size_t)n;
    char *out = (char *)tiff->run;
    void *const channels[3] = {out, out + bytes, out + 2 * bytes};
    for (int i = 0; i < form->rows; i++) {
        unpack_row(tiff, lines, i, skip, n, conversion->unpack.to, conversion->rows[i]);
        if (form->mixed)
            stretch_row(form, i, conversion->unpack.to, n, conversion->rows[i]);
        rows[i] = conversion->rows[i];
    }
    for (int i = 0; form->inks && i < form->rows; i++)
        memcpy(out + (size_t)i * bytes, rows[i], bytes);
    if (form->inks)
        return;
    colour_rows(&conversion->colour, rows, n, channels);
    if (form->apart)
        memcpy(out + 3 * bytes, rows[form->rows - 1], bytes);
    if (floated)
        float_run(conversion->colour.to, 3 * n, out);
    if (form->model != COLOUR_RGB)
        return;
    if (conversion->colour.to == SAMPLE_F32)
        mark_nodata(&tiff->source.page, false, 3 * n, tiff->run);
    else
        hide_nodata(&tiff->source.page, n, tiff->run);
}

bool tiff_rows_deliver(struct tiff_reading *reading, const struct tiff_lines *lines, int64_t x,
                       int64_t y, int64_t n)
{
    struct tiff_source *tiff = reading->tiff;
    const struct tiff_form *form = &tiff->layout.form;
    for (int64_t done = 0, count; done < n; done += count) {
        int64_t skip = x + done - lines->x;
        count = min64(TIFF_RUN_PIXELS - (form->units ? skip % form->across : 0), n - done);
        if (form->units && lines->line[0])
            spread_units(tiff, lines, skip, count);
        if (form->coloured)
            convert_colours(tiff, lines, skip, count);
        else
            convert_gray(tiff, lines, skip, count);
        if (!tiff_mask_apply(tiff, x + done, y, count, tiff->run))
            continue;
        if (!tiff_deliver(reading, x + done, y, count, tiff->run))
            return false;
    }
    return true;
}
