/* Figures of memory kept under names, to be compared later. */
#ifndef APP_SNAPSHOTS_H
#define APP_SNAPSHOTS_H

#include <stdbool.h>

#include "figures.h"

enum { SNAPSHOTS = 16, SNAPSHOT_NAME = 32 };

struct snapshots {
    struct snapshot {
        char name[SNAPSHOT_NAME]; /* "" = free */
        struct figures *figures;  /* LEDGER_UI */
    } list[SNAPSHOTS];
};

/* All zeros are none. */
void snapshots_fini(struct snapshots *snapshots);

/* A place for figures under that name, whose old ones it replaces. NULL with a fault: the name is
 * empty or too long, or there are SNAPSHOTS others, or no memory. */
struct figures *snapshots_keep(struct snapshots *snapshots, const char *name, struct fault *fault);

/* NULL with a fault that names those there are. */
const struct figures *snapshots_find(const struct snapshots *snapshots, const char *name,
                                     struct fault *fault);

#endif
