# What is installed and where, the tarball, and what is made for them. Folders can be set (appdefaultsdir=/etc/X11/app-defaults).

appdefaultsdir ?= $(datarootdir)/X11/app-defaults
docdir ?= $(datarootdir)/doc/xlightbox
bashdir ?= $(datarootdir)/bash-completion/completions
zshdir ?= $(datarootdir)/zsh/site-functions
fishdir ?= $(datarootdir)/fish/vendor_completions.d

# What the program tells of itself.
$(B)/xlightbox.1: $(B)/xlightbox
	$< --manual >$@.new && mv $@.new $@
$(B)/completion.%: $(B)/xlightbox
	$< --completion $* >$@.new && mv $@.new $@

# Each file, and behind the colon its place. None has a blank or a colon in its name.
ICONS := $(patsubst data/icons/%.png,%,$(wildcard data/icons/*.png))
EXAMPLES := $(wildcard data/examples/*)
INSTALLED := $(B)/xlightbox:$(bindir)/xlightbox \
	$(B)/xlightbox.1:$(mandir)/man1/xlightbox.1 \
	$(B)/completion.bash:$(bashdir)/xlightbox \
	$(B)/completion.zsh:$(zshdir)/_xlightbox \
	$(B)/completion.fish:$(fishdir)/xlightbox.fish \
	data/Xlightbox.ad:$(appdefaultsdir)/Xlightbox \
	data/xlightbox.desktop:$(datarootdir)/applications/xlightbox.desktop \
	data/xlightbox.metainfo.xml:$(datarootdir)/metainfo/xlightbox.metainfo.xml \
	data/icons/xlightbox.xpm:$(datarootdir)/pixmaps/xlightbox.xpm \
	$(foreach side,$(ICONS),data/icons/$(side).png:$(datarootdir)/icons/hicolor/$(side)x$(side)/apps/xlightbox.png) \
	$(foreach file,$(EXAMPLES),$(file):$(docdir)/examples/$(notdir $(file))) \
	$(foreach language,$(LANGUAGES),$(B)/locale/$(language)/LC_MESSAGES/xlightbox.mo:$(localedir)/$(language)/LC_MESSAGES/xlightbox.mo) \
	LICENSE:$(docdir)/LICENSE
file_of = $(firstword $(subst :, ,$(1)))
place_of = $(DESTDIR)$(lastword $(subst :, ,$(1)))
define newline


endef

.PHONY: install uninstall installed-list dist distcheck icons
install: all $(foreach pair,$(INSTALLED),$(call file_of,$(pair)))
	$(foreach pair,$(INSTALLED),install -D -m $$(test -x $(call file_of,$(pair)) && echo 755 || echo 644) \
		$(call file_of,$(pair)) $(call place_of,$(pair))$(newline))
uninstall:
	rm -f $(foreach pair,$(INSTALLED),$(call place_of,$(pair)))
	@rmdir $(DESTDIR)$(docdir)/examples $(DESTDIR)$(docdir) 2>/dev/null || :
installed-list:
	@$(foreach pair,$(INSTALLED),echo $(call place_of,$(pair));)

# What git knows, and configure beside it, so that the tarball builds without autoconf. The same commit makes the same
# bytes.
DIST := xlightbox-$(VERSION)
dist: configure
	@mkdir -p build/dist && rm -rf build/dist/$(DIST)
	git archive --prefix=$(DIST)/ HEAD | tar -x -C build/dist
	cp configure build/dist/$(DIST)/
	tar -C build/dist --owner=0 --group=0 --numeric-owner --mode=go-w --sort=name --mtime=@$$(git log -1 --format=%ct) \
		-cf - $(DIST) | gzip -9n >build/$(DIST).tar.gz
	@echo build/$(DIST).tar.gz
distcheck: dist
	@scripts/distcheck build/$(DIST).tar.gz

# The icons anew, when the drawing (src/ui/icon.c) has changed.
$(B)/make-icons: $(B)/scripts/make_icons.o $(B)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CORE_LIBS) -lm
icons: $(B)/make-icons
	$< data/icons
