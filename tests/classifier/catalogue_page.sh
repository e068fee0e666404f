#!/bin/sh
# docs/catalogue.md has a section for every machine of the catalogue, with the title, the year and the verdict of its file.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
command -v python3 >/dev/null || exit 77

for name in $("$PG74" isa list | awk '{ print $1 }'); do
    "$PG74" isa show "$name" --json >"$directory/$name" || exit 1
done

# compare PAGE: says what the page lacks, or has otherwise; fails if there is anything.
compare() {
    python3 - "$directory" "$1" <<'PYTHON'
import json, os, re, sys
directory, page = sys.argv[1:]
sections = {}
for part in re.split(r"^## ", open(page).read(), flags=re.M)[1:]:
    name, text = part.split("\n", 1)
    sections[name] = " ".join(text.split())
bad = count = 0
for name in sorted(os.listdir(directory)):
    machine = json.load(open(os.path.join(directory, name)))
    if machine["year"] is None: # one of this project's own
        continue
    count += 1
    verdicts = ["%stheorem%d %s%s`" % ("guest " if v["guest"] else "", v["theorem"], "holds" if v["holds"] else "fails",
                                     " by " + ", ".join(v["by"]) if v["by"] else "") for v in machine["verdicts"]]
    for what in ["**%s** (%d)" % (machine["title"], machine["year"]), "*Source:* ", "*Left out, and open:* ",
                 "pg74 classify --demonstrate %s`" % name] + verdicts:
        if what not in sections.get(name, ""):
            bad += 1
            print("docs/catalogue.md, section", name, "does not have:", what)
    said = re.search(r"\*Verdict:\* (.*?) - ", sections.get(name, ""))
    if said is None or said.group(1).count("`") != 2 * len(verdicts):
        bad += 1
        print("docs/catalogue.md, section", name, "has other verdicts than the file")
sys.exit(bad > 0 or count < 15)
PYTHON
}

compare docs/catalogue.md || exit 1

# It can fail: a verdict that is another, a machine that is missing.
sed 's/`theorem1 fails by retu`/`theorem1 holds`/' docs/catalogue.md >"$directory.md"
compare "$directory.md" >/dev/null && { echo "another verdict is not noticed"; rm -f "$directory.md"; exit 1; }
sed 's/^## s370$/## s371/' docs/catalogue.md >"$directory.md"
compare "$directory.md" >/dev/null && { echo "a missing machine is not noticed"; rm -f "$directory.md"; exit 1; }
rm -f "$directory.md"
