/* TIFF, through the source layer's writer. */
#include "picture_parts.h"

#include "source/tiff_write.h"

static bool begin(struct picture *picture, const struct picture_terms *terms, struct fault *fault)
{
    struct tiff_picture tiff = {terms->width,     terms->height,    terms->channels, terms->bits,
                                terms->spacing_x, terms->spacing_y, terms->page,     terms->pages,
                                terms->source,    terms->about};
    picture->state = tiff_writer_open(fileno(picture->file), picture->name, &tiff, fault);
    return picture->state != NULL;
}

static bool row(struct picture *picture, const void *levels, struct fault *fault)
{
    return tiff_writer_row(picture->state, levels, fault);
}

static bool end(struct picture *picture, struct fault *fault)
{
    struct tiff_writer *writer = picture->state;
    picture->state = NULL;
    return tiff_writer_close(writer, fault);
}

static void drop(struct picture *picture)
{
    if (picture->state)
        tiff_writer_close(picture->state, NULL);
}

const struct picture_class picture_tif = {".tif", false, begin, row, end, drop};
const struct picture_class picture_tiff = {".tiff", false, begin, row, end, drop};
