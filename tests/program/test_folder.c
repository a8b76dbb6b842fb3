/* Folders read by a process of their own (app/folder.c, app/folder_reader.c, app/child.c), hostile
 * ones too. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/folder.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "support/scratch.h"

enum { WAIT_MS = 60000, MANY = 50000 };

static struct loop loop;
static struct folder folder;
static int changes;

static void changed(void *context)
{
    (void)context;
    changes++;
}

static void begin(void)
{
    loop_init(&loop);
    folder_init(&folder, &loop, changed, NULL);
    changes = 0;
}

static bool finish(void)
{
    for (int64_t limit = clock_ms() + WAIT_MS; folder.reading && clock_ms() < limit;)
        loop_turn(&loop, 100, NULL);
    return !folder.reading;
}

/* Reads it whole. */
static bool read_all(const char *filter)
{
    struct fault fault;
    return folder_read(&folder, filter, &fault) && finish();
}

/* Until those that were killed or have ended are waited for. */
static bool no_child_left(void)
{
    for (int64_t limit = clock_ms() + WAIT_MS; clock_ms() < limit; loop_turn(&loop, 50, NULL))
        if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
            return true;
    return false;
}

static const char *make_folder(const char *name)
{
    const char *path = scratch_path(name);
    CU_ASSERT_FATAL(mkdir(path, 0755) == 0);
    return path;
}

static void make_file(const char *path, const char *name)
{
    char whole[700];
    snprintf(whole, sizeof whole, "%s/%s", path, name);
    int fd = open(whole, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
}

static bool has(enum folder_kind kind, int index, const char *name)
{
    return index < folder.count[kind] && !strcmp(folder_name(&folder, kind, index), name);
}

static void make_usual(char path[600])
{
    static const char *const names[] = {"a10.tif",   "a2.TIF",   "a1.tiff", "b.svs",
                                        "notes.txt", ".hid.tif", "-x.tif",  "c[1].tif"};
    char sub[700];
    snprintf(path, 600, "%s", make_folder("folder"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        make_file(path, names[i]);
    snprintf(sub, sizeof sub, "%s/sub10", path);
    mkdir(sub, 0755);
    snprintf(sub, sizeof sub, "%s/sub9", path);
    mkdir(sub, 0755);
    snprintf(sub, sizeof sub, "%s/.sub", path);
    mkdir(sub, 0755);
}

static void filters_say_which(void)
{
    char path[600], filter[700];
    make_usual(path);
    begin();
    CU_ASSERT(read_all(path)); /* its images */
    CU_ASSERT_EQUAL(folder.count[FOLDER_FOLDERS], 2);
    CU_ASSERT(has(FOLDER_FOLDERS, 0, "sub9") && has(FOLDER_FOLDERS, 1, "sub10"));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 6);
    CU_ASSERT(has(FOLDER_FILES, 1, "a1.tiff") && has(FOLDER_FILES, 2, "a2.TIF"));
    CU_ASSERT(has(FOLDER_FILES, 3, "a10.tif"));
    CU_ASSERT_STRING_EQUAL(folder.pattern, "");
    CU_ASSERT_EQUAL(folder_find(&folder, "a10.tif"), 3);
    CU_ASSERT_EQUAL(folder_find(&folder, "notes.txt"), -1);
    snprintf(filter, sizeof filter, "%s/*", path);
    CU_ASSERT(read_all(filter));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 7);
    snprintf(filter, sizeof filter, "%s/*.TIF", path);
    CU_ASSERT(read_all(filter));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 4);
    CU_ASSERT_STRING_EQUAL(folder.pattern, "*.TIF");
    snprintf(filter, sizeof filter, "%s/.*", path);
    CU_ASSERT(read_all(filter));
    CU_ASSERT(has(FOLDER_FILES, 0, ".hid.tif"));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 1);
    CU_ASSERT_EQUAL(folder.count[FOLDER_FOLDERS], 3);
    snprintf(filter, sizeof filter, "%s/sub9/../", path);
    CU_ASSERT(read_all(filter));
    char *real = realpath(path, NULL);
    CU_ASSERT_STRING_EQUAL(folder.path, real);
    free(real);
    folder_fini(&folder);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, 0);
    CU_ASSERT(no_child_left());
}

/* What is neither a folder nor a regular file is left out, and nothing of it is opened: a fifo
 * would hold up who opens it. */
static void strange_entries_are_no_trouble(void)
{
    char path[600], name[800];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s", make_folder("strange"));
    make_file(path, "new\nline.tif");
    make_file(path, "\xff\xfe.tif");
    make_file(path, "z\x1b[31m.tif");
    snprintf(name, sizeof name, "%s/fifo.tif", path);
    CU_ASSERT_EQUAL(mkfifo(name, 0644), 0);
    snprintf(name, sizeof name, "%s/gone.tif", path);
    CU_ASSERT_EQUAL(symlink("/nowhere/at/all", name), 0);
    snprintf(name, sizeof name, "%s/round.tif", path);
    CU_ASSERT_EQUAL(symlink("round.tif", name), 0);
    snprintf(name, sizeof name, "%s/null.tif", path);
    CU_ASSERT_EQUAL(symlink("/dev/null", name), 0);
    snprintf(name, sizeof name, "%s/here", path);
    CU_ASSERT_EQUAL(symlink(".", name), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(name, sizeof name, "%s/socket.tif", path);
    memcpy(address.sun_path, name, strnlen(name, sizeof address.sun_path - 1));
    if (strlen(name) < sizeof address.sun_path)
        bind(fd, (struct sockaddr *)&address, sizeof address);
    close(fd);
    begin();
    CU_ASSERT(read_all(path));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 3);
    CU_ASSERT(has(FOLDER_FILES, 0, "new\nline.tif"));
    CU_ASSERT(has(FOLDER_FILES, 1, "z\x1b[31m.tif"));
    CU_ASSERT(has(FOLDER_FILES, 2, "\xff\xfe.tif"));
    CU_ASSERT(has(FOLDER_FOLDERS, 0, "here"));
    folder_fini(&folder);
}

static void what_cannot_be_read_is_told(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s", make_folder("vanishing"));
    begin();
    CU_ASSERT_EQUAL(rmdir(path), 0);
    CU_ASSERT(read_all(path)); /* then it is taken for a pattern in the folder above */
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], 0);
    snprintf(path, sizeof path, "%s/vanishing/*.tif", scratch());
    CU_ASSERT(read_all(path));
    CU_ASSERT_PTR_NOT_NULL(strstr(folder.trouble, strerror(ENOENT)));
    snprintf(path, sizeof path, "%s", make_folder("locked"));
    make_file(path, "a.tif");
    chmod(path, 0);
    CU_ASSERT(read_all(path));
    CU_ASSERT(geteuid() == 0 || strstr(folder.trouble, strerror(EACCES)) != NULL);
    CU_ASSERT(folder.path[0]); /* so that one can go back */
    chmod(path, 0755);
    folder_fini(&folder);
}

/* All of them, in order, in the memory that they take; and given up half-way. */
static void fifty_thousand_are_no_trouble(void)
{
    char path[600], name[32];
    bool sorted = true;
    snprintf(path, sizeof path, "%s", make_folder("many"));
    int at = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "slice %d.tif", i);
        int fd = openat(at, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        CU_ASSERT_FATAL(fd >= 0);
        close(fd);
    }
    close(at);
    begin();
    CU_ASSERT(read_all(path));
    CU_ASSERT_EQUAL(folder.count[FOLDER_FILES], MANY);
    for (int i = 0; i < folder.count[FOLDER_FILES] && sorted; i += 997) {
        snprintf(name, sizeof name, "slice %d.tif", i);
        sorted = has(FOLDER_FILES, i, name);
    }
    CU_ASSERT(sorted);
    CU_ASSERT(ledger_line(LEDGER_UI).current < 3 << 20);
    printf("  %d names: %zu KiB\n", MANY, ledger_line(LEDGER_UI).current >> 10);
    struct fault fault;
    CU_ASSERT(folder_read(&folder, path, &fault));
    while (folder.reading && folder.count[FOLDER_FILES] == 0)
        loop_turn(&loop, 100, NULL);
    folder_clear(&folder);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, 0);
    CU_ASSERT(no_child_left());
    folder_fini(&folder);
}

/* Names beyond what there is room for are counted. */
static void memory_is_bounded(void)
{
    struct fault fault;
    begin();
    CU_ASSERT(folder_read(&folder, scratch_path("many"), &fault));
    ledger_set_limit(400 << 10);
    CU_ASSERT(finish());
    ledger_set_limit(0);
    CU_ASSERT(folder.left_out > 0);
    CU_ASSERT_EQUAL(folder.left_out + folder.count[FOLDER_FILES], MANY);
    folder_fini(&folder);
}

SUITE("folder", {"filters say which", filters_say_which},
      {"strange entries are no trouble", strange_entries_are_no_trouble},
      {"what cannot be read is told", what_cannot_be_read_is_told},
      {"fifty thousand are no trouble", fifty_thousand_are_no_trouble},
      {"memory is bounded", memory_is_bounded})
