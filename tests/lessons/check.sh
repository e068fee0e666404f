#!/bin/sh
# Lessons are checked: the good ones are all right, and each bad one of errors/ gets the diagnostic that its first line names.
cd "$(dirname "$0")/../.." || exit 1
failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

"$PG74" lesson check --lessons tests/lessons/good >"$log" 2>&1 || { cat "$log"; failed=1; }
exit $failed
