/* Snapshots of memory: see snapshots.h. Owns the figures; never looks into them. */
#include "snapshots.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"

static const struct snapshot *find(const struct snapshots *snapshots, const char *name)
{
    for (int i = 0; i < SNAPSHOTS; i++)
        if (!strcmp(snapshots->list[i].name, name))
            return &snapshots->list[i];
    return NULL;
}

void snapshots_fini(struct snapshots *snapshots)
{
    for (int i = 0; i < SNAPSHOTS; i++)
        ledger_free(LEDGER_UI, snapshots->list[i].figures, sizeof(struct figures));
    memset(snapshots, 0, sizeof *snapshots);
}

struct figures *snapshots_keep(struct snapshots *snapshots, const char *name, struct fault *fault)
{
    size_t length = strlen(name);
    if (length == 0 || length >= SNAPSHOT_NAME) {
        fault_set(fault, FAULT_USAGE, "a snapshot's name has 1 to %d characters",
                  SNAPSHOT_NAME - 1);
        return NULL;
    }
    const struct snapshot *found = find(snapshots, name);
    if (!found)
        found = find(snapshots, "");
    if (!found) {
        fault_set(fault, FAULT_USAGE, "there are %d snapshots already: use one's name again",
                  SNAPSHOTS);
        return NULL;
    }
    struct snapshot *place = &snapshots->list[found - snapshots->list];
    if (!place->figures)
        place->figures = ledger_alloc(LEDGER_UI, sizeof *place->figures, fault);
    if (place->figures)
        memcpy(place->name, name, length + 1);
    return place->figures;
}

const struct figures *snapshots_find(const struct snapshots *snapshots, const char *name,
                                     struct fault *fault)
{
    const struct snapshot *found = *name ? find(snapshots, name) : NULL;
    if (found)
        return found->figures;
    char names[FAULT_TEXT / 2] = "";
    size_t used = 0;
    for (int i = 0; i < SNAPSHOTS && snapshots->list[i].name[0] && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, " %s", snapshots->list[i].name);
    fault_set(fault, FAULT_USAGE, "'%s' is no snapshot; there %s%s", name,
              *names ? _("are:") : _("are none"), names);
    return NULL;
}
