#!/bin/sh
# pg74 classify --host: every instruction has an outcome that is possible, on whatever processor this is.
set -u
out=$(mktemp) || exit 70
trap 'rm -f "$out"' EXIT
"$PG74" classify --host pg74 >"$out" 2>&1 </dev/null && { echo "an instruction set beside --host is accepted"; exit 1; }
COLUMNS=140 "$PG74" classify --host >"$out" 2>&1 </dev/null
status=$?
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    [ $status -eq 64 ] && grep -q 'this is another' "$out" || { cat "$out"; exit 1; }
    exit 0
fi
[ $status -eq 0 ] || { echo "exit $status"; cat "$out"; exit 1; }
for instruction in sgdt sidt sldt str smsw pushf popf lar lsl verr verw mov cpuid rdtsc; do
    grep -Eq "^  $instruction  +(runs|emulated|blocked) " "$out" || { echo "no outcome of $instruction:"; cat "$out"; exit 1; }
done
# What no user program of Linux escapes: it sees that it is at level 3, and that the interrupt flag stays.
grep -q '^  mov  .*privilege level 3' "$out" || { cat "$out"; exit 1; }
grep -q '^  popf  .*ignored, without a trap' "$out" || { cat "$out"; exit 1; }
# It fits on a terminal of any width.
for columns in 60 80 128 200; do
    COLUMNS=$columns "$PG74" classify --host >"$out" || exit 1
    awk -v most=$columns 'length($0) > most { print "wider than " most ": " $0; wide = 1 } END { exit wide }' "$out" || exit 1
    grep -q 'sensitive, no trap' "$out" || { echo "no verdicts at $columns columns"; exit 1; }
done
"$PG74" classify --host --json | python3 -c '
import json, sys
host = json.load(sys.stdin)
assert host["schema_version"] == 1 and len(host["instructions"]) == 14
assert all(i["outcome"] in ("runs", "emulated", "blocked") for i in host["instructions"])' || exit 1
