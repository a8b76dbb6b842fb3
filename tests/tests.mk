# The tests: unit-tests need no X server and link without one; program-tests run ./xlightbox without a display;
# window-tests start an Xvfb of their own.

TEST_CFLAGS = -Itests $(CUNIT_CFLAGS)
$(B)/tests/%.o: ALL_CPPFLAGS += $(TEST_CFLAGS)

SUPPORT_SRC := tests/suite.c $(wildcard tests/support/*.c)
UNIT_SRC := $(SUPPORT_SRC) $(wildcard tests/unit/*.c)
PROGRAM_SRC := $(SUPPORT_SRC) $(wildcard tests/program/*.c)
WINDOW_SRC := $(SUPPORT_SRC) $(wildcard tests/window/*.c)

$(B)/unit-tests: $(call objects,$(UNIT_SRC)) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) $(CUNIT_LIBS) -lm
$(B)/program-tests: $(call objects,$(PROGRAM_SRC)) $(B)/libfront.a $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) $(CUNIT_LIBS) -lm
$(B)/window-tests: $(call objects,$(WINDOW_SRC))
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) $(CUNIT_LIBS) -lm
