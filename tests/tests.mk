# The tests: unit programs need no X server, window programs start one. See tests/README.md.

TEST_CFLAGS = -Itests $(CUNIT_CFLAGS)
UNIT_SRC := tests/suite.c $(wildcard tests/unit/*.c)
$(B)/tests/%.o: ALL_CPPFLAGS += $(TEST_CFLAGS)

$(B)/unit-tests: $(call objects,$(UNIT_SRC)) $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) $(CUNIT_LIBS) -lm
