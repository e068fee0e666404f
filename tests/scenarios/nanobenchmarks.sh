# The guests of the nanobenchmarks do what they say, and behave under monitors as they do bare; the table has a figure for
# each, dearer under a monitor than bare wherever the monitor must act.
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c 4096 /dev/zero >"$work/disk"
for guest in scenarios/nanobenchmarks/*.s; do
    sed "s/COUNT, 1000/COUNT, 5/" "$guest" >"$work/guest.s"
    "$PG74" asm --isa pg74p "$work/guest.s" -o "$work/guest.elf" || failed=1
    "$PG74" compare --isa pg74p --memory 64K --disk "$work/disk" --vmm trap_and_emulate,hybrid,interpreter "$work/guest.elf" \
        >"$work/out" 2>&1 || { echo "$guest:"; cat "$work/out"; failed=1; }
done
scenarios/nanobenchmarks/table "$BUILD" trap_and_emulate >"$work/table" || failed=1
awk '/^[a-z]+ [a-z]+ .*\(/{ rows++; gsub(/[(),]/, ""); ratio = $NF
                        if ($1 == "call" ? ratio != 1 : ratio <= 5) { print "odd: " $0; bad = 1 } }
     END { exit bad || rows != 10 }' "$work/table" || { cat "$work/table"; failed=1; }
grep -q "interpreter/interpreter" "$work/table" || failed=1
exit $failed
