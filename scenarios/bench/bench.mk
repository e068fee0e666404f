# The benchmark: the same three sources for three hosts; how often each goes round, so that the native run takes 0.3 s or more.
BENCHES := compute mix pointer
ROUNDS_compute := 3000
ROUNDS_mix     := 4500
ROUNDS_pointer := 12
BENCHCC = $(RVCC) -march=rv32im -mabi=ilp32 -std=c17 -O2 -ffreestanding -nostdlib -fno-builtin -Wall -Wextra -Wl,--no-warn-rwx-segments

bench: all $(BUILD)/pg74 $(BUILD)/bench/measure $(BUILD)/bench/trivial.elf \
		$(foreach b,$(BENCHES),$(BUILD)/bench/$(b) $(BUILD)/bench/$(b).elf $(BUILD)/bench/$(b)-pages.elf $(BUILD)/bench/$(b).linux)
	$(BUILD)/bench/measure $(BUILD)
	$(MAKE) monitor-bench
	scenarios/bench/screens $(BUILD)

# What monitors cost. Two of the workloads go round often enough to last 100 million cycles.
MONITORED_compute := 60
MONITORED_mix     := 300
monitor-bench: all $(BUILD)/bench/compute-monitored.elf $(BUILD)/bench/mix-monitored.elf
	scenarios/bench/monitors $(BUILD)

$(BUILD)/bench/measure: scenarios/bench/measure.c
	@mkdir -p $(@D)
	$(CC) -O2 $(WARN) $< -o $@
$(BENCHES:%=$(BUILD)/bench/%): $(BUILD)/bench/%: scenarios/bench/%.c scenarios/bench/host.c scenarios/bench/bench.h
	@mkdir -p $(@D)
	gcc -O2 -DROUNDS=$(ROUNDS_$*) $(filter %.c,$^) -o $@
$(BENCHES:%=$(BUILD)/bench/%.elf): $(BUILD)/bench/%.elf: scenarios/bench/%.c scenarios/bench/guest.c scenarios/bench/bench.h
	@mkdir -p $(@D)
	$(BENCHCC) -Wl,-N,-Ttext-segment=0x1000 -DROUNDS=$(ROUNDS_$*) $(filter %.c,$^) -o $@
$(BUILD)/bench/compute-monitored.elf $(BUILD)/bench/mix-monitored.elf: $(BUILD)/bench/%-monitored.elf: scenarios/bench/%.c scenarios/bench/guest.c scenarios/bench/bench.h
	@mkdir -p $(@D)
	$(BENCHCC) -Wl,-N,-Ttext-segment=0x1000 -DROUNDS=$(MONITORED_$*) $(filter %.c,$^) -o $@
$(BENCHES:%=$(BUILD)/bench/%-pages.elf): $(BUILD)/bench/%-pages.elf: scenarios/bench/%.c scenarios/bench/guest.c scenarios/bench/bench.h
	@mkdir -p $(@D)
	$(BENCHCC) -DPAGES -Wl,-N,-Ttext-segment=0x1000 -DROUNDS=$(ROUNDS_$*) $(filter %.c,$^) -o $@
$(BENCHES:%=$(BUILD)/bench/%.linux): $(BUILD)/bench/%.linux: scenarios/bench/%.c scenarios/bench/guest.c scenarios/bench/bench.h
	@mkdir -p $(@D)
	$(BENCHCC) -DLINUX -DROUNDS=$(ROUNDS_$*) $(filter %.c,$^) -o $@
$(BUILD)/bench/trivial.elf: scenarios/bench/trivial.s $(BUILD)/pg74
	@mkdir -p $(@D)
	$(BUILD)/pg74 asm $< -o $@

# The superinstructions are data in the tree. This makes them anew from what the benchmark and the other guests execute.
PROFILED := $(BENCHES:%=$(BUILD)/bench/%.elf) $(VARIANTS) $(BUILD)/guests/nucleus.elf
superinstructions: $(BUILD)/bench/profile $(PROFILED)
	$< 400 $(PROFILED) > $(BUILD)/superinstructions.c && cp $(BUILD)/superinstructions.c machine/generate/superinstructions.c
$(BUILD)/bench/profile: $(BUILD)/scenarios/bench/profile.o $(BUILD)/libpg74.a
	$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@
.PHONY: superinstructions monitor-bench
