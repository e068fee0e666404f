/* host.c: a host in the monitor's place. A monitor that is a program of the host (type 2) does from outside what a
 * monitor in the machine does by its own instructions; those who watch are told the same of it. */
#include "machine/internal.h"

#include <string.h>

/* What a device has requested while its port was used. */
static void pass_on_requests(struct machine *machine)
{
    machine_raise(machine, machine->raised);
    machine->raised = 0;
    machine_history_touched(machine);
}

uint32_t machine_host_in(struct machine *machine, uint32_t port)
{
    uint32_t value = machine_port_in(machine, port);
    pass_on_requests(machine);
    return value;
}

void machine_host_out(struct machine *machine, uint32_t port, uint32_t value)
{
    machine_port_out(machine, port, value);
    pass_on_requests(machine);
}

bool machine_host_store(struct machine *machine, uint32_t address, unsigned bytes, uint32_t value)
{
    const uint8_t little[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    if (bytes > sizeof little || !machine_write(machine, address, little, bytes))
        return false;
    if (machine->watched & MACHINE_EVENT_STORE)
        machine_emit(machine, &(struct machine_event){
            .kind = MACHINE_EVENT_STORE, .pc = machine_pc(machine), .physical = address, .virtual_address = address,
            .value = value, .bytes = bytes});
    return true;
}

void machine_host_enter(struct machine *machine, const uint32_t *state)
{
    for (unsigned slot = 0; slot < machine->slots; slot++)
        if (slot != machine->requests_slot)
            machine->state[slot] = state[slot];
    machine_history_touched(machine);
    if (machine->watched & MACHINE_EVENT_PSW)
        machine_emit(machine, &(struct machine_event){
            .kind = MACHINE_EVENT_PSW, .pc = machine_pc(machine), .user = machine_user_mode(machine),
            .guest = machine_guest_mode(machine)});
}
