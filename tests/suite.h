/* Suites of CUnit tests that register themselves: a file ends with SUITE("name", {"what is true",
 * function}, ...). */
#ifndef SUITE_H
#define SUITE_H

#include <CUnit/CUnit.h>
#include <stddef.h>

struct suite_test {
    const char *name;
    void (*run)(void);
};

void suite_register(const char *name, const struct suite_test *tests);

#define SUITE(suite_name, ...)                                                  \
    static const struct suite_test suite_tests[] = {__VA_ARGS__, {NULL, NULL}}; \
    __attribute__((constructor)) static void register_suite(void)               \
    {                                                                           \
        suite_register(suite_name, suite_tests);                                \
    }

#endif
