/* devices.c: ports, and the units behind them. Which number a port has stands in the specification (`port`
 * declarations); here is what a port of each name does. An instruction set that does not declare a port does not
 * have it. */
#include "machine/internal.h"

#include <stdlib.h>
#include <string.h>

#define NOTHING_THERE UINT32_C(0)

enum port_function {
    PORT_NOTHING, CONSOLE_OUTPUT, CONSOLE_INPUT, CONSOLE_STATUS, CONSOLE_CONTROL,
    DISK_SECTOR, DISK_ADDRESS, DISK_COUNT, DISK_COMMAND, DISK_STATUS, DISK_SIZE,
    NETWORK_ADDRESS, NETWORK_LENGTH, NETWORK_COMMAND, NETWORK_CONTROL, NETWORK_STATION, NETWORK_FRAMES,
    CYCLES_LOW, CYCLES_HIGH, INSTRUCTIONS_LOW, INSTRUCTIONS_HIGH, REPORT_CODE
};

static const struct { const char *name; enum port_function function; } names[] = {
    {"console_output", CONSOLE_OUTPUT}, {"console_input", CONSOLE_INPUT}, {"console_status", CONSOLE_STATUS},
    {"console_control", CONSOLE_CONTROL}, {"disk_sector", DISK_SECTOR}, {"disk_address", DISK_ADDRESS},
    {"disk_count", DISK_COUNT}, {"disk_command", DISK_COMMAND}, {"disk_status", DISK_STATUS}, {"disk_size", DISK_SIZE},
    {"network_address", NETWORK_ADDRESS}, {"network_length", NETWORK_LENGTH}, {"network_command", NETWORK_COMMAND},
    {"network_control", NETWORK_CONTROL}, {"network_station", NETWORK_STATION}, {"network_frames", NETWORK_FRAMES},
    {"cycles_low", CYCLES_LOW}, {"cycles_high", CYCLES_HIGH}, {"instructions_low", INSTRUCTIONS_LOW},
    {"instructions_high", INSTRUCTIONS_HIGH}, {"report_code", REPORT_CODE}};

static enum port_function function_named(const char *name)
{
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].function;
    return PORT_NOTHING;
}

void machine_devices_survey(struct machine *machine)
{
    unsigned count = isa_port_count(machine->isa);
    machine->port_functions = machine_allocate(count, sizeof *machine->port_functions);
    for (unsigned i = 0; i < count; i++)
        machine->port_functions[i] = (uint8_t)function_named(isa_port_at(machine->isa, i)->name);
    machine->next_event = UINT64_MAX;
}

void machine_devices_clear(struct machine *machine)
{
    for (unsigned i = 0; i < MACHINE_MOST_UNITS; i++) {
        free(machine->units[i].console.input);
        free(machine->units[i].console.output.bytes);
        free(machine->units[i].disk.bytes);
        machine_network_release(&machine->units[i].network);
    }
    memset(machine->units, 0, sizeof machine->units);
    machine->next_event = UINT64_MAX;
    machine->raised = 0;
}

void machine_devices_free(struct machine *machine)
{
    machine_devices_clear(machine);
    free(machine->port_functions);
}

/* What a port does, and for which unit. Devices of the whole machine, the counters, have unit 0 alone. */
static enum port_function find_port(struct machine *machine, uint32_t port, struct machine_unit **unit)
{
    for (unsigned i = 0; i < isa_port_count(machine->isa); i++) {
        uint32_t distance = port - isa_port_at(machine->isa, i)->number;
        enum port_function function = (enum port_function)machine->port_functions[i];
        uint32_t number = distance / MACHINE_PORTS_OF_A_UNIT;
        if (distance % MACHINE_PORTS_OF_A_UNIT != 0 || number >= machine->unit_count)
            continue;
        if (number > 0 && function >= CYCLES_LOW && function <= INSTRUCTIONS_HIGH)
            continue;
        *unit = &machine->units[number];
        return function;
    }
    return PORT_NOTHING;
}

static void emit_port(struct machine *machine, uint32_t port, uint32_t value, bool is_write)
{
    if (machine->watched & MACHINE_EVENT_PORT)
        machine_emit(machine, &(struct machine_event){
            .kind = MACHINE_EVENT_PORT, .pc = machine_pc(machine), .user = machine_user_mode(machine),
            .guest = machine_guest_mode(machine), .port = port, .value = value, .is_write = is_write});
}

static uint32_t read_port(struct machine *machine, enum port_function function, struct machine_unit *unit)
{
    const struct machine_time *time = &machine->time;
    switch (function) {
    case CONSOLE_INPUT: return machine_console_read(machine, &unit->console);
    case CONSOLE_STATUS: return machine_console_status(&unit->console);
    case DISK_STATUS: return machine_disk_status(&unit->disk);
    case DISK_SIZE: return (uint32_t)(unit->disk.length / MACHINE_SECTOR);
    case NETWORK_LENGTH: return machine_network_length(&unit->network);
    case NETWORK_COMMAND: return unit->network.status;
    case NETWORK_STATION: return machine->first_station + (uint32_t)(unit - machine->units);
    case NETWORK_FRAMES: return (unit->network.arrived & 0xffff) | unit->network.dropped << 16;
    case CYCLES_LOW: return (uint32_t)time->cycles;
    case CYCLES_HIGH: return (uint32_t)(time->cycles >> 32);
    case INSTRUCTIONS_LOW: return (uint32_t)time->instructions;
    case INSTRUCTIONS_HIGH: return (uint32_t)(time->instructions >> 32);
    default: return NOTHING_THERE;
    }
}

static void write_port(struct machine *machine, enum port_function function, struct machine_unit *unit, uint32_t value)
{
    switch (function) {
    case CONSOLE_OUTPUT: machine_console_write(&unit->console, (uint8_t)value); break;
    case CONSOLE_CONTROL: machine_console_control(machine, &unit->console, value); break;
    case DISK_SECTOR: unit->disk.sector = value; break;
    case DISK_ADDRESS: unit->disk.address = value; break;
    case DISK_COUNT: unit->disk.count = value; break;
    case DISK_COMMAND: machine_disk_command(machine, &unit->disk, value); break;
    case NETWORK_ADDRESS: unit->network.address = value; break;
    case NETWORK_LENGTH: unit->network.length = value; break;
    case NETWORK_COMMAND:
        machine_network_command(machine, &unit->network, (unsigned)(unit - machine->units), value);
        break;
    case NETWORK_CONTROL: machine_network_control(&unit->network, value); break;
    case REPORT_CODE:
        unit->reported = true;
        unit->report_code = value;
        break;
    default: break; /* what is written where nothing is, is lost */
    }
}

uint32_t machine_port_in(struct machine *machine, uint32_t port)
{
    struct machine_unit *unit = NULL;
    enum port_function function = find_port(machine, port, &unit);
    uint32_t value = read_port(machine, function, unit);
    emit_port(machine, port, value, false);
    return value;
}

void machine_port_out(struct machine *machine, uint32_t port, uint32_t value)
{
    struct machine_unit *unit = NULL;
    enum port_function function = find_port(machine, port, &unit);
    write_port(machine, function, unit, value);
    emit_port(machine, port, value, true);
}

/* ---- Events in time ---------------------------------------------------------------------------------------------- */

void machine_devices_due(struct machine *machine)
{
    machine->next_event = UINT64_MAX;
    for (unsigned i = 0; i < machine->unit_count; i++) {
        struct machine_disk *disk = &machine->units[i].disk;
        machine_network_due(machine, &machine->units[i].network);
        if (!machine_disk_busy(disk))
            continue;
        if (disk->due <= machine_now(machine)) {
            machine_disk_finish(machine, disk);
            machine->raised |= machine->disk_request;
        } else if (disk->due < machine->next_event) {
            machine->next_event = disk->due;
        }
    }
}

void machine_request(struct machine *machine, unsigned cause)
{
    if (cause >= 16 && cause < 48)
        machine_raise(machine, UINT32_C(1) << (cause - 16));
    machine_history_touched(machine);
}

bool machine_disk_complete(struct machine *machine, unsigned unit)
{
    if (unit >= machine->unit_count || !machine_disk_busy(&machine->units[unit].disk))
        return false;
    machine_disk_finish(machine, &machine->units[unit].disk);
    machine_history_touched(machine);
    return true;
}

bool machine_disk_set_left(struct machine *machine, unsigned unit, uint64_t instructions)
{
    if (unit >= machine->unit_count || !machine_disk_busy(&machine->units[unit].disk))
        return false;
    struct machine_disk *disk = &machine->units[unit].disk;
    disk->due = machine_now(machine) + instructions;
    if (!machine->manual_events && disk->due < machine->next_event)
        machine->next_event = disk->due;
    machine_history_touched(machine);
    return true;
}

/* ---- Looking from outside ---------------------------------------------------------------------------------------- */

const uint8_t *machine_console(const struct machine *machine, unsigned unit, size_t *length)
{
    const struct machine_buffer *output = &machine->units[unit < MACHINE_MOST_UNITS ? unit : 0].console.output;
    *length = output->length;
    return output->bytes;
}

const uint8_t *machine_disk(const struct machine *machine, unsigned unit, size_t *length)
{
    const struct machine_disk *disk = &machine->units[unit < MACHINE_MOST_UNITS ? unit : 0].disk;
    *length = disk->length;
    return disk->bytes;
}
