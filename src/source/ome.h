/* What OME-XML in a file's first description says of one of its pages. Private to src/source. */
#ifndef SOURCE_OME_H
#define SOURCE_OME_H

#include <stdbool.h>
#include <stdint.h>

#include "source/page.h"
#include "source/xml.h"

enum { OME_CHANNELS = 16, OME_NAME = 40 };

struct ome {
    int32_t series_count; /* 0: no images */
    int32_t series;       /* the page's; what follows is this one's */
    bool found;           /* the page belongs to a series */
    bool has_axes; /* this file's planes and pages go together one by one, in the order told */
    int32_t axis_first, axis_extent[PAGE_AXES], axis_stride[PAGE_AXES];
    int32_t axis_from[PAGE_AXES];  /* where along the series' axes this file's planes begin */
    int32_t axis_whole[PAGE_AXES]; /* the series' extents, in all its files */
    bool elsewhere;                /* some of what it tells of lies in other files */
    int32_t channel, slice, time;  /* the page's, 0-based; -1 = not known */
    int32_t same_first, same_end;  /* the pages that all but those three are true of */
    int32_t channel_count;         /* names that are kept */
    double spacing[3];             /* mm along x, y, z; 0 = not told */
    char name[OME_NAME];           /* of the series; printable ASCII like all of these */
    char order[8];                 /* "XYZCT" */
    char channels[OME_CHANNELS][OME_NAME];
};

/* True when a description begins as OME-XML does. */
bool ome_recognise(const char *description);

/* Pages are numbered as the file's directories are. False when the XML cannot be read; *ome holds
 * what came before. */
bool ome_parse(struct xml_text *text, int32_t page, struct ome *ome, struct fault *fault);

/* Makes an answer that of another page; false when that takes the XML. */
bool ome_turn(struct ome *ome, int32_t page);

#endif
