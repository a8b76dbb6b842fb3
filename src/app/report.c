/* The memory report: see report.h. Owns nothing; reads only the figures it is given. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct share {
    const char *name;
    size_t place; /* in struct footprint */
} shares[] = {{"pss", offsetof(struct footprint, pss)},
              {"anonymous", offsetof(struct footprint, anonymous)},
              {"shared", offsetof(struct footprint, shared_memory)},
              {"file", offsetof(struct footprint, file)}};

enum { SHARES = sizeof shares / sizeof *shares };

static long share_of(const struct footprint *footprint, const struct share *share)
{
    return *(const long *)(const void *)((const char *)footprint + share->place);
}

static const char *label_name(int label)
{
    return ledger_label_name((enum ledger_label)label);
}

static double kib(size_t bytes)
{
    return (double)bytes / 1024;
}

static bool keeps_ledger(const struct process_figures *process)
{
    return process->ledger.total.peak > 0;
}

/* ---- text ---- */

static void add_line(struct reply *reply, const char *name, const struct ledger_line *line)
{
    reply_add(reply, "%-12s %10.1f %10.1f %8ld\n", name, kib(line->current), kib(line->peak),
              line->blocks);
}

static void add_ledger(struct reply *reply, const struct process_figures *process)
{
    reply_add(reply, "%-12s %10s %10s %8s\n", process->name, "now KiB", "peak KiB", "blocks");
    for (int label = 0; label < LEDGER_LABELS; label++)
        if (process->ledger.lines[label].peak)
            add_line(reply, label_name(label), &process->ledger.lines[label]);
    add_line(reply, "total", &process->ledger.total);
    reply_add(reply, "\n");
}

static void add_shares(struct reply *reply, const char *name, pid_t pid,
                       const struct footprint *footprint)
{
    char number[16] = "";
    if (pid)
        snprintf(number, sizeof number, "%ld", (long)pid);
    reply_add(reply, "%-12s %8s", name, number);
    for (int i = 0; i < SHARES; i++)
        reply_add(reply, " %10ld", share_of(footprint, &shares[i]));
    reply_add(reply, "\n");
}

static void add_server(struct reply *reply, const struct figures *figures)
{
    reply_add(reply, "%-12s %8s %10ld", "X server", "", figures->server_kib);
    if (figures->server_bytes)
        reply_add(reply, "   its half of the frame, %.1f KiB of MIT-SHM\n",
                  kib(figures->server_bytes));
    else
        reply_add(reply, "   it shares no memory with the viewer\n");
}

void report_text(const struct figures *figures, struct reply *reply)
{
    for (int i = 0; i < figures->count; i++)
        if (keeps_ledger(&figures->processes[i]))
            add_ledger(reply, &figures->processes[i]);
    reply_add(reply, "tiles: %d slots of %.0f KiB in use, %d at most\n\n", figures->tiles,
              kib(figures->tile_bytes), figures->tiles_most);
    reply_add(reply, "%-12s %8s %10s %10s %10s %10s\n", "process", "pid", "Pss KiB", "anonymous",
              "shared", "file");
    for (int i = 0; i < figures->count; i++)
        add_shares(reply, figures->processes[i].name, figures->processes[i].pid,
                   &figures->processes[i].footprint);
    add_shares(reply, "sum", 0, &figures->sum);
    add_server(reply, figures);
    reply_add(reply, "%-12s %8s %10ld   %ld at most so far\n", "footprint", "", figures->footprint,
              figures->most);
}

/* ---- JSON ---- */

static void json_line(struct reply *reply, const char *name, const struct ledger_line *line)
{
    reply_add(reply, "\"%s\":{\"current\":%zu,\"peak\":%zu,\"blocks\":%ld}", name, line->current,
              line->peak, line->blocks);
}

static void json_shares(struct reply *reply, const struct footprint *footprint)
{
    for (int i = 0; i < SHARES; i++)
        reply_add(reply, "%s\"%s_kib\":%ld", i ? "," : "", shares[i].name,
                  share_of(footprint, &shares[i]));
}

static void json_process(struct reply *reply, const struct process_figures *process)
{
    reply_add(reply, "{\"name\":\"%s\",\"pid\":%ld,", process->name, (long)process->pid);
    json_shares(reply, &process->footprint);
    reply_add(reply, ",\"ledger\":{");
    for (int label = 0; label < LEDGER_LABELS; label++)
        if (process->ledger.lines[label].peak) {
            json_line(reply, label_name(label), &process->ledger.lines[label]);
            reply_add(reply, ",");
        }
    json_line(reply, "total", &process->ledger.total);
    reply_add(reply, "}}");
}

void report_json(const struct figures *figures, struct reply *reply)
{
    reply_add(reply, "{\"footprint_kib\":%ld,\"most_kib\":%ld,\"sum\":{", figures->footprint,
              figures->most);
    json_shares(reply, &figures->sum);
    reply_add(reply, "},\"server\":{\"shared_bytes\":%zu,\"share_kib\":%ld}", figures->server_bytes,
              figures->server_kib);
    reply_add(reply, ",\"tiles\":{\"used\":%d,\"most\":%d,\"slot_bytes\":%zu},\"processes\":[",
              figures->tiles, figures->tiles_most, figures->tile_bytes);
    for (int i = 0; i < figures->count; i++) {
        reply_add(reply, "%s", i ? "," : "");
        json_process(reply, &figures->processes[i]);
    }
    reply_add(reply, "]}\n");
}

/* ---- a line for each process ---- */

static void trace_process(struct reply *reply, const struct process_figures *process,
                          long long changes)
{
    char name[FIGURES_NAME];
    snprintf(name, sizeof name, "%s", process->name);
    for (char *at = name; (at = strchr(at, ' '));)
        *at = '-';
    reply_add(reply, "memory %lld %s", changes, name);
    for (int i = 0; i < SHARES; i++)
        reply_add(reply, " %s=%ld", shares[i].name, share_of(&process->footprint, &shares[i]));
    for (int label = 0; label < LEDGER_LABELS; label++)
        if (process->ledger.lines[label].current)
            reply_add(reply, " %s=%.0f", label_name(label),
                      kib(process->ledger.lines[label].current));
    reply_add(reply, "\n");
}

void report_print(const struct figures *figures, bool json, FILE *to)
{
    static struct reply reply;
    reply.length = 0;
    reply.text[0] = 0;
    (json ? report_json : report_text)(figures, &reply);
    fputs(reply.text, to);
}

void report_trace(const struct figures *figures, long long changes, struct reply *reply)
{
    for (int i = 0; i < figures->count; i++)
        trace_process(reply, &figures->processes[i], changes);
    reply_add(reply, "memory %lld footprint %ld most %ld\n", changes, figures->footprint,
              figures->most);
}

/* ---- differences ---- */

static void add_difference(struct reply *reply, const char *process, const char *name,
                           double before, double after)
{
    if (before != after)
        reply_add(reply, "%-12s %-12s %12.1f %12.1f %+12.1f\n", process, name, before, after,
                  after - before);
}

static const struct process_figures *find_process(const struct figures *figures, const char *name)
{
    static const struct process_figures none;
    for (int i = 0; i < figures->count; i++)
        if (!strcmp(figures->processes[i].name, name))
            return &figures->processes[i];
    return &none;
}

static void compare(struct reply *reply, const char *name, const struct process_figures *before,
                    const struct process_figures *after)
{
    for (int label = 0; label < LEDGER_LABELS; label++)
        add_difference(reply, name, label_name(label), kib(before->ledger.lines[label].current),
                       kib(after->ledger.lines[label].current));
    for (int i = 0; i < SHARES; i++)
        add_difference(reply, name, shares[i].name,
                       (double)share_of(&before->footprint, &shares[i]),
                       (double)share_of(&after->footprint, &shares[i]));
}

void report_difference(const struct figures *before, const struct figures *after,
                       struct reply *reply)
{
    reply_add(reply, "%-12s %-12s %12s %12s %12s\n", "process", "of", "before KiB", "after KiB",
              "change KiB");
    size_t head = reply->length;
    for (int i = 0; i < after->count; i++)
        compare(reply, after->processes[i].name, find_process(before, after->processes[i].name),
                &after->processes[i]);
    for (int i = 0; i < before->count; i++)
        if (!find_process(after, before->processes[i].name)->pid)
            compare(reply, before->processes[i].name, &before->processes[i],
                    find_process(after, before->processes[i].name));
    add_difference(reply, "X server", "share", (double)before->server_kib,
                   (double)after->server_kib);
    add_difference(reply, "all", "footprint", (double)before->footprint, (double)after->footprint);
    if (reply->length == head)
        reply_add(reply, "no difference\n");
}

/* ---- large blocks ---- */

static void large_of(struct reply *reply, const struct process_figures *process, int64_t now_ms)
{
    const struct ledger_figures *ledger = &process->ledger;
    for (int32_t i = 0; i < ledger->large_count; i++)
        reply_add(reply, "%-12s %10.1f %10.1f   %s\n", label_name((int)ledger->large[i].label),
                  kib(ledger->large[i].bytes), (double)(now_ms - ledger->large[i].since_ms) / 1000,
                  process->name);
    if (ledger->large_more)
        reply_add(reply, "and %" PRId32 " more of %s\n", ledger->large_more, process->name);
}

void report_large(const struct figures *figures, struct reply *reply)
{
    reply_add(reply, "%-12s %10s %10s   %s\n", "block", "KiB", "age in s", "process");
    for (int i = 0; i < figures->count; i++)
        large_of(reply, &figures->processes[i], figures->taken_ms);
    reply_add(reply, "%-12s %10.1f %10s   all: %d slots of %.0f KiB\n", "tiles",
              figures->tiles * kib(figures->tile_bytes), "", figures->tiles,
              kib(figures->tile_bytes));
}
