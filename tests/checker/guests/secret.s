# For variants/secret.isa.
        .global _start
_start: li      t0, 40
        setsecret t0
        li      t1, 1
        getsecret a0, t1                # 41
        getsecret a1, t1                # 42
        la      t2, handler
        sw      zero, 0x50(zero)
        sw      t2, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t2, 0x108(zero)
        sw      t2, 0x5c(zero)
        la      t2, user
        retu    t2
user:   getsecret a1, t1                # traps: it is privileged
handler:
        halt    a1
