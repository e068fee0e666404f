/* riscv_test.h: the environment that RISC-V instruction tests ask for, for pg74: with it the public tests of RV32I and RV32M
 * (whose sources are not part of this project; see `run`) and our own are guests of the bare machine.
 *
 * A test ends by `halt`: with 0 when all cases passed, else with the number of the first that failed. A trap that no test
 * expects halts with 254.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef PG74_RISCV_TEST_H
#define PG74_RISCV_TEST_H

#include <pg74.h>

#define TESTNUM gp /* the number of the case that is under way */
#define __RISCVEL  /* little-endian: older copies of the tests ask */

/* Both are for tests that run in any mode and use 32-bit registers. */
#define RVTEST_RV32U
#define RVTEST_RV64U

/* Before the test: the new PSW leads to unexpected_trap, in supervisor mode. Its bound is what ours is now. */
#define RVTEST_CODE_BEGIN                                                                                               \
        .section .text.start, "ax";                                                                                     \
        .globl  start;                                                                                                  \
start:  sw      x0, PG74_NEW_PSW(x0);                                                                                   \
        la      t0, unexpected_trap;                                                                                    \
        sw      t0, PG74_NEW_PSW + 4(x0);                                                                               \
        sw      x0, PG74_NEW_PSW + 8(x0);                                                                               \
        pg74_getbound t0;                                                                                               \
        sw      t0, PG74_NEW_PSW + 12(x0);                                                                              \
        li      TESTNUM, 0;                                                                                             \
        j       test_start;                                                                                             \
unexpected_trap:                                                                                                        \
        li      a0, 254;                                                                                                \
        pg74_halt a0;                                                                                                   \
        .text;                                                                                                          \
test_start:

#define RVTEST_CODE_END

#define RVTEST_PASS                                                                                                     \
        li      a0, 0;                                                                                                  \
        pg74_halt a0;

#define RVTEST_FAIL                                                                                                     \
        mv      a0, TESTNUM;                                                                                            \
        pg74_halt a0;

#define RVTEST_DATA_BEGIN .balign 16;
#define RVTEST_DATA_END
#define EXTRA_DATA

#endif
