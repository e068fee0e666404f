/* system_calls.h: the numbers of the nucleus's system calls, for C and assembly. The number goes in a7, arguments in
 * a0 to a3, the result comes in a0. What each does: programs/process.h. */
#ifndef SCENARIOS_SYSTEM_CALLS_H
#define SCENARIOS_SYSTEM_CALLS_H

#define CALL_EXIT        0
#define CALL_WRITE       1
#define CALL_READ        2
#define CALL_YIELD       3
#define CALL_SLEEP       4
#define CALL_TIME        5
#define CALL_SPAWN       6
#define CALL_WAIT        7
#define CALL_DISK_SIZE   8
#define CALL_DISK_READ   9
#define CALL_DISK_WRITE  10
#define CALL_FILE_READ   11
#define CALL_FILE_WRITE  12
#define CALL_FILE_NAME   13
#define CALL_NETWORK_STATION 14
#define CALL_NETWORK_SEND    15
#define CALL_NETWORK_RECEIVE 16
#define CALL_COUNT       17

/* A program begins with these words: magic, entry, end of its memory, top of its stack. */
#define PROGRAM_MAGIC    0x474f5250 /* "PROG" */

#define FILE_NAME_SIZE   24         /* with the NUL */
#define SECTOR_SIZE      512
#define FRAME_SIZE       1514       /* the longest frame of the network */
#define FRAME_HEADER     14         /* the shortest: destination, source (6 bytes each), type (2) */

#endif
