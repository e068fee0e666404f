# The theorems against behaviour. For each instruction that breaks Theorem 1 on a machine of base and bound, the classifier
# writes a guest (--demonstrate) that behaves otherwise under trap_and_emulate. Under the hybrid monitor that guest must
# behave otherwise exactly where the instruction breaks Theorem 3, too; under the interpreter never.
command -v python3 >/dev/null || { echo "python3 reads the JSON"; exit 77; }
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
variants="pdp10 pdp11_45:pg74 x86:pg74 armv7:pg74 ia64:pg74 m68000:pg74 mips:pg74 riscv:pg74"
"$PG74" classify --json $variants >"$work/classes" || exit 70
"$PG74" classify --demonstrate --save "$work" $variants >"$work/demonstrations" 2>&1 || { cat "$work/demonstrations"; exit 1; }
python3 - "$PG74" "$work" <<'END'
import glob, json, subprocess, sys
pg74, work = sys.argv[1:]
wrong, guests, only_hybrid = 0, 0, 0
unseen = {  # why a guest alone cannot tell
    ("ia64:pg74", "cover"): "it changes state of the real machine, which the next guest finds",
    ("ia64:pg74", "movcpuid"): "it tells which machine this is, and compare gives both the same number",
    ("mips:pg74", "lw"): "where it is sensitive it traps: the bound is smaller than the segment's start",
    ("mips:pg74", "sw"): "the same",
}
for variant in json.load(open(work + "/classes"))["variants"]:
    name, violations = variant["variant"], variant["violations"]
    for instruction in violations["theorem1"]:
        guest = "%s/%s-%s.elf" % (work, name.replace(":", "-"), instruction)
        if (name, instruction) in unseen:
            continue
        if not glob.glob(guest):
            print("no demonstration of", name, instruction)
            wrong += 1
            continue
        output = subprocess.run([pg74, "compare", "--json", "--isa", name, "--method", "final", "--vmm",
                                 "trap_and_emulate,hybrid,interpreter", guest], stdout=subprocess.PIPE, timeout=100).stdout
        got = [run["equivalent"] for run in json.loads(output)["runs"][1:]]
        expected = [False, instruction not in violations["theorem3"], True]
        guests += 1
        only_hybrid += got == [False, True, True]
        if got != expected:
            print("%s %s: trap_and_emulate, hybrid, interpreter are equivalent: %s, not %s" % (name, instruction, got, expected))
            wrong += 1
print("%d guests, of which the hybrid monitor copes with %d" % (guests, only_hybrid))
sys.exit(wrong > 0 or guests < 25 or only_hybrid < 15)
END
