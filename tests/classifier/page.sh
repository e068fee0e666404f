#!/bin/sh
# pg74 classify --markdown, and --html: one page that is well-formed, needs nothing else, and puts each name where it belongs.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
cat >"$directory/odd.isa" <<'ISA'
variant "<odd> & "  of "pdp10"
  title "a name that must be quoted"
ISA
"$PG74" classify --html "$directory/page.html" pocket pdp10 x86:pg74 "$directory/odd.isa" >"$directory/out" 2>&1 </dev/null ||
    { echo "exit $?"; cat "$directory/out"; exit 1; }
[ ! -s "$directory/out" ] || { echo "it prints, too:"; cat "$directory/out"; exit 1; }
"$PG74" classify --html "$directory" pg74 >/dev/null 2>&1 && { echo "a directory is written to"; exit 1; }
"$PG74" classify --html "$directory/x" --json pg74 >/dev/null 2>&1
[ $? -eq 64 ] || { echo "--json beside --html"; exit 1; }
"$PG74" classify --markdown x86:pg74 >"$directory/markdown" || exit 1
for line in '| 1: a monitor can be built | **not guaranteed** | **not guaranteed** | `popf`, `pushf`, `iret`, `sgdt`, `sidt`, `sldt`, `smsw`, `str`, `lar`, `lsl`, `verr`, `verw`, `push`, `pop`, `mov`, `call`, `jmp`, `int`, `ret` | guaranteed |' \
    '| `popf` | - | yes | yes | - | - | - | - |' '### `popf`'; do
    grep -qxF "$line" "$directory/markdown" || { echo "Markdown without: $line"; cat "$directory/markdown"; exit 1; }
done
"$PG74" classify --markdown --json pg74 >/dev/null 2>&1
[ $? -eq 64 ] || { echo "--json beside --markdown"; exit 1; }
python3 - "$directory/page.html" pocket pdp10 x86:pg74 "$directory/odd.isa" <<'PYTHON'
import re, sys
from html.parser import HTMLParser
class Page(HTMLParser):
    open, ids, links, names, text = [], set(), set(), [], ""
    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert "src" not in attributes, attributes
        if "id" in attributes:
            assert attributes["id"] not in self.ids
            self.ids.add(attributes["id"])
        if "href" in attributes:
            self.links.add(attributes["href"].lstrip("#"))
        if tag not in ("meta", "rect"):
            self.open.append((tag, attributes))
    def handle_endtag(self, tag):
        if tag != "rect":
            assert self.open.pop()[0] == tag, tag
    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1][0] == "text":
            self.names.append((self.open[-1][1].get("class"), data))
page = Page()
page.feed(open(sys.argv[1]).read())
assert not page.open and page.links == page.ids and "pdp10-retu" in page.ids, page.ids
assert ("bad", "retu") in page.names and ("good", "setr") in page.names and ("bad", "popf") in page.names
assert ("good", "popf") not in page.names and "not guaranteed" in page.text and "<odd>" in page.text

# The drawing: every instruction once, in the region where its classes put it, and no two names over each other.
root = re.search("<style>.*</style>", open(sys.argv[1]).read(), re.S)
assert not re.search(r"@import|url[(]|https?:", root.group(0)), "the style needs something else"
import json, subprocess, os
import xml.etree.ElementTree as tree
reports = json.loads(subprocess.run([os.environ["PG74"], "classify", "--json"] + sys.argv[2:], stdout=subprocess.PIPE).stdout)
drawings = re.findall("<svg.*?</svg>", open(sys.argv[1]).read(), re.S)
assert len(drawings) == len(sys.argv[2:])
SENSITIVE = ["control_sensitive", "mode_sensitive", "location_sensitive", "resource_sensitive"]
for variant, drawing in zip(reports["variants"], drawings):
    svg = tree.fromstring(drawing)
    box = lambda e: tuple(float(e.get(k)) for k in ("x", "y", "width", "height"))
    sets = {e.get("class"): box(e) for e in svg.iter("rect")}
    placed = {}
    for e in svg.iter("text"):
        if e.get("class").split()[0] in ("title", "none"):
            continue
        x, y, width = float(e.get("x")), float(e.get("y")), 8.4 * len(e.text)
        assert e.text not in placed, e.text
        for other, (ox, oy, owidth) in placed.items():
            assert abs(y - oy) >= 16 or x >= ox + owidth + 4 or ox >= x + width + 4, (e.text, other)
        placed[e.text] = (x, y, width)
    assert sorted(placed) == sorted(i["name"] for i in variant["instructions"])
    for i in variant["instructions"]:
        x, y, width = placed[i["name"]]
        def inside(name):
            left, top, w, h = sets[name]
            within = left <= x and x + width <= left + w and top <= y - 12 and y + 4 <= top + h
            outside = x + width <= left or x >= left + w or y <= top or y - 12 >= top + h
            assert within or outside, (i["name"], "crosses the line of", name)
            return within
        assert inside("all")
        assert inside("privileged") == i["privileged"], i
        assert inside("sensitive") == any(i[p] for p in SENSITIVE), i
        assert inside("user") == i["user_sensitive"], i
PYTHON
