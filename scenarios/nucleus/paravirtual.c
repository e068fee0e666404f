/* paravirtual.c: the nucleus on a monitor that takes calls. See paravirtual.h.
 *
 * What takes many privileged instructions is said in one call: continue this process; print this line; these words of
 * page tables change. Interrupts need nothing at all: the kernel is entered with `enabled` 0, and leaves by a call
 * that sets it. */
#ifdef PARAVIRTUAL
#include <hypercalls.h>
#include <pg74.h>

#include "paravirtual.h"
#include "programs/system_calls.h"

enum { MOST_UPDATES = 64, LINE = 160, REFUSED = 254 /* halt code */, FLAGS = PG74_FLAG_USER | PG74_FLAG_ENABLE };

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

static bool attach(uint32_t device)
{
    struct paravirtual_attachment attachment = {device, address_of(&rings[device])};
    return machine_call(PARAVIRTUAL_RING, address_of(&attachment)) == 0;
}

/* A bare machine answers 0. A monitor that lacks what this kernel wants is as good as none. */
void paravirtual_discover(bool has_pages)
{
    uint32_t wanted = PARAVIRTUAL_HAS_RINGS | (has_pages ? PARAVIRTUAL_HAS_TABLES : 0);

    if (machine_call(PARAVIRTUAL_IDENTIFY, PARAVIRTUAL_VERSION) != PARAVIRTUAL_VERSION)
        return;
    if ((machine_call(PARAVIRTUAL_FEATURES, 0) & wanted) != wanted)
        return;
    shared.entry = (uint32_t)(uintptr_t)machine_event_entry;
    here = machine_call(PARAVIRTUAL_START, address_of(&shared)) == 0;
    if (here && !(attach(PARAVIRTUAL_CONSOLE) && attach(PARAVIRTUAL_DISK) && attach(PARAVIRTUAL_NETWORK)))
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
static const volatile uint32_t *changed; /* how many the call made that left the kernel; NULL: none were asked */

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

/* Leaves by a call; what page tables are still to change goes with it. */
static _Noreturn void leave(uint32_t function)
{
    static struct paravirtual_call calls[2];
    static struct paravirtual_calls list;

    if (batch.count == 0) {
        machine_call(function, 0);
    } else {
        batch.updates = address_of(updates);
        calls[0] = (struct paravirtual_call){PARAVIRTUAL_TABLE_UPDATE, address_of(&batch), 0};
        calls[1] = (struct paravirtual_call){function, 0, 0};
        list = (struct paravirtual_calls){address_of(calls), 2};
        changed = &calls[0].answer;
        machine_call(PARAVIRTUAL_CALLS, address_of(&list));
    }
    machine_halt(REFUSED); /* it came back: the monitor refuses this */
}

_Noreturn void machine_event(void)
{
    if (changed != NULL && *changed != batch.count)
        machine_halt(REFUSED);
    if (changed != NULL)
        batch.count = 0;
    changed = NULL;
    kernel_trap(shared.cause, shared.value, shared.access, shared.was_user);
}

_Noreturn void paravirtual_run(struct context *context, const struct address_space *space)
{
    shared.context = address_of(context);
    shared.flags = FLAGS;
    shared.base = space->base;
    shared.bound = space->bound;
    leave(PARAVIRTUAL_RUN);
}

_Noreturn void paravirtual_wait(void)
{
    leave(PARAVIRTUAL_WAIT);
}

/* The monitor sees to it when the kernel is left. */
void paravirtual_set_timer(uint32_t instructions)
{
    shared.timer = instructions;
    if (instructions == 0)
        machine_call(PARAVIRTUAL_TIMER, 0);
}

/* ---- Devices ---------------------------------------------------------------------------------------------------- */

/* Disk and network have one request at a time: the drivers above ask for no more. */
static struct paravirtual_request *last(uint32_t device)
{
    return &rings[device].requests[(rings[device].produced - 1) % PARAVIRTUAL_RING_SIZE];
}

static bool is_answered(uint32_t device)
{
    return *(volatile uint32_t *)&rings[device].answered == rings[device].produced;
}

/* The request is told when the kernel is left, which costs nothing, */
static void request(uint32_t device, struct paravirtual_request what)
{
    rings[device].produced++;
    *last(device) = what;
    shared.notify |= UINT32_C(1) << device;
}

/* or now. Console and network then have answered, unless who serves them is very slow. */
static void notify(uint32_t device)
{
    shared.notify &= ~(UINT32_C(1) << device);
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
    return is_answered(PARAVIRTUAL_DISK) && last(PARAVIRTUAL_DISK)->answer == SECTOR_SIZE;
}

/* A frame that nobody has looked at since the last is in the way: then this one is lost, as frames may be. */
static uint32_t move_frame(uint32_t operation, const void *bytes, uint32_t length)
{
    if (!is_answered(PARAVIRTUAL_NETWORK))
        return 0;
    request(PARAVIRTUAL_NETWORK, (struct paravirtual_request){operation, address_of(bytes), length, 0, 0});
    notify(PARAVIRTUAL_NETWORK);
    return is_answered(PARAVIRTUAL_NETWORK) ? last(PARAVIRTUAL_NETWORK)->answer : 0;
}

bool paravirtual_send(const void *bytes, uint32_t length)
{
    return move_frame(PARAVIRTUAL_WRITE_OUT, bytes, length) == length;
}

uint32_t paravirtual_receive(void *bytes, uint32_t room)
{
    uint32_t length = move_frame(PARAVIRTUAL_READ, bytes, room);
    return length <= room ? length : 0;
}

/* ---- Console ---------------------------------------------------------------------------------------------------- */

/* Room for a line: as many as the ring holds are on their way at a time. NULL: all are, and nobody takes any. */
static char *find_line(void)
{
    static char lines[PARAVIRTUAL_RING_SIZE][LINE];
    static uint32_t count;

    for (unsigned tries = 0; tries < 2; tries++) {
        const volatile struct paravirtual_ring *ring = &rings[PARAVIRTUAL_CONSOLE];
        uint32_t waiting = ring->produced - ring->answered;
        if (waiting < PARAVIRTUAL_RING_SIZE)
            return lines[count++ % PARAVIRTUAL_RING_SIZE];
        if (tries == 0)
            notify(PARAVIRTUAL_CONSOLE);
    }
    return NULL;
}

/* A line is a request, told when the kernel is left. */
void paravirtual_write(const char *bytes, uint32_t length)
{
    static char *line;
    static uint32_t used;

    while (length > 0 && (line != NULL || (line = find_line()) != NULL)) {
        uint32_t count = length < LINE - used ? length : LINE - used;
        memcpy(line + used, bytes, count);
        used += count;
        bytes += count;
        length -= count;
        if (line[used - 1] != '\n' && used < LINE)
            continue;
        request(PARAVIRTUAL_CONSOLE, (struct paravirtual_request){PARAVIRTUAL_WRITE_OUT, address_of(line), used, 0, 0});
        line = NULL;
        used = 0;
    }
}

void paravirtual_flush(void)
{
    if (shared.notify & UINT32_C(1) << PARAVIRTUAL_CONSOLE)
        notify(PARAVIRTUAL_CONSOLE);
}

/* Up to a line of input by one request. What was written goes first. */
uint32_t paravirtual_read(char *bytes, uint32_t room)
{
    paravirtual_flush();
    if (!is_answered(PARAVIRTUAL_CONSOLE))
        return 0;
    request(PARAVIRTUAL_CONSOLE, (struct paravirtual_request){PARAVIRTUAL_READ, address_of(bytes), room, 0, 0});
    notify(PARAVIRTUAL_CONSOLE);
    uint32_t length = is_answered(PARAVIRTUAL_CONSOLE) ? last(PARAVIRTUAL_CONSOLE)->answer : 0;
    return length <= room ? length : 0;
}
#endif
