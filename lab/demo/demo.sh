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

# same BARE OTHER WHO: are they the same, each process's lines by themselves? (Whose turn it is may differ.)
same() {
    sort -s -k 1,1 "$1" >"$work/sorted1"
    sort -s -k 1,1 "$2" >"$work/sorted2"
    if cmp -s "$1" "$2"; then
        echo "    $3 the same $(wc -l <"$1") lines, byte for byte."
    elif cmp -s "$work/sorted1" "$work/sorted2"; then
        echo "    $3 the same $(wc -l <"$1") lines, byte for byte in each process; their order differs."
    else
        echo "    $3 something else:"
        diff "$1" "$2"
        exit 1
    fi
}

title "1. Can these machines be virtualized?"
say "A virtual machine monitor runs a guest's operating system without its noticing, by letting it run directly on the" \
    "processor, in user mode. That works if every instruction that could tell the difference, or do harm, traps. Popek and" \
    "Goldberg proved so in 1974. The classifier reads what each instruction means and decides, by proof, for four machines:" \
    "the paper's own in 8 bits, PG-74, PG-74 with a flaw of the PDP-10, and PG-74 with flaws of the x86."
echo '    $ pg74 classify pocket pg74 pdp10 x86:pg74      (verdicts and reasons only)'
COLUMNS=1000 "$PG74" classify pocket pg74 pdp10 x86:pg74 >"$work/classes" || exit
awk '/^[^ ]/          { print ""; print }
     /^  Theorem [13]/ { sub(/ \(.*\)/, ""); print }
     /sensitive and not privileged/ { name = $1 }
     /^      In /      { sub(/^ */, ""); print "    " name ": " $0 }' "$work/classes" | fold -s -w 74 | sed 's/^/    /; s/ *$//'
say "Theorem 1 says whether a monitor can run everything directly, as above; Theorem 3, whether it can if it interprets" \
    "the guest's kernel itself. Every \"sensitive\" is a witness that was replayed on the machine" \
    "($(awk '/witnesses replayed/ { sum += $1 } END { print sum }' "$work/classes") of them), every \"not\" a proof over all states."

title "2. The same guest, bare and under a monitor"
head -c 65536 /dev/zero >"$work/disk"
with="--input README.md --disk $work/disk"
say "nucleus is a small operating system kernel, compiled by GCC for PG-74. It runs five processes, shares the processor between" \
    "them by the timer, and gives them a console and files on a disk. First it runs alone on the machine:"
echo "    \$ pg74 run nucleus"
"$PG74" run $with "$GUEST" >"$work/bare" || exit
cut -c 1-72 "$work/bare" | sed 's/^/    /'
say "Now the same guest, unchanged, under the monitor trap_and_emulate, itself a program of the machine, and then two" \
    "copies side by side under one monitor:"
echo "    \$ pg74 run --vmm trap_and_emulate nucleus"
"$PG74" run $with --vmm trap_and_emulate "$GUEST" >"$work/monitored" || exit
same "$work/bare" "$work/monitored" "It printed"
echo "    \$ pg74 run --vmm trap_and_emulate nucleus nucleus"
"$PG74" run $with $with --vmm trap_and_emulate "$GUEST" "$GUEST" >"$work/both" || exit
for guest in 1 2; do
    sed -n "s/^$guest: //p" "$work/both" >"$work/one"
    same "$work/bare" "$work/one" "Guest $guest printed"
done

title "3. What it costs"
say "Most instructions run directly; only those that trap cost more: the monitor's own instructions, all of them counted." \
    "The comparison also follows both runs instruction by instruction, and checks that the guest's registers agree."
show "$PG74" compare $with --vmm trap_and_emulate "$GUEST" | sed "s|--input.*$work/disk ||"

title "4. One trap, step by step"
say "The guest's kernel is about to go on with one of its processes, and loads that process's PSW. A real run tells what" \
    "happens to this one instruction:"
"$BUILD/tools/narrate" "$MONITOR" "$GUEST" lpsw 20 || exit

title "What next"
say "build/pg74 help lists the commands. isa/spec/pg74.isa is the whole machine: the best place to begin reading."
