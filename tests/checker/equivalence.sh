# The built monitor is equivalent: every guest of the checker, and those of scenarios/, alone and side by side.
. tests/checker/shared.inc
monitor=trap_and_emulate
yes="equivalent. Before each"

head -c 65536 /dev/zero | tr '\0' 'd' >"$work/disk"
printf 'hello, guest\nand so on\n' >"$work/input"

for name in outside moved idle disabled status time frame; do
    assemble $name
    compare 0 "$yes" --vmm $monitor --disk "$work/disk" "$work/$name.elf"
done
for name in hello traps timer supervisor_call selfmodify; do
    compare 0 "$yes" --vmm $monitor "$BUILD/guests/$name.elf"
done
name=disk compare 0 "$yes" --vmm $monitor --disk "$work/disk" "$BUILD/guests/disk.elf"
name=echo compare 0 "$yes" --vmm $monitor --input "$work/input" "$BUILD/guests/echo.elf"
name=nucleus compare 0 "$yes" --vmm $monitor "$BUILD/guests/nucleus.elf"
name="two guests" compare 0 "$yes" --vmm $monitor --disk "$work/disk" --disk "$work/disk" "$BUILD/guests/timer.elf" "$BUILD/guests/disk.elf"
name="three guests" compare 0 "$yes" --vmm $monitor "$work/idle.elf" "$BUILD/guests/traps.elf" "$work/idle.elf"
name="two that talk" compare 0 "$yes" --vmm $monitor "$BUILD/guests/nucleus-network.elf" "$BUILD/guests/nucleus-network.elf"
name="eight guests with pages" compare 0 "$yes" --isa pg74p --memory 4M --vmm $monitor hello hello hello hello hello hello hello hello
name="hybrid" compare 0 "only the end" --vmm hybrid "$BUILD/guests/timer.elf" "$BUILD/guests/traps.elf"
assemble interrupted
name="an interrupt that nobody saw" compare 0 "hybrid: equivalent" --memory 64K --vmm hybrid "$work/interrupted.elf"
name="interpreter" compare 0 "only the end" --vmm interpreter "$BUILD/guests/timer.elf" "$BUILD/guests/traps.elf"
assemble order
assemble answered_order
name="lines in an order that the timer makes" compare 0 "alone, too, the order is another one" --method final --vmm paravirtual "$work/order.elf"
name="lines in another order" compare 1 "paravirtual: NOT equivalent" --method final --vmm paravirtual "$work/answered_order.elf"
name="small slices" compare 0 "$yes" --vmm $monitor --memory 256K "$work/moved.elf" "$work/time.elf"
name="only the end" compare 0 "only the end" --method final --vmm $monitor "$BUILD/guests/traps.elf"
name="no check" compare 0 "not checked" --no-check --vmm $monitor "$BUILD/guests/traps.elf"
name="limit" compare 0 "stopped at its limit" --limit 2000 --vmm $monitor "$BUILD/guests/timer.elf"

# The figures with and without the check are the same.
"$PG74" compare --json --vmm $monitor "$work/idle.elf" "$BUILD/guests/traps.elf" | tr ',' '\n' | sed -n '/"vmm":"trap/,/"overhead"/p' >"$work/checked"
"$PG74" compare --json --no-check --vmm $monitor "$work/idle.elf" "$BUILD/guests/traps.elf" | tr ',' '\n' | sed -n '/"vmm":"trap/,/"overhead"/p' >"$work/unchecked"
if [ "$(wc -l <"$work/checked")" -ne 6 ] || ! diff "$work/checked" "$work/unchecked"; then
    echo "figures: differ with and without the check"
    failed=1
fi
exit $failed
