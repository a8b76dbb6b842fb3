/* Pictures for other programs: see sharing.h. Owns the one being drawn. */
#include "sharing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session_parts.h"
#include "source/spill.h"

static void give(struct session *session, int fd)
{
    struct sharing *sharing = &session->sharing;
    int ticket = sharing->wishes[0].ticket;
    int64_t size = fd < 0 ? 0 : (int64_t)lseek(fd, 0, SEEK_END);
    sharing->count--;
    memmove(sharing->wishes, sharing->wishes + 1, (size_t)sharing->count * sizeof *sharing->wishes);
    shell_give_picture(session->shell, ticket, fd, size);
}

void sharing_asked(void *context, enum shell_form form, int ticket)
{
    struct session *session = context;
    struct sharing *sharing = &session->sharing;
    if (sharing->count == SHARING_MOST || !session->scene.open)
        shell_give_picture(session->shell, ticket, -1, 0);
    else
        sharing->wishes[sharing->count++] = (struct sharing_wish){form, ticket};
}

static bool begin(struct session *session)
{
    struct sharing *sharing = &session->sharing;
    struct writing_wish wish = {
        .kind = WRITE_SCREENSHOT, .image = true, .bits = 8, .scale = 1, .force = true};
    snprintf(wish.path, sizeof wish.path, "clipboard.%s",
             sharing->wishes[0].form == FORM_PNG ? "png" : "ppm");
    wish.into = sharing->fd = spill_open();
    if (sharing->fd < 0)
        return false;
    sharing->writing = writing_new(session, &wish, NULL);
    if (!sharing->writing)
        close(sharing->fd);
    return sharing->writing != NULL;
}

bool sharing_turn(struct session *session)
{
    struct sharing *sharing = &session->sharing;
    struct fault fault;
    if (!sharing->count)
        return false;
    if (!sharing->writing && !begin(session)) {
        give(session, -1);
        return true;
    }
    if (!writing_may(session, sharing->writing))
        return false;
    enum script_wait wait = writing_turn(sharing->writing, framing_settled(session), &fault);
    if (wait == WAIT_ON)
        return false;
    writing_free(sharing->writing);
    sharing->writing = NULL;
    if (wait == WAIT_FAILED)
        close(sharing->fd);
    give(session, wait == WAIT_MET ? sharing->fd : -1);
    return true;
}

void sharing_end(struct session *session)
{
    struct sharing *sharing = &session->sharing;
    if (!sharing->writing)
        return;
    writing_free(sharing->writing);
    close(sharing->fd);
    sharing->writing = NULL;
}
