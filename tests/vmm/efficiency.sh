# What the monitors may cost, in cycles of the cost preset classic against the bare machine's: a guest that computes at most 1.05
# times; the nucleus with five busy processes, ticking every 100,000 instructions, 1.15 times where it calls its monitor or
# runs in guest mode, 1.5 times translated. `make monitor-bench` prints more. The paravirtual ones: paravirtual_cost.sh.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
"$PG74" asm tests/vmm/guests/compute.s -o "$work/compute.elf" || exit 70

at_most() { # LIMIT MACHINE MONITOR GUEST
    overhead=$(timeout 100 "$PG74" compare --no-check --json --isa "$2" --vmm "$3" "$4" |
        grep -o '"overhead": *[0-9.]*' | tail -n 1 | grep -o '[0-9.]*$')
    echo "$overhead" | awk -v most="$1" '{ exit !($1 >= 1 && $1 <= most) }' ||
        { echo "$4 under $3 on $2: $overhead times the bare cycles, and not $1"; failed=1; }
}
for machine in pg74 pg74p pg74h; do
    for monitor in trap_and_emulate paravirtual; do
        at_most 1.05 $machine $monitor "$work/compute.elf"
    done
    [ $machine = pg74 ] || at_most 1.05 $machine binary_translation "$work/compute.elf"
done
at_most 1.05 pg74h hardware_assisted "$work/compute.elf"
at_most 1.15 pg74h hardware_assisted "$BUILD/guests/nucleus-slow.elf"
at_most 1.5 pg74p binary_translation "$BUILD/guests/nucleus-slow.elf"

# Where something is missing, the benchmarks say what, and measure nothing.
mkdir "$work/guests" "$work/bench" && cp "$PG74" "$work/pg74"
for bench in bench/monitors nanobenchmarks/table; do
    "scenarios/$bench" "$work" >"$work/out" 2>"$work/errors"
    [ $? -eq 66 ] && grep -q "make .*build" "$work/errors" && [ ! -s "$work/out" ] ||
        { echo "$bench without guests:"; cat "$work/out" "$work/errors"; failed=1; }
done
exit $failed
