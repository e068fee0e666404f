# Every screen at two sizes, held against saved ones in tests/tui/golden. Numbers and bars that depend on what monitors cost are
# masked. `UPDATE=1 sh tests/tui/screens.sh` saves them anew: look at the difference before committing it.
# Besides: what the screens say after keys, and a session under tmux with keys and mouse.
PG74=${PG74:-build/pg74}
. tests/tui/terminal.inc
LC_ALL=C.UTF-8
ASAN_OPTIONS=detect_leaks=0 # ncurses keeps what it has read about terminals
export LC_ALL ASAN_OPTIONS
enter=$(printf '\r') tab=$(printf '\t')

# screen NAME KEYS OPTION...: the screen after the keys.
screen() {
    name=$1 keys=$2
    shift 2
    $PG74 tui --keys "$keys" --export "$work/$name.txt" "$@" 2>"$work/err" || { complain "$name: exit $?"; cat "$work/err"; }
}
shows() {
    name=$1
    shift
    for pattern; do
        grep -q -e "$pattern" "$work/$name.txt" || { complain "$name: no '$pattern' on:"; cat "$work/$name.txt"; }
    done
}
# Figures of monitors: digits and bars, in lines that have them.
mask() { sed -e 's/[0-9a-f]\{8\}/ADDRESS/g' -e 's/[0-9][0-9,.]*/N/g' -e 's/+0xN*[0-9a-fN]*/+N/g' -e 's/[█▓▒░·▚]\+/BAR/g' -e 's/  */ /g' -e 's/ $//'; }
plain() { cat; }
# golden NAME FILTER KEYS OPTION...: the screen at both sizes.
golden() {
    base=$1 filter=$2 keys=$3
    shift 3
    for size in 80x24 132x43; do
        screen "$base-$size" "$keys" --size $size "$@"
        $filter <"$work/$base-$size.txt" >"$work/got"
        [ -n "$UPDATE" ] && cp "$work/got" "tests/tui/golden/$base-$size.txt"
        diff "tests/tui/golden/$base-$size.txt" "$work/got" >"$work/diff" || { complain "$base-$size:"; cat "$work/diff"; }
        [ "$(wc -l <"$work/$base-$size.txt")" -eq "${size#*x}" ] || complain "$base-$size: not as many lines"
    done
}

$PG74 asm tests/tui/small.s -o "$work/small.elf" || exit 1
$PG74 asm tests/vmm/translation_keys.s --isa tests/vmm/variants/keys.isa -o "$work/keys.elf" || exit 1

golden machine plain "sss" "$work/small.elf"
golden trap plain "trs" "$work/small.elf"
golden timeline plain "trrRR2" "$work/small.elf"
golden map plain "3" "$work/small.elf"
golden classes plain "/retu$enter" --isa pdp10
golden flipped plain "f" --isa pdp10
golden states plain "$tab" --isa pocket
golden side mask "nn" --vmm none,trap_and_emulate,interpreter nucleus
# Without colours, the patterns of the legend are all different to the eye: no shade between two others.
NO_COLOR=1 screen monochrome "nnnnn" --isa pg74p --vmm none,trap_and_emulate,binary_translation nucleus
shows monochrome '^cycles  █ guest   ▚ translated   ▓ [a-z ]*   / [a-z ]*   ░ '
screen causes "r$tab$tab" --isa pg74p --vmm none,trap_and_emulate,binary_translation hello
shows causes 'own\.' 'out  *privileged  *20 times .* cycles .* %' '█ guest' '▚ translated'
golden dashboard mask "5cS" --vmm none,trap_and_emulate hello
golden translation mask "r6/loop$enter" --isa tests/vmm/variants/keys.isa --vmm binary_translation "$work/keys.elf"

# In step: the same instruction of the guest in all; one back is where they were; racing: the same cycles.
screen step "nsssb" --vmm none,trap_and_emulate,hybrid nucleus
[ "$(grep -c '^[▶ ] [a-z_ ]*  *1,002 ' "$work/step.txt")" -eq 3 ] || { complain "not all at 1,002:"; cat "$work/step.txt"; }
[ "$(sed -n 's/^  next \([0-9a-f]*\) .*/\1/p' "$work/step.txt" | sort -u | wc -l)" -eq 1 ] || { complain "not one place:"; cat "$work/step.txt"; }
screen goto "g5000$enter" --isa pg74p --vmm none,interpreter,binary_translation,paravirtual nucleus
[ "$(grep -c ' 5,000 ' "$work/goto.txt")" -eq 4 ] || { complain "not all at 5,000:"; cat "$work/goto.txt"; }
screen race "cnn" --vmm none,trap_and_emulate nucleus
[ "$(grep -c '  2,000,[0-9]* ' "$work/race.txt")" -eq 2 ] || { complain "not the same cycles:"; cat "$work/race.txt"; }
shows race 'racing by cycles'
# Into a machine, back in time there, and out again: the account is right, and a step brings all together.
screen dive "nj${enter}bbbbb4s" --vmm none,trap_and_emulate nucleus
[ "$(grep -c '^[▶ ] [a-z_ ]*  *1,000 ' "$work/dive.txt")" -eq 2 ] || { complain "not together after the dive:"; cat "$work/dive.txt"; }
screen ended "r" --vmm none,trap_and_emulate hello
shows ended 'All have ended' 'halted 0' 'Hello from a guest' '107 '
screen differs "g107$enter" --isa x86 --vmm none,trap_and_emulate hello
# A key that changes nothing says so, on every screen; a question takes any letter, and says what it does not take.
for pressed in 1. 1 2j 3. 4k 40 5k 6k 7k; do
    screen "unchanged-$pressed" "$pressed$(printf '%s' "$pressed" | tail -c 1)" --vmm none,trap_and_emulate "$work/small.elf"
    shows "unchanged-$pressed" 'nothing here'
done
screen letters "$(printf '/щц\177ф')" hello
shows letters 'Look for .*: щф *$'
screen strange "$(printf '/a\001')" hello
shows strange 'Type a text, then Enter; Esc leaves: a'
# Dashboard: a clone goes its own way; snapshots come back; files are opened again.
screen clone "nnn5cS4nn5T" --vmm none,trap_and_emulate nucleus
shows clone 'bare machine 3 ' 'As it was when'
screen saved "n5w$work/machine$enter" nucleus
shows saved 'Saved to'
screen opened "5o$work/machine$enter" nucleus
shows opened 'nucleus 2 '
screen wrong "5o$work/nothing$enter" nucleus
shows wrong 'nothing'
screen last "5d" nucleus
shows last 'the last one'
# Translation: words that the guest has changed are forgotten; there is nothing without a translator.
screen changed "r6" --isa x86 --vmm binary_translation selfmodify
shows changed '[1-9][0-9]* forgotten' 'chained from'
screen follow "r6g" --isa x86 --vmm binary_translation selfmodify
screen alone "r6" --isa pg74p --vmm binary_translation hello
shows alone 'left alone' 'executed where it is'
screen none "6" nucleus
shows none 'No monitor of this machine'
# Classes: flipped twice is as before; a demonstration on the bare machine and under a monitor; states put into machines.
screen again "ff" --isa pdp10
shows again 'Theorem 1 .*not guaranteed *for retu (was guaranteed)'
screen play "p" --isa pdp10
shows play 'The next instruction is the witness' '▶.* retu' 'retu, bare'
screen both "p4" --isa pdp10
shows both 'retu, bare' 'retu, monitored'
screen witness "/getr${enter}wp" --isa pocket
shows witness 'getr, state A' 'getr, state B'
screen another "ix86$enter" --isa pocket
shows another 'sgdt' 'user sensitive'
screen wrong_name "inothing$enter" --isa pocket
shows wrong_name 'nothing' 'Theorem 1'
screen many "$tab" --isa pg74
shows many 'too many states'
# Machine: registers are watched, texts looked for, devices shown.
screen register "Ga1${enter}r" "$work/small.elf"
shows register 'The register has just changed' 'a1 00000001'
screen no_register "Gx99$enter" "$work/small.elf"
shows no_register "no register 'x99'"
screen search "/halt$enter" "$work/small.elf"
[ -s "$work/search.txt" ] && shows search 'done:   halt'
screen devices "$tab$tab" --disk LICENSE disk
shows devices 'timer   not set' 'disk    [0-9]* KiB, idle' 'network 0 sent'
screen event "trrr2/timer$enter" --vmm trap_and_emulate nucleus

# ---- Under tmux: keys and mouse --------------------------------------------------------------------------------------
need_terminal
octal() { printf '\\%o' $((32 + $1)); }
# press LINE COLUMN [BUTTON], from 1; BUTTON is 0, or 64 and 65 for the wheel. And lets go.
press() {
    type_keys -l "$(printf "\033[M$(octal "${3:-0}")$(octal "$2")$(octal "$1")")"
    [ -n "$3" ] || type_keys -l "$(printf "\033[M$(octal 3)$(octal "$2")$(octal "$1")")"
}

begin "PS1='> ' sh"
see '>'
type_keys "TERM=screen-256color $PG74 tui --vmm none,trap_and_emulate nucleus" Enter
see 'side by side, in step'
type_keys n
see ' 1,000  .* 1.00'
press 13 10
see '^▶ trap_and_emulate'
press 24 2
see ' 1,001 '
press 5 5 64
see '^▶ bare machine'
type_keys j Enter
see 'nucleus   1,.* (trap_and_emulate)\|in nucleus '
type_keys 4
see 'side by side'
terminal resize-window -t t -x 132 -y 43
see '^cycles '
type_keys 5
see 'dashboard  2 machines'
type_keys ' '
see 'goes on'
type_keys c
see 'dashboard  3 machines'
terminal resize-window -t t -x 80 -y 24
type_keys 7
see 'Theorem 1 .*guaranteed'
press 9 17
type_keys '?'
see 'make the instruction privileged'
type_keys q
see 'Theorem 1'
type_keys q
see '^> *$'
# Without the mouse a click is no key; a terminal that can place nothing, or little, gets the screen as plain text.
for simple in dumb vt100; do
    type_keys "clear; TERM=$simple $PG74 tui --ascii hello" Enter
    see 's step  b back'
    see '^> *$'
done
type_keys "clear; LC_ALL=C TERM=linux $PG74 tui --no-mouse --isa pocket" Enter
see 'Theorem 3 .*guaranteed'
type_keys q
see '^> *$'
exit $failed
