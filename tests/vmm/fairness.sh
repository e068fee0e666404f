# Time-slicing. Four guests for ten million guest instructions in all, under each monitor:
#   - stopped anywhere, their shares of instructions are within 2 % of the whole of equal;
#   - run to the end, each has executed as many instructions as alone, and has been interrupted after exactly the same ones:
#     virtual time does not drift;
#   - the second half costs what the first cost: nothing in the monitor fills up or grows.
# The same beside guests that loop with interrupts disabled and that misuse their memory. Interpreters get a tenth of that.
# What a monitor counts of its guests is in `pg74 run --json`.
command -v python3 >/dev/null || { echo "python3 reads the JSON"; exit 77; }
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
for isa in pg74 pg74p pg74h; do
    for rounds in 12 24 48 125 250 500; do
        sed "s/ROUNDS/$rounds/" tests/vmm/guests/busy.s >"$work/busy.s"
        "$PG74" asm --isa $isa "$work/busy.s" -o "$work/busy-$isa-$rounds.elf" || exit 70
    done
    for guest in loop tables relocate; do
        [ $isa = pg74 ] && [ $guest = tables ] && continue
        "$PG74" asm --isa $isa "tests/vmm/guests/$guest.s" -o "$work/$guest-$isa.elf" || exit 70
    done
done
python3 - "$PG74" "$work" <<'END'
import json, subprocess, sys
pg74, work = sys.argv[1:]
SLICE = 100000
wrong = 0

def run(isa, monitor, guests, limit):
    output = subprocess.run([pg74, "run", "--json", "--isa", isa, "--limit", str(limit)] +
                            (["--vmm", monitor] if monitor else []) + ["%s/%s.elf" % (work, g) for g in guests],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=280).stdout
    return json.loads(output)

def expect(good, *words):
    global wrong
    if not good:
        wrong += 1
        print(*words)

def counts(result):
    return [guest["statistics"]["instructions"] for guest in result["guests"]]

def judge(isa, monitor, rounds):
    name, most = monitor + " on " + isa + ":", 10 ** 11
    cycles = []
    for each in (rounds // 2, rounds, 2 * rounds):
        busy = "busy-%s-%d" % (isa, each)
        alone, result = run(isa, None, [busy], most), run(isa, monitor, [busy] * 4, most)
        cycles.append(result["cycles"])
        for guest in result["guests"]:
            expect(guest["console"] == alone["guests"][0]["console"] and guest["halt_code"] == 0, name, "drifts:",
                   guest, "alone", alone)
            expect(guest["statistics"]["instructions"] == alone["instructions"], name,
                   guest["statistics"]["instructions"], "instructions, alone", alone["instructions"])
            expect(guest["statistics"]["interrupts"] == each, name, "interrupts", guest["statistics"])
    first, second = cycles[1] - cycles[0], (cycles[2] - cycles[1]) / 2
    expect(abs(second - first) <= 0.01 * first, name, "what is the same costs first", first, "and then", second)
    # Stopped in the midst of it.
    for limit in (cycles[2] // 3, cycles[2] // 2):
        shares = counts(run(isa, monitor, [busy] * 4, limit))
        whole = sum(shares)
        expect(max(shares) - min(shares) <= 1.02 * SLICE and min(shares) >= SLICE, name, "shares", shares)
        expect(whole < 8 * 10 ** 6 or all(abs(share / whole - 0.25) <= 0.02 for share in shares), name, "shares", shares)
    # Beside rude ones. The second spends its slices on traps, and gets less done.
    rude = ["loop-" + isa, ("tables-" if isa != "pg74" else "relocate-") + isa]
    mixed = counts(run(isa, monitor, [busy, rude[0], busy, rude[1]], 4 * cycles[1] if rounds > 100 else cycles[2] * 9 // 10))
    expect(max(mixed) - min(mixed[:3]) <= 1.02 * SLICE and mixed[3] > SLICE // 2, name, "beside rude guests, shares", mixed)
    print(name, "cycles at first", first, "and later", second, "for the same, shares", shares, "beside rude ones", mixed)

for isa in ("pg74", "pg74p"):
    for monitor in ("trap_and_emulate", "hybrid", "paravirtual", "paravirtual_microkernel", "binary_translation"):
        judge(isa, monitor, 250)
    judge(isa, "interpreter", 24)
for monitor in ("hardware_assisted", "hardware_assisted_shadow", "trap_and_emulate"):
    judge("pg74h", monitor, 250)
sys.exit(wrong > 0)
END
