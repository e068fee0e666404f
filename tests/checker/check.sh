# `pg74 check`: correct monitors pass, broken ones fail with a small guest that shows why and can be tried again; the
# result depends on the seed alone; wrong input is refused.
. tests/checker/shared.inc
. tests/mutants/monitor.inc

# expect STATUS PATTERN ARGUMENT...: `pg74 check` exits with STATUS, and says PATTERN.
expect() {
    status=$1 pattern=$2
    shift 2
    timeout "${TEST_TIMEOUT:-120}" "$PG74" check "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ $got -eq "$status" ] && grep -q -e "$pattern" "$work/out"; then
        echo "check $*: as expected"
    else
        echo "check $*: exit status $got, expected $status, and '$pattern' in:"
        cat "$work/out"
        failed=1
    fi
}

# mutant NAME FILE EXPRESSION: $work/NAME.elf is trap_and_emulate with sed's EXPRESSION applied to FILE.
mutant() {
    make_monitor "$work/$1.elf" "$2" "$3" vmm/common vmm/trap_and_emulate || failed=1
}

# small MOST NAME ARGUMENT...: fails with at most MOST instructions, and fails again when tried alone.
small() {
    most=$1 name=$2
    shift 2
    expect 1 "FAILED" --save "$work/case.s" "$@" "$work/$name.elf"
    count=$(sed -n 's/^The smallest guest.*(\([0-9]*\) instruction.*/\1/p' "$work/out" | head -1)
    if [ "${count:-99}" -gt "$most" ]; then
        echo "$name: $count instructions, expected at most $most"; cat "$work/out"; failed=1
    fi
    expect 1 "FAILED" --case "$work/case.s" "$work/$name.elf"
    expect 0 "passed" --case "$work/case.s" trap_and_emulate
}

expect 0 "Equivalence *passed  [0-9]* directed and 60 generated" --guests 60 trap_and_emulate
expect 0 "does not claim it" --guests 0 interpreter

"$PG74" check --json --guests 30 --seed 5 trap_and_emulate >"$work/json" || failed=1
python3 -c '
import json, sys
got = json.load(open(sys.argv[1]))
assert got["schema_version"] == 1 and got["passed"] is True
assert got["equivalence"]["passed"] is True and got["equivalence"]["counterexample"] is None
assert got["equivalence"]["generated"] == 30 and got["equivalence"]["guests"] > 30
assert got["resource_control"]["passed"] is True
assert got["efficiency"]["passed"] is True and got["efficiency"]["direct_share"] > 0.9' "$work/json" || failed=1

mutant saved_pc vcpu.c 's/statistics.traps++;/& vcpu->state[vcpu->isa->program_counter] += 4;/'
small 2 saved_pc --guests 0
mutant skips direct.c 's/^\( *\)vmm_execute(vcpu, word);/& vcpu->state[vmm->isa.program_counter] += 4;/'
small 3 skips --guests 0
grep -q "# <-- here" "$work/out" || expect 1 "# <-- here" --guests 0 "$work/skips.elf"
expect 1 "at .*case.s:[0-9]" --case "$work/case.s" "$work/skips.elf"
for jobs in 1 2; do # the result does not depend on how many are tried at a time
    "$PG74" check --json --jobs $jobs "$work/skips.elf" >"$work/json$jobs"
done
cmp "$work/json1" "$work/json2" || failed=1
python3 -c '
import json, sys
got = json.load(sys.stdin)
found = got["equivalence"]["counterexample"]
assert got["passed"] is False and found["instructions"] <= 3 and "program" in found and found["differs"]' <"$work/json1" || failed=1

# ---- Ctrl-C: what is known by then is reported ----
interrupt() { # STATUS PATTERN MONITOR
    "$PG74" check --guests 10000000 "$3" >"$work/out" 2>&1 &
    pid=$!
    until grep -q '^SigBlk:.*[2367abef]$' "/proc/$pid/status"; do sleep 0.1; done # the bit of SIGINT: from now on it waits
    sleep 1
    kill -INT $pid
    wait $pid
    got=$?
    if [ $got -ne "$1" ] || ! grep -q "$2" "$work/out" || ! grep -q '^Efficiency' "$work/out"; then
        echo "an interrupted check of $3: exit status $got, expected $1, and '$2' in:"; cat "$work/out"; failed=1
    fi
}
interrupt 130 "^Stopped, after [0-9]* of [0-9]* guests" trap_and_emulate

# ---- Monitors that are none ----
printf '_start:\n        halt    zero\n' >"$work/halts.s"
printf '_start:\n        j       _start\n' >"$work/loops.s"
printf '_start:\n        .word   0\n' >"$work/traps.s"
for none in halts loops traps; do
    "$PG74" asm "$work/$none.s" -o "$work/$none.elf" || failed=1
    expect 1 "does this monitor start its guests at all" --guests 20 "$work/$none.elf"
    "$PG74" check --json "$work/$none.elf" | python3 -m json.tool >/dev/null || failed=1
done
: >"$work/empty.elf"
expect 65 "this is not an ELF file" "$work/empty.elf"
expect 1 "console byte 0" --guests 0 "$BUILD/guests/hello.elf" # a guest, and no monitor

# ---- Wrong input ----
expect 64 "name a monitor"
expect 64 "did you mean --guests" --guest 3 trap_and_emulate
expect 64 "is a number from" --guests many trap_and_emulate
expect 64 "no guests to check a monitor with on pocket" --isa pocket trap_and_emulate
expect 66 "nowhere.s" --case "$work/nowhere.s" trap_and_emulate
expect 66 "." "$work/nowhere.elf"
printf '#! disc 4\n' >"$work/wrong.s"
expect 65 "wrong.s:1:1: error: after #! stands guest, input or disk" --case "$work/wrong.s" trap_and_emulate
printf '        ecal\n' >"$work/wrong.s"
expect 65 "wrong.s:1:" --case "$work/wrong.s" trap_and_emulate
printf '1:      j       1b\n' >"$work/endless.s"
expect 1 "comes to no end" --case "$work/endless.s" trap_and_emulate
exit $failed
