# detect.s: a guest for the machine x86. It prints B on the bare machine, and V under a monitor.
_start: li      s0, 0                   # the console's port
        li      a1, 'B'

        mov     a0                      # the code segment: its low bit is the mode
        beqz    a0, print
        li      a1, 'V'
print:

        out     s0, a1
        halt    zero
