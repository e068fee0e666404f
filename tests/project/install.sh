# What `make install` puts in place works from there: the program finds its monitors and guests, from any folder.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
make -s install BUILD="$BUILD" DESTDIR="$folder" PREFIX=/usr >/dev/null || exit 1
[ -f "$folder/usr/share/man/man1/pg74.1" ] && [ -f "$folder/usr/include/pg74.h" ] || { echo "files are missing"; exit 1; }
cd / || exit 70
output=$("$folder/usr/bin/pg74" run --vmm trap_and_emulate hello)
[ "$output" = "Hello from a guest." ] || { echo "the installed program prints '$output'"; exit 1; }
