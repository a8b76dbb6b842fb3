/* A fuzz target: one function that takes any bytes and must neither crash, hang nor leak.
 *
 * Each target is a file of its own with one such function; libFuzzer calls it (`make fuzz`), or
 * tests/fuzz/replay.c does, with what was found before (tests/cases). */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#endif
