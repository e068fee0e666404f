/* misaligned.S: accesses and jumps to addresses that are not multiples of their size trap, with the address as value, and
 * leave everything else as it was: the register of a load, the link of a jump, the memory of a store. */
#include "check.h"

        /* An instruction that traps at an address, with this kind of access; s2 is the address. */
        .macro  traps address, access, instruction:vararg
        addi    TESTNUM, TESTNUM, 1
        la      t0, handler
        sw      t0, PG74_NEW_PSW + 4(x0)
        la      s11, 1f                 /* where to go on */
        la      s10, 2f                 /* the pc that the trap must have saved */
        la      s2, \address
        li      s3, 0x5eed
        li      s4, 0
2:      \instruction
        j       fail                    /* no trap */
1:      li      t1, PG74_CAUSE_MISALIGNED
        lw      t0, PG74_TRAP_CAUSE(x0)
        bne     t0, t1, fail
        lw      t0, PG74_TRAP_VALUE(x0)
        la      t1, \address
        bne     t0, t1, fail
        lw      t0, PG74_TRAP_ACCESS(x0)
        li      t1, \access
        bne     t0, t1, fail
        lw      t0, PG74_OLD_PSW + 4(x0)
        bne     t0, s10, fail
        li      t1, 0x5eed
        bne     s3, t1, fail
        .endm

RVTEST_CODE_BEGIN

        traps   data + 1, 2, lh s3, 0(s2)
        traps   data + 3, 2, lhu s3, 0(s2)
        traps   data + 1, 2, lw s3, 0(s2)
        traps   data + 2, 2, lw s3, 0(s2)
        traps   data + 3, 2, lw s3, 0(s2)
        traps   data + 1, 3, sh s4, 0(s2)
        traps   data + 3, 3, sh s4, 0(s2)
        traps   data + 1, 3, sw s4, 0(s2)
        traps   data + 2, 3, sw s4, 0(s2)
        traps   data + 3, 3, sw s4, 0(s2)
        traps   data + 2, 1, jalr s3, 0(s2)
        traps   data + 2, 1, jalr s3, 1(s2)

        /* The stores have stored nothing. */
        addi    TESTNUM, TESTNUM, 1
        lw      s2, data
        li      s3, 0x01020304
        bne     s2, s3, fail

        /* A halfword at an even address, a byte anywhere: no trap. */
        addi    TESTNUM, TESTNUM, 1
        la      s2, data
        lh      s3, 2(s2)
        li      s4, 0x0102
        bne     s3, s4, fail
        lb      s3, 3(s2)
        li      s4, 1
        bne     s3, s4, fail

END_OF_CASES

handler:
        jr      s11
RVTEST_CODE_END

        .data
RVTEST_DATA_BEGIN
data:   .word   0x01020304, 0x05060708
RVTEST_DATA_END
