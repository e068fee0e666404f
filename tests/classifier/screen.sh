#!/bin/sh
# What `pg74 classify` looks like: the verdict first, no line wider than the screen, colours on terminals alone, UTF-8 whole.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
unset COLUMNS NO_COLOR
cat >"$directory/wide.isa" <<'ISA'
variant "wide" of "x86:pg74"
  title "größer – ein Name, der auf Ελληνικά und по-русски weitergeht, länger und länger, bis keine Zeile ihn mehr faßt"
instruction shows rd
  doc     "Größe, Länge und Maß der Maschine, für alle zu sehen – ein Satz, der in keine Spalte einer Tabelle hineinpaßt."
  layout  0000000 00000 00000 000 rd:5 1011011
  execute { X[rd] = base }
ISA
python3 - "$PG74" "$directory/wide.isa" <<'PYTHON'
import fcntl, os, pty, struct, subprocess, sys, termios
pg74, wide = sys.argv[1:]
failures = 0
def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)

def printed(arguments, **variables):
    environment = dict(os.environ, **variables)
    return subprocess.run([pg74, "classify"] + arguments, env=environment, stdout=subprocess.PIPE).stdout

def shown(arguments, columns, **variables):
    """The same on a terminal of so many columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen([pg74, "classify"] + arguments, stdout=follower, stdin=subprocess.DEVNULL,
                             env=dict(os.environ, TERM="xterm", **variables))
    os.close(follower)
    output = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError: # the other end is closed
            break
        if not part:
            break
        output += part
    child.wait()
    os.close(leader)
    return output.replace(b"\r\n", b"\n").decode("utf-8") # which fails where a character is cut

def widest(text):
    return max(len(line) for line in text.split("\n"))

reports = ["pocket", wide]
for columns in 60, 80, 120, 160:
    text = printed(reports, COLUMNS=str(columns)).decode("utf-8")
    check(widest(text) <= columns, "a line of %d columns where there are %d" % (widest(text), columns))
    check(widest(text) > columns - 12, "at most %d columns are used of %d" % (widest(text), columns))
    check("..." in text or columns < 120, "no sentence beside the table in %d columns" % columns)
check(printed(reports) == printed(reports, COLUMNS="100"), "without a terminal lines are not 100 columns wide")
check(printed(reports) == printed(reports, COLUMNS="nonsense"), "COLUMNS that is no number is not passed over")
check(b"\033" not in printed(reports), "colours without a terminal")

plain = shown(reports, 90, NO_COLOR="1")
check(plain.encode() == printed(reports, COLUMNS="90"), "a terminal of 90 columns is not as COLUMNS=90")
coloured = shown(reports, 90)
check("\033[31mnot guaranteed\033[0m" in coloured and "\033[32mguaranteed\033[0m" in coloured, "no coloured verdict")
import re
check(re.sub("\033\\[[0-9]*m", "", coloured) == plain, "colours move the text")

# A newcomer reads the verdict in the first lines; every violation is marked in the table, and nothing else is.
lines = printed(["x86:pg74"], COLUMNS="80").decode().split("\n")
check(lines[0] == "x86:pg74: The flaw of the x86: sensitive instructions that do not trap", lines[0])
check(lines[1].startswith("  Theorem 1 (a virtual machine monitor can be built): not guaranteed, for popf,"), lines[1])
marked = [line.split()[1] for line in lines if line.startswith("! ") and "violates" not in line]
explained = [line.split()[0] for line in lines if line.endswith("sensitive and not privileged:")]
check(marked == explained and len(marked) == 19, "marked: %s, explained: %s" % (marked, explained))
check(len([line for line in lines if "binary translation of all code" in line]) == 1, "what copes is said again and again")
sys.exit(failures > 0)
PYTHON
