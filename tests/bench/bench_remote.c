/* From a tone step asked for by a script until its picture is final: on a connection that stays
 * open, by a process of `--remote` for each, and by one of `xdotool key` with the former to tell
 * when it is final; and of ds9, by a process of `xpaset` for each that has it update at once.
 * Usage: bench-remote XLIGHTBOX FILE (uncompressed 16-bit samples, which end the file, of 3072 x
 * 2560) */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "x11/remote.h"

enum { STEPS = 200, PROCESSES = 40, FILM_BYTES = 3072 * 2560 * 2 };

static pid_t start(char *const *words)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        execvp(words[0], words);
        _exit(127);
    }
    return pid;
}

static bool run(char *const *words)
{
    int status;
    pid_t pid = start(words);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, int64_t *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, ascending);
    printf("  %-44s median %6.2f, nine of ten under %6.2f\n", what, (double)times[count / 2] / 1000,
           (double)times[count * 9 / 10] / 1000);
}

static bool ask(struct remote *remote, const char *script)
{
    const char *text;
    struct fault fault;
    if (remote_ask(remote, script, &text, &fault))
        return true;
    fprintf(stderr, "bench-remote: %s\n", fault.text);
    return false;
}

static bool time_connection(struct remote *remote)
{
    static int64_t times[STEPS];
    char script[64];
    for (int i = 0; i < STEPS; i++) {
        int64_t began = clock_us();
        snprintf(script, sizeof script, "window %d; wait idle", 1000 + 5 * i);
        if (!ask(remote, script))
            return false;
        times[i] = clock_us() - began;
    }
    print("a connection that stays open", times, STEPS);
    return true;
}

static bool time_processes(char *program)
{
    static int64_t times[PROCESSES];
    char script[64], option[] = "--remote";
    char *words[] = {program, option, script, NULL};
    for (int i = 0; i < PROCESSES; i++) {
        int64_t began = clock_us();
        snprintf(script, sizeof script, "window %d; wait idle", 2000 + 5 * i);
        if (!run(words))
            return false;
        times[i] = clock_us() - began;
    }
    print("a process of --remote", times, PROCESSES);
    return true;
}

/* Where xdotool is installed. */
static void time_keys(struct remote *remote)
{
    static int64_t times[PROCESSES];
    char tool[] = "xdotool", search[] = "search", class[] = "--class", name[] = "^Xlightbox$";
    char key[] = "key", window[] = "--window", first[] = "%1", letter[] = "i";
    char *words[] = {tool, search, class, name, key, window, first, letter, NULL};
    for (int i = 0; i < PROCESSES; i++) {
        int64_t began = clock_us();
        if (!run(words) || !ask(remote, "wait idle"))
            return;
        times[i] = clock_us() - began;
    }
    print("a process of xdotool search key", times, PROCESSES);
}

static bool xpa_answers(void)
{
    char tool[] = "xpaget", name[] = "ds9", item[] = "scale";
    return run((char *[]){tool, name, item, NULL});
}

/* Where SAOImage ds9 and the XPA tools are installed. */
static void time_ds9(const char *film)
{
    static int64_t times[PROCESSES];
    char array[600], limits[128];
    struct stat status;
    if (stat(film, &status) || status.st_size < FILM_BYTES)
        return;
    snprintf(array, sizeof array, "%s[xdim=3072,ydim=2560,bitpix=16,skip=%lld,arch=littleendian]",
             film, (long long)status.st_size - FILM_BYTES);
    char tool[] = "ds9", geometry[] = "-geometry", size[] = "1024x768", option[] = "-array";
    pid_t ds9 = start((char *[]){tool, geometry, size, option, array, NULL});
    bool there = false;
    for (int64_t until = clock_ms() + 20000; !there && clock_ms() < until;) {
        there = xpa_answers();
        if (!there && waitpid(ds9, NULL, WNOHANG) == ds9)
            return;
    }
    char sh[] = "sh", c[] = "-c";
    for (int i = 0; there && i < PROCESSES; i++) {
        snprintf(limits, sizeof limits,
                 "xpaset -p ds9 'scale limits 0 %d' && xpaset -p ds9 'update now'", 2000 + 5 * i);
        int64_t began = clock_us();
        there = run((char *[]){sh, c, limits, NULL});
        times[i] = clock_us() - began;
    }
    if (there)
        print("ds9: two processes of xpaset", times, PROCESSES);
    kill(ds9, SIGTERM);
    waitpid(ds9, NULL, 0);
}

static struct remote *find(void)
{
    struct fault fault;
    struct remote *remote = NULL;
    for (int64_t until = clock_ms() + 20000; !remote && clock_ms() < until;)
        remote = remote_open(NULL, 0, &fault);
    return remote;
}

int main(int count, char **words)
{
    char geometry[] = "-geometry", size[] = "1024x768+0+0";
    if (count != 3) {
        fprintf(stderr, "usage: bench-remote XLIGHTBOX FILE\n");
        return 2;
    }
    pid_t viewer = start((char *[]){words[1], geometry, size, words[2], NULL});
    struct remote *remote = find();
    printf("from a tone step asked for until its picture is final, ms, 1024 x 768\n");
    if (remote && ask(remote, "wait idle") && time_connection(remote) && time_processes(words[1]))
        time_keys(remote);
    kill(viewer, SIGTERM);
    waitpid(viewer, NULL, 0);
    time_ds9(words[2]);
    return remote ? 0 : 1;
}
