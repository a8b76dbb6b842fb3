/* The memory report: see report.h. */
#include "report.h"

#include <unistd.h>

#include "base/footprint.h"
#include "base/ledger.h"
#include "tiles/crew.h"

static void add_line(struct reply *reply, const char *name, struct ledger_line line)
{
    reply_add(reply, "%-10s %10.1f %10.1f %8ld\n", name, (double)line.current / 1024,
              (double)line.peak / 1024, line.blocks);
}

static void add_process(struct reply *reply, const char *name, pid_t pid, struct footprint *sum)
{
    struct footprint one = {0};
    if (!footprint_add(pid, &one))
        return;
    reply_add(reply, "%-10s %10ld %10ld %10ld %10ld\n", name, one.pss, one.anonymous,
              one.shared_memory, one.file);
    sum->pss += one.pss;
    sum->anonymous += one.anonymous;
    sum->shared_memory += one.shared_memory;
    sum->file += one.file;
}

void report_memory(const struct scene *scene, struct reply *reply)
{
    struct footprint sum = {0};
    pid_t pids[CREW_MAX];
    reply_add(reply, "%-10s %10s %10s %8s\n", "ledger", "now KiB", "peak KiB", "blocks");
    for (int label = 0; label < LEDGER_LABELS; label++)
        add_line(reply, ledger_label_name((enum ledger_label)label),
                 ledger_line((enum ledger_label)label));
    add_line(reply, "total", ledger_total());
    reply_add(reply, "\n%-10s %10s %10s %10s %10s\n", "process", "Pss KiB", "anonymous", "shared",
              "file");
    add_process(reply, "viewer", getpid(), &sum);
    int count = loader_pids(scene->loader, pids, CREW_MAX);
    for (int i = 0; i < count; i++)
        add_process(reply, "decoder", pids[i], &sum);
    reply_add(reply, "%-10s %10ld %10ld %10ld %10ld\n", "sum", sum.pss, sum.anonymous,
              sum.shared_memory, sum.file);
}
