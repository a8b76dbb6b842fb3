/* The program's entry: reads the command line and gives the job to whoever does it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/language.h"
#include "base/ledger.h"
#include "base/log.h"
#include "completion.h"
#include "config.h"
#include "ask.h"
#include "batch.h"
#include "files.h"
#include "info.h"
#include "manual.h"
#include "options.h"
#include "overviews.h"
#include "session.h"
#include "x11/resources.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

static void print_log(const char *topic, const char *line)
{
    fprintf(stderr, "%s: %s\n", topic, line);
}

/* Folders stand for their images; a window looks into them itself. */
static int run_files(struct options *options)
{
    struct files files;
    struct fault fault;
    int status = EXIT_USAGE;
    if (!files_init(&files, options->files, options->file_count, &fault)) {
        fprintf(stderr, "xlightbox: %s\n", fault.text);
        status = EXIT_FAILED;
    } else {
        options->files = files.names;
        options->file_count = files.count;
        status = options->job == JOB_RENDER ? batch_run(options)
                 : options->job == JOB_INFO ? info_run(options)
                                            : overviews_run(options);
    }
    if (files.empty)
        fprintf(stderr, _("xlightbox: %s: has no images in it\n"), files.empty);
    if (files.empty && status == 0)
        status = EXIT_FAILED;
    files_fini(&files);
    return status;
}

/* What programs read is English whatever the locale. */
static bool for_programs(const struct options *options)
{
    return options->json || options->job == JOB_MANUAL || options->job == JOB_COMPLETION;
}

static int run(struct options *options, struct resources *resources, int count, char **words)
{
    if (for_programs(options))
        language_leave();
    switch (options->job) {
    case JOB_VIEW:
        return session_run(options, resources, count, words);
    case JOB_RENDER:
    case JOB_INFO:
    case JOB_BUILD:
        return run_files(options);
    case JOB_REMOTE:
        return ask_run(options, resources);
    case JOB_HELP:
        manual_help();
        return 0;
    case JOB_VERSION:
        puts("xlightbox " PACKAGE_VERSION);
        return 0;
    case JOB_COMMANDS:
        (options->json ? manual_commands_json : manual_commands)();
        return 0;
    case JOB_MANUAL:
        manual_page();
        return 0;
    case JOB_COMPLETION:
        completion_print(options->shell);
        return 0;
    }
    return EXIT_USAGE;
}

int main(int count, char **words)
{
    struct options options;
    struct fault fault;
    size_t bytes = ((size_t)count + 1) * sizeof(char *);
    char **all = ledger_alloc(LEDGER_UI, bytes, NULL);
    int status = EXIT_USAGE, whole = count;
    for (int i = 0; all && i < count; i++)
        all[i] = words[i];
    language_begin();
    log_setup(getenv("XLIGHTBOX_LOG"), print_log);
    struct resources *resources = resources_new(&count, words);
    if (all && resources && options_parse(&options, count, words, &fault))
        status = run(&options, resources, whole, all);
    else
        fprintf(stderr, _("xlightbox: %s\nTry xlightbox --help.\n"),
                all && resources ? fault.text : _("no memory"));
    resources_free(resources);
    ledger_free(LEDGER_UI, all, bytes);
    if (fflush(stdout) && status == 0)
        status = 1;
    return status;
}
