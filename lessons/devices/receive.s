# receive.s: listens to the network, waits for a frame, and prints what is in it. It is station 1.
        .equ    console_output, 0       # ports
        .equ    network_address, 0x20
        .equ    network_length, 0x21
        .equ    network_command, 0x22
        .equ    network_control, 0x23
        .equ    RECEIVE, 2              # a command
        .equ    LISTEN, 1
        .equ    buffer, 0x9000
        .equ    room, 1514
        .equ    header, 14              # a frame's: to, from, type

        .global _start
_start: li      t0, network_control
        li      t1, LISTEN
        out     t0, t1
        .global waiting
waiting:
        idle                            # until a frame has come
        li      t0, network_address
        li      t1, buffer
        out     t0, t1
        li      t0, network_length
        li      t1, room
        out     t0, t1
        li      t0, network_command
        li      t1, RECEIVE
        .global take
take:   out     t0, t1

        li      s0, buffer + header
        li      t0, console_output
next:   lbu     t1, 0(s0)
        beqz    t1, end
        out     t0, t1
        addi    s0, s0, 1
        j       next
end:    halt    zero
