/* Figures of memory for people and programs. All write lines, or one JSON object, behind what the
 * reply holds. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"
#include "ui/command.h"

/* Each label's current and peak bytes and blocks, process by process, then what the system says of
 * each process, their sum, and what the X server holds of us. */
void report_text(const struct figures *figures, struct reply *reply);

/* The same as one JSON object on a line. Ledgers are in bytes, what ends in _kib in KiB. */
void report_json(const struct figures *figures, struct reply *reply);

/* Either of them, to a stream. */
void report_print(const struct figures *figures, bool json, FILE *to);

/* The same in a line for each process: "memory 20 viewer pss=5312 anonymous=1000 shared=4000
 * file=312 frame=3072 tiles=4096", all in KiB; the last is the footprint. `changes`: of the window,
 * so far. */
void report_trace(const struct figures *figures, long long changes, struct reply *reply);

/* What differs, in KiB. */
void report_difference(const struct figures *before, const struct figures *after,
                       struct reply *reply);

/* Blocks of LEDGER_LARGE_BYTES or more with label, size, age and process, and the tiles. */
void report_large(const struct figures *figures, struct reply *reply);

#endif
