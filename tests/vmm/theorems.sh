# The theorems against behaviour, on every machine of the catalogue. Where a theorem guarantees a monitor, the monitor passes
# `pg74 check`. Where it does not, the guest that the classifier writes for each violation (--demonstrate) behaves
# otherwise under the monitor, or the machine's file says why this monitor hides it; and not both. Monitors that no
# theorem limits, the interpreter and the binary translator, are held to all of it.
#
# Here each check is one part of 54: twenty directed guests and some generated ones; of a monitor under itself, one of 271.
# GUESTS=1000: all of them, and so many generated ones.
command -v python3 >/dev/null || { echo "python3 reads the JSON"; exit 77; }
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
machines=$("$PG74" isa list | cut -d ' ' -f 1)
"$PG74" classify --demonstrate --json $machines >"$work/classes" 2>"$work/errors" ||
    { cat "$work/errors"; exit 1; }
python3 - "$PG74" "$work" ${GUESTS:+--guests $GUESTS} <<'END'
import json, subprocess, sys
pg74, work = sys.argv[1:3]
TAE, NESTED = "trap_and_emulate", "trap_and_emulate/trap_and_emulate"
wrong = []
count = dict.fromkeys(["checks", "demonstrations", "runs", "hidden"], 0)

def pg(*arguments):
    return subprocess.run([pg74] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=3000,
                          universal_newlines=True)

def sample(monitor):
    return sys.argv[3:] or ["--part", "1/271" if "/" in monitor else "1/54", "--guests", "270"]

def complain(*words):
    wrong.append(words)
    print(*words)

# Which monitors a machine's theorems guarantee.
def guaranteed(variant):
    monitors = ["interpreter", "binary_translation"]
    monitors += [TAE, "paravirtual"] if variant["theorem1"] else []
    monitors += [NESTED] if variant["theorem2"] else []
    monitors += ["hybrid"] if variant["theorem3"] else []
    if variant.get("guest_mode", {}).get("theorem1"):
        monitors += ["hardware_assisted", "hardware_assisted_shadow"]
    return monitors

# The translator interprets where there are no pages: there it claims no efficiency.
def passes(monitor, result):
    return (result["equivalence"]["passed"] and result["resource_control"]["passed"] and
            (result["efficiency"]["passed"] or monitor in ("interpreter", "binary_translation")))

def walk(variant):
    name, violations = variant["variant"], variant["violations"]
    hidden = {(h["monitor"], h["instruction"]) for h in json.loads(pg("isa", "show", "--json", name).stdout)["hidden"]}
    monitors = guaranteed(variant)
    for monitor in monitors:
        count["checks"] += 1
        result = pg("check", "--isa", name, *sample(monitor), "--json", monitor)
        if result.returncode not in (0, 1) or not passes(monitor, json.loads(result.stdout)):
            complain("%s fails on %s, where it must not:\n%s" % (monitor, name, result.stdout))
    demonstrations = {d["instruction"]: d for d in variant["demonstrations"]}
    for instruction in sorted(set(sum(violations.values(), []))):
        count["demonstrations"] += 1
        demonstration = demonstrations[instruction]
        if demonstration["status"] != ("hidden" if (TAE, instruction) in hidden else "shown"):
            complain("%s %s under %s: %s" % (name, instruction, TAE, demonstration["status"]))
        elif demonstration["status"] == "shown":
            compare(name, demonstration, violations, hidden, monitors)
    for monitor, instruction in hidden:
        count["hidden"] += 1
        if instruction not in violations["theorem3" if monitor == "hybrid" else "theorem1"]:
            complain("%s: there is nothing to hide about %s under %s" % (name, instruction, monitor))

# The guest that shows a violation: otherwise under a monitor whose theorem is violated by it, the same under the others.
def compare(name, demonstration, violations, hidden, monitors):
    instruction, source, guest = demonstration["instruction"], work + "/guest.s", work + "/guest.elf"
    open(source, "w").write(demonstration["program"])
    pg("asm", "--isa", name, source, "-o", guest)
    expected = {m: True for m in monitors if m not in (TAE, NESTED, "paravirtual", "hybrid")}
    expected["hybrid"] = instruction not in violations["theorem3"] or ("hybrid", instruction) in hidden
    if instruction not in violations["theorem1"]: # of Theorem 2 alone
        expected[NESTED] = (NESTED, instruction) in hidden
    result = pg("compare", "--json", "--isa", name, "--method", "final", "--vmm", ",".join(expected), guest)
    for run in json.loads(result.stdout)["runs"][1:]:
        count["runs"] += 1
        if run["equivalent"] is not expected[run["vmm"]]:
            complain("%s %s under %s: %s" % (name, instruction, run["vmm"],
                     "differs, and should not" if expected[run["vmm"]] else "does not differ, and no line says why"))

for variant in json.load(open(work + "/classes"))["variants"]:
    if variant["variant"] == "pocket": # its words have 8 bits: monitors are programs of machines with 32
        result = pg("check", "--isa", "pocket", TAE)
        if result.returncode != 64 or "no guests to check a monitor with" not in result.stdout:
            complain("pocket is not refused", result.stdout)
    else:
        walk(variant)
print(", ".join("%d %s" % (number, what) for what, number in count.items()))
sys.exit(len(wrong) > 0 or count["checks"] < 70 or count["demonstrations"] < 50)
END
