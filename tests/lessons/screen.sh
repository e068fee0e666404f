#!/bin/sh
# The lesson screen. By keys given on the command line: what it shows, at two sizes, held against the screens in golden/ (UPDATE=1 writes
# them anew). Under tmux: resized, suspended, killed and begun again; a file that is edited, and one that is saved behind its back.
cd "$(dirname "$0")/../.." || exit 1
. tests/tui/terminal.inc
export LC_ALL=C.UTF-8 LANGUAGE=en ASAN_OPTIONS=detect_leaks=0 PG74_LESSONS=tests/lessons/good
export XDG_STATE_HOME="$work/state"
enter=$(printf '\r')

# screen NAME KEYS OPTION...: the screen after the keys. What was done in the lesson is forgotten before.
screen() {
    name=$1 keys=$2
    shift 2
    rm -rf "$XDG_STATE_HOME"
    mkdir "$XDG_STATE_HOME"
    $PG74 lesson sample --keys "$keys" --export "$work/$name.txt" "$@" 2>"$work/err" || { complain "$name: exit $?"; cat "$work/err"; }
}
shows() {
    name=$1
    shift
    for pattern; do
        grep -q -e "$pattern" "$work/$name.txt" || { complain "$name: no '$pattern' on:"; cat "$work/$name.txt"; }
    done
}
# golden NAME: the same as was kept, the reader's own folder aside.
golden() {
    sed "s|$work|WORK|" "$work/$1.txt" >"$work/seen"
    [ -n "$UPDATE" ] && cp "$work/seen" "tests/lessons/golden/$1.txt"
    diff "tests/lessons/golden/$1.txt" "$work/seen" || complain "golden/$1.txt differs"
}
# The keys that go through the lesson: on, prediction 1 (wrong), question 3, the step, the solution of the task.
all="${enter}${enter}${enter}1${enter}3${enter}${enter}${enter}s${enter}V${enter}${enter}"

for size in 80x24 132x43; do
    screen start-$size "" --size $size
    golden start-$size
    screen prediction-$size "${enter}${enter}${enter}1" --size $size
    golden prediction-$size
    screen task-$size "S$(printf 'jj')${enter}N" --size $size
    shows task-$size 'Change double.s' 'e edits, c checks'
    screen end-$size "$all" --size $size
    golden end-$size
done

screen step "Sjj${enter}s"
shows step 'Done. Enter goes on' '1 instructions'
screen wrong "${enter}${enter}${enter}7"
shows wrong 'There are 3 choices'
screen number "N${enter}Nx"
screen more "NNN9${enter}"
shows more 'That is not it. Try again'
screen solved "NNNHHV"
shows solved 'Count the lines' 'Right' 'They are 3'
screen again "Nssa"
shows again 'The machine is as it was' ' 1 instructions'
screen sections "S"
shows sections '▶  1. The machine' '4. Summary'
screen lessons "L"
shows lessons '▶   1  sample .* min  0 of 4'
rm -rf "$XDG_STATE_HOME" && mkdir "$XDG_STATE_HOME"
$PG74 lesson --keys "" --export "$work/list.txt" || complain "the list: exit $?"
shows list '▶   1  sample' 'Enter goes there'
$PG74 lesson --keys "$enter" --export "$work/chosen.txt" || complain "a lesson of the list: exit $?"
shows chosen 'page 1 of' 'This is text with styles'
screen search "/own file${enter}"
shows search "'own file' does not occur"
screen found "/double.s${enter}"
shows found 'Change double.s'
screen nothing "z"
shows nothing 'z does nothing here'
screen last "NNNNNNNNNN"
shows last 'This is the end of the lesson'
screen first "P"
shows first 'This is the start of the lesson'
screen alone "$(printf '\t')"
shows alone '1. The machine'
grep -q 'supervisor' "$work/alone.txt" && complain 'the machine is still there'
screen failed "NNNNNNcfb"
shows failed 'pg74  in double.s   1 instructions' '▶ *3 .*halt'
screen back "NNNNNNcf8"
shows back 'Not yet: it halts with code 5'
screen help "?"
shows help 'Enter, Space  *read on' 'execute one instruction'
screen ascii "$all" --ascii
LC_ALL=C grep -q '[^ -~]' "$work/ascii.txt" && { complain "not only ASCII:"; cat "$work/ascii.txt"; }

# ---- Under tmux ------------------------------------------------------------------------------------------------------
need_terminal

rm -rf "$XDG_STATE_HOME"
mkdir "$XDG_STATE_HOME"
printf '#!/bin/sh\ncp tests/lessons/good/sample/solution/double.s "$1"\n' >"$work/editor"
chmod +x "$work/editor"
begin "PS1='> ' EDITOR=$work/editor sh"
see '>'
type_keys "$PG74 lesson 1" Enter
see 'page 1 of'
type_keys Enter Enter
see 'Type the number of your choice'
type_keys 2
see 'It executes 3'
terminal resize-window -t t -x 140 -y 40
see '│'
terminal resize-window -t t -x 60 -y 10
see 'is too small'
terminal resize-window -t t -x 80 -y 24
see 'It executes 3'
type_keys C-z
see 'Stopped\|^>'
type_keys fg Enter
see 'It executes 3'
# Killed, and begun again: the place and the answer are there.
kill -9 "$(pgrep -P "$(terminal list-panes -F '#{pane_pid}')" -f 'lesson 1')"
see 'Killed'
type_keys 'stty sane; clear; echo cleared' C-j # the terminal was left as it was: Enter is none yet
see '^cleared'
type_keys "$PG74 lesson 1" Enter
see 'It executes 3'
# A file that is saved is tried at once; so is what the editor saves.
type_keys N N N N
see 'Change double.s'
file="$XDG_STATE_HOME/pg74/work/sample/double.s"
for _ in $(seq 100); do [ -f "$file" ] && break; sleep 0.1; done
printf '_start: li      a0, 7\n        halt    a0\n' >"$file"
see 'Not yet: it halts with code 7'
printf '_start: lu      a0, 7\n' >"$file"
see "no instruction 'lu'"
type_keys e
see 'Done. Enter goes on'
type_keys q
see '^> *$'
exit $failed
