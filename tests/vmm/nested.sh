# Monitors under monitors (Theorem 2): what the guest does is the same at every depth, two guests side by side too; and the
# inner monitor is itself equivalent to what it is on the bare machine, instruction by instruction.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "$*"; failed=1; }

head -c 99840 /dev/zero >"$work/disk"
printf 'hello, guest\nand so on\n' >"$work/input"
tae=trap_and_emulate

# same VMM CODE OPTION... GUEST: prints what the guest prints on the bare machine, and ends as it ends there.
same() {
    vmm=$1; shift
    timeout 60 "$PG74" run --limit 100000000 "$@" >"$work/bare" 2>"$work/errors"
    wanted=$?
    timeout 100 "$PG74" run --limit 20000000000 --vmm "$vmm" "$@" >"$work/nested" 2>>"$work/errors"
    got=$?
    if [ $got -ne $wanted ] || ! cmp -s "$work/bare" "$work/nested" || ! [ -s "$work/bare" ]; then
        complain "$vmm $*: exit code $got, on the bare machine $wanted; $(diff "$work/bare" "$work/nested" | head -n 4)"
        cat "$work/errors"
    else
        echo "$vmm: same"
    fi
}
nucleus=$BUILD/guests/nucleus.elf
devices="--input $work/input --disk $work/disk"
for depth in $tae/$tae $tae/$tae/$tae $tae/$tae/$tae/$tae; do
    same $depth $nucleus
done
same $tae/$tae $devices $nucleus
same $tae/$tae "$BUILD/guests/nucleus-rude.elf"
same $tae/$tae/$tae $devices --memory 64K "$BUILD/guests/disk.elf"
same $tae/$tae $devices "$BUILD/guests/echo.elf"
same $tae/hybrid $nucleus
same hybrid/$tae "$BUILD/guests/timer.elf"
same $tae/$tae --isa pg74p $devices $nucleus
same hybrid/$tae --isa pg74p "$BUILD/guests/timer.elf"
same interpreter/interpreter "$BUILD/guests/supervisor_call.elf"
same "$BUILD/vmm/$tae.elf/$BUILD/vmm/$tae.elf" "$BUILD/guests/timer.elf"

# Every kind under every kind, on each machine.
"$PG74" shell tests/vmm/nested.lua >"$work/out" || { complain "kinds under kinds:"; cat "$work/out"; }

# Two guests, each with an inner monitor of its own, whose units are then its own, too.
timeout 60 "$PG74" run --vmm $tae/$tae $devices "$BUILD/guests/echo.elf" "$BUILD/guests/traps.elf" >"$work/both"
for guest in "1 echo" "2 traps"; do
    set -- $guest
    "$PG74" run $devices "$BUILD/guests/$2.elf" >"$work/bare"
    [ $1 = 2 ] && "$PG74" run "$BUILD/guests/$2.elf" >"$work/bare"
    sed -n "s/^$1: //p" "$work/both" | cmp - "$work/bare" || complain "two guests: $2 is different"
done

# compare VERDICT OPTION...: the checker follows the inner monitor.
compare() {
    wanted=$1; shift
    timeout 100 "$PG74" compare "$@" >"$work/out" 2>&1
    grep -q "$wanted" "$work/out" || { complain "compare $*: '$wanted' is not in:"; cat "$work/out"; }
}
compare "$tae/$tae: equivalent. Before each" --vmm $tae/$tae --disk "$work/disk" "$BUILD/guests/disk.elf"
compare "$tae/$tae: equivalent. Before each" --vmm $tae/$tae "$BUILD/guests/hello.elf" "$BUILD/guests/timer.elf"
compare "$tae/$tae: equivalent. Before each" --isa pg74p --vmm $tae/$tae "$BUILD/guests/timer.elf"
compare "$tae/interpreter: equivalent. Before each" --vmm $tae/interpreter "$BUILD/guests/supervisor_call.elf"
compare "interpreter/$tae: equivalent. Compared was only the end" --vmm interpreter/$tae "$BUILD/guests/hello.elf"

# A flaw of the machine is the inner monitor's flaw as well.
"$PG74" asm tests/checker/guests/jrst.s --isa pdp10 -o "$work/jrst.elf" || exit 70
compare "$tae/$tae: NOT equivalent" --isa pdp10 --vmm $tae/$tae "$work/jrst.elf"
exit $failed
