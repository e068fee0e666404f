# print.s: a program that prints three lines. It uses the monitor, when one is there that knows the calls, and
# goes on without it everywhere else.
        .equ    console_output, 0
        .equ    IDENTIFY, 0
        .equ    START, 2
        .equ    WRITE, 7
        .equ    version, 0x50560002

        .global _start
_start:
        li      s11, 0
        li      a0, IDENTIFY
        li      a1, version
        diag    a0, a0, a1
        bne     a0, a1, begin           # nobody, or somebody who does not speak this version
        li      s11, 1
        li      a0, START
        la      a1, shared
        diag    a0, a0, a1
begin:

        la      a0, first
        li      a1, 21
        call    print
        la      a0, second
        li      a1, 25
        call    print
        la      a0, third
        li      a1, 6
        call    print
        halt    zero

# print: a0 is the address of the bytes, a1 how many. It may use a0 to a7 and t0 to t6.
print:
        beqz    s11, letters
        la      t0, bytes
        sw      a0, 0(t0)
        sw      a1, 4(t0)
        li      a0, WRITE
        mv      a1, t0
        diag    a0, a0, a1
        ret
letters:

        li      t0, console_output
        add     a1, a1, a0              # where they end
next:   beq     a0, a1, end
        lbu     t1, 0(a0)
        out     t0, t1
        addi    a0, a0, 1
        j       next
end:    ret

        .data
        .balign 4
bytes:  .word   0, 0                    # for WRITE: address and length
shared: .space  56                      # for START
first:  .ascii  "This is a long line.\n"
second: .ascii  "This line is even longer\n"
third:  .ascii  "Done.\n"
