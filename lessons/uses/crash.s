# crash.s: a guest with a mistake. It jumps to where there is no memory; and since it has prepared nothing for traps, the
# handler that it does not have is "executed" at address 0, which traps again, and so on for ever.
        .global _start
_start: li      t0, 0x70000000
        jr      t0
