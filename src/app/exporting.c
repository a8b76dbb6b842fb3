/* Stored samples to a file: see exporting.h. Owns the file until it is in its place. */
#include "exporting.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "picture.h"
#include "state.h"

enum { SAMPLE_MOST = 8 };

/* ---- what is written ---- */

struct area exporting_visible(const struct scene *scene)
{
    const struct view *view = &scene->view;
    double x[2], y[2];
    int64_t width, height;
    scene_upright_size(scene, &width, &height);
    view_to_image(view, 0, 0, &x[0], &y[0]);
    view_to_image(view, view->width, view->height, &x[1], &y[1]);
    struct area page = {0, 0, width, height}, seen;
    seen.x = (int64_t)floor(fmin(x[0], x[1]));
    seen.y = (int64_t)floor(fmin(y[0], y[1]));
    seen.width = (int64_t)ceil(fmax(x[0], x[1])) - seen.x;
    seen.height = (int64_t)ceil(fmax(y[0], y[1])) - seen.y;
    return area_intersect(seen, page);
}

/* Tiles may hold whole numbers as floating ones, for the sake of no-data and of means; of colours
 * of more bits than those have digits only that is left. */
static enum sample_type stored_type(const struct page *page)
{
    bool sign = page->format == FORMAT_INT;
    enum sample_type type = (enum sample_type)page->type;
    int digits = type == SAMPLE_F32 ? 24 : 32;
    if (!sample_is_float(type) || !page->integral || page->bits > digits ||
        (page->channels == 1 && page->format > FORMAT_INT))
        return type;
    if (page->bits <= 8)
        return sign ? SAMPLE_I8 : SAMPLE_U8;
    if (page->bits <= 16)
        return sign ? SAMPLE_I16 : SAMPLE_U16;
    return sign ? SAMPLE_I32 : SAMPLE_U32;
}

/* The window as it is, in stored values: what tone/window.h makes a window of. */
static void find_window(const struct scene *scene, struct tiff_samples_terms *terms)
{
    const struct window *window = &scene->window;
    const struct modality *modality = &scene->modality;
    bool linear = window->voi == VOI_LINEAR;
    double span = linear ? window->width - 1 : window->width;
    double middle = linear ? window->center - 0.5 : window->center;
    double a = (middle - span / 2 - modality->intercept) / modality->slope;
    double b = (middle + span / 2 - modality->intercept) / modality->slope;
    terms->low = fmin(a, b);
    terms->high = fmax(a, b);
}

static struct tiff_samples_terms terms_of(const struct exporting *exporting)
{
    const struct scene *scene = exporting->scene;
    const struct page *page = &scene->page;
    struct tiff_samples_terms terms = {.width = exporting->walk.area.width,
                                       .height = exporting->walk.area.height,
                                       .type = exporting->type,
                                       .channels = page->channels,
                                       .min_is_white = page->min_is_white != 0,
                                       .orientation = page->orientation,
                                       .spacing_x = page->spacing_x,
                                       .spacing_y = page->spacing_y,
                                       .slope = scene->modality.slope,
                                       .intercept = scene->modality.intercept,
                                       .unit = page->unit,
                                       .has_nodata = page->has_nodata != 0,
                                       .nodata = page->nodata,
                                       .page = page->index + 1,
                                       .pages = page->count,
                                       .source = file_name(scene->path)};
    find_window(scene, &terms);
    return terms;
}

static bool is_tiff(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && dot > path && (!strcasecmp(dot, ".tif") || !strcasecmp(dot, ".tiff"));
}

bool exporting_begin(struct exporting *exporting, struct scene *scene, const char *path,
                     struct area region, bool force, struct fault *fault)
{
    *exporting = (struct exporting){.scene = scene, .type = stored_type(&scene->page)};
    if (!is_tiff(path))
        return fault_set(fault, FAULT_USAGE, "%s: stored samples are written as .tif", path);
    if (region.width < 1 || region.height < 1)
        return fault_set(fault, FAULT_USAGE, "%s: nothing of the page lies there", path);
    tile_walk_begin(&exporting->walk, scene, region);
    struct tiff_samples_terms terms = terms_of(exporting);
    if (!picture_place_free(path, force, fault) ||
        !fresh_file_open(&exporting->file, path, NULL, fault))
        return false;
    exporting->file.spare = !force;
    if (tiff_samples_begin(&exporting->samples, exporting->file.fd, exporting->file.path, &terms,
                           fault))
        return true;
    fresh_file_drop(&exporting->file);
    return false;
}

/* ---- tiles ---- */

static void put_value(enum sample_type type, double value, uint8_t *to)
{
    const int64_t whole = (int64_t)value;
    const uint8_t byte = (uint8_t)whole;
    const uint16_t word = (uint16_t)whole;
    const uint32_t number = (uint32_t)whole;
    const float single = (float)value;
    size_t bytes = sample_bytes(type);
    if (type == SAMPLE_F64)
        memcpy(to, &value, bytes);
    else if (type == SAMPLE_F32)
        memcpy(to, &single, bytes);
    else if (bytes == 4)
        memcpy(to, &number, bytes);
    else if (bytes == 2)
        memcpy(to, &word, bytes);
    else
        *to = byte;
}

/* One sample of a tile as it is stored; what is hidden or no-data is that of the file, else 0. */
static void convert(const struct exporting *exporting, const void *plane, int64_t i, uint8_t *to)
{
    const struct page *page = &exporting->scene->page;
    enum sample_type held = (enum sample_type)page->type;
    size_t bytes = sample_bytes(exporting->type);
    if (held == exporting->type && !sample_is_narrow(held)) {
        memcpy(to, (const uint8_t *)plane + (size_t)i * bytes, bytes);
        return;
    }
    double value = sample_value(held, plane, i);
    put_value(exporting->type, isnan(value) ? page->has_nodata ? page->nodata : 0 : value, to);
}

static bool write_tile(void *context, struct tile_key key, struct area part, const void *samples,
                       struct fault *fault)
{
    const struct exporting *exporting = context;
    uint8_t row[TILE_SIDE * 3 * SAMPLE_MOST];
    const struct page *page = &exporting->scene->page;
    size_t bytes = sample_bytes(exporting->type);
    size_t plane = TILE_SAMPLES * sample_bytes((enum sample_type)page->type);
    const struct area *area = &exporting->walk.area;
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        uint8_t *to = row;
        for (int64_t x = part.x; x < part.x + part.width; x++)
            for (int channel = 0; channel < page->channels; channel++, to += bytes)
                convert(exporting, (const uint8_t *)samples + (size_t)channel * plane,
                        tile_walk_place(key, x, y), to);
        if (!tiff_samples_put(&exporting->samples, part.x - area->x, y - area->y, part.width, row,
                              fault))
            return false;
    }
    return true;
}

enum bands_end exporting_step(struct exporting *exporting, struct fault *fault)
{
    return tile_walk_step(&exporting->walk, write_tile, exporting, fault);
}

bool exporting_finish(struct exporting *exporting, bool keep, struct fault *fault)
{
    if (keep)
        return fresh_file_keep(&exporting->file, fault);
    fresh_file_drop(&exporting->file);
    return true;
}
