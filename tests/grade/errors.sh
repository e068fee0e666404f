# Everything that can be wrong with a lab.lua is told with its place: a file of errors/ each, whose first lines say how. The lab
# stands in a folder of a long name, which Lua would shorten.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
folder=$work/a-folder-as-a-course-names-it/and-another-one-within-it/autumn
mkdir -p "$folder/lab" "$work/submission"
echo 'return 1' >"$work/submission/a.lua"
failed=0
for wrong in tests/grade/errors/*.lua; do
    cp "$wrong" "$folder/lab/lab.lua"
    (cd "$work" && "$OLDPWD/$PG74" grade -o result.json --format json "$folder/lab" submission) >"$work/out" 2>&1
    [ $? = 65 ] || { echo "$wrong: not exit status 65"; failed=1; }
    sed -n 's/^-- //p' "$wrong" | grep -v '^the comma\|^what follows' | while read -r line; do
        grep -qF -- "$line" "$work/out" || { echo "$wrong: not said: $line"; cat "$work/out"; exit 1; }
    done || failed=1
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["error"] and r["score"] == 0' \
        "$work/result.json" || { echo "$wrong: no valid result"; failed=1; }
    rm -f "$work/result.json"
done
# A lab may do without what `lab` is; where it takes away what the grader calls, that is told.
sound='return {api = 1, title = "A lab", submit = {"a.lua"}, tasks = {{id = "one", points = 1, check = function() return true end}}}'
echo "lab = nil $sound" >"$folder/lab/lab.lua"
echo 'return {}' >"$folder/lab/hidden.lua"
"$PG74" grade "$folder/lab" "$work/submission" >"$work/out" 2>&1 && grep -q '^1 of 1 points' "$work/out" ||
    { echo "a lab without 'lab':"; cat "$work/out"; failed=1; }
echo "$sound" >"$folder/lab/lab.lua"
echo 'lab.begin = nil return {}' >"$folder/lab/hidden.lua"
"$PG74" grade "$folder/lab" "$work/submission" >"$work/out" 2>&1
[ $? = 65 ] && grep -q 'hidden.lua: error: attempt to call a nil value' "$work/out" ||
    { echo "a lab without 'lab.begin':"; cat "$work/out"; failed=1; }
"$PG74" grade "$work/nowhere" "$work/submission" 2>/dev/null; [ $? = 66 ] || { echo "no such lab: not 66"; failed=1; }
"$PG74" grade lessons/labs/hosted_monitor "$work/nowhere" 2>/dev/null
[ $? = 66 ] || { echo "no such submission: not 66"; failed=1; }
"$PG74" grade --formt json a b 2>"$work/out"; [ $? = 64 ] && grep -q 'did you mean --format' "$work/out" ||
    { echo "an option misspelt"; failed=1; }
"$PG74" grade --format xml a b 2>/dev/null; [ $? = 64 ] || { echo "no such format: not 64"; failed=1; }
exit $failed
