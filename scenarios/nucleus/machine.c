/* machine.c: pg74 and pg74p for the nucleus: a trap swaps PSWs, R is base and bound or a page table and a bound,
 * devices are ports. Memory is in memory.c. */
#include <pg74.h>

#include "machine.h"
#include "paravirtual.h"

enum { FLAG_TRANSLATE = 4 }; /* of the PSW, where there are pages; pg74.h speaks of the machine without */
enum { INPUT_READY = 1, INPUT_ENDED = 2 };
enum { NETWORK_SEND = 1, NETWORK_RECEIVE = 2, NETWORK_LISTEN = 1 };
enum { DISK_READ = 1, DISK_WRITE = 2, DISK_DONE = 2 };

bool machine_translates(void);
void machine_trap_entry(void);
void machine_idle_loop(void);
_Noreturn void machine_resume(struct context *context);
_Noreturn void machine_trap(void);

/* Whose registers are in the processor while it is outside the kernel. trap.S saves them there. */
struct context *machine_running;
static struct context idle_context;
static bool has_pages;

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* ---- Processor -------------------------------------------------------------------------------------------------- */

void machine_start(void)
{
    machine_running = &idle_context;
    pg74_trap_area.new_psw.flags = 0; /* supervisor, interrupts disabled: the kernel is never interrupted */
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    has_pages = machine_translates();
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)machine_trap_entry;
    machine_memory_start();
    paravirtual_discover(has_pages);
}

bool machine_has_pages(void)
{
    return has_pages;
}

/* The PSW to continue with goes where a trap left the old one; machine_resume loads it from there. */
static _Noreturn void enter(struct context *context, uint32_t flags, uint32_t base, uint32_t bound)
{
    machine_running = context;
    pg74_trap_area.old_psw.flags = flags;
    pg74_trap_area.old_psw.pc = context->registers[CONTEXT_PC];
    pg74_trap_area.old_psw.base = base;
    pg74_trap_area.old_psw.bound = bound;
    machine_resume(context);
}

_Noreturn void machine_run(struct context *context, const struct address_space *space)
{
    if (paravirtual_here())
        paravirtual_run(context, space);
    enter(context, PG74_FLAG_USER | PG74_FLAG_ENABLE | (has_pages ? FLAG_TRANSLATE : 0), space->base, space->bound);
}

_Noreturn void machine_wait(void)
{
    if (paravirtual_here())
        paravirtual_wait();
    idle_context.registers[CONTEXT_PC] = (uint32_t)(uintptr_t)machine_idle_loop;
    enter(&idle_context, PG74_FLAG_ENABLE, 0, pg74_boot_block.memory_size);
}

_Noreturn void machine_trap(void)
{
    bool from_process = (pg74_trap_area.old_psw.flags & PG74_FLAG_USER) != 0;
    kernel_trap(pg74_trap_area.cause, pg74_trap_area.value, pg74_trap_area.access, from_process);
}

void machine_set_timer(uint32_t instructions)
{
    if (paravirtual_here())
        paravirtual_set_timer(instructions);
    else
        pg74_settimer(instructions);
}

_Noreturn void machine_halt(uint32_t code)
{
    if (paravirtual_here())
        paravirtual_flush();
    for (;;)
        pg74_halt(code);
}

/* ---- Devices ---------------------------------------------------------------------------------------------------- */

void machine_console_write(const char *bytes, uint32_t length)
{
    if (paravirtual_here())
        paravirtual_write(bytes, length);
    else
        for (uint32_t i = 0; i < length; i++)
            pg74_out(PG74_PORT_CONSOLE_OUTPUT, (unsigned char)bytes[i]);
}

uint32_t machine_console_read(char *bytes, uint32_t room)
{
    uint32_t count = 0;
    if (paravirtual_here())
        return paravirtual_read(bytes, room);
    while (count < room) {
        uint32_t byte = pg74_in(PG74_PORT_CONSOLE_INPUT); /* all ones when there is none */
        if (byte > 0xff)
            break;
        bytes[count++] = (char)byte;
        if (byte == '\n')
            break;
    }
    return count;
}

bool machine_console_ended(void)
{
    return (pg74_in(PG74_PORT_CONSOLE_STATUS) & (INPUT_READY | INPUT_ENDED)) == INPUT_ENDED;
}

void machine_console_interrupt(bool wanted)
{
    pg74_out(PG74_PORT_CONSOLE_CONTROL, wanted);
}

uint32_t machine_disk_size(void)
{
    return pg74_in(PG74_PORT_DISK_SIZE);
}

void machine_disk_start(bool write, uint32_t sector, void *bytes)
{
    if (paravirtual_here()) {
        paravirtual_disk_start(write, sector, bytes);
        return;
    }
    pg74_out(PG74_PORT_DISK_SECTOR, sector);
    pg74_out(PG74_PORT_DISK_ADDRESS, address_of(bytes)); /* physical, as the kernel's R begins at 0 */
    pg74_out(PG74_PORT_DISK_COUNT, 1);
    pg74_out(PG74_PORT_DISK_COMMAND, write ? DISK_WRITE : DISK_READ);
}

bool machine_disk_succeeded(void)
{
    return paravirtual_here() ? paravirtual_disk_succeeded() : pg74_in(PG74_PORT_DISK_STATUS) == DISK_DONE;
}

uint32_t machine_network_station(void)
{
    return pg74_in(PG74_PORT_NETWORK_STATION);
}

void machine_network_listen(void)
{
    pg74_out(PG74_PORT_NETWORK_CONTROL, NETWORK_LISTEN);
}

/* Frames move at once, to and from physical addresses. */
static bool network_command(const void *bytes, uint32_t length, uint32_t command)
{
    pg74_out(PG74_PORT_NETWORK_ADDRESS, address_of(bytes));
    pg74_out(PG74_PORT_NETWORK_LENGTH, length);
    pg74_out(PG74_PORT_NETWORK_COMMAND, command);
    return pg74_in(PG74_PORT_NETWORK_COMMAND) == 0;
}

bool machine_network_send(const void *bytes, uint32_t length)
{
    return paravirtual_here() ? paravirtual_send(bytes, length) : network_command(bytes, length, NETWORK_SEND);
}

uint32_t machine_network_receive(void *bytes, uint32_t room)
{
    if (paravirtual_here())
        return paravirtual_receive(bytes, room);
    uint32_t length = pg74_in(PG74_PORT_NETWORK_LENGTH);
    return length > 0 && network_command(bytes, room, NETWORK_RECEIVE) ? length : 0;
}
