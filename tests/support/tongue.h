/* Programs that are started in a user's language. */
#ifndef SUPPORT_TONGUE_H
#define SUPPORT_TONGUE_H

#include <stdbool.h>

/* From now on programs find that locale ("de_DE", "zh_CN"; UTF-8), made by localedef where that is.
 * False where the program under test or this machine knows no languages. */
bool tongue_speak(const char *locale);
/* Under these variables instead; NULL: unset. */
void tongue_set(const char *lc_all, const char *language);
/* C again. */
void tongue_usual(void);

#endif
