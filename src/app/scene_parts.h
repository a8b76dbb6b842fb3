/* The scene's inside, shared by scene.c, scene_window.c and scene_place.c. Private to app. */
#ifndef APP_SCENE_PARTS_H
#define APP_SCENE_PARTS_H

#include "scene.h"

/* scene_window.c: for another page, `same_type` as the one before. scene->alike is set; `before` is
 * that one's index. */
void scene_page_window(struct scene *scene, bool same_type, int32_t before);

/* scene_place.c: true when that page is only a step on the way, and the next has been asked for (or
 * the way has ended with a refusal). */
bool scene_go_on(struct scene *scene, const struct page *page);
/* What was asked for cannot be had. True when something else is asked for instead, without a word.
 */
bool scene_go_back(struct scene *scene);

/* scene_place.c: the file asked for is none: what was shown before stays. */
void scene_stay(struct scene *scene);

/* scene.c: nothing comes of what was asked for. */
void scene_refuse(struct scene *scene, const struct fault *fault);

#endif
