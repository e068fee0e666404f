install: li t0, 0x40
        halt a0
        .text
handler:
