/* The user's presets: those saved in $XDG_CONFIG_HOME/xlightbox/presets (else ~/.config/...), and
 * those of the resource `presets`. In the file each has a line:
 *
 *     NAME WIDTH CENTER [UNIT]
 *
 * in modality units; what follows a # is passed over. The file is read when it is first asked for,
 * and again before it is written: whole, or not at all. */
#ifndef APP_PRESETS_H
#define APP_PRESETS_H

#include <stdbool.h>

#include "base/fault.h"
#include "tone/preset.h"

enum { PRESETS_OWN = 20, PRESET_UNIT = 16 };

struct own_preset {
    struct preset preset; /* whose name leads here */
    char name[PRESET_NAME], unit[PRESET_UNIT];
    bool used;
    bool saved; /* it stands in the file; else the resources have it */
};

/* Built-in ones first. NULL: there is none of that name. It stays where it is. */
const struct preset *presets_find(const char *name);

/* Of the PRESETS_OWN places; those that are not used are none. */
const struct own_preset *presets_own(int place);

/* The resource's: as lines of the file, with commas between them. False: some are none. */
bool presets_take(const char *text);

/* Under a new name, or one of the user's own. A name is of letters, digits, '-', '_' and '.'. */
bool presets_save(const char *name, double width, double center, const char *unit,
                  struct fault *fault);
bool presets_delete(const char *name, struct fault *fault);

/* What could not be read of the file, to be told once; NULL: nothing. */
const char *presets_trouble(void);

#endif
