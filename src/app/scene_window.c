/* The window a scene is seen through, and who said so: see scene.h. */
#include "scene_parts.h"

#include <math.h>
#include <stdio.h>

#include "base/language.h"

#include "tone/histogram.h"

enum { FAR_OFF = 4 }; /* times as bright as white: no levels from 0 to 1 */

double scene_modality(const struct scene *scene, double stored)
{
    return stored * scene->modality.slope + scene->modality.intercept;
}

bool scene_whole(const struct scene *scene)
{
    const struct modality *modality = &scene->modality;
    return scene->page.integral && floor(modality->slope) == modality->slope &&
           floor(modality->intercept) == modality->intercept;
}

bool scene_flipped(const struct scene *scene)
{
    return window_flips(&scene->window) != (scene->page.min_is_white != 0);
}

int scene_channels(const struct scene *scene)
{
    return colormap_has_colours(scene->window.map) ? 3 : scene->page.channels;
}

/* LINEAR is made for whole numbers: its widths begin at 1. Who names it gets it all the same. */
static enum voi function(const struct scene *scene)
{
    bool unfit = scene->voi == VOI_LINEAR && !scene->voi_given && !scene_whole(scene);
    return unfit ? VOI_LINEAR_EXACT : scene->voi;
}

static struct window window_between(const struct scene *scene, double a, double b)
{
    return window_from_stored(a, b, scene->modality, scene->page.integral != 0, function(scene));
}

/* All that the page's samples can be; floating ones can be anything. */
static struct window window_of_type(const struct scene *scene)
{
    const struct page *page = &scene->page;
    if (sample_is_float((enum sample_type)page->type) && !page->integral)
        return window_between(scene, 0, 1);
    int bits = page->bits > 32 ? 32 : page->bits;
    double least = page->format == FORMAT_INT ? -ldexp(1, bits - 1) : 0;
    return window_between(scene, least, least + ldexp(1, bits) - 1);
}

/* The auto window from what has been counted so far. A bilevel page's is known beforehand: where
 * one of its two values is rare the percentiles would see the other alone. */
static struct window window_from_statistics(const struct scene *scene)
{
    enum sample_type type = (enum sample_type)scene->page.type;
    struct statistics seen = scene->statistics;
    struct window window;
    if (scene->page.bits == 1 && scene->page.channels == 1)
        return window_of_type(scene);
    double low, high;
    if (!loader_counted(scene->loader) && loader_guess(scene->loader, &low, &high))
        return window_between(scene, low, high);
    if (sample_is_narrow(type)) {
        const uint32_t *bins = arena_shared(loader_arena(scene->loader))->histogram;
        return histogram_auto_window(bins, type, scene->modality, function(scene), &window)
                   ? window
                   : window_of_type(scene);
    }
    const struct window_counts counts = {seen.low, seen.high, seen.least, seen.most};
    if (loader_counted(scene->loader))
        return seen.counted > 0 ? window_from_counts(&counts, scene->modality,
                                                     scene->page.integral != 0, function(scene))
                                : window_of_type(scene);
    loader_seen(scene->loader, &seen);
    return seen.counted > 0 ? window_between(scene, seen.least, seen.most) : window_of_type(scene);
}

/* --window without --level, or the other way round, changes that part of whatever window the page
 * starts with. */
static void apply_half(struct scene *scene)
{
    const struct options *options = scene->options;
    if (scene->half_given && options->has_width)
        scene->window.width = options->width;
    if (scene->half_given && options->has_center)
        scene->window.center = options->center;
    window_fix(&scene->window);
}

static void take_auto(struct scene *scene, struct window window)
{
    window.invert = scene->window.invert;
    window.gamma = scene->window.gamma;
    window.map = scene->window.map;
    scene->window = window;
    scene->window_final = loader_counted(scene->loader);
    apply_half(scene);
}

static void refresh_auto(struct scene *scene)
{
    take_auto(scene, window_from_statistics(scene));
}

static void use_auto(struct scene *scene)
{
    scene->from = FROM_AUTO;
    scene->half_given = scene->kept = false;
    refresh_auto(scene);
}

/* Floating colours are levels from 0 to 1, unless their values show that they are not. */
static bool is_guess(const struct scene *scene)
{
    return scene->from == FROM_FILE && scene->page.window_origin == WINDOW_IDENTITY &&
           scene->page.type == SAMPLE_F32 && !scene->page.integral;
}

static bool is_far_off(const struct scene *scene)
{
    return is_guess(scene) && loader_counted(scene->loader) && scene->statistics.counted > 0 &&
           scene->statistics.high > FAR_OFF * scene->page.window_high;
}

/* A width or centre that was given stays. */
static void leave_guess(struct scene *scene)
{
    bool half = scene->half_given;
    use_auto(scene);
    scene->half_given = half;
    apply_half(scene);
}

void scene_refresh_window(struct scene *scene)
{
    struct window window = window_from_statistics(scene);
    scene->auto_width = window.width;
    if (scene->from == FROM_AUTO && !scene->kept)
        take_auto(scene, window);
    if (is_far_off(scene))
        leave_guess(scene);
    else if (is_guess(scene))
        scene->window_final = loader_counted(scene->loader);
}

void scene_auto(struct scene *scene)
{
    scene->auto_given = true;
    loader_count(scene->loader);
    use_auto(scene);
}

static void use(struct scene *scene, enum window_from from, double width, double center)
{
    scene->from = from;
    scene->half_given = scene->auto_given = scene->kept = false;
    scene->window.width = width;
    scene->window.center = center;
    window_fix(&scene->window);
    scene->window_final = true;
}

void scene_use_preset(struct scene *scene, const struct preset *preset)
{
    scene->preset = preset;
    use(scene, FROM_PRESET, preset->width, preset->center);
}

void scene_use_window(struct scene *scene, double width, double center)
{
    use(scene, FROM_USER, width, center);
}

void scene_use_counts(struct scene *scene, const struct window_counts *counts)
{
    struct window window =
        window_from_counts(counts, scene->modality, scene->page.integral != 0, function(scene));
    scene->window.voi = window.voi;
    use(scene, FROM_REGION, window.width, window.center);
}

void scene_use_function(struct scene *scene, enum voi voi)
{
    scene->voi = scene->window.voi = voi;
    scene->voi_given = true;
    window_fix(&scene->window);
}

struct window scene_file_window(const struct scene *scene)
{
    return window_between(scene, scene->page.window_low, scene->page.window_high);
}

static void use_file_window(struct scene *scene)
{
    struct window window = scene_file_window(scene);
    scene->window.voi = window.voi;
    use(scene, FROM_FILE, window.width, window.center);
    scene->window_final = !is_guess(scene) || loader_counted(scene->loader);
    if (is_far_off(scene))
        use_auto(scene);
}

bool scene_use_file(struct scene *scene)
{
    bool named = scene->page.window_origin != WINDOW_NONE;
    if (named)
        use_file_window(scene);
    return named;
}

/* What the page starts with: the options' window, else the file's, else auto. */
static void start_window(struct scene *scene)
{
    const struct options *options = scene->options;
    if (options->has_width && options->has_center)
        scene_use_window(scene, options->width, options->center);
    else if (options->preset)
        scene_use_preset(scene, options->preset);
    else if (options->auto_window)
        scene_auto(scene);
    else if (scene->page.window_origin != WINDOW_NONE)
        use_file_window(scene);
    else
        use_auto(scene);
    scene->half_given = options->has_width != options->has_center;
    apply_half(scene);
}

void scene_initial_window(struct scene *scene)
{
    const struct options *options = scene->options;
    scene->voi = options->voi;
    scene->voi_given = options->has_voi;
    scene->auto_given = false;
    scene->window.invert = options->invert;
    scene->window.gamma = scene->gamma;
    scene->window.map = scene->map;
    scene->window.voi = function(scene);
    scene->auto_width = window_from_statistics(scene).width;
    start_window(scene);
}

/* The window that the file names for the page, else auto. */
static void use_own(struct scene *scene)
{
    if (scene->page.window_origin != WINDOW_NONE && !scene->auto_given)
        use_file_window(scene);
    else
        use_auto(scene);
}

static void keep_auto(struct scene *scene, int32_t before)
{
    if (!scene->kept)
        scene->kept_page = before;
    scene->kept = true;
}

/* A preset is still that preset; whatever else it was, it is this page's own no more. */
static void keep_locked(struct scene *scene)
{
    struct window window = scene->window;
    if (scene->from != FROM_PRESET)
        use(scene, FROM_LOCK, window.width, window.center);
}

/* What the user said stays from page to page, a width and centre of his only where they mean the
 * same. A window that the file names for a page is that page's; an auto window stays among pages
 * that are alike, lest it hide how they differ. Else what the program chose is chosen anew. */
void scene_page_window(struct scene *scene, bool same_type, int32_t before)
{
    bool named = scene->page.window_origin != WINDOW_NONE && !scene->auto_given;
    bool keeps = scene->alike && !scene->each_window;
    bool of_values =
        scene->from == FROM_USER || scene->from == FROM_REGION || scene->from == FROM_LOCK;
    if (!keeps)
        scene->auto_width = window_from_statistics(scene).width;
    if (scene->locked) {
        keep_locked(scene);
        return;
    }
    scene->window.voi = function(scene);
    if (scene->each_window)
        use_own(scene);
    else if (scene->from == FROM_PRESET || (of_values && same_type))
        window_fix(&scene->window);
    else if (scene->from == FROM_AUTO && scene->window_final && keeps && !named)
        keep_auto(scene, before);
    else if (scene->from == FROM_AUTO && scene->auto_given)
        use_auto(scene);
    else
        start_window(scene);
}

static const char *told(enum told told, const char *text) __attribute__((format_arg(2)));
static const char *told(enum told told, const char *text)
{
    return told == TOLD_PEOPLE ? _(text) : text;
}

void scene_window_source(const struct scene *scene, enum told to, char *text, size_t room)
{
    const char *origin =
        told(to, window_origin_name((enum window_origin)scene->page.window_origin));
    switch (scene->from) {
    case FROM_AUTO:
        if (scene->kept && scene->kept_page != scene->page.index)
            snprintf(text, room, told(to, N_("auto of page %d")), scene->kept_page + 1);
        else
            snprintf(text, room, "%s", told(to, scene->window_final ? N_("auto") : N_("auto ...")));
        break;
    case FROM_FILE:
        if (scene->page.window_origin == WINDOW_IDENTITY)
            snprintf(text, room, "%s", origin);
        else
            snprintf(text, room, told(to, N_("file (%s)")), origin);
        break;
    case FROM_PRESET:
        snprintf(text, room, told(to, N_("preset %s")), scene->preset->name);
        break;
    case FROM_USER:
        snprintf(text, room, "%s", told(to, N_("user")));
        break;
    case FROM_REGION:
        snprintf(text, room, "%s", told(to, N_("auto of a region")));
        break;
    case FROM_LOCK:
        snprintf(text, room, "%s", told(to, N_("locked")));
        break;
    }
}
