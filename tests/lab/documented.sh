# The module's annotations: each function has an example that does what it says, nothing is missing, and docs/lua.md is
# made from them as they are.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
XDG_STATE_HOME=$folder "$PG74" shell tests/lab/documented.lua || exit 1

# The script in README.md has five lines, and does what is said of it, in a stock interpreter, too.
script=$(sed -n '/^All of this from Lua/,/^`build/s/^    //p' README.md)
[ "$(echo "$script" | wc -l)" -le 5 ] || { echo "README.md's script is longer:"; echo "$script"; exit 1; }
output=$(echo "$script" | "$PG74" shell) || exit 1
echo "$output" | grep -q '^[0-9][0-9]*	out$' || { echo "README.md's script prints: $output"; exit 1; }
case $(nm -D "$BUILD/lua/pg74.so") in *asan*|*ubsan*) other=$output ;; *) other=$(echo "$script" | LUA_CPATH="$BUILD/lua/?.so" lua5.4 -) ;; esac
[ "$output" = "$other" ] || { echo "README.md's script prints in lua5.4: $other"; exit 1; }

"$PG74" shell lab/lua/reference.lua write | cmp - docs/lua.md && exit 0
echo "docs/lua.md is out of date: pg74 shell lab/lua/reference.lua write >docs/lua.md"
exit 1
