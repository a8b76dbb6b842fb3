/* What the tone panel shows of the scene: see desk.h. The histogram is the one the auto window is
 * made from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "desk.h"
#include "presets.h"
#include "session_parts.h"
#include "tone/preset.h"

enum { STEPS = 65536 };

/* The counts of what was counted, from the least to the most stored value. */
struct counts {
    const uint32_t *bins;
    int count;
    double first, step; /* the stored value of the first, and from one to the next */
};

static struct counts counts_of(const struct scene *scene)
{
    const struct statistics *statistics = &scene->statistics;
    enum sample_type type = (enum sample_type)scene->page.type;
    const uint32_t *histogram = arena_shared(loader_arena(scene->loader))->histogram;
    double wide = statistics->most - statistics->least;
    if (!sample_is_narrow(type))
        return (struct counts){histogram, STEPS, statistics->least, wide / STEPS};
    int codes = sample_codes(type);
    int64_t first = clamp64((int64_t)statistics->least - sample_least(type), 0, codes - 1);
    int64_t count = clamp64((int64_t)wide + 1, 1, codes - first);
    return (struct counts){histogram + first, (int)count, statistics->least, 1};
}

/* The shares of values up to a stored one each. */
static void shares_up_to(const struct counts *counts, const double stored[2], double shares[2])
{
    uint64_t below[2] = {0, 0}, all = 0;
    double place[2];
    for (int edge = 0; edge < 2; edge++)
        place[edge] = floor((stored[edge] - counts->first) / (counts->step > 0 ? counts->step : 1));
    for (int i = 0; i < counts->count; i++) {
        all += counts->bins[i];
        below[0] += i <= place[0] ? counts->bins[i] : 0;
        below[1] += i <= place[1] ? counts->bins[i] : 0;
    }
    for (int edge = 0; edge < 2; edge++)
        shares[edge] = all ? (double)below[edge] / (double)all : 0;
}

/* What LINEAR shows black, and white; the others differ by half a value. */
static void find_clipped(const struct scene *scene, struct tone_look *look)
{
    const struct window *window = &scene->window;
    const struct modality *modality = &scene->modality;
    struct counts counts = counts_of(scene);
    double low = window->center - 0.5 - (window->width - 1) / 2;
    double high = window->center - 0.5 + (window->width - 1) / 2;
    if (window->voi != VOI_LINEAR) {
        low = window->center - window->width / 2;
        high = window->center + window->width / 2;
    }
    const double edges[2] = {(low - modality->intercept) / modality->slope,
                             (high - modality->intercept) / modality->slope};
    double shares[2];
    shares_up_to(&counts, edges, shares);
    bool falling = modality->slope < 0, flipped = scene_flipped(scene);
    look->black = falling ? 1 - shares[0] : shares[0];
    look->white = falling ? shares[1] : 1 - shares[1];
    if (window->voi == VOI_SIGMOID)
        look->black = look->white = 0;
    if (flipped) {
        double black = look->black;
        look->black = look->white;
        look->white = black;
    }
}

static void find_heights(const struct scene *scene, struct tone_look *look)
{
    struct counts counts = counts_of(scene);
    double a = scene_modality(scene, scene->statistics.least);
    double b = scene_modality(scene, scene->statistics.most);
    tone_heights(counts.bins, counts.count, look->log, look->heights);
    look->least = fmin(a, b);
    look->most = fmax(a, b);
    for (int i = 0; a > b && i < TONE_COLUMNS / 2; i++) {
        uint8_t height = look->heights[i];
        look->heights[i] = look->heights[TONE_COLUMNS - 1 - i];
        look->heights[TONE_COLUMNS - 1 - i] = height;
    }
}

/* ---- presets ---- */

/* Hounsfield units on unsigned data mean nothing until an offset is named, by the file or the user.
 */
bool desk_lacks_units(const struct session *session)
{
    const struct scene *scene = &session->scene;
    const struct modality *modality = &scene->modality;
    bool plain = modality->slope == 1 && modality->intercept == 0;
    return scene->open && scene->page.format == FORMAT_UINT && plain && !session->options->rescaled;
}

static struct tone_preset *add(struct tone_preset *rows, int *count, const char *name, double width,
                               double center)
{
    struct tone_preset *row = &rows[*count];
    *count += *count < DESK_PRESETS - 1;
    row->width = width;
    row->center = center;
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void add_built_in(const struct session *session, struct tone_preset *rows, int *count)
{
    bool lacks = desk_lacks_units(session);
    for (const struct preset *preset = presets; preset->name; preset++) {
        struct tone_preset *row = add(rows, count, preset->name, preset->width, preset->center);
        if (lacks)
            snprintf(row->note, sizeof row->note, "%s", _("HU, which need --rescale here"));
        else
            snprintf(row->note, sizeof row->note, _("in HU, from %s"), preset->source);
    }
}

static void add_own(struct tone_preset *rows, int *count)
{
    for (int i = 0; i < PRESETS_OWN; i++) {
        const struct own_preset *own = presets_own(i);
        if (!own->used)
            continue;
        struct tone_preset *row =
            add(rows, count, own->name, own->preset.width, own->preset.center);
        row->own = own->saved;
        snprintf(row->note, sizeof row->note, "%s%s%s", own->saved ? _("yours") : _("X resources"),
                 *own->unit ? ", " : "", own->unit);
    }
}

/* The file's window as the panel shows it: black and white in modality units. */
static void add_file(const struct scene *scene, struct tone_preset *rows, int *count)
{
    const struct page *page = &scene->page;
    if (!scene->open || page->window_origin == WINDOW_NONE)
        return;
    struct window window = scene_file_window(scene);
    struct tone_preset *row = add(rows, count, "file", window.width, window.center);
    snprintf(row->note, sizeof row->note, _("named by the file (%s)"),
             _(window_origin_name((enum window_origin)page->window_origin)));
}

static bool is_shown(const struct scene *scene, const char *name)
{
    if (scene->from == FROM_FILE)
        return !strcmp(name, "file");
    return scene->from == FROM_PRESET && !strcmp(scene->preset->name, name);
}

/* The file's own first. */
static void find_presets(struct session *session, struct tone_look *look)
{
    struct desk *desk = &session->desk;
    struct tone_preset rows[DESK_PRESETS];
    int count = 0;
    memset(rows, 0, sizeof rows);
    add_file(&session->scene, rows, &count);
    add_own(rows, &count);
    add_built_in(session, rows, &count);
    look->preset = -1;
    for (int i = 0; i < count; i++)
        if (is_shown(&session->scene, rows[i].name))
            look->preset = i;
    if (memcmp(rows, desk->presets, sizeof rows) != 0)
        look->listed++;
    memcpy(desk->presets, rows, sizeof rows);
    look->presets = desk->presets;
    look->preset_count = count;
}

void desk_look(struct session *session, struct tone_look *look)
{
    struct desk *desk = &session->desk;
    const struct scene *scene = &session->scene;
    look->open = scene->open;
    look->counted = scene->open && loader_counted(scene->loader) && scene->statistics.counted > 0;
    look->whole = scene->open && scene_whole(scene);
    look->window = scene->window;
    find_presets(session, look);
    look->gray = scene->open && scene->page.channels == 1;
    look->locked = scene->locked;
    look->automatic = scene->open && scene->from == FROM_AUTO;
    if (look->counted && (!desk->histogram_known || look->log != desk->log)) {
        look->log = desk->log;
        find_heights(scene, look);
        desk->histogram_known = true;
    }
    look->log = desk->log;
    if (look->counted)
        find_clipped(scene, look);
}
