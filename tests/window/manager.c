/* Window managers for tests: see harness.h. */
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/scratch.h"

/* Whether keys go where the pointer is, the focus then being anywhere: without a window manager,
 * and under twm. */
static bool keys_follow_pointer = true;

/* Left to itself twm asks the hand where each window is to be. */
static const char *const *words_for(const char *name, const char *ready)
{
    static const char settings[] = "RandomPlacement\nNoGrabServer\n";
    static const char *words[4];
    static char then[600];
    words[0] = name;
    words[1] = NULL;
    if (!strcmp(name, "twm")) {
        words[1] = "-f";
        words[2] = scratch_file("twmrc", settings, sizeof settings - 1);
    } else if (!strcmp(name, "openbox")) {
        snprintf(then, sizeof then, "touch %s", ready);
        words[1] = "--startup";
        words[2] = then;
    }
    return words;
}

static pid_t start(const char *const *words)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
            _exit(127);
        execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    return pid;
}

/* Waits until a window manager redirects the root window's children; openbox does so long before it
 * is ready, and gives no focus to windows that come until then. */
static bool runs(pid_t pid, const char *ready)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        XWindowAttributes root;
        XGetWindowAttributes(server(), DefaultRootWindow(server()), &root);
        if (ready ? !access(ready, F_OK) : root.all_event_masks & SubstructureRedirectMask)
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
    char ready[512];
    snprintf(ready, sizeof ready, "%s", scratch_path("manager-ready"));
    unlink(ready);
    pid_t pid = start(words_for(name, ready));
    if (runs(pid, strcmp(name, "openbox") ? NULL : ready)) {
        keys_follow_pointer = !strcmp(name, "twm");
        return pid;
    }
    printf("  %s is not installed: passed over\n", name);
    server_usual();
    return 0;
}

/* mwm waits for its windows when it is only asked. */
void manager_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    keys_follow_pointer = true;
    server_usual();
}

bool manager_focus(Window window)
{
    Window focus = None;
    XWindowAttributes a = {0};
    int revert;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2)) {
        XGetWindowAttributes(server(), window, &a);
        XGetInputFocus(server(), &focus, &revert);
        if (a.map_state == IsViewable && (focus == window || keys_follow_pointer))
            return true;
    }
    printf("  the focus is at %#lx, not at %#lx\n", focus, window);
    return false;
}
