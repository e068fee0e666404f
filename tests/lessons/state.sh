#!/bin/sh
# What a reader did is kept: when the program is killed, when the file is damaged, when it cannot be written; and it can be forgotten.
# A record that says what is not so is not confirmed.
cd "$(dirname "$0")/../.." || exit 1
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export XDG_STATE_HOME="$folder/state" TERM=dumb LANGUAGE=en PG74_LESSONS=tests/lessons/good
kept="$XDG_STATE_HOME/pg74/lessons/sample"
complain() {
    echo "$*"
    [ -f "$kept" ] && cat "$kept"
    tail -n 15 "$folder/log"
    failed=1
}
says() { # PATTERN LINE...: what it says when these lines are typed
    pattern=$1
    shift
    printf '%s\n' "$@" | "$PG74" lesson sample --plain >"$folder/log" 2>&1
    grep -q -- "$pattern" "$folder/log" || complain "typing '$*' does not give '$pattern'"
}

# Killed in the middle, with an answer given: the next run goes on there.
mkfifo "$folder/keys"
"$PG74" lesson sample --plain <"$folder/keys" >"$folder/log" 2>&1 &
program=$!
exec 3>"$folder/keys"
printf '\n\n2\n\n3\n' >&3
tries=0
until grep -q 'They are 3' "$folder/log" || [ $tries -eq 600 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -9 $program
wait $program 2>/dev/null
exec 3>&-
says 'You were here before' ''
grep -q '^answer number right 3' "$kept" || complain 'the answer is not kept'
"$PG74" lesson list | grep -q ' 2 of 4 ' || complain 'the list does not say what was done'

# A line that was never completed is left out, and one that is added later stands by itself.
printf 'done ste' >>"$kept"
says 'You were here before' 'go 1'
grep -q 'done step' "$kept" && complain 'half a line counts'
[ "$(sed -n '$p' "$kept")" = 'at 0 0' ] || complain 'a line does not stand by itself'

# A damaged file is put aside, what can be read of it counts, and the lesson goes on.
printf 'rubbish\n' >>"$kept"
says 'is damaged. It is in .*sample.damaged-1 now' ''
grep -q rubbish "$kept.damaged-1" || complain 'the damaged file is lost'
grep -q '^answer number right 3' "$kept" || complain 'what could be read of the damaged file is lost'
head -c 300 /dev/urandom >"$kept"
says 'is damaged. It is in .*sample.damaged-2 now' ''
says 'You were here before' ''

# A place where nothing can be written is said, and does no more harm.
XDG_STATE_HOME=/proc/nowhere says 'What you do cannot be kept' ''
XDG_STATE_HOME=/proc/nowhere says 'It has executed its first instruction' ''

# Reset forgets.
"$PG74" lesson reset sample || complain 'reset fails'
[ -e "$kept" ] && complain 'reset leaves something'
"$PG74" lesson list | grep -q ' of 4 ' && complain 'reset is not seen in the list'
"$PG74" lesson export >"$folder/log" 2>&1
[ $? -eq 66 ] || complain 'export with nothing done: not 66'

# The reader's own file: wrong in two ways, then right.
says 'Your file double.s: ' 'go 3' 'step' '' ''
file="$XDG_STATE_HOME/pg74/work/sample/double.s"
says 'Not yet: it halts with code 5' ''
echo '_start: ad a0, a0' >"$file"
says "Not yet: .*ad" ''
cp tests/lessons/good/sample/solution/double.s "$file"
says 'Done' ''
"$PG74" lesson export >"$folder/record" || complain 'export fails'
"$PG74" lesson verify "$folder/record" >"$folder/log" 2>&1 || complain 'a true record is not confirmed'
sed 's/add     a0, a0, a0/nop/' "$folder/record" >"$folder/forged"
"$PG74" lesson verify "$folder/forged" >"$folder/log" 2>&1
[ $? -eq 1 ] && grep -q 'NOT CONFIRMED: it halts with code 5' "$folder/log" || complain 'a forged file is confirmed'
sed 's/"version":"./"version":"x/' "$folder/record" >"$folder/forged"
"$PG74" lesson verify "$folder/forged" >"$folder/log" 2>&1
[ $? -eq 1 ] || complain 'a record of another version is confirmed'
# Files of other kinds, with a mistake each: what is wrong with them is the reason, and the lesson goes on.
work="$XDG_STATE_HOME/pg74/work/files"
mkdir -p "$work"
printf 'unsigned answer(void) { retrun 1; }\n' >"$work/answer.c"
printf 'variant "mine" of "pg74"\n  title Mine\n' >"$work/mine.isa"
printf 'return io.open\n' >"$work/twice.lua"
printf '\nskip\n\nskip\n\n' | "$PG74" lesson files --plain >"$folder/log" 2>&1
for pattern in "answer.c:1:.*'retrun' undeclared" 'mine.isa:2:9: error: expected the title' "twice.lua:1: .*'io'"; do
    grep -q "$pattern" "$folder/log" || complain "no '$pattern'"
done

for line in '' 'x' '{}' '[]' '{"pg74_lesson_record":9,"lesson":"sample"}' '{"pg74_lesson_record":1,"lesson":"nothing"}' \
            '{"pg74_lesson_record":1,"lesson":"../good/sample"}'; do
    printf '%s\n' "$line" >"$folder/forged"
    "$PG74" lesson verify "$folder/forged" >"$folder/log" 2>&1
    case $? in 65|66) ;; *) complain "a record '$line' is taken for one" ;; esac
done
exit $failed
