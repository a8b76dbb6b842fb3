/* --info: see info.h. Each file has a scene of its own. */
#include "info.h"

#include <stdio.h>
#include <string.h>

#include "report.h"

enum { NAMES = 256 };

struct inquiry {
    struct loop loop;
    struct scene scene;
    const struct info_style *style;
    bool told; /* all facts have come */
    int facts;
    char names[NAMES][FACT_NAME]; /* of the facts told */
};

static void trouble(void *context, const struct fault *fault)
{
    (void)context;
    fprintf(stderr, "xlightbox: %s\n", fault->text);
}

static int times_told(const struct inquiry *inquiry, const char *name)
{
    int count = 0;
    for (int i = 0; i < inquiry->facts; i++)
        count += !strcmp(inquiry->names[i], name);
    return count;
}

/* One of several of a name is numbered: in JSON names are keys. */
static void fact(void *context, const struct fact *fact)
{
    struct inquiry *inquiry = context;
    char name[FACT_NAME + 16];
    if (!fact || inquiry->facts == NAMES) {
        inquiry->told |= !fact;
        return;
    }
    int before = times_told(inquiry, fact->name);
    snprintf(name, sizeof name, before ? "%s (%d)" : "%s", fact->name, before + 1);
    inquiry->style->fact(name, fact->text, inquiry->facts == 0);
    snprintf(inquiry->names[inquiry->facts++], FACT_NAME, "%s", fact->name);
}

static const struct scene_events events = {.fact = fact, .trouble = trouble};

static bool inquire(struct inquiry *inquiry, const struct options *options, const char *path,
                    struct fault *fault)
{
    struct scene *scene = &inquiry->scene;
    if (!scene_init(scene, &inquiry->loop, options, &events, inquiry, fault) ||
        !scene_open(scene, path, fault) || !scene_wait(scene, fault))
        return false;
    while (scene->page.counting)
        if (!loop_turn(&inquiry->loop, -1, fault))
            return false;
    inquiry->style->begin(scene, path);
    loader_inform(scene->loader);
    bool good = true;
    while (good && !inquiry->told)
        good = loop_turn(&inquiry->loop, -1, fault);
    inquiry->style->end();
    return good;
}

/* On stdout stands what was asked for. */
static void tell_memory(const struct inquiry *inquiry, const struct options *options)
{
    static struct figures figures;
    if (!inquiry->scene.loader)
        return;
    figures_take(&figures, &inquiry->scene, 0);
    fflush(stdout);
    report_print(&figures, options->json, stderr);
}

int info_run(const struct options *options)
{
    static struct inquiry inquiry;
    int status = 0;
    for (int i = 0; i < options->file_count; i++) {
        struct fault fault = {0};
        memset(&inquiry, 0, sizeof inquiry);
        inquiry.style = options->json ? &info_json : &info_text;
        loop_init(&inquiry.loop);
        bool good = inquire(&inquiry, options, options->files[i], &fault);
        if (!good)
            fprintf(stderr, "xlightbox: %s\n", fault.text);
        if (!good || inquiry.scene.damaged)
            status = 1;
        if (options->memory_report && i == options->file_count - 1)
            tell_memory(&inquiry, options);
        scene_fini(&inquiry.scene);
    }
    return status;
}
