/* Runs the registered suites and prints a line for each: "SUITE: N passed, N failed". Arguments
 * name the suites to run (default: all); --list prints the names. The exit status is 1 when a test
 * failed. Every failed assertion is printed. */
#include "suite.h"

#include <CUnit/Basic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So long a test may take, ten times what the slowest needs under sanitizers: one that waits for
 * ever must end by its name, not as an unfinished run. */
enum { SUITES = 128, FAILURES_PRINTED = 12, TEST_SECONDS = 300 };

static struct {
    const char *name;
    const struct suite_test *tests;
} suites[SUITES];
static int suite_count;
static unsigned passed, failed;
static char running[256];

void suite_register(const char *name, const struct suite_test *tests)
{
    if (suite_count == SUITES)
        abort();
    suites[suite_count].name = name;
    suites[suite_count++].tests = tests;
}

static void print_failures(CU_pFailureRecord first, const char *suite)
{
    int printed = 0;
    for (CU_pFailureRecord f = first; f; f = f->pNext)
        if (printed++ < FAILURES_PRINTED)
            printf("  %s: %s: %s:%u: %s\n", suite, f->pTest ? f->pTest->pName : "(suite)",
                   f->strFileName ? f->strFileName : "?", f->uiLineNumber,
                   f->strCondition ? f->strCondition : "?");
    if (printed > FAILURES_PRINTED)
        printf("  %s: and %d failed assertions more\n", suite, printed - FAILURES_PRINTED);
}

static void give_up(int signal)
{
    const char *verdict = signal == SIGPIPE ? ": what it wrote to is gone\n" : ": has not ended\n";
    if (write(STDOUT_FILENO, running, strlen(running)) < 0 ||
        write(STDOUT_FILENO, verdict, strlen(verdict)) < 0)
        _exit(2);
    _exit(1);
}

/* LARGE and ENDURANCE ask for tests that take as long as they take. */
static void note_start(const CU_pTest test, const CU_pSuite suite)
{
    snprintf(running, sizeof running, "  %s: %s", suite->pName, test->pName);
    if (!getenv("LARGE") && !getenv("ENDURANCE"))
        alarm(TEST_SECONDS);
}

static void run_suite(int index)
{
    CU_pSuite suite = CU_add_suite(suites[index].name, NULL, NULL);
    for (const struct suite_test *test = suites[index].tests; test->name; test++)
        CU_add_test(suite, test->name, test->run);
    CU_run_suite(suite);
    unsigned bad = CU_get_number_of_tests_failed();
    unsigned run = CU_get_number_of_tests_run();
    print_failures(CU_get_failure_list(), suites[index].name);
    printf("%s: %u passed, %u failed\n", suites[index].name, run - bad, bad);
    fflush(stdout);
    passed += run - bad;
    failed += bad;
}

static int wanted(const char *name, int count, char **names)
{
    for (int i = 1; i < count; i++)
        if (!strcmp(names[i], name))
            return 1;
    return count < 2;
}

/* A suite that is named and not there is a failure. */
static void look_for(const char *name)
{
    for (int i = 0; i < suite_count; i++)
        if (!strcmp(suites[i].name, name))
            return;
    printf("%s: 0 passed, 1 failed\n  there is no such suite\n", name);
    failed++;
}

/* Files may share a suite. */
static bool is_first_of_its_name(int index)
{
    for (int i = 0; i < index; i++)
        if (!strcmp(suites[i].name, suites[index].name))
            return false;
    return true;
}

static int list_suites(void)
{
    for (int i = 0; i < suite_count; i++)
        if (is_first_of_its_name(i))
            puts(suites[i].name);
    return 0;
}

int main(int count, char **names)
{
    if (count == 2 && !strcmp(names[1], "--list"))
        return list_suites();
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    setenv("LC_ALL", "C", 1); /* what tests do not choose themselves */
    unsetenv("LANGUAGE");
    signal(SIGALRM, give_up);
    signal(SIGPIPE, give_up);
    CU_set_test_start_handler(note_start);
    for (int i = 0; i < suite_count; i++)
        if (wanted(suites[i].name, count, names))
            run_suite(i);
    for (int i = 1; i < count; i++)
        look_for(names[i]);
    CU_cleanup_registry();
    return failed != 0;
}
