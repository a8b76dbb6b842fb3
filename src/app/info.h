/* The job of --info: what each file is, as text or JSON. */
#ifndef APP_INFO_H
#define APP_INFO_H

#include "options.h"
#include "scene.h"

/* Prints what each file is. Returns the exit status; sentences go to stderr. */
int info_run(const struct options *options);

/* How the same is printed: the page, then each fact, then the end. */
struct info_style {
    void (*begin)(const struct scene *scene, const char *path);
    void (*fact)(const char *name, const char *text, bool first);
    void (*end)(void);
};
extern const struct info_style info_text, info_json;

#endif
