# The monitor that uses guest mode, with nested translation and without: guests are what they are alone, step by step, on
# pg74h and on x86vt, whose flaw guest mode makes harmless. And faulty ones, each with one change, must be found out.
. tests/vmm/shared.inc
both=hardware_assisted,hardware_assisted_shadow
random_guest
head -c 99840 /dev/zero >"$work/disk"
echo 2 20 >"$work/1"
echo 4 20 >"$work/2"

# ---- Right ----
guests=$BUILD/guests
devices="--disk $work/disk --input tests/scenarios/input.txt"
for isa in pg74h x86vt; do
    compare 0 --isa $isa --vmm $both $devices "$guests/traps.elf" "$guests/timer.elf"
    compare 0 --isa $isa --vmm $both --method final "$guests/nucleus.elf"
done
compare 0 --isa pg74h --vmm $both --input "$work/1" --input "$work/2" --disk "$work/disk" --disk "$work/disk" \
    "$work/random.elf" "$work/random.elf"
compare 0 --isa pg74h --vmm $both --disk "$work/disk" --disk tests/scenarios/input.txt --disk "$work/disk" \
    "$guests/disk.elf" "$guests/disk.elf" "$guests/disk.elf"
compare 0 --isa pg74h --vmm $both "$guests/nucleus-network.elf" "$guests/nucleus-network.elf"
compare 0 --isa pg74h --vmm $both $devices "$guests/echo.elf" "$guests/selfmodify.elf"

# A guest's kernel looks at its flags, interrupts disabled. Where it really runs in user mode, the x86 shows it the real ones.
assemble() { # NAME MACHINE: from standard input
    cat >"$work/$1.s"
    "$PG74" asm "$work/$1.s" --isa "$2" -o "$work/$1.elf" || exit 70
}
assemble flaw x86vt <<'S'
        .global _start
_start: pushf   a0
        halt    a0
S
compare 0 --isa x86vt --vmm $both "$work/flaw.elf"
compare 1 --isa x86vt --vmm trap_and_emulate "$work/flaw.elf"

# The timer runs out while interrupts are disabled; then they are enabled for a moment now and then.
assemble window pg74h <<'S'
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      t0, 20
        settimer t0
        li      t1, 100
disabled:
        addi    t1, t1, -1
        bnez    t1, disabled
        li      t0, 2
        li      t1, 20000
enabled:
        setflags t0
        setflags zero
        li      t2, 8
wait:   addi    t2, t2, -1
        bnez    t2, wait
        addi    t1, t1, -1
        bnez    t1, enabled
        halt    s0
handler:
        lw      s1, 0x60(zero)
        add     s0, s0, s1
        addi    s0, s0, 1
        lpsw    0x40(zero)
S
# Reading ports, into x0 and the registers that functions keep.
assemble ports pg74h <<'S'
        .global _start
_start: li      a1, 0x15
        li      s0, 5
        li      s1, 6
        li      t6, 7
        in      zero, a1
        in      s1, a1
        in      t6, a1
        in      a0, a1
        settimer s0
        idle
        add     a0, zero, s1
        halt    s0
S
# Behind the end of memory there is nothing, also where another guest begins.
assemble beyond pg74h <<'S'
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        lw      a0, 0x100(t0)
        halt    a0
handler:
        lw      a0, 0x60(zero)
        halt    a0
S
# The handler begins where its trap is: a user program may not load there, its kernel may.
assemble same pg74h <<'S'
        .rodata
        .org    0x50
        .word   0, here, 0, 0x10000
        .text
        .global _start
_start: la      t0, psw
        lpsw    0(t0)
here:   lw      t0, 0x60(zero)
        halt    t0
        .data
        .balign 16
psw:    .word   5, here, table, 0x10000
table:  .word   0, 0x101f
S
# A monitor whose control block lies over its own trap area. Its guest exits at once; what it then does, again and again, with
# the same registers each time, is to be followed step by step.
assemble over pg74h <<'S'
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        .global _start
_start: vmrun   0(zero)
        retu    zero
handler:
        sw      t0, 0x80(zero)
        lw      t0, 0x8c(zero)
        addi    t0, t0, 1
        sw      t0, 0x8c(zero)
        sltiu   t0, t0, 40
        beqz    t0, end
        lw      t0, 0x80(zero)
        .word   0
end:    halt    zero
S
compare 0 --isa pg74h --vmm $both "$work/same.elf"
compare 0 --isa pg74h --vmm $both "$work/over.elf"
compare 0 --isa pg74h --vmm $both "$work/window.elf"
compare 0 --isa pg74h --vmm $both "$work/ports.elf"
compare 0 --isa pg74h --vmm $both "$work/beyond.elf" "$work/beyond.elf"

# A monitor's disk interrupt, due when it enters its guest: that one exits, and so it is followed.
cat >"$work/exit.s" <<'S'
        .text
        li      t0, 0x13
        out     t0, t1
        out     t0, t1
        out     t0, t1
        vmrun   44(s0)
        halt    a0
S
for vmm in hardware_assisted hardware_assisted_shadow; do
    "$PG74" check --isa pg74h --case "$work/exit.s" $vmm >"$work/out" || { cat "$work/out"; failed=1; }
done

# A guest that counts its own instructions, across exits of every kind, counts what a machine of its own counts.
assemble count pg74h <<'S'
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      s0, 0x32
        li      s1, 50
        li      s2, 2
again:  li      t0, 30
        settimer t0
        in      a0, s0
        in      zero, s0
        setflags s2
        out     zero, zero
        gettimer a1
        idle
        setflags zero
        addi    s1, s1, -1
        bnez    s1, again
        in      a0, s0
        li      t0, 0x00ffffff
        and     a0, a0, t0
        halt    a0
handler:
        lpsw    0x40(zero)
S
"$PG74" run --isa pg74h --json "$work/count.elf" | grep -o '"halt_code":[^,}]*' >"$work/alone"
for vmm in hardware_assisted hardware_assisted_shadow; do
    "$PG74" run --isa pg74h --vmm $vmm --json "$work/count.elf" | grep -o '"halt_code":[^,}]*' | cmp -s - "$work/alone" ||
        { echo "$vmm: instructions are miscounted"; failed=1; }
done

# A monitor in guest mode: when it enters a guest of its own, that one is interpreted.
"$PG74" run "$guests/timer.elf" >"$work/alone"
for vmm in hardware_assisted/hardware_assisted hardware_assisted_shadow/hardware_assisted \
           hardware_assisted/trap_and_emulate trap_and_emulate/hardware_assisted; do
    timeout 60 "$PG74" run --isa pg74h --vmm $vmm "$guests/timer.elf" >"$work/out" 2>&1
    cmp "$work/alone" "$work/out" || { echo "$vmm: not the same"; failed=1; }
done
for isa in pg74 pg74p; do
    timeout 20 "$PG74" run --isa $isa --vmm hardware_assisted "$guests/hello.elf" >"$work/out" 2>&1
    [ $? -eq 65 ] && grep -q '^monitor: the machine has no guest mode' "$work/out" ||
        { echo "$isa: not refused"; cat "$work/out"; failed=1; }
done

# ---- Wrong ----
mutant() { # NAME FILE EXPRESSION GUEST OPTION...: a monitor with one change
    make_monitor "$work/$1.elf" "$2" "$3" vmm/common vmm/hardware_assisted || { failed=1; return; }
    elf=$work/$1.elf guest=$4
    shift 4
    compare 1 --isa pg74h --vmm "$elf" "$@" $guest
}
mutant window_not_requested monitor.c 's/? CONTROL_WINDOW : 0/? 0 : 0/' "$work/window.elf"
mutant injected_twice monitor.c 's/\*requests &= ~lowest;/;/' "$work/window.elf"
mutant injected_while_disabled monitor.c 's/ && (vmm_control_block.guest.flags & FLAG_ENABLED)//' "$work/window.elf"
mutant table_too_large nested.c \
    's/= vcpu->memory_size \/ PAGE;/= vcpu->memory_size \/ PAGE + 1;/; s/table_bound = vcpu->memory_size/& + PAGE/' \
    "$work/beyond.elf $work/beyond.elf"
mutant reason_ignored monitor.c 's/case PG74_CAUSE_CONSOLE: case PG74_CAUSE_DISK:/case PG74_CAUSE_CONSOLE:/' \
    "$guests/disk.elf" $devices
mutant host_register_leaked enter.S 's/^    lw    x1, 4(x1)/    nop/' "$guests/hello.elf"
mutant psw_not_saved monitor.c 's/hardware_get_psw(running);/;/' "$work/window.elf"
mutant instruction_skipped monitor.c 's/guest.pc += vmm.isa.instruction_bytes/& * 2/' "$guests/hello.elf"
mutant result_into_zero monitor.c 's/if (destination != 0)/if (destination != 31)/' "$work/ports.elf"
mutant kept_registers_lost enter.S 's/^    exchange sw, KEPT//' "$work/ports.elf"
mutant table_of_the_first nested.c 's/tables\[vcpu->unit\];/tables[0];/' "$guests/hello.elf $guests/hello.elf"
exit $failed
