#!/bin/sh
# Lessons are gone through from start to end, as a dialogue, with the solutions that they have themselves. Nothing is wrong on the way; what
# was done is kept, and confirmed when it is judged again. (walk.sh does the same with ours, answering as a reader would.)
cd "$(dirname "$0")/../.." || exit 1
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export XDG_STATE_HOME="$folder/state" TERM=dumb LANGUAGE=en
mkdir "$XDG_STATE_HOME"
complain() {
    echo "$*"
    tail -n 20 "$folder/log" "$folder/errors"
    failed=1
}

play() { # the folder of lessons, and one of them
    yes 'solve
' | "$PG74" lesson "$2" --plain --lessons "$1" >"$folder/log" 2>"$folder/errors" || complain "$2: exit status $?"
    grep -q 'This was the end of the lesson' "$folder/log" || complain "$2: it does not end"
    grep -q 'Not yet' "$folder/log" && complain "$2: something is not done by its solution"
    [ -s "$folder/errors" ] && complain "$2: errors"
    "$PG74" lesson list --lessons "$1" | grep -q " $2 .* min  done" || complain "$2: not done"
}

for path in tests/lessons/good/*/; do
    [ -f "$path/en.md" ] && play "$(dirname "$path")" "$(basename "$path")"
done

for lessons in tests/lessons/good; do
    "$PG74" lesson export --lessons $lessons -o "$folder/record" || complain "$lessons: no record"
    "$PG74" lesson verify --lessons $lessons "$folder/record" >"$folder/log" 2>"$folder/errors" || complain "$lessons: not confirmed"
done
exit $failed
