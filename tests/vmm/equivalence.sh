# Every guest of tests/vmm/guests, on the bare machine and under each monitor: console and halt code must be the same; on
# pg74p under the binary translator, too, and on pg74h under those that use guest mode.
# The monitors are the built ones; the variants they meet here are not known to them.
monitors=${MONITOR:-trap_and_emulate hybrid interpreter paravirtual}
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

monitored() { # MONITOR NAME OPTION...: and under a monitor
    monitor=$1 name=$2; shift 2
    timeout 60 "$PG74" run --limit 3000000000 --vmm "$monitor" "$@" "$work/$name.elf" \
        >"$work/$name.vmm" 2>"$work/$name.errors"
    echo "halt code $?" >"$work/$name.vmm.code"
    if cmp -s "$work/$name.bare" "$work/$name.vmm" && cmp -s "$work/$name.bare.code" "$work/$name.vmm.code" &&
        [ "$(wc -c <"$work/$name.bare")" -gt 20 ]; then
        echo "$name under $monitor: same"
    else
        echo "$name under $monitor: DIFFERENT"
        diff "$work/$name.bare" "$work/$name.vmm" | head -n 8
        cat "$work/$name.bare.code" "$work/$name.vmm.code" "$work/$name.bare.errors" "$work/$name.errors"
        failed=1
    fi
}

same() { # NAME OPTION...
    build "$1"
    bare "$@"
    for each in $monitors; do
        monitored "$each" "$@"
    done
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

paged() { # NAME OPTION...
    bare "$@" --isa pg74p
    monitored binary_translation "$@" --isa pg74p
    bare "$@" --isa pg74h
    monitored hardware_assisted "$@" --isa pg74h
    monitored hardware_assisted_shadow "$@" --isa pg74h
}
if [ -z "$MONITOR" ]; then
    for guest in system traps timer outside idle; do
        paged $guest
    done
    paged console --input "$work/input"
    paged disk --disk "$work/disk"
    for guest in system traps timer outside idle; do # what the pairs below are held to is the first machine's
        bare $guest
    done
fi

# Machines whose guests cannot be executed directly: with registers that the world switch does not save, more relocation
# than base and bound, another `translate`. The interpreter does not mind; the others say so, and stop with their own code.
refused() { # MONITOR NAME OPTION...
    monitor=$1 name=$2; shift 2
    timeout 20 "$PG74" run --vmm "$monitor" "$@" "$work/$name.elf" >"$work/refused" 2>&1
    if [ $? -ne 65 ] || ! grep -q '^monitor: there are general registers' "$work/refused"; then
        echo "$name: not refused by $monitor"
        cat "$work/refused"
        failed=1
    fi
}
"$PG74" asm tests/vmm/guests/strange.s --isa tests/machine/lockstep/strange.isa -o "$work/strange.elf" || exit 70
bare strange --isa tests/machine/lockstep/strange.isa
bare idle --isa tests/vmm/variants/accumulator.isa
for each in $monitors; do
    judge=refused
    [ "$each" = interpreter ] && judge=monitored
    $judge "$each" strange --isa tests/machine/lockstep/strange.isa
    $judge "$each" idle --isa tests/vmm/variants/accumulator.isa
done
bare idle

# Side by side: each guest prints what it prints alone, line by line.
beside() { # MONITOR NAME NAME
    timeout 60 "$PG74" run --limit 6000000000 --vmm "$1" "$work/$2.elf" "$work/$3.elf" >"$work/both" 2>"$work/errors"
    sed -n "s/^1: //p" "$work/both" | cmp -s - "$work/$2.bare" && sed -n "s/^2: //p" "$work/both" | cmp -s - "$work/$3.bare"
    if [ $? -eq 0 ]; then
        echo "$2 beside $3 under $1: same"
    else
        echo "$2 beside $3 under $1: DIFFERENT"
        head -n 8 "$work/both"
        cat "$work/errors"
        failed=1
    fi
}
for each in $monitors; do
    beside "$each" timer timer
    beside "$each" traps timer
    beside "$each" idle system
    beside "$each" timer outside
done
exit $failed
