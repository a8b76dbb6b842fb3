/* The command line: see options.h. Owns nothing; texts are lent from the argument vector. */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "pattern.h"

enum { MOST_ROWS = 128 };
static const int64_t SPILL_USUAL = INT64_C(2) << 30;

static bool refuse(struct fault *fault, char **words)
{
    const char *word = words[optind - 1];
    if (optopt && strncmp(word, "--", 2))
        return fault_set(fault, FAULT_USAGE, "the option -%c is unknown or lacks its value",
                         optopt);
    return fault_set(fault, FAULT_USAGE, "the option %s is unknown or its value is off", word);
}

/* Two jobs with files at once: one of them would be left undone without a word. */
static bool check_jobs(const struct options *options, struct fault *fault)
{
    static const struct {
        enum job job;
        const char *name;
    } jobs[] = {{JOB_BUILD, "build-overviews"},
                {JOB_RENDER, "render"},
                {JOB_INFO, "info"},
                {JOB_REMOTE, "remote"}};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        if (!(options->jobs >> jobs[i].job & 1))
            continue;
        if (first)
            return fault_set(fault, FAULT_USAGE, "--%s and --%s exclude each other", first,
                             jobs[i].name);
        first = jobs[i].name;
    }
    return true;
}

static bool check(const struct options *options, struct fault *fault)
{
    if (!check_jobs(options, fault))
        return false;
    bool needs_file = options->job == JOB_VIEW || options->job == JOB_RENDER ||
                      options->job == JOB_INFO || options->job == JOB_BUILD;
    if (needs_file && options->file_count == 0)
        return fault_set(fault, FAULT_USAGE, "no file is named");
    if (options->job == JOB_REMOTE && options->file_count > 0)
        return fault_set(fault, FAULT_USAGE,
                         "--remote takes no files: the commands are one word, in quotes");
    bool renders = options->job == JOB_RENDER;
    if (renders && options->jobs_at_once > 1 && options->memory_report)
        return fault_set(fault, FAULT_USAGE, "--memory-report and --jobs exclude each other");
    return !renders ||
           pattern_check(options->output, options->file_count > 1, options->pages != NULL, fault);
}

bool options_parse(struct options *options, int count, char **words, struct fault *fault)
{
    struct option table[MOST_ROWS + 1] = {{0}};
    char letters[2 * MOST_ROWS + 2] = "";
    size_t used = 0;
    *options = (struct options){.modality = {1, 0},
                                .zoom_mode = VIEW_FIT,
                                .zoom = 1,
                                .wheel = -1,
                                .page_window = -1,
                                .spill = SPILL_USUAL,
                                .transport = "auto",
                                .bits = 8,
                                .jobs_at_once = 1,
                                .chrome = -1};
    for (int i = 0; i < MOST_ROWS && option_rows[i].name; i++) {
        const struct option_row *row = &option_rows[i];
        int takes = row->argument ? required_argument : no_argument;
        if (!row->name[1]) {
            letters[used++] = row->name[0];
            if (row->argument)
                letters[used++] = ':';
        }
        table[i] = (struct option){row->name, takes, NULL, 256 + i};
    }
    optind = 0; /* glibc: start anew, so that parsing twice in a test works */
    opterr = 0;
    for (int found; (found = getopt_long(count, words, letters, table, NULL)) != -1;) {
        int i = found - 256;
        for (int j = 0; found < 256 && option_rows[j].name; j++)
            if (option_rows[j].name[0] == found && !option_rows[j].name[1])
                i = j;
        if (i < 0)
            return refuse(fault, words);
        if (!option_rows[i].set(options, optarg, fault))
            return false;
    }
    options->files = words + optind;
    options->file_count = count - optind;
    return check(options, fault);
}
