/* --build-overviews: see overviews.h. Owns the files while overviews are made, and says how far it
 * is: a bar on a terminal, else a line for every tenth. */
#include "overviews.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "base/clock.h"
#include "base/geometry.h"
#include "base/loop.h"
#include "fresh_file.h"
#include "report.h"
#include "signals.h"
#include "source/spill.h"
#include "state.h"
#include "tiles/makers.h"
#include "values.h"

enum { SHOW_MS = 200, BAR = 40, TENTH = 10 };

/* What was held when it was most. */
static struct figures largest;

static void note_memory(void)
{
    static struct figures now;
    figures_take(&now, NULL, 0);
    if (now.footprint > largest.footprint)
        largest = now;
}

struct build {
    const struct options *options;
    struct loop loop;
    struct makers *makers;
    const char *path;
    struct fresh_file out;
    int fd, scratch;
    bool replaces;
    enum makers_outcome outcome;
    struct fault fault;
    bool interrupted;
    bool terminal;
    int told; /* tenths */
    int64_t begun_ms;
};

/* Progress. */

static void draw_bar(const struct build *build, double progress)
{
    char bar[BAR + 1];
    int full = (int)(progress * BAR);
    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = 0;
    fprintf(stderr, "\r%.40s  [%s] %3d %%  %lld s ", file_name(build->path), bar,
            (int)(progress * 100), (long long)((clock_ms() - build->begun_ms) / 1000));
    fflush(stderr);
}

static void wipe_bar(const struct build *build)
{
    if (build->terminal)
        fputs("\r\033[K", stderr);
}

/* Then stderr is to be read by a program. */
static bool reports_json(const struct options *options)
{
    return options->memory_report && options->json;
}

static void show_progress(void *context)
{
    struct build *build = context;
    double progress = makers_progress(build->makers);
    int tenth = (int)(progress * TENTH);
    if (build->terminal)
        draw_bar(build, progress);
    else if (!reports_json(build->options) && tenth > build->told && tenth < TENTH)
        fprintf(stderr, "xlightbox: %s: overviews %d %%\n", build->path, tenth * (100 / TENTH));
    build->told = tenth > build->told ? tenth : build->told;
    if (build->options->memory_report)
        note_memory();
    loop_timer(&build->loop, SHOW_MS, show_progress, build);
}

/* Ends. */

static void ended(void *context, enum makers_outcome outcome, const struct fault *fault)
{
    struct build *build = context;
    build->outcome = outcome;
    if (fault)
        build->fault = *fault;
    loop_stop(&build->loop);
}

static void interrupted(void *context)
{
    struct build *build = context;
    build->interrupted = true;
    loop_stop(&build->loop);
}

static void nothing_to_report(void *context)
{
    (void)context;
}

static void say_done(const struct build *build, int64_t bytes)
{
    char size[NUMBER_TEXT];
    int count = makers_copies(build->makers)->count;
    bytes_text((size_t)bytes, size, sizeof size);
    printf(_("%s: %d overview%s, %s%s\n"), build->out.path, count, count == 1 ? "" : "s", size,
           build->replaces ? _(", in the place of what was there") : "");
}

static void say_needless(const struct build *build)
{
    const struct copies *copies = makers_copies(build->makers);
    bool small = max64(copies->width, copies->height) <= COPIES_SIDE;
    printf(_("%s: needs no overviews: it %s\n"), build->path,
           small ? _("is small") : _("has them in it already"));
}

/* What has come of it. A fault names the file that it is about. */
static bool finish(struct build *build, struct fault *fault)
{
    struct stat status;
    *fault = build->fault;
    if (build->interrupted)
        return fault_set(fault, FAULT_FILE, "%s: interrupted: no overviews were written",
                         build->path);
    if (build->outcome == MAKERS_NEEDLESS) {
        say_needless(build);
        return true;
    }
    if (build->outcome == MAKERS_UNWRITTEN)
        return fault_context(fault, "%s", build->out.path);
    if (build->outcome == MAKERS_FAILED)
        return fault_context(fault, "%s", build->path);
    if (fstat(build->out.fd, &status))
        return fault_errno(fault, errno, "%s", build->out.path);
    if (!fresh_file_keep(&build->out, fault))
        return false;
    say_done(build, status.st_size);
    return true;
}

/* Begins. */

static bool open_files(struct build *build, struct fault *fault)
{
    char path[PATH_MAX];
    struct stat status, before;
    build->fd = open(build->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (build->fd < 0 || fstat(build->fd, &status))
        return fault_errno(fault, errno, "cannot be opened");
    if (!S_ISREG(status.st_mode))
        return fault_set(fault, FAULT_FILE, "%s",
                         S_ISDIR(status.st_mode) ? _("is a directory")
                                                 : _("is not a regular file"));
    snprintf(path, sizeof path, "%s.ovr", build->path);
    build->replaces = !stat(path, &before);
    if (!fresh_file_open(&build->out, path, &status, fault))
        return fault_context(fault, "no overviews can be written");
    build->scratch = spill_open();
    return build->scratch >= 0 || fault_set(fault, FAULT_FILE, "no temporary file can be had");
}

static int makers_wanted(const struct options *options)
{
    long count = options->workers ? options->workers : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > COPIES_MAKERS ? COPIES_MAKERS : (int)count;
}

static bool start_makers(struct build *build, const struct options *options, struct fault *fault)
{
    const struct makers_task task = {
        .fd = build->fd,
        .out = build->out.fd,
        .scratch = build->scratch,
        .name = file_name(build->path),
        .choice = {.index = options->page},
        .count = makers_wanted(options),
        .terms = {.unconfined = options->no_sandbox, .spill = options->spill}};
    build->makers = makers_new(&build->loop, &task, ended, build, fault);
    return build->makers;
}

static bool build_one(struct build *build, const struct options *options, struct fault *fault)
{
    loop_init(&build->loop);
    if (!open_files(build, fault) || !start_makers(build, options, fault))
        return fault_context(fault, "%s", build->path);
    bool good = signals_begin(&build->loop, interrupted, nothing_to_report, build) ||
                fault_set(fault, FAULT_FILE, "%s: signals cannot be heard", build->path);
    build->begun_ms = clock_ms();
    show_progress(build);
    good = good && loop_run(&build->loop, fault);
    wipe_bar(build);
    good = good && finish(build, fault);
    signals_end(&build->loop);
    return good;
}

static void let_go(struct build *build)
{
    makers_free(build->makers);
    fresh_file_drop(&build->out);
    if (build->scratch >= 0)
        close(build->scratch);
    if (build->fd >= 0)
        close(build->fd);
}

int overviews_run(const struct options *options)
{
    static struct build build;
    int status = 0;
    signal(SIGPIPE, SIG_IGN); /* nobody need listen */
    for (int i = 0; i < options->file_count && !build.interrupted; i++) {
        struct fault fault = {.kind = FAULT_NONE};
        build = (struct build){.options = options,
                               .path = options->files[i],
                               .out = {.fd = -1},
                               .fd = -1,
                               .scratch = -1,
                               .terminal = isatty(STDERR_FILENO)};
        if (!build_one(&build, options, &fault)) {
            fprintf(stderr, "xlightbox: %s\n", fault.text);
            status = 1;
        }
        let_go(&build);
        fflush(stdout);
    }
    if (options->memory_report)
        report_print(&largest, options->json, stderr);
    return status;
}
