# The module's annotations: each function has an example that does what it says, nothing is missing, and docs/lua.md is
# made from them as they are.
"$PG74" shell tests/lab/documented.lua || exit 1

# The script in README.md does what is said of it.
script=$(sed -n '/^All of this from Lua/,/^`build/s/^    //p' README.md)
output=$(echo "$script" | "$PG74" shell) || exit 1
echo "$output" | grep -q '^[0-9][0-9]*	out$' || { echo "README.md's script prints: $output"; exit 1; }

"$PG74" shell lab/lua/reference.lua write | cmp - docs/lua.md && exit 0
echo "docs/lua.md is out of date: pg74 shell lab/lua/reference.lua write >docs/lua.md"
exit 1
