# A privileged instruction of the guest's user program: the guest's kernel gets the trap. Its user program must not get
# what only the kernel may.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s0, $1..99
        la      t0, user
        retu    t0
user:
        getbase a0
        halt    a0
handler:
        lw      a1, @trap_cause(zero)
        lw      a2, @old_psw(zero)
        lw      a3, @trap_value(zero)
        add     a1, a1, s0
        halt    a1
