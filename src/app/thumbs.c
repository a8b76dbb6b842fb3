/* Small pictures: see thumbs.h. Owns them, and the process that makes one. */
#include "thumbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "base/ledger.h"
#include "state.h"

enum { PAUSE_MS = 60, BYTES = THUMB_SIDE * THUMB_SIDE, HEADER_LINES = 3 };

static void too_long(void *context);
static void begin(void *context);

static void drop(struct thumb *thumb)
{
    if (thumb->path)
        ledger_free(LEDGER_THUMBNAILS, thumb->path, strlen(thumb->path) + 1);
    if (thumb->levels)
        ledger_free(LEDGER_THUMBNAILS, thumb->levels, BYTES);
    *thumb = (struct thumb){0};
}

void thumbs_forget(struct thumbs *thumbs)
{
    for (int i = 0; i < THUMBS; i++)
        drop(&thumbs->made[i]);
}

static struct thumb *oldest(struct thumbs *thumbs)
{
    struct thumb *found = &thumbs->made[0];
    for (int i = 1; i < THUMBS; i++)
        if (thumbs->made[i].used < found->used)
            found = &thumbs->made[i];
    return found;
}

/* What has come of the one being made; levels become the entry's. */
static void keep(struct thumbs *thumbs, uint8_t *levels, const char *trouble)
{
    struct thumb *thumb = oldest(thumbs);
    size_t bytes = strlen(thumbs->path) + 1;
    drop(thumb);
    thumb->path = ledger_alloc(LEDGER_THUMBNAILS, bytes, NULL);
    thumb->levels = levels;
    if (!thumb->path) {
        drop(thumb);
    } else {
        memcpy(thumb->path, thumbs->path, bytes);
        snprintf(thumb->trouble, sizeof thumb->trouble, "%s", trouble);
        thumb->used = ++thumbs->clock;
    }
    thumbs->path[0] = 0;
}

static void leave_off(struct thumbs *thumbs)
{
    loop_timer_cancel(thumbs->child.loop, too_long, thumbs);
    child_stop(&thumbs->child);
    if (thumbs->levels)
        ledger_free(LEDGER_THUMBNAILS, thumbs->levels, BYTES);
    thumbs->levels = NULL;
}

static void done(struct thumbs *thumbs, const char *trouble)
{
    uint8_t *levels = *trouble ? NULL : thumbs->levels;
    if (levels)
        thumbs->levels = NULL;
    leave_off(thumbs);
    keep(thumbs, levels, trouble);
    thumbs->changed(thumbs->context);
    thumbs_turn(thumbs);
}

static void too_long(void *context)
{
    done(context, _("a small picture takes too long"));
}

/* ---- what the process says: sentences, then a picture as PGM or PPM ---- */

/* Without the program's name and the path (in which letters may be replaced), for the file's name
 * is beside it. */
static void take_sentence(struct thumbs *thumbs)
{
    static const char speaker[] = "xlightbox: ";
    const char *text = thumbs->line;
    size_t path = strlen(thumbs->path) + (thumbs->path[0] == '-' ? 2 : 0);
    if (!strncmp(text, speaker, sizeof speaker - 1))
        text += sizeof speaker - 1;
    if (strlen(text) > path && !strncmp(text + path, ": ", 2))
        text += path + 2;
    if (thumbs->trouble[0])
        return;
    snprintf(thumbs->trouble, sizeof thumbs->trouble, "%.*s", THUMB_TROUBLE - 1, text);
    language_whole(thumbs->trouble);
}

static void take_line(struct thumbs *thumbs)
{
    const char *line = thumbs->line;
    char size[32];
    snprintf(size, sizeof size, "%d %d", THUMB_SIDE, THUMB_SIDE);
    if (thumbs->header == 0 && (!strcmp(line, "P5") || !strcmp(line, "P6"))) {
        thumbs->header = 1;
        thumbs->channels = line[1] == '6' ? 3 : 1;
    } else if (thumbs->header == 0) {
        take_sentence(thumbs);
    } else if (thumbs->header == 1 && strcmp(line, size) != 0) {
        thumbs->header = 0;
    } else {
        thumbs->header++;
    }
}

static void take_sample(struct thumbs *thumbs, uint8_t level)
{
    size_t at = thumbs->samples / (size_t)thumbs->channels;
    size_t channel = thumbs->samples % (size_t)thumbs->channels;
    const uint8_t *const levels[3] = {&thumbs->colour[0], &thumbs->colour[1], &thumbs->colour[2]};
    if (at >= BYTES)
        return;
    thumbs->samples++;
    thumbs->colour[channel] = level;
    if (thumbs->channels == 1)
        thumbs->levels[at] = level;
    else if (channel == 2)
        pixels_luma(levels, 1, &thumbs->levels[at]);
}

static void take_letter(struct thumbs *thumbs, char letter)
{
    if (letter != '\n') {
        if (thumbs->line_used + 1 < sizeof thumbs->line)
            thumbs->line[thumbs->line_used++] = letter;
        return;
    }
    thumbs->line[thumbs->line_used] = 0;
    thumbs->line_used = 0;
    take_line(thumbs);
}

static void heard(void *context, const char *bytes, size_t count)
{
    struct thumbs *thumbs = context;
    for (size_t i = 0; i < count; i++) {
        if (thumbs->header < HEADER_LINES)
            take_letter(thumbs, bytes[i]);
        else
            take_sample(thumbs, (uint8_t)bytes[i]);
    }
    if (thumbs->samples == BYTES * (size_t)(thumbs->channels ? thumbs->channels : 1))
        done(thumbs, "");
    else if (!bytes)
        done(thumbs, thumbs->trouble[0] ? thumbs->trouble : _("what made it ended too soon"));
}

/* ---- beginning ---- */

static void run_program(void *argument, int out)
{
    const struct thumbs *thumbs = argument;
    char size[32], path[PATH_MAX + 2];
    const char *words[] = {"xlightbox", "--render", "-",  "--size", size,
                           "--workers", "1",        path, NULL,     NULL};
    if (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(1);
    snprintf(size, sizeof size, "%dx%d", THUMB_SIDE, THUMB_SIDE);
    snprintf(path, sizeof path, "%s%s", thumbs->path[0] == '-' ? "./" : "", thumbs->path);
    if (thumbs->options->no_sandbox)
        words[8] = "--no-sandbox";
    unsetenv("XLIGHTBOX_LOG"); /* its lines would be taken for ours */
    execv("/proc/self/exe", (char *const *)(uintptr_t)words);
    execvp(program_invocation_name, (char *const *)(uintptr_t)words);
    _exit(1);
}

static void begin(void *context)
{
    struct thumbs *thumbs = context;
    struct fault fault;
    thumbs->waiting = false;
    if (!thumbs->next(thumbs->context, thumbs->path)) {
        thumbs->path[0] = 0;
        return;
    }
    thumbs->line_used = thumbs->samples = 0;
    thumbs->header = thumbs->channels = 0;
    thumbs->trouble[0] = 0;
    thumbs->levels = ledger_alloc(LEDGER_THUMBNAILS, BYTES, &fault);
    if (!thumbs->levels || !child_start(&thumbs->child, run_program, thumbs, &fault)) {
        done(thumbs, fault.text);
        return;
    }
    loop_timer(thumbs->child.loop, THUMB_MS, too_long, thumbs);
}

/* After a little while, for who goes through a list wants none of those on the way. */
void thumbs_turn(struct thumbs *thumbs)
{
    char path[PATH_MAX];
    bool wanted = thumbs->next(thumbs->context, path);
    if (wanted && !strcmp(path, thumbs->path))
        return;
    leave_off(thumbs);
    thumbs->path[0] = 0;
    loop_timer_cancel(thumbs->child.loop, begin, thumbs);
    thumbs->waiting = wanted;
    if (wanted)
        loop_timer(thumbs->child.loop, PAUSE_MS, begin, thumbs);
}

bool thumbs_busy(const struct thumbs *thumbs)
{
    return thumbs->waiting || thumbs->path[0];
}

const struct thumb *thumbs_find(struct thumbs *thumbs, const char *path)
{
    for (int i = 0; i < THUMBS; i++) {
        struct thumb *thumb = &thumbs->made[i];
        if (!thumb->path || strcmp(thumb->path, path) != 0)
            continue;
        thumb->used = ++thumbs->clock;
        return thumb;
    }
    return NULL;
}

void thumbs_init(struct thumbs *thumbs, struct loop *loop, const struct options *options,
                 bool (*next)(void *context, char path[PATH_MAX]), void (*changed)(void *context),
                 void *context)
{
    *thumbs =
        (struct thumbs){.options = options, .next = next, .changed = changed, .context = context};
    child_init(&thumbs->child, loop, heard, thumbs);
}

void thumbs_fini(struct thumbs *thumbs)
{
    if (!thumbs->child.loop)
        return;
    leave_off(thumbs);
    thumbs_forget(thumbs);
}
