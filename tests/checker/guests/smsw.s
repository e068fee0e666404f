# For x86:pg74: sets the machine status word, which traps, and reads it, which does not.
        .global _start
_start: li      t0, 0x33
        lmsw    t0
        smsw    a0
        halt    a0
