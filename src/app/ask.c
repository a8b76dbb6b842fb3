/* --remote: see ask.h. */
#include "ask.h"

#include <stdio.h>

#include "x11/remote.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_NO_DISPLAY = 3 };

int ask_run(const struct options *options, const struct resources *resources)
{
    struct fault fault = {FAULT_NONE, ""};
    const char *text;
    struct remote *remote = remote_open(resources_text(resources, "display", "Display"),
                                        options->remote_window, &fault);
    if (!remote) {
        fprintf(stderr, "xlightbox: %s\n", fault.text);
        return fault.kind == FAULT_DISPLAY ? EXIT_NO_DISPLAY : EXIT_FAILED;
    }
    bool fine = remote_ask(remote, options->remote, &text, &fault);
    fputs(text, stdout);
    if (!fine)
        fprintf(stderr, "xlightbox: %s\n", fault.text);
    remote_close(remote);
    return fine ? EXIT_DONE : EXIT_FAILED;
}
