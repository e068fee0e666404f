#!/bin/sh
# make demo: the main job, in words a newcomer understands. usage: lab/demo/demo.sh BUILD
# Everything shown is the output of real runs, made while you watch.
BUILD=${1:-build}
PG74=$BUILD/pg74
GUEST=$BUILD/guests/nucleus.elf
MONITOR=$BUILD/vmm/trap_and_emulate.elf
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT

# say TEXT: a paragraph, folded to the width of a page.
say() {
    echo
    echo "$*" | fold -s -w 78 | sed 's/ *$//'
    echo
}

title() {
    echo
    echo "== $* $(printf '%*s' $((74 - ${#1})) '' | tr ' ' =)"
}

# show COMMAND...: types it, runs it, indents what it prints.
show() {
    echo "    \$ $*" | sed "s|$BUILD/||g"
    "$@" 2>&1 | sed 's/^/    /'
}

title "1. Can these machines be virtualized?"
say "A virtual machine monitor runs a guest's operating system without its noticing, by letting it run directly on the" \
    "processor, in user mode. That works if every instruction that could tell the difference, or do harm, traps. Popek and" \
    "Goldberg proved so in 1974. The classifier reads what each instruction means and decides, by proof, for four machines:" \
    "the paper's own in 8 bits, PG-74, PG-74 with a flaw of the PDP-10, and PG-74 with flaws of the x86."
echo '    $ pg74 classify pocket pg74 pdp10 x86:pg74      (verdicts and reasons only)'
"$PG74" classify pocket pg74 pdp10 x86:pg74 >"$work/classes" || exit
awk '/^[^ ]/          { print ""; print }
     /^  Theorem [13]/ { sub(/ \(.*\)/, ""); print }
     /is sensitive, and not/ { name = $1 }
     /^      In /      { sub(/^ */, ""); print "    " name ": " $0 }' "$work/classes" | fold -s -w 74 | sed 's/^/    /; s/ *$//'
say "Theorem 1 says whether a monitor can run everything directly, as above; Theorem 3, whether it can if it interprets" \
    "the guest's kernel itself. Every \"sensitive\" is a witness that was replayed on the machine" \
    "($(awk '/witnesses replayed/ { sum += $1 } END { print sum }' "$work/classes") of them), every \"not\" a proof over all states."

title "2. The same guest, bare and under a monitor"
say "nucleus is a small operating system kernel with several processes, compiled by GCC for PG-74. First it runs alone on the" \
    "machine; then, unchanged, under the monitor trap_and_emulate, which is itself a program of the machine."
"$PG74" run "$GUEST" >"$work/bare" || exit
"$PG74" run --vmm trap_and_emulate "$GUEST" >"$work/monitored" || exit
head -n 14 "$work/bare" | sed 's/^/    /'
lines=$(wc -l <"$work/bare")
[ "$lines" -gt 14 ] && echo "    ... ($lines lines in all)"
if cmp -s "$work/bare" "$work/monitored"; then
    say "Under the monitor it printed the same $lines lines, byte for byte."
else
    say "Under the monitor it printed something else:"
    diff "$work/bare" "$work/monitored" | head -n 10
    exit 1
fi

title "3. What it costs"
say "Most instructions run directly; only those that trap cost more: the monitor's own instructions, all of them counted."
show "$PG74" compare --vmm trap_and_emulate "$GUEST"

title "4. One trap, step by step"
say "The guest's kernel is about to go on with one of its processes, and loads that process's PSW. A real run tells what" \
    "happens to this one instruction:"
"$BUILD/tools/narrate" "$MONITOR" "$GUEST" lpsw 20 || exit

title "What next"
say "build/pg74 help lists the commands. isa/spec/pg74.isa is the whole machine: the best place to begin reading."
