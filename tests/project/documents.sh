# The documents say what is so: files that they name are there, and the manual's numbers are the specification's.
failed=0
complain() {
    echo "$*"
    failed=1
}

# Names of files in `backquotes`, with a folder of ours before them.
for document in README.md docs/*.md; do
    for path in $(grep -o '`[a-z]*/[A-Za-z0-9_./-]*`' "$document" | tr -d '`' | sort -u); do
        case $path in build/*|*NAME*) continue ;; esac
        [ -e "$path" ] || [ -e "scenarios/$path" ] || complain "$document: there is no $path"
    done
    for path in $(grep -o '](\([A-Za-z0-9_./-]*\))' "$document" | sed 's/](\(.*\))/\1/'); do
        [ -e "$(dirname "$document")/$path" ] || complain "$document: a link to $path, which is not there"
    done
done

# Every cause and port of pg74 stands in the machine's manual with its number.
sed -n 's/^cause \([a-z_]*\) *= \([0-9]*\) .*/\2 \1/p' isa/spec/pg74.isa | while read -r number name; do
    grep -q "^| $number | $name |" docs/machine-manual.md || echo "docs/machine-manual.md: cause $number is $name"
done | grep . && failed=1
sed -n 's/^port \([a-z_]*\) *= \(0x[0-9a-f]*\) .*/\2 \1/p' isa/spec/pg74.isa | while read -r number name; do
    grep -q "^|.* $number\b.*|.*\b$name\b" docs/machine-manual.md || echo "docs/machine-manual.md: port $number is $name"
done | grep . && failed=1

# Every instruction of its own stands there too.
sed -n '/^-- The PSW as a whole/,$s/^instruction \([a-z]*\).*/\1/p' isa/spec/pg74.isa | while read -r name; do
    grep -q "\`$name" docs/machine-manual.md || echo "docs/machine-manual.md: nothing about $name"
done | grep . && failed=1

# And every command in the manual page.
for command in $("$PG74" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    grep -q "^.B $command\$" docs/pg74.1 || complain "docs/pg74.1: nothing about $command"
done
exit $failed
