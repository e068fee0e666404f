#!/bin/sh
# pg74 classify --demonstrate: every violation is shown by a guest that really differs; what is saved can be run by hand.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
failures=0
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }

# expect STATUS ARGUMENT...: the command ends with this status.
expect() {
    status=$1; shift
    "$PG74" classify "$@" >"$directory/out" 2>"$directory/error" </dev/null
    got=$?
    [ "$got" -eq "$status" ] || { fail "classify $*: exit $got, not $status"; cat "$directory/error"; }
}
says() { grep -qF -e "$1" "$directory/out" "$directory/error" || { fail "it does not say: $1"; cat "$directory/out"; }; }

# all_shown: the summaries count as many violations shown as there are.
all_shown() {
    grep -q ' violations shown' "$directory/out" || fail "there is no summary"
    awk '/ violations shown/ && $1 != $3 { bad = 1 } END { exit bad }' "$directory/out" ||
        { fail "not every violation is shown"; grep -e 'NOT SHOWN' -e waiting "$directory/out"; }
}

expect 0 --demonstrate --save "$directory/kept" pdp10 x86:pg74
all_shown
says 'retu is silently lost.'
says 'popf is silently lost.'
says 'pushf detects the VMM.'
says 'sgdt detects the VMM.'
says 'smsw detects the VMM.'

# The saved programs are what was run: bare and under the monitor they print different things.
[ -s "$directory/kept/README.md" ] || fail "there is no README.md"
for instruction in pdp10-retu x86-pg74-pushf x86-pg74-smsw; do
    isa=${instruction%-*}
    [ "$isa" = x86-pg74 ] && isa=x86:pg74
    program=$directory/kept/$instruction
    "$PG74" asm --isa "$isa" "$program.s" -o "$directory/again.elf" || fail "$instruction.s does not assemble"
    "$PG74" run --isa "$isa" "$directory/again.elf" >"$directory/bare" 2>&1 || fail "$instruction: exit $?"
    "$PG74" run --isa "$isa" --vmm trap_and_emulate "$program.elf" >"$directory/monitored" 2>&1 ||
        fail "$instruction under the monitor: exit $?"
    cmp -s "$directory/bare" "$directory/monitored" && fail "$instruction: both print the same"
    "$PG74" compare --isa "$isa" --vmm trap_and_emulate "$program.elf" >"$directory/compared" 2>&1
    [ $? -eq 1 ] || { fail "$instruction: the checker sees no difference"; cat "$directory/compared"; }
done

# A variant given from outside, and the kinds of violations.
expect 0 --demonstrate tests/classifier/demonstrate/holes.isa
all_shown
for line in 'forbid escapes' 'ticks detects' 'setticks escapes' 'peek detects' 'poke escapes' 'userin escapes' \
    'userout escapes' 'userhalt escapes' 'useridle escapes' 'whoami detects' 'requests detects' 'limit detects' \
    'contrary is silently lost' 'rare detects' 'usersetr escapes' 'size detects' 'keep detects' 'become escapes'; do
    says "    $line"
done

# Nothing to show.
expect 0 --demonstrate pg74 pocket
says 'there is nothing to show'

# The whole catalogue: every violation is shown by consoles that differ, or its file says why the monitor hides it.
catalogue=$("$PG74" isa list | awk '$2 ~ /^[0-9]+$/ { print $1 }') # machines of history; the base machines have no flaws
expect 0 --demonstrate --json $catalogue
python3 - "$directory/out" "$PG74" <<'PYTHON' || fail "the catalogue's demonstrations"
import json, subprocess, sys
def hidden_of(name):
    shown = json.loads(subprocess.run([sys.argv[2], "isa", "show", "--json", name], stdout=subprocess.PIPE).stdout)
    return {name + " " + h["instruction"]: h["reason"] for h in shown["hidden"] if h["monitor"] == "trap_and_emulate"}
hidden = {}
variants = json.load(open(sys.argv[1]))["variants"]
bad = shown = 0
assert len(variants) >= 12, [v["variant"] for v in variants]
for variant in variants:
    hidden.update(hidden_of(variant["variant"]))
    violations = {name for theorem in variant["violations"].values() for name in theorem}
    if violations != {d["instruction"] for d in variant["demonstrations"]}:
        bad += 1
        print("not all violations of", variant["variant"], "are there")
    for d in variant["demonstrations"]:
        name = d["machine"] + " " + d["instruction"]
        if d["status"] == "shown":
            shown += 1
            bare, monitored = d["bare"], d["monitored"]
            differs = (bare["console"], bare["end"]) != (monitored["console"], monitored["end"]) or monitored["reached"]
            if not differs or d["finding"] not in ("detects", "escapes", "loses") or "witness:" not in d["program"]:
                bad += 1
                print(name, "is said to be shown, and shows nothing")
        elif d["status"] != "hidden" or hidden.get(name, "its reason") not in d["reason"]:
            bad += 1
            print(name, "is", d["status"], "and its file does not say why:", d["reason"])
for name in hidden: # what is shown after all is not hidden
    if not any(d["machine"] + " " + d["instruction"] == name and d["status"] == "hidden"
               for v in variants for d in v["demonstrations"]):
        bad += 1
        print(name, "is said to be hidden, and is not")
assert shown >= 40, shown
sys.exit(bad > 0)
PYTHON

# An effect that no guest can see is not said to be shown: nothing shows `hidden`, or depends on it.
cat >"$directory/hidden.isa" <<'ISA'
variant "hidden" of "pg74"
  title "loses an effect that nobody can see"
state secret : word  role resource
  doc "Nothing reads it."
instruction hide rs1
  doc     "Set the secret, in supervisor mode; in user mode do nothing."
  source  "our own"
  layout  0000000 00000 rs1:5 000 00000 1011011
  execute { if mode == supervisor { secret = X[rs1] } }
ISA
expect 0 --demonstrate "$directory/hidden.isa"
says 'hide is NOT SHOWN'
says '0 of 1 violations shown'

expect 64 --save "$directory/kept" pdp10
expect 64 --demonstrate --save
expect 64 --markdown --save "$directory/kept" --demonstrate pdp10
expect 0 --demonstrate --markdown pdp10
says 'A guest shows it, bare and under the monitor `trap_and_emulate`:'
says 'retu is silently lost.'
says '<details><summary>The guest'"'"'s program</summary>'
says 'witness:'
expect 64 --demonstrate --json --save "$directory/kept" pdp10
expect 66 --demonstrate --save "$directory/out/folder" pdp10

[ "$failures" -eq 0 ]
