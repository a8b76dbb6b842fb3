/* --render: see batch.h. Each process takes the next file that none has taken; what has become of
 * them all is counted in memory they share, which is all they have in common. */
#include "batch.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/language.h"
#include "pattern.h"
#include "picture.h"
#include "render.h"
#include "report.h"
#include "state.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, BAR = 40 };

struct tally {
    atomic_int next;              /* file that none has taken */
    atomic_int files, bad_files;  /* done; of those not, or not wholly, shown */
    atomic_int pictures;          /* written */
    atomic_int taken[BATCH_JOBS]; /* the file each process has in hand, from 1; 0: none */
    atomic_int misused;           /* a fault of usage */
};

struct batch {
    const struct options *options;
    struct tally *tally; /* shared */
    struct rendering rendering;
    bool terminal; /* somebody looks on */
    int number;    /* of this process */
    bool file_open;
};

static void complain(const struct batch *batch, const char *text)
{
    fprintf(stderr, "%sxlightbox: %s\n", batch->terminal ? "\r\033[K" : "", text);
}

/* One call, for several processes may write at once. */
static void show_progress(const struct batch *batch)
{
    char bar[BAR + 1], text[64];
    int count = batch->options->file_count, files = batch->tally->files;
    if (!batch->terminal)
        return;
    for (int i = 0; i < BAR; i++)
        bar[i] = (int64_t)i * count < (int64_t)files * BAR ? '#' : '.';
    bar[BAR] = 0;
    snprintf(text, sizeof text, _("%d of %d files"), files, count);
    fprintf(stderr, "\r[%s] %s ", bar, text);
    fflush(stderr);
}

/* ---- one file ---- */

static bool write_page(struct batch *batch, const struct pattern_place *place, struct fault *fault)
{
    char out[PATH_MAX];
    struct rendering *rendering = &batch->rendering;
    if (!pattern_fill(batch->options->output, place, out, fault) ||
        !render_write(rendering, out, fault))
        return false;
    batch->tally->pictures++;
    return true;
}

/* The page that is open. */
static bool page_done(struct batch *batch, const struct pattern_place *place)
{
    struct fault fault = {FAULT_NONE, ""};
    bool good = write_page(batch, place, &fault);
    if (!good)
        complain(batch, fault.text);
    batch->tally->misused |= !good && fault.kind == FAULT_USAGE;
    return good && !batch->rendering.scene.damaged;
}

/* False with a fault of usage: there is no such page. */
static bool turn_to(struct batch *batch, const struct pattern_place *place, struct fault *fault)
{
    struct rendering *rendering = &batch->rendering;
    int32_t page = (int32_t)place->page - 1;
    if (!batch->file_open)
        return batch->file_open = render_open(rendering, place->path, page, fault);
    if (!render_has(rendering, page))
        return fault_set(fault, FAULT_USAGE, "%s: has no page %d", place->path, page + 1);
    return render_turn(rendering, page, fault);
}

/* All pages asked for behind the first. One that cannot be shown leaves the others. */
static bool further_pages(struct batch *batch, struct pattern_place *place)
{
    const char *ranges = batch->options->pages;
    bool open, good = true;
    int32_t page;
    while ((page = pages_next(ranges, (int32_t)place->page, &open)) != INT32_MAX) {
        struct fault fault = {FAULT_NONE, ""};
        place->page = page;
        if (turn_to(batch, place, &fault)) {
            good &= page_done(batch, place);
            continue;
        }
        bool behind = fault.kind == FAULT_USAGE;
        if (behind && open)
            break;
        complain(batch, fault.text);
        good = false;
        if (behind)
            break;
    }
    return good;
}

/* Whether a file of which a page cannot be shown is one that has pages at all: of those it is said
 * that the last one imaginable is none of them. */
static bool has_pages(struct batch *batch, const char *path)
{
    struct fault fault = {FAULT_NONE, ""};
    return !render_open(&batch->rendering, path, INT32_MAX - 1, &fault) &&
           fault.kind == FAULT_USAGE;
}

/* A file before this one whose pictures would have the same names; NULL: none. */
static const char *same_before(const struct batch *batch, int index)
{
    char *const *files = batch->options->files;
    char mine[PATH_MAX], other[PATH_MAX];
    struct pattern_place place = {files[index], 1, index + 1};
    if (!pattern_fill(batch->options->output, &place, mine, NULL))
        return NULL;
    for (int i = 0; i < index; i++) {
        const char *name = file_name(files[i]);
        if (strncmp(name, file_name(files[index]), strcspn(name, ".")))
            continue; /* the quick way: names that differ before a dot */
        place = (struct pattern_place){files[i], 1, i + 1};
        if (pattern_fill(batch->options->output, &place, other, NULL) && !strcmp(mine, other))
            return files[i];
    }
    return NULL;
}

static bool one_file(struct batch *batch, int index)
{
    const struct options *options = batch->options;
    struct fault fault = {FAULT_NONE, ""};
    bool open = false;
    int32_t page = options->pages ? pages_next(options->pages, 0, &open) : options->page + 1;
    struct pattern_place place = {options->files[index], page, index + 1};
    const char *before = same_before(batch, index);
    if (before)
        fault_set(&fault, FAULT_USAGE,
                  "%s: its pictures would replace those of %s (%%i in %s tells them apart)",
                  place.path, before, options->output);
    else
        batch->file_open = render_open(&batch->rendering, place.path, page - 1, &fault);
    bool good = !before && batch->file_open;
    if (good) {
        place.page = batch->rendering.scene.page.index + 1;
        good = page_done(batch, &place);
    } else {
        complain(batch, fault.text);
        if (before || !options->pages || !has_pages(batch, place.path))
            return false;
    }
    return options->pages ? further_pages(batch, &place) && good : good;
}

/* ---- all files ---- */

static bool take_files(struct batch *batch)
{
    struct tally *tally = batch->tally;
    struct fault fault;
    if (!render_init(&batch->rendering, batch->options, &fault)) {
        complain(batch, fault.text);
        return false;
    }
    show_progress(batch);
    for (int i; (i = atomic_fetch_add(&tally->next, 1)) < batch->options->file_count;) {
        tally->taken[batch->number] = i + 1;
        tally->bad_files += !one_file(batch, i);
        tally->taken[batch->number] = 0;
        tally->files++;
        show_progress(batch);
    }
    return true;
}

static void run_process(struct batch *batch, pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != parent)
        _exit(EXIT_FAILED);
    bool good = take_files(batch);
    render_fini(&batch->rendering);
    _exit(good ? EXIT_DONE : EXIT_FAILED);
}

/* A process that ends before its time has lost the file that it had in hand. */
static void note_end(struct batch *batch, int number, int status)
{
    char text[PATH_MAX + 80];
    struct tally *tally = batch->tally;
    int file = tally->taken[number];
    if (!WIFSIGNALED(status))
        return;
    tally->bad_files += file > 0;
    tally->files += file > 0;
    snprintf(text, sizeof text, _("%s: no picture: its process was killed by signal %d"),
             file ? batch->options->files[file - 1] : "--jobs", WTERMSIG(status));
    complain(batch, text);
}

static int process_number(const pid_t *pids, int count, pid_t pid)
{
    for (int i = 0; i < count; i++)
        if (pids[i] == pid)
            return i;
    return -1;
}

static bool run_processes(struct batch *batch)
{
    pid_t pids[BATCH_JOBS] = {0}, parent = getpid(), pid;
    const struct options *options = batch->options;
    int count =
        options->jobs_at_once < options->file_count ? options->jobs_at_once : options->file_count;
    int status, started = 0;
    for (; started < count; started++) {
        batch->number = started;
        pids[started] = fork();
        if (pids[started] == 0)
            run_process(batch, parent);
        if (pids[started] < 0)
            break;
    }
    while ((pid = waitpid(-1, &status, 0)) > 0 || errno == EINTR)
        if (pid > 0 && process_number(pids, started, pid) >= 0)
            note_end(batch, process_number(pids, started, pid), status);
    return started > 0;
}

/* Not among the bytes of a picture. */
static void tell_memory(const struct batch *batch)
{
    static struct figures figures;
    figures_take(&figures, &batch->rendering.scene, 0);
    report_print(&figures, batch->options->json,
                 strcmp(batch->options->output, "-") ? stdout : stderr);
}

static void sum_up(const struct batch *batch)
{
    char text[120];
    const struct tally *tally = batch->tally;
    int count = batch->options->file_count, bad = tally->bad_files + count - tally->files;
    snprintf(text, sizeof text, _("%d picture%s of %d file%s, %d of them failed"), tally->pictures,
             tally->pictures == 1 ? "" : "s", count, count == 1 ? "" : "s", bad);
    if (count > 1 || batch->options->pages)
        complain(batch, text);
}

static int run(struct batch *batch)
{
    const struct options *options = batch->options;
    struct tally *tally = batch->tally;
    bool many = options->file_count > 1 || options->pages;
    batch->terminal = options->file_count > 1 && isatty(STDERR_FILENO);
    bool good = options->jobs_at_once > 1 ? run_processes(batch) : take_files(batch);
    if (options->memory_report && batch->rendering.scene.loader)
        tell_memory(batch);
    if (options->jobs_at_once == 1)
        render_fini(&batch->rendering);
    sum_up(batch);
    if (tally->misused && !many)
        return EXIT_USAGE;
    return good && !tally->bad_files && tally->files == options->file_count ? EXIT_DONE
                                                                            : EXIT_FAILED;
}

/* Where processes share the work each has one decoder. */
int batch_run(const struct options *options)
{
    static struct batch batch;
    static struct options own;
    struct fault fault;
    own = *options;
    if (own.jobs_at_once > 1 && !own.workers)
        own.workers = 1;
    batch = (struct batch){.options = &own};
    if (!picture_can(options->output, &fault) ||
        !pattern_check(options->output, options->file_count > 1, options->pages, &fault)) {
        complain(&batch, fault.text);
        return EXIT_USAGE;
    }
    batch.tally =
        mmap(NULL, sizeof *batch.tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (batch.tally == MAP_FAILED) {
        complain(&batch, strerror(errno));
        return EXIT_FAILED;
    }
    int status = run(&batch);
    munmap(batch.tally, sizeof *batch.tally);
    return status;
}
