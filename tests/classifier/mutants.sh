#!/bin/sh
# The classifier with one mistake each (tests/classifier/mutants/mutations), against its own tests. As a part of `make
# check`: every mistake can still be made. With MUTANTS=all or MUTANTS="NAME...", as `make classifier-mutants` has it: each is
# made, in a copy of its file, linked into the tests (MUTANT_TESTS: into these alone), and some assertion must fail, with a
# message. One that survives is a failure, as is one that cannot be compiled. A test that takes too long or crashes proves
# nothing: the next one is tried.
set -u
list=tests/classifier/mutants/mutations
quick_first=${MUTANT_TESTS:-refute pocket random variants conditions guest_mode verdicts}
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
killed=0 survivors= stale= made=0

# link TEST OBJECT...: the objects come before the library, so that its object of the same file is not taken.
link() {
    test=$1; shift
    $CC $LDFLAGS -Wl,-S "$BUILD/tests/classifier/test_$test.o" "$@" "$BUILD/libpg74.a" $LIBS -o "$work/test" || exit 70
}

# What a failed test says first: its own message, or the assertion. Nothing, where no assertion failed.
message() {
    grep -q '^\[  *LINE  *\] --- .*: error:' "$work/out" || grep -q '^\[  *ERROR  *\] ---' "$work/out" || return
    grep -v -e '^\[ *\(=\|RUN\|OK\|PASSED\|FAILED\|LINE\)' -e '^\[ *ERROR *\] --- *\(\[\|$\)' -e 'FAILED TEST' \
        -e '^ *$' -e '^   ' "$work/out" | head -n 1 | sed 's/^\[ *ERROR *\] --- /assertion: /; s/^ERROR: //' | cut -c 1-120
}

# try NAME FILE: makes the mistake and runs the tests, until one fails.
try() {
    $CC $FLAGS "-I$(dirname "$2")" -Wno-error -w -c "$work/$(basename "$2")" -o "$work/mutant.o" 2>"$work/out" || {
        cat "$work/out"
        stale="$stale $1"
        return
    }
    for test in $quick_first; do
        link "$test" "$work/mutant.o"
        timeout "${MUTANT_TIMEOUT:-100}" "$work/test" >"$work/out" 2>&1 </dev/null
        status=$?
        [ $status -eq 0 ] && continue
        why=$(message)
        if [ $status -lt 100 ] && [ -n "$why" ] && ! grep -q 'failed with exception' "$work/out"; then
            printf '%-24s  %-10s  %s\n' "$1" "$test" "$why"
            killed=$((killed + 1))
            return
        elif [ $status -eq 124 ]; then # that may be the computer's fault; another test may tell
            echo "$1: test_$test took too long"
        else
            echo "$1: test_$test crashed, or does not say why it fails (exit status $status)"
        fi
    done
    printf '%-24s  SURVIVES\n' "$1"
    survivors="$survivors $1"
}

# Nothing is proved by tests that fail without any mistake.
if [ -n "${MUTANTS:-}" ]; then
    for test in $quick_first; do
        "$BUILD/tests/classifier/test_$test" >"$work/out" 2>&1 || { cat "$work/out"; echo "test_$test fails as it is"; exit 1; }
    done
    printf '%-24s  %-10s  %s\n' mistake "found by" 'what the test says'
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

[ -n "${MUTANTS:-}" ] && echo "$killed found, of $made mistakes; not found:${survivors:- none}; cannot be made:${stale:- none}"
[ "$made" -ge 35 ] && [ -z "$stale" ] && [ -z "$survivors" ]
