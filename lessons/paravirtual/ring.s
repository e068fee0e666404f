# ring.s: three lines by a ring: three requests are written down, and the monitor is told once.
        .equ    IDENTIFY, 0
        .equ    START, 2
        .equ    RING, 12
        .equ    NOTIFY, 13
        .equ    version, 0x50560002
        .equ    console, 0              # the device
        .equ    WRITE_OUT, 2            # an operation

        .global _start
_start: li      a0, IDENTIFY
        li      a1, version
        diag    a0, a0, a1
        li      a0, START
        la      a1, shared
        diag    a0, a0, a1
        li      a0, RING                # the console's ring is here
        la      a1, attachment
        diag    a0, a0, a1

        .global produce
produce:
        la      s0, requests
        li      s1, 3
        sw      s1, 0(s0)               # there are three requests now: no trap
        .global notify
notify: li      a0, NOTIFY
        li      a1, console
        diag    a0, a0, a1
        .global done
done:   halt    zero

        .data
        .balign 4
attachment:
        .word   console, requests
        .global requests
requests:
        .word   0, 0                    # produced, answered
        .word   WRITE_OUT, first, 4, 0, 0       # operation, address, length, sector, answer
        .word   WRITE_OUT, second, 4, 0, 0
        .word   WRITE_OUT, third, 6, 0, 0
        .space  5 * 20                  # the places of five more
shared: .space  56
first:  .ascii  "one\n"
second: .ascii  "two\n"
third:  .ascii  "three\n"
