# pg74 shell: piped scripts, and a person's session in an 80x24 terminal that tmux plays, with TERM=dumb, too.
folder=$(mktemp -d) || exit 70
socket=none sessions=0
trap 'tmux -L $socket kill-server 2>/dev/null; rm -rf "$folder"' EXIT

fail() {
    echo "$*"
    exit 1
}

# ---- Without a terminal: no prompt, errors with their line, exit codes -----------------------------------------------

# piped STATUS PATTERN TEXT: standard input as a script.
piped() {
    echo "$3" | "$PG74" shell >"$folder/out" 2>"$folder/err"
    status=$?
    [ $status -eq "$1" ] || fail "'$3' exits with $status, not $1: $(cat "$folder/err")"
    cat "$folder/out" "$folder/err" >"$folder/all"
    [ -z "$2" ] || grep -q "$2" "$folder/all" || fail "'$3' prints no '$2': $(cat "$folder/all")"
}
piped 0 '^3$' 'print(1 + 2)'
grep -q pg74 "$folder/out" && fail "a prompt where there is no terminal"
piped 65 '^stdin:2: .*nosuch' 'local a = 1
nosuch()'
piped 65 'stdin:1: unexpected symbol near' 'x = = 1'
piped 7 '' 'os.exit(7)'
piped 65 "^stdin:1: .*did you mean 'guest'" 'pg74.machine {gest = "hello"}'
echo 'print(arg[0], arg[1], ..., #arg) return 1' >"$folder/script.lua"
[ "$("$PG74" shell "$folder/script.lua" one two)" = "$folder/script.lua	one	one	2" ] || fail "arguments of a script"
"$PG74" shell "$folder/nosuch.lua" 2>/dev/null
[ $? -eq 66 ] || fail "a script that is not there"
"$PG74" shell --nosuch 2>/dev/null
[ $? -eq 64 ] || fail "an option that is not there"

mkdir -p "$folder/scratch" "$folder/endless/submission" # a lab that never ends
echo 'return {api = 1, title = "-", submit = {"a"}, tasks = {{id = "a", title = "-", points = 1, check = function() while true do end end}}}' \
    >"$folder/endless/lab.lua"

# ---- In a terminal ---------------------------------------------------------------------------------------------------

command -v tmux >/dev/null || { echo "tmux is missing"; exit 77; }

# open TERM: a session, with the history of the one before.
open() {
    sessions=$((sessions + 1))
    socket=pg74-$$-$sessions
    tmux -L $socket -f /dev/null new-session -d -x 80 -y 24 \
        "env TERM=$1 XDG_STATE_HOME=$folder TMPDIR=$folder/scratch EDITOR='sed -i s/1/2/g' NO_COLOR=1 $PG74 shell
            echo left with \$?; read -r rest"
    shows '^pg74> *$'
}
close() {
    tmux -L $socket kill-server
}
screen() {
    tmux -L $socket capture-pane -p 2>/dev/null
}
# shows PATTERN: it comes within 20 seconds.
shows() {
    tries=0
    until screen | grep -q -- "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { screen; fail "there is no '$1' on the screen"; }
        sleep 0.1
    done
}
keys() {
    tmux -L $socket send-keys "$@"
}
# line TEXT PATTERN: typed, it leads to the pattern; then there is a prompt again.
line() {
    keys -l -- "$1"
    keys Enter
    shows "$2"
    shows '^pg74> *$'
}
clear() {
    keys C-l
    shows '^pg74> *$'
}

open screen
line '6 * 7' '^42$'
line '{1, 2, three = 3}' '^{ 1, 2, three = 3 }$'
line '"a", nil, 0x12345' '^74565  0x12345$'
clear
keys -l 'for i = 1, 2 do'; keys Enter; shows '^  \.\.\. *$'
keys -l 'print(i * 111)'; keys Enter
line 'end' '^222$'
clear
line 'm = pg74.machine {guest = "hello"}' '^pg74> *$'
line 'nosuch.field' 'attempt to index a nil value (global .nosuch.)'
line 'function f() local x = 1; error("in the middle") end' '^pg74> *$'
line 'f()' "in function 'f'"
clear

# Completion: globals, fields, methods, registers, states, symbols, files; all there are.
tab() { keys -l -- "$1"; keys Tab; shows "$2"; keys C-u; }
tab 'pg74.mach' '^pg74> pg74.machine *$'
tab 'coro' '^pg74> coroutine *$'
tab 'm:disass' '^pg74> m:disassembly *$'
tab 'print(m.memo' 'print(m.memory_size *$'
tab 'm.x.s1' '^pg74> m.x.s1'
tab 'm.state.iden' '^pg74> m.state.identification *$'
tab 'm:address("_sta' 'm:address("_start'
tab 'pg74.machine {guest = "nucleus-p' 'guest = "nucleus-paravirtual'
tab 'pg74.machine {guest = "hello", vmm = "trap_and_emulate/hyb' 'vmm = "trap_and_emulate/hybrid'
tab 'pg74.machine {guests = {"hello", "nucleus-p' 'guests = {"hello", "nucleus-paravirtual'
tab 'pg74.classify("pdp11' 'pg74.classify("pdp11_45'
tab 'pg74.isa "pocke' 'pg74.isa "pocket'
tab ':load tests/lab/mod' ':load tests/lab/module\.'
tab ':he' '^pg74> :help'
keys -l 'm.x.t'; keys Tab Tab; shows 'm.x.t0 .*m.x.t1'; keys C-u
clear

# Ctrl-C: at the prompt, in a machine, in a check, in a loop of Lua, in a loop that catches errors.
keys -l 'garbage('; shows 'garbage('; keys C-c; shows '\^C'
line '33 * 3' '^99$'
line 'e = pg74.machine {guest = pg74.assemble "_start: j _start"}' '^pg74> *$'
interrupt() { clear; keys -l -- "$1"; keys Enter; tries=0
    until screen | grep -q interrupted; do
        keys C-c
        sleep 0.2
        tries=$((tries + 1))
        [ $tries -lt 3 ] || { shows interrupted; }
    done
    [ $tries -gt 1 ] || ! screen | grep -q '^pg74> ^C' || fail "Ctrl-C is taken twice: $(screen)"
    shows '^pg74> *$'; }
interrupt 'e:run()'
line 'e.pc' '^4096  0x1000$'
clear; keys -l 'print "begins" pg74.check {vmm = "trap_and_emulate", guests = 10000000}'; keys Enter; shows '^begins$'
keys C-c; shows 'interrupted, after [0-9]* of'; shows '^pg74> *$'
interrupt 'while true do end'
interrupt 'while true do pcall(e.run, e) end'
interrupt 'pg74.classify("pg74h")'
interrupt "pg74.grade {lab = '$folder/endless', submission = '$folder/endless/submission'}"
[ -z "$(ls "$folder/scratch")" ] || fail "the grader leaves behind: $(ls -l "$folder/scratch")"
line '"still here"' '^still here$'
clear

# Commands of the shell.
line ':help' 'executes the text, and says how long'
line ':tiem 1' "did you mean ':time'"
line ':time 5 * 5' '^25$'
shows ' s of the processor'
line 'print("v", 1111)' '1111'
line ':edit' 'v	2222\|v  *2222'
keys -l ':quit'; keys Enter; shows 'left with 0'
close

# History is there the next time, even of a shell that was killed.
open screen
keys Up; shows '^pg74> :quit'; keys Up; shows '^pg74> :edit'; keys C-u
line '"remember me"' '^remember me$'
kill -9 "$(tmux -L $socket list-panes -F '#{pane_pid}' | head -n 1)" 2>/dev/null
close
open dumb
line '2 ^ 10' '^1024.0$'
keys C-p; shows '^pg74> 2 ^ 10'; keys C-p; shows '^pg74> "remember me"'; keys C-u
keys C-d; shows 'left with 0'
close
