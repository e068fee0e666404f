# host.s: the smallest monitor that there is, for the machine pg74h. One guest, which prints and halts.
        .equ    table, 0x8000           # the host's table: from the guest's pages to real frames
        .equ    ENTRY, 0x0f             # valid, may be loaded, stored to and executed
        .equ    exit_out, 33            # reasons of exits
        .equ    exit_halt, 35

        .global _start
_start: li      t0, table
        li      t1, 0x9000 | ENTRY      # the guest's page 0 is the frame at 0x9000,
        sw      t1, 0(t0)
        la      t1, guest               # its page 1 is where its instructions are
        ori     t1, t1, ENTRY
        sw      t1, 4(t0)

# The guest uses a0, s0 and s1. t4, t5 and t6 are the host's.
        .global enter
enter:  la      t5, block
        vmrun   0(t5)                   # the guest runs, until it exits

        .global exited
exited: la      t5, block
        lw      t6, 0x40(t5)            # why?
        li      t4, exit_halt
        beq     t6, t4, end

        # Here: if the reason is exit_out, do it for the guest: the port is at 0x44 of the block, what is to be written at 0x48.
        # The guest's pc is at 0x04 of the block, and still that of its `out`. Then enter it again.

        halt    t6                      # a reason that was not expected
end:    halt    zero

        .data
        .balign 16
block:  .word   0, 0x1000, 0, 0         # 0x00 the guest's PSW: supervisor, no translation, pc 0x1000
        .word   0, 0, 0, 0              # 0x10 the host's PSW
        .word   table, 0x2000           # 0x20 the host's table, and how many bytes it maps
        .word   1, 0                    # 0x28 nested translation; no traps of its own exit
        .word   0, 0, 0, 0              # 0x30 nothing to inject
        .zero   32                      # 0x40 reason, value, access

# The guest: a program for a machine of 8 KiB. It knows nothing of all this.
        .balign 4096
guest:  li      s0, 0x1000 + text - guest
        li      s1, 0
next:   lbu     a0, 0(s0)
        beqz    a0, done
        out     s1, a0
        addi    s0, s0, 1
        j       next
done:   halt    zero
        .global text
text:   .asciz  "Hi.\n"
