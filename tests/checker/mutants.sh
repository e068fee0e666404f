# Broken monitors: the built one with one small mistake each, made in a copy of its sources. Every one must be reported, and
# for the right reason. First some correct ones that differ in structure, none of which may be.
. tests/checker/shared.inc
. tests/mutants/monitor.inc
mkdir "$work/objects" "$work/source"

# object DIRECTORY FILE: compiles a source of a monitor.
object() {
    $RVCC $RVFLAGS $extra -c "$1/$2" -o "$3" || exit 70
}
link() { # OUTPUT OBJECT...
    output=$1; shift
    $RVCC $RVFLAGS -T vmm/common/link.ld -Wl,--no-warn-rwx-segments "$@" -lgcc -o "$output" || exit 70
}
for file in vmm/common/*.[cS] vmm/trap_and_emulate/*.c; do
    $RVCC $RVFLAGS -c "$file" -o "$work/objects/$(basename "$file").o" || exit 70
done

# monitor NAME FILE EXPRESSION: $work/NAME.elf is the monitor with sed's EXPRESSION applied to FILE.
monitor() {
    source=$work/source/$(basename "$2")
    sed -e "$3" "$2" >"$source"
    if cmp -s "$2" "$source"; then
        echo "$1: the change does not apply to $2 any more"
        failed=1
    fi
    base=$(basename "$2")
    $RVCC $RVFLAGS "-I$(dirname "$2")" -c "$source" -o "$work/objects/mutant.o" || exit 70
    link "$work/$1.elf" $(ls "$work"/objects/*.o | grep -v -e "/$base.o$" -e mutant.o) "$work/objects/mutant.o"
}

# mutant NAME FILE EXPRESSION PATTERN ARGUMENT...: makes the monitor; its report must have PATTERN.
mutant() {
    name=$1 change=$3 wanted=$4
    monitor "$1" "$2" "$change"
    shift 4
    compare 1 "$wanted" --vmm "$work/$name.elf" "$@"
}
correct() { # NAME FILE EXPRESSION ARGUMENT...
    name=$1
    monitor "$1" "$2" "$3"
    shift 3
    compare 0 "equivalent. Before each" --vmm "$work/$name.elf" "$@"
}

vcpu=vmm/common/vcpu.c devices=vmm/common/devices.c schedule=vmm/common/schedule.c own=vmm/trap_and_emulate/monitor.c direct=vmm/common/direct.c space=vmm/common/space.c
for guest in outside moved idle disabled status time frame; do
    assemble $guest
done
head -c 65536 /dev/zero | tr '\0' 'd' >"$work/disk"
guests=$BUILD/guests

# ---- Correct ----
correct short_slices $schedule 's/limit ? limit : DEFAULT_SLICE/50/' "$work/idle.elf" "$guests/timer.elf"
correct batches $direct 's/^\( *\)vmm_execute(vcpu, word);/\1{ vmm_execute(vcpu, word); for (int n = 0; n < 3 \&\& !vcpu->state[vmm->isa.waiting] \&\& !vcpu->state[vmm->isa.halted] \&\& (vmm_interrupt(vcpu), vmm_fetch(vcpu, \&word)); n++) vmm_execute(vcpu, word); }/' \
    "$guests/traps.elf" "$work/time.elf" "$work/idle.elf"

# One that keeps the trap area to itself, and writes it back at every visit.
correct write_back $own 's/^    vmm_schedule(&vmm);/&\n    if (vmm.current) for (unsigned n = 0x40; n < 0x6c; n += 4) { volatile uint32_t *place = (volatile uint32_t *)(void *)(vmm.current->memory + n); *place = *place; }/' \
    "$guests/timer.elf" "$guests/traps.elf" "$work/idle.elf"

# ---- Control ----
name=long_slices
monitor $name $schedule 's/limit ? limit : DEFAULT_SLICE/3 * limit/'
compare 0 'ran longer than the slice limit' --vmm "$work/$name.elf" "$guests/count.elf"

# ---- Traps ----
mutant reflected_pc $vcpu 's/statistics.traps++;/& vcpu->state[vcpu->isa->program_counter] += 4;/' 'memory at 0x00000044' "$guests/traps.elf"
mutant reflected_value $vcpu 's/vcpu->trap.value/0/' 'memory at 0x00000064' "$guests/traps.elf"
mutant reflected_cause $vcpu 's/vcpu->trap.cause,/vcpu->trap.cause ^ 1,/' 'memory at 0x00000060' "$guests/traps.elf"

# ---- Emulation ----
mutant skips $direct 's/^\( *\)vmm_execute(vcpu, word);/& vcpu->state[vmm->isa.program_counter] += 4;/' 'differs *register s0' "$guests/hello.elf"
mutant clobbers_register $own 's/^    vmm_schedule(&vmm);/&\n    if (pg74_trap_area.cause >= 16) vcpu_of_last(\&vmm)->state[vmm.isa.general + 27]++;/; s/^static struct vmm vmm;/&\n#define vcpu_of_last(v) ((v)->current ? (v)->current : \&(v)->guests[0])/' 'differs *register s11' "$guests/timer.elf"
mutant first_registers $direct 's/^    vmm_space_enter(vmm, vmm->current/    vmm->current->state[vmm->isa.general + 10] = 1;\n&/' 'differs *register a0' "$guests/hello.elf"
mutant halt_code $schedule 's/0x100 \* vcpu->unit, /&1 + /; s/PG74_PORT_UNIT \* vcpu->unit, /&1 + /' 'the halt code' "$guests/hello.elf"

# ---- Relocation ----
mutant bound $space 's/bound < room ? bound : room/bound/' 'differs *a trap' "$work/outside.elf" "$work/outside.elf"
mutant base $space 's/vcpu->memory_start + base : 0/vcpu->memory_start : 0/' 'not equivalent\|NOT equivalent' "$work/moved.elf"
mutant supervisor $space 's/FLAG_USER | FLAG_ENABLED;/FLAG_ENABLED;/' 'executed in supervisor mode' "$guests/hello.elf"

# ---- Interrupts ----
mutant loses_interrupt $vcpu 's/^    vcpu->state\[vcpu->isa->requests\] |= requests;/    static unsigned n; if (++n % 3 == 0) return;\n&/' 'interrupt timer' "$guests/timer.elf"
mutant loses_idle $vcpu 's/^    vcpu->state\[vcpu->isa->requests\] |= requests;/    static unsigned n; if (++n % 3 == 0) return;\n&/' 'the end of waiting\|interrupt timer' "$work/idle.elf"
mutant delivers_twice $vcpu 's/statistics.interrupts++;/&\n        static unsigned n; if (++n % 4 == 1) vmm_request(vcpu, 1);/' 'twice' "$work/idle.elf"
mutant ignores_enable vmm/common/evaluate.c 's/^    return VMM_IGNORED;/    return go_on(run, step);/' 'delivered while disabled' "$work/disabled.elf"
name=idle_ends # in a header: all that include it are made anew
make_monitor "$work/$name.elf" vmm.h 's/if (vcpu->state\[isa->requests\] != 0)/if (1)/' vmm/common vmm/trap_and_emulate || failed=1
compare 1 'the end of waiting' --vmm "$work/$name.elf" "$work/idle.elf"

# ---- Devices ----
mutant transfer_address $devices 's/return is_inside(vcpu) ? .*/return is_inside(vcpu) ? vcpu->disk.address : ~UINT32_C(0) - SECTOR + 1;/' 'transfers of devices for guests went outside' --disk "$work/disk" "$work/status.elf"
talkers="$guests/nucleus-network.elf $guests/nucleus-network.elf"
mutant frame_address $devices 's/inside ? vcpu->memory_start + network->address :.*/network->address);/' 'transfers of devices for guests went outside' $talkers
mutant frame_outside $devices 's/bool inside = network->length.*/bool inside = true;/' 'differs' "$work/frame.elf" "$work/frame.elf"
mutant loses_frame_interrupt $devices 's/    if (arrived != vcpu->network.told)/    if (0)/' 'interrupt network' $talkers
mutant frame_status $devices 's/^\( *\)case PG74_PORT_DISK_STATUS: *return/    case PG74_PORT_NETWORK_COMMAND: return 0;\n&/' 'differs' "$work/frame.elf"
mutant console_unit $devices 's/return vcpu->unit \* PORTS_OF_A_UNIT + port;/return port;/; s/return vcpu->unit \* PG74_PORT_UNIT + port;/return port;/' 'console byte' "$guests/hello.elf" "$guests/hello.elf"
mutant disk_size $devices 's/^\( *\)case PG74_PORT_DISK_STATUS: *return/    case PG74_PORT_DISK_SIZE: return 1;\n&/' 'register' --disk "$work/disk" "$guests/disk.elf"
mutant loses_byte $devices "s/^        pg74_out(real_port(vcpu, port), value);/        if (value != 'o') pg74_out(real_port(vcpu, port), value);/" 'console byte' "$guests/hello.elf"

# ---- The end ----
mutant stops_early $schedule 's/halted == vmm->guest_count/halted > 0/' 'the monitor has stopped the machine' "$guests/hello.elf" "$guests/timer.elf"
exit $failed
