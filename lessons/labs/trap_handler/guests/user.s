# A user program calls, and then tries what only a supervisor may.
        .globl  _start
_start: jal     ra, install
        la      t0, user
        retu    t0
user:   li      a0, $a
        ecall
        getbase t0
        halt    zero
