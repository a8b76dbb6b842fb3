/* Colour maps: from a display level to a colour. Tables of 256 colours of 8 bits, so that pictures
 * of more bits show the same colours.
 *
 * hot-iron and pet are DICOM's (PS3.6 Annex B.1), viridis and cividis matplotlib's, which its
 * authors gave to the public domain (CC0; cividis is by Nuñez, Anderton and Renslow, 2018).
 * spectrum goes through the hues from blue over green to red, all of full saturation. gray and
 * inverted are no colours: pictures shown through them stay gray. */
#ifndef TONE_COLORMAP_H
#define TONE_COLORMAP_H

#include <stdbool.h>
#include <stdint.h>

enum colormap {
    COLORMAP_GRAY,
    COLORMAP_INVERTED, /* gray, white to black */
    COLORMAP_HOT_IRON,
    COLORMAP_PET,
    COLORMAP_SPECTRUM,
    COLORMAP_VIRIDIS,
    COLORMAP_CIVIDIS,
    COLORMAPS
};

enum { COLORMAP_COLOURS = 256 };

extern const char *const colormap_names[]; /* by enum colormap; ends with NULL */

/* False for gray and inverted. */
bool colormap_has_colours(enum colormap map);

/* Red, green and blue of a level. */
void colormap_colour(enum colormap map, uint8_t level, uint8_t colour[3]);

#endif
