# make          build build/fsrace
# make demo     run all scenarios
# make unit SUITE=marker   the unit tests, or one suite of them
# make test PART=golden    some parts of the suite (tests/suite/), or all
# make check    the same, all: what has to pass before a change is taken
# make truth    … and the long ones, of what a proof rests on (tests/truth.sh; an hour, goes on where it was)
# make fuzz TIME=60        mutated inputs, so many seconds for each target, with sanitizers
# make lint     figures of the code, and its rules; cppcheck and clang-tidy where there are such
# make debug    build/debug/fsrace, for a debugger
# make bench    executions per second next to the bare calls
# make catalogue  write scenarios/README.md and the tables in docs/comparison.md anew
# make format   put all C files into shape
# make compile_commands.json   for editors
# make install  PREFIX=/usr/local DESTDIR=
# V=1 shows the commands; SAN=address,undefined or SAN=thread builds with sanitizers, beside the plain build.
# WERROR=1: a warning is an error, as in make check. Without it a file with a warning is compiled again, and warns, each time.

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
SAN     ?=
WERROR  ?=
comma   := ,
BUILD   ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))$(if $(filter clang%,$(notdir $(CC))),/clang)

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
        -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla \
        -Wformat=2 -Wundef
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -I. -pthread -MMD -MP $(WARN) $(CFLAGS) \
              $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer \
              -Wno-format-truncation)
ALL_LDFLAGS := -pthread $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN))
LIBS := -lcjson -lboost_context -lm

# Every room's files (docs/ARCHITECTURE.md); the command line is not part of what tests and benchmarks link.
DIRS := base fsstore nodes sim
SRC  := $(sort $(shell find $(DIRS) -name '*.c' ! -path 'sim/cli/*'))
CLI  := $(wildcard sim/cli/*.c)
UNIT := $(sort $(shell find tests/unit -name '*.c'))
OBJ  := $(SRC:%.c=$(BUILD)/%.o)
C_FILES = $(shell find $(DIRS) tests bench -name '*.[ch]')

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

all: $(BUILD)/fsrace

$(BUILD)/fsrace: $(OBJ) $(CLI:%.c=$(BUILD)/%.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/unit: $(OBJ) $(UNIT:%.c=$(BUILD)/%.o) $(BUILD)/bench/literature.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcunit

$(BUILD)/fuzz_%: $(OBJ) $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/standalone.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/determinism: $(OBJ) $(BUILD)/tests/determinism.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/breaches: $(OBJ) $(BUILD)/tests/breaches.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/model_diff: $(OBJ) $(BUILD)/tests/model_diff.o $(BUILD)/tests/model_diff_play.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/swap: $(OBJ) $(addprefix $(BUILD)/tests/,swap.o generate.o kinds.o playback.o thing_names.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/small: $(OBJ) $(addprefix $(BUILD)/tests/,small.o duel.o generate.o kinds.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/commute: $(OBJ) $(addprefix $(BUILD)/tests/,commute.o commute_stage.o kinds.o thing_names.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/control: $(OBJ) $(addprefix $(BUILD)/tests/,control.o duel.o generate.o kinds.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/made: $(OBJ) $(addprefix $(BUILD)/tests/,made.o generate.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# fsrace on a machine on which calls fail (tests/sick.c).
$(BUILD)/sick_fsrace: $(OBJ) $(CLI:%.c=$(BUILD)/%.o) $(BUILD)/tests/sick.o tests/sick.link
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) @tests/sick.link $(LIBS)

$(BUILD)/clusters: $(OBJ) $(addprefix $(BUILD)/tests/,clusters.o duel.o generate.o kinds.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bench/bench: $(OBJ) $(BUILD)/sim/cli/files.o \
                      $(BUILD)/bench/literature.o $(BUILD)/bench/orders.o $(BUILD)/bench/samplers.o $(BUILD)/bench/model.o $(BUILD)/bench/bench.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bench/literature: $(BUILD)/bench/print.o $(BUILD)/bench/literature.o $(BUILD)/base/strbuf.o $(BUILD)/base/mem.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Werror -c -o $@ $< $(if $(WERROR),,2>/dev/null || \
	    { $(CC) $(ALL_CFLAGS) -c -o $@ $< && touch -d @0 $@; })

$(BUILD)/sim/report/page/html.o: $(wildcard sim/report/page/*)

demo: $(BUILD)/fsrace
	$(BUILD)/fsrace run scenarios/

check: all
	tests/run.sh

test: all
	tests/run.sh $(PART)

unit: $(BUILD)/unit
	$(BUILD)/unit $(SUITE)

TIME ?= 60
fuzz:
	tests/fuzz/run $(TIME)

debug:
	$(MAKE) BUILD=build/debug CFLAGS='-O0 -g3' build/debug/fsrace

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

# tests/lint.py fails on what is a rule. A file that clang-tidy has been content with is asked about again when it or what it
# includes changes.
TIDY := $(if $(shell command -v clang-tidy),$(patsubst %.c,build/tidy/%.ok,$(SRC) $(CLI)))
# cppcheck takes a struct that an init function fills for uninitialized, options on the caller's stack for dangling, and `i > 0 && v[i]`
# for a sign that i may be beyond v.
SUPPRESSED := ctuuninitvar autoVariables arrayIndexOutOfBoundsCond
lint: $(OBJ) $(TIDY)
	python3 tests/lint.py
	! python3 tests/rooms.py | grep .
	$(if $(shell command -v cppcheck),cppcheck --quiet --std=c11 -I. -D_GNU_SOURCE --inline-suppr --error-exitcode=1 \
	    --enable=warning$(comma)portability $(SUPPRESSED:%=--suppress=%) $(DIRS),@echo 'there is no cppcheck')
	$(if $(TIDY),,@echo 'there is no clang-tidy')

build/tidy/%.ok: %.c $(BUILD)/%.o .clang-tidy
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- -std=c11 -D_GNU_SOURCE -I. 2>/dev/null && touch $@

compile_commands.json: Makefile
	@for file in $(filter %.c,$(C_FILES)); do \
	    printf '%s{"directory": "%s", "file": "%s", "arguments": ["%s"' "$${comma-[}" '$(CURDIR)' "$$file" '$(CC)'; \
	    printf ', "%s"' $(ALL_CFLAGS) -c "$$file"; printf ']}'; comma=",$$(printf '\n ')"; \
	done >$@; echo ']' >>$@

truth: all $(BUILD)/commute $(BUILD)/swap $(BUILD)/small $(BUILD)/clusters $(BUILD)/control $(BUILD)/made
	tests/truth.sh

bench: $(BUILD)/bench/bench
	$(BUILD)/bench/bench

catalogue: $(BUILD)/fsrace
	docs/update

format:
	clang-format -i $(C_FILES)

format-check:
	clang-format --dry-run -Werror $(C_FILES)

$(BUILD)/fsrace.1: docs/man/fsrace.1.in docs/man/commands.sh $(BUILD)/fsrace
	$(call say,GEN,$@)
	$(Q)sh docs/man/commands.sh $(BUILD)/fsrace <$< >$@

SHARE = $(DESTDIR)$(PREFIX)/share
install: $(BUILD)/fsrace $(BUILD)/fsrace.1
	install -D -m 755 $(BUILD)/fsrace $(DESTDIR)$(PREFIX)/bin/fsrace
	install -D -m 644 $(BUILD)/fsrace.1 $(SHARE)/man/man1/fsrace.1
	install -D -m 644 docs/man/fsrace-scenario.5 $(SHARE)/man/man5/fsrace-scenario.5
	install -D -m 644 share/fsrace.bash $(SHARE)/bash-completion/completions/fsrace
	install -D -m 644 share/_fsrace $(SHARE)/zsh/site-functions/_fsrace
	install -D -m 644 -t $(SHARE)/fsrace docs/scenario.schema.json
	install -D -m 644 -t $(SHARE)/fsrace/scenarios scenarios/*.json
	install -D -m 644 -t $(SHARE)/doc/fsrace README.md CHANGELOG.md SECURITY.md LICENSE
	install -D -m 644 -t $(SHARE)/doc/fsrace/docs docs/*.md

clean:
	rm -rf build

.PHONY: all demo check test unit truth fuzz debug help lint bench catalogue format format-check install clean
-include $(shell find build -name '*.d' -type f 2>/dev/null)
