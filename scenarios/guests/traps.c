/* traps.c: every cause of a trap, one after the other, in supervisor and in user mode, with what the hardware says
 * of it. */
#include "common/guest.h"

/* The handler goes on at this address: a trap's own pc may be one where nothing can be executed. */
static volatile uint32_t resume;
static volatile uint32_t count;

static const char *name_of(uint32_t cause)
{
    switch (cause) {
    case PG74_CAUSE_MEMORY: return "memory";
    case PG74_CAUSE_PRIVILEGED: return "privileged";
    case PG74_CAUSE_ILLEGAL: return "illegal";
    case PG74_CAUSE_SUPERVISOR_CALL: return "supervisor call";
    case PG74_CAUSE_BREAKPOINT: return "breakpoint";
    case PG74_CAUSE_MISALIGNED: return "misaligned";
    case PG74_CAUSE_TIMER: return "timer";
    case PG74_CAUSE_CONSOLE: return "console";
    case PG74_CAUSE_DISK: return "disk";
    default: return "unknown";
    }
}

void guest_trap(void)
{
    static const char *const accesses[] = {"-", "fetch", "load", "store"};
    bool user = pg74_trap_area.old_psw.flags & PG74_FLAG_USER;
    count++;
    print("%-10s %-15s value %08x, access %s\n", user ? "user" : "supervisor", name_of(pg74_trap_area.cause),
          pg74_trap_area.value, accesses[pg74_trap_area.access & 3]);
    if (user)
        guest_leave(0);
    if (pg74_trap_area.cause == PG74_CAUSE_CONSOLE)
        pg74_out(PG74_PORT_CONSOLE_CONTROL, 0); /* nobody reads the input, so it would interrupt again */
    if (pg74_trap_area.cause >= PG74_CAUSE_TIMER)
        pg74_trap_area.old_psw.flags = 0; /* no second one before the guest is ready for it */
    else
        pg74_trap_area.old_psw.pc = resume;
}

/* Executes instructions that trap; the handler comes back to the label 1. They may change t0 to t2 and ra. */
#define TRY(instructions)                                                                                             \
    __asm__ volatile("la t0, 1f\n\tsw t0, %0\n\t" instructions "\n1:" : "=m"(resume)                                  \
                     : : "t0", "t1", "t2", "ra", "memory")

/* idle ends when an interrupt is requested, also while none is taken; it is taken after the first setflags. */
static void wait_for_interrupt(void)
{
    uint32_t before = count;
    while (count == before) {
        pg74_idle();
        pg74_setflags(PG74_FLAG_ENABLE);
        pg74_setflags(0);
    }
}

static void supervisor_traps(void)
{
    TRY("li t1, 0x7ffffffc\n\tlw t1, 0(t1)");
    TRY("li t1, 0x7ffffffc\n\tsw t1, 0(t1)");
    TRY("li t1, 0x7ffffffc\n\tjr t1");
    TRY("li t1, 0x2002\n\tlw t1, 0(t1)");
    TRY("li t1, 0x2001\n\tsh t1, 0(t1)");
    TRY("li t1, 0x2002\n\tjr t1");
    TRY(".word 0xffffffff");
    TRY(".word 0");
    TRY("ecall");
    TRY("ebreak");
}

/* User programs of a few instructions, each at its own address 0 by its R: a frame of 32 bytes. */
#define USER(name, instructions)                                                                                      \
    void name(void);                                                                                                  \
    __asm__(".balign 16\n\t" #name ":\n\t" instructions "\n\tecall\n\t.balign 32, 0\n\t.space 32")

USER(user_call, "li t1, 28\n\tlw t1, 0(t1)");
USER(user_load, "li t1, 32\n\tlw t1, 0(t1)");
USER(user_store, "li t1, -4\n\tsw t1, 0(t1)");
USER(user_fetch, "li t1, 32\n\tjr t1");
USER(user_illegal, ".word 0xffffffff");

static __attribute__((aligned(16), noinline)) void user_privileged(void)
{
    pg74_idle();
}

static void try_user(void (*program)(void))
{
    struct pg74_psw psw = {PG74_FLAG_USER, 0, (uint32_t)(uintptr_t)program, 32};
    guest_enter(&psw, 32, 0);
}

static void interrupts(void)
{
    static uint8_t sector[512];
    pg74_settimer(100);
    wait_for_interrupt();
    if (pg74_in(PG74_PORT_CONSOLE_STATUS) & 1) {
        pg74_out(PG74_PORT_CONSOLE_CONTROL, 1);
        wait_for_interrupt();
    } else {
        print("no console input to wait for\n");
    }
    if (pg74_in(PG74_PORT_DISK_SIZE) > 0) {
        pg74_out(PG74_PORT_DISK_SECTOR, 0);
        pg74_out(PG74_PORT_DISK_ADDRESS, (uint32_t)(uintptr_t)sector);
        pg74_out(PG74_PORT_DISK_COUNT, 1);
        pg74_out(PG74_PORT_DISK_COMMAND, 1);
        wait_for_interrupt();
    } else {
        print("no disk to wait for\n");
    }
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    guest_traps_on();
    supervisor_traps();
    try_user(user_call);
    try_user(user_load);
    try_user(user_store);
    try_user(user_fetch);
    try_user(user_illegal);
    try_user(user_privileged);
    interrupts();
    print("%u traps\n", count);
    return 0;
}
