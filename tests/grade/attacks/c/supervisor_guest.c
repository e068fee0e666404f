/* Jumps into the guest, in supervisor mode: it need not emulate anything. */
#include "pg74.h"
void monitor_main(void)
{
    pg74_setr(pg74_boot_block.guests[0].start, pg74_boot_block.guests[0].size);
    for (;;) ((void (*)(void))(unsigned)pg74_boot_block.guests[0].entry)();
}
void monitor_trap(void) { pg74_halt(0); }
