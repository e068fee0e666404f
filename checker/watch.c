/* watch.c: one monitored run, watched. Each event goes to the follower of the guest it concerns. Whose instruction
 * it is, the mode and the physical address tell: an instruction is directly executed by guest i when it is fetched
 * in user mode, or in guest mode, from partition i. What resource control forbids shows in the same events, and is
 * counted.
 *
 * Only what stands in the partitions needs a close look: what is executed there, and what is stored there. The
 * monitor itself runs at full speed, unless its way is to be told. */
#include "checker/internal.h"

#define NOBODY MACHINE_MOST_UNITS
enum { FETCHING = 1 }; /* a kind of access, as `translate` has it */

/* After so many steps for each guest, and so many bytes of its memory for each, in which no guest has executed anything
 * directly, the monitor is taken for an interpreter. Until then it may be making its tables. */
enum { STEPS_PER_GUEST = 1 << 18, BYTES_PER_STEP = 64 };

void checker_watch_partitions(struct checker_watch *watch)
{
    watch->guest_count = machine_guest_count(watch->machine);
    for (unsigned i = 0; i < watch->guest_count; i++) {
        machine_partition(watch->machine, i, &watch->start[i], &watch->size[i]);
        machine_innermost_partition(watch->machine, i, &watch->inner_start[i], &watch->inner_size[i]);
    }
}

static unsigned owner(struct checker_watch *watch, uint32_t physical)
{
    unsigned last = watch->last;
    if (physical - watch->start[last] < watch->size[last])
        return last;
    for (unsigned i = 0; i < watch->guest_count; i++)
        if (physical - watch->start[i] < watch->size[i])
            return i;
    return NOBODY;
}

/* Is it a guest's doing, and not the host's supervisor's? In guest mode a guest's own supervisor is none of the
 * host's. */
static bool is_guests(const struct machine_event *event)
{
    return event->user || event->guest;
}

/* The monitor's way since it was last entered: each of its functions once, with the last place in it. */
static void note_path(struct checker_watch *watch, uint32_t pc)
{
    uint32_t offset, count = watch->path_count;
    const char *function = machine_image_symbol(watch->image, pc, &offset);
    if (function == NULL)
        return;
    for (unsigned i = 0; i < count; i++)
        if (watch->path[i].function == function) {
            watch->path[i].pc = pc;
            return;
        }
    if (count < CHECKER_MOST_PATH)
        watch->path[watch->path_count++] = (struct checker_path){function, pc};
}

void checker_watch_last_place(struct checker_watch *watch)
{
    if (watch->image != NULL && watch->path_count == 0 && !machine_user_mode(watch->machine) &&
        !machine_guest_mode(watch->machine))
        note_path(watch, machine_pc(watch->machine));
}

/* Has a guest's supervisor code been executed out of its partition? */
static bool executes_supervisor_code(struct checker_watch *watch)
{
    for (unsigned i = 0; i < watch->guest_count && !watch->supervisor_direct; i++)
        watch->supervisor_direct = watch->followers[i]->supervisor_direct;
    return watch->supervisor_direct;
}

/* The follower has found a difference; or it has found that this monitor is not of the kind that it can follow, or that
 * a guest knows of it, and they go a way of their own together. */
bool checker_watch_give_up(struct checker_watch *watch)
{
    bool answered = false;
    for (unsigned i = 0; i < watch->guest_count; i++)
        answered |= watch->followers[i]->answered;
    watch->gave_up = watch->automatic && (!executes_supervisor_code(watch) || answered);
    watch->failed = !watch->gave_up;
    watch->following = false;
    return watch->gave_up; /* then the run goes on, for its end */
}

/* In user mode, but in no partition. If that is the first that is executed of guests, it is a translation of their
 * supervisor code, and nobody can follow what is partly that and partly the code itself. */
static bool on_foreign_code(struct checker_watch *watch, const struct machine_event *event)
{
    return !event->user || !watch->following || !watch->automatic || executes_supervisor_code(watch) ||
           checker_watch_give_up(watch);
}

/* Stops the run, to go on with it in another way. */
static bool pause_run(struct checker_watch *watch)
{
    watch->paused = true;
    return false;
}

/* Has the hardware executed anything of any guest? */
static bool has_started(const struct checker_watch *watch)
{
    for (unsigned i = 0; i < watch->guest_count; i++)
        if (watch->followers[i]->started)
            return true;
    return false;
}

/* Is everything to be watched from here on? Where a hosted monitor has no instructions of its own; and where the
 * monitor's way is to be told, near the place from which it is, once a guest has started. */
static bool looks_everywhere(const struct checker_watch *watch)
{
    return watch->hosted != NULL || (watch->image != NULL && watch->following && has_started(watch) &&
                                     checker_steps(watch->machine) >= watch->explain_from);
}

static bool on_fetch(struct checker_watch *watch, const struct machine_event *event)
{
    unsigned guest = owner(watch, event->physical);
    if (guest == NOBODY && !is_guests(event)) {
        watch->stretch = 0; /* the monitor has control */
        if (watch->image != NULL)
            note_path(watch, event->pc);
    }
    if (guest == NOBODY)
        return on_foreign_code(watch, event);
    if (!is_guests(event)) {
        watch->control.supervisor_instructions++;
        return true;
    }
    watch->last = guest;
    watch->executing = true;
    if (watch->following && !checker_follow_fetch(watch->followers[guest], event))
        return checker_watch_give_up(watch);
    return watch->image == NULL || watch->everywhere || !looks_everywhere(watch) || pause_run(watch);
}

static bool on_retire(struct checker_watch *watch, const struct machine_event *event)
{
    if (!is_guests(event) || event->physical - watch->start[watch->last] >= watch->size[watch->last])
        return true;
    watch->control.slices_exceeded += ++watch->stretch == watch->slice_limit + 1;
    return !watch->following || checker_follow_retire(watch->followers[watch->last], event) ||
           checker_watch_give_up(watch);
}

static bool on_store(struct checker_watch *watch, const struct machine_event *event)
{
    unsigned guest = owner(watch, event->physical);
    if (event->by_device)
        return true;
    if (is_guests(event)) { /* by the guest's instruction, or already by the entry into its trap */
        watch->control.stores_outside += watch->executing && guest != watch->last;
        if (watch->following && !watch->executing && guest == watch->last) /* it has handled the trap itself */
            checker_follower_touch(watch->followers[guest], event->physical - watch->start[guest], event->bytes);
        return true;
    }
    if (watch->following && guest != NOBODY)
        checker_follow_store(watch->followers[guest], event->physical - watch->start[guest], event->bytes,
                             event->value);
    return true;
}

/* A transfer of unit i must lie in partition i, where it lies in memory at all. */
static void check_transfer(struct checker_watch *watch, unsigned unit)
{
    uint64_t start = watch->disk_address[unit], end = start + (uint64_t)watch->disk_sectors[unit] * CHECKER_SECTOR;
    bool inside = start >= watch->start[unit] && end <= (uint64_t)watch->start[unit] + watch->size[unit];
    if (!inside && end <= machine_memory_size(watch->machine))
        watch->control.transfers_outside++;
}

static bool on_port(struct checker_watch *watch, const struct machine *machine, const struct machine_event *event)
{
    unsigned unit = event->port / CHECKER_PORTS_OF_A_UNIT;
    enum checker_port meaning = checker_port_meaning(machine_isa(machine), event->port % CHECKER_PORTS_OF_A_UNIT);
    if (is_guests(event))
        watch->control.ports_reached++;
    if (unit >= watch->guest_count)
        return true;
    if (event->is_write && meaning == CHECKER_PORT_DISK_ADDRESS)
        watch->disk_address[unit] = event->value;
    if (event->is_write && meaning == CHECKER_PORT_DISK_COUNT)
        watch->disk_sectors[unit] = event->value;
    if (event->is_write && meaning == CHECKER_PORT_DISK_COMMAND)
        check_transfer(watch, unit);
    watch->network |= event->is_write && meaning == CHECKER_PORT_NETWORK_COMMAND;
    if (event->is_write && meaning == CHECKER_PORT_NETWORK_COMMAND && event->value == CHECKER_NETWORK_RECEIVE &&
        watch->following)
        checker_network_received(watch->followers[unit]);
    if (!event->is_write && meaning == CHECKER_PORT_DISK_STATUS && event->value > CHECKER_DISK_BUSY && watch->following)
        watch->followers[unit]->sources.disk_told = true;
    return true;
}

/* The mode has changed, or R: the monitor has control now, or somebody's code in user mode is next. */
static bool on_psw(struct checker_watch *watch, const struct machine *machine, const struct machine_event *event)
{
    uint32_t physical;
    if (!is_guests(event)) {
        watch->stretch = 0;
        return true;
    }
    if (watch->supervisor_direct || !machine_translate(machine, event->pc, 1, FETCHING, &physical))
        return true;
    return owner(watch, physical) != NOBODY || on_foreign_code(watch, event);
}

/* A frame moves between unit i and partition i alone. */
static bool on_frame(struct checker_watch *watch, const struct machine_event *event)
{
    unsigned unit = event->value;
    uint64_t start = event->physical, end = start + event->bytes;
    if (unit >= watch->guest_count)
        return true;
    watch->control.transfers_outside +=
        start < watch->start[unit] || end > (uint64_t)watch->start[unit] + watch->size[unit];
    if (watch->following)
        checker_network_frame(watch->followers[unit], event);
    return true;
}

static bool on_trap(struct checker_watch *watch, const struct machine_event *event)
{
    watch->executing = false;
    if (!event->guest) /* in guest mode it may be the guest's own, of which the monitor does not hear */
        watch->stretch = 0;
    if (!watch->failed) /* else this is after the difference, and the way led there */
        watch->path_count = 0;
    for (unsigned i = 0; watch->following && i < watch->guest_count; i++)
        checker_follow_trap(watch->followers[i], event);
    return true;
}

static bool observe(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_watch *watch = context;
    switch (event->kind) {
    case MACHINE_EVENT_FETCH: return on_fetch(watch, event);
    case MACHINE_EVENT_RETIRE: return on_retire(watch, event);
    case MACHINE_EVENT_STORE: return on_store(watch, event);
    case MACHINE_EVENT_PORT: return on_port(watch, machine, event);
    case MACHINE_EVENT_TRAP: case MACHINE_EVENT_INTERRUPT: return on_trap(watch, event);
    case MACHINE_EVENT_FRAME: return on_frame(watch, event);
    case MACHINE_EVENT_PSW: return on_psw(watch, machine, event);
    case MACHINE_EVENT_LOAD: case MACHINE_EVENT_STOP: break;
    }
    return true;
}

/* Brings the followers to the end that the run came to. False: one has found a difference. Where no guest has executed
 * anything directly, there was nothing to follow. */
static bool end_followers(struct checker_watch *watch, enum machine_stop stop)
{
    if (!has_started(watch) && watch->automatic)
        return false;
    for (unsigned i = 0; i < watch->guest_count; i++) {
        uint32_t code;
        bool halted = machine_guest_halt_code(watch->machine, i, &code);
        if (!checker_follow_end(watch->followers[i], halted, stop))
            return false;
    }
    return true;
}

static uint64_t patience(const struct checker_watch *watch)
{
    uint64_t steps = 0;
    for (unsigned i = 0; i < watch->guest_count; i++)
        steps += STEPS_PER_GUEST + watch->size[i] / BYTES_PER_STEP;
    return steps;
}

/* A piece of the run. */
static enum machine_stop run_piece(struct checker_watch *watch, uint64_t fuel)
{
    const unsigned kinds = MACHINE_EVENT_PORT | MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_FRAME |
                           MACHINE_EVENT_PSW | MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_STORE;
    unsigned last = watch->guest_count - 1;
    uint32_t start = watch->start[0], length = watch->start[last] + watch->size[last] - start;
    watch->everywhere = looks_everywhere(watch);
    int handle = machine_add_observer(watch->machine, kinds, observe, watch);
    machine_watch_within(watch->machine, start, watch->everywhere ? 0 : length);
    watch->paused = false;
    enum machine_stop stop = checker_monitor_run(watch->hosted, watch->machine, fuel);
    machine_remove_observer(watch->machine, handle);
    machine_watch_within(watch->machine, 0, 0);
    return stop;
}

void checker_monitor_use(const struct checker_monitor *monitor, struct machine_options *options)
{
    options->monitor = monitor->image;
    options->inner = monitor->inner;
    options->inner_count = monitor->inner_count;
}

enum machine_stop checker_monitor_run(const struct checker_monitor *monitor, struct machine *machine, uint64_t fuel)
{
    bool hosted = monitor != NULL && monitor->run != NULL;
    return hosted ? monitor->run(monitor->context, machine, fuel) : machine_run(machine, fuel);
}

enum machine_stop checker_watch_run(struct checker_watch *watch, uint64_t fuel)
{
    enum machine_stop stop;
    uint64_t start = checker_steps(watch->machine), done = 0;
    watch->following = watch->followers[0] != NULL;
    do {
        bool waits = watch->following && watch->automatic && watch->hosted == NULL && !has_started(watch);
        uint64_t piece = waits && patience(watch) < fuel - done ? patience(watch) : fuel - done;
        uint64_t now = start + done;
        if (!waits && watch->image != NULL && now < watch->explain_from && watch->explain_from - now < piece)
            piece = watch->explain_from - now;
        stop = run_piece(watch, piece);
        done = checker_steps(watch->machine) - start;
        if (watch->following && waits && stop == MACHINE_LIMIT && !has_started(watch))
            checker_watch_give_up(watch);
    } while (watch->hosted == NULL && done < fuel && (stop == MACHINE_LIMIT || watch->paused));
    if (watch->following && !end_followers(watch, stop))
        checker_watch_give_up(watch);
    return watch->paused ? MACHINE_LIMIT : stop;
}
