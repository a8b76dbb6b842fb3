/* Pictures band by band: see bands.h. Owns the band, a frame planner and a curve of its own, so
 * that a window is not disturbed. */
#include "bands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ledger.h"
#include "state.h"
#include "values.h"

enum { BAND_BYTES = 512 * 1024, BAND_ROWS = 4 * PAINTER_CELL };

/* ---- the picture: the view, and what is around it ---- */

static int picture_width(const struct bands *bands)
{
    return bands->terms.left + bands->view.width + bands->terms.right;
}

static int picture_height(const struct bands *bands)
{
    return bands->terms.above + bands->view.height + bands->terms.below;
}

/* ---- what is said of the picture ---- */

static void describe(const struct scene *scene, char *text, size_t room)
{
    char width[NUMBER_TEXT], center[NUMBER_TEXT];
    number_text(scene->window.width, width);
    number_text(scene->window.center, center);
    int used = snprintf(text, room, "page %d of %d, window %s, level %s, %s%s",
                        scene->page.index + 1, scene->page.count, width, center,
                        voi_name(scene->window.voi), scene->window.invert ? ", inverted" : "");
    if (window_bends(&scene->window))
        used += snprintf(text + used, room - (size_t)used, ", gamma %g", scene->window.gamma);
    if (scene->window.map != COLORMAP_GRAY)
        snprintf(text + used, room - (size_t)used, ", colour map %s",
                 colormap_names[scene->window.map]);
}

/* Of the pixels as they are seen. */
static void find_spacing(const struct bands *bands, struct picture_terms *terms)
{
    const struct page *page = &bands->scene->page;
    bool swapped = scene_lies(bands->scene) != (bands->view.turns % 2 != 0);
    double x = page->spacing_x / bands->view.zoom, y = page->spacing_y / bands->view.zoom;
    terms->spacing_x = swapped ? y : x;
    terms->spacing_y = swapped ? x : y;
}

static bool open_picture(struct bands *bands, struct fault *fault)
{
    char about[200];
    const struct scene *scene = bands->scene;
    struct picture_terms terms = {.width = picture_width(bands),
                                  .height = picture_height(bands),
                                  .channels = bands->channels,
                                  .bits = bands->terms.bits,
                                  .force = bands->terms.force,
                                  .into = bands->terms.into,
                                  .page = scene->page.index + 1,
                                  .pages = scene->page.count,
                                  .source = file_name(scene->path),
                                  .about = about};
    describe(scene, about, sizeof about);
    find_spacing(bands, &terms);
    bands->picture = picture_open(bands->terms.path, &terms, fault);
    return bands->picture != NULL;
}

/* ---- its parts ---- */

static size_t stride(const struct bands *bands)
{
    return (size_t)picture_width(bands) * (size_t)bands->channels;
}

static bool make_band(struct bands *bands, struct fault *fault)
{
    int height = picture_height(bands);
    int64_t rows = BAND_BYTES / (int64_t)stride(bands);
    rows = clamp64(rows, 1, BAND_ROWS);
    bands->band_rows = rows > height ? height : (int)rows;
    bands->band_size = stride(bands) * (size_t)bands->band_rows;
    bands->band = ledger_alloc(LEDGER_OUTPUT, bands->band_size, fault);
    return bands->band != NULL;
}

static struct curve *make_curve(const struct scene *scene, enum curve_part part,
                                struct fault *fault)
{
    struct curve *curve = ledger_alloc(LEDGER_TONE, sizeof *curve, fault);
    if (!curve)
        return NULL;
    if (part == CURVE_WHOLE)
        scene_curve(scene, &scene->window, curve);
    else
        curve_compile_part(curve, &scene->window, scene->modality,
                           (enum sample_type)scene->page.type, scene->page.min_is_white != 0, part);
    return curve;
}

static bool make_curves(struct bands *bands, struct fault *fault)
{
    bool whole = bands->terms.bits == 8;
    /* Colours of a map have 8 bits: the lower byte is the higher one again. */
    bool map = colormap_has_colours(bands->scene->window.map);
    bands->curve = make_curve(bands->scene, whole || map ? CURVE_WHOLE : CURVE_HIGHER, fault);
    if (whole || !bands->curve)
        return bands->curve != NULL;
    bands->low_curve = make_curve(bands->scene, map ? CURVE_WHOLE : CURVE_LOWER, fault);
    bands->low_band = ledger_alloc(LEDGER_OUTPUT, bands->band_size, fault);
    bands->words = ledger_alloc(LEDGER_OUTPUT, 2 * stride(bands), fault);
    return bands->low_curve && bands->low_band && bands->words;
}

static bool make_frame(struct bands *bands, struct fault *fault)
{
    const struct page *page = &bands->scene->page;
    bands->frame = frame_new(fault);
    return bands->frame && frame_plan(bands->frame, &bands->view, page->index,
                                      (enum sample_type)page->type, page->channels, fault);
}

static void release(struct bands *bands)
{
    if (bands->frame)
        frame_free(bands->frame);
    if (bands->curve)
        ledger_free(LEDGER_TONE, bands->curve, sizeof *bands->curve);
    if (bands->low_curve)
        ledger_free(LEDGER_TONE, bands->low_curve, sizeof *bands->low_curve);
    if (bands->words)
        ledger_free(LEDGER_OUTPUT, bands->words, 2 * stride(bands));
    if (bands->low_band)
        ledger_free(LEDGER_OUTPUT, bands->low_band, bands->band_size);
    if (bands->band)
        ledger_free(LEDGER_OUTPUT, bands->band, bands->band_size);
    painter_fini(&bands->painter);
    bands->frame = NULL;
    bands->curve = bands->low_curve = NULL;
    bands->band = bands->low_band = NULL;
    bands->words = NULL;
}

bool bands_begin(struct bands *bands, struct scene *scene, const struct view *view,
                 const struct bands_terms *terms, struct fault *fault)
{
    *bands = (struct bands){.terms = *terms, .scene = scene, .view = *view};
    bands->channels = picture_channels(terms->path, terms->colour ? 3 : scene_channels(scene));
    bands->format = bands->channels == 3 ? pixel_format_rgb24 : pixel_format_gray8;
    if (terms->bits == 16 && bands->channels < scene_channels(scene))
        return fault_set(fault, FAULT_USAGE,
                         "%s: gray of 16 bits is not made of colours (.ppm and .tif hold them)",
                         terms->path);
    if (make_band(bands, fault) && make_curves(bands, fault) && make_frame(bands, fault) &&
        open_picture(bands, fault))
        return true;
    release(bands);
    return false;
}

/* ---- painting ---- */

/* Rows of the view that are in the band that begins at row y of the picture. */
static struct rect rect_at(const struct bands *bands, int y)
{
    struct rect band = {0, y - bands->terms.above, bands->view.width, bands->band_rows};
    return rect_intersect(band, (struct rect){0, 0, bands->view.width, bands->view.height});
}

static struct rect band_rect(const struct bands *bands)
{
    return rect_at(bands, bands->y);
}

int64_t bands_tiles(const struct bands *bands)
{
    int64_t most = 1;
    for (int y = 0; y < picture_height(bands); y += bands->band_rows) {
        struct tile_span span = frame_needs(bands->frame, rect_at(bands, y));
        most = max64(most, (int64_t)span.columns * span.rows);
    }
    return most;
}

/* Where they are drawn. */
static struct pixels band_pixels(const struct bands *bands, uint8_t *base, struct rect rect)
{
    size_t row = (size_t)(bands->terms.above + rect.y - bands->y);
    base += row * stride(bands) + (size_t)bands->terms.left * (size_t)bands->channels;
    return (struct pixels){base, stride(bands), rect.width, rect.height, bands->format};
}

/* The lower bytes of what was drawn, from the same tiles. */
static void draw_low(void *context, struct rect rect)
{
    struct bands *bands = context;
    struct rect band = band_rect(bands);
    struct pixels pixels = band_pixels(bands, bands->low_band, band);
    frame_draw(bands->frame, loader_arena(bands->scene->loader), bands->low_curve, rect, &pixels,
               band.x, band.y);
}

/* True when the band is painted; else its missing tiles have been asked for. */
static bool paint(struct bands *bands, struct fault *fault)
{
    struct scene *scene = bands->scene;
    struct rect rect = band_rect(bands);
    struct pixels pixels = band_pixels(bands, bands->band, rect);
    struct painting painting = scene_painting(scene, &pixels, rect.x, rect.y);
    int count;
    painting.frame = bands->frame;
    painting.curve = bands->curve;
    painting.drawn = bands->low_band ? draw_low : NULL;
    painting.context = bands;
    if (!bands->planned && !painter_begin(&bands->painter, rect, fault))
        return false;
    bands->planned = true;
    painter_step(&bands->painter, &painting, false);
    if (painter_done(&bands->painter))
        return true;
    const struct tile_key *keys = painter_wants(&bands->painter, &painting, &count);
    loader_want(scene->loader, keys, count);
    return false;
}

static const void *row_of(const struct bands *bands, int row)
{
    size_t at = (size_t)row * stride(bands);
    for (size_t i = 0; bands->words && i < stride(bands); i++)
        bands->words[i] = (uint16_t)(bands->band[at + i] << 8 | bands->low_band[at + i]);
    return bands->words ? (const void *)bands->words : bands->band + at;
}

static void draw_overlay(const struct bands *bands, uint8_t *band)
{
    struct rect rect = band_rect(bands);
    struct pixels pixels = band_pixels(bands, band, rect);
    if (bands->terms.overlay && !rect_empty(rect))
        overlay_draw(bands->terms.overlay, &bands->view, rect, &pixels, rect.x, rect.y);
}

static bool write_band(struct bands *bands, struct fault *fault)
{
    const struct bands_terms *terms = &bands->terms;
    int left = picture_height(bands) - bands->y;
    int rows = left < bands->band_rows ? left : bands->band_rows;
    draw_overlay(bands, bands->band);
    if (bands->low_band)
        draw_overlay(bands, bands->low_band);
    if (terms->over &&
        !terms->over(terms->context, bands->y, rows, bands->band, stride(bands), fault))
        return false;
    for (int row = 0; row < rows; row++)
        if (!picture_row(bands->picture, row_of(bands, row), fault))
            return false;
    bands->y += rows;
    bands->planned = false;
    memset(bands->band, 0, bands->band_size);
    return true;
}

static bool check_damage(const struct bands *bands, struct fault *fault)
{
    return !bands->terms.strict || !bands->scene->damaged ||
           fault_set(fault, FAULT_FORMAT, "%s: not all of it can be decoded (--strict)",
                     bands->scene->path);
}

enum bands_end bands_step(struct bands *bands, struct fault *fault)
{
    struct fault unset = {FAULT_NONE, ""};
    *fault = unset;
    if (band_rect(bands).height > 0 && !paint(bands, fault))
        return fault->kind == FAULT_NONE ? BANDS_WAIT : BANDS_FAILED;
    if (!write_band(bands, fault) || !check_damage(bands, fault))
        return BANDS_FAILED;
    return bands->y < picture_height(bands) ? BANDS_MORE : BANDS_DONE;
}

bool bands_finish(struct bands *bands, bool keep, struct fault *fault)
{
    bool kept = picture_close(bands->picture, keep, fault);
    bands->picture = NULL;
    release(bands);
    return kept;
}
