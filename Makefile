# The names people try first. `make` alone lists them.

PREFIX ?= /usr/local
DESTDIR ?=
KEYS ?= 1000000
INPUTS ?= 1000000
TIME ?= 60

# A section for each function, so that the linker leaves out the unused ones and merges those that are alike.
RELEASE := swift build -c release --product rediscache --static-swift-stdlib -Xswiftc -Xfrontend -Xswiftc -function-sections
# One set of flags, so that every target finds what another has built.
TEST := swift test -Xswiftc -warnings-as-errors
BINARY := .build/release/rediscache
# Where Package.swift has the linker look first.
ARCHIVES := .build/archives
# The tests of the suites that SUITES names, as a filter.
CHOSEN := $(if $(SUITES),[./]($(SUITES))/)
SHARE := $(DESTDIR)$(PREFIX)/share
STAGE := .build/dist

.PHONY: help setup build test test-valkey test-exclusive faults soak situations truth fuzz demo picture bench bench-small lint install dist completions man clean-room clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## install hiredis, redis-server and the linters where they are missing
	@.ci/setup --without-valkey

build: setup  ## build the release binary
	@.ci/archives $(ARCHIVES)
	$(RELEASE)

test: setup  ## run every test, with warnings as errors (SUITES='StatsTests|TTLTests' for these)
	$(TEST) --filter '$(or $(CHOSEN),.)'

# A release is built without these checks, for speed. What SUITES names, else the tests of the commands.
test-exclusive: setup  ## run tests against a release binary that checks for exclusive access
	@mkdir -p .build/exclusive
	REDISCACHE_EXCLUSIVITY=checked $(RELEASE) --scratch-path .build/exclusive
	REDISCACHE_TEST_BINARY=$(CURDIR)/.build/exclusive/release/rediscache $(TEST) \
		--filter '$(or $(CHOSEN),^CommandTests[./])'

# Every suite that starts servers, but for those that measure this side alone (memory, and runs that are killed) and for the
# table of faults, most of whose rows are the network's: make faults runs that with REDISCACHE_TEST_SERVER, too.
VALKEY_TESTS := ^(IntegrationTests|RedisClientTests\.(Cluster|Connection|Locator|Pipeline|Sentinel|TLS))
NOT_VALKEY_TESTS := SoakTests|FarServerTests|WarmMemoryTests|IntegrationTests.Faults

test-valkey:  ## run the tests that start servers on Valkey (VALKEY_SERVER=/path, or the one that setup fetches)
	@.ci/setup
	@server=$$(.ci/valkey-server); \
	if [ -z "$$server" ]; then echo 'test-valkey: SKIPPED, there is no valkey-server' >&2; exit 0; fi; \
	"$$server" --version; \
	echo 'test-valkey: without $(NOT_VALKEY_TESTS), and what starts no server'; \
	REDISCACHE_TEST_SERVER="$$server" $(TEST) \
		--filter '$(or $(CHOSEN),$(VALKEY_TESTS))' --skip '$(NOT_VALKEY_TESTS)'

faults: setup  ## make every fault of the table happen to each command, and print the table (LOG=file: what was run before)
	@TEST='$(TEST)' Tests/Faults/table $(LOG)

soak: setup  ## kill RUNS=500 removals, warmings and exports at random moments, and resume them
	REDISCACHE_SOAK_RUNS=$(or $(RUNS),500) $(TEST) --filter SoakTests

truth: setup  ## hold what hits says against 20 runs of known traffic
	REDISCACHE_ALL_TRUTH=1 $(TEST) --filter HitsTruthTests

situations: setup  ## scan RUNS=500 generated servers that refuse, lack commands and answer oddly
	REDISCACHE_SITUATIONS=$(or $(RUNS),500) $(TEST) --filter GeneratedSituationsTests

fuzz: setup  ## look for inputs that break the readers: TIME=60 seconds (or RUNS=) a target, TARGET=reply for one
	@TIME=$(TIME) RUNS=$(RUNS) INPUTS=$(INPUTS) Tests/Fuzzing/fuzz $(TARGET)

demo: build  ## scan, clear out and warm a throw-away cache of 200,000 keys (KEEP=1 leaves it running)
	@Tests/Demo/demo

picture: build  ## draw the picture of the README from a run
	@Tests/Demo/picture

bench: build  ## compare with a bare C loop on hiredis and with redis-cli (KEYS=1000000, PARTS='pairs impact …')
	@Tests/Benchmarks/bench $(KEYS)

bench-small: build  ## the same in a minute, with wide margins: only what is far off fails
	@SLACK=2 JUDGED=quickest RUNS=2 TRIES=1 PARTS='pairs start' Tests/Benchmarks/bench 300000

# Left out of the search: Swift's tests may hold scripts as text, and completions are written by the parser.
lint: setup man  ## check the format of Swift, shell scripts and man pages
	swift format lint --strict --recursive Sources Tests Package.swift
	git grep --untracked -lIzE '^#!.*[/ ](sh|bash)$$' -- ':!*.swift' ':!completions' | xargs -0 shellcheck

man:  ## check the man pages, which are written by hand
	mandoc -T lint -W warning man/*.[1-9]

# A page has the date of the last release.
TOPIC := awk -v date='November 30, 2026'

completions: setup  ## write completions/, and the man pages of topics, anew from the commands
	swift build --product rediscache -Xswiftc -warnings-as-errors
	.build/debug/rediscache --generate-completion-script bash >completions/rediscache.bash
	.build/debug/rediscache --generate-completion-script zsh >completions/_rediscache
	.build/debug/rediscache --generate-completion-script fish >completions/rediscache.fish
	.build/debug/rediscache help seed-format | $(TOPIC) -v name=seed -v section=5 \
		-v summary='seed files of rediscache' -f man/topic.awk >man/rediscache-seed.5
	.build/debug/rediscache help json | $(TOPIC) -v name=json -v section=5 \
		-v summary='reports of rediscache as JSON' -f man/topic.awk >man/rediscache-json.5
	.build/debug/rediscache help patterns | $(TOPIC) -v name=keys -v section=7 \
		-v summary='patterns, and how rediscache reads the names of keys' -f man/topic.awk >man/rediscache-keys.7
	.build/debug/rediscache help rules | $(TOPIC) -v name=rules -v section=7 \
		-v summary='what rediscache doctor looks for' -f man/topic.awk >man/rediscache-rules.7

# Builds only where there is no binary yet, so that `make build && sudo make install` builds nothing as root.
install: $(BINARY)  ## install under PREFIX (/usr/local), below DESTDIR where given
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)/man/man1" "$(SHARE)/man/man5" "$(SHARE)/man/man7" "$(SHARE)/bash-completion/completions" \
		"$(SHARE)/zsh/site-functions" "$(SHARE)/fish/vendor_completions.d"
	install -s -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/rediscache"
	install -m 644 man/*.1 "$(SHARE)/man/man1"
	install -m 644 man/*.5 "$(SHARE)/man/man5"
	install -m 644 man/*.7 "$(SHARE)/man/man7"
	install -m 644 completions/rediscache.bash "$(SHARE)/bash-completion/completions/rediscache"
	install -m 644 completions/_rediscache "$(SHARE)/zsh/site-functions/_rediscache"
	install -m 644 completions/rediscache.fish "$(SHARE)/fish/vendor_completions.d/rediscache.fish"

$(BINARY):
	$(MAKE) build

dist: build  ## pack binary, completions and man pages as .build/dist/rediscache-VERSION-SYSTEM.tar.gz
	rm -rf $(STAGE)
	name=rediscache-$$($(BINARY) --version | awk '{ print $$NF }')-$$(uname -s)-$$(uname -m) && \
	$(MAKE) install DESTDIR="$(STAGE)/$$name" PREFIX= && \
	tar -C $(STAGE) -czf "$(STAGE)/$$name.tar.gz" "$$name" && \
	echo "$(STAGE)/$$name.tar.gz"

# Six minutes a release on two cores.
clean-room:  ## try `make demo` on empty systems: RELEASES='bookworm trixie' (needs root and debootstrap)
	@.ci/clean-room $(RELEASES)

clean:  ## remove what was built
	swift package clean
	rm -rf $(STAGE) .build/bench
