/* X toolkit options and resources: see x11/resources.h. Owns the Xrm databases. */
#include "x11/resources.h"

#include "xlib.h"

#include <X11/Xresource.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"

/* Where application defaults lie when XFILESEARCHPATH does not say. The first is this
 * installation's. */
static const char usual_path[] = APP_DEFAULTS "/%N:/etc/X11/%T/%N:/usr/share/X11/%T/%N";

struct resources {
    XrmDatabase database; /* the command line's, then with the server's under it */
    char name[64];
};

/* Writable texts, for Xrm's signatures are older than const. */
static struct {
    char option[16], specifier[16];
    XrmOptionKind kind;
    char value[4];
} options[] = {
    {"-display", ".display", XrmoptionSepArg, ""},
    {"-geometry", ".geometry", XrmoptionSepArg, ""},
    {"-name", ".name", XrmoptionSepArg, ""},
    {"-title", ".title", XrmoptionSepArg, ""},
    {"-xrm", "", XrmoptionResArg, ""},
    {"-fn", "*font", XrmoptionSepArg, ""},
    {"-font", "*font", XrmoptionSepArg, ""},
    {"-bg", "*background", XrmoptionSepArg, ""},
    {"-background", "*background", XrmoptionSepArg, ""},
    {"-fg", "*foreground", XrmoptionSepArg, ""},
    {"-foreground", "*foreground", XrmoptionSepArg, ""},
    {"-iconic", ".iconic", XrmoptionNoArg, "on"},
};

enum { OPTIONS = sizeof options / sizeof *options };

static void take_options(struct resources *resources, int *count, char **words)
{
    XrmOptionDescRec table[OPTIONS];
    for (int i = 0; i < OPTIONS; i++)
        table[i] = (XrmOptionDescRec){options[i].option, options[i].specifier, options[i].kind,
                                      options[i].value};
    XrmParseCommand(&resources->database, table, OPTIONS, resources->name, count, words);
}

/* The instance name decides under which name the other options are entered, so it is looked for
 * first. */
static const char *instance_name(int count, char **words)
{
    for (int i = 1; i + 1 < count; i++)
        if (!strcmp(words[i], "-name"))
            return words[i + 1];
    return "xlightbox";
}

struct resources *resources_new(int *count, char **words)
{
    struct resources *resources = ledger_alloc(LEDGER_UI, sizeof *resources, NULL);
    if (!resources)
        return NULL;
    XrmInitialize();
    snprintf(resources->name, sizeof resources->name, "%s", instance_name(*count, words));
    take_options(resources, count, words);
    return resources;
}

void resources_free(struct resources *resources)
{
    if (!resources)
        return;
    if (resources->database)
        XrmDestroyDatabase(resources->database);
    ledger_free(LEDGER_UI, resources, sizeof *resources);
}

/* A file's name from the first template of a path (XtResolvePathname): %N is the class, %T the kind
 * of file, the rest of no use here. */
static void expand(const char *at, char *path, size_t room)
{
    size_t used = 0;
    for (; *at && *at != ':' && used + sizeof "app-defaults" < room; at++) {
        if (*at != '%' || !at[1])
            path[used++] = *at;
        else if (*++at == 'N')
            used += (size_t)snprintf(path + used, room - used, "Xlightbox");
        else if (*at == 'T')
            used += (size_t)snprintf(path + used, room - used, "app-defaults");
    }
    path[used] = 0;
}

/* The user's file, and the first that is there for all. */
static void merge_app_defaults(struct resources *resources)
{
    char path[1024];
    const char *own = getenv("XAPPLRESDIR");
    const char *at = getenv("XFILESEARCHPATH");
    if (own) {
        snprintf(path, sizeof path, "%s/Xlightbox", own);
        XrmCombineFileDatabase(path, &resources->database, False);
    }
    if (!at || !*at)
        at = usual_path;
    while (at) {
        expand(at, path, sizeof path);
        if (XrmCombineFileDatabase(path, &resources->database, False))
            return;
        at = strchr(at, ':');
        at += at != NULL;
    }
}

void resources_merge(struct resources *resources, const struct connection *connection)
{
    const char *server = XResourceManagerString(connection->display);
    const char *path = getenv("XENVIRONMENT");
    if (path)
        XrmCombineFileDatabase(path, &resources->database, False);
    if (server) {
        XrmDatabase lower = XrmGetStringDatabase(server);
        XrmCombineDatabase(lower, &resources->database, False);
    }
    merge_app_defaults(resources);
}

const char *resources_text(const struct resources *resources, const char *name, const char *class)
{
    char full_name[160], full_class[160], *type;
    XrmValue value;
    snprintf(full_name, sizeof full_name, "%s.%s", resources->name, name);
    snprintf(full_class, sizeof full_class, "Xlightbox.%s", class);
    if (!resources->database ||
        !XrmGetResource(resources->database, full_name, full_class, &type, &value))
        return NULL;
    return value.addr;
}

const char *resources_name(const struct resources *resources)
{
    return resources->name;
}
