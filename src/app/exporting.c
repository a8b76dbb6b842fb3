/* Stored samples to a file: see exporting.h. Owns the file until it is in its place. */
#include "exporting.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "picture.h"
#include "state.h"

enum { WANTED = 16, SAMPLE_MOST = 8 };

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

static struct area stored_area(const struct scene *scene, struct area region)
{
    int64_t x[2], y[2];
    view_to_stored(&scene->view, region.x, region.y, &x[0], &y[0]);
    view_to_stored(&scene->view, region.x + region.width - 1, region.y + region.height - 1, &x[1],
                   &y[1]);
    return (struct area){min64(x[0], x[1]), min64(y[0], y[1]),
                         max64(x[0], x[1]) - min64(x[0], x[1]) + 1,
                         max64(y[0], y[1]) - min64(y[0], y[1]) + 1};
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
    struct tiff_samples_terms terms = {.width = exporting->area.width,
                                       .height = exporting->area.height,
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
    struct area area = exporting->area = stored_area(scene, region);
    int32_t column = (int32_t)(area.x / TILE_SIDE), row = (int32_t)(area.y / TILE_SIDE);
    exporting->span =
        (struct tile_span){scene->page.index,
                           0,
                           column,
                           row,
                           (int32_t)((area.x + area.width - 1) / TILE_SIDE) - column + 1,
                           (int32_t)((area.y + area.height - 1) / TILE_SIDE) - row + 1};
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

static struct tile_key key_of(const struct exporting *exporting, int64_t i)
{
    const struct tile_span *span = &exporting->span;
    return (struct tile_key){span->page, 0, span->column + (int32_t)(i % span->columns),
                             span->row + (int32_t)(i / span->columns)};
}

static int64_t tiles(const struct exporting *exporting)
{
    return (int64_t)exporting->span.columns * exporting->span.rows;
}

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

static bool write_tile(const struct exporting *exporting, struct tile_key key, const void *samples,
                       struct fault *fault)
{
    uint8_t row[TILE_SIDE * 3 * SAMPLE_MOST];
    const struct page *page = &exporting->scene->page;
    size_t bytes = sample_bytes(exporting->type);
    size_t plane = TILE_SAMPLES * sample_bytes((enum sample_type)page->type);
    struct area tile = {(int64_t)key.column * TILE_SIDE, (int64_t)key.row * TILE_SIDE, TILE_SIDE,
                        TILE_SIDE};
    struct area part = area_intersect(tile, exporting->area);
    for (int64_t y = part.y; y < part.y + part.height; y++) {
        uint8_t *to = row;
        for (int64_t x = part.x; x < part.x + part.width; x++)
            for (int channel = 0; channel < page->channels; channel++, to += bytes)
                convert(exporting, (const uint8_t *)samples + (size_t)channel * plane,
                        (y - tile.y) * TILE_SIDE + x - tile.x, to);
        if (!tiff_samples_put(&exporting->samples, part.x - exporting->area.x,
                              y - exporting->area.y, part.width, row, fault))
            return false;
    }
    return true;
}

static void want(const struct exporting *exporting)
{
    struct tile_key keys[WANTED];
    struct loader *loader = exporting->scene->loader;
    int64_t room = min64(WANTED, arena_capacity(loader_arena(loader)));
    int count = (int)min64(room, tiles(exporting) - exporting->done);
    for (int i = 0; i < count; i++)
        keys[i] = key_of(exporting, exporting->done + i);
    loader_want(loader, keys, count);
}

enum bands_end exporting_step(struct exporting *exporting, struct fault *fault)
{
    const struct arena *arena = loader_arena(exporting->scene->loader);
    for (int i = 0; i < WANTED && exporting->done < tiles(exporting); i++) {
        bool sound = true;
        struct tile_key key = key_of(exporting, exporting->done);
        const void *samples = arena_find(arena, key, &sound);
        if (!samples) {
            want(exporting);
            return BANDS_WAIT;
        }
        if (!sound) {
            fault_set(fault, FAULT_FORMAT, "%s: not all of the region can be decoded",
                      exporting->scene->path);
            return BANDS_FAILED;
        }
        if (!write_tile(exporting, key, samples, fault))
            return BANDS_FAILED;
        exporting->done++;
    }
    return exporting->done < tiles(exporting) ? BANDS_MORE : BANDS_DONE;
}

bool exporting_finish(struct exporting *exporting, bool keep, struct fault *fault)
{
    if (keep)
        return fresh_file_keep(&exporting->file, fault);
    fresh_file_drop(&exporting->file);
    return true;
}
