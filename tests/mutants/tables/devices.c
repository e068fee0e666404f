/* devices.c: ports, and what devices request.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "computer.h"

enum { BUSY = 1, SECTOR = 512 };

void request(struct computer *c, uint32_t bit)
{
    c->requests |= bit;
    c->waits = false;
}

void poll(struct computer *c)
{
    uint32_t status = c->disk_status == BUSY ? pg74_in(c->ports + PG74_PORT_DISK_STATUS) : BUSY;
    uint32_t arrived = pg74_in(c->ports + PG74_PORT_NETWORK_FRAMES) & 0xffff;
    if (status != BUSY) {
        c->disk_status = status;
        request(c, DISK_BIT);
    }
    if (c->listens && arrived != c->frames_told)
        request(c, NETWORK_BIT);
    c->frames_told = arrived;
    if (c->wants_input && !c->input_told && pg74_in(c->ports + PG74_PORT_CONSOLE_STATUS) % 2) {
        c->input_told = true;
        request(c, CONSOLE_BIT);
    }
}

/* Where `length` bytes at `address` lie really; where the guest has none, an address at which the machine has none. */
static uint32_t real(const struct computer *c, uint32_t address, uint64_t length)
{
    return address + length <= c->size ? (uint32_t)(uintptr_t)c->memory + address : 0xfffffff0;
}

uint32_t read_port(struct computer *c, uint32_t port)
{
    uint32_t value = 0;
    if (port == PG74_PORT_DISK_STATUS) {
        value = c->disk_status;
        c->disk_status = value == BUSY ? BUSY : 0;
    } else if (port == PG74_PORT_CYCLES_LOW || port == PG74_PORT_INSTRUCTIONS_LOW) {
        value = (uint32_t)c->count;
    } else if (port == PG74_PORT_CYCLES_HIGH || port == PG74_PORT_INSTRUCTIONS_HIGH) {
        value = (uint32_t)(c->count >> 32);
    } else if (port < PG74_PORT_UNIT) {
        value = pg74_in(c->ports + port);
    }
    if (port == PG74_PORT_CONSOLE_INPUT) {
        c->input_told = false;
        poll(c);
    }
    return value;
}

static void start_disk(struct computer *c, uint32_t command)
{
    if (c->disk_status == BUSY)
        return;
    pg74_out(c->ports + PG74_PORT_DISK_SECTOR, c->disk[0]);
    pg74_out(c->ports + PG74_PORT_DISK_ADDRESS, real(c, c->disk[1], (uint64_t)c->disk[2] * SECTOR));
    pg74_out(c->ports + PG74_PORT_DISK_COUNT, c->disk[2]);
    pg74_out(c->ports + PG74_PORT_DISK_COMMAND, command);
    c->disk_status = BUSY;
}

static void start_network(struct computer *c, uint32_t command)
{
    pg74_out(c->ports + PG74_PORT_NETWORK_ADDRESS, real(c, c->frame[0], c->frame[1]));
    pg74_out(c->ports + PG74_PORT_NETWORK_LENGTH, c->frame[1]);
    pg74_out(c->ports + PG74_PORT_NETWORK_COMMAND, command);
}

void write_port(struct computer *c, uint32_t port, uint32_t value)
{
    switch (port) {
    case PG74_PORT_DISK_SECTOR: c->disk[0] = value; return;
    case PG74_PORT_DISK_ADDRESS: c->disk[1] = value; return;
    case PG74_PORT_DISK_COUNT: c->disk[2] = value; return;
    case PG74_PORT_DISK_COMMAND: start_disk(c, value); return;
    case PG74_PORT_NETWORK_ADDRESS: c->frame[0] = value; return;
    case PG74_PORT_NETWORK_LENGTH: c->frame[1] = value; return;
    case PG74_PORT_NETWORK_COMMAND: start_network(c, value); return;
    case PG74_PORT_CONSOLE_OUTPUT: pg74_out(c->ports + port, value); return;
    case PG74_PORT_CONSOLE_CONTROL: case PG74_PORT_NETWORK_CONTROL: break;
    default: return;
    }
    poll(c); /* what came before is told as before */
    pg74_out(c->ports + port, value);
    if (port == PG74_PORT_NETWORK_CONTROL) {
        c->listens = value & 1;
    } else {
        c->wants_input = value & 1;
        c->input_told = false;
        poll(c);
    }
}
