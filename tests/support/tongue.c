/* Languages for programs under test: see tongue.h. */
#include "support/tongue.h"

#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "support/run.h"
#include "support/scratch.h"

#ifdef HAVE_NLS
static bool has_locale(const char *locale, char path[512])
{
    struct run run;
    char file[600];
    snprintf(path, 512, "%s/%s.UTF-8", scratch(), locale);
    snprintf(file, sizeof file, "%s/LC_MESSAGES", path);
    RUN(&run, "test", "-d", file);
    return run.status == 0;
}
#endif

bool tongue_speak(const char *locale)
{
#ifdef HAVE_NLS
    struct run run;
    char path[512], name[64];
    if (!has_locale(locale, path))
        RUN(&run, "localedef", "-i", locale, "-f", "UTF-8", path);
    if (!has_locale(locale, path))
        return false;
    snprintf(name, sizeof name, "%s.UTF-8", locale);
    setenv("LOCPATH", scratch(), 1);
    tongue_set(name, NULL);
    return true;
#else
    (void)locale;
    return false;
#endif
}

void tongue_set(const char *lc_all, const char *language)
{
    setenv("LC_ALL", lc_all, 1);
    if (language)
        setenv("LANGUAGE", language, 1);
    else
        unsetenv("LANGUAGE");
}

void tongue_usual(void)
{
    tongue_set("C", NULL);
    unsetenv("LOCPATH");
}
