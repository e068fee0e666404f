# A guest that does its worst hurts only itself: beside one that loops with interrupts disabled, one that floods all ports,
# and one that has its disk read to every address, a well-behaved guest does what it does alone, under each monitor.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
head -c 8192 /dev/zero | tr '\0' 'x' >"$work/disk"
for guest in loop flood transfers; do
    "$PG74" asm "tests/vmm/guests/$guest.s" -o "$work/$guest.elf" || exit 70
done
for guest in timer traps; do
    "$PG74" run "$BUILD/guests/$guest.elf" >"$work/$guest" || exit 1
done

beside() { # MONITOR LIMIT RUDE GOOD: the run is stopped at its limit, for the rude guest never ends
    timeout 100 "$PG74" run --vmm "$1" --limit "$2" --disk "$work/disk" "$work/$3.elf" "$BUILD/guests/$4.elf" \
        >"$work/out" 2>"$work/errors"
    code=$?
    if [ $code -eq 124 ] && sed -n 's/^2: //p' "$work/out" | cmp -s - "$work/$4" && ! grep -q '^1:' "$work/out"; then
        echo "$3 beside $4 under $1: unhurt"
    else
        echo "$3 beside $4 under $1: HURT, exit code $code"
        head -n 5 "$work/out" "$work/errors"
        failed=1
    fi
}
for rude in loop flood transfers; do
    for good in timer traps; do
        beside trap_and_emulate 80000000 $rude $good
        beside paravirtual 80000000 $rude $good
        beside hybrid 100000000 $rude $good
        beside interpreter 100000000 $rude $good
    done
    beside trap_and_emulate/trap_and_emulate 60000000 $rude timer
done
exit $failed
