/* start.S: the beginning of a program that runs as a process, and its system calls.
 *
 * The stack stands below the program, from 0 to 0x4000: one that grows too long leaves R at address 0 and is caught,
 * where a stack above the data would quietly overwrite them. */
#include "system_calls.h"

        .section .text.start, "ax"
        .word   PROGRAM_MAGIC, start, image_end, stack_top, data_start
        .globl  start
start:  call    main                    /* the nucleus has set sp, and a0 to the argument */
        .globl  system_exit
system_exit:
        li      a7, CALL_EXIT
        ecall

        .text
        .macro  system_call name, number
        .globl  system_\name
system_\name:
        li      a7, \number
        ecall
        ret
        .endm

        system_call write,      CALL_WRITE
        system_call read,       CALL_READ
        system_call yield,      CALL_YIELD
        system_call sleep,      CALL_SLEEP
        system_call time,       CALL_TIME
        system_call spawn,      CALL_SPAWN
        system_call wait,       CALL_WAIT
        system_call disk_size,  CALL_DISK_SIZE
        system_call disk_read,  CALL_DISK_READ
        system_call disk_write, CALL_DISK_WRITE
        system_call file_read,  CALL_FILE_READ
        system_call file_write, CALL_FILE_WRITE
        system_call file_name,  CALL_FILE_NAME
        system_call network_station, CALL_NETWORK_STATION
        system_call network_send,    CALL_NETWORK_SEND
        system_call network_receive, CALL_NETWORK_RECEIVE
