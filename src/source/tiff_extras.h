/* What others than TIFF's authors write into TIFF directories, fetched from them. Private to
 * src/source/tiff_*.c. */
#ifndef SOURCE_TIFF_EXTRAS_H
#define SOURCE_TIFF_EXTRAS_H

#include "source/gdal.h"
#include "source/imagej.h"
#include "source/ome.h"
#include "source/tiff.h"

enum { TIFF_DESCRIPTION = 4096 /* bytes of a description that are looked at; XML is read whole */ };

/* The description of a directory, or of the file's first (0); cut to TIFF_DESCRIPTION, "" when
 * there is none. */
void tiff_description(struct tiff_source *tiff, int64_t directory, char text[TIFF_DESCRIPTION]);

/* What a program told of the page in a directory. TOLD_BADLY: it did, but it cannot be read, and a
 * fault says why. */
enum tiff_told { TOLD_NOTHING, TOLD, TOLD_BADLY };

enum tiff_told tiff_ome(struct tiff_source *tiff, int32_t page, struct ome *ome,
                        struct fault *fault);
enum tiff_told tiff_gdal(struct tiff_source *tiff, int64_t directory, int32_t sample,
                         struct gdal *gdal, struct fact_sink *sink, struct fault *fault);
bool tiff_geo(struct tiff_source *tiff, int64_t directory, struct geo *geo);

/* ImageJ describes the file's first directory only, and means them all. */
bool tiff_imagej(struct tiff_source *tiff, int64_t directory, struct imagej *imagej);

/* Which sample of each pixel a page is made from (0-based), as far as metadata care. */
int32_t tiff_sample_of(const struct page *page);

#endif
