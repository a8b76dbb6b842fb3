/* Colour conversions against the formulas of the standards, worked out here in other ways. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "source/colour.h"
#include "source/colour_lab.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LONGEST = 1000, MARGIN = 0x5a };

/* One run: what comes in and goes out, as numbers and as rows of the types wanted. */
static struct {
    double in[COLOUR_ROWS_MAX][LONGEST], out[3][LONGEST];
    uint64_t rows[COLOUR_ROWS_MAX][LONGEST], results[3][LONGEST + 1];
} run;

static void put(enum sample_type type, void *row, int64_t i, double value)
{
    if (type == SAMPLE_U8)
        ((uint8_t *)row)[i] = (uint8_t)value;
    else if (type == SAMPLE_U16)
        ((uint16_t *)row)[i] = (uint16_t)value;
    else
        ((float *)row)[i] = (float)value;
}

/* Converts run.in to run.out; false when a byte behind the results was written. */
static bool convert(const struct colour *colour, int64_t n)
{
    const void *rows[COLOUR_ROWS_MAX] = {NULL};
    void *out[3];
    size_t bytes = (size_t)n * sample_bytes(colour->to);
    bool kept = true;
    for (int r = 0; r < colour_samples(colour); r++) {
        rows[r] = run.rows[r];
        for (int64_t i = 0; i < n; i++)
            put(colour->from, run.rows[r], i, run.in[r][i]);
    }
    memset(run.results, MARGIN, sizeof run.results);
    for (int c = 0; c < 3; c++)
        out[c] = run.results[c];
    colour_rows(colour, rows, n, out);
    for (int c = 0; c < 3; c++) {
        kept = kept && ((uint8_t *)out[c])[bytes] == MARGIN;
        for (int64_t i = 0; i < n; i++)
            run.out[c][i] = sample_value(colour->to, out[c], i);
    }
    return kept;
}

static struct colour prepared(struct colour colour)
{
    struct fault fault = {0};
    CU_ASSERT_FATAL(colour_prepare(&colour, &fault));
    return colour;
}

/* Whether n samples that were put in run.in come out as they were multiplied and rounded. */
static bool scales(const struct colour *colour, int n, double factor)
{
    bool right = convert(colour, n);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < n; i++)
            right = right && run.out[c][i] == floor(run.in[c][i] * factor + 0.5);
    return right;
}

static bool rgb_is_right(enum colour_alpha alpha, int bits)
{
    enum sample_type from = bits <= 8 ? SAMPLE_U8 : SAMPLE_U16;
    struct colour colour = prepared((struct colour){.alpha = alpha, .from = from, .bits = bits});
    int most = (1 << bits) - 1, n = most < LONGEST ? most + 1 : LONGEST;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < n; i++)
            run.in[c][i] = c ? most - i : i;
    return colour.to == from && scales(&colour, n, bits < 8 ? 255.0 / most : 1);
}

static void rgb_keeps_its_range_from_8_bits_on(void)
{
    for (int bits = 1; bits <= 16; bits++) {
        CU_ASSERT(rgb_is_right(ALPHA_NONE, bits));
        CU_ASSERT(rgb_is_right(ALPHA_ASSOCIATED, bits));
    }
}

static void floating_rgb_stays_bit_for_bit(void)
{
    static const uint32_t bits[] = {0x3f000000, SAMPLE_LOST_F32, 0x7f800000, 0xff800000,
                                    0x00000001, 0xc7c35000,      0x7f800001, 0x7fc00000};
    struct colour colour = prepared((struct colour){.from = SAMPLE_F32});
    uint32_t out[3][COUNT(bits)];
    colour_rows(&colour, (const void *[]){bits, bits, bits}, COUNT(bits),
                (void *[]){out[0], out[1], out[2]});
    CU_ASSERT_EQUAL(colour.to, SAMPLE_F32);
    for (int c = 0; c < 3; c++)
        CU_ASSERT(!memcmp(out[c], bits, sizeof bits));
}

static void more_alpha_than_full_counts_as_full(void)
{
    static const double cases[][3] = {{0.8, 0.5, 0.4}, {0.8, 1.5, 0.8},    {0.8, -1, 0},
                                      {3, 0.5, 1.5},   {-0.5, 0.5, -0.25}, {0.8, NAN, 0}};
    struct colour colour =
        prepared((struct colour){.alpha = ALPHA_UNASSOCIATED, .from = SAMPLE_F32});
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int r = 0; r < 4; r++)
            run.in[r][i] = cases[i][r < 3 ? 0 : 1];
    }
    CU_ASSERT(convert(&colour, COUNT(cases)));
    for (size_t i = 0; i < COUNT(cases); i++)
        CU_ASSERT_DOUBLE_EQUAL(run.out[2][i], cases[i][2], 1e-6);
}

/* A map of `entries` levels, and what the test expects of it. */
static uint16_t map[3][65536];

static void make_map(int entries, bool deep)
{
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < entries; i++)
            map[c][i] = (uint16_t)((i * 40503u + (uint32_t)c * 9973u) &
                                   (deep && entries > 100 ? 0xffff : 0xff));
    map[1][entries - 1] = deep ? 256 : 255; /* the least that tells a deep map */
}

static double mapped(int c, double index, int entries)
{
    bool deep = map[1][entries - 1] == 256;
    double level = index < entries ? map[c][(int)index] : 0;
    return deep ? floor(level * 255 / 65535 + 0.5) : level;
}

static void palettes_are_looked_up(void)
{
    static const struct {
        int bits, entries;
        bool deep;
    } cases[] = {{1, 2, true},     {4, 16, true},     {8, 256, true},    {8, 256, false},
                 {8, 100, true},   {8, 1, true},      {12, 4096, false}, {16, 65536, true},
                 {16, 300, false}, {16, 65536, false}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        int wrong = 0, entries = cases[k].entries;
        struct colour colour = {.model = COLOUR_PALETTE,
                                .from = cases[k].bits <= 8 ? SAMPLE_U8 : SAMPLE_U16,
                                .bits = cases[k].bits,
                                .palette = {map[0], map[1], map[2]},
                                .entries = entries};
        make_map(entries, cases[k].deep);
        colour = prepared(colour);
        CU_ASSERT_EQUAL(colour.to, SAMPLE_U8);
        for (int i = 0; i < LONGEST; i++)
            run.in[0][i] = (i * (cases[k].bits > 12 ? 131 : 1)) & ((1 << cases[k].bits) - 1);
        CU_ASSERT(convert(&colour, LONGEST));
        for (int i = 0; i < LONGEST; i++)
            for (int c = 0; c < 3; c++)
                wrong += run.out[c][i] != mapped(c, run.in[0][i], entries);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* Lindbloom's published matrix of sRGB adapted to D50, and IEC 61966-2-1's for D65. */
static const double srgb_d50[3][3] = {{0.4360747, 0.3850649, 0.1430804},
                                      {0.2225045, 0.7168786, 0.0606169},
                                      {0.0139322, 0.0971045, 0.7141733}};
static const double srgb_d65[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                      {0.2126729, 0.7151522, 0.0721750},
                                      {0.0193339, 0.1191920, 0.9503041}};

static void white_of(const double matrix[3][3], double white[3])
{
    for (int i = 0; i < 3; i++)
        white[i] = matrix[i][0] + matrix[i][1] + matrix[i][2];
}

static double determinant(const double m[3][3])
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
           m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* Cramer's rule. */
static void solve(const double matrix[3][3], const double right[3], double x[3])
{
    for (int k = 0; k < 3; k++) {
        double with[3][3];
        memcpy(with, matrix, sizeof with);
        for (int i = 0; i < 3; i++)
            with[i][k] = right[i];
        x[k] = determinant((const double(*)[3])with) / determinant(matrix);
    }
}

/* CIE 1976, forth: levels 0 .. 255 to L*a*b*. */
static void lab_of(const double matrix[3][3], const double rgb[3], double lab[3])
{
    double white[3], f[3];
    white_of(matrix, white);
    for (int i = 0; i < 3; i++) {
        double t = 0;
        for (int c = 0; c < 3; c++) {
            double v = rgb[c] / 255;
            t += matrix[i][c] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
        }
        t /= white[i];
        f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

/* ... and back. */
static void rgb_of(const double matrix[3][3], const double lab[3], double rgb[3])
{
    double white[3], xyz[3], light[3], f[3];
    white_of(matrix, white);
    f[1] = (lab[0] + 16) / 116;
    f[0] = f[1] + lab[1] / 500;
    f[2] = f[1] - lab[2] / 200;
    for (int i = 0; i < 3; i++)
        xyz[i] = white[i] *
                 (pow(f[i], 3) > 216.0 / 24389 ? pow(f[i], 3) : (116 * f[i] - 16) * 27 / 24389);
    solve(matrix, xyz, light);
    for (int i = 0; i < 3; i++) {
        double v = fmin(fmax(light[i], 0), 1);
        rgb[i] = 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055);
    }
}

static void floating_lab_goes_forth_and_back(void)
{
    static const struct {
        const double (*matrix)[3];
        float white[2];
    } cases[] = {{srgb_d50, {0, 0}},
                 {srgb_d50, {0.3457f, 0.3585f}},
                 {srgb_d50, {NAN, 0.3f}},
                 {srgb_d50, {INFINITY, 1}},
                 {srgb_d50, {0.9f, 0.1f}}, /* the cone responses of these are negative */
                 {srgb_d50, {0.1f, 0.9f}},
                 {srgb_d50, {0.001f, 0.0001f}},
                 {srgb_d65, {0.3127f, 0.3290f}}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        double colours[LONGEST][3];
        int wrong = 0;
        struct colour colour = {.model = COLOUR_CIELAB,
                                .from = SAMPLE_F32,
                                .white = {cases[k].white[0], cases[k].white[1]}};
        colour = prepared(colour);
        for (int i = 0; i < LONGEST; i++) { /* all grays, primaries and their kin, and others */
            double lab[3];
            for (int c = 0; c < 3; c++)
                colours[i][c] = i < 256   ? i
                                : i < 264 ? 255 * (i >> c & 1)
                                          : (i * 7919 >> (3 * c)) & 255;
            lab_of(cases[k].matrix, colours[i], lab);
            for (int c = 0; c < 3; c++)
                run.in[c][i] = lab[c];
        }
        CU_ASSERT(convert(&colour, LONGEST));
        for (int i = 0; i < LONGEST; i++)
            for (int c = 0; c < 3; c++)
                wrong += fabs(run.out[c][i] - colours[i][c]) > (i < 256 ? 0 : 1);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* Every cell of light and every gate between two levels: L* in small steps, to the level that the
 * standard's curve rounds to. */
static void each_level_begins_where_the_curve_says(void)
{
    struct lab lab;
    int wrong = 0;
    lab_prepare(&lab, 0.3127, 0.3290);
    for (int i = 0; i <= 20000; i++) {
        double rgb[3], level[3], value[3] = {i / 200.0, 0, 0};
        lab_to_rgb(&lab, value, rgb);
        rgb_of(srgb_d65, value, level);
        if (fabs(level[1] - floor(level[1]) - 0.5) > 0.001)
            wrong += rgb[1] != floor(level[1] + 0.5) || rgb[0] != rgb[1] || rgb[2] != rgb[1];
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void senseless_lab_is_some_colour(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e38, -1e38};
    struct colour colour = prepared((struct colour){.model = COLOUR_CIELAB, .from = SAMPLE_F32});
    for (int i = 0; i < 125; i++) {
        run.in[0][i] = odd[i % 5];
        run.in[1][i] = odd[i / 5 % 5];
        run.in[2][i] = odd[i / 25];
    }
    CU_ASSERT(convert(&colour, 125));
    CU_ASSERT_EQUAL(run.out[0][0] + run.out[1][0] + run.out[2][0], 0);
}

/* Stored triples whose colours are known: the levels of white, black, a middle gray (L* = 53.585 is
 * level 128, L* = 50 level 119) and sRGB's primaries, as far as the encoding can say them. */
static void known_colours_come_out(void)
{
    static const struct {
        enum colour_model model;
        int bits, in[4], out[3], within;
    } cases[] = {
        {COLOUR_CIELAB, 8, {255, 0, 0}, {255, 255, 255}, 0},
        {COLOUR_CIELAB, 8, {0, 0, 0}, {0, 0, 0}, 0},
        {COLOUR_CIELAB, 8, {137, 0, 0}, {128, 128, 128}, 1},
        {COLOUR_CIELAB, 8, {138, 81, 70}, {255, 0, 0}, 4},        /* red: 54.29 80.81 69.89 */
        {COLOUR_CIELAB, 8, {224, 256 - 79, 81}, {0, 255, 0}, 12}, /* green: 87.82 -79.29 80.99 */
        {COLOUR_CIELAB, 16, {65535, 0, 0}, {255, 255, 255}, 0},
        {COLOUR_CIELAB, 16, {32768, 0, 0}, {119, 119, 119}, 0},
        {COLOUR_CIELAB, 16, {35578, 20687, 17892}, {255, 0, 0}, 1},
        {COLOUR_CIELAB, 16, {57553, 65536 - 20297, 20733}, {0, 255, 0}, 1},
        {COLOUR_CIELAB,
         16,
         {19377, 17484, 65536 - 28680},
         {0, 0, 255},
         1}, /* 29.57 68.30 -112.03 */
        {COLOUR_ICCLAB, 8, {255, 128, 128}, {255, 255, 255}, 0},
        {COLOUR_ICCLAB, 8, {138, 209, 198}, {255, 0, 0}, 4},
        {COLOUR_ICCLAB, 16, {65280, 32768, 32768}, {255, 255, 255}, 0},
        {COLOUR_ICCLAB, 16, {65535, 32768, 32768}, {255, 255, 255}, 0},
        {COLOUR_ICCLAB, 16, {32640, 32768, 32768}, {119, 119, 119}, 0},
        {COLOUR_ICCLAB, 16, {35440, 53455, 50660}, {255, 0, 0}, 1},
        {COLOUR_ITULAB, 8, {255, 128, 96}, {255, 255, 255}, 0},
        {COLOUR_ITULAB, 8, {0, 128, 96}, {0, 0, 0}, 0},
        {COLOUR_ITULAB, 12, {4095, 2048, 1536}, {255, 255, 255}, 0},
        {COLOUR_ITULAB, 12, {2223, 2048 + 1947, 1536 + 1431}, {255, 0, 0}, 1},
        {COLOUR_YCBCR, 8, {255, 128, 128}, {255, 255, 255}, 0},
        {COLOUR_YCBCR, 8, {0, 128, 128}, {0, 0, 0}, 0},
        {COLOUR_YCBCR, 8, {76, 85, 255}, {255, 0, 0}, 1},
        {COLOUR_YCBCR, 8, {150, 44, 21}, {0, 255, 0}, 1},
        {COLOUR_YCBCR, 8, {29, 255, 107}, {0, 0, 255}, 1},
        {COLOUR_YCBCR, 16, {65535, 32768, 32768}, {65535, 65535, 65535}, 0},
        {COLOUR_CMYK, 8, {0, 0, 0, 0}, {255, 255, 255}, 0},
        {COLOUR_CMYK, 8, {255, 0, 0, 0}, {0, 255, 255}, 0},
        {COLOUR_CMYK, 8, {0, 255, 255, 0}, {255, 0, 0}, 0},
        {COLOUR_CMYK, 8, {0, 0, 0, 255}, {0, 0, 0}, 0},
        {COLOUR_CMYK, 8, {0, 100, 255, 155}, {100, 61, 0}, 0},
        {COLOUR_CMYK, 4, {0, 15, 5, 0}, {255, 0, 170}, 0},
        {COLOUR_CMYK, 12, {0, 4095, 1000, 0}, {4095, 0, 3095}, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool right = true;
        struct colour colour = {.model = cases[i].model,
                                .from = cases[i].bits <= 8 ? SAMPLE_U8 : SAMPLE_U16,
                                .bits = cases[i].bits};
        colour = prepared(colour);
        for (int r = 0; r < 4; r++)
            run.in[r][0] = cases[i].in[r];
        CU_ASSERT(convert(&colour, 1));
        for (int c = 0; c < 3; c++)
            right = right && fabs(run.out[c][0] - cases[i].out[c]) <= cases[i].within;
        CU_ASSERT(right);
    }
}

/* The models as their standards write them, for a sample of each row. */
static void model_cmyk(const struct colour *colour, const double in[5], double most, double out[3])
{
    bool mixed = colour->alpha == ALPHA_ASSOCIATED;
    double alpha = mixed ? in[4] / most : 1; /* inks come multiplied by it */
    for (int c = 0; c < 3; c++) {
        double ink = fmin(in[c] / most / alpha, 1), black = fmin(in[3] / most / alpha, 1);
        out[c] = alpha > 0 ? (1 - ink) * (1 - black) * alpha : 0;
    }
}

static void model_ycbcr(const struct colour *colour, const double in[5], double most, double out[3])
{
    double half = (most + 1) / 2, kr = 0.299, kg = 0.587, kb = 0.114;
    double reference[6] = {0, most, half, most, half, most}, y, cb, cr;
    for (int i = 0; i < 6 && colour->reference[1] > 0; i++)
        reference[i] = (double)colour->reference[i];
    if (colour->luma[1] > 0) {
        kr = (double)colour->luma[0];
        kg = (double)colour->luma[1];
        kb = (double)colour->luma[2];
    }
    y = (in[0] - reference[0]) * most / (reference[1] - reference[0]);
    cb = (in[1] - reference[2]) * (half - 1) / (reference[3] - reference[2]);
    cr = (in[2] - reference[4]) * (half - 1) / (reference[5] - reference[4]);
    out[0] = (cr * (2 - 2 * kr) + y) / most;
    out[2] = (cb * (2 - 2 * kb) + y) / most;
    out[1] = (y / most - kb * out[2] - kr * out[0]) / kg;
}

static void model_lab(const struct colour *colour, const double in[5], double out[3])
{
    bool deep = colour->bits == 16;
    int a = (int)in[1], b = (int)in[2];
    double lab[3], range = ldexp(1, colour->bits) - 1, unit = ldexp(1, colour->bits - 8);
    if (colour->model == COLOUR_CIELAB) {
        lab[0] = in[0] * 100 / range;
        lab[1] = deep ? (int16_t)a / 256.0 : (int8_t)a;
        lab[2] = deep ? (int16_t)b / 256.0 : (int8_t)b;
    } else if (colour->model == COLOUR_ICCLAB) {
        lab[0] = in[0] * 100 / (deep ? 65280 : 255);
        lab[1] = (deep ? a / 256.0 : a) - 128;
        lab[2] = (deep ? b / 256.0 : b) - 128;
    } else if (colour->decode[1] > 0) {
        for (int i = 0; i < 3; i++)
            lab[i] = (double)colour->decode[2 * i] +
                     in[i] * (double)(colour->decode[2 * i + 1] - colour->decode[2 * i]) / range;
    } else {
        lab[0] = in[0] * 100 / range;
        lab[1] = (a - 128 * unit) * 170 / range;
        lab[2] = (b - 96 * unit) * 200 / range;
    }
    rgb_of(srgb_d50, lab, out);
    for (int c = 0; c < 3; c++)
        out[c] /= 255;
}

/* What the i-th samples should come out as, not rounded. */
static void model(const struct colour *colour, int i, double peak, double out[3])
{
    double in[5], most = colour->bits ? ldexp(1, colour->bits) - 1 : 1;
    int alpha_row = colour_samples(colour) - 1;
    for (int r = 0; r < 5; r++)
        in[r] = run.in[r][i];
    in[4] = run.in[alpha_row][i];
    for (int c = 0; c < 3; c++)
        if (colour->model == COLOUR_RGB)
            out[c] = in[c] / most;
        else if (colour->model == COLOUR_PALETTE)
            out[c] = mapped(c, in[0], colour->entries) / 255;
    if (colour->model == COLOUR_CMYK)
        model_cmyk(colour, in, most, out);
    if (colour->model == COLOUR_YCBCR)
        model_ycbcr(colour, in, most, out);
    if (colour->model >= COLOUR_CIELAB)
        model_lab(colour, in, out);
    for (int c = 0; c < 3; c++) {
        out[c] = fmin(fmax(out[c], 0), 1) * peak;
        if (colour->alpha == ALPHA_UNASSOCIATED)
            out[c] *= in[4] / most;
    }
}

static uint32_t dice(void)
{
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

/* Anything, with the ends of the range as often as everything between. */
static void throw_samples(const struct colour *colour, int n)
{
    for (int r = 0; r < COLOUR_ROWS_MAX; r++)
        for (int i = 0; i < n; i++) {
            double most = ldexp(1, colour->bits) - 1, any = ldexp(dice(), colour->bits - 32);
            run.in[r][i] = colour->bits ? floor(any) : (double)(float)ldexp(dice() >> 8, -24);
            if (dice() % 4 == 0)
                run.in[r][i] = dice() % 2 ? most : 0;
            if (dice() % 4 == 0 && !colour->bits)
                run.in[r][i] = dice() % 2;
        }
}

/* How many of n random samples are further from the model than rounding and `within` explain. */
static int wrong_samples(const struct colour *colour, int n, double within)
{
    double most = colour->bits ? ldexp(1, colour->bits) - 1 : 1;
    double peak = colour->to == SAMPLE_U8 ? 255 : most;
    int wrong = 0;
    within += colour->to == SAMPLE_F32 ? 0 : 0.5;
    throw_samples(colour, n);
    wrong += !convert(colour, n);
    for (int i = 0; i < n; i++) {
        double right[3];
        model(colour, i, peak, right);
        for (int c = 0; c < 3; c++)
            wrong += !(fabs(run.out[c][i] - right[c]) <= within);
    }
    return wrong;
}

/* Models and bits, 0 = floating samples. `within` is in whole levels, or of full for floats. */
static const struct sweep {
    struct colour colour;
    int bits[8]; /* ends with -1 */
    double within;
} sweeps[] = {
    {{.model = COLOUR_RGB}, {1, 3, 8, 10, 16, -1}, 1e-9},
    {{.model = COLOUR_RGB, .from = SAMPLE_F32}, {0, -1}, 1e-7},
    {{.model = COLOUR_RGB, .from = SAMPLE_F32}, {24, -1}, 1},
    {{.model = COLOUR_PALETTE}, {2, 8, 16, -1}, 1e-9},
    {{.model = COLOUR_CMYK}, {1, 4, 8, 12, 16, -1}, 1e-9},
    {{.model = COLOUR_CMYK, .from = SAMPLE_F32}, {0, -1}, 1e-6},
    {{.model = COLOUR_YCBCR}, {2, 5, 8, 12, 16, -1}, 1e-9},
    {{.model = COLOUR_YCBCR, .luma = {0.2125f, 0.7154f, 0.0721f}}, {8, 16, -1}, 0.002},
    {{.model = COLOUR_YCBCR, .reference = {16, 235, 128, 240, 128, 240}}, {8, -1}, 1e-9},
    {{.model = COLOUR_YCBCR, .reference = {15, 235, 120, 200, 140, 230}}, {8, -1}, 1e-9},
    {{.model = COLOUR_CIELAB}, {8, 16, -1}, 0.5},
    {{.model = COLOUR_ICCLAB}, {8, 16, -1}, 0.5},
    {{.model = COLOUR_ITULAB}, {8, 12, 16, -1}, 0.5},
    {{.model = COLOUR_ITULAB, .decode = {0, 100, -75, 75, -60, 90}}, {8, 12, -1}, 0.5},
};

static int wrong_in_sweep(const struct sweep *sweep, int bits, enum colour_alpha alpha)
{
    static const int lengths[] = {1, 127, 128, 129, LONGEST, LONGEST};
    struct colour colour = sweep->colour;
    int wrong = 0;
    colour.alpha = alpha;
    colour.bits = bits;
    if (colour.from != SAMPLE_F32)
        colour.from = bits <= 8 ? SAMPLE_U8 : SAMPLE_U16;
    colour.entries = bits < 16 ? 1 << bits : 60000;
    if (colour.model == COLOUR_PALETTE)
        make_map(colour.entries, alpha == ALPHA_NONE);
    for (int c = 0; c < 3; c++)
        colour.palette[c] = map[c];
    colour = prepared(colour);
    for (size_t i = 0; i < COUNT(lengths); i++)
        wrong += wrong_samples(&colour, lengths[i], sweep->within);
    return wrong;
}

static void random_samples_agree_with_the_standards(void)
{
    for (size_t k = 0; k < COUNT(sweeps); k++)
        for (const int *bits = sweeps[k].bits; *bits >= 0; bits++) {
            CU_ASSERT_EQUAL(wrong_in_sweep(&sweeps[k], *bits, ALPHA_NONE), 0);
            CU_ASSERT_EQUAL(wrong_in_sweep(&sweeps[k], *bits, ALPHA_ASSOCIATED), 0);
            CU_ASSERT_EQUAL(wrong_in_sweep(&sweeps[k], *bits, ALPHA_UNASSOCIATED), 0);
        }
}

static void samples_are_counted(void)
{
    static const int rows[COLOUR_MODELS] = {3, 1, 4, 3, 3, 3, 3};
    for (int m = 0; m < COLOUR_MODELS; m++) {
        CU_ASSERT_EQUAL(colour_samples(&(struct colour){.model = m}), rows[m]);
        CU_ASSERT_EQUAL(colour_samples(&(struct colour){.model = m, .alpha = ALPHA_ASSOCIATED}),
                        rows[m] + 1);
    }
}

static void what_has_no_meaning_is_refused(void)
{
    static const struct {
        struct colour colour;
        enum fault_kind kind;
        const char *sentence;
    } cases[] = {
        {{.model = COLOUR_YCBCR, .from = SAMPLE_F32},
         FAULT_UNSUPPORTED,
         "YCbCr pictures of floating-point samples are not supported"},
        {{.model = COLOUR_CIELAB, .from = SAMPLE_F32, .bits = 32},
         FAULT_UNSUPPORTED,
         "CIELab pictures of 32-bit samples are not supported"},
        {{.model = COLOUR_CIELAB, .from = SAMPLE_U16, .bits = 12},
         FAULT_UNSUPPORTED,
         "CIELab pictures of 12-bit samples are not supported"},
        {{.model = COLOUR_ICCLAB, .bits = 4},
         FAULT_UNSUPPORTED,
         "ICCLab pictures of 4-bit samples are not supported"},
        {{.model = COLOUR_RGB, .from = SAMPLE_U16, .bits = 17},
         FAULT_UNSUPPORTED,
         "RGB pictures of 17-bit samples are not supported"},
        {{.model = COLOUR_RGB, .from = SAMPLE_U8, .bits = 9},
         FAULT_UNSUPPORTED,
         "RGB pictures of 9-bit samples are not supported"},
        {{.model = COLOUR_RGB, .from = SAMPLE_U16},
         FAULT_UNSUPPORTED,
         "RGB pictures of 0-bit samples are not supported"},
        {{.model = COLOUR_RGB, .bits = -1},
         FAULT_UNSUPPORTED,
         "RGB pictures of -1-bit samples are not supported"},
        {{.model = COLOUR_PALETTE, .bits = 8}, FAULT_FORMAT, "the colour map is missing"},
        {{.model = COLOUR_PALETTE, .bits = 8, .palette = {map[0], map[1], map[2]}},
         FAULT_FORMAT,
         "the colour map is missing"},
        {{.model = COLOUR_YCBCR, .bits = 8, .luma = {0.5f, 0, 0.5f}},
         FAULT_FORMAT,
         "its YCbCrCoefficients make no sense"},
        {{.model = COLOUR_YCBCR, .bits = 8, .luma = {NAN, 0.5f, 0.5f}},
         FAULT_FORMAT,
         "its YCbCrCoefficients make no sense"},
        {{.model = COLOUR_YCBCR, .bits = 8, .reference = {7, 7, 128, 255, 128, 255}},
         FAULT_FORMAT,
         "its ReferenceBlackWhite makes no sense"},
        {{.model = COLOUR_YCBCR, .bits = 8, .reference = {0, 255, 128, 128, 128, 255}},
         FAULT_FORMAT,
         "its ReferenceBlackWhite makes no sense"},
        {{.model = COLOUR_YCBCR, .bits = 8, .reference = {0, 255, 128, 255, 128, 128}},
         FAULT_FORMAT,
         "its ReferenceBlackWhite makes no sense"},
        {{.model = COLOUR_YCBCR, .bits = 8, .reference = {0, 255, 128, 255, 128, INFINITY}},
         FAULT_FORMAT,
         "its ReferenceBlackWhite makes no sense"},
        {{.model = COLOUR_ITULAB, .bits = 8, .decode = {0, INFINITY}},
         FAULT_FORMAT,
         "its Decode values make no sense"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct colour colour = cases[i].colour;
        struct fault fault = {0};
        CU_ASSERT(!colour_prepare(&colour, &fault));
        CU_ASSERT_EQUAL(fault.kind, cases[i].kind);
        CU_ASSERT_STRING_EQUAL(fault.text, cases[i].sentence);
    }
}

/* Tags of the wildest numbers, and integers with more bits than told: any colour, but no harm. */
static void wild_values_do_no_harm(void)
{
    static const struct colour wild[] = {
        {.model = COLOUR_YCBCR, .bits = 8, .luma = {3e38f, 1e-45f, -3e38f}},
        {.model = COLOUR_YCBCR, .bits = 8, .reference = {0, 1e-45f, -3e38f, 3e38f, 1, 2}},
        {.model = COLOUR_ITULAB, .bits = 8, .decode = {-3e38f, 3e38f, 3e38f, -3e38f, 1, 1}},
        {.model = COLOUR_CMYK, .bits = 4, .alpha = ALPHA_ASSOCIATED},
        {.model = COLOUR_RGB, .bits = 2, .alpha = ALPHA_UNASSOCIATED},
    };
    for (size_t k = 0; k < COUNT(wild); k++) {
        struct colour colour = prepared(wild[k]);
        struct colour bytes = {.bits = 8};
        throw_samples(&bytes, LONGEST);
        CU_ASSERT(convert(&colour, LONGEST));
    }
}

SUITE("colour",
      {"RGB of fewer than 8 bits is scaled to 255, of more it keeps its range",
       rgb_keeps_its_range_from_8_bits_on},
      {"floating-point RGB stays bit for bit", floating_rgb_stays_bit_for_bit},
      {"alpha counts from 0 to full, NaN as 0", more_alpha_than_full_counts_as_full},
      {"palettes are looked up, of 16 bits or of 8", palettes_are_looked_up},
      {"floating-point L*a*b* goes forth and back", floating_lab_goes_forth_and_back},
      {"each level begins where sRGB's curve says", each_level_begins_where_the_curve_says},
      {"senseless L*a*b* is some colour", senseless_lab_is_some_colour},
      {"white, black and the primaries come out", known_colours_come_out},
      {"random samples of every model, depth and alpha agree with the standards",
       random_samples_agree_with_the_standards},
      {"samples are counted", samples_are_counted},
      {"what has no meaning is refused with a sentence", what_has_no_meaning_is_refused},
      {"wild values do no harm", wild_values_do_no_harm})
