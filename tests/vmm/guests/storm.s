# Its handler of traps lies where there is no memory: from the first trap on, each trap is followed by another, and no
# instruction is ever executed again.
        .rodata
        .org    0x50
        .word   0, 0xfffffff0, 0, 0x1000
        .text
        .global _start
_start: ecall
