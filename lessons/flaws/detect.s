# detect.s: a guest for the machine x86. It prints B on the bare machine, and V under a monitor.
_start: li      s0, 0                   # the console's port
        li      a1, 'B'

# ---- yours begins here
# ---- and ends here

        out     s0, a1
        halt    zero
