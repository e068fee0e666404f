# flags.s: forbids and allows interrupts a hundred times, by the instruction `setflags`; then again, by a word in memory that
# guest and monitor share.
        .equ    IDENTIFY, 0
        .equ    START, 2
        .equ    version, 0x50560002
        .equ    times, 100
        .equ    allowed, 2              # a bit of the flags

        .global _start
_start: li      a0, IDENTIFY
        li      a1, version
        diag    a0, a0, a1
        li      a0, START
        la      a1, shared
        diag    a0, a0, a1

        li      s0, times
        li      s1, allowed
        .global by_instruction
by_instruction:
        setflags zero
        setflags s1
        addi    s0, s0, -1
        bnez    s0, by_instruction

        li      s0, times
        li      s1, 1
        la      s2, shared
        .global by_word
by_word:
        sw      zero, 0(s2)             # the first shared word: are interrupts allowed?
        sw      s1, 0(s2)
        addi    s0, s0, -1
        bnez    s0, by_word
        .global done
done:   halt    zero

        .data
        .balign 4
shared: .space  56
