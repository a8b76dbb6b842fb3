# xlightbox: one page of GNU make. Variants: BUILD=release|debug, SANITIZE=address,undefined, CC=clang, WERROR=1;
# STATIC_TIFF=1 links libtiff and its codecs from archives, where there are any.
# Everything that is made lies under build/VARIANT; the program is also left at ./xlightbox.

-include config.mk

ifeq ($(origin CC),default)
CC := $(or $(CONFIGURED_CC),cc)
endif
ifdef STATIC_TIFF
TIFF_LIBS := $(shell CC="$(CC)" scripts/static-libs libtiff-4)
endif
BUILD ?= release
SANITIZE ?=
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
CC := clang
SANITIZE := fuzzer-no-link,address,undefined
endif
comma := ,
VARIANT := $(BUILD)-$(notdir $(firstword $(CC)))$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))$(if $(STATIC_TIFF),-static-tiff)
B ?= build/$(VARIANT)

OPTIMIZE_release := -O2 -g
OPTIMIZE_debug := -O0 -g3
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wundef -Wformat=2 -Wvla $(if $(findstring clang,$(CC)),-Wimplicit-fallthrough) $(if $(WERROR),-Werror)
SANITIZERS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
# -ffp-contract=off: the same window gives the same levels whatever instructions the compiler has.
# -fdebug-prefix-map: the same bytes whatever folder the tree lies in.
ALL_CFLAGS = -std=gnu11 $(OPTIMIZE_$(BUILD)) -ffp-contract=off -fno-math-errno -fno-trapping-math -fdebug-prefix-map=$(CURDIR)=. $(WARNINGS) $(SANITIZERS) \
	$(CONFIGURED_CFLAGS) $(CFLAGS)
ALL_CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc $(CORE_CFLAGS) $(X_CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS = $(SANITIZERS) $(CONFIGURED_LDFLAGS) $(LDFLAGS)

CORE_LAYERS := base source tiles tone render ui
CORE_SRC := $(foreach layer,$(CORE_LAYERS),$(wildcard src/$(layer)/*.c))
FRONT_SRC := $(wildcard src/x11/*.c) $(filter-out src/app/main.c,$(wildcard src/app/*.c))
objects = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all catalogues check test-programs fuzz bench bench-batch bench-large bench-wire lint demo screenshots clean
all: $(B)/xlightbox catalogues
	@cmp -s $< xlightbox || cp -f $< xlightbox
	@[ -z "$(LANGUAGES)" ] || { mkdir -p build && ln -sfn $(abspath $(B)/locale) build/locale; }

configure: configure.ac
	autoconf && rm -rf autom4te.cache
config.mk: configure scripts/config.mk.in scripts/config.h.in
	./configure --quiet && touch config.mk
include/config.h: config.mk

$(B)/%.o: %.c include/config.h Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/libcore.a: $(call objects,$(CORE_SRC))
	@rm -f $@ && ar rcs $@ $^
$(B)/libfront.a: $(call objects,$(FRONT_SRC))
	@rm -f $@ && ar rcs $@ $^
$(B)/xlightbox: $(call objects,src/app/main.c) $(B)/libfront.a $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(X_LIBS) $(CORE_LIBS) -lm

# The installed application defaults are looked for where this prefix puts them.
$(B)/src/x11/resources.o: ALL_CPPFLAGS += -DAPP_DEFAULTS='"$(appdefaultsdir)"'
$(B)/src/x11/resources.o: config.mk

# Likewise the catalogues; those of this folder are found beside the program, and from ./xlightbox through a link.
LANGUAGES := $(if $(HAVE_NLS),$(patsubst data/locale/%.po,%,$(wildcard data/locale/*.po)))
CATALOGUES := $(foreach language,$(LANGUAGES),$(B)/locale/$(language)/LC_MESSAGES/xlightbox.mo)
$(B)/src/base/language.o: ALL_CPPFLAGS += -DLOCALEDIR='"$(localedir)"'
$(B)/src/base/language.o: config.mk
$(B)/locale/%/LC_MESSAGES/xlightbox.mo: data/locale/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

clean:
	rm -rf build xlightbox config.mk config.log config.status autom4te.cache include/config.h
	@[ ! -e .git ] || rm -f configure configure~

catalogues: $(CATALOGUES)

include scripts/install.mk
include tests/tests.mk
-include $(shell [ ! -d $(B) ] || find $(B) -name '*.d')
