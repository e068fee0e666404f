/* check.h: our own cases: an instruction, its operands, and the result that the RISC-V manual gives it. */
#ifndef PG74_CHECK_H
#define PG74_CHECK_H

#include "riscv_test.h"

        /* The instruction on two registers; with the result in a third, and in the place of either operand. */
        .macro  registers name, left, right, result
        addi    TESTNUM, TESTNUM, 1
        li      s2, \left
        li      s3, \right
        li      s4, \result
        \name   s5, s2, s3
        bne     s5, s4, fail
        mv      s6, s2
        \name   s6, s6, s3
        bne     s6, s4, fail
        \name   s3, s2, s3
        bne     s3, s4, fail
        li      s3, \right
        \name   x0, s2, s3
        bnez    x0, fail
        .endm

        /* The instruction on a register and a number. */
        .macro  immediate name, left, number, result
        addi    TESTNUM, TESTNUM, 1
        li      s2, \left
        li      s4, \result
        \name   s5, s2, \number
        bne     s5, s4, fail
        \name   s2, s2, \number
        bne     s2, s4, fail
        .endm

        /* Both directions of a branch that is taken, and of one that is not. */
        .macro  taken name, left, right
        addi    TESTNUM, TESTNUM, 1
        li      s2, \left
        li      s3, \right
        j       2f
1:      j       3f
        j       fail
2:      \name   s2, s3, 1b
        j       fail
3:      \name   s2, s3, 4f
        j       fail
4:
        .endm

        .macro  not_taken name, left, right
        addi    TESTNUM, TESTNUM, 1
        li      s2, \left
        li      s3, \right
        \name   s2, s3, 1f              /* near: what lies far, GNU as reaches by the opposite branch */
        j       2f
1:      j       fail
2:
        .endm

#define END_OF_CASES                                                                                                    \
        RVTEST_PASS                                                                                                     \
fail:   RVTEST_FAIL

#endif
