/* Names of files in other programs' texts. Guards app/uris.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "app/uris.h"

/* An empty path: it is refused. */
static const struct {
    const char *line;
    bool list;
    const char *path;
} rows[] = {
    {"file:///tmp/a.tif", true, "/tmp/a.tif"},
    {"FILE://localhost/tmp/a.tif", true, "/tmp/a.tif"},
    {"file:/tmp/a%20b%c3%A4.tif", true, "/tmp/a b\xc3\xa4.tif"},
    {"file:///tmp/a.tif", false, "/tmp/a.tif"},
    {"/tmp/a%20b.tif", false, "/tmp/a%20b.tif"},
    {"a.tif", false, "a.tif"},
    {"file://elsewhere.example/tmp/a.tif", true, ""},
    {"file://localhost", true, ""},
    {"file:a.tif", true, ""},
    {"file:///tmp/a%0.tif", true, ""},
    {"file:///tmp/a%", true, ""},
    {"file:///tmp/a%zz.tif", true, ""},
    {"file:///tmp/a%00.tif", true, ""},
    {"file:///tmp/a%0ab.tif", true, ""},
    {"/tmp/a\x1b[2J.tif", false, ""},
    {"/tmp/a.tif", true, ""},
    {"http://localhost/a.tif", true, ""},
};

static void lines_name_files_of_this_machine(void)
{
    struct fault fault;
    char path[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        path[0] = 0;
        bool good =
            uris_path(rows[i].line, strlen(rows[i].line), rows[i].list, path, sizeof path, &fault);
        CU_ASSERT_EQUAL(good, *rows[i].path != 0);
        if (good)
            CU_ASSERT_STRING_EQUAL(path, rows[i].path);
        if (good != (*rows[i].path != 0))
            printf("  %s\n", rows[i].line);
        if (!good)
            CU_ASSERT_PTR_NULL(strchr(fault.text, '\x1b'));
    }
}

static void this_machine_has_a_name(void)
{
    struct utsname name;
    struct fault fault;
    char line[200], path[64];
    uname(&name);
    snprintf(line, sizeof line, "file://%s/tmp/a.tif", name.nodename);
    CU_ASSERT(uris_path(line, strlen(line), true, path, sizeof path, &fault));
    CU_ASSERT_STRING_EQUAL(path, "/tmp/a.tif");
}

/* A path that just fits, and one that does not. */
static void long_names_are_refused(void)
{
    struct fault fault;
    char path[8];
    CU_ASSERT(uris_path("file:/abcdef", 12, true, path, sizeof path, &fault));
    CU_ASSERT_FALSE(uris_path("file:/abcdefg", 13, true, path, sizeof path, &fault));
    CU_ASSERT(uris_path("/abcdef", 7, false, path, sizeof path, &fault));
    CU_ASSERT_FALSE(uris_path("/abcdefg", 8, false, path, sizeof path, &fault));
}

static void lists_have_comments(void)
{
    const char *at = "\r\n# one\r\n  file:///a\t\r\n#\nb", *line;
    const char *text = at;
    CU_ASSERT_EQUAL(uris_line(&at, true, &line), 9);
    CU_ASSERT(!strncmp(line, "file:///a", 9));
    CU_ASSERT_EQUAL(uris_line(&at, true, &line), 1);
    CU_ASSERT_EQUAL(uris_line(&at, true, &line), 0);
    CU_ASSERT_EQUAL(uris_line(&text, false, &line), 5);
    CU_ASSERT(!strncmp(line, "# one", 5));
}

SUITE("uris", {"lines name files of this machine", lines_name_files_of_this_machine},
      {"this machine has a name", this_machine_has_a_name},
      {"long names are refused", long_names_are_refused},
      {"lists have comments", lists_have_comments})
