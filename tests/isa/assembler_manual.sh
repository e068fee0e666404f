# docs/assembler.md names every directive and every pseudo-instruction that the assembler has, and its first example assembles.
manual=docs/assembler.md
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
failed=0
grep -o '{"\.[a-z0-9]*", [a-z_]*, ' isa/assembler_directives.c | grep -o '\.[a-z0-9]*' | sort -u >"$folder/names"
sed -n 's/^    {"\([a-z.]*\)", "[^"]*", "[^"]*", [A-Z_]*},$/\1/p' isa/assembler_pseudo.c | sort -u >>"$folder/names"
[ "$(wc -l <"$folder/names")" -gt 80 ] || { echo "only $(wc -l <"$folder/names") names found"; failed=1; }
while read -r name; do
    grep -q "\`$(printf '%s' "$name" | sed 's/\./\\./g')[ \`,]" "$manual" || { echo "$manual: nothing about $name"; failed=1; }
done <"$folder/names"
sed -n '/^    loop:/,/^$/p' "$manual" >"$folder/example.s"
[ "$(wc -l <"$folder/example.s")" -ge 4 ] && "$PG74" asm "$folder/example.s" -o "$folder/example.elf" || failed=1
exit $failed
