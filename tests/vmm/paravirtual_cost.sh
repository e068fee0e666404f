# What the two arrangements cost: the table of docs/monitor-paravirtual.md is what is measured, to 0.05; and what only computes
# costs at most 1.05 times the bare cycles, the nucleus that ticks every 100,000 instructions, with a disk or without, at
# most 1.15 times.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0 rows=0
"$PG74" asm tests/vmm/guests/compute.s -o "$work/compute.elf" || exit 70
head -c 131072 /dev/zero >"$work/disk"

measure() { # MACHINE GUEST OPTION...: overheads, in the order of the table
    isa=$1 guest=$BUILD/guests/$2.elf; shift 2
    [ -f "$guest" ] || guest=$work/compute.elf
    timeout 100 "$PG74" compare --no-check --json --isa $isa --vmm paravirtual,paravirtual_microkernel,trap_and_emulate "$@" "$guest" |
        grep -o '"overhead":[0-9.]*' | cut -d: -f2 | tail -n 3 | tr '\n' ' '
}
grep '^| `[a-z-]*`.*| pg74[ph]* |' docs/monitor-paravirtual.md >"$work/table"
while read -r line; do
    guest=$(echo "$line" | cut -d'`' -f2) options=
    machine=$(echo "$line" | cut -d'|' -f3 | tr -d ' ')
    case $line in *--disk*) options="--disk $work/disk" ;; esac
    said=$(echo "$line" | cut -d'|' -f4-6 | tr -d '|')
    measured=$(measure "$machine" "$guest" $options)
    case $guest in
    compute) most=1.05 ;;
    nucleus-paravirtual-slow) most=1.15 ;;
    *) most=9 ;;
    esac
    echo $said $measured $most | awk '{
        for (i = 1; i <= 3; i++) if ($i - $(i + 3) > 0.05 || $(i + 3) - $i > 0.05) bad = 1
        exit NF != 7 || bad || $4 > $7 || $5 > $7 }' ||
        { echo "$guest on $machine $options: measured $measured, in the document $said; at most $most"; failed=1; }
    rows=$((rows + 1))
done <"$work/table"
[ $rows -eq 11 ] || { echo "$rows rows in the table of docs/monitor-paravirtual.md"; failed=1; }
exit $failed
