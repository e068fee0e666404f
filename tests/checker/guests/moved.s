# The guest moves itself by R, and goes on in its other place.
        .global _start
        .equ    distance, 0x4000
_start: la      t0, _start
        la      t1, end
        li      t2, distance
1:      lw      t3, 0(t0)
        add     t4, t0, t2
        sw      t3, 0(t4)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        lw      t0, 0x108(zero)
        li      t1, 0x1234
        sw      t1, value, t3
        sub     t0, t0, t2
        setr    t2, t0                  # from here on, `value` is another word
        lw      a0, value
        getbase a1
        loadreal a2, t1
        halt    a0
value:  .word   0x55
end:
