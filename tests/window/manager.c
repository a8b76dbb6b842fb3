/* Window managers for tests: see harness.h. */
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(const char *name)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
            _exit(127);
        execlp(name, name, (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* Waits until a window manager redirects the root window's children. */
static bool runs(pid_t pid)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        XWindowAttributes root;
        XGetWindowAttributes(server(), DefaultRootWindow(server()), &root);
        if (root.all_event_masks & SubstructureRedirectMask)
            return true;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return false;
    }
    return false;
}

pid_t manager_start(const char *name)
{
    static const char *const screen[] = {"-screen", "0", "1280x1024x24", NULL};
    if (!server_other(screen))
        return 0;
    pid_t pid = start(name);
    if (runs(pid))
        return pid;
    printf("  %s is not installed: passed over\n", name);
    server_usual();
    return 0;
}

/* mwm waits for its windows when it is only asked. */
void manager_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    server_usual();
}
