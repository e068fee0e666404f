/* process.h: what a process may ask of the nucleus, beyond common.h. A result of -1 means that it could not be done. */
#ifndef SCENARIOS_PROCESS_H
#define SCENARIOS_PROCESS_H

#include "common/common.h"
#include "system_calls.h"

void system_yield(void);          /* lets the other processes go first */
void system_sleep(uint32_t ticks); /* a tick is a timer interrupt of the nucleus */
uint32_t system_time(void);       /* ticks since the start; depends on everything else that goes on */

/* Starts a program of the image; returns the number of the process. */
int32_t system_spawn(const char *program, uint32_t argument);
/* Waits until a process has ended; returns its exit code, or -1 when it was killed. */
int32_t system_wait(int32_t process);

/* The disk: its size in sectors (0: there is none), and single sectors of SECTOR_SIZE bytes. */
uint32_t system_disk_size(void);
int32_t system_disk_read(uint32_t sector, void *bytes);
int32_t system_disk_write(uint32_t sector, const void *bytes);

/* The network. Frames have FRAME_HEADER to FRAME_SIZE bytes; station n has the address 2, 0, 0, 0, 0, n, and six times 255
 * is everybody else. Sending waits for nobody, and does not say whether the frame arrives. Receiving waits for so many
 * ticks at most; it returns the length of the frame, of which `room` bytes are stored, or -1 when none came. */
uint32_t system_network_station(void); /* this machine's number */
int32_t system_network_send(const void *frame, uint32_t length);
int32_t system_network_receive(void *frame, uint32_t room, uint32_t ticks);

/* Files. Reading and writing stop at the end of a sector: call again for more. Returns the number of bytes; reading
 * gives 0 at the end of the file. Writing creates the file if need be; the file ends where the last write ended. */
int32_t system_file_read(const char *name, uint32_t offset, void *bytes, uint32_t length);
int32_t system_file_write(const char *name, uint32_t offset, const void *bytes, uint32_t length);
/* The name of file `index` (0, 1, ...) goes to `name`; returns its size, or -1 when there is none with that index. */
int32_t system_file_name(uint32_t index, char name[FILE_NAME_SIZE]);

/* All of it, with as many calls as it takes: file.c. */
int32_t file_read(const char *name, void *bytes, uint32_t length);
bool file_write(const char *name, const void *bytes, uint32_t length);

#endif
