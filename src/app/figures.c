/* Figures of memory: see figures.h. Knows who belongs to the family; never says anything. */
#include "figures.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "tiles/arena.h"
#include "tiles/loader.h"

static void add_process(struct figures *figures, pid_t pid, const struct process_figures *what)
{
    struct process_figures *process = &figures->processes[figures->count++];
    struct footprint *sum = &figures->sum;
    *process = *what;
    process->pid = pid;
    sum->pss += what->footprint.pss;
    sum->anonymous += what->footprint.anonymous;
    sum->shared_memory += what->footprint.shared_memory;
    sum->file += what->footprint.file;
}

/* Shares stay 0 where the system does not tell, or has just seen the process's end. */
static void add_viewer(struct figures *figures)
{
    struct process_figures viewer = {.name = "viewer", .ledger = ledger_figures()};
    footprint_add(getpid(), &viewer.footprint);
    add_process(figures, getpid(), &viewer);
}

static void add_helper(struct figures *figures, const struct scene *scene, pid_t pid)
{
    int number = loader_number(scene->loader, pid);
    struct process_figures helper = {.name = "opener"};
    footprint_add(pid, &helper.footprint);
    if (number >= 0) {
        helper.decoder = number + 1;
        helper.ledger = arena_ledger(loader_arena(scene->loader), number);
        snprintf(helper.name, sizeof helper.name, "decoder %d", helper.decoder);
    }
    add_process(figures, pid, &helper);
}

static bool is_listed(const struct figures *figures, pid_t pid)
{
    for (int i = 0; i < figures->count; i++)
        if (figures->processes[i].pid == pid)
            return true;
    return false;
}

/* Whoever else was started here: makers of overviews, decoders that cannot die. */
static void add_others(struct figures *figures)
{
    pid_t pids[2 * FIGURES_PROCESSES];
    int count = footprint_children(pids, 2 * FIGURES_PROCESSES), number = 0;
    for (int i = 0; i < count && figures->count < FIGURES_PROCESSES; i++) {
        struct process_figures other = {.name = ""};
        if (is_listed(figures, pids[i]) || !footprint_add(pids[i], &other.footprint))
            continue;
        snprintf(other.name, sizeof other.name, "helper %d", ++number);
        add_process(figures, pids[i], &other);
    }
}

void figures_take(struct figures *figures, const struct scene *scene, size_t server_bytes)
{
    static long most;
    pid_t pids[FIGURES_PROCESSES - 1];
    const struct arena *arena = scene ? loader_arena(scene->loader) : NULL;
    int count = scene ? loader_pids(scene->loader, pids, FIGURES_PROCESSES - 1) : 0;
    figures->count = 0;
    figures->sum = (struct footprint){0};
    add_viewer(figures);
    for (int i = 0; i < count; i++)
        add_helper(figures, scene, pids[i]);
    add_others(figures);
    figures->server_bytes = server_bytes;
    figures->server_kib = (long)(server_bytes / 2048);
    figures->footprint = figures->sum.pss + figures->server_kib;
    most = figures->footprint > most ? figures->footprint : most;
    figures->most = most;
    figures->taken_ms = clock_ms();
    figures->tiles = arena ? arena_used(arena) : 0;
    figures->tiles_most = arena ? arena_capacity(arena) : 0;
    figures->tile_bytes = arena ? arena_slot_bytes(arena) : 0;
}
