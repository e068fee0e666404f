#!/bin/sh
# run --console: what each guest prints goes to a file of its own, as it is, and where it cannot be written nothing runs.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "$*"; failed=1; }
run() { "$PG74" run --memory 64K --vmm trap_and_emulate "$@" >"$work/out" 2>"$work/err"; }

"$PG74" run --memory 64K hello >"$work/alone" || complain "the guest alone: exit $?"
run --console "$work/two" hello hello || complain "exit $?"
[ -s "$work/out" ] && complain 'standard output has something'
for guest in 1 2; do
    cmp "$work/alone" "$work/two/guest-$guest.txt" || complain "guest $guest"
done
[ "$(ls "$work/two")" = 'guest-1.txt
guest-2.txt' ] || complain 'other files'

# What is there is replaced, the last line need not be whole, and other options go on as they were.
cat >"$work/part.s" <<'END'
_start: li      t0, 0
        li      a0, 'x'
        out     t0, a0
        halt    zero
END
"$PG74" asm "$work/part.s" -o "$work/part.elf" || complain 'it does not assemble'
run --console="$work/two" --json "$work/part.elf" hello || complain "again: exit $?"
[ "$(cat "$work/two/guest-1.txt"; echo .)" = 'x.' ] || complain 'part of a line'
cmp "$work/alone" "$work/two/guest-2.txt" || complain 'beside part of a line'
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["guests"][0]["console"] == "x", r' "$work/out" || complain 'JSON'
"$PG74" run --console "$work/bare" --memory 64K hello >"$work/out" && cmp "$work/alone" "$work/bare/guest-1.txt" && [ ! -s "$work/out" ] ||
    complain 'on the bare machine'

# A folder that cannot be made, one that is a file, a file in it that is a folder; no name, and one that nobody has.
refused() { # STATUS PATTERN OPTION...
    status=$1 pattern=$2
    shift 2
    run "$@" hello
    [ $? -eq "$status" ] && grep -q -e "$pattern" "$work/err" && [ ! -s "$work/out" ] || complain "$*: $(cat "$work/err")"
}
refused 66 'nowhere/at/all.*cannot be written' --console "$work/nowhere/at/all"
refused 66 'alone/guest-1.txt.*cannot be written' --console "$work/alone"
mkdir -p "$work/bad/guest-1.txt"
refused 66 'bad/guest-1.txt.*cannot be written' --console "$work/bad"
refused 64 'needs the name' --console=
refused 64 "did you mean '--console'" --consol "$work/two"
"$PG74" run hello --console >"$work/out" 2>"$work/err"
[ $? -eq 64 ] || complain 'no name: not 64'
exit $failed
