/* paravirtual.c: the nucleus on a monitor that takes calls. See paravirtual.h.
 *
 * What takes many privileged instructions is said in one call: continue this process; print this line; these words of page
 * tables change. Interrupts need nothing at all: the kernel is entered with `enabled` 0, and leaves by a call that sets it. */
#ifdef PARAVIRTUAL
#include <hypercalls.h>
#include <pg74.h>

#include "paravirtual.h"
#include "programs/system_calls.h"

enum { MOST_UPDATES = 64, REFUSED = 254 /* halt code */, FLAGS = PG74_FLAG_USER | PG74_FLAG_ENABLE };

_Noreturn void machine_event(void);
void machine_event_entry(void); /* trap.S */
uint32_t machine_call(uint32_t function, uint32_t argument);

static struct paravirtual_shared shared;
static struct paravirtual_ring rings[PARAVIRTUAL_DEVICES];
static bool here;

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* ---- The start -------------------------------------------------------------------------------------------------- */

/* The rings of disk and network. The console has none: it is written by the line, and read a byte at a time. */
static bool attach(uint32_t device)
{
    struct paravirtual_attachment attachment = {device, address_of(&rings[device])};
    return machine_call(PARAVIRTUAL_RING, address_of(&attachment)) == 0;
}

/* A bare machine answers 0. A monitor that lacks what this kernel wants is as good as none. */
void paravirtual_discover(bool has_pages)
{
    uint32_t wanted = PARAVIRTUAL_HAS_RINGS | (has_pages ? PARAVIRTUAL_HAS_TABLES : 0);

    if (machine_call(PARAVIRTUAL_IDENTIFY, 0) != PARAVIRTUAL_VERSION)
        return;
    if ((machine_call(PARAVIRTUAL_FEATURES, 0) & wanted) != wanted)
        return;
    shared.entry = (uint32_t)(uintptr_t)machine_event_entry;
    here = machine_call(PARAVIRTUAL_START, address_of(&shared)) == 0;
    if (here && !(attach(PARAVIRTUAL_DISK) && attach(PARAVIRTUAL_NETWORK)))
        machine_halt(REFUSED);
}

bool paravirtual_here(void)
{
    return here;
}

uint32_t paravirtual_machine_start(void)
{
    return shared.machine_start;
}

/* ---- Page tables ------------------------------------------------------------------------------------------------ */

static struct paravirtual_update updates[MOST_UPDATES];
static struct paravirtual_updates batch;

void paravirtual_table_changed(void)
{
    if (batch.count == 0)
        return;
    batch.updates = address_of(updates);
    if (machine_call(PARAVIRTUAL_TABLE_UPDATE, address_of(&batch)) != batch.count)
        machine_halt(REFUSED);
    batch.count = 0;
}

bool paravirtual_table_make(const struct address_space *space)
{
    struct paravirtual_table table = {space->base, space->bound};
    paravirtual_table_changed();
    return !here || machine_call(PARAVIRTUAL_TABLE_PIN, address_of(&table)) == 0;
}

void paravirtual_table_free(const struct address_space *space)
{
    paravirtual_table_changed();
    if (here)
        machine_call(PARAVIRTUAL_TABLE_UNPIN, space->base);
}

void paravirtual_table_set(uint32_t *entry, uint32_t value)
{
    if (!here) {
        *entry = value;
        return;
    }
    updates[batch.count++] = (struct paravirtual_update){address_of(entry), value};
    if (batch.count == MOST_UPDATES)
        paravirtual_table_changed();
}

/* ---- Processor -------------------------------------------------------------------------------------------------- */

_Noreturn void machine_event(void)
{
    kernel_trap(shared.cause, shared.value, shared.access, shared.was_user);
}

_Noreturn void paravirtual_run(struct context *context, const struct address_space *space)
{
    paravirtual_table_changed();
    shared.context = address_of(context);
    shared.flags = FLAGS;
    shared.base = space->base;
    shared.bound = space->bound;
    machine_call(PARAVIRTUAL_RUN, 0);
    machine_halt(REFUSED); /* it came back: the monitor refuses this */
}

_Noreturn void paravirtual_wait(void)
{
    paravirtual_table_changed();
    machine_call(PARAVIRTUAL_WAIT, 0);
    machine_halt(REFUSED);
}

/* The monitor sees to it when the kernel is left. */
void paravirtual_set_timer(uint32_t instructions)
{
    shared.timer = instructions;
    if (instructions == 0)
        machine_call(PARAVIRTUAL_TIMER, 0);
}

/* ---- Disk and network ------------------------------------------------------------------------------------------- */

/* Each has one request at a time: the drivers above ask for no more. */
static struct paravirtual_request *last(uint32_t device)
{
    return &rings[device].requests[(rings[device].produced - 1) % PARAVIRTUAL_RING_SIZE];
}

static void request(uint32_t device, struct paravirtual_request what)
{
    rings[device].produced++;
    *last(device) = what;
    if (machine_call(PARAVIRTUAL_NOTIFY, device) != 0)
        machine_halt(REFUSED);
}

void paravirtual_disk_start(bool write, uint32_t sector, void *bytes)
{
    request(PARAVIRTUAL_DISK, (struct paravirtual_request){write ? PARAVIRTUAL_WRITE_OUT : PARAVIRTUAL_READ,
                                                           address_of(bytes), SECTOR_SIZE, sector, 0});
}

bool paravirtual_disk_succeeded(void)
{
    return rings[PARAVIRTUAL_DISK].answered == rings[PARAVIRTUAL_DISK].produced &&
           last(PARAVIRTUAL_DISK)->answer == SECTOR_SIZE;
}

bool paravirtual_send(const void *bytes, uint32_t length)
{
    request(PARAVIRTUAL_NETWORK, (struct paravirtual_request){PARAVIRTUAL_WRITE_OUT, address_of(bytes), length, 0, 0});
    return last(PARAVIRTUAL_NETWORK)->answer == length;
}

uint32_t paravirtual_receive(void *bytes, uint32_t room)
{
    request(PARAVIRTUAL_NETWORK, (struct paravirtual_request){PARAVIRTUAL_READ, address_of(bytes), room, 0, 0});
    uint32_t length = last(PARAVIRTUAL_NETWORK)->answer;
    return length <= room ? length : 0;
}

/* ---- Console ---------------------------------------------------------------------------------------------------- */

void paravirtual_put(char character)
{
    static char line[160];
    static struct paravirtual_bytes bytes;

    line[bytes.length++] = character;
    if (character != '\n' && bytes.length < sizeof line)
        return;
    bytes.address = address_of(line);
    machine_call(PARAVIRTUAL_WRITE, address_of(&bytes));
    bytes.length = 0;
}
#endif
