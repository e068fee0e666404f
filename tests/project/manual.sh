# The guests that docs/machine-manual.md shows do what it says: the first prints A, the second counts two traps.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
awk -v folder="$folder" '
    /^    \.global _start/ { number++; inside = 1 }
    inside && /^    / { print > (folder "/" number ".s") }
    !/^    / { inside = 0 }' docs/machine-manual.md
for number in 1 2; do
    "$PG74" asm "$folder/$number.s" -o "$folder/$number.elf" || exit 1
done
output=$("$PG74" run "$folder/1.elf")
[ $? -eq 0 ] && [ "$output" = A ] || { echo "the first guest prints '$output'"; exit 1; }
"$PG74" run "$folder/2.elf"
status=$?
[ $status -eq 2 ] || { echo "the second guest's halt code is $status, not 2"; exit 1; }

# The variant in README.md is right, and breaks what it says.
awk '/^    variant "mine"/ { inside = 1 } inside && /^(    |$)/ { print substr($0, 5) } inside && /^[^ ]/ { exit }' \
    README.md >"$folder/mine.isa"
"$PG74" isa check "$folder/mine.isa" || exit 1
"$PG74" classify "$folder/mine.isa" >"$folder/verdict" || exit 1
grep -q '^ *Theorem 1 .*not guaranteed, for getbase' "$folder/verdict" || { cat "$folder/verdict"; exit 1; }
