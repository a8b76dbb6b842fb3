/* CIE L*a*b* to sRGB levels. Private to src/source; see colour.h. */
#ifndef SOURCE_COLOUR_LAB_H
#define SOURCE_COLOUR_LAB_H

#include <stdbool.h>
#include <stdint.h>

enum { LAB_CELLS = 1024 };

struct lab {
    double matrix[3][3];      /* X/Xn, Y/Yn, Z/Zn to linear red, green and blue, D65 */
    float gates[257];         /* the least light that is rounded to each level, and infinity */
    uint8_t cells[LAB_CELLS]; /* the level that each 1/LAB_CELLS of the range begins with */
};

/* For L*a*b* relative to a white of CIE chromaticity (x, y), which is shown as the screen's; where
 * that is no colour that could be white, D50 is taken. */
void lab_prepare(struct lab *lab, double x, double y);

/* L* 0 .. 100, a*, b* to red, green, blue 0 .. 255, whole numbers. NaN is black. */
void lab_to_rgb(const struct lab *lab, const double value[3], double rgb[3]);

#endif
