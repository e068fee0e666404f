# Its handler of traps begins with a word that is no instruction: from the first trap on, each trap is followed by another, and
# no instruction is ever executed again.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x100000
        .text
        .global _start
_start: ecall
handler:
        .word   0
