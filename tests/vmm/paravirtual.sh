# The paravirtual monitor in its two arrangements, and the nucleus that works together with it: on both kinds of machine what is
# said, written and answered is what it is on the bare machine, alone and side by side, also where the nucleus finds nobody to
# work with.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
nucleus=$BUILD/guests/nucleus-paravirtual.elf
head -c 131072 /dev/zero >"$work/empty"

run() { # NAME OPTION...: what the nucleus says, how it ends, and what is on its disk
    name=$1; shift
    cp "$work/empty" "$work/disk"
    timeout 60 "$PG74" run --limit 200000000 --disk "$work/disk" "$@" >"$work/$name" 2>"$work/$name.errors"
    echo "exit code $?" >>"$work/$name"
    cksum <"$work/disk" >>"$work/$name"
}

same() { # NAME NAME: the lines, in whatever order the processes came to print them
    sort "$work/$1" >"$work/1" && sort "$work/$2" | cmp -s "$work/1" - && grep -q '5 processes, 0 failed' "$work/1" && return
    echo "$1 and $2: DIFFERENT"
    diff "$work/$1" "$work/$2" | head -n 8
    cat "$work/$2.errors"
    failed=1
}

for isa in pg74 pg74p; do
    run native --isa $isa --input tests/scenarios/input.txt "$BUILD/guests/nucleus.elf"
    run nobody --isa $isa --input tests/scenarios/input.txt "$nucleus"
    run stranger --isa $isa --vmm trap_and_emulate --input tests/scenarios/input.txt "$nucleus"
    for monitor in paravirtual paravirtual_microkernel; do
        run together.$monitor --isa $isa --vmm $monitor --input tests/scenarios/input.txt "$nucleus"
        run unknowing.$monitor --isa $isa --vmm $monitor --input tests/scenarios/input.txt "$BUILD/guests/nucleus.elf"
    done
    for each in nobody stranger together.paravirtual unknowing.paravirtual together.paravirtual_microkernel \
        unknowing.paravirtual_microkernel; do
        same native $each
    done
    timeout 100 "$PG74" compare --isa $isa --json --vmm paravirtual,paravirtual_microkernel --disk "$work/empty" "$nucleus" \
        "$nucleus" >"$work/compare" || { echo "two of them on $isa: NOT equivalent"; failed=1; }
    # Two traps a tick, and no trap for a byte: where it costs more than 1.4 times two bare machines, nobody works together.
    grep -o '"overhead":[0-9.]*' "$work/compare" | cut -d: -f2 |
        awk 'NR > 1 { number++; if ($1 <= 1.01 || $1 >= 1.4) bad = 1 } END { exit bad || number != 2 }' ||
        { echo "two of them on $isa cost"; grep -o '"overhead":[0-9.]*' "$work/compare"; failed=1; }
done

# Processes that break the rules, and two machines that talk over the network: what they say, together and not.
for isa in pg74 pg74p; do
    timeout 60 "$PG74" run --isa $isa "$BUILD/guests/nucleus-rude.elf" | sort >"$work/rude"
    for monitor in paravirtual paravirtual_microkernel; do
        timeout 60 "$PG74" run --isa $isa --vmm $monitor --limit 200000000 "$BUILD/guests/nucleus-paravirtual-rude.elf" |
            sort >"$work/rude.$monitor"
        timeout 60 "$PG74" run --isa $isa --vmm $monitor --limit 400000000 "$BUILD/guests/nucleus-paravirtual-network.elf" \
            "$BUILD/guests/nucleus-network.elf" | sort >"$work/network.$monitor"
        timeout 60 "$PG74" run --isa $isa --vmm $monitor --limit 400000000 "$BUILD/guests/nucleus-paravirtual-network.elf" \
            "$BUILD/guests/nucleus-paravirtual-network.elf" | sort >"$work/network.both.$monitor"
    done
    timeout 60 "$PG74" run --isa $isa --vmm trap_and_emulate "$BUILD/guests/nucleus-network.elf" \
        "$BUILD/guests/nucleus-network.elf" | sort >"$work/network"
    for each in rude network network.both; do
        for monitor in paravirtual paravirtual_microkernel; do
            cmp -s "$work/${each%.both}" "$work/$each.$monitor" && grep -q 'processes, ' "$work/${each%.both}" && continue
            echo "$each under $monitor on $isa: DIFFERENT"
            diff "$work/${each%.both}" "$work/$each.$monitor" | head -n 8
            failed=1
        done
    done
done

# A guest that calls with everything that is wrong gets its errors, and a guest beside it does not notice.
compile() { # NAME: a guest of tests/vmm/paravirtual
    riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 -O2 -ffreestanding -nostdlib -fno-builtin \
        -fno-tree-loop-distribute-patterns "-I$BUILD/include" -Wl,--no-warn-rwx-segments -Ivmm/paravirtual -Iscenarios \
        -T scenarios/common/bare.ld tests/vmm/paravirtual/$1.c tests/vmm/paravirtual/call.S scenarios/common/bare_start.S \
        scenarios/common/bare.c scenarios/common/text.c scenarios/common/memory.c scenarios/common/print.c -lgcc \
        -o "$work/$1.elf" || exit 70
}
compile hostile
compile versions
head -c 65536 /dev/zero | tr '\0' d >"$work/full"
for isa in pg74 pg74p; do
    "$PG74" run --isa $isa "$nucleus" >"$work/alone"
    for monitor in paravirtual paravirtual_microkernel; do
        timeout 60 "$PG74" run --isa $isa --limit 100000000 --vmm $monitor --disk "$work/full" "$work/hostile.elf" "$nucleus" \
            >"$work/both" 2>"$work/errors"
        code=$?
        sed -n 's/^1: //p' "$work/both" >"$work/hostile"
        sed -n 's/^2: //p' "$work/both" | sort >"$work/beside"
        if [ $code -eq 71 ] && [ "$(cat "$work/hostile")" = "0 wrong answers" ] &&
            sort "$work/alone" | cmp -s - "$work/beside" && grep -q '5 processes, 0 failed' "$work/beside"; then
            echo "wrong calls of $monitor on $isa: refused"
        else
            echo "wrong calls of $monitor on $isa: NOT refused, exit code $code"
            cat "$work/hostile" "$work/errors"
            failed=1
        fi
    done
done

# Guests of another version get a clear answer, and go on; also where the monitor is itself a guest.
echo 1 >"$work/first"
says() { # TEXT OPTION...
    wanted=$1; shift
    [ "$(timeout 60 "$PG74" run --limit 400000000 "$@" "$work/versions.elf" 2>&1)" = "$wanted" ] && return
    echo "$*: not '$wanted'"
    failed=1
}
for isa in pg74 pg74p; do
    says "there is nobody" --isa $isa
    for monitor in paravirtual paravirtual_microkernel; do
        for outer in "" trap_and_emulate/ interpreter/ paravirtual/; do
            says "version 2: 0 wrong answers" --isa $isa --vmm $outer$monitor
        done
        says "version 1: 0 wrong answers" --isa $isa --vmm $monitor --input "$work/first"
    done
done

# Under another monitor: the nucleus and its processes do what they do on the bare machine.
for isa in pg74 pg74p; do
    run bare --isa $isa "$nucleus"
    for monitor in paravirtual paravirtual_microkernel; do
        for outer in trap_and_emulate paravirtual; do
            run $outer.$monitor --isa $isa --limit 2000000000 --vmm $outer/$monitor "$nucleus"
            same bare $outer.$monitor
        done
    done
done
exit $failed
