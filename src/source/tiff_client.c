/* libtiff handles whose errors are caught: see source/tiff_client.h.
 *
 * Owns nothing. Where libtiff has no handlers for each handle (before 4.5), global ones find the
 * client through the handle's client data. */
#include "source/tiff_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"

#include "config.h"

/* Some errors begin with the handle's name, which is empty; one that ends in a colon lacks the
 * reason that should follow. */
static void finish_error(char *error, size_t room)
{
    size_t length = strlen(error), skip = strspn(error, " :");
    bool unfinished = false;
    for (; length > skip && strchr(" .:", error[length - 1]); length--)
        unfinished |= error[length - 1] == ':';
    memmove(error, error + skip, length - skip);
    snprintf(error + length - skip, room - (length - skip), "%s",
             unfinished ? _(" (no reason given)") : "");
}

__attribute__((format(printf, 2, 0))) static void keep_error(struct tiff_client *client,
                                                             const char *format, va_list arguments)
{
    if (!client || client->error[0] || strstr(format, ". Limiting to "))
        return; /* less than what the file says is too much, and done */
    vsnprintf(client->error, sizeof client->error, format, arguments);
    for (char *c = client->error; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
    finish_error(client->error, sizeof client->error);
}

/* libjpeg only warns when data ends early or is damaged, and then makes samples up; so do the fax
 * codecs when a row ends early or late. Bytes too many between JPEG's markers do no harm. */
__attribute__((format(printf, 2, 0))) static bool is_damage(const char *module, const char *format,
                                                            va_list arguments)
{
    char text[200];
    bool jpeg = module && !strcmp(module, "JPEGLib");
    if (!module || (!jpeg && strncmp(module, "Fax", 3)))
        return false;
    va_list copy;
    va_copy(copy, arguments);
    vsnprintf(text, sizeof text, format, copy);
    va_end(copy);
    return jpeg ? !strstr(text, "extraneous")
                : strstr(text, "Premature EO") || strstr(text, "Line length mismatch");
}

#ifdef HAVE_TIFFCLIENTOPENEXT

__attribute__((format(printf, 4, 0))) static int on_error(TIFF *tiff, void *client,
                                                          const char *module, const char *format,
                                                          va_list arguments)
{
    (void)tiff, (void)module;
    keep_error(client, format, arguments);
    return 1;
}

__attribute__((format(printf, 4, 0))) static int on_warning(TIFF *tiff, void *client,
                                                            const char *module, const char *format,
                                                            va_list arguments)
{
    (void)tiff;
    if (is_damage(module, format, arguments))
        keep_error(client, format, arguments);
    return 1;
}

#else

__attribute__((format(printf, 3, 0))) static void on_error(thandle_t client, const char *module,
                                                           const char *format, va_list arguments)
{
    (void)module;
    keep_error((struct tiff_client *)client, format, arguments);
}

__attribute__((format(printf, 3, 0))) static void on_warning(thandle_t client, const char *module,
                                                             const char *format, va_list arguments)
{
    if (is_damage(module, format, arguments))
        keep_error((struct tiff_client *)client, format, arguments);
}

#endif

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static void unmap_nothing(thandle_t handle, void *base, toff_t size)
{
    (void)handle, (void)base, (void)size;
}

TIFF *tiff_client_open(struct tiff_client *client, const char *mode)
{
    const struct tiff_client_class *class = client->class;
    client->error[0] = 0;
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
#ifdef HAVE_TIFFCLIENTOPENEXT
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
#ifdef HAVE_TIFFOPENOPTIONSSETMAXSINGLEMEMALLOC
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, TIFF_CLIENT_ALLOCATION_MAX);
#endif
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, client);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, client);
    TIFF *tiff =
        TIFFClientOpenExt("", mode, (thandle_t)client, class->read, class->write, class->seek,
                          close_nothing, class->size, class->map, unmap_nothing, options);
    TIFFOpenOptionsFree(options);
    return tiff;
#else
    TIFFSetErrorHandlerExt(on_error);
    TIFFSetWarningHandlerExt(on_warning);
    return TIFFClientOpen("", mode, (thandle_t)client, class->read, class->write, class->seek,
                          close_nothing, class->size, class->map, unmap_nothing);
#endif
}

void tiff_client_forget(struct tiff_client *client)
{
    client->error[0] = 0;
}

bool tiff_client_lacked_memory(const char *words)
{
    static const char *const signs[] = {
        "allocat",          "no memory for",      "No space for",      "ut of memory",
        "ot enough memory", "nsufficient memory", "memory usage limit"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(words, signs[i]))
            return true;
    return false;
}

const char *tiff_client_error(const struct tiff_client *client)
{
    return client->error[0] ? client->error : _("libtiff does not say why");
}
