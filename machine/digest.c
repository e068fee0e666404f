/* digest.c: 64 bits that stand for everything that decides the future of a run: state, memory, devices, time; and 64
 * that stand for an instruction set. Not cryptographic: it tells runs apart, and is no defence against somebody who
 * wants two to look alike. */
#include "machine/snapshot.h"

#include <string.h>

static uint64_t mix(uint64_t digest, uint64_t value)
{
    digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 29;
}

uint64_t machine_mix_bytes(uint64_t digest, const uint8_t *bytes, size_t length)
{
    digest = mix(digest, length);
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, length - i < 8 ? length - i : 8);
        digest = mix(digest, word);
    }
    return digest;
}

/* Pages of zeros are many, and cost little. */
static uint64_t mix_memory(uint64_t digest, const struct machine *machine)
{
    for (uint32_t page = 0; page < machine->memory_size; page += MACHINE_PAGE) {
        uint32_t length = machine->memory_size - page < MACHINE_PAGE ? machine->memory_size - page : MACHINE_PAGE;
        if (!machine_is_zero(machine->memory + page, length))
            digest = machine_mix_bytes(mix(digest, page), machine->memory + page, length);
        if (page > UINT32_MAX - MACHINE_PAGE)
            break;
    }
    return digest;
}

static uint64_t mix_network(uint64_t digest, const struct machine_network *network)
{
    const uint64_t numbers[] = {network->address, network->length, network->status,  network->arrived, network->dropped,
                                network->sent,    network->sent_digest, network->listens, network->waiting, network->count};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        digest = mix(digest, numbers[i]);
    for (unsigned i = 0; i < network->count; i++) {
        const struct machine_arrival *arrival = &network->arrivals[i];
        digest = mix(digest, i < network->waiting ? 0 : arrival->due);
        digest = machine_mix_bytes(digest, arrival->frame->bytes, arrival->frame->length);
    }
    return digest;
}

static uint64_t mix_unit(uint64_t digest, const struct machine_unit *unit)
{
    const struct machine_console *console = &unit->console;
    const struct machine_disk *disk = &unit->disk;
    digest = machine_mix_bytes(digest, console->output.bytes, console->output.length);
    digest = machine_mix_bytes(digest, console->input, console->input_length);
    digest = mix(mix(digest, console->input_position), console->requests);
    digest = machine_mix_bytes(digest, disk->bytes, disk->length);
    const uint64_t numbers[] = {disk->sector, disk->address, disk->count, disk->status};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        digest = mix(digest, numbers[i]);
    if (machine_disk_busy(disk)) {
        digest = mix(mix(digest, disk->command), disk->from_sector);
        digest = mix(mix(mix(digest, disk->to_address), disk->sectors), disk->due);
    }
    digest = mix_network(digest, &unit->network);
    return mix(mix(digest, unit->reported), unit->report_code);
}

uint64_t machine_digest(const struct machine *machine)
{
    uint64_t digest = mix(0, machine->slots);
    for (unsigned i = 0; i < machine->slots; i++)
        digest = mix(digest, machine->state[i]);
    digest = mix(mix(digest, machine->time.instructions), machine->time.traps);
    digest = mix(mix(digest, machine->time.idle), machine->time.cycles);
    digest = mix_memory(digest, machine);
    for (unsigned i = 0; i < machine->unit_count; i++)
        digest = mix_unit(digest, &machine->units[i]);
    return digest;
}

/* ---- Instruction sets -------------------------------------------------------------------------------------------- */

static uint64_t mix_text(uint64_t digest, const char *text)
{
    return machine_mix_bytes(digest, (const uint8_t *)text, strlen(text));
}

static uint64_t mix_program(uint64_t digest, const struct isa_program *program)
{
    digest = mix(digest, program->count);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        digest = mix(mix(digest, node->operator), node->width);
        digest = mix(mix(mix(mix(digest, node->a), node->b), node->c), node->constant);
    }
    return digest;
}

static uint64_t mix_instruction(uint64_t digest, const struct isa_instruction *instruction)
{
    digest = mix(mix(mix(digest, instruction->mask), instruction->match), instruction->bits);
    for (unsigned i = 0; i < instruction->field_count; i++)
        for (unsigned k = 0; k < instruction->fields[i].piece_count; k++) {
            const struct isa_piece *piece = &instruction->fields[i].pieces[k];
            digest = mix(mix(mix(mix(digest, i), piece->word_low), piece->field_low), piece->width);
        }
    return mix_program(digest, &instruction->program);
}

static uint64_t mix_state(uint64_t digest, const struct isa_state *state)
{
    digest = mix(mix(mix(mix_text(digest, state->name), state->slot), state->count), state->width);
    return mix(mix(mix(digest, (uint64_t)(int64_t)state->zero), state->role), state->duty);
}

static uint64_t mix_cost(uint64_t digest, const struct isa *isa, const struct isa_cost *cost)
{
    digest = mix(mix(mix_text(digest, cost->name), cost->trap), cost->interrupt);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        digest = mix(digest, isa_instruction_cycles(isa_instruction_at(isa, i), cost));
    return digest;
}

uint64_t machine_isa_digest(const struct isa *isa)
{
    uint64_t digest = mix(isa_word_bits(isa), isa_instruction_bits(isa));
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        digest = mix_state(digest, isa_state_at(isa, i));
    for (unsigned i = 0; i < ISA_PARAGRAPHS; i++)
        digest = mix_program(digest, isa_paragraph(isa, (enum isa_paragraph)i));
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        digest = mix_instruction(digest, isa_instruction_at(isa, i));
    for (unsigned i = 0; i < isa_cause_count(isa); i++)
        digest = mix(mix_text(digest, isa_cause_at(isa, i)->name), isa_cause_at(isa, i)->number);
    for (unsigned i = 0; i < isa_port_count(isa); i++)
        digest = mix(mix_text(digest, isa_port_at(isa, i)->name), isa_port_at(isa, i)->number);
    for (unsigned i = 0; i < isa_cost_count(isa); i++)
        digest = mix_cost(digest, isa, isa_cost_at(isa, i));
    return digest;
}
