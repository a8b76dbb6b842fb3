/* What GDAL and GeoTIFF tell in tags of their own. Private to src/source. */
#ifndef SOURCE_GDAL_H
#define SOURCE_GDAL_H

#include <stdbool.h>
#include <stdint.h>

#include "source/source.h"
#include "source/tiff_directory.h"
#include "source/xml.h"

/* From GDAL_METADATA. */
struct gdal {
    bool has_line;           /* slope and intercept are told; they are 1 and 0 otherwise */
    double slope, intercept; /* SCALE and OFFSET */
    char unit[24];           /* UNITTYPE, printable ASCII */
    char title[64];          /* DESCRIPTION */
};

/* Reads the metadata of sample `sample` (0-based) of each pixel. The items are told to `sink` too,
 * unless it is NULL. False when the XML cannot be read; *gdal holds what came before. */
bool gdal_parse(struct xml_text *text, int32_t sample, struct gdal *gdal, struct fact_sink *sink,
                struct fault *fault);

/* From the GeoTIFF keys. */
struct geo {
    double spacing_x, spacing_y; /* mm; 0 where they are no lengths, or of an unknown unit */
    int system; /* EPSG code, where the spacing's unit is known from it alone; else 0 */
    bool has_tie;
    double tie[6];            /* column, row, level; x, y, z in the model */
    double scale_x, scale_y;  /* in the model's units, 0 = not told */
    const char *model, *unit; /* "projected", "metre"; "" = not told */
    char citation[200];       /* printable ASCII */
};

/* False when the directory has nothing of GeoTIFF. */
bool geo_read(struct tiff_file *file, struct tiff_directory *directory, struct geo *geo);

#endif
