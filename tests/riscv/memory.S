/* memory.S: loads and stores of every size at every place, with and without sign, and what they leave alone. */
#include "check.h"

        /* A load from `data` plus an offset; the address once by the offset, once by the register alone. */
        .macro  loads name, offset, result
        addi    TESTNUM, TESTNUM, 1
        la      s2, data + 16
        li      s4, \result
        \name   s5, \offset - 16(s2)
        bne     s5, s4, fail
        addi    s2, s2, \offset - 16
        \name   s2, 0(s2)
        bne     s2, s4, fail
        .endm

        /* A store into a word that was all `before`. */
        .macro  stores name, offset, value, before, result
        addi    TESTNUM, TESTNUM, 1
        la      s2, space
        li      s3, \before
        sw      s3, 0(s2)
        li      s4, \value
        \name   s4, \offset(s2)
        lw      s5, 0(s2)
        li      s3, \result
        bne     s5, s3, fail
        .endm

RVTEST_CODE_BEGIN

        loads   lb,   0, 0x0000007f
        loads   lb,   1, 0x00000001
        loads   lb,   2, 0xffffffff
        loads   lb,   3, 0xffffff80
        loads   lb,   4, 0xfffffffe
        loads   lb,   5, 0xffffff80
        loads   lb,   6, 0x00000000
        loads   lb,   7, 0x0000007f
        loads   lb,   8, 0x00000000
        loads   lb,   9, 0x00000000
        loads   lb,  10, 0x00000000
        loads   lb,  11, 0x00000000
        loads   lb,  12, 0xffffffff
        loads   lb,  13, 0xffffffff
        loads   lb,  14, 0xffffffff
        loads   lb,  15, 0xffffffff
        loads   lb,  16, 0x00000078
        loads   lb,  17, 0x00000056
        loads   lb,  18, 0x00000034
        loads   lb,  19, 0x00000012
        loads   lb,  20, 0xffffffef
        loads   lb,  21, 0xffffffcd
        loads   lb,  22, 0xffffffab
        loads   lb,  23, 0xffffff89

        loads   lbu,  0, 0x0000007f
        loads   lbu,  1, 0x00000001
        loads   lbu,  2, 0x000000ff
        loads   lbu,  3, 0x00000080
        loads   lbu,  4, 0x000000fe
        loads   lbu,  5, 0x00000080
        loads   lbu,  6, 0x00000000
        loads   lbu,  7, 0x0000007f
        loads   lbu,  8, 0x00000000
        loads   lbu,  9, 0x00000000
        loads   lbu, 10, 0x00000000
        loads   lbu, 11, 0x00000000
        loads   lbu, 12, 0x000000ff
        loads   lbu, 13, 0x000000ff
        loads   lbu, 14, 0x000000ff
        loads   lbu, 15, 0x000000ff
        loads   lbu, 16, 0x00000078
        loads   lbu, 17, 0x00000056
        loads   lbu, 18, 0x00000034
        loads   lbu, 19, 0x00000012
        loads   lbu, 20, 0x000000ef
        loads   lbu, 21, 0x000000cd
        loads   lbu, 22, 0x000000ab
        loads   lbu, 23, 0x00000089

        loads   lh,   0, 0x0000017f
        loads   lh,   2, 0xffff80ff
        loads   lh,   4, 0xffff80fe
        loads   lh,   6, 0x00007f00
        loads   lh,   8, 0x00000000
        loads   lh,  10, 0x00000000
        loads   lh,  12, 0xffffffff
        loads   lh,  14, 0xffffffff
        loads   lh,  16, 0x00005678
        loads   lh,  18, 0x00001234
        loads   lh,  20, 0xffffcdef
        loads   lh,  22, 0xffff89ab

        loads   lhu,  0, 0x0000017f
        loads   lhu,  2, 0x000080ff
        loads   lhu,  4, 0x000080fe
        loads   lhu,  6, 0x00007f00
        loads   lhu,  8, 0x00000000
        loads   lhu, 10, 0x00000000
        loads   lhu, 12, 0x0000ffff
        loads   lhu, 14, 0x0000ffff
        loads   lhu, 16, 0x00005678
        loads   lhu, 18, 0x00001234
        loads   lhu, 20, 0x0000cdef
        loads   lhu, 22, 0x000089ab

        loads   lw,   0, 0x80ff017f
        loads   lw,   4, 0x7f0080fe
        loads   lw,   8, 0x00000000
        loads   lw,  12, 0xffffffff
        loads   lw,  16, 0x12345678
        loads   lw,  20, 0x89abcdef

        stores  sb, 0, 0x12345678, 0xffffffff, 0xffffff78
        stores  sb, 0, 0xfedcba98, 0x00000000, 0x00000098
        stores  sb, 1, 0x12345678, 0xffffffff, 0xffff78ff
        stores  sb, 1, 0xfedcba98, 0x00000000, 0x00009800
        stores  sb, 2, 0x12345678, 0xffffffff, 0xff78ffff
        stores  sb, 2, 0xfedcba98, 0x00000000, 0x00980000
        stores  sb, 3, 0x12345678, 0xffffffff, 0x78ffffff
        stores  sb, 3, 0xfedcba98, 0x00000000, 0x98000000

        stores  sh, 0, 0x12345678, 0xffffffff, 0xffff5678
        stores  sh, 0, 0xfedcba98, 0x00000000, 0x0000ba98
        stores  sh, 2, 0x12345678, 0xffffffff, 0x5678ffff
        stores  sh, 2, 0xfedcba98, 0x00000000, 0xba980000

        stores  sw, 0, 0x12345678, 0xffffffff, 0x12345678
        stores  sw, 0, 0xfedcba98, 0x00000000, 0xfedcba98

END_OF_CASES
RVTEST_CODE_END

        .data
RVTEST_DATA_BEGIN
data:   .word   0x80ff017f, 0x7f0080fe, 0x00000000, 0xffffffff, 0x12345678, 0x89abcdef
space:  .word   0
RVTEST_DATA_END
