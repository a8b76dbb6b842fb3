/* Files from other programs: see receiving.h. Owns nothing. */
#include "receiving.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/language.h"
#include "session_parts.h"
#include "uris.h"

enum { FILES_MOST = 1000 };

struct receiving {
    struct session *session;
    int first, count;   /* the first place in the list, -1: none yet; how many */
    struct fault fault; /* the first that is none */
};

static int add(struct session *session, const char *line, size_t length, bool list,
               struct fault *fault)
{
    char path[PATH_MAX];
    struct stat status;
    if (!uris_path(line, length, list, path, sizeof path, fault))
        return -1;
    if (stat(path, &status)) {
        fault_errno(fault, errno, "%s", path);
        return -1;
    }
    return files_take(&session->files, path, fault);
}

static void take_line(struct receiving *receiving, const char *line, size_t length, bool list)
{
    struct fault fault = {.kind = FAULT_NONE};
    int place = add(receiving->session, line, length, list, &fault);
    receiving->count += place >= 0;
    if (place < 0 && receiving->fault.kind == FAULT_NONE)
        receiving->fault = fault;
    if (place >= 0 && receiving->first < 0)
        receiving->first = place;
}

static bool take_files(struct session *session, const char *text, bool list)
{
    struct receiving receiving = {.session = session, .first = -1};
    const char *line;
    size_t length;
    while (receiving.count < FILES_MOST && (length = uris_line(&text, list, &line)) > 0)
        take_line(&receiving, line, length, list);
    bool good = receiving.first >= 0 &&
                session_open_file(session, receiving.first, receiving.count > 1, &receiving.fault);
    if (receiving.fault.kind != FAULT_NONE)
        session_message(session, receiving.fault.text);
    else if (!good)
        session_message(session, _("There is nothing to paste."));
    return good;
}

bool receiving_given(void *context, enum shell_gift gift, const char *text)
{
    struct session *session = context;
    if (choosing_given(session, gift, text))
        return true;
    switch (gift) {
    case GIFT_TEXT:
    case GIFT_FILES:
        return take_files(session, text, gift == GIFT_FILES);
    case GIFT_NOTHING:
        session_message(session, _("There is nothing to paste."));
        break;
    case GIFT_TOO_MUCH:
        session_message(session, _("What was pasted or dropped is longer than names of files."));
        break;
    case GIFT_SILENCE:
        session_message(session, _("The program that was asked for it did not answer."));
        break;
    }
    return false;
}
