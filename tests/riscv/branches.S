/* branches.S: every branch, taken and not taken, forwards and backwards; jumps and what they link. */
#include "check.h"

RVTEST_CODE_BEGIN

        taken     beq, 0x00000000, 0x00000000
        not_taken beq, 0x00000000, 0x00000001
        not_taken beq, 0x00000000, 0x80000000
        not_taken beq, 0x00000000, 0xffffffff
        not_taken beq, 0x00000001, 0x00000000
        taken     beq, 0x00000001, 0x00000001
        not_taken beq, 0x00000001, 0x80000000
        not_taken beq, 0x00000001, 0xffffffff
        not_taken beq, 0x7fffffff, 0x00000000
        not_taken beq, 0x7fffffff, 0x00000001
        not_taken beq, 0x7fffffff, 0x80000000
        not_taken beq, 0x7fffffff, 0xffffffff
        not_taken beq, 0x80000000, 0x00000000
        not_taken beq, 0x80000000, 0x00000001
        taken     beq, 0x80000000, 0x80000000
        not_taken beq, 0x80000000, 0xffffffff
        not_taken beq, 0xffffffff, 0x00000000
        not_taken beq, 0xffffffff, 0x00000001
        not_taken beq, 0xffffffff, 0x80000000
        taken     beq, 0xffffffff, 0xffffffff

        not_taken bne, 0x00000000, 0x00000000
        taken     bne, 0x00000000, 0x00000001
        taken     bne, 0x00000000, 0x80000000
        taken     bne, 0x00000000, 0xffffffff
        taken     bne, 0x00000001, 0x00000000
        not_taken bne, 0x00000001, 0x00000001
        taken     bne, 0x00000001, 0x80000000
        taken     bne, 0x00000001, 0xffffffff
        taken     bne, 0x7fffffff, 0x00000000
        taken     bne, 0x7fffffff, 0x00000001
        taken     bne, 0x7fffffff, 0x80000000
        taken     bne, 0x7fffffff, 0xffffffff
        taken     bne, 0x80000000, 0x00000000
        taken     bne, 0x80000000, 0x00000001
        not_taken bne, 0x80000000, 0x80000000
        taken     bne, 0x80000000, 0xffffffff
        taken     bne, 0xffffffff, 0x00000000
        taken     bne, 0xffffffff, 0x00000001
        taken     bne, 0xffffffff, 0x80000000
        not_taken bne, 0xffffffff, 0xffffffff

        not_taken blt, 0x00000000, 0x00000000
        taken     blt, 0x00000000, 0x00000001
        not_taken blt, 0x00000000, 0x80000000
        not_taken blt, 0x00000000, 0xffffffff
        not_taken blt, 0x00000001, 0x00000000
        not_taken blt, 0x00000001, 0x00000001
        not_taken blt, 0x00000001, 0x80000000
        not_taken blt, 0x00000001, 0xffffffff
        not_taken blt, 0x7fffffff, 0x00000000
        not_taken blt, 0x7fffffff, 0x00000001
        not_taken blt, 0x7fffffff, 0x80000000
        not_taken blt, 0x7fffffff, 0xffffffff
        taken     blt, 0x80000000, 0x00000000
        taken     blt, 0x80000000, 0x00000001
        not_taken blt, 0x80000000, 0x80000000
        taken     blt, 0x80000000, 0xffffffff
        taken     blt, 0xffffffff, 0x00000000
        taken     blt, 0xffffffff, 0x00000001
        not_taken blt, 0xffffffff, 0x80000000
        not_taken blt, 0xffffffff, 0xffffffff

        taken     bge, 0x00000000, 0x00000000
        not_taken bge, 0x00000000, 0x00000001
        taken     bge, 0x00000000, 0x80000000
        taken     bge, 0x00000000, 0xffffffff
        taken     bge, 0x00000001, 0x00000000
        taken     bge, 0x00000001, 0x00000001
        taken     bge, 0x00000001, 0x80000000
        taken     bge, 0x00000001, 0xffffffff
        taken     bge, 0x7fffffff, 0x00000000
        taken     bge, 0x7fffffff, 0x00000001
        taken     bge, 0x7fffffff, 0x80000000
        taken     bge, 0x7fffffff, 0xffffffff
        not_taken bge, 0x80000000, 0x00000000
        not_taken bge, 0x80000000, 0x00000001
        taken     bge, 0x80000000, 0x80000000
        not_taken bge, 0x80000000, 0xffffffff
        not_taken bge, 0xffffffff, 0x00000000
        not_taken bge, 0xffffffff, 0x00000001
        taken     bge, 0xffffffff, 0x80000000
        taken     bge, 0xffffffff, 0xffffffff

        not_taken bltu, 0x00000000, 0x00000000
        taken     bltu, 0x00000000, 0x00000001
        taken     bltu, 0x00000000, 0x80000000
        taken     bltu, 0x00000000, 0xffffffff
        not_taken bltu, 0x00000001, 0x00000000
        not_taken bltu, 0x00000001, 0x00000001
        taken     bltu, 0x00000001, 0x80000000
        taken     bltu, 0x00000001, 0xffffffff
        not_taken bltu, 0x7fffffff, 0x00000000
        not_taken bltu, 0x7fffffff, 0x00000001
        taken     bltu, 0x7fffffff, 0x80000000
        taken     bltu, 0x7fffffff, 0xffffffff
        not_taken bltu, 0x80000000, 0x00000000
        not_taken bltu, 0x80000000, 0x00000001
        not_taken bltu, 0x80000000, 0x80000000
        taken     bltu, 0x80000000, 0xffffffff
        not_taken bltu, 0xffffffff, 0x00000000
        not_taken bltu, 0xffffffff, 0x00000001
        not_taken bltu, 0xffffffff, 0x80000000
        not_taken bltu, 0xffffffff, 0xffffffff

        taken     bgeu, 0x00000000, 0x00000000
        not_taken bgeu, 0x00000000, 0x00000001
        not_taken bgeu, 0x00000000, 0x80000000
        not_taken bgeu, 0x00000000, 0xffffffff
        taken     bgeu, 0x00000001, 0x00000000
        taken     bgeu, 0x00000001, 0x00000001
        not_taken bgeu, 0x00000001, 0x80000000
        not_taken bgeu, 0x00000001, 0xffffffff
        taken     bgeu, 0x7fffffff, 0x00000000
        taken     bgeu, 0x7fffffff, 0x00000001
        not_taken bgeu, 0x7fffffff, 0x80000000
        not_taken bgeu, 0x7fffffff, 0xffffffff
        taken     bgeu, 0x80000000, 0x00000000
        taken     bgeu, 0x80000000, 0x00000001
        taken     bgeu, 0x80000000, 0x80000000
        not_taken bgeu, 0x80000000, 0xffffffff
        taken     bgeu, 0xffffffff, 0x00000000
        taken     bgeu, 0xffffffff, 0x00000001
        taken     bgeu, 0xffffffff, 0x80000000
        taken     bgeu, 0xffffffff, 0xffffffff

        /* jal links the address after it; a link to x0 is lost. */
        addi    TESTNUM, TESTNUM, 1
        jal     s2, 1f
after:  j       fail
1:      la      s3, after
        bne     s2, s3, fail

        /* jalr clears bit 0 of its target, and may link into the register that it jumps through. */
        addi    TESTNUM, TESTNUM, 1
        la      s2, 1f
        addi    s2, s2, 1 + 16
        jalr    s2, -16(s2)
linked: j       fail
1:      la      s3, linked
        bne     s2, s3, fail

        /* auipc counts from itself; lui has nothing below bit 12. */
        addi    TESTNUM, TESTNUM, 1
here:   auipc   s2, 0xfffff
        la      s3, here
        li      s4, 0x1000
        sub     s3, s3, s4
        bne     s2, s3, fail
        lui     s2, 0x80000
        li      s3, 0x80000000
        bne     s2, s3, fail

        /* A write to x0 is lost, whatever writes. */
        addi    TESTNUM, TESTNUM, 1
        lui     x0, 0x12345
        bnez    x0, fail
        jal     x0, 1f
1:      bnez    x0, fail
        la      s2, fail
        lw      x0, 0(s2)
        bnez    x0, fail

END_OF_CASES
RVTEST_CODE_END
