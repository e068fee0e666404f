# The machine screen. By keys given on the command line: what the screens say. Under tmux: a terminal that is resized, suspended,
# interrupted, too small, without colours or UTF-8, and left behind as it was.
. tests/tui/terminal.inc
LC_ALL=C.UTF-8
ASAN_OPTIONS=detect_leaks=0 # ncurses keeps what it has read about terminals
export LC_ALL ASAN_OPTIONS

# screen NAME KEYS OPTION...: the screen after the keys.
screen() {
    name=$1 keys=$2
    shift 2
    $PG74 tui --keys "$keys" --export "$work/$name.txt" "$@" 2>"$work/err" || { complain "$name: exit $?"; cat "$work/err"; }
}
# shows NAME PATTERN...: every pattern stands on the screen.
shows() {
    name=$1
    shift
    for pattern; do
        grep -q -e "$pattern" "$work/$name.txt" || { complain "$name: no '$pattern' on:"; cat "$work/$name.txt"; }
    done
}
enter=$(printf '\r')

screen start "" --vmm trap_and_emulate nucleus
shows start 'pg74  in trap_and_emulate   0 instructions, 0 traps   (nucleus under' 'supervisor  enable 0' 'vmm/common/start.S' '▶ *29 .*la    sp' \
    'no trap yet' 's step  b back'
[ "$(wc -l <"$work/start.txt")" -eq 24 ] || complain "start: not 24 lines"
# Into a guest at a breakpoint, to a trap, over it, and the way back, from instruction to instruction.
screen break "Bmain${enter}" hello
shows break "There is no address and no name 'main'"
screen trap "tr" --vmm trap_and_emulate nucleus
shows trap 'A trap has just been taken' '▶ *37 .*sw    x1, SAVED_X1' 'trap privileged at .* in nucleus' 'in trap_and_emulate'
screen out "tro" --vmm trap_and_emulate nucleus
shows out 'in nucleus ' ' user ' 'scenarios/nucleus'
screen translated "o" --isa pg74p --vmm binary_translation nucleus
shows translated '^ *user '
screen back "troRR" --vmm trap_and_emulate nucleus
shows back 'This is the start' '0 instructions, 0 traps' 'no trap yet'
screen same "ssssbbbb" --vmm trap_and_emulate nucleus
sed -e 's/This is.*//' "$work/same.txt" | head -22 >"$work/a"
head -22 "$work/start.txt" | diff - "$work/a" >"$work/diff" || { complain "four steps and four back:"; cat "$work/diff"; }
screen end "r" nucleus
shows end 'halted with code 0' 'nucleus: 5 processes, 0 failed'
screen wrote "rwticks${enter}" nucleus
shows wrote 'The next instruction is what last wrote 0x' 'kernel.c' 'ticks'
# A name is the cursor's program's, or that of the first that has it; where others have it, too, the screen says which is meant.
screen elsewhere "gticks${enter}" --vmm trap_and_emulate nucleus
shows elsewhere 'This is 0x[0-9a-f]* of nucleus\.' '^  ticks'
screen ambiguous "Bvmm_main${enter}" --vmm trap_and_emulate/trap_and_emulate nucleus
shows ambiguous 'r now stops at 0x[0-9a-f]* of trap_and_emulate (or trap_and_emulate, level 2:v'
screen second "Btrap_and_emulate, level 2:vmm_main${enter}r" --vmm trap_and_emulate/trap_and_emulate nucleus
shows second 'Stopped at the breakpoint' 'in trap_and_emulate, level 2 '
screen guests "Wnucleus, guest 2:ticks${enter}r" --vmm trap_and_emulate nucleus nucleus
shows guests 'Somebody has just stored to' 'in nucleus, guest 2 '
screen watch "Wticks${enter}r" nucleus
shows watch 'Somebody has just stored to' 'kernel_'
screen modes "mr" nucleus
shows modes 'The mode has just changed' ' user '
screen memory "$(printf '\tg0x1000\r')" nucleus
shows memory '00001000 [0-9a-f]\{8\} [0-9a-f]\{8\}'
screen there "$(printf 'g0x10ff0\r\t')" nucleus
shows there '00010ff0 [0-9a-f]\{8\} [0-9a-f]\{8\}'
screen guest_mode "o" --isa pg74h --vmm hardware_assisted hello
shows guest_mode 'in hello, guest mode ' 'supervisor'
# The timeline: what was seen before going back is still to come; any moment can be gone to. The memory map.
screen timeline "trrrRR2" --vmm trap_and_emulate nucleus
shows timeline '^▶ *[0-9,]* trap privileged' 'to come *[0-9,]* trap privileged at'
screen chosen "trrr2kk${enter}" --vmm trap_and_emulate nucleus
shows chosen 'The next step is what you chose' '^▶to come .* trap' 'in nucleus '
screen map "tro3" --vmm trap_and_emulate nucleus
shows map '00000000-000fffff  rwx  00000000-000fffff  00[0-9a-f]*-00[0-9a-f]*  nucleus' 'trap_and_emulate$\|trap_and_emulate  *$'
screen pages "3" --isa pg74p nucleus
shows pages '00000000-000fffff  rwx'
screen nothing "z" hello
shows nothing 'z does nothing here'
screen help "?" hello
shows help 'execute one instruction' 'Up and Down show the rest'
screen wide "vtr" --size 150x40 --isa pg74p --vmm trap_and_emulate nucleus nucleus
shows wide 'vmm/common/start.S.* vmm_trap_entry' 'trap memory at 00001000, not mapped' 'guest 2'
[ "$(wc -l <"$work/wide.txt")" -eq 40 ] || complain "wide: not 40 lines"
screen pocket "ss" --isa pocket pocket_sum
shows pocket 'pocket  in pocket_sum   2 instructions' 'R0 [0-9a-f][0-9a-f] \|r0 [0-9a-f][0-9a-f] '
screen ascii "tr" --ascii --vmm trap_and_emulate nucleus
LC_ALL=C grep -q '[^ -~]' "$work/ascii.txt" && { complain "not only ASCII:"; cat "$work/ascii.txt"; }
screen page "" hello
$PG74 tui --export "$work/page.html" hello && grep -q '<pre .*' "$work/page.html" && grep -q 'hello' "$work/page.html" || complain "no page"

refuses() { # CODE MESSAGE OPTION...
    code=$1 message=$2
    shift 2
    $PG74 tui "$@" >"$work/out" 2>&1 </dev/null
    [ $? -eq "$code" ] && grep -q -e "$message" "$work/out" || { complain "pg74 tui $*:"; cat "$work/out"; }
}
refuses 64 "are no terminal" hello
refuses 64 "options of run" --limit 5 hello
refuses 64 "not 'big'" --size big hello
refuses 66 "cannot be written" --export "$work/no/such/folder.txt" hello
refuses 66 "no file 'nothing'" --export "$work/x.txt" nothing

# ---- Under tmux ------------------------------------------------------------------------------------------------------
need_terminal

for kind in xterm-256color linux xterm; do
    server=pg74-$kind
    begin "PS1='> ' sh"
    see '>'
    type_keys "TERM=$kind $PG74 tui --vmm trap_and_emulate nucleus" Enter
    see 'no trap yet'
    type_keys t r
    see 'A trap has just been taken'
    type_keys o Space
    see 'r now stops at'
    type_keys C R
    see 'This is the start'
    [ $kind = linux ] || { terminal resize-window -t t -x 132 -y 43; see 'vmm_main\|_start$\|_start *pc'; }
    terminal resize-window -t t -x 60 -y 10
    see 'is too small'
    terminal resize-window -t t -x 80 -y 24
    see 'supervisor  enable 0'
    type_keys C-z
    see 'Stopped\|^>'
    type_keys fg Enter
    see 'supervisor  enable 0'
    type_keys '?'
    see 'these lines'
    type_keys q
    see 's step  b back'
    type_keys q
    see '^> *$'
    type_keys 'echo left with $?' Enter
    see '^left with 0'
    type_keys "clear; TERM=$kind $PG74 tui hello; echo raw: \$(stty -a | grep -c -- -icanon)" Enter
    see 'pg74  in hello '
    type_keys 'C-\' # ends the program, and must not leave the terminal raw
    see '^raw: 0'
    terminal kill-server
done

# A guest that never ends: Ctrl-C stops it, and the screen goes on. At a pace, it moves by itself.
printf '        .text\nloop:   addi a0, a0, 1\n        j loop\n' >"$work/loop.s"
$PG74 asm "$work/loop.s" -o "$work/loop.elf" || exit 1
server=pg74
begin "NO_COLOR=1 LC_ALL=C $PG74 tui $work/loop.elf; stty -a | grep -o '[-]*icanon'; sleep 100"
see 'loop.s'
type_keys r
see 'Running. Ctrl-C stops'
type_keys C-c
see 'Interrupted'
type_keys 0
see ' 0 instructions'
type_keys p
see ' [1-9] instructions'
type_keys s q
see '^icanon'
exit $failed
