# Every lesson on the screen, from its first page to its last, by the keys of a reader who follows the text and knows all answers
# (walk.lua): one lesson at 80x24, the next at 132x43, or each at the sizes in SIZES. Each page is written to a file when it comes
# and when it is answered, and looked at. The first screens, at both sizes, are held against those in golden/first, numbers masked,
# for what monitors cost may change; UPDATE=1 writes them anew.
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
case $PG74 in /*) ;; *) PG74=$root/${PG74:-build/pg74} ;; esac
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 LANGUAGE=en ASAN_OPTIONS=detect_leaks=0 XDG_STATE_HOME="$work/state"
ln -s "$root/lessons" "$work/lessons" # so that screens show no path of this computer
failed=0
complain() { echo "$*"; failed=1; }
enter=$(printf '\r')
mask() { sed -e 's/[0-9a-f]\{8\}/ADDRESS/g' -e 's/[0-9][0-9,.]*/N/g' -e 's/  */ /g' -e 's/ $//'; }

# walk NAME SIZE KEYS: in a new folder, where the keys write screens.
walk() {
    rm -rf "$work/screens"
    mkdir -p "$work/screens"
    (cd "$work/screens" && "$PG74" lesson --lang en --lessons ../lessons --size "$2" --keys "$3" --export end "$1") \
        >"$work/said" 2>&1 || { complain "$1 at $2: exit $?"; cat "$work/said"; }
}

# forget NAME: what was done; a folder for the solutions is there.
forget() {
    rm -rf "$XDG_STATE_HOME"
    mkdir -p "$XDG_STATE_HOME/pg74/work/$1"
}

# look NAME SIZE: is any screen ugly? Text must end before the last column of its part: else it was cut off.
look() {
    lines=${2#*x}
    for screen in "$work"/screens/*; do
        [ "$(wc -l <"$screen")" -eq "$lines" ] || complain "$1 at $2: $(wc -l <"$screen") lines on a screen"
        if ! iconv -f UTF-8 -t UTF-8 "$screen" >"$work/same" 2>&1 || grep -q -e '�' -e '[[:cntrl:]]' "$screen"; then
            complain "$1 at $2: garbled:"; cat "$screen"
        fi
        if grep -q -E '[a-z_]+\.(lua|md|s|c):[0-9]+:' "$screen"; then
            complain "$1 at $2: a message where there should be none:"; cat "$screen"
        fi
        last=$((lines - 1))
        sed -n '15p' "$screen" | grep -q 'instructions, .* traps' && last=14 # there the machine begins
        case $2 in
            80x24) cut=$(sed -n "2,${last}p" "$screen" | grep -E '^.{79}[^ ]') ;;
            *) cut=$(sed -n "2,${last}p" "$screen" | grep -E '^[^│]*[^ │]│') ;;
        esac
        [ -z "$cut" ] || complain "$1 at $2: cut off: $cut"
    done
}

# arrived NAME SIZE: it is the last page, and all is met.
arrived() {
    grep -q 'This is the end of the lesson' "$work/screens/end" || { complain "$1 at $2: not at its end:"; cat "$work/screens/end"; }
    "$PG74" lesson list --lang en --lessons "$root/lessons" | grep -q -E "^ *[0-9]+  $1 .*  done  " ||
        { complain "$1 at $2: not all is met:"; "$PG74" lesson list --lang en --lessons "$root/lessons" | grep " $1 "; }
}

size=132x43
for folder in lessons/*/; do
    name=${folder#lessons/} name=${name%/}
    [ -f "$folder/en.md" ] || continue
    for first in 80x24 132x43; do
        forget "$name"
        walk "$name" $first ""
        mask <"$work/screens/end" >"$work/first"
        [ -n "$UPDATE" ] && cp "$work/first" "tests/lessons/golden/first/$name-$first.txt"
        diff "tests/lessons/golden/first/$name-$first.txt" "$work/first" || complain "golden/first/$name-$first.txt differs"
        look "$name" $first
    done
    pages=$(sed -n '1s/.* page 1 of \([0-9]*\).*/\1/p' "$work/screens/end")

    if [ $size = 80x24 ]; then size=132x43; else size=80x24; fi
    for at in ${SIZES:-$size}; do
        forget "$name"
        "$PG74" shell tests/lessons/walk.lua "$folder" "$XDG_STATE_HOME/pg74/work/$name" screen >"$work/keys" 2>"$work/said" ||
            { complain "$name:"; cat "$work/said"; continue; }
        keys= page=0
        while IFS= read -r typed; do
            page=$((page + 1))
            keys="${keys}xa$page$enter${typed}xb$page$enter$enter"
        done <"$work/keys"
        [ $page -eq "$pages" ] || complain "$name has $pages pages, and walk.lua goes through $page"
        walk "$name" $at "$keys"
        look "$name" $at
        arrived "$name" $at
        for page in $(seq "$pages"); do
            grep -q "page $page of $pages" "$work/screens/b$page" ||
                { complain "$name at $at: not at page $page, but on:"; cat "$work/screens/b$page"; break; }
            grep -q 'more lines: Enter' "$work/screens/b$page" && complain "$name at $at: page $page was not read to its end"
        done
    done
done
exit $failed
