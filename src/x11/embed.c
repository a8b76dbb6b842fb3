/* A window in another program's: see shell_parts.h. That one's size is followed; what manages the
 * windows of the screen knows nothing of ours, so that it asks for the keyboard itself. */
#include "shell_parts.h"

bool shell_embed(struct shell *shell, Window host, struct placement *place, struct fault *fault)
{
    struct connection *connection = shell->connection;
    XWindowAttributes attributes = {0};
    trap_begin(connection);
    Status found = XGetWindowAttributes(connection->display, host, &attributes);
    XSelectInput(connection->display, host, StructureNotifyMask);
    if (trap_end(connection) || !found)
        return fault_set(fault, FAULT_DISPLAY, "there is no window 0x%lx to be in", host);
    shell->host = host;
    place->x = place->y = 0;
    place->width = attributes.width;
    place->height = attributes.height;
    return true;
}

void shell_note_host(struct shell *shell, const XConfigureEvent *event)
{
    XResizeWindow(shell->connection->display, shell->top, (unsigned)event->width,
                  (unsigned)event->height);
}

void shell_focus_at(struct shell *shell, Time time)
{
    XSetInputFocus(shell->connection->display, shell->top, RevertToParent, time);
}

void shell_take_focus(struct shell *shell)
{
    if (shell->host)
        shell_focus_at(shell, CurrentTime);
}
