/* What a page is, in words for people. */
#ifndef APP_DESCRIBE_H
#define APP_DESCRIBE_H

#include <stddef.h>

#include "source/page.h"

/* "32-bit float", "12-bit unsigned, 3 samples": as stored. */
void describe_type(const struct page *page, char *text, size_t room);

/* "unsigned", "signed", "float", "complex integer", "complex float" */
const char *describe_format(enum sample_format format);

/* "one strip", "strips of 16 rows", "tiles of 256 x 256" */
void describe_blocks(const struct page *page, char *text, size_t room);

/* What must be done to the stored rows so that they stand upright: "as stored", "turned right by 90
 * degrees", ... for TIFF's 1 .. 8. */
const char *describe_orientation(int orientation);

#endif
