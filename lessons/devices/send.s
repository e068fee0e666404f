# send.s: sends one frame to station 1. It is station 0.
        .equ    network_address, 0x20   # ports
        .equ    network_length, 0x21
        .equ    network_command, 0x22
        .equ    SEND, 1                 # a command
        .equ    length, 14 + 19

        .global _start
_start: li      t0, network_address
        la      t1, frame
        out     t0, t1
        li      t0, network_length
        li      t1, length
        out     t0, t1
        li      t0, network_command
        li      t1, SEND
        .global send
send:   out     t0, t1
        halt    zero

        .data
frame:  .byte   2, 0, 0, 0, 0, 1        # to station 1
        .byte   2, 0, 0, 0, 0, 0        # from station 0
        .byte   0x88, 0xb5              # a type that is free for experiments
        .asciz  "Hello over there.\n"
