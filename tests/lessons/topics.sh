# docs/topics.md: every page and everything that shows a topic is there, and no topic of the list below is missing.
cd "$(dirname "$0")/../.." || exit 1
document=docs/topics.md
failed=0
complain() {
    echo "$document: $*"
    failed=1
}

# anchor_of FILE ANCHOR: has the file a heading that is linked so? Lower case, blanks become dashes, other signs but - and _ go.
has_anchor() {
    sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^a-z0-9_-]//g' | grep -qx -- "$2"
}

# shows COMMAND-OR-PATH: a file or folder of ours, or a command of pg74 on machines that there are.
shows() {
    case $1 in
    pg74\ *)
        words=${1#pg74 }
        "$PG74" --help | grep -q "^  ${words%% *}  " || complain "there is no command pg74 ${words%% *}"
        case $words in
        "classify --host") ;;
        classify\ *) "$PG74" isa show "${words##* }" >/dev/null 2>&1 || complain "there is no machine ${words##* }" ;;
        *--vmm\ *) monitor=${words#*--vmm } && [ -d "vmm/${monitor%% *}" ] || complain "there is no monitor ${monitor%% *}" ;;
        esac ;;
    *) [ -e "$1" ] || complain "there is no $1" ;;
    esac
}

rows=$(mktemp) || exit 1
trap 'rm -f "$rows"' EXIT
grep '^|' "$document" | grep -v -e '^| topic |' -e '^|---' >"$rows"
while IFS='|' read -r _ topic page shown _; do
    target=$(printf '%s' "$page" | sed -n 's/.*](\([^)]*\)).*/\1/p')
    file=docs/${target%%#*}
    if [ -z "$target" ] || [ ! -f "$file" ]; then
        complain "$topic: there is no page '$target'"
    else
        case $target in *"#"*) has_anchor "$file" "${target#*#}" || complain "$topic: $file has no section ${target#*#}" ;; esac
    fi
    # Each in backquotes, with commas between.
    printf '%s' "$shown" | grep -o '`[^`]*`' | tr -d '\140' >"$rows.shown"
    while read -r one; do
        shows "$one"
    done <"$rows.shown"
done <"$rows"
rm -f "$rows.shown"

# The page of a machine or a product names it.
sed -n '/^## Machines and products/,$s/^| \([^|]*\) |.*](\([^)#]*\).*/\2 \1/p' "$document" >"$rows.named"
while read -r file topic; do
    IFS=,
    for name in $topic; do
        grep -q -i -F -e "${name# }" "docs/$file" || complain "docs/$file does not name ${name# }"
    done
    unset IFS
done <"$rows.named"
rm -f "$rows.named"

# What a course names. Each is in a table, or among what is not told yet; and not in both.
while read -r topic; do
    told=$(cut -d'|' -f2 "$rows" | grep -c -i -F -- "$topic")
    missing=$(sed -n '/^## Not told yet/,$p' "$document" | grep -c -i -F -- "$topic")
    [ $((told + missing)) -gt 0 ] || complain "nothing about $topic"
    [ "$told" -eq 0 ] || [ "$missing" -eq 0 ] || complain "$topic is told, and stands among what is not told yet"
done <<TOPICS
CP-40
CMS
Multics
Disco
VMware Workstation
GSX
ESX
vMotion
SoftPC
Virtual PC
VirtualBox
Xen's modes
KVM
QEMU
Hyper-V
User Mode Linux
OpenVZ
jails
LXC
instrumentation
disk image formats
mode-dependent decoding
many processors
simulation, emulation, interpretation, translation
equivalence
resource control
efficiency
privileged instructions
sensitive instructions
Theorem 1
Theorem 2
Theorem 3
trap and emulate
hybrid monitors
recursive virtualization
code discovery
self-modifying code
paravirtualization
hypercalls
split drivers
paging
shadow page tables
nested page tables
copy on write
direct memory access
virtual disks
virtual networks
hardware assistance
type 1 and type 2
monolithic and microkernel
consolidation
isolation
resource limits
snapshots
live migration
failover
cloud
containers
application virtualization
presentation virtualization
P-code
emulating another computer
images
licensing
TOPICS
exit $failed
