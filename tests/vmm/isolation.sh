# A guest that does its worst hurts only itself: beside one that loops with interrupts disabled, one that floods all ports,
# one that has its disk read to every address, one that gives itself memory or page tables that are not its own, and one
# that does nothing but trap, a well-behaved guest does what it does alone, under each monitor.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
head -c 8192 /dev/zero | tr '\0' 'x' >"$work/disk"
for guest in loop flood transfers relocate storm; do
    "$PG74" asm "tests/vmm/guests/$guest.s" -o "$work/$guest.elf" || exit 70
done
"$PG74" asm --isa pg74p tests/vmm/guests/tables.s -o "$work/tables.elf" || exit 70
for guest in timer traps; do
    for isa in pg74 pg74p pg74h; do
        "$PG74" run --isa $isa "$BUILD/guests/$guest.elf" >"$work/$guest.$isa" || exit 1
    done
done

beside() { # MONITOR LIMIT RUDE GOOD [ISA]: the run is stopped at its limit, for the rude guest never ends
    monitor=$1 limit=$2 rude=$3 good=$4 isa=${5:-pg74}
    timeout 100 "$PG74" run --isa $isa --vmm $monitor --limit $limit --disk "$work/disk" "$work/$rude.elf" \
        "$BUILD/guests/$good.elf" >"$work/out" 2>"$work/errors"
    code=$?
    if [ $code -eq 124 ] && sed -n 's/^2: //p' "$work/out" | cmp -s - "$work/$good.$isa" && ! grep -q '^1:' "$work/out"; then
        echo "$rude beside $good under $monitor: unhurt"
    else
        echo "$rude beside $good under $monitor: HURT, exit code $code"
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
        beside hardware_assisted 80000000 $rude $good pg74h
        beside hardware_assisted_shadow 80000000 $rude $good pg74h
    done
    beside trap_and_emulate/trap_and_emulate 60000000 $rude timer
    beside binary_translation 80000000 $rude timer pg74p
done
for rude in tables relocate; do
    for monitor in trap_and_emulate hybrid paravirtual binary_translation interpreter; do
        beside $monitor 60000000 $rude timer pg74p
    done
    beside hardware_assisted 60000000 $rude timer pg74h
    beside hardware_assisted_shadow 60000000 $rude timer pg74h
done
beside hybrid 60000000 relocate timer
beside trap_and_emulate 60000000 relocate timer
beside trap_and_emulate 300000000 storm traps
exit $failed
