# Hypercalls at random: CALLS_SEEDS seeds (from CALLS_FIRST on), each a guest that calls its monitor with all that is
# wrong or nearly right, beside one with a secret. Under both arrangements, on both kinds of machine: it comes to its
# end; resource control holds, as `pg74 compare` observes it; the other guest keeps what it has; and with another secret
# there, it learns nothing else.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0 number=0
first=${CALLS_FIRST:-1} seeds=${CALLS_SEEDS:-2}
compile() { # NAME SOURCE...
    name=$1; shift
    riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 -O2 -ffreestanding -nostdlib -fno-builtin \
        -Wall -Wextra -Werror \
        -fno-tree-loop-distribute-patterns "-I$BUILD/include" -Wl,--no-warn-rwx-segments -Ivmm/paravirtual -Iscenarios \
        -T scenarios/common/bare.ld "$@" scenarios/common/memory.c -lgcc -o "$work/$name.elf" || exit 70
}
compile random tests/vmm/paravirtual/random_calls.c tests/vmm/paravirtual/random_start.S tests/vmm/paravirtual/call.S
compile witness tests/vmm/paravirtual/witness.c scenarios/common/bare_start.S scenarios/common/bare.c \
    scenarios/common/text.c scenarios/common/print.c
printf '\037\020\000\000' >"$work/disk" # an entry of a page table that leads to the monitor, again and again
for doubled in 1 2 3 4 5 6 7 8 9 10 11 12; do
    cat "$work/disk" "$work/disk" >"$work/twice" && mv "$work/twice" "$work/disk"
done
printf a >"$work/a"
printf b >"$work/b"

run() { # COMMAND SECRET: with the monitor, machine and seed at hand
    command=$1 secret=$2; shift 2
    timeout 120 "$PG74" "$command" --isa $isa --memory 128K --limit 60000000 --vmm $monitor \
        --input "$work/seed" --input "$work/$secret" --disk "$work/disk" --disk "$work/disk" "$@" \
        "$work/random.elf" "$work/witness.elf" 2>"$work/errors"
}

wrong() {
    echo "seed $seed, $monitor on $isa: $*   (CALLS_FIRST=$seed CALLS_SEEDS=1)"
    failed=1
}

one() {
    run run a >"$work/with.a" || wrong "exit code $?: $(tail -n 2 "$work/errors")"
    run run b >"$work/with.b"
    grep -aq '^2: 0 words have changed' "$work/with.a" || wrong "the other guest: $(grep -a '^2' "$work/with.a")"
    grep -aq '^1: learnt' "$work/with.a" || wrong "it has not come to its end"
    cmp -s "$work/with.a" "$work/with.b" || wrong "it learns the other's secret"
    run compare a --json --method final >"$work/observed"
    control=$(grep -ao '"resource_control":{[^}]*}' "$work/observed")
    case $control in
    *:[1-9]* | "") wrong "not in control: $control" ;;
    esac
}
for seed in $(seq "$first" $((first + seeds - 1))); do
    { echo $seed; cat "$work/disk"; } >"$work/seed"
    for monitor in paravirtual paravirtual_microkernel; do
        for isa in pg74 pg74p; do
            one
            number=$((number + 1))
        done
    done
done
echo "$number runs of random calls, seeds $first to $((first + seeds - 1))"
exit $failed
