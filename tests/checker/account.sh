# The account of `pg74 compare`: it adds up, it knows each instruction that trapped, and it is the same with and without
# the check.
. tests/checker/shared.inc
for check in "" --no-check; do
    "$PG74" compare --json $check --vmm trap_and_emulate,trap_and_emulate/trap_and_emulate "$BUILD/guests/timer.elf" \
        "$BUILD/guests/traps.elf" >"$work/account$check" || failed=1
done
python3 - "$work/account" "$work/account--no-check" <<'END' || failed=1
import json, sys
checked, unchecked = (json.load(open(name))["runs"] for name in sys.argv[1:])
for a, b in zip(checked[1:], unchecked[1:]):
    for figure in ("direct", "emulated", "translated", "hypercalls", "monitor_instructions", "breakdown", "cycles", "traps"):
        assert figure == "emulated" or a[figure] == b[figure], (a["vmm"], figure, a[figure], b[figure])
    parts = a["breakdown"]
    total = parts["direct_cycles"] + parts["translated_cycles"] + parts["inner_cycles"]
    total += sum(cause["cycles"] for cause in parts["causes"])
    assert total == a["cycles"], (a["vmm"], total, a["cycles"])
    assert sum(cause["count"] for cause in parts["causes"]) == a["traps"] + 1
    assert sum(cause["monitor_instructions"] for cause in parts["causes"]) == a["monitor_instructions"]
    names = {(cause["cause"], cause["instruction"]) for cause in parts["causes"]}
    assert ("privileged", "lpsw") in names and ("timer", None) in names and ("start", None) in names, names
    assert (parts["inner_cycles"] > 0) == ("/" in a["vmm"])
END
# In guest mode a guest handles its own traps: they are none of the monitor's. What exits, is; and a port is no instruction.
"$PG74" compare --json --isa pg74h --vmm hardware_assisted,hardware_assisted_shadow "$BUILD/guests/traps.elf" >"$work/guest_mode" ||
    failed=1
python3 - "$work/guest_mode" <<'END' || failed=1
import json, sys
_, nested, shadow = json.load(open(sys.argv[1]))["runs"]
for run in nested, shadow:
    parts = run["breakdown"]
    assert parts["direct_cycles"] + sum(cause["cycles"] for cause in parts["causes"]) == run["cycles"], run["vmm"]
    names = {(cause["cause"], cause["instruction"]): cause["count"] for cause in parts["causes"]}
    assert ("exit_out", None) in names and ("exit_halt", "halt") in names, names
    count = sum(names.values()) - 1
    assert count == run["traps"] if run is shadow else count < run["traps"], (run["vmm"], count)
    own = {cause for cause, _ in names} & {"supervisor_call", "breakpoint", "privileged", "illegal"}
    assert bool(own) == (run is shadow), names
END
# A guest that knows of its monitor executes other instructions than on the bare machine, some more, some less: its own count,
# all of them executed directly but for the calls and a few more.
"$PG74" compare --json --no-check --vmm paravirtual,paravirtual_microkernel,trap_and_emulate/paravirtual \
    "$BUILD/guests/nucleus-paravirtual-slow.elf" >"$work/calls" || failed=1
python3 - "$work/calls" <<'END' || failed=1
import json, sys
bare, *runs = json.load(open(sys.argv[1]))["runs"]
for run in runs:
    others = run["guest_instructions"] - run["direct"]
    assert 0 < others < 100 and run["direct"] > bare["direct"], (run["vmm"], run["guest_instructions"], run["direct"])
    assert run["guest_instructions"] == run["guests"][0]["guest_instructions"], run
    assert run["emulated"] == others, (run["vmm"], run["emulated"], others) # the driver domain is none of the guest
    assert run["vmm"] != "paravirtual" or others >= run["hypercalls"] > 40, run
END
"$PG74" compare --breakdown --no-check --vmm trap_and_emulate "$BUILD/guests/traps.elf" >"$work/out" || failed=1
grep -q "privileged, lpsw" "$work/out" && grep -q "monitor instructions" "$work/out" || { cat "$work/out"; failed=1; }
exit $failed
