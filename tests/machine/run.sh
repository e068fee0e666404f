#!/bin/sh
# `pg74 run` as its contract says: output, exit codes, traces, JSON, and what it answers to mistakes.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

# expect CODE TEXT ARGUMENT...: the exit code, and a text in the output or the diagnostics
expect() {
    code=$1 text=$2
    shift 2
    "$PG74" run "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ $got -ne "$code" ] || ! grep -qF -- "$text" "$work/out"; then
        echo "pg74 run $*: exit $got (expected $code), expected the text: $text"
        cat "$work/out"
        failures=$((failures + 1))
    fi
}

assemble() {
    "$PG74" asm "$work/$1.s" -o "$work/$1.elf" || exit 1
}

cat >"$work/echo.s" <<'END'
_start: li   t0, 1
next:   in   t1, t0
        li   t2, -1
        beq  t1, t2, done
        out  zero, t1
        j    next
done:   li   a0, 0x1203
        halt a0
END
cat >"$work/forever.s" <<'END'
_start: nop
there:  nop
        j    there
END
printf '_start: idle\n' >"$work/idle.s"
printf '_start: ecall\n' >"$work/trap.s"
printf 'no ELF\n' >"$work/text.elf"
printf 'Hello\nthere' >"$work/input"
cat >"$work/pages.s" <<'END'
# Page 5 is the frame 3, for the supervisor; page 6 is, too, for loading, by anybody.
_start: la   a0, table
        li   a1, 0x7000
        setr a0, a1
        li   t0, 0x3008
        li   a2, 40
        sw   a2, 0(t0)
        li   t0, 4
        setflags t0
        li   a3, 0x5008
        lw   a0, 0(a3)          # 40
        probe a1, a3            # 0
        li   a4, 0x6008
        probe a5, a4            # 1
        add  a0, a0, a1
        add  a0, a0, a5
        la   t0, caught
        sw   t0, 0x54(zero)     # where traps go; R stays 0, and is of no account then
        sw   a4, 0(a4)          # page 6 is not for storing
        halt zero
caught: lw   t0, 0x60(zero)     # 1, memory; translation is off again
        add  a0, a0, t0
        out  zero, a0
        halt a0
        .balign 16
table:  .word 0x001f, 0x100f, 0, 0, 0, 0x300f, 0x3013
END
for name in echo forever idle trap; do
    assemble $name
done
"$PG74" asm --isa pg74p "$work/pages.s" -o "$work/pages.elf" || exit 1

expect 3 "Hello" --input "$work/input" "$work/echo.elf"
printf 'Hello\nthere' | cmp -s - "$work/out" || { echo "output is not what the guest wrote"; failures=$((failures + 1)); }
expect 3 "Hello" --engine reference --input="$work/input" "$work/echo.elf"
expect 42 "*" --isa pg74p "$work/pages.elf"
expect 42 "*" --isa pg74p --engine reference "$work/pages.elf"
expect 124 "there" --limit 1000 "$work/forever.elf"
expect 124 "deadlock" "$work/idle.elf"
expect 0 "Hello from a guest" hello
expect 0 "Hello from a guest" --isa pdp10 --memory 64K --cost modern hello
expect 64 "more console input" --input "$work/input" --input "$work/input" "$work/echo.elf"
expect 64 "more disks" --disk "$work/input" --disk "$work/input" "$work/echo.elf"
expect 64 "monitor" "$work/echo.elf" "$work/echo.elf"
expect 64 "no guest"
expect 64 "did you mean '--limit'" --limt 3 hello
expect 64 "needs a value" hello --limit
expect 64 "--memory" --memory 12Q hello
expect 64 "--memory" --memory 5G hello
expect 64 "reference" --engine quick hello
expect 64 "no cost preset" --cost free hello
expect 64 "name is missing" --vmm trap_and_emulate/ hello
expect 64 "more than 8 monitors" --vmm interpreter/interpreter/interpreter/interpreter/interpreter/interpreter/interpreter/interpreter/interpreter hello
expect 66 "no monitor of this name" --vmm trap_and_emulate/nothing_here hello
expect 66 "nothing_here" --vmm nothing_here/trap_and_emulate hello
expect 65 "not an ELF file" "$work/text.elf"
expect 65 "memory" --memory 4K hello
expect 66 "nothing_here" nothing_here
expect 66 "no_such" --input "$work/no_such" hello
expect 66 "cannot be written" --trace "$work/no/such/folder" hello

if [ -f "$BUILD/vmm/trap_and_emulate.elf" ]; then
    expect 3 "1: Hello" --vmm trap_and_emulate --input "$work/input" "$work/echo.elf" hello
    grep -qx "2: Hello from a guest." "$work/out" && grep -qx "1: there" "$work/out" ||
        { echo "lines of two guests are not told apart"; cat "$work/out"; failures=$((failures + 1)); }
fi

# As long as nobody enters guest mode, pg74h is pg74p.
for isa in pg74p pg74h; do
    "$PG74" run --isa $isa "$BUILD/guests/nucleus.elf" >"$work/$isa" 2>&1 </dev/null
    echo "exit $?" >>"$work/$isa"
done
grep -q "5 processes" "$work/pg74p" && cmp "$work/pg74p" "$work/pg74h" || failures=$((failures + 1))

# A trace is the same, whichever engine ran.
"$PG74" run --trace "$work/fast" --input "$work/input" --limit 50 "$work/trap.elf" >/dev/null 2>&1
"$PG74" run --trace "$work/reference" --engine reference --limit 50 "$work/trap.elf" >/dev/null 2>&1
cmp "$work/fast" "$work/reference" && grep -q "trap       supervisor_call" "$work/fast" ||
    { echo "the trace is wrong"; failures=$((failures + 1)); }

"$PG74" run --json --input "$work/input" "$work/echo.elf" >"$work/json" 2>&1
for text in '"schema_version": 1' '"stop": "halted"' '"halt_code": 4611' '"console": "Hello\nthere"'; do
    grep -qF "$text" "$work/json" || { echo "not in the JSON: $text"; cat "$work/json"; failures=$((failures + 1)); }
done
[ $failures -eq 0 ]
