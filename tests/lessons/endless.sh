# What the reader runs need not end: the dialogue stops it, a check has a limit, and Ctrl-C ends what is being done and not the lesson.
cd "$(dirname "$0")/../.." || exit 1
. tests/tui/terminal.inc
export LC_ALL=C.UTF-8 LANGUAGE=en ASAN_OPTIONS=detect_leaks=0 PG74_LESSONS=tests/lessons/endless XDG_STATE_HOME="$work/state"
has() { grep -q -e "$1" "$work/shown" || { complain "no '$1' in:"; cat "$work/shown"; }; }

printf 'run\nrun trap\nskip\n\nskip\n\nquit\n' | $PG74 lesson --plain endless >"$work/shown" 2>&1 || complain "the dialogue: exit $?"
[ "$(grep -c 'for it goes on and on: 100000000 steps' "$work/shown")" -eq 2 ] || { complain "not stopped twice:"; cat "$work/shown"; }
has 'Not yet: it does not come to an end: a machine has executed 500 million instructions'
has 'Not yet: it does not come to an end$'
$PG74 lesson check endless >"$work/shown" 2>&1 || { complain "check: exit $?"; cat "$work/shown"; }

# holds_back PID: Ctrl-C waits, so something is being done.
holds_back() { [ $((0x$(sed -n 's/^SigBlk:[[:space:]]*//p' "/proc/$1/status") & 2)) -ne 0 ]; }
mkfifo "$work/typed"
rm -rf "$work/state"
$PG74 lesson --plain endless <"$work/typed" >"$work/shown" 2>&1 &
dialogue=$!
exec 3>"$work/typed"
echo 'step 1000000000' >&3
for _ in $(seq 600); do
    holds_back $dialogue && break
    sleep 0.05
done
kill -INT $dialogue
printf 'registers\nquit\n' >&3
exec 3>&-
wait $dialogue || complain "interrupted, the dialogue has ended with $?"
has 'Interrupted'
has 'a0\|X\[10\]'

# A command that is ended is no result, and says what ended it.
$PG74 lesson --plain command <"$work/typed" >"$work/shown" 2>&1 &
dialogue=$!
exec 3>"$work/typed"
for _ in $(seq 600); do
    pkill -INT -P $dialogue && break
    sleep 0.05
done
echo quit >&3
exec 3>&-
wait $dialogue || complain "its command interrupted, the dialogue has ended with $?"
has "'pg74 check --guests 100000000 trap_and_emulate' was ended: Interrupt"

need_terminal
begin "$PG74 lesson endless; sleep 100"
see 'To do'
type_keys N
see 'Mend mine.s'
for _ in 1 2 3 4 5; do # it may have ended by itself before
    type_keys c
    comes 'Trying it'
    type_keys C-c
    comes 'Not yet: '
    capture | grep -q 'Not yet: interrupted' && break
    type_keys Tab Tab
done
capture | grep -q 'Not yet: interrupted' || { complain "not interrupted:"; capture; }
exit $failed
