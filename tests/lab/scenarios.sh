# Every experiment in scenarios/ in its short form: what it expects comes about, and its numbers are the same in every
# run. And an expectation that does not come about fails.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
failed=0
for script in scenarios/*.lua; do
    timeout 120 "$PG74" shell "$script" short >"$folder/first" 2>&1 ||
        { echo "$script:"; cat "$folder/first"; failed=1; continue; }
    [ -s "$folder/first" ] || { echo "$script prints nothing"; failed=1; }
    timeout 120 "$PG74" shell "$script" short >"$folder/second" 2>&1
    cmp -s "$folder/first" "$folder/second" ||
        { echo "$script is not the same twice:"; diff "$folder/first" "$folder/second"; failed=1; }
    grep -q "$script" docs/experiments.md || { echo "docs/experiments.md says nothing about $script"; failed=1; }
done
mkdir "$folder/lib"
cp scenarios/lib/*.lua "$folder/lib"
sed 's/> 3, /> 300, /' scenarios/recursion.lua >"$folder/wrong.lua"
"$PG74" shell "$folder/wrong.lua" short >"$folder/out" 2>&1 && { echo "what is not as expected passes"; failed=1; }
grep -q 'NOT AS EXPECTED' "$folder/out" || { cat "$folder/out"; failed=1; }
exit $failed
