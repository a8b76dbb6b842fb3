/* A page in words: see describe.h. Owns nothing. */
#include "describe.h"

#include <inttypes.h>
#include <stdio.h>

const char *describe_format(enum sample_format format)
{
    static const char *const names[SAMPLE_FORMATS] = {"unsigned", "signed", "float",
                                                      "complex integer", "complex float"};
    return names[format];
}

void describe_type(const struct page *page, char *text, size_t room)
{
    char samples[32] = "";
    if (page->samples > 1)
        snprintf(samples, sizeof samples, ", %d samples", page->samples);
    snprintf(text, room, "%d-bit %s%s", page->bits,
             describe_format((enum sample_format)page->format), samples);
}

void describe_blocks(const struct page *page, char *text, size_t room)
{
    if (page->tiled)
        snprintf(text, room, "tiles of %" PRId64 " x %" PRId64, page->block_width,
                 page->block_height);
    else if (page->blocks == 1)
        snprintf(text, room, "one strip");
    else
        snprintf(text, room, "strips of %" PRId64 " row%s", page->block_height,
                 page->block_height == 1 ? "" : "s");
}

const char *describe_orientation(int orientation)
{
    static const char *const names[] = {"as stored",
                                        "mirrored left to right",
                                        "turned by 180 degrees",
                                        "mirrored top to bottom",
                                        "mirrored along the diagonal from the upper left",
                                        "turned right by 90 degrees",
                                        "mirrored along the diagonal from the upper right",
                                        "turned left by 90 degrees"};
    return names[orientation - 1];
}
