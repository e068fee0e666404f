# The guests: programs of the machine, each with a listing (.asm) and its symbols (.sym) beside it for people to read.
#   scenarios/guests/NAME.c, NAME.s   stand alone; those called pocket_... are for the pocket machine
#   scenarios/programs/NAME.c         run as processes of the nucleus, each at its own addresses; those of COMPUTE ask
#                                     for nothing that the bare machine has not, so they stand alone too, at three
#                                     levels of optimization: NAME-O0, NAME-O2, NAME-Os
#   scenarios/nucleus/images/NAME.h   which processes nucleus-NAME.elf starts; default.h is nucleus.elf's
PROGRAMS := sha256 sort matrix sieve words shell disk rude network
COMPUTE  := sha256 sort matrix sieve words language
OPTIMIZE := O0 O2 Os
IMAGES   := $(patsubst scenarios/nucleus/images/%.h,%,$(wildcard scenarios/nucleus/images/*.h))
VARIANTS := $(foreach p,$(COMPUTE),$(OPTIMIZE:%=$(BUILD)/guests/$(p)-%.elf))
PARANUCLEI := $(addprefix $(BUILD)/guests/nucleus-paravirtual,.elf -slow.elf -network.elf -rude.elf)
NUCLEI   := $(BUILD)/guests/nucleus.elf $(PARANUCLEI) $(patsubst %,$(BUILD)/guests/nucleus-%.elf,$(filter-out default,$(IMAGES)))
GUEST_ELFS := $(patsubst scenarios/%,$(BUILD)/%.elf,$(basename $(wildcard scenarios/guests/*.[cs]))) $(VARIANTS) $(NUCLEI)
LIBRARY  := scenarios/common/text.c scenarios/common/memory.c
BARE     := scenarios/common/bare_start.S scenarios/common/bare.c $(LIBRARY) scenarios/common/print.c
GUESTCC   = $(RVCC) $(RVFLAGS) -Wconversion -Wshadow -fno-tree-loop-distribute-patterns -Iscenarios \
	-Wl,--no-warn-rwx-segments
guest_sources = $(filter %.c %.S,$^) $(HOSTED) -lgcc -o $@
define describe
	riscv64-unknown-elf-objdump -dS $@ > $(@:.elf=.asm)
	riscv64-unknown-elf-nm -n $@ > $(@:.elf=.sym)
endef

all: $(GUEST_ELFS)

$(VARIANTS): $(BUILD)/guests/%.elf: scenarios/programs/$$(firstword $$(subst -, ,$$*)).c $(BARE) \
		$(wildcard scenarios/common/*) $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -$(lastword $(subst -, ,$*)) -T scenarios/common/bare.ld $(guest_sources)
	$(describe)
$(BUILD)/guests/%.elf: scenarios/guests/%.c $(BARE) $(wildcard scenarios/common/*) $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -T scenarios/common/bare.ld $(guest_sources)
	$(describe)
$(BUILD)/guests/picolibc.elf: private HOSTED := --specs=picolibc.specs -lm -lc \
	-Wl,--defsym=__heap_start=image_end,--defsym=__heap_end=image_end+0x4000
$(BUILD)/guests/%.elf: scenarios/guests/%.s $(BUILD)/pg74
	@mkdir -p $(@D)
	$(BUILD)/pg74 asm $(if $(filter pocket_%,$*),--isa pocket) $< -o $@
	$(BUILD)/pg74 dis $(if $(filter pocket_%,$*),--isa pocket) $@ > $(@:.elf=.asm)
	riscv64-unknown-elf-nm -n $@ > $(@:.elf=.sym)

PROCESS  := scenarios/programs/start.S scenarios/programs/file.c $(LIBRARY) scenarios/common/print.c
$(BUILD)/programs/%.elf: scenarios/programs/%.c $(PROCESS) \
		$(wildcard scenarios/common/*.h scenarios/programs/*.h) scenarios/programs/program.ld $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -Iscenarios/programs -T scenarios/programs/program.ld $(guest_sources)
	$(describe)
$(BUILD)/programs/%.bin: $(BUILD)/programs/%.elf
	riscv64-unknown-elf-objcopy -O binary $< $@
$(BUILD)/guests/nucleus-%.elf: scenarios/nucleus/images/%.h $(wildcard scenarios/nucleus/*) $(LIBRARY) \
		$(wildcard scenarios/common/*.h) $(PROGRAMS:%=$(BUILD)/programs/%.bin) $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -Wa,-I$(BUILD)/programs -DIMAGE='"images/$*.h"' -T scenarios/nucleus/nucleus.ld $(guest_sources)
	$(describe)
$(BUILD)/guests/nucleus.elf: $(BUILD)/guests/nucleus-default.elf
	cp $(<:.elf=.asm) $(@:.elf=.asm) && cp $(<:.elf=.sym) $(@:.elf=.sym) && cp $< $@

# The same, able to work with the monitor vmm/paravirtual where it finds it.
$(BUILD)/guests/nucleus-paravirtual-%.elf: scenarios/nucleus/images/%.h $(wildcard scenarios/nucleus/*) $(LIBRARY) \
		$(wildcard scenarios/common/*.h) vmm/paravirtual/hypercalls.h $(PROGRAMS:%=$(BUILD)/programs/%.bin) \
		$(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -Wa,-I$(BUILD)/programs -DPARAVIRTUAL -Ivmm/paravirtual -DIMAGE='"images/$*.h"' \
		-T scenarios/nucleus/nucleus.ld $(guest_sources)
	$(describe)
$(BUILD)/guests/nucleus-paravirtual.elf: $(BUILD)/guests/nucleus-paravirtual-default.elf
	cp $(<:.elf=.asm) $(@:.elf=.asm) && cp $(<:.elf=.sym) $(@:.elf=.sym) && cp $< $@
$(BUILD)/guests/nucleus-slow.elf $(BUILD)/guests/nucleus-paravirtual-slow.elf: private GUESTCC += -DNUCLEUS_TICK=100000

# The guest that the monitor vmm/paravirtual_microkernel brings along.
$(BUILD)/guests/driver_domain.elf: $(wildcard scenarios/driver_domain/*) scenarios/common/memory.c vmm/paravirtual/hypercalls.h \
		$(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(GUESTCC) -Ivmm/paravirtual -T scenarios/common/bare.ld $(guest_sources)
	$(describe)
$(BUILD)/guests/%.bin: $(BUILD)/guests/%.elf
	riscv64-unknown-elf-objcopy -O binary $< $@

# Tests of single instructions: our own, and the public ones from outside (see tests/riscv/run).
DIRECTED := $(patsubst %.S,$(BUILD)/%.elf,$(wildcard tests/riscv/*.S))
$(DIRECTED): $(BUILD)/%.elf: %.S $(wildcard tests/riscv/*.h) scenarios/common/bare.ld $(BUILD)/include/pg74.h
	@mkdir -p $(@D)
	$(RVCC) $(RVFLAGS) -Wl,--no-warn-rwx-segments -T scenarios/common/bare.ld $< -o $@
check: $(DIRECTED)
riscv-tests: all
	tests/riscv/run $(BUILD) $(RISCV_TESTS)
.PHONY: riscv-tests
