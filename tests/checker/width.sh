# The tables of `pg74 compare` keep within the columns that there are; with room enough they are as wide as they always were.
. tests/checker/shared.inc
monitors=trap_and_emulate,binary_translation,hardware_assisted_shadow,trap_and_emulate/trap_and_emulate
for columns in 60 76 80 100 160; do
    COLUMNS=$columns "$PG74" compare --isa pg74h --no-check --breakdown --vmm $monitors hello >"$work/$columns" || failed=1
    sed '/by cause/,/^$/d' "$work/$columns" | awk -v most=$columns 'length > most { print "wider than " most ": " $0; bad = 1 } END { exit bad }' ||
        failed=1
    # Nothing is lost on the way: names, headings and numbers are the same, in the same order.
    sed '/^instructions: /,/^$/d' "$work/$columns" | tr -s ' \n' '\n\n' >"$work/words-$columns"
    cmp "$work/words-60" "$work/words-$columns" || failed=1
done
grep -q '^run                          instructions    direct         traps           cycles  overhead  equivalent$' "$work/160" ||
    { cat "$work/160"; failed=1; }
COLUMNS=80 "$PG74" compare --isa pg74h --vmm $monitors hello >"$work/checked" || failed=1
awk 'length > 80 { print; bad = 1 } END { exit bad }' "$work/checked" && grep -q 'those of the bare machine' "$work/checked" || failed=1
COLUMNS=60 "$PG74" compare --json --vmm trap_and_emulate hello >"$work/json"
COLUMNS=160 "$PG74" compare --json --vmm trap_and_emulate hello | cmp - "$work/json" || { echo "JSON depends on the width"; failed=1; }
exit $failed
