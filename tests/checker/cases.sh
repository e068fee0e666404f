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
case_is 0 "Equivalence *passed" same_place trap_and_emulate
case_is 0 "Equivalence *passed" hypercall paravirtual pg74p

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
