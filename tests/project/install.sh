# What `make install` puts in place works from there: the program finds its monitors and guests, from any folder.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
make -s install BUILD="$BUILD" DESTDIR="$folder" PREFIX=/usr >/dev/null || exit 1
[ -f "$folder/usr/share/man/man1/pg74.1" ] && [ -f "$folder/usr/include/pg74.h" ] || { echo "files are missing"; exit 1; }
cd / || exit 70
output=$("$folder/usr/bin/pg74" run --vmm trap_and_emulate hello)
[ "$output" = "Hello from a guest." ] || { echo "the installed program prints '$output'"; exit 1; }
# So do its lessons, and what it says in other languages.
export XDG_STATE_HOME="$folder/state" LC_ALL=C.UTF-8
"$folder/usr/bin/pg74" lesson list | grep -q ' two_computers ' || { echo "the installed program finds no lessons"; exit 1; }
echo quit | "$folder/usr/bin/pg74" lesson two_computers --plain >"$folder/said" 2>&1
grep -q 'To do' "$folder/said" || { cat "$folder/said"; exit 1; }
if [ -d "$folder/usr/share/locale/ru" ]; then
    echo quit | "$folder/usr/bin/pg74" lesson two_computers --plain --lang ru | grep -q 'Enter — дальше' || { echo "the installed program says nothing in Russian"; exit 1; }
fi
