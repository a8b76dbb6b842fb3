/* Colour conversions: what comes is widened to doubles a chunk at a time, converted there by the
 * model's formula, and rounded once on the way out. Rows that tiles hold as they are, are copied.
 */
#include "source/colour.h"

#include <math.h>
#include <string.h>

enum { CHUNK = 128, ALPHA_ROW = COLOUR_ROWS_MAX - 1 };

struct chunk {
    double row[COLOUR_ROWS_MAX][CHUNK];
    int n;
};

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value; /* NaN stays */
}

static void convert_rgb(const struct colour *colour, struct chunk *chunk)
{
    double scale = colour->peak / colour->full;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < chunk->n; i++)
            chunk->row[c][i] *= scale;
}

static void convert_palette(const struct colour *colour, struct chunk *chunk)
{
    for (int i = 0; i < chunk->n; i++) {
        int32_t index = (int32_t)chunk->row[0][i];
        for (int c = 0; c < 3; c++) {
            uint32_t level = index < colour->entries ? colour->palette[c][index] : 0;
            chunk->row[c][i] = colour_map_level(level, colour->deep_map);
        }
    }
}

/* With associated alpha inks are multiplied by it: paper is alpha then, instead of full. */
static void convert_cmyk(const struct colour *colour, struct chunk *chunk)
{
    double scale = colour->peak / colour->full;
    for (int i = 0; i < chunk->n; i++) {
        double paper = colour->full, black;
        if (colour->alpha == ALPHA_ASSOCIATED)
            paper = clamp(chunk->row[ALPHA_ROW][i], 0, colour->full);
        black = paper - clamp(chunk->row[3][i], 0, paper);
        for (int c = 0; c < 3; c++) {
            double light = paper - clamp(chunk->row[c][i], 0, paper);
            chunk->row[c][i] = paper > 0 ? light * black / paper * scale : 0;
        }
    }
}

/* TIFF 6.0, section 21. */
static void convert_ycbcr(const struct colour *colour, struct chunk *chunk)
{
    double(*row)[CHUNK] = chunk->row;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < chunk->n; i++)
            row[c][i] = row[c][i] * colour->gain[c] + colour->bias[c];
    for (int i = 0; i < chunk->n; i++) {
        double y = row[0][i], cb = row[1][i], cr = row[2][i];
        row[0][i] = y + colour->red_cr * cr;
        row[1][i] = y - colour->green_cb * cb - colour->green_cr * cr;
        row[2][i] = y + colour->blue_cb * cb;
    }
}

static void convert_lab(const struct colour *colour, struct chunk *chunk)
{
    bool wraps = colour->model == COLOUR_CIELAB && colour->from != SAMPLE_F32;
    for (int i = 0; i < chunk->n; i++) {
        double value[3], rgb[3];
        for (int c = 0; c < 3; c++) {
            double stored = chunk->row[c][i];
            if (wraps && c > 0 && stored > colour->full / 2)
                stored -= colour->full + 1;
            value[c] = stored * colour->gain[c] + colour->bias[c];
        }
        lab_to_rgb(&colour->lab, value, rgb);
        for (int c = 0; c < 3; c++)
            chunk->row[c][i] = rgb[c];
    }
}

/* What the models are, and which samples have a meaning in them. */
#define BITS(least, most) ((UINT32_C(2) << (most)) - (UINT32_C(1) << (least)))
static const struct model {
    const char *name;
    int rows;
    uint32_t bits;       /* bit b: whole numbers of b bits in integer rows */
    bool floats, wholes; /* F32 rows of floating-point samples, of whole numbers */
    /* Makes rows 0 to 2 red, green and blue, 0 .. peak. */
    void (*convert)(const struct colour *colour, struct chunk *chunk);
} models[COLOUR_MODELS] = {
    [COLOUR_RGB] = {"RGB", 3, BITS(1, 16), true, true, convert_rgb},
    [COLOUR_PALETTE] = {"palette", 1, BITS(1, 16), false, false, convert_palette},
    [COLOUR_CMYK] = {"CMYK", 4, BITS(1, 16), true, true, convert_cmyk},
    [COLOUR_YCBCR] = {"YCbCr", 3, BITS(2, 16), false, false, convert_ycbcr},
    [COLOUR_CIELAB] = {"CIELab", 3, BITS(8, 8) | BITS(16, 16), true, false, convert_lab},
    [COLOUR_ICCLAB] = {"ICCLab", 3, BITS(8, 8) | BITS(16, 16), false, false, convert_lab},
    [COLOUR_ITULAB] = {"ITULab", 3, BITS(8, 16), false, false, convert_lab},
};

static bool check_samples(const struct colour *colour, struct fault *fault)
{
    const struct model *model = &models[colour->model];
    bool known;
    if (colour->from == SAMPLE_F32 && !colour->bits)
        return model->floats ||
               fault_set(fault, FAULT_UNSUPPORTED,
                         "%s pictures of floating-point samples are not supported", model->name);
    if (colour->from == SAMPLE_F32)
        known = model->wholes && colour->bits > 0 && colour->bits <= 64;
    else
        known = colour->bits > 0 && colour->bits <= 16 && model->bits >> colour->bits & 1 &&
                colour->from == (colour->bits <= 8 ? SAMPLE_U8 : SAMPLE_U16);
    return known ||
           fault_set(fault, FAULT_UNSUPPORTED, "%s pictures of %d-bit samples are not supported",
                     model->name, colour->bits);
}

bool colour_map_deep(const uint16_t *const levels[3], int32_t entries)
{
    bool deep = false;
    for (int c = 0; c < 3; c++)
        for (int32_t i = 0; i < entries; i++)
            deep |= levels[c][i] > 255;
    return deep;
}

static bool prepare_palette(struct colour *colour, struct fault *fault)
{
    for (int c = 0; c < 3; c++)
        if (!colour->palette[c] || colour->entries <= 0)
            return fault_set(fault, FAULT_FORMAT, "the colour map is missing");
    colour->deep_map = colour_map_deep(colour->palette, colour->entries);
    return true;
}

/* Copies what the file says, or the default where it says nothing; false unless all is finite. */
static bool told_or_default(const float *told, const double *otherwise, int n, double *values)
{
    bool silent = true, sound = true;
    for (int i = 0; i < n; i++)
        silent = silent && told[i] == 0;
    for (int i = 0; i < n; i++) {
        values[i] = silent ? otherwise[i] : (double)told[i];
        sound = sound && isfinite(values[i]);
    }
    return sound;
}

static bool prepare_ycbcr(struct colour *colour, struct fault *fault)
{
    static const double rec601[3] = {0.299, 0.587, 0.114};
    double full = colour->full, middle = (full + 1) / 2, luma[3], reference[6];
    const double ranges[6] = {0, full, middle, full, middle, full};
    if (!told_or_default(colour->luma, rec601, 3, luma) || luma[1] == 0)
        return fault_set(fault, FAULT_FORMAT, "its YCbCrCoefficients make no sense");
    if (!told_or_default(colour->reference, ranges, 6, reference) || reference[0] == reference[1] ||
        reference[2] == reference[3] || reference[4] == reference[5])
        return fault_set(fault, FAULT_FORMAT, "its ReferenceBlackWhite makes no sense");
    for (int c = 0; c < 3; c++) {
        double range = c == 0 ? full : middle - 1;
        colour->gain[c] = range / (reference[2 * c + 1] - reference[2 * c]) * colour->peak / full;
        colour->bias[c] = -reference[2 * c] * colour->gain[c];
    }
    colour->red_cr = 2 - 2 * luma[0];
    colour->blue_cb = 2 - 2 * luma[2];
    colour->green_cb = luma[2] * colour->blue_cb / luma[1];
    colour->green_cr = luma[0] * colour->red_cr / luma[1];
    return true;
}

/* Each encoding by what samples 0 and `full` stand for. CIELab and ICCLab: Adobe Photoshop TIFF
 * Technical Notes (2002), "L*a*b* Images"; ITULab: RFC 3949, Decode. */
static bool prepare_lab(struct colour *colour, struct fault *fault)
{
    double full = colour->full, unit = (full + 1) / 256, span = full / unit;
    const double cie[6] = {0, 100, 0, span, 0, span}; /* then a* and b* wrap */
    const double icc[6] = {0, span / 2.55, -128, span - 128, -128, span - 128};
    const double itu[6] = {0,
                           100,
                           -128 * 170 / span,
                           (span - 128) * 170 / span,
                           -96 * 200 / span,
                           (span - 96) * 200 / span};
    const double plain[6] = {0, 1, 0, 1, 0, 1}; /* floating-point samples */
    static const float nothing[6];
    const float *told = nothing;
    const double *usual = colour->from == SAMPLE_F32 ? plain : cie;
    double range[6];
    if (colour->model == COLOUR_ICCLAB)
        usual = icc;
    if (colour->model == COLOUR_ITULAB) {
        usual = itu;
        told = colour->decode;
    }
    if (!told_or_default(told, usual, 6, range))
        return fault_set(fault, FAULT_FORMAT, "its Decode values make no sense");
    for (int c = 0; c < 3; c++) {
        colour->gain[c] = (range[2 * c + 1] - range[2 * c]) / full;
        colour->bias[c] = range[2 * c];
    }
    lab_prepare(&colour->lab, (double)colour->white[0], (double)colour->white[1]);
    return true;
}

enum sample_type colour_target(enum colour_model model, enum sample_type from)
{
    return model == COLOUR_RGB || model == COLOUR_CMYK || model == COLOUR_YCBCR ? from : SAMPLE_U8;
}

bool colour_prepare(struct colour *colour, struct fault *fault)
{
    if (!check_samples(colour, fault))
        return false;
    colour->to = colour_target(colour->model, colour->from);
    colour->full = colour->bits ? ldexp(1, colour->bits) - 1 : 1;
    colour->peak = colour->to == SAMPLE_U8 ? 255 : colour->full;
    switch (colour->model) {
    case COLOUR_PALETTE:
        return prepare_palette(colour, fault);
    case COLOUR_YCBCR:
        return prepare_ycbcr(colour, fault);
    case COLOUR_CIELAB:
    case COLOUR_ICCLAB:
    case COLOUR_ITULAB:
        return prepare_lab(colour, fault);
    case COLOUR_RGB:
    case COLOUR_CMYK:
    case COLOUR_MODELS:
        break;
    }
    return true;
}

int colour_samples(const struct colour *colour)
{
    return models[colour->model].rows + (colour->alpha != ALPHA_NONE);
}

static void widen(enum sample_type type, const void *row, int64_t x, int n, double *out)
{
    const uint8_t *u8 = row;
    const uint16_t *u16 = row;
    const float *f32 = row;
    for (int i = 0; i < n && type == SAMPLE_U8; i++)
        out[i] = u8[x + i];
    for (int i = 0; i < n && type == SAMPLE_U16; i++)
        out[i] = u16[x + i];
    for (int i = 0; i < n && type == SAMPLE_F32; i++)
        out[i] = (double)f32[x + i];
}

static void narrow(const struct colour *colour, const double *in, int n, void *row, int64_t x)
{
    uint8_t *u8 = row;
    uint16_t *u16 = row;
    float *f32 = row;
    for (int i = 0; i < n && colour->to == SAMPLE_U8; i++)
        u8[x + i] = (uint8_t)(in[i] + 0.5);
    for (int i = 0; i < n && colour->to == SAMPLE_U16; i++)
        u16[x + i] = (uint16_t)(in[i] + 0.5);
    for (int i = 0; i < n && colour->to == SAMPLE_F32; i++)
        f32[x + i] = (float)in[i];
}

static void confine(const struct colour *colour, struct chunk *chunk)
{
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < chunk->n; i++)
            chunk->row[c][i] = clamp(chunk->row[c][i], 0, colour->peak);
}

static void show_over_black(const struct colour *colour, struct chunk *chunk)
{
    const double *alpha = chunk->row[ALPHA_ROW];
    for (int i = 0; i < chunk->n; i++) {
        double opacity = alpha[i] > 0 ? clamp(alpha[i] / colour->full, 0, 1) : 0;
        for (int c = 0; c < 3; c++)
            chunk->row[c][i] *= opacity;
    }
}

static void convert_run(const struct colour *colour, const void *const *rows, int64_t x, int n,
                        void *const out[3])
{
    const struct model *model = &models[colour->model];
    struct chunk chunk;
    chunk.n = n;
    for (int r = 0; r < model->rows; r++)
        widen(colour->from, rows[r], x, n, chunk.row[r]);
    if (colour->alpha != ALPHA_NONE)
        widen(colour->from, rows[model->rows], x, n, chunk.row[ALPHA_ROW]);
    model->convert(colour, &chunk);
    if (colour->to != SAMPLE_F32)
        confine(colour, &chunk);
    if (colour->alpha == ALPHA_UNASSOCIATED)
        show_over_black(colour, &chunk);
    for (int c = 0; c < 3; c++)
        narrow(colour, chunk.row[c], n, out[c], x);
}

void colour_rows(const struct colour *colour, const void *const *rows, int64_t n,
                 void *const out[3])
{
    bool as_it_is = colour->model == COLOUR_RGB && colour->alpha != ALPHA_UNASSOCIATED &&
                    colour->peak == colour->full;
    for (int c = 0; c < 3 && as_it_is; c++)
        memcpy(out[c], rows[c], (size_t)n * sample_bytes(colour->to));
    for (int64_t x = 0; x < n && !as_it_is; x += CHUNK)
        convert_run(colour, rows, x, n - x < CHUNK ? (int)(n - x) : CHUNK, out);
}
