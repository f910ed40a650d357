# Thin: the build itself is Meson's. `make run` and `make test` install what they need.
MESON ?= meson
B     ?= build
ARGS  ?=

.PHONY: all deps run shots browser senders beats test soak soak-journal soak-state soak-node fuzz bench mutate lint deb bundle try-bundle try-booted format clean

all: $(B)/build.ninja
	@ninja -C $(B)

$(B)/build.ninja:
	@$(MESON) setup $(B) >/dev/null || { $(MESON) setup $(B); exit 1; }

deps:
	@tools/deps build

run: deps $(B)/build.ninja
	@ninja -C $(B) canh $(addprefix canh-,parent keep watch desk check send search convert)
	@tools/run $(B) $(ARGS)

test: browser senders
	@python3 tests/run.py

# What drives a browser in tests; without it they skip.
browser:
	@tools/deps test
	@cd tests/browser && npm ci --no-audit --no-fund >/dev/null || \
	    echo "canh: npm ci failed in tests/browser: the console is not tested in a browser" >&2

# What others wrote and sends to a node in tests; without it they skip.
senders:
	@tools/deps test
	@cd tests/senders && npm ci --no-audit --no-fund >/dev/null && ./aside || \
	    echo "canh: tests/senders: some senders are not tested" >&2

# Filebeat and Winlogbeat themselves, from their Go modules; takes long, and what is not built is skipped.
beats:
	@tests/senders/beats

shots: all browser
	@node tests/browser/shots.mjs $(B)/tests/desk/desk_host $(or $(ARGS),shots)

# Each part by itself, too; of soak-node every run has other moments, and LINES say how long it takes.
soak: soak-journal soak-state soak-node
soak-journal: all
	@CANH_SOAK=1 $(B)/tests/unit/test_journal_fault
soak-state: all
	@$(B)/tests/unit/test_state_power
	@$(B)/tests/unit/test_state_fault
soak-node: all
	@CANH_SOAK=$(or $(LINES),20000) CANH_BUILD_DIR=$(abspath $(B)) CANH_SOURCE_DIR=$(CURDIR) \
	    python3 tests/system/test_node.py

fuzz:
	@tools/deps test
	@tools/fuzz $(SECONDS) $(ARGS)

bench:
	@tools/deps test
	@bench/run $(ARGS)

# One thing changed at a time; docs/testing.md
mutate: deps
	@tools/mutate $(ARGS)

deb bundle:
	@tools/package $@

# Installs it on a bare Debian without a route, and tries it there; as root.
try-bundle: bundle
	@tests/package/bundle $(lastword $(sort $(wildcard $(B)/package/canh-*-debian12-*.tar)))

# The same on one that has booted; BOOT=qemu with Debian's own kernel.
try-booted: bundle
	@tests/package/booted $(lastword $(sort $(wildcard $(B)/package/canh-*-debian12-*.tar)))

lint:
	@tools/deps lint
	@tools/lint

format:
	@clang-format-14 -i $$(git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'fuzz/*.[ch]' 'bench/*.[ch]' | grep -v _table)

clean:
	rm -rf build build-*
