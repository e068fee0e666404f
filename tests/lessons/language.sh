#!/bin/sh
# The dialogue and the screens speak the language of the environment, or of --lang; the catalogues have all that lessons say.
cd "$(dirname "$0")/../.." || exit 1
command -v msgfmt >/dev/null || { echo "there is no gettext"; exit 77; }
failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" PG74_LESSONS=tests/lessons/good ASAN_OPTIONS=detect_leaks=0
unset LC_ALL LC_MESSAGES LANGUAGE
mkdir "$XDG_STATE_HOME"
complain() {
    echo "$*"
    tail -n 24 "$work/out"
    failed=1
}
says() { # PATTERN OPTION...
    pattern=$1
    shift
    echo quit | "$PG74" lesson sample --plain "$@" >"$work/out" 2>&1
    grep -q -- "$pattern" "$work/out" || complain "no '$pattern' with $* LANG=$LANG LANGUAGE=$LANGUAGE"
}

LANG=C.UTF-8 says 'Enter goes on'
LANG=C.UTF-8 says 'Enter — дальше' --lang ru
LANG=C.UTF-8 says 'Урок, в котором есть всё' --lang ru
LANG=C.UTF-8 LANGUAGE=ru:en says 'Enter — дальше'
LANG=ru_RU.UTF-8 says 'Enter — дальше'
LANG=C LANGUAGE=ru says 'Enter goes on'
LANG=xx_XX.UTF-8 says 'Enter goes on'
LANG=C.UTF-8 says 'A lesson that has everything' --lang xx
# What lesson.lua says, too.
printf 'go 3\n\n' | LANG=C.UTF-8 "$PG74" lesson sample --plain --lang ru >"$work/out" 2>&1
grep -q 'в a0 число 0' "$work/out" || complain 'a reason is not Russian'
LANG=C.UTF-8 "$PG74" lesson sample --lang ru --export "$work/out" && grep -q 'Enter дальше.*помощь  q выход' "$work/out" ||
    complain 'the screen is not Russian'
LANG=C.UTF-8 LANGUAGE=ru "$PG74" tui --keys z --export "$work/out" hello && grep -q 'ничего не делает' "$work/out" ||
    complain 'the machine screen is not Russian'

# Yes is said in the reader's language, or in English.
enter=$(printf '\r')
for yes in да y; do
    rm -rf "$XDG_STATE_HOME/pg74"
    LANG=C.UTF-8 "$PG74" lesson sample --lang ru --keys "Sjj${enter}ND$yes$enter" --export "$work/out"
    grep -q 'файлы снова такие' "$work/out" || complain "'$yes' is not yes"
done

# Where there is no UTF-8, what is shown is ASCII: on the screen and in the dialogue.
echo quit | LC_ALL=C "$PG74" lesson --plain --lang ru sample >"$work/out" 2>&1
LC_ALL=C grep -q '[^ -~]' "$work/out" && complain 'not only ASCII in the dialogue'
LC_ALL=C "$PG74" lesson sample --lang ru --export "$work/out"
LC_ALL=C grep -q '[^ -~]' "$work/out" && complain 'not only ASCII on the screen'

for catalogue in po/*.po; do
    msgfmt --check-format -o /dev/null "$catalogue" || complain "$catalogue is wrong"
done
printf 'msgid "%%s"\nmsgstr ""\n' >"$work/not_words.po"
xgettext --from-code=UTF-8 -x "$work/not_words.po" -k_ -kN_ -ktui_say:2 -ktui_ask:2 -o "$work/all.pot" tui/lesson*.c lab/lesson/*.c lab/lessons.c || failed=1
for catalogue in po/*.po; do
    msgcmp "$catalogue" "$work/all.pot" 2>&1 | grep -v "is not used" >"$work/out"; [ -s "$work/out" ] && complain "$catalogue has not all that lessons say"
done
exit $failed
