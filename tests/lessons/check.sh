#!/bin/sh
# Lessons are checked: all that we have and the good ones here are all right; each bad one in errors/ gets one diagnostic, the one
# that the first line of its `expected` says, with file, line and caret where there is a text to show, also in a folder of a
# long name, which Lua would shorten.
cd "$(dirname "$0")/../.." || exit 1
failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
log=$work/log
complain() {
    echo "$*"
    cat "$log"
    failed=1
}

for lessons in tests/lessons/good lessons; do
    "$PG74" lesson check --lessons $lessons >"$log" 2>&1 || complain "lessons in $lessons are not all right:"
done

long=$work/a-folder-as-a-course-names-it/and-another-one-within-it/autumn
mkdir -p "$long/docs" && cp -r tests/lessons/errors "$long" && cp docs/terminology.md "$long/docs" || exit 1
for folder in "$long"/errors/*/; do
    expected=$(cat "$folder/expected")
    "$PG74" lesson check "$folder" >"$log" 2>&1
    [ $? -eq 65 ] || complain "$folder: the exit status is not 65:"
    grep -qF -- "$expected" "$log" || complain "$folder: not '$expected', but:"
    [ "$(grep -c 'error: ' "$log")" -eq 1 ] || complain "$folder: more or less than one error:"
    grep -q '^  *^' "$log" || complain "$folder: no caret:"
done
exit $failed
