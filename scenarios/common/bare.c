/* bare.c: the system interface of common.h for a guest that stands alone: the ports instead of system calls. */
#include "guest.h"

enum { INPUT_READY = 1, INPUT_ENDED = 2 }; /* bits of the console's status */

_Noreturn void guest_stop(uint32_t code);
void guest_trap_entry(void);

int32_t system_write(const void *bytes, uint32_t length)
{
    const unsigned char *next = bytes;
    for (uint32_t i = 0; i < length; i++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, next[i]);
    return (int32_t)length;
}

/* Polls: a guest that stands alone has nothing else to do. */
int32_t system_read(void *bytes, uint32_t length)
{
    unsigned char *target = bytes;
    uint32_t count = 0;
    while (count < length) {
        uint32_t status = pg74_in(PG74_PORT_CONSOLE_STATUS);
        if (status & INPUT_READY) {
            uint32_t byte = pg74_in(PG74_PORT_CONSOLE_INPUT);
            target[count++] = (unsigned char)byte;
            if (byte == '\n')
                break;
        } else if (status & INPUT_ENDED) {
            break;
        }
    }
    return (int32_t)count;
}

_Noreturn void system_exit(uint32_t code)
{
    guest_stop(code);
}

void guest_traps_on(void)
{
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)guest_trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
}

/* For guests that expect no trap: one that comes all the same is reported, and ends the guest. */
__attribute__((weak)) void guest_trap(void)
{
    print("unexpected trap %u, value %08x, at pc %08x\n", pg74_trap_area.cause, pg74_trap_area.value,
          pg74_trap_area.old_psw.pc);
    system_exit(254);
}
