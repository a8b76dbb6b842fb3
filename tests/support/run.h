/* Runs a program and keeps what it says. */
#ifndef SUPPORT_RUN_H
#define SUPPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct run {
    int status;      /* exit status, or 128 + signal */
    char out[16384]; /* standard output, cut */
    char err[16384]; /* standard error, cut */
};

/* words[0] is the program, looked for in PATH; the list ends with NULL. Standard input is empty. */
void run_words(struct run *run, const char *const *words);

/* The same for words given one by one. */
#define RUN(run, ...) run_words(run, (const char *const[]){__VA_ARGS__, NULL})

/* The viewer under test: $XLIGHTBOX, else ./xlightbox. */
const char *program(void);

#endif
