/* The user's language: see base/language.h. Owns the choice, in a page that all processes share;
 * the catalogues are the C library's. */
#include "base/language.h"

#include <string.h>

#include "config.h"

static char decimal = '.';

#ifdef HAVE_NLS

#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define DOMAIN "xlightbox"

/* Whether texts are translated: what the viewer finds out about its display holds for its decoders
 * too. */
static bool *translating;
static bool left; /* by this process */

/* Where catalogues lie: beside the program in its build folder, at the top of the tree, or as it
 * was installed; else where this build installs them. */
static void bind_catalogues(void)
{
    static const char *const places[] = {"locale", "build/locale", "../share/locale"};
    char program[PATH_MAX], folder[2 * PATH_MAX], catalogue[3 * PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    char *slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof places / sizeof *places; i++) {
        snprintf(folder, sizeof folder, "%.*s/%s", (int)(slash - program), program, places[i]);
        snprintf(catalogue, sizeof catalogue, "%s/de/LC_MESSAGES/" DOMAIN ".mo", folder);
        if (!access(catalogue, R_OK)) {
            bindtextdomain(DOMAIN, folder);
            return;
        }
    }
    bindtextdomain(DOMAIN, LOCALEDIR);
}

static bool is_utf8(void)
{
    locale_t letters = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (!letters)
        return false;
    bool utf8 = !strcmp(nl_langinfo_l(CODESET, letters), "UTF-8");
    freelocale(letters);
    return utf8;
}

/* Signs of more than one byte are left out: the core fonts' letters are Latin-1. */
static void read_decimal(void)
{
    locale_t numbers = newlocale(LC_NUMERIC_MASK, "", (locale_t)0);
    if (!numbers)
        return;
    const char *sign = nl_langinfo_l(RADIXCHAR, numbers);
    if (strlen(sign) == 1)
        decimal = *sign;
    freelocale(numbers);
}

/* Every catalogue that LANGUAGE lists is read now, the library's own too: a text that none has is
 * looked for in all, and a confined process may open no file. */
static void read_catalogues(void)
{
    static const char *const domains[] = {DOMAIN, "libc"};
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        bind_textdomain_codeset(domains[i], "UTF-8");
        dgettext(domains[i], "no catalogue has this");
    }
}

void language_begin(void)
{
    read_decimal();
    if (!is_utf8() || !setlocale(LC_MESSAGES, ""))
        return;
    bind_catalogues();
    textdomain(DOMAIN);
    read_catalogues();
    void *shared =
        mmap(NULL, sizeof *translating, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return;
    translating = shared;
    char name[16];
    *translating = true;
    language_name(name, sizeof name);
    if (!*name)
        language_leave();
}

/* Where another process has left the language, the library's own sentences follow here. */
const char *language_text(const char *text)
{
    if (translating && *translating && *text)
        return gettext(text);
    if (translating && !*translating && !left)
        language_leave();
    return text;
}

/* The empty text's translation is the catalogue's head. */
void language_name(char *name, size_t room)
{
    static const char mark[] = "\nLanguage: ";
    const char *head = translating && *translating ? gettext("") : "";
    const char *at = strstr(head, mark);
    at = at ? at + sizeof mark - 1 : "";
    snprintf(name, room, "%.*s", (int)strcspn(at, "\n"), at);
}

void language_leave(void)
{
    if (translating)
        *translating = false;
    left = true;
    setlocale(LC_MESSAGES, "C");
}

#else

void language_begin(void)
{
}

const char *language_text(const char *text)
{
    return text;
}

void language_name(char *name, size_t room)
{
    if (room)
        *name = 0;
}

void language_leave(void)
{
}

#endif

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void language_numbers(char *text)
{
    for (size_t i = 1; *text && text[i]; i++)
        if (text[i] == '.' && is_digit(text[i - 1]) && is_digit(text[i + 1]))
            text[i] = decimal;
}

int language_columns(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xc0) == 0x80 ? 0 : (unsigned char)*text >= 0xe3 ? 2 : 1;
    return columns;
}

void language_whole(char *text)
{
    size_t length = strlen(text), tail = 0;
    while (tail < length && tail < 3 && ((unsigned char)text[length - tail - 1] & 0xc0) == 0x80)
        tail++;
    unsigned char lead = tail < length ? (unsigned char)text[length - tail - 1] : 0;
    size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (tail < wanted)
        text[length - tail - 1] = 0;
}
