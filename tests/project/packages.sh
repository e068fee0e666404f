# packages.sh without touching the system: dpkg-query, apt-get and sudo are played by scripts in a folder of our own.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
failed=0

# play NAME TEXT: puts a script in place of a command.
play() {
    printf '#!/bin/sh\n%s\n' "$2" >"$folder/bin/$1"
    chmod +x "$folder/bin/$1"
}

# check WHAT PATTERN: the last output has the pattern.
check() {
    grep -q -e "$2" "$folder/out" || { echo "$1: no '$2' in:"; cat "$folder/out"; failed=1; }
}

# attempt STATUS: runs packages.sh among the played commands.
attempt() {
    PATH=$folder/bin:$PATH ./packages.sh install use check >"$folder/out" 2>&1 </dev/null
    got=$?
    [ $got -eq "$1" ] || { echo "exit status $got, expected $1:"; cat "$folder/out"; failed=1; }
}

mkdir "$folder/bin"
play id 'echo 1000'
play apt-get 'echo "apt-get $*"'
play apt-cache 'shift; for p; do echo "  Candidate: 1.0"; done'

play dpkg-query 'echo installed'
attempt 0
[ -s "$folder/out" ] && { echo "nothing is missing, and yet it spoke"; failed=1; }

play dpkg-query 'for p; do :; done; [ "$p" = libz3-dev ] && exit 1; echo installed'
play sudo 'exit 1'
attempt 1
check "no way to install" 'libz3-dev .*the proofs'
check "the line to type" 'sudo apt-get update && sudo apt-get install -y libz3-dev$'

play sudo '[ "$1" = -n ] && shift; exec "$@"'
attempt 0
check "through sudo" '^apt-get -y --no-install-recommends install libz3-dev$'

play id 'echo 0'
play apt-cache 'echo'
attempt 0
check "as root, without package lists" '^apt-get update$'
check "as root" '^apt-get -y --no-install-recommends install libz3-dev$'

play apt-get 'echo "apt-get $*"; exit 100'
attempt 1
check "apt-get fails" '^ *apt-get update && apt-get install -y libz3-dev$'
exit $failed
