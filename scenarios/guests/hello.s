# hello.s: the smallest guest that says something. It runs in supervisor mode with all of memory, and asks nobody.
#
#     pg74 asm hello.s -o hello.elf && pg74 run hello.elf

        .equ    console_output, 0

        .global _start
_start: la      s0, message
        li      s1, console_output
next:   lbu     a0, 0(s0)
        beqz    a0, done
        out     s1, a0                  # a system instruction: write a0 to the port whose number is in s1
        addi    s0, s0, 1
        j       next
done:   li      a0, 0
        halt    a0                      # the code 0 means that all went well

        .data
message:
        .asciz  "Hello from a guest.\n"
