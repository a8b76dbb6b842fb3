/* CIE L*a*b* to sRGB.
 *
 * L*a*b* is relative to its white, which becomes the screen's by Bradford's adaptation, as in ICC's
 * relative colorimetry: neutral colours stay neutral. What sRGB lacks is clipped. */
#include "source/colour_lab.h"

#include <math.h>

/* XYZ, for D65 of chromaticity (0.3127, 0.3290), to linear sRGB: IEC 61966-2-1, with more digits.
 */
static const double xyz_to_rgb[3][3] = {
    {3.2409699419045213, -1.5373831775700935, -0.4986107602930033},
    {-0.9692436362808798, 1.8759675015077206, 0.0415550574071756},
    {0.0556300796969936, -0.2039769588889766, 1.0569715142428786},
};
static const double d65_x = 0.3127, d65_y = 0.3290, d50_x = 0.34567, d50_y = 0.35850;

/* Bradford's cone responses, ICC.1:2010 annex E, and back. */
static const double to_cones[3][3] = {
    {0.8951, 0.2664, -0.1614},
    {-0.7502, 1.7135, 0.0367},
    {0.0389, -0.0685, 1.0296},
};
static const double from_cones[3][3] = {
    {0.9869929054667121, -0.1470542564209901, 0.1599626516637313},
    {0.4323052697233945, 0.5183602715367776, 0.0492912282128556},
    {-0.0085286645751773, 0.0400428216540849, 0.9684866957875500},
};

static void white_xyz(double x, double y, double xyz[3])
{
    xyz[0] = x / y;
    xyz[1] = 1;
    xyz[2] = (1 - x - y) / y;
}

static void apply(const double matrix[3][3], const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = matrix[i][0] * in[0] + matrix[i][1] * in[1] + matrix[i][2] * in[2];
}

/* Column by column: what X/Xn = 1 alone gives, then Y/Yn, then Z/Zn. */
static void prepare_matrix(struct lab *lab, double x, double y)
{
    double white[3], here[3], screen_white[3], there[3];
    white_xyz(x, y, white);
    white_xyz(d65_x, d65_y, screen_white);
    apply(to_cones, white, here);
    apply(to_cones, screen_white, there);
    for (int column = 0; column < 3; column++) {
        double xyz[3] = {0, 0, 0}, cones[3], rgb[3];
        xyz[column] = white[column];
        apply(to_cones, xyz, cones);
        for (int i = 0; i < 3; i++)
            cones[i] *= there[i] / here[i];
        apply(from_cones, cones, xyz);
        apply(xyz_to_rgb, xyz, rgb);
        for (int i = 0; i < 3; i++)
            lab->matrix[i][column] = rgb[i];
    }
}

/* IEC 61966-2-1: light 0 .. 1 of a level 0 .. 1. */
static double srgb_light(double level)
{
    return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4);
}

static void prepare_gates(struct lab *lab)
{
    int level = 0;
    lab->gates[0] = 0;
    for (int i = 1; i < 256; i++)
        lab->gates[i] = (float)srgb_light((i - 0.5) / 255);
    lab->gates[256] = INFINITY;
    for (int cell = 0; cell < LAB_CELLS; cell++) {
        while ((double)lab->gates[level + 1] <= (double)cell / LAB_CELLS)
            level++;
        lab->cells[cell] = (uint8_t)level;
    }
}

/* The adaptation divides by the white's cone responses. */
static bool is_white(double x, double y)
{
    double white[3], cones[3];
    if (!(x > 0 && y > 0))
        return false;
    white_xyz(x, y, white);
    apply(to_cones, white, cones);
    return cones[0] > 0 && cones[1] > 0 && cones[2] > 0;
}

void lab_prepare(struct lab *lab, double x, double y)
{
    bool given = is_white(x, y);
    prepare_matrix(lab, given ? x : d50_x, given ? y : d50_y);
    prepare_gates(lab);
}

/* The level whose stretch of light holds this much. */
static double level_of(const struct lab *lab, double light)
{
    int level;
    if (!(light > 0))
        return 0;
    if (light >= 1)
        return 255;
    level = lab->cells[(int)(light * LAB_CELLS)];
    while (light >= (double)lab->gates[level + 1])
        level++;
    return level;
}

/* CIE 15: t of f(t). */
static double light_of(double f)
{
    const double knee = 6.0 / 29;
    return f > knee ? f * f * f : 3 * knee * knee * (f - 4.0 / 29);
}

void lab_to_rgb(const struct lab *lab, const double value[3], double rgb[3])
{
    double y = (value[0] + 16) / 116;
    double xyz[3] = {light_of(y + value[1] / 500), light_of(y), light_of(y - value[2] / 200)};
    double light[3];
    apply(lab->matrix, xyz, light);
    for (int i = 0; i < 3; i++)
        rgb[i] = level_of(lab, light[i]);
}
