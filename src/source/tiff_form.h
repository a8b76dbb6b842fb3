/* How the decoded rows of a page are laid out, and which of their samples make the picture. Private
 * to src/source.
 *
 * A row of a block comes as one line of bytes, or as several where each sample has planes of its
 * own. The samples that are wanted are unpacked from it to working rows: one for gray (and one for
 * its alpha), or those that source/colour.h takes. */
#ifndef SOURCE_TIFF_FORM_H
#define SOURCE_TIFF_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/colour.h"
#include "source/page.h"

enum { TIFF_ROWS_MAX = COLOUR_ROWS_MAX };

struct tiff_file;
struct tiff_layout;

struct tiff_form {
    enum sample_format format;   /* of a sample as it is decoded */
    int bits;                    /* of each; where they differ, of the widest that is wanted, and
                                    8 of colours at least */
    bool mixed;                  /* samples of a pixel differ in size */
    int32_t together;            /* samples of each pixel side by side in a line */
    bool separate;               /* each sample in planes of its own */
    int64_t pixel_bits;          /* of what is together */
    bool units;                  /* YCbCr units of across x down pixels (see ycbcr.h), not pixels */
    bool thinned;                /* planes of Cb and Cr have a sample for across x down pixels */
    int across, down;            /* 1, 2 or 4; 1 but for those */
    int rows;                    /* working rows */
    int32_t row[TIFF_ROWS_MAX];  /* the sample of each; -1: zeros */
    int row_bits[TIFF_ROWS_MAX]; /* of that sample */
    int64_t row_bit[TIFF_ROWS_MAX]; /* where it begins in a pixel of its line */
    bool coloured;                  /* else gray */
    bool veiled;                    /* gray whose last row is alpha: no-data where it is 0 */
    bool apart;                     /* alpha is delivered, and colours not multiplied by it */
    bool inks;                      /* CMYK's are delivered as they are stored */
    enum colour_model model;
    enum colour_alpha alpha; /* of veiled gray too */
};

/* Decides the form of what `layout` describes (layout->form is not looked at, the rest is), and
 * what of the page follows from it: type, channels, integral, format, channel, min_is_white,
 * masked, photometric, window, notice. The caller has set page->channel, masked, has_nodata and
 * nodata. Refuses with a sentence. */
bool tiff_form_make(struct tiff_file *file, const struct tiff_layout *layout,
                    struct tiff_form *form, struct page *page, struct fault *fault);

/* What directories leave out or writers of old-style JPEG get wrong is set as libtiff does. */
void tiff_form_mend(struct tiff_file *file, struct tiff_layout *layout);

/* "RGB", ...; NULL for a number that is not known. */
const char *tiff_photometric_name(uint64_t photometric);

/* Lines that make a row: 1, or one for each working row. */
static inline int tiff_form_lines(const struct tiff_form *form)
{
    return form->separate ? form->rows : 1;
}

/* The type of the working rows of colours, and how many bits of it count (0: floats). RGB alone
 * knows signs: elsewhere the bits are what counts. */
enum sample_type tiff_form_rows_type(const struct tiff_form *form, int *bits);

/* True for a line of Cb or Cr with fewer samples than pixels. */
static inline bool tiff_form_is_thin(const struct tiff_form *form, int i)
{
    return form->thinned && (form->row[i] == 1 || form->row[i] == 2);
}

/* Rows of the page that one row of line i serves. */
static inline int tiff_form_down(const struct tiff_form *form, int i)
{
    return form->units || tiff_form_is_thin(form, i) ? form->down : 1;
}

/* Bytes of a line that is `width` pixels long: of the longest one, and of line i. */
int64_t tiff_form_line_bytes(const struct tiff_form *form, int64_t width);
int64_t tiff_form_row_bytes(const struct tiff_form *form, int i, int64_t width);

/* Bytes of such lines for `height` rows; INT64_MAX when that does not fit. */
int64_t tiff_form_bytes(const struct tiff_form *form, int64_t width, int64_t height);

#endif
