/* Which samples make the picture: see source/tiff_form.h. Owns nothing, and reads tags alone. */
#include "source/tiff_form.h"

#include <math.h>
#include <stdio.h>
#include <tiffio.h>

#include "base/language.h"

#include "source/tiff_codec.h"
#include "source/tiff_directory.h"
#include "source/tiff_unpack.h"

enum { TAG_EXTRA = 338, TAG_SUBSAMPLING = 530, TAG_INK_SET = 332, MISSING = 1 << 20 };

/* `colours`: samples that make a colour, 0 = gray. */
static const struct kind {
    uint16_t photometric;
    uint8_t colours;
    const char *name;
    enum colour_model model;
} kinds[] = {
    {PHOTOMETRIC_MINISWHITE, 0, "MinIsWhite", COLOUR_MODELS},
    {PHOTOMETRIC_MINISBLACK, 0, "MinIsBlack", COLOUR_MODELS},
    {PHOTOMETRIC_RGB, 3, "RGB", COLOUR_RGB},
    {PHOTOMETRIC_PALETTE, 1, "palette", COLOUR_PALETTE},
    {PHOTOMETRIC_MASK, 0, "mask", COLOUR_MODELS},
    {PHOTOMETRIC_SEPARATED, 3, "CMYK", COLOUR_CMYK},
    {PHOTOMETRIC_YCBCR, 3, "YCbCr", COLOUR_YCBCR},
    {PHOTOMETRIC_CIELAB, 3, "CIELab", COLOUR_CIELAB},
    {PHOTOMETRIC_ICCLAB, 3, "ICCLab", COLOUR_ICCLAB},
    {PHOTOMETRIC_ITULAB, 3, "ITULab", COLOUR_ITULAB},
    {32803, 0, "CFA", COLOUR_MODELS},
    {PHOTOMETRIC_LOGL, 0, "LogL", COLOUR_MODELS},
    {PHOTOMETRIC_LOGLUV, 3, "LogLuv", COLOUR_RGB},
    {34892, 3, "linear raw", COLOUR_RGB},
    {51177, 0, "depth", COLOUR_MODELS},
    {52527, 0, "photometric mask", COLOUR_MODELS},
};

/* A form being made. */
struct making {
    struct tiff_file *file;
    const struct tiff_layout *layout;
    struct tiff_form *form;
    struct page *page;
    const struct kind *kind;
    int32_t alpha; /* the sample that is alpha; -1 = none */
    enum colour_alpha alpha_kind;
};

static const struct kind *find_kind(uint64_t photometric)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].photometric == photometric)
            return &kinds[i];
    return NULL;
}

const char *tiff_photometric_name(uint64_t photometric)
{
    const struct kind *kind = find_kind(photometric);
    return kind ? kind->name : NULL;
}

/* Value i of a tag, or `otherwise`. */
static uint64_t tag_value(struct tiff_file *file, const struct tiff_layout *layout, int tag,
                          int64_t i, uint64_t otherwise)
{
    struct tiff_directory directory;
    uint64_t value;
    if (!tiff_directory_open(file, layout->directory, &directory))
        return otherwise;
    struct tiff_entry entry = tiff_directory_find(file, &directory, tag, directory.entries);
    return tiff_entry_value(file, &entry, i, &value) ? value : otherwise;
}

void tiff_form_mend(struct tiff_file *file, struct tiff_layout *layout)
{
    bool old = layout->compression == COMPRESSION_OJPEG;
    bool fax =
        layout->compression >= COMPRESSION_CCITTRLE && layout->compression <= COMPRESSION_CCITTFAX4;
    bool told = tag_value(file, layout, TIFFTAG_PHOTOMETRIC, 0, MISSING) != MISSING;
    if (!told)
        layout->photometric = old                    ? PHOTOMETRIC_YCBCR
                              : layout->samples >= 3 ? PHOTOMETRIC_RGB
                              : fax                  ? PHOTOMETRIC_MINISWHITE
                                                     : PHOTOMETRIC_MINISBLACK;
    if (!old)
        return;
    if (layout->photometric == PHOTOMETRIC_RGB)
        layout->photometric = PHOTOMETRIC_YCBCR;
    if (tag_value(file, layout, TIFFTAG_BITSPERSAMPLE, 0, MISSING) == MISSING)
        layout->bits = 8;
    if (tag_value(file, layout, TIFFTAG_SAMPLESPERPIXEL, 0, MISSING) == MISSING &&
        layout->photometric == PHOTOMETRIC_YCBCR)
        layout->samples = 3;
}

/* Samples. */

/* True when all samples of a pixel are alike in a tag that has a value for each, or one for all. */
static bool alike(struct tiff_file *file, const struct tiff_layout *layout, int tag)
{
    struct tiff_directory directory;
    uint64_t first, value;
    if (!tiff_directory_open(file, layout->directory, &directory))
        return true;
    struct tiff_entry entry = tiff_directory_find(file, &directory, tag, directory.entries);
    if (!tiff_entry_value(file, &entry, 0, &first))
        return true;
    for (int64_t i = 1; i < min64(entry.count, (int64_t)layout->samples); i++)
        if (tiff_entry_value(file, &entry, i, &value) && value != first)
            return false;
    return true;
}

static bool check_bits(const struct making *making, uint64_t bits, struct fault *fault)
{
    static const char *const names[SAMPLE_FORMATS] = {
        "", "", N_(" floating point"), N_(" complex integer"), N_(" complex floating point")};
    if (bits <= 128 && tiff_unpack_knows(making->form->format, (int)bits))
        return true;
    return fault_set(fault, FAULT_UNSUPPORTED, "%llu-bit%s samples are not shown",
                     (unsigned long long)bits, _(names[making->form->format]));
}

static bool check_samples(const struct making *making, struct fault *fault)
{
    const struct tiff_layout *layout = making->layout;
    unsigned long long bits = layout->bits, samples = layout->samples, format = layout->format;
    if (format < 1 || format > 6)
        return fault_set(fault, FAULT_FORMAT, "broken: its sample format is %llu", format);
    if (samples < 1 || samples > UINT16_MAX)
        return fault_set(fault, FAULT_FORMAT, "broken: it claims %llu samples for each pixel",
                         samples);
    if (layout->planar != PLANARCONFIG_CONTIG && layout->planar != PLANARCONFIG_SEPARATE)
        return fault_set(fault, FAULT_FORMAT, "broken: its planar configuration is %llu",
                         (unsigned long long)layout->planar);
    if (!alike(making->file, layout, TIFFTAG_SAMPLEFORMAT))
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "the samples of a pixel have different formats; such images are not "
                         "shown");
    making->form->mixed = !alike(making->file, layout, TIFFTAG_BITSPERSAMPLE);
    if (making->form->mixed && layout->compression != COMPRESSION_NONE)
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "the samples of a pixel have different sizes; such images are shown only "
                         "where they are not compressed");
    return making->form->mixed || check_bits(making, bits, fault);
}

/* Samples of different sizes. */

static uint64_t own_bits(const struct making *making, int64_t sample)
{
    return tag_value(making->file, making->layout, TIFFTAG_BITSPERSAMPLE, sample,
                     making->layout->bits);
}

static int widest_bits(const struct making *making)
{
    const struct tiff_form *form = making->form;
    uint64_t widest = 8;
    for (int i = 0; i < form->rows; i++)
        widest = form->row[i] >= 0 && own_bits(making, form->row[i]) > widest
                     ? own_bits(making, form->row[i])
                     : widest;
    return widest > 128 ? 128 : (int)widest;
}

/* Finds where in a pixel the samples of working rows are, whose sizes the tag tells. */
static bool place_mixed(struct making *making, struct fault *fault)
{
    struct tiff_form *form = making->form;
    struct tiff_directory directory;
    int64_t at = 0;
    if (!tiff_directory_open(making->file, making->layout->directory, &directory))
        return tiff_directory_refuse(making->file, making->layout->directory, fault);
    struct tiff_entry entry =
        tiff_directory_find(making->file, &directory, TIFFTAG_BITSPERSAMPLE, directory.entries);
    for (int32_t sample = 0; sample < (int32_t)making->layout->samples; sample++) {
        uint64_t bits = making->layout->bits;
        tiff_entry_value(making->file, &entry, sample, &bits);
        if (!bits || bits > 128)
            return check_bits(making, bits, fault);
        for (int i = 0; i < form->rows; i++)
            if (form->row[i] == sample) {
                form->row_bits[i] = (int)bits;
                form->row_bit[i] = form->separate ? 0 : at;
            }
        at += (int64_t)bits;
    }
    form->pixel_bits = form->separate ? form->bits : at;
    for (int i = 0; i < form->rows; i++) {
        bool whole = (form->row_bit[i] | form->pixel_bits) % 8 == 0;
        if (!check_bits(making, (uint64_t)form->row_bits[i], fault))
            return false;
        if (form->row_bits[i] > 32 && !whole && !form->separate)
            return fault_set(fault, FAULT_UNSUPPORTED,
                             "%d-bit samples that begin within bytes are not shown",
                             form->row_bits[i]);
    }
    return true;
}

static bool place_rows(struct making *making, struct fault *fault)
{
    struct tiff_form *form = making->form;
    form->pixel_bits = (int64_t)form->together * form->bits;
    for (int i = 0; i < form->rows; i++) {
        form->row_bits[i] = form->bits;
        form->row_bit[i] = form->separate ? 0 : (int64_t)form->row[i] * form->bits;
    }
    return !form->mixed || place_mixed(making, fault);
}

static enum sample_format format_of(uint64_t stored)
{
    static const enum sample_format formats[] = {
        FORMAT_UINT, FORMAT_UINT,        FORMAT_INT,          FORMAT_FLOAT,
        FORMAT_UINT, FORMAT_COMPLEX_INT, FORMAT_COMPLEX_FLOAT};
    return stored <= 6 ? formats[stored] : FORMAT_UINT;
}

/* How samples lie once libtiff has decoded them. */
static void note_decoding(struct making *making)
{
    const struct tiff_layout *layout = making->layout;
    struct tiff_form *form = making->form;
    bool logs =
        layout->compression == COMPRESSION_SGILOG || layout->compression == COMPRESSION_SGILOG24;
    form->bits = (int)layout->bits;
    form->separate = layout->planar == PLANARCONFIG_SEPARATE && layout->samples > 1;
    form->together = form->separate ? 1 : (int32_t)layout->samples;
    if (logs) {
        bool gray = layout->photometric == PHOTOMETRIC_LOGL;
        form->bits = gray ? 32 : 8;
        form->format = gray ? FORMAT_FLOAT : FORMAT_UINT;
    }
    if (layout->compression == COMPRESSION_PIXARLOG && form->bits > 8 && form->bits < 16)
        form->bits = 16;
}

/* The first extra sample that calls itself alpha. */
static void find_alpha(struct making *making)
{
    struct tiff_directory directory;
    making->alpha = -1;
    making->alpha_kind = ALPHA_NONE;
    if (!tiff_directory_open(making->file, making->layout->directory, &directory))
        return;
    struct tiff_entry extra =
        tiff_directory_find(making->file, &directory, TAG_EXTRA, directory.entries);
    int64_t samples = (int64_t)making->layout->samples;
    for (int64_t i = 0; i < extra.count && extra.count < samples; i++) {
        uint64_t kind;
        if (!tiff_entry_value(making->file, &extra, i, &kind) ||
            (kind != EXTRASAMPLE_ASSOCALPHA && kind != EXTRASAMPLE_UNASSALPHA))
            continue;
        making->alpha = (int32_t)(samples - extra.count + i);
        making->alpha_kind = kind == EXTRASAMPLE_ASSOCALPHA ? ALPHA_ASSOCIATED : ALPHA_UNASSOCIATED;
        return;
    }
}

/* Gray. */

static void choose_gray(struct making *making, int32_t sample)
{
    struct tiff_form *form = making->form;
    struct page *page = making->page;
    form->rows = 1;
    form->row[0] = sample;
    if (form->mixed)
        form->bits = (int)min64((int64_t)own_bits(making, sample), 128);
    page->bits = form->mixed ? form->bits : page->bits;
    form->veiled = !page->channel && making->alpha > 0;
    if (form->veiled) {
        form->row[form->rows++] = making->alpha;
        form->alpha = making->alpha_kind;
    }
    page->masked |= form->veiled;
    enum sample_type type = tiff_unpack_type(form->format, form->bits);
    /* Means of the few values that some bits have must not be rounded to one of them. */
    if ((page->masked || page->has_nodata || form->bits < 8) && !sample_is_float(type))
        type = form->bits <= 24 ? SAMPLE_F32 : SAMPLE_F64;
    page->type = (int32_t)type;
    page->channels = 1;
    page->integral = form->format == FORMAT_UINT || form->format == FORMAT_INT;
    page->min_is_white |= making->layout->photometric == PHOTOMETRIC_MINISWHITE && !sample;
}

/* Why a page of a coloured kind is shown as gray, where it is. */
static const char *gray_reason(const struct making *making)
{
    const struct tiff_layout *layout = making->layout;
    if (layout->samples < making->kind->colours)
        return _("too few samples for its colours");
    if (making->form->mixed && making->kind->model != COLOUR_RGB)
        return _("samples of different sizes");
    if (making->kind->model == COLOUR_CMYK &&
        tag_value(making->file, layout, TAG_INK_SET, 0, INKSET_CMYK) != INKSET_CMYK)
        return _("inks other than cyan, magenta, yellow and black");
    if (layout->photometric == PHOTOMETRIC_LOGLUV && layout->compression != COMPRESSION_SGILOG &&
        layout->compression != COMPRESSION_SGILOG24)
        return _("LogLuv samples that are not packed as such");
    return NULL;
}

static void say_gray(struct making *making, const char *reason)
{
    struct page *page = making->page;
    page->min_is_white = making->kind->model == COLOUR_CMYK;
    snprintf(page->notice, sizeof page->notice,
             _("it has %s: sample 1 of %d is shown as gray, see the command channel"), reason,
             (int)making->layout->samples);
    language_whole(page->notice);
}

/* Colours. */

/* Some writers make planes of Cb and Cr as large as those of Y, whatever YCbCrSubsampling says. */
static bool has_full_planes(const struct making *making)
{
    const struct tiff_layout *layout = making->layout;
    uint64_t luma, chroma;
    int64_t planes = layout->sizes.count / (int64_t)layout->samples;
    return layout->compression == COMPRESSION_NONE && making->form->bits >= 8 && planes > 0 &&
           tiff_entry_value(making->file, &layout->sizes, 0, &luma) &&
           tiff_entry_value(making->file, &layout->sizes, planes, &chroma) && chroma >= luma;
}

/* Planes of subsampled Cb and Cr. libtiff has them as wide as the page, which only codecs that know
 * no rows do not mind, and JPEG that counts all planes but the first as such. */
static bool note_planes(struct making *making, struct fault *fault)
{
    const struct tiff_layout *layout = making->layout;
    struct tiff_form *form = making->form;
    const struct tiff_codec *codec = tiff_codec_find(layout->compression);
    bool jpeg = layout->compression == COMPRESSION_JPEG && layout->samples == 3;
    bool rows =
        tag_value(making->file, layout, TIFFTAG_PREDICTOR, 0, PREDICTOR_NONE) != PREDICTOR_NONE;
    if (has_full_planes(making)) {
        form->thinned = false;
        form->across = form->down = 1;
        return true;
    }
    if (!codec || jpeg || layout->compression == COMPRESSION_NONE || (codec->bytes && !rows))
        return true;
    return fault_set(fault, FAULT_UNSUPPORTED,
                     "YCbCr images with subsampled colours in planes of their own are not shown "
                     "when they are compressed with %s%s",
                     codec->name, codec->bytes ? _(" and a predictor") : "");
}

/* Units of a subsampled YCbCr image, which JPEG makes pixels of itself. */
static bool note_units(struct making *making, struct fault *fault)
{
    const struct tiff_layout *layout = making->layout;
    struct tiff_form *form = making->form;
    form->across = form->down = 1;
    bool upsampled = layout->compression == COMPRESSION_JPEG && form->together == 3;
    if (layout->photometric != PHOTOMETRIC_YCBCR || layout->samples < 3 || upsampled)
        return true;
    uint64_t across = tag_value(making->file, layout, TAG_SUBSAMPLING, 0, 2);
    uint64_t down = tag_value(making->file, layout, TAG_SUBSAMPLING, 1, 2);
    if ((across != 1 && across != 2 && across != 4) || (down != 1 && down != 2 && down != 4))
        return fault_set(fault, FAULT_FORMAT, "broken: its YCbCr subsampling is %llu by %llu",
                         (unsigned long long)across, (unsigned long long)down);
    form->across = (int)across;
    form->down = (int)down;
    form->thinned = form->separate && across * down > 1;
    if (form->thinned)
        return note_planes(making, fault);
    form->units = across * down > 1;
    if (form->units &&
        (layout->samples != 3 || form->mixed || (form->bits != 8 && form->bits != 16)))
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "YCbCr images with subsampled colours are not shown when a pixel has "
                         "%llu samples of %d bits",
                         (unsigned long long)layout->samples, form->bits);
    return true;
}

enum sample_type tiff_form_rows_type(const struct tiff_form *form, int *bits)
{
    *bits = 0;
    if (form->format != FORMAT_UINT && form->format != FORMAT_INT)
        return SAMPLE_F32;
    bool is_signed = form->format == FORMAT_INT && form->model == COLOUR_RGB;
    *bits = is_signed && form->bits > 1 ? form->bits - 1 : form->bits;
    return is_signed || form->bits > 16 ? SAMPLE_F32 : form->bits > 8 ? SAMPLE_U16 : SAMPLE_U8;
}

static void name_levels(struct making *making, int bits)
{
    struct page *page = making->page;
    page->window_origin = WINDOW_IDENTITY;
    page->window_low = 0;
    page->window_high = page->type == SAMPLE_U8 ? 255 : bits ? ldexp(1, bits) - 1 : 1;
    if (making->form->format == FORMAT_INT && page->type == SAMPLE_F32)
        page->window_low = -page->window_high - 1;
}

static void choose_colours(struct making *making)
{
    struct tiff_form *form = making->form;
    struct page *page = making->page;
    int bits;
    form->coloured = true;
    form->model = making->kind->model;
    if (making->layout->photometric == PHOTOMETRIC_YCBCR && !form->separate &&
        making->layout->compression == COMPRESSION_JPEG)
        form->model = COLOUR_RGB;
    form->alpha = making->alpha >= making->kind->colours ? making->alpha_kind : ALPHA_NONE;
    struct colour colour = {.model = form->model, .alpha = form->alpha};
    form->rows = colour_samples(&colour);
    for (int i = 0; i < form->rows; i++)
        form->row[i] = i;
    if (form->alpha != ALPHA_NONE)
        form->row[form->rows - 1] = making->alpha;
    if (form->model == COLOUR_CMYK &&
        (making->layout->samples < 4 || (form->alpha != ALPHA_NONE && making->alpha < 4)))
        form->row[3] = -1;
    if (form->mixed)
        form->bits = page->bits = widest_bits(making);
    enum sample_type from = tiff_form_rows_type(form, &bits);
    if (form->format == FORMAT_INT && form->model != COLOUR_RGB)
        form->format = FORMAT_UINT;
    page->type = (int32_t)colour_target(form->model, from);
    page->channels = 3;
    page->integral = page->type != SAMPLE_F32 ||
                     (bits && form->model == COLOUR_RGB && form->alpha != ALPHA_UNASSOCIATED);
    name_levels(making, bits);
    if (page->masked && form->alpha == ALPHA_NONE)
        page->type = SAMPLE_F32;
}

static bool choose(struct making *making, struct fault *fault)
{
    struct page *page = making->page;
    int32_t samples = (int32_t)making->layout->samples;
    if (page->channel < 0 || page->channel > samples)
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "there is no channel %d: each pixel has %d sample%s", page->channel,
                         samples, samples == 1 ? "" : "s");
    const char *reason = making->kind->colours && !page->channel ? gray_reason(making) : NULL;
    bool raw_gray = making->layout->photometric == 34892 && samples < 3;
    if (reason && !raw_gray)
        say_gray(making, reason);
    if (making->kind->colours && !page->channel && !reason)
        choose_colours(making);
    else
        choose_gray(making, page->channel ? page->channel - 1 : 0);
    return true;
}

bool tiff_form_make(struct tiff_file *file, const struct tiff_layout *layout,
                    struct tiff_form *form, struct page *page, struct fault *fault)
{
    struct making making = {.file = file, .layout = layout, .form = form, .page = page};
    *form = (struct tiff_form){.format = format_of(layout->format), .bits = 1};
    making.kind = find_kind(layout->photometric);
    if (!making.kind)
        return fault_set(
            fault, FAULT_UNSUPPORTED,
            "images of an unknown kind (photometric interpretation %llu) are not shown",
            (unsigned long long)layout->photometric);
    if (!check_samples(&making, fault))
        return false;
    page->bits = (int32_t)layout->bits;
    page->format = (int32_t)form->format;
    page->samples = (int32_t)layout->samples;
    snprintf(page->photometric, sizeof page->photometric, "%s", making.kind->name);
    note_decoding(&making);
    find_alpha(&making);
    return note_units(&making, fault) && choose(&making, fault) && place_rows(&making, fault);
}

/* Sizes. */

int64_t tiff_form_line_bytes(const struct tiff_form *form, int64_t width)
{
    if (form->units)
        return ceil_div(width, form->across) * (form->across * form->down + 2) * form->bits / 8;
    return ceil_div(width * form->pixel_bits, 8);
}

int64_t tiff_form_row_bytes(const struct tiff_form *form, int i, int64_t width)
{
    if (!form->separate)
        return tiff_form_line_bytes(form, width);
    int across = tiff_form_is_thin(form, i) ? form->across : 1;
    return ceil_div(ceil_div(width, across) * form->row_bits[i], 8);
}

int64_t tiff_form_bytes(const struct tiff_form *form, int64_t width, int64_t height)
{
    int64_t bytes, lines = ceil_div(height, form->units ? form->down : 1);
    if (__builtin_mul_overflow(tiff_form_line_bytes(form, width), lines, &bytes))
        return INT64_MAX;
    return bytes;
}
