# Calls START of the paravirtual monitor while an interrupt waits, which is told at once: as an event, and not as on the
# machine.
        la      s3, shared
        la      t0, event
        sw      t0, 8(s3)
        li      t0, 0x5000
        sw      t0, 28(s3)
        li      t0, 1
        sw      t0, 0(s3)
        settimer t0
        nop
        nop
        li      a0, 2
        mv      a1, s3
        diag    a0, a0, a1
        li      a0, 7
        halt    a0
event:
        li      a0, 9
        halt    a0
        .data
        .org    0x4000
shared:
        .space  56
