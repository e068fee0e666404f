# Every monitor, judged by `pg74 check` on the machines that it claims. `make monitor-campaign` does the same with a
# hundred thousand guests each.
failed=0
guests=${MONITOR_GUESTS:-1000}
judge() { # ISA GUESTS MONITOR
    [ -f "$BUILD/vmm/$3.elf" ] || return
    if ! timeout "${MONITOR_TIMEOUT:-280}" "$PG74" check --isa "$1" --guests "$2" "$3" >"$out" 2>&1 </dev/null; then
        echo "$3 on $1:"
        cat "$out"
        failed=1
    else
        echo "$3 on $1: passes, with $2 generated guests"
    fi
}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
judge pg74 "$guests" trap_and_emulate
judge pg74p "$((guests / 2))" trap_and_emulate
judge pg74 "$((guests / 4))" hybrid
judge pg74p "$((guests / 10))" hybrid
judge pdp10 "$((guests / 20))" hybrid # where trap_and_emulate cannot
judge pg74 "$((guests / 10))" interpreter
judge x86 "$((guests / 20))" interpreter
judge pg74p "$((guests / 10))" binary_translation
judge x86 "$((guests / 20))" binary_translation
judge pg74 "$((guests / 10))" paravirtual
judge pg74p "$((guests / 10))" paravirtual
judge pg74p "$((guests / 20))" paravirtual_microkernel
judge pg74h "$((guests / 2))" hardware_assisted
judge pg74h "$((guests / 4))" hardware_assisted_shadow
exit $failed
