# The tests: unit-tests need no X server and link without one; program-tests run the program without a display;
# window-tests start servers of their own; tests/house looks at the tree itself; tests/fuzz feeds what is read from
# outside with anything at all.

TEST_CFLAGS = -Itests $(CUNIT_CFLAGS)
$(B)/tests/%.o: ALL_CPPFLAGS += $(TEST_CFLAGS)

SUPPORT_SRC := tests/suite.c $(wildcard tests/support/*.c)
UNIT_SRC := $(SUPPORT_SRC) $(wildcard tests/unit/*.c)
PROGRAM_SRC := $(SUPPORT_SRC) $(wildcard tests/program/*.c)
WINDOW_SRC := $(SUPPORT_SRC) $(filter-out tests/window/count_calls.c,$(wildcard tests/window/*.c))
BENCHES := $(addprefix $(B)/,bench-render bench-steps bench-start bench-remote)

$(B)/unit-tests: $(call objects,$(UNIT_SRC)) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) $(CUNIT_LIBS) -lm
$(B)/program-tests $(B)/window-tests: $(B)/libfront.a $(B)/libcore.a
$(B)/program-tests: $(call objects,$(PROGRAM_SRC))
$(B)/window-tests: $(call objects,$(WINDOW_SRC))
$(B)/program-tests $(B)/window-tests:
	$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(X_LIBS) $(CORE_LIBS) $(CUNIT_LIBS) -lm

# The sample's generator, what takes pictures of windows, and what runs a program over a line to its server.
$(B)/phantom: $(call objects,tests/phantom.c $(wildcard tests/phantom/*.c))
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) -lm
$(B)/grab: $(call objects,tests/grab.c)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) -lm

$(B)/line: $(call objects,tests/line.c $(wildcard tests/support/wire*.c))
	$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BENCHES): $(B)/bench-%: $(B)/tests/bench/bench_%.o $(B)/libfront.a $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) -lm
bench: all $(BENCHES) $(B)/phantom
	@tests/bench/run $(B)

# Files of 2 GiB and more; takes minutes, and 6 GB of $TMPDIR.
$(B)/make-film: $(B)/tests/bench/make_film.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS)
# What crosses the line to the server, and how long it takes at 10 Mbit/s.
$(B)/bench-wire: $(call objects,tests/bench/bench_wire.c tests/support/installed.c $(wildcard tests/support/wire*.c)) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) -lm
bench-wire: all $(B)/bench-wire $(B)/phantom
	@tests/bench/run $(B) wire
# 500 files to pictures, beside other programs; 1 GB of $TMPDIR (most of it what they write), and minutes.
$(B)/bench-batch: $(call objects,tests/bench/bench_batch.c tests/support/tiff_maker.c) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) -lm
bench-batch: all $(B)/bench-batch
	@folder=$$(mktemp -d) && $(B)/bench-batch $(B)/xlightbox $$folder; rm -rf $$folder
bench-large: all $(B)/make-film $(B)/window-tests
	@tests/bench/large $(B)

# Counts the memory calls of a program it is loaded into; no sanitizer can live beside it.
$(B)/count-calls.so: tests/window/count_calls.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -D_GNU_SOURCE $(WARNINGS) -shared -fPIC -o $@ $< -ldl

# Fuzzing (clang): make fuzz TIME=SECONDS. The same targets, with a main of our own, try tests/cases in every check.
TIME ?= 60
FUZZERS := $(addprefix $(B)/fuzz-,source messages words)
FUZZ_MAIN := $(if $(findstring fuzzer,$(SANITIZE)),,$(B)/tests/fuzz/replay.o)
$(FUZZERS): $(B)/fuzz-%: $(B)/tests/fuzz/%.o $(FUZZ_MAIN) $(B)/libfront.a $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@ $^ $(X_LIBS) $(CORE_LIBS) -lm
SEED_SUPPORT := $(addprefix tests/support/,tiff_maker.c tiff_raw.c malformed.c malformed_build.c scratch.c)
$(B)/fuzz-seeds: $(call objects,tests/fuzz/seeds.c $(SEED_SUPPORT)) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) -lm
fuzz: $(FUZZERS) $(B)/fuzz-seeds
	@tests/fuzz/run $(B) $(TIME)

test-programs: all $(B)/unit-tests $(B)/program-tests $(B)/window-tests $(FUZZERS) $(B)/phantom $(B)/count-calls.so
check: test-programs
	@CC="$(CC)" CPPFLAGS="$(ALL_CPPFLAGS)" WINDOW_SUITES="$(WINDOW_SUITES)" UNIT_SUITES="$(UNIT_SUITES)" tests/run $(B)
demo: all $(B)/grab
	@scripts/demo $(B)/grab
screenshots: all $(B)/grab
	@scripts/screenshots $(B)/grab
lint:
	@tests/house/lint
