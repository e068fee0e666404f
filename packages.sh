#!/bin/sh
# packages.sh: sees to the Debian packages that packages.txt lists.
#
#   packages.sh install SECTION...   says which packages of the sections are missing and installs them: at once as root
#                                    or where sudo asks nothing; on a terminal only after a yes. Where it cannot, it
#                                    prints the one line to type, and fails.
#   packages.sh probe SECTION...     can the compiler find what the sections are for? If not, says which packages are
#                                    missing, and fails. Installs nothing. Works on any system, by trying.
cd "$(dirname "$0")" || exit 1
action=$1
shift

# The packages of the sections in "$@".
packages_of() {
    awk -v wanted=" $* " '
        /^\[/ { name = $1; gsub(/[][]/, "", name); inside = index(wanted, " " name " "); next }
        inside && NF && !/^#/ { print $1 }' packages.txt
}

# Those of its arguments that are not installed.
missing_of() {
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

# The one line that installs them, for a person to type.
line_to_type() {
    if [ "$(id -u)" -eq 0 ]; then echo "apt-get update && apt-get install -y $*"
    elif command -v sudo >/dev/null; then echo "sudo apt-get update && sudo apt-get install -y $*"
    else echo "su -c 'apt-get update && apt-get install -y $*'"
    fi
}

give_up() {
    echo "To install them, type:"
    echo
    echo "    $(line_to_type $missing)"
    echo
    exit 1
}

# Package lists are fetched where there are none, and again where they turn out to be too old.
install_missing() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends install $missing
    [ -n "$become" ] && set -- $become "$@"
    known=$(apt-cache policy $missing 2>/dev/null | grep -c 'Candidate: [0-9]')
    if [ "$known" -lt "$(echo $missing | wc -w)" ]; then
        $become apt-get update || give_up
        "$@" || give_up
    else
        "$@" || { $become apt-get update && "$@"; } || give_up
    fi
}

install() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || {
        echo "This is not a Debian system: packages.txt lists what you need from elsewhere." && return
    }
    missing=$(missing_of $(packages_of "$@"))
    [ -z "$missing" ] && return
    echo "These packages are missing:"
    for package in $missing; do echo "    $(grep "^$package " packages.txt)"; done
    become=
    [ "$(id -u)" -eq 0 ] || become=sudo
    if [ -t 0 ] && [ -t 2 ]; then
        [ -z "$become" ] || command -v sudo >/dev/null || give_up
        printf 'Install them now with apt-get? [Y/n] '
        read -r answer || give_up
        case $answer in ''|[Yy]*) ;; *) give_up ;; esac
    elif [ -n "$become" ]; then
        sudo -n true 2>/dev/null || give_up
    fi
    install_missing
}

# A program with every header and every library; the compiler for guests, with its C library.
probe() {
    {
        printf '#include <%s>\n' z3.h libelf.h gelf.h elfutils/libdw.h jansson.h ncurses.h \
               cmark.h lua5.4/lua.h stdio.h readline/readline.h
        echo 'int main(void) { return 0; }'
    } | ${CC:-cc} -x c - -o /dev/null -lz3 -ldw -lelf -ljansson -llua5.4 -lcmark -lreadline -lncursesw 2>/dev/null &&
        echo '#include <stdio.h>' | riscv64-unknown-elf-gcc --specs=picolibc.specs -E -x c - -o /dev/null 2>/dev/null &&
        return
    missing=$(packages_of "$@")
    command -v dpkg-query >/dev/null && missing=$(missing_of $missing)
    echo "PG-74 cannot be built yet: the C compiler does not find all that it needs."
    echo "Missing packages (see packages.txt):"
    echo "   " ${missing:-none: but is ${CC:-cc} a working C compiler?}
    [ -n "$missing" ] && give_up
    exit 1
}

"$action" "$@" >&2
