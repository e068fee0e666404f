# PG-74: one page, no recursion. `make demo` is the first thing to type; `make check` runs the tests.
# SANITIZE=1 builds everything with the address and undefined-behaviour sanitizers, SANITIZE=thread with the one that finds
# data races, in directories of their own. V=1 shows the commands.
ifeq ($(filter -j%,$(MAKEFLAGS)),) # as many at once as there are processors, unless told
MAKEFLAGS += -j$(shell nproc)
endif
FUZZ    ?= isa asm elf snapshot options lua lab grade sandbox
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
BUILD   ?= build-fuzz
CFLAGS  ?= -O1 -g -fsanitize=fuzzer-no-link,address,undefined -D__SANITIZE_ADDRESS__ -fno-sanitize-recover=all -fno-omit-frame-pointer
RELAX   := -Wno-error
CC      := $(if $(filter default,$(origin CC)),clang,$(CC))
else ifeq ($(SANITIZE),thread)
BUILD   ?= build-thread
CFLAGS  ?= -O1 -g -fsanitize=thread -fno-omit-frame-pointer
else ifneq ($(SANITIZE),)
BUILD   ?= build-sanitize
CFLAGS  ?= -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
BUILD   ?= $(if $(HOSTILE),build-hostile,build)
CPPFLAGS += $(if $(HOSTILE),-DPG74_HOSTILE)
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
WARN    := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Wshadow -Werror $(RELAX)
WARN    += -fPIC -fvisibility=hidden # for pg74.so; in a program it costs nothing
CPPFLAGS += -I. -I$(BUILD)/include -isystem /usr/include/lua5.4
LDLIBS  += -lz3 -ldw -lelf -ljansson -llua5.4 -lcmark -lreadline -lncursesw -lm
RVCC    := riscv64-unknown-elf-gcc
RVFLAGS := -march=rv32im -mabi=ilp32 -std=c17 -O2 -g -ffreestanding -nostdlib -fno-builtin -Wall -Wextra -Werror \
           -I$(BUILD)/include

ISA      := $(filter-out isa/embed.c,$(wildcard isa/*.c))
LIB      := $(ISA) $(wildcard machine/*.c classifier/*.c checker/*.c tui/*.c) \
            $(filter-out lab/pg74.c,$(wildcard $(addprefix lab/,*.c lua/*.c debug/*.c gdb/*.c lesson/*.c grade/*.c)))
COMMANDS := $(wildcard lab/command/*.c)
SPECS    := $(wildcard isa/spec/*.isa isa/spec/variants/*.isa)
MONITORS := $(filter-out common,$(sort $(notdir $(patsubst %/,%,$(wildcard vmm/*/)))))
TESTS    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/test_*.c))
object    = $(patsubst %.c,$(BUILD)/%.o,$(1))

all: $(BUILD)/pg74 $(BUILD)/lua/pg74.so $(MONITORS:%=$(BUILD)/vmm/%.elf)

# `demo`, `check` and the like first see to the packages they need (and ask first); `all` and `install` never install
# any, and say in one message what is missing.
NEEDED := $(if $(filter demo check bench fuzz,$(MAKECMDGOALS)),use) $(filter check fuzz,$(MAKECMDGOALS))
ifneq ($(strip $(NEEDED)),)
$(shell ./packages.sh install $(NEEDED))
ifneq ($(.SHELLSTATUS),0)
$(error Packages are missing)
endif
endif
$(BUILD)/probed: packages.txt packages.sh
	@mkdir -p $(@D); CC="$(CC)" ./packages.sh probe use && touch $@

# Other flags make other objects: this file changes with them.
FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS) $(WARN)
$(shell mkdir -p $(BUILD); echo '$(FLAGS)' | cmp -s - $(BUILD)/flags || echo '$(FLAGS)' >$(BUILD)/flags)

$(BUILD)/%.o: %.c $(BUILD)/flags | $(BUILD)/probed
	@mkdir -p $(@D)
	@echo "  cc   $<"
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -MMD -MP -c $< -o $@
$(BUILD)/generated/%.o: $(BUILD)/generated/%.c $(BUILD)/flags | $(BUILD)/probed
	@echo "  cc   $<"
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -Wno-parentheses-equality -MMD -MP -c $< -o $@

# The specification is part of the library as text, and the fast engine's code is generated from it.
$(BUILD)/tools/embed: isa/embed.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) $< -o $@
$(BUILD)/generated/library.c: $(SPECS) machine/boot.h $(BUILD)/tools/embed
	@mkdir -p $(@D)
	$(BUILD)/tools/embed $(SPECS) machine/boot.h > $@
$(BUILD)/tools/generate: $(call object,$(ISA) $(wildcard machine/generate/*.c)) $(BUILD)/generated/library.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -ljansson -o $@
$(BUILD)/generated/engine.c: $(BUILD)/tools/generate
	$< engine > $@
# Handlers call each other in tail position, and must not pile up frames.
$(BUILD)/generated/engine.o $(BUILD)/machine/fast_run.o: private CFLAGS += -O2 -foptimize-sibling-calls
$(BUILD)/include/pg74.h: $(BUILD)/tools/generate
	@mkdir -p $(@D)
	$< header pg74h > $@

# What checks, and questions, are made of is Lua, and part of the library as text.
CHECKS := $(patsubst lab/grade/%.lua,%,$(wildcard lab/grade/*.lua))
$(CHECKS:%=$(BUILD)/generated/%.c): $(BUILD)/generated/%.c: lab/grade/%.lua Makefile
	@mkdir -p $(@D)
	{ echo 'extern const char lab_grade_$*[];'; echo 'const char lab_grade_$*[] ='; \
	  sed 's/\\/&&/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $<; echo ';'; } > $@
$(BUILD)/libpg74.a: $(call object,$(LIB)) $(addprefix $(BUILD)/generated/,library.o engine.o $(CHECKS:%=%.o))
	rm -f $@; ar rcs $@ $^
$(BUILD)/pg74: $(call object,lab/pg74.c $(COMMANDS)) $(BUILD)/libpg74.a
	$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@
# The same for a stock Lua interpreter, which has the library of Lua itself.
$(BUILD)/lua/pg74.so: $(BUILD)/libpg74.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -shared -u luaopen_pg74 $^ $(filter-out -llua% -lreadline,$(LDLIBS)) -o $@

# What is said in other languages; without gettext it stays English.
CATALOGUES := $(if $(shell command -v msgfmt),$(patsubst po/%.po,$(BUILD)/locale/%/LC_MESSAGES/pg74.mo,$(wildcard po/*.po)))
all: $(CATALOGUES)
$(BUILD)/locale/%/LC_MESSAGES/pg74.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check-format -o $@ $<

# The monitors: programs of the machine, one a folder of vmm/, with a listing and the symbols beside each to be read.
.SECONDEXPANSION:
$(BUILD)/vmm/%.elf: $$(wildcard vmm/$$*/*.[chS] vmm/common/*) $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(RVCC) $(RVFLAGS) -flto -Wconversion -Wshadow -Ivmm/common -T vmm/common/link.ld -Wl,--no-warn-rwx-segments \
		-ffunction-sections -fdata-sections -Wl,--gc-sections \
		$(filter %.S %.c,$^) -lgcc -o $@
	riscv64-unknown-elf-objdump -dS $@ > $(@:.elf=.asm)
	riscv64-unknown-elf-nm -n $@ > $(@:.elf=.sym)

# The same monitor on the machine without nested translation.
$(BUILD)/vmm/hardware_assisted_shadow.elf: $(addprefix vmm/hardware_assisted/,monitor.c psw.c enter.S hardware.h)
# The same with the drivers in a guest, which it brings along.
$(BUILD)/vmm/paravirtual_microkernel.elf: private RVFLAGS += -Wa,-I$(BUILD)/guests
$(BUILD)/vmm/paravirtual_microkernel.elf: $(BUILD)/guests/driver_domain.bin $(filter-out %/drivers.c,$(wildcard vmm/paravirtual/*))

include scenarios/scenarios.mk scenarios/bench/bench.mk

# The tests: every tests/PART/test_NAME.c is a program, every tests/PART/NAME.sh a script (see tests/run).
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libpg74.a
	$(CC) $(CFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -lcmocka -o $@
$(filter $(BUILD)/tests/machine/%,$(TESTS)): $(call object,tests/machine/random_program.c tests/machine/random_difference.c)
$(filter $(BUILD)/tests/vmm/%.o,$(TESTS:%=%.o)): $(BUILD)/include/pg74.h
$(BUILD)/tests/fuzz/test_%: $(BUILD)/tests/fuzz/fuzz_%.o $(call object,tests/fuzz/replay.c $(COMMANDS)) \
                            $(BUILD)/libpg74.a
	$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@
check: all $(BUILD)/tools/narrate $(TESTS) $(FUZZ:%=$(BUILD)/tests/fuzz/test_%)
	$(if $(SANITIZE),TEST_TIMEOUT=2400) tests/run $(BUILD) $(TEST)

# The main job in a minute, and the story of one trap.
$(BUILD)/tools/narrate: $(call object,lab/demo/narrate.c) $(BUILD)/libpg74.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@
demo: all $(BUILD)/tools/narrate
	@lab/demo/demo.sh $(BUILD)

# Fuzzing with clang's libFuzzer: FUZZ_SECONDS for each of FUZZ. (The targets link with AFL++'s afl-clang-fast, too.)
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(call object,$(COMMANDS)) $(BUILD)/libpg74.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $^ $(LDLIBS) -o $@
fuzz: all $(FUZZ:%=$(BUILD)/fuzz/fuzz_%)
	tests/fuzz/run $(BUILD) $(or $(FUZZ_SECONDS),60) $(FUZZ)

install: to = $(DESTDIR)$(PREFIX)
install: all
	install -d $(to)/bin $(to)/lib/pg74 $(to)/include $(to)/share/man/man1 $(to)/share/pg74
	install $(BUILD)/pg74 $(to)/bin
	cp -R $(BUILD)/vmm $(BUILD)/guests $(to)/lib/pg74
	install -D -m 644 $(BUILD)/lua/pg74.so $(to)/lib/lua/5.4/pg74.so
	install -m 644 $(BUILD)/include/pg74.h $(to)/include
	cp -R lessons $(to)/share/pg74
	$(if $(CATALOGUES),cp -R $(BUILD)/locale $(to)/share)
	install -m 644 docs/pg74.1 $(to)/share/man/man1

# The engines in lockstep on a great many random programs (CASES of them, ONLY=NAME: for that machine alone). HOSTILE=1: in a build with hardly
# any room for code made from them and for translations.
campaign: $(BUILD)/tests/machine/test_lockstep
	PG74_LOCKSTEP=$(or $(CASES),100000) $(ONLY:%=PG74_LOCKSTEP_ISA=%) $<

# The classifier with a mistake in it, one after the other of tests/classifier/mutants/mutations: some test must fail.
# MUTANTS="NAME...": those alone.
classifier-mutants: $(filter $(BUILD)/tests/classifier/%,$(TESTS))
	CC="$(CC)" FLAGS="$(CPPFLAGS) $(CFLAGS) $(WARN)" LDFLAGS="$(CFLAGS)" LIBS="$(LDLIBS) -lcmocka" BUILD=$(BUILD) \
		MUTANTS="$(or $(MUTANTS),all)" sh tests/classifier/mutants.sh

# The same for the checker: faulty monitors, every one of which it must find. GUESTS: how many it generates for each.
mutants: all
	GUESTS=$(or $(GUESTS),300) tests/mutants/run $(BUILD)

# The same monitors as students' work: tests/grade/mutants/expected says which tasks each must fail, and why.
student-mutants: all
	tests/grade/mutants/run $(BUILD)

# Every monitor against a great many generated guests: GUESTS of them on each of its machines. Stopped, it goes on when it is called
# again, and prints a table in any case. VMM=NAME: that one alone.
monitor-campaign: all
	GUESTS=$(or $(GUESTS),100000) nice tests/checker/campaign $(BUILD) $(VMM)

# A course's day: so many submissions to the labs, good, bad and hostile, are graded twice, with the same results, and it is measured
# what that takes.
grader-campaign: all
	tests/grade/campaign $(BUILD) $(or $(SUBMISSIONS),300)

# The paravirtual monitors, called at random by SEEDS guests.
hypercalls: all
	CALLS_SEEDS=$(or $(SEEDS),100) BUILD=$(BUILD) PG74=$(BUILD)/pg74 sh tests/vmm/hypercalls.sh

# What docs/instructor.md says about GNU parallel and Slurm, really run: RECIPES="parallel slurm". It needs both and installs neither.
slurm: all
	tests/grade/recipes $(BUILD)/pg74 $(RECIPES)

# What single operations of a kernel cost under each monitor, in cycles.
nanobenchmarks: all
	scenarios/nanobenchmarks/table $(BUILD)

clean:
	rm -rf build build-sanitize build-thread build-fuzz build-hostile
.PHONY: slurm student-mutants hypercalls grader-campaign monitor-campaign nanobenchmarks mutants classifier-mutants campaign all check demo bench fuzz install clean
.SECONDARY:
$(V).SILENT:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
