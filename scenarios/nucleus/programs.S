/* programs.S: the programs, each as the flat copy of what is to stand at PROGRAM_START, and struct program
 * image_programs[]. */
        .section .rodata
        .macro  program name
        .pushsection .rodata.programs
        .balign 4
1:      .incbin "\name\().bin"
        .balign 4
2:
3:      .asciz  "\name"
        .popsection
        .word   3b, 1b, 2b
        .endm

        .balign 4
        .globl  image_programs
image_programs:
        program sha256
        program sort
        program matrix
        program sieve
        program words
        program shell
        program disk
        program rude
        program network
        .word   0, 0, 0
