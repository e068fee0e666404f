#!/bin/sh
# The classifier with one mistake each (tests/classifier/mutants/mutations), against its own tests. As a part of `make
# check`: every mistake can still be made. With MUTANTS=all or MUTANTS="NAME...", as `make classifier-mutants` has it: each is
# made, in a copy of its file, linked into the tests, and some test must fail. One that survives is a failure.
set -u
list=tests/classifier/mutants/mutations
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
killed=0 survivors= stale= made=0

# try NAME FILE EXPRESSION: makes the mistake and runs the tests, quick ones first.
try() {
    $CC $FLAGS "-I$(dirname "$2")" -Wno-error -w -c "$work/$(basename "$2")" -o "$work/mutant.o" || {
        stale="$stale $1"
        return
    }
    for test in pocket variants verdicts random refute; do
        # The mutant's symbols come first, so that the library's object of the same file is not taken.
        $CC $LDFLAGS "$BUILD/tests/classifier/test_$test.o" "$work/mutant.o" "$BUILD/libpg74.a" $LIBS -o "$work/test" || exit 70
        timeout "${MUTANT_TIMEOUT:-300}" "$work/test" >"$work/out" 2>&1 </dev/null
        status=$?
        if [ $status -eq 124 ]; then # that may be the computer's fault: it proves nothing
            echo "$1: test_$test took too long"
            survivors="$survivors $1"
            return
        elif [ $status -ne 0 ]; then
            case $status in
                1)   why=$(grep -v -e '^\[' -e '^$' -e '^   ' "$work/out" | head -n 1 | sed 's/^ERROR: //' | cut -c 1-110) ;;
                *)   why="exit status $status" ;;
            esac
            printf '%-24s killed by test_%s: %s\n' "$1" "$test" "$why"
            killed=$((killed + 1))
            return
        fi
    done
    printf '%-24s SURVIVES\n' "$1"
    survivors="$survivors $1"
}

# Nothing is proved by tests that fail without any mistake.
if [ -n "${MUTANTS:-}" ]; then
    for test in pocket refute; do
        "$BUILD/tests/classifier/test_$test" >"$work/out" 2>&1 || { cat "$work/out"; echo "test_$test fails as it is"; exit 1; }
    done
fi

while read -r name file expression; do
    case $name in '#'*|'') continue ;; esac
    copy=$work/$(basename "$file")
    sed -e "$expression" "$file" >"$copy" || exit 70
    if cmp -s "$file" "$copy"; then
        echo "$name: the change does not apply to $file any more"
        stale="$stale $name"
        continue
    fi
    made=$((made + 1))
    case ${MUTANTS:-} in
        '')  ;;
        all) try "$name" "$file" ;;
        *)   case " $MUTANTS " in *" $name "*) try "$name" "$file" ;; esac ;;
    esac
done <"$list"

[ -n "${MUTANTS:-}" ] && echo "$killed killed of $made; survivors:${survivors:- none}"
[ "$made" -ge 35 ] && [ -z "$stale" ] && [ -z "$survivors" ]
