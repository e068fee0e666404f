# Single cases, in tests/checker/cases: what correct monitors were once blamed for.
. tests/checker/shared.inc
. tests/mutants/monitor.inc

# case_is STATUS PATTERN NAME MONITOR [ISA]: `pg74 check --case` exits with STATUS, and says PATTERN.
case_is() {
    "$PG74" check --isa "${5:-pg74}" --case "tests/checker/cases/$3.s" "$4" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ $got -eq "$1" ] && grep -q -e "$2" "$work/out"; then
        echo "$3 under $4: as expected"
    else
        echo "$3 under $4: exit status $got, expected $1, and '$2' in:"
        cat "$work/out"
        failed=1
    fi
}

make_monitor "$work/student.elf" "" "" lessons/labs/native_monitor lessons/labs/native_monitor/solution || exit 70
case_is 0 "Equivalence *passed" same_pc trap_and_emulate
case_is 0 "Equivalence *passed" same_pc paravirtual
case_is 0 "Equivalence *passed" disk_idle trap_and_emulate
case_is 0 "Equivalence *passed" disk_idle hybrid
case_is 1 "The case says nothing" race "$work/student.elf"
case_is 0 "Equivalence *passed" race trap_and_emulate
make_monitor "$work/tables.elf" "" "" lessons/labs/native_monitor tests/mutants/tables || exit 70
case_is 1 "The case says nothing" under_way "$work/tables.elf"
case_is 0 "Equivalence *passed" under_way trap_and_emulate

# What a guest says may depend on how long a transfer takes: on a monitor's speed, or on when it looks at the disk.
for monitor in "$work/tables.elf" interpreter hybrid; do
    case_is 1 "The case says nothing" as_long_as_busy "$monitor"
done
case_is 0 "Equivalence *passed" as_long_as_busy trap_and_emulate
case_is 0 "Equivalence *passed" counted_wait "$work/tables.elf"
make_monitor "$work/late.elf" devices.c 's/if (status != BUSY)/if (status != BUSY \&\& (c->waits || c->count % 4096 > 4000))/' \
    lessons/labs/native_monitor tests/mutants/tables || exit 70
case_is 1 "The case says nothing" counted_wait "$work/late.elf"
case_is 0 "Equivalence *passed" disk_idle "$work/late.elf"
# That a guest uses the disk excuses nothing: these never say that a transfer has ended, or bring it somewhere else.
make_monitor "$work/untold.elf" devices.c '/request(c, DISK_BIT);/d' lessons/labs/native_monitor tests/mutants/tables || exit 70
case_is 1 "Equivalence *FAILED" disk_idle "$work/untold.elf"
make_monitor "$work/astray.elf" devices.c 's/real(c, c->disk\[1\], /real(c, c->disk[1] + 4, /' \
    lessons/labs/native_monitor tests/mutants/tables || exit 70
case_is 1 "Equivalence *FAILED" disk_idle "$work/astray.elf"

# A monitor that interprets may look for interrupts now and then alone; but where the guest waits, at once.
make_monitor "$work/seldom.elf" "computer.h devices.c monitor.c" '
    s/bool waits, halted;/bool waits, halted, woken;/
    s/c->waits = false;/c->woken |= c->waits, c->waits = false;/
    s/while (c->requests != 0 && (c->psw\[FLAGS\] & ENABLED)/& \&\& (c->woken || c->count % 50 == 0 || (c->psw[FLAGS] \& USER))/
    s/    if (execute(/    c->woken = false;\n&/' lessons/labs/native_monitor tests/mutants/tables || exit 70
case_is 1 "comes to another end when interrupts come a little later" until_interrupted "$work/seldom.elf"
case_is 0 "Equivalence *passed" until_interrupted "$work/tables.elf"
"$PG74" check --guests 20 "$work/seldom.elf" >"$work/out" || { cat "$work/out"; failed=1; }

# Nor is a monitor blamed, where one follows, if the guest does not wait for the end of a transfer.
for name in in_flight lost_command; do
    case_is 1 "The case says nothing" $name trap_and_emulate
    case_is 1 "The case says nothing" $name "$work/student.elf"
done

case_is 1 "The case says nothing" called paravirtual
case_is 0 "Equivalence *passed" called trap_and_emulate
case_is 1 "The case says nothing" started paravirtual
case_is 0 "Equivalence *passed" started trap_and_emulate
case_is 0 "Equivalence *passed" same_place trap_and_emulate
case_is 0 "Equivalence *passed" hypercall paravirtual pg74p

# One polls, and the other waits for its turn.
case_is 0 "Equivalence *passed" talk "$work/student.elf"
make_monitor "$work/starves.elf" monitor.c '/slice_left -= slice_left > 0;/d' lessons/labs/native_monitor \
    lessons/labs/native_monitor/solution || exit 70
case_is 1 "every guest comes to its end" talk "$work/starves.elf"
paged=lessons/labs/shadow_paging
make_monitor "$work/paged.elf" "" "" $paged $paged/supplied $paged/solution || exit 70
case_is 0 "Equivalence *passed" talk "$work/paged.elf" pg74p
for name in station talk; do # under monitors that are followed, and that are judged by the end
    case_is 0 "Equivalence *passed" $name trap_and_emulate
    case_is 0 "Equivalence *passed" $name hybrid
    case_is 0 "Equivalence *passed" $name hybrid pg74p
    case_is 0 "Equivalence *passed" $name interpreter
    case_is 0 "Equivalence *passed" $name binary_translation pg74p
    case_is 0 "Equivalence *passed" $name hardware_assisted pg74h
done

# Where time makes a guest end, or not, a faulty monitor is not excused: this one hangs when it should go on.
make_monitor "$work/stuck.elf" monitor.c 's/    guest->pending |= 1u << (cause - 16);/&\n    for (;;);/' lessons/labs/native_monitor lessons/labs/native_monitor/solution
case_is 1 "every guest comes to its end" waiting "$work/stuck.elf"
exit $failed
