/* The way to what is to be seen of a file: see scene.h. Only a page tells along which axes and in
 * which series it lies, so that the one asked for may be steps away from the first. */
#include "scene_parts.h"

#include <stdio.h>
#include <string.h>

static bool same_choice(const struct source_choice *a, const struct source_choice *b)
{
    return a->index == b->index && a->channel == b->channel && a->every == b->every;
}

static void forget_wish(struct scene *scene)
{
    memset(&scene->wish, 0, sizeof scene->wish);
    scene->series = -1;
}

static void take_wishes(struct scene *scene)
{
    const struct options *options = scene->options;
    struct place_wish *wish = &scene->wish;
    if (options->series)
        snprintf(wish->series, PLACE_WORD, "%s", options->series);
    for (int axis = 0; axis < PAGE_AXES; axis++)
        if (options->along[axis])
            snprintf(wish->along[axis], PLACE_WORD, "%s", options->along[axis]);
}

static bool open_at(struct scene *scene, const char *path, struct source_choice choice,
                    struct fault *fault)
{
    if (!loader_open(scene->loader, path, choice, fault))
        return false;
    forget_wish(scene);
    scene->coming = path;
    scene->opening = true;
    scene->reloading = scene->held = scene->waiting = false;
    scene->asked = choice;
    return true;
}

bool scene_open(struct scene *scene, const char *path, struct fault *fault)
{
    const struct options *options = scene->options;
    struct source_choice choice = {.every = options->every_directory};
    bool first = !scene->placed;
    if (first)
        choice.index = options->page;
    if (!open_at(scene, path, choice, fault))
        return false;
    if (first)
        take_wishes(scene);
    return true;
}

bool scene_reload(struct scene *scene, const char *path, struct fault *fault)
{
    if (!scene->placed)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    scene->reloading = open_at(scene, path, scene->choice, fault);
    return scene->reloading;
}

void scene_stay(struct scene *scene)
{
    scene->opening = scene->held = scene->waiting = false;
    forget_wish(scene);
    scene->asked = scene->choice;
    if (scene->strayed)
        loader_select(scene->loader, scene->choice, NULL);
}

/* Only a window shows pages on the way. */
static bool select_now(struct scene *scene, struct source_choice choice, struct fault *fault)
{
    scene->waiting = false;
    if (!loader_select(scene->loader, choice, fault))
        return false;
    forget_wish(scene);
    scene->asked = choice;
    scene->held = scene->options->job == JOB_VIEW && !scene->opening;
    return true;
}

bool scene_select(struct scene *scene, struct source_choice choice, struct fault *fault)
{
    if (!scene->held || scene->series >= 0)
        return select_now(scene, choice, fault);
    scene->ahead = choice;
    scene->waiting = !same_choice(&choice, &scene->asked);
    return true;
}

struct source_choice scene_target(const struct scene *scene)
{
    return scene->waiting ? scene->ahead : scene->asked;
}

bool scene_page_later(struct scene *scene, const char *word, struct fault *fault)
{
    if (strlen(word) >= PLACE_WORD)
        return fault_set(fault, FAULT_USAGE, "'%s' is not a page", word);
    snprintf(scene->wish.page, PLACE_WORD, "%s", word);
    return true;
}

bool scene_go_ahead(struct scene *scene)
{
    scene->held = false;
    return scene->waiting && select_now(scene, scene->ahead, NULL);
}

void scene_settle(struct scene *scene)
{
    scene->passing = false;
    loader_count(scene->loader);
}

bool scene_seek(struct scene *scene, int32_t series, struct fault *fault)
{
    struct source_choice choice = scene->choice;
    choice.channel = 0;
    if (!place_towards(&scene->page, series, &choice))
        return fault_set(fault, FAULT_USAGE, "series %d cannot be found", series + 1);
    if (!select_now(scene, choice, fault))
        return false;
    scene->series = series;
    return true;
}

bool scene_step(struct scene *scene, enum page_axis axis, const char *word, bool *stays,
                struct fault *fault)
{
    struct page from = scene->page;
    struct source_choice target = scene_target(scene), choice = target;
    *stays = false;
    if (scene->opening || scene->series >= 0) {
        /* Where that leads only the page to come can tell. */
        snprintf(scene->wish.along[axis], PLACE_WORD, "%s", word);
        return true;
    }
    from.index = choice.index;
    from.channel = choice.channel;
    if (!place_along(&from, axis, word, &choice, fault))
        return false;
    *stays = same_choice(&choice, &target);
    return *stays || scene_select(scene, choice, fault);
}

/* Towards the series that is sought, and then to its first page. */
static bool step_to_series(struct scene *scene, const struct page *page,
                           struct source_choice *choice, struct fault *fault)
{
    if (scene->series != page->series)
        return place_towards(page, scene->series, choice) ||
               fault_set(fault, FAULT_FORMAT, "series %d cannot be found", scene->series + 1);
    choice->index = page->axis_first;
    scene->series = -1;
    return true;
}

static bool step_to_page(const struct page *page, const char *word, struct source_choice *choice,
                         struct fault *fault)
{
    struct place_range range = {"page", page->index + 1, page->count, false, page->counting != 0};
    int32_t to;
    if (*word && !place_read(&range, word, &to, fault))
        return false;
    if (*word)
        choice->index = to - 1;
    return true;
}

/* The next step from `page`: `choice` stays as it is when there is none to do. */
static bool next_step(struct scene *scene, const struct page *page, struct source_choice *choice,
                      struct fault *fault)
{
    struct place_wish *wish = &scene->wish;
    if (*wish->series && !place_series(page, wish->series, &scene->series, fault))
        return false;
    *wish->series = 0;
    if (scene->series >= 0 && !step_to_series(scene, page, choice, fault))
        return false;
    if (!step_to_page(page, wish->page, choice, fault))
        return false;
    wish->page[0] = 0;
    if (choice->index != page->index)
        return true;
    struct page from = *page;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        const char *word = wish->along[axis];
        if (*word && !place_along(&from, (enum page_axis)axis, word, choice, fault))
            return false;
        from.index = choice->index;
        from.channel = choice->channel;
        wish->along[axis][0] = 0;
    }
    return true;
}

bool scene_go_on(struct scene *scene, const struct page *page)
{
    struct fault fault;
    struct source_choice next = scene->asked;
    scene->strayed = !scene->opening;
    bool good = next_step(scene, page, &next, &fault);
    if (good && same_choice(&next, &scene->asked))
        return false;
    if (good && loader_select(scene->loader, next, &fault)) {
        scene->asked = next;
        return true;
    }
    if (!good)
        fault_context(&fault, "%s", scene->path);
    fault.kind = FAULT_UNSUPPORTED;
    scene->misplaced = !good;
    scene_refuse(scene, &fault);
    scene->misplaced = false;
    return true;
}

/* The page before had that channel; this one is worth seeing without. */
static bool drop_channel(struct scene *scene)
{
    struct source_choice choice = scene->asked;
    bool inherited = choice.channel > 0 && scene->open && choice.channel == scene->choice.channel &&
                     choice.index != scene->choice.index;
    choice.channel = 0;
    return inherited && select_now(scene, choice, NULL);
}

/* The place where the file was shown is no more, since it has changed. */
static bool drop_place(struct scene *scene)
{
    const struct source_choice first = {.every = scene->asked.every};
    return scene->reloading && !same_choice(&scene->asked, &first) &&
           open_at(scene, scene->coming, first, NULL);
}

bool scene_go_back(struct scene *scene)
{
    if (scene->opening ? drop_place(scene) : drop_channel(scene))
        return true;
    forget_wish(scene);
    if (scene->opening)
        loader_close(scene->loader);
    else if (scene->strayed)
        loader_select(scene->loader, scene->choice, NULL);
    scene->asked = scene->choice;
    return false;
}
