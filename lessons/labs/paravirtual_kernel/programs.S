/* programs.S: the processes. The kernel copies a program to address 0x100000 of a process's space and starts it there:
 * a0 and a1 are its arguments, a2 is the first address behind its page, where each page is there once it is touched. A
 * program does what its arguments say and exits with a number that depends on all that it did.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

#define CALL_EXIT     0
#define CALL_YIELD    1
#define CALL_WRITE    2
#define CALL_MAP      3
#define CALL_UNMAP    4
#define CALL_TRANSFER 5

    .macro  call number
    li      a7, \number
    ecall
    .endm
    .macro  random register            /* t5, t6: the constants of a linear congruential generator */
    mul     \register, \register, t5
    add     \register, \register, t6
    .endm
    .macro  random_constants
    li      t5, 1664525
    li      t6, 1013904223
    .endm

    .section .rodata
    .balign 4
    .global programs
programs:
    .word   compute, compute_end, talk, talk_end, touch, touch_end, regions, regions_end, storage, storage_end
    .word   rude, rude_end

/* compute(start, count): computes, and asks for nothing. */
compute:
    random_constants
1:  random  a0
    addi    a1, a1, -1
    bnez    a1, 1b
    call    CALL_EXIT
compute_end:

/* talk(letter, count): prints lines, and lets others run in between. */
talk:
    mv      s0, a0
    mv      s1, a1
    mv      s2, a2
    li      s3, 0
1:  li      t0, 0
2:  add     t1, s2, t0
    sb      s0, 0(t1)
    addi    t0, t0, 1
    bleu    t0, s3, 2b
    add     t1, s2, t0
    li      t2, '\n'
    sb      t2, 0(t1)
    mv      a0, s2
    addi    a1, t0, 1
    call    CALL_WRITE
    call    CALL_YIELD
    addi    s3, s3, 1
    bltu    s3, s1, 1b
    mv      a0, s0
    call    CALL_EXIT
talk_end:

/* touch(start, count): so many pages, each for the first time; all must have been zero. */
touch:
    random_constants
    li      t4, 4096
    li      s0, 0
    mv      t0, a2
    mv      t1, a1
1:  random  a0
    lw      t2, 8(t0)
    add     s0, s0, t2
    sw      a0, 8(t0)
    add     t0, t0, t4
    addi    t1, t1, -1
    bnez    t1, 1b
2:  sub     t0, t0, t4
    lw      t2, 8(t0)
    add     s0, s0, t2
    bne     t0, a2, 2b
    mv      a0, s0
    call    CALL_EXIT
touch_end:

/* regions(start, pages + 256 * rounds): asks for so many pages at once, uses them and gives them back. */
regions:
    random_constants
    li      t4, 4096
    mv      s0, a0
    andi    s1, a1, 255
    srli    s2, a1, 8
    li      s3, 0
1:  mv      a0, s1
    call    CALL_MAP
    mv      t0, a0
    mv      t1, s1
2:  lw      t2, 16(t0)              /* zero, in a page that is new */
    add     s3, s3, t2
    random  s0
    sw      s0, 16(t0)
    add     t0, t0, t4
    addi    t1, t1, -1
    bnez    t1, 2b
    mv      t1, s1
3:  sub     t0, t0, t4
    lw      t2, 16(t0)
    add     s3, s3, t2
    addi    t1, t1, -1
    bnez    t1, 3b
    mv      a0, s1
    call    CALL_UNMAP
    addi    s2, s2, -1
    bnez    s2, 1b
    mv      a0, s3
    call    CALL_EXIT
regions_end:

/* storage(start, first sector + 65536 * count): writes sectors, reads them again, and adds all their words. */
storage:
    random_constants
    mv      s0, a0
    slli    s1, a1, 16
    srli    s1, s1, 16
    srli    s2, a1, 16
    mv      s3, a2
    slli    s4, s2, 9
    add     s4, s4, s3
    mv      t0, s3
1:  random  s0
    sw      s0, 0(t0)
    addi    t0, t0, 4
    bltu    t0, s4, 1b
    li      a0, 1
    mv      a1, s1
    mv      a2, s3
    mv      a3, s2
    call    CALL_TRANSFER
    mv      s5, a0
    mv      t0, s3
2:  sw      zero, 0(t0)
    addi    t0, t0, 4
    bltu    t0, s4, 2b
    li      a0, 0
    call    CALL_TRANSFER
    add     s5, s5, a0
    mv      t0, s3
3:  lw      t1, 0(t0)
    add     s5, s5, t1
    addi    t0, t0, 4
    bltu    t0, s4, 3b
    mv      a0, s5
    call    CALL_EXIT
storage_end:

/* rude(what, -): does what a process may not. */
rude:
    beqz    a0, 1f
    addi    a0, a0, -1
    beqz    a0, 2f
    addi    a0, a0, -1
    beqz    a0, 3f
    lw      a0, 0(zero)             /* the memory of others */
    j       4f
1:  auipc   t0, 0                   /* its own program */
    sw      zero, 0(t0)
    j       4f
2:  pg74_halt zero                  /* what belongs to the kernel */
    j       4f
3:  pg74_diag a0, a0, a1            /* a call of the monitor */
4:  call    CALL_EXIT
rude_end:
