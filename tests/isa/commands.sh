# The commands asm, dis and isa: from a source text to an image and back; what they print, and how they refuse.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
failed=0

# expect STATUS PATTERN ARGUMENT...: pg74 exits with STATUS, and some line it prints has PATTERN.
expect() {
    status=$1 pattern=$2
    shift 2
    "$PG74" "$@" >"$folder/out" 2>&1
    got=$?
    if [ $got -ne "$status" ] || ! grep -q -e "$pattern" "$folder/out"; then
        echo "pg74 $*: exit status $got, expected $status, and '$pattern' in:"
        cat "$folder/out"
        failed=1
    fi
}

cat >"$folder/good.s" <<'END'
    .global _start
_start: la sp, stack
    jal ra, work
    halt a0
work:   li a0, 3
    ret
    .bss
    .space 64
stack:
END
cat >"$folder/hello.s" <<'END'
_start: la   a0, text
1:      lbu  a1, (a0)
        beqz a1, 2f
        out  zero, a1
        addi a0, a0, 1
        j    1b
2:      li   a0, 7
        halt a0
        .data
text:   .asciz "hello\n"
END
printf '    addi a0, a0, 5000\n    hlt a0\n' >"$folder/bad.s"
printf 'set r0, 5\nhalt r0\n' >"$folder/pocket.s"

"$PG74" asm "$folder/good.s" -o "$folder/good.elf" || failed=1
expect 0 'jal ra, 0x1010 <work>$' dis "$folder/good.elf"
expect 0 '^work:$' dis "$folder/good.elf"
expect 0 '^addi a0, a0, 1$' dis 0x00150513
expect 0 '^\.word 0x00000000$' dis 0
"$PG74" asm "$folder/hello.s" -o "$folder/hello.elf" || failed=1
expect 7 '^hello$' run "$folder/hello.elf"
expect 7 '^hello$' run --engine reference "$folder/hello.elf"
"$PG74" asm "$folder/good.s" -o /dev/stdout | cmp -s - "$folder/good.elf" || { echo "not written to /dev/stdout"; failed=1; }
expect 65 "bad.s:1:18: error: the number 5000 is out of range" asm "$folder/bad.s" -o "$folder/bad.elf"
expect 65 "advice: did you mean 'halt'?" asm "$folder/bad.s" -o "$folder/bad.elf"
[ ! -e "$folder/bad.elf" ] || { echo "an image of a bad source was left behind"; failed=1; }
"$PG74" asm "$folder/pocket.s" --isa pocket -o "$folder/pocket.elf" || failed=1
expect 0 '10:  05  set r0, 5' dis "$folder/pocket.elf" --isa pocket
expect 65 "pocket has no instruction 'la'\|no instruction" asm "$folder/good.s" --isa pocket -o "$folder/bad.elf"
expect 65 'words of pocket have 8 bits' dis 0x100 --isa pocket
expect 0 'popf a0' dis 0x0005102b --isa x86:pg74
expect 64 'FILE.elf is needed' asm "$folder/good.s"
expect 64 'a file or a word is needed' dis
expect 65 'not an ELF file' dis "$folder/good.s"
expect 66 'no-such-file' dis no-such-file.elf
expect 66 'nonsense' asm "$folder/good.s" --isa nonsense -o "$folder/bad.elf"

expect 0 '^pdp10 .*JRST 1' isa list
# The teaching set first, in its order; then the others by year, those without one first.
"$PG74" isa list | awk '{ print $1 }' | head -4 | tr '\n' ' ' >"$folder/first"
grep -q '^pocket pg74 pdp10 x86 ' "$folder/first" || { echo "isa list does not begin with the teaching set"; failed=1; }
"$PG74" isa list | sed '/^pocket\|^pg74 \|^pdp10 \|^x86 \|^x86vt \|^riscv /d' | cut -c12-15 | tr ' ' 0 | sort -nc ||
    { echo "isa list is not by year"; failed=1; }
expect 0 '0x5c  bound$' isa card pg74
for machine in $("$PG74" isa list | awk '{ print $1 }') x86:pg74; do
    "$PG74" isa card $machine >"$folder/card"
    # one page: it must fit in one head, and on one sheet
    if [ "$(wc -l <"$folder/card")" -gt 70 ] || grep -q '.\{81\}' "$folder/card"; then
        echo "the card of $machine does not fit on a page"
        failed=1
    fi
done
expect 0 'popf rs1  *Set the flags' isa card x86
expect 0 'as before: lpsw' isa card x86
expect 0 'bound = X\[rs2\] & ~15' isa show pg74 setr
expect 0 '| 0000000 | rs2:5 | rs1:5 | 011   | 00000 | 0001011 |' isa show pg74 setr
expect 0 'by the variant pdp10' isa show pdp10 retu
expect 0 '"schema_version": 1' isa show pg74 setr --json
expect 65 "did you mean 'setr'?" isa show pg74 ster
expect 0 'encodings proven disjoint' isa check isa/spec/pg74.isa
expect 0 '63 of 256 words' isa check isa/spec/pocket.isa
expect 66 'no-such' isa check no-such.isa
printf 'isa "x"\n  state' >"$folder/bad.isa"
expect 65 'bad.isa:2' isa check "$folder/bad.isa"
expect 64 'list, show, card or check' isa
exit $failed
