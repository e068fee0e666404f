# handler.s: a kernel that says no.
#
# The user program asks for letters with ecall, tries to print one by itself, and ends with ebreak. For each
#   ecall       (cause 4)  the kernel prints the letter in a0, and goes on after the ecall;
#   forbidden instruction (cause 2)  it prints '!', and goes on after that instruction;
#   ebreak      (cause 5)  it halts with the code 0.
# Write the kernel. It may use t0 to t2; the user program's other registers must be as they were.

        .equ    console_output, 0
        .rodata
        .org    0x50                    # the new PSW
        .word   0, kernel, 0, 0x100000

        .text
_start: la      t0, user_psw
        lpsw    0(t0)

kernel:
# ---- yours begins here
        li      t0, 99
        halt    t0
# ---- and ends here

        .align  4
user:   li      a0, 'o'
        ecall
        li      a1, console_output
        li      a0, 'X'
        out     a1, a0                  # forbidden
        li      a0, 'k'
        ecall
        ebreak

        .data
        .align  4
user_psw:
        .word   1, 0, user, 32
