# The guests of the nanobenchmarks do what they say, and behave under monitors as they do bare; the table has a figure for
# each, dearer under a monitor than bare wherever the monitor must act.
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c 4096 /dev/zero >"$work/disk"
for guest in scenarios/nanobenchmarks/*.s; do
    sed "s/COUNT, 1000/COUNT, 5/" "$guest" >"$work/guest.s"
    "$PG74" asm --isa pg74p "$work/guest.s" -o "$work/guest.elf" || failed=1
    "$PG74" compare --isa pg74p --memory 64K --disk "$work/disk" --vmm trap_and_emulate,hybrid,interpreter "$work/guest.elf" \
        >"$work/out" 2>&1 || { echo "$guest:"; cat "$work/out"; failed=1; }
done
scenarios/nanobenchmarks/table "$BUILD" trap_and_emulate >"$work/table" || failed=1
awk '/^[a-z]+ [a-z]+ .*\(/{ rows++; gsub(/[(),]/, ""); ratio = $NF
                        if ($1 == "call" ? ratio != 1 : ratio <= 5) { print "odd: " $0; bad = 1 } }
     END { exit bad || rows != 10 }' "$work/table" || { cat "$work/table"; failed=1; }
grep -q "interpreter/interpreter" "$work/table" || failed=1

# The manual's figures are those measured, give or take a quarter; and what it says of which technique is cheaper for what, holds.
scenarios/nanobenchmarks/table "$BUILD" >"$work/table" || failed=1
python3 - "$work/table" docs/techniques.md <<'END' || failed=1
import re, sys
def near(a, b): return abs(a - b) <= max(2, 0.25 * b)
def numbers(text): return [float(n.replace(",", "")) for n in re.findall(r"[0-9][0-9,]*(?:\.[0-9]+)?", text)]
measured, manual = (open(name).read() for name in sys.argv[1:])
contrast = [numbers(line)[-1] for line in measured.split("Emulation and")[1].splitlines() if line[:1] in "(ti"and numbers(line)]
said = numbers(manual.split("that only computes:")[1].split("interprets.")[0])
wrong = [f"contrast: {said} in the manual, {contrast[1:]} measured"] if not all(map(near, said, contrast[1:])) else []
names = re.search(r"^operation +(.*)$", measured, re.M).group(1).split()
rows = [line for line in measured.splitlines() if re.match(r"[a-z]+ [a-z]+ .*\(", line)]
tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in manual.splitlines() if line.startswith("| ")]
header = next(row for row in tables if row[1] == "bare")
listed = [row for row in tables[tables.index(header) + 1:] if len(row) == len(header)]
assert header[1:] == names and len(listed) == len(rows), (header, names)
cost = {}
for line, row in zip(rows, listed):
    figures = [numbers(cell)[0] for cell in re.split(r"  +", line[17:].strip())]
    cost[line[:17].strip()] = dict(zip(names, figures))
    for name, figure, cell in zip(names, figures, row[1:]):
        if not near(figure, numbers(cell)[0]):
            wrong.append(f"{row[0]}, {name}: {cell} in the manual, {figure:,.0f} measured")
shadow, nested, translator = "hardware_assisted_shadow", "hardware_assisted", "binary_translation"
for operation, cheap, dear in (("system call", nested, translator),
        ("page fault", translator, shadow), ("table update", translator, shadow), ("port input", shadow, translator),
        ("page fault", nested, translator), ("table update", nested, translator)):
    if cost[operation][cheap] >= cost[operation][dear]:
        wrong.append(f"{operation}: {cheap} is not cheaper than {dear}")
print("\n".join(wrong))
sys.exit(bool(wrong))
END
exit $failed
