# line.s: prints a line twice: a letter at a time by `out`, and then as a whole, by a hypercall, if a monitor is there.
        .equ    console_output, 0
        .equ    IDENTIFY, 0             # functions of the monitor
        .equ    START, 2
        .equ    WRITE, 7
        .equ    version, 0x50560002     # "PV", and which version of the calls this guest speaks
        .equ    length, 12

        .global _start
_start: la      s0, text
        li      s1, console_output
        li      s2, length
        .global letters
letters:
        lbu     a0, 0(s0)
        out     s1, a0
        addi    s0, s0, 1
        addi    s2, s2, -1
        bnez    s2, letters

        .global ask
ask:    li      a0, IDENTIFY
        li      a1, version
        diag    a0, a0, a1              # is a monitor there that knows me?
        .global answer
answer: bne     a0, a1, done            # no: nothing more is to be done
        li      a0, START
        la      a1, shared
        diag    a0, a0, a1              # yes: we begin
        .global whole
whole:  li      a0, WRITE
        la      a1, line
        diag    a0, a0, a1              # the line, all of it
        .global done
done:   halt    zero

        .data
        .balign 4
line:   .word   text, length            # what WRITE prints: address and length
shared: .space  56                      # words that guest and monitor share
text:   .ascii  "Hello there\n"
