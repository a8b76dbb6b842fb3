/* Pictures written to files: see picture.h. Owns the file until it is in its place or given up. */
#include "picture_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "base/ledger.h"
#include "config.h"

static const struct picture_class *const classes[] = {
#ifdef HAVE_PNG
    &picture_png,
#endif
    &picture_tif, &picture_tiff, &picture_pgm, &picture_ppm,
};

enum { CLASSES = sizeof classes / sizeof *classes };

static const struct picture_class *class_for(const char *path, struct fault *fault)
{
    size_t length = strlen(path);
    if (!strcmp(path, "-"))
        return &picture_pnm;
    for (int i = 0; i < CLASSES; i++) {
        size_t ending = strlen(classes[i]->ending);
        if (length > ending && !strcasecmp(path + length - ending, classes[i]->ending))
            return classes[i];
    }
    fault_set(fault, FAULT_USAGE, "%s: pictures are written as %s.tif, .pgm or .ppm, by the ending",
              path, classes[0] == &picture_tif ? "" : ".png, ");
    return NULL;
}

bool picture_can(const char *path, struct fault *fault)
{
    return class_for(path, fault) != NULL;
}

bool picture_place_free(const char *path, bool force, struct fault *fault)
{
    struct stat status;
    return force || !strcmp(path, "-") || stat(path, &status) || !S_ISREG(status.st_mode) ||
           fault_set(fault, FAULT_FILE, "%s: is there already (force replaces it)", path);
}

static int open_fresh(struct picture *picture, const char *path, bool force, struct fault *fault)
{
    if (!picture_place_free(path, force, fault) ||
        !fresh_file_open(&picture->fresh, path, NULL, fault))
        return -1;
    picture->fresh.spare = !force;
    return dup(picture->fresh.fd);
}

/* A new file beside the one to be; a device or a pipe is written to in place. */
static int open_descriptor(struct picture *picture, const char *path, bool force,
                           struct fault *fault)
{
    struct stat status;
    if (!strcmp(path, "-"))
        return dup(STDOUT_FILENO);
    if (stat(path, &status) || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        return open_fresh(picture, path, force, fault);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        fault_errno(fault, errno, "%s", path);
    return fd;
}

static struct picture *abandon(struct picture *picture)
{
    if (picture->file)
        fclose(picture->file);
    fresh_file_drop(&picture->fresh);
    ledger_free(LEDGER_OUTPUT, picture, sizeof *picture);
    return NULL;
}

int picture_channels(const char *path, int channels)
{
    const struct picture_class *class = class_for(path, NULL);
    return class && class->gray_alone ? 1 : channels;
}

struct picture *picture_open(const char *path, const struct picture_terms *terms,
                             struct fault *fault)
{
    const struct picture_class *class = class_for(path, fault);
    struct picture *picture = class ? ledger_alloc(LEDGER_OUTPUT, sizeof *picture, fault) : NULL;
    if (!picture)
        return NULL;
    picture->class = class;
    picture->name = strcmp(path, "-") ? path : _("standard output");
    picture->width = terms->width;
    picture->height = terms->height;
    picture->channels = terms->channels;
    picture->bits = terms->bits;
    picture->fresh.fd = -1;
    int fd = terms->into ? dup(terms->into) : open_descriptor(picture, path, terms->force, fault);
    if (fd < 0)
        return abandon(picture);
    picture->file = fdopen(fd, "wb");
    if (!picture->file) {
        fault_errno(fault, errno, "%s", path);
        close(fd);
        return abandon(picture);
    }
    return class->begin(picture, terms, fault) ? picture : abandon(picture);
}

bool picture_row(struct picture *picture, const void *levels, struct fault *fault)
{
    return picture->class->row(picture, levels, fault);
}

static bool finish(struct picture *picture, struct fault *fault)
{
    if (!picture->class->end(picture, fault))
        return false;
    if (fflush(picture->file))
        return fault_errno(fault, errno, "%s", picture->name);
    return picture->fresh.fd < 0 || fresh_file_keep(&picture->fresh, fault);
}

bool picture_close(struct picture *picture, bool keep, struct fault *fault)
{
    bool done = keep && finish(picture, fault);
    picture->class->drop(picture);
    abandon(picture);
    return done;
}
