# A batch: the same results whoever grades beside whom; it goes on where it was interrupted; changed scores are listed.
lab=lessons/labs/hosted_monitor
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
mkdir "$work/all" "$work/all/=one, \"two\""
cp $lab/starter/monitor.lua "$work/all/starter.lua"
cp $lab/solution/monitor.lua "$work/all/=one, \"two\"/monitor.lua"
cp $lab/solution/monitor.lua "$work/all/solution.lua"
cp tests/grade/attacks/lua/error_bytes.lua tests/grade/attacks/lua/exit_early.lua "$work/all"
sed '/cpu:word(constant.trap_value, value)/d' $lab/solution/monitor.lua >"$work/all/value.lua"
mkdir "$work/all/nothing" "$work/all/$(printf 'bytes\377\n.')"
ln -s "$PWD/$lab/solution" "$work/all/link"
batch() { "$PG74" grade --batch "$work/all" -o "$work/$1" -j "$2" $lab || { echo "batch $1 fails"; failed=1; }; }
batch one 1
batch two 2
diff -r "$work/one" "$work/two" || { echo "-j1 and -j2 differ"; failed=1; }

# Interrupted: some results are not there, or not whole.
rm "$work/two/solution.lua.json" "$work/two/results.csv"
echo '{"complete": false}' >"$work/two/starter.lua.json"
touch -d 2001-01-01 "$work/two/value.lua.json"
batch two 2
diff -r "$work/one" "$work/two" || { echo "it does not go on where it was"; failed=1; }
[ "$(stat -c %Y "$work/two/value.lua.json")" -lt 1000000000 ] || { echo "what was there is graded again"; failed=1; }

python3 - "$work/one" <<'END' || failed=1
import csv, json, sys
rows = {row["submission"]: row for row in csv.DictReader(open(sys.argv[1] + "/results.csv", newline=""))}
assert len(rows) == 9 and rows["solution.lua"]["score"] == "100" and rows["'=one, \"two\""]["score"] == "100", rows
assert rows["value.lua"]["score"] not in ("0", "100") and rows["nothing"]["score"] == rows["link"]["score"] == "0"
assert {row["status"] for row in rows.values()} == {"graded"}
page = open(sys.argv[1] + "/results.html").read()
assert "9 submissions" in page and "=one, &quot;two&quot;" in page
END

sed 's/^starter.lua,graded,0/starter.lua,graded,5/' "$work/one/results.csv" >"$work/old.csv"
"$PG74" grade --batch "$work/all" -o "$work/one" --compare "$work/old.csv" $lab >"$work/out" || failed=1
grep -q '^starter.lua: 5 -> 0$' "$work/out" && grep -q '^1 of 9 scores changed' "$work/out" ||
    { echo "what has changed:"; cat "$work/out"; failed=1; }
exit $failed
