# The driver domain of paravirtual_microkernel. Its faults hurt those whose devices it drives, and them in their devices
# alone: whatever it does, a guest beside them does what it does alone, and they compute on. It reaches nothing that
# nobody granted. And a guest that is none finds the calls of a driver domain refused (tests/vmm/paravirtual.sh).
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
flags="-march=rv32im -mabi=ilp32 -std=c17 -O2 -ffreestanding -nostdlib -fno-builtin -fno-tree-loop-distribute-patterns
    -I$BUILD/include -Ivmm/common -Ivmm/paravirtual -Wl,--no-warn-rwx-segments"
cc=riscv64-unknown-elf-gcc
for source in vmm/common/*.[cS] vmm/paravirtual/*.[cS] vmm/paravirtual_microkernel/*.c; do
    [ $source = vmm/paravirtual/drivers.c ] && continue
    $cc $flags -c $source -o "$work/$(echo $source | tr / .).o" || exit 70
done

build() { # NAME FAULT AT: a monitor whose driver domain has that fault
    $cc $flags -Wno-array-bounds -DFAULT="$2" -DAT="$3" -T scenarios/common/bare.ld \
        tests/vmm/paravirtual/faulty_driver.c scenarios/driver_domain/entry.S scenarios/common/memory.c \
        -o "$work/driver.elf" &&
        riscv64-unknown-elf-objcopy -O binary "$work/driver.elf" "$work/driver_domain.bin" &&
        $cc $flags "-Wa,-I$work" -T vmm/common/link.ld "$work"/*.o vmm/paravirtual_microkernel/image.S -lgcc \
            -o "$work/$1.elf" || exit 70
}

run() { # NAME ISA: beside a client, another that knows nothing
    head -c 131072 /dev/zero >"$work/disk"
    timeout 60 "$PG74" run --isa "$2" --limit 60000000 --json --vmm "$work/$1.elf" --disk "$work/disk" "$client" \
        "$BUILD/guests/nucleus.elf" >"$work/$1.json" 2>/dev/null
}

codes() { # NAME: halt codes of the guests
    sed -n 's/.*"halt_code": \([0-9a-z]*\),*$/\1/p' "$work/$1.json" | tail -n 2 | tr '\n' ' '
}

check() { # NAME ISA CODES: and the one beside has said what it says alone
    run "$1" "$2"
    grep '"console"' "$work/$1.json" | tail -n 1 >"$work/beside"
    if [ "$(codes "$1")" = "$3 " ] && cmp -s "$work/alone" "$work/beside"; then
        echo "$1 on $2: only its clients are hurt"
    else
        echo "$1 on $2: HURT; halt codes $(codes "$1"), not $3"
        diff "$work/alone" "$work/beside"
        failed=1
    fi
}
client=$BUILD/guests/nucleus-paravirtual.elf
build trap TRAP 8
build halt HALT 1
build stray STRAY 8
build hang HANG 8
build deaf DEAF 8
build drop DROP 100000   # halts with a sector in hand,
build leave LEAVE 100000 # or while the disk transfers it
build greedy GREEDY 0
for isa in pg74 pg74p; do
    "$PG74" run --isa $isa --vmm paravirtual --json "$BUILD/guests/nucleus.elf" | grep '"console"' >"$work/alone"
    for each in trap halt stray drop leave; do
        check $each $isa "1 0" # the process that uses the disk has failed, the other four have not
    done
    for each in hang deaf; do
        check $each $isa "null 0" # the one that waits for its disk waits for ever
    done
    run greedy $isa
    [ "$(codes greedy)" = "0 0 " ] && grep -q 'greedy: 00 is wrong' "$work/greedy.json" && continue
    echo "greedy on $isa reaches what was not granted: $(codes greedy) $(grep -o 'greedy: [^\\]*' "$work/greedy.json")"
    failed=1
done
exit $failed
