# tests/checker/campaign: stopped, it prints a table; what is done is not done again; what failed is told.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
mkdir "$work/vmm" && cp "$PG74" "$work/pg74" && cp "$BUILD/vmm/trap_and_emulate.elf" "$work/vmm/" || exit 70

expect() { # PATTERN
    GUESTS=8 PARTS=400 tests/checker/campaign "$work" trap_and_emulate >"$work/out" 2>&1
    grep -q "$1" "$work/out" || { echo "expected '$1' in:"; cat "$work/out"; failed=1; }
}

results=$work/campaign/results
GUESTS=8 PARTS=400 tests/checker/campaign "$work" trap_and_emulate >"$work/out" 2>&1 &
until [ -s "$results" ]; do sleep 0.1; done
kill $!
wait $!
[ $? -eq 130 ] || { echo "it did not end as what is stopped"; failed=1; }
key=$(sed -n 's/ [0-9]* [0-9]* [0-9]*$//p' "$results" | head -1)
[ -n "$key" ] || { echo "nothing was written down"; cat "$work/out"; exit 1; }
grep -q 'trap_and_emulate *pg74 .* of 400' "$work/out" || { echo "no table after it was stopped:"; cat "$work/out"; failed=1; }
# As if all but one of the parts had been done.
for part in $(seq 1 399); do
    echo "$key $part 0 0"
    echo "$key $part 0 0" | sed 's/ pg74 / pg74p /'
done >"$results"
expect 'trap_and_emulate *pg74p *[01] *400 of 400 *passes'
[ "$(wc -l <"$results")" -eq 800 ] || { echo "what was done was done again, or what was not was not:"; cat "$results"; failed=1; }
sed -i 's/ 399 0 0$/ 399 1 0/' "$results"
expect 'trap_and_emulate *pg74 .*FAILS in part 399'
exit $failed
