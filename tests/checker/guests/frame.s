# Sends a frame that begins in this guest's memory and ends beyond it, and one to nobody: halts with both answers.
_start:
    li   t0, 0x108           # the boot block says how much memory there is
    lw   t1, (t0)
    addi t1, t1, -16
    li   t0, 0x20
    out  t0, t1
    li   t1, 64
    li   t0, 0x21
    out  t0, t1
    li   t1, 1
    li   t0, 0x22
    out  t0, t1
    in   s0, t0
    li   t0, 0x20
    out  t0, zero
    li   t0, 0x22
    out  t0, t1
    in   s1, t0
    slli s0, s0, 1
    or   s0, s0, s1
    mv   a0, s0
    nop
    nop
    halt a0
