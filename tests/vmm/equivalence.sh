# Every guest of tests/vmm/guests, on the bare machine and under the monitor: console and halt code must be the same.
# The monitor is the built one; the variants it meets here are not known to it.
monitor=${MONITOR:-trap_and_emulate}
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0

build() { # NAME: assembles a guest
    riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib "-I$BUILD/include" -Wa,-Itests/vmm/guests \
        -T vmm/common/link.ld -Wl,--no-warn-rwx-segments "tests/vmm/guests/$1.S" -o "$work/$1.elf" || exit 70
}

bare() { # NAME OPTION...: runs a guest on the bare machine
    name=$1; shift
    timeout 20 "$PG74" run --limit 30000000 "$@" "$work/$name.elf" >"$work/$name.bare" 2>"$work/$name.bare.errors"
    echo "halt code $?" >"$work/$name.bare.code"
}

same() { # NAME OPTION...: bare and monitored
    build "$1"
    bare "$@"
    name=$1; shift
    timeout 60 "$PG74" run --limit 300000000 --vmm "$monitor" "$@" "$work/$name.elf" \
        >"$work/$name.vmm" 2>"$work/$name.errors"
    echo "halt code $?" >"$work/$name.vmm.code"
    if cmp -s "$work/$name.bare" "$work/$name.vmm" && cmp -s "$work/$name.bare.code" "$work/$name.vmm.code" &&
        [ "$(wc -c <"$work/$name.bare")" -gt 20 ]; then
        echo "$name: same"
    else
        echo "$name: DIFFERENT"
        diff "$work/$name.bare" "$work/$name.vmm" | head -n 8
        cat "$work/$name.bare.code" "$work/$name.vmm.code" "$work/$name.bare.errors" "$work/$name.errors"
        failed=1
    fi
}

head -c 4096 /dev/zero | tr '\0' 'd' >"$work/disk"
printf 'hello, guest\n' >"$work/input"

same system
same traps
same timer
same outside
same idle
same console --input "$work/input"
same disk --disk "$work/disk"
same exchange --isa tests/vmm/variants/exchange.isa
same counter --isa tests/vmm/variants/counter.isa

# A machine that the monitor cannot virtualize: it says so, and stops with its own code.
timeout 20 "$PG74" run --isa tests/vmm/variants/accumulator.isa --vmm "$monitor" "$work/idle.elf" >"$work/refused" 2>&1
if [ $? -ne 65 ] || ! grep -q '^monitor: there are general registers' "$work/refused"; then
    echo "accumulator: not refused"
    cat "$work/refused"
    failed=1
fi

# Side by side: each guest prints what it prints alone, line by line.
beside() { # NAME NAME OPTION...
    first=$1 second=$2; shift 2
    timeout 60 "$PG74" run --limit 600000000 --vmm "$monitor" "$@" "$work/$first.elf" "$work/$second.elf" \
        >"$work/both" 2>"$work/errors"
    for pair in "1 $first" "2 $second"; do
        set -- $pair
        sed -n "s/^$1: //p" "$work/both" >"$work/own"
        if ! diff "$work/$2.bare" "$work/own" >"$work/difference"; then
            echo "$first beside $second: guest $1 DIFFERENT"
            head -n 8 "$work/difference"
            cat "$work/errors"
            failed=1
        fi
    done
    echo "$first beside $second"
}
beside timer timer
beside traps timer
beside idle system
beside timer outside
exit $failed
