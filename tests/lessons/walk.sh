# Every lesson from its start to its end, in the dialogue: whoever follows the text gets what it says. Each prediction and
# question is answered right, what is to be done is done as the hints say it, and tasks are solved by their solutions.
cd "$(dirname "$0")/../.." || exit 1
state=$(mktemp -d) || exit 1
trap 'rm -rf "$state"' EXIT
export XDG_STATE_HOME="$state" LC_ALL=C.UTF-8
failed=0
for folder in lessons/*/; do
    folder=${folder%/}
    name=${folder#lessons/}
    [ -f "$folder/en.md" ] || continue
    mkdir -p "$state/pg74/work/$name"
    "$PG74" shell tests/lessons/walk.lua "$folder" "$state/pg74/work/$name" >"$state/typed" 2>"$state/asked" || { cat "$state/asked"; failed=1; continue; }
    "$PG74" lesson --plain --lang en --lessons lessons "$name" <"$state/typed" >"$state/shown" 2>&1 || { echo "$name: exit $?"; failed=1; }
    asked=$(cat "$state/asked")
    met=$(grep -c -e '^Right\.$' -e '^Done\.$' "$state/shown")
    if [ "$met" -ne "$asked" ] || ! grep -q 'the end of the lesson' "$state/shown"; then
        echo "$name: $met of $asked things that were asked are met"
        grep -n -A4 -e '^It is ' -e '^That is not it' -e 'error' "$state/shown" | head -40
        tail -n 15 "$state/shown"
        failed=1
    fi
done

# The record of all this is confirmed.
"$PG74" lesson export --lessons lessons -o "$state/record" || failed=1
"$PG74" lesson verify --lessons lessons "$state/record" >"$state/verdict" 2>&1 || { grep -v ' confirmed' "$state/verdict"; failed=1; }
exit $failed
