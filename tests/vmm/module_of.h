/* module_of.h: a boot module made from an instruction set, as docs/boot-protocol.md lays it out. Written a second time,
 * from that page alone, so that the tests of the monitors' code need no machine. */
#ifndef TEST_VMM_MODULE_OF_H
#define TEST_VMM_MODULE_OF_H

#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "pg74.h"

enum { MODULE_ROOM = 1 << 20 };

struct module_writer {
    struct pg74_boot_module *module;
    struct pg74_node *nodes;
    struct pg74_field *fields;
};

static struct pg74_program module_program(struct module_writer *writer, const struct isa_program *program)
{
    struct pg74_program written = { writer->module->node_count, program->count, program->locals };

    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        writer->nodes[writer->module->node_count++] = (struct pg74_node){
            node->operator, node->width, node->a, node->b, node->c,
            (uint32_t)node->constant, (uint32_t)(node->constant >> 32),
        };
    }
    return written;
}

static void module_field(struct module_writer *writer, const struct isa_field *field)
{
    struct pg74_field *written = &writer->fields[writer->module->field_count++];

    written->width = (uint8_t)field->width;
    written->piece_count = (uint8_t)field->piece_count;
    for (unsigned i = 0; i < field->piece_count; i++) {
        written->pieces[i].word_low = field->pieces[i].word_low;
        written->pieces[i].field_low = field->pieces[i].field_low;
        written->pieces[i].width = field->pieces[i].width;
    }
}

/* malloc; the caller frees it. */
static struct pg74_boot_module *module_of(const struct isa *isa)
{
    char *bytes = calloc(1, MODULE_ROOM);
    struct pg74_boot_module *module = (struct pg74_boot_module *)bytes;
    struct module_writer writer;

    module->magic = PG74_MODULE_MAGIC;
    module->version = PG74_MODULE_VERSION;
    module->size = MODULE_ROOM;
    module->kind = PG74_KIND_RELOCATION_BOUNDS;
    module->word_bits = isa_word_bits(isa);
    module->instruction_bits = isa_instruction_bits(isa);
    module->slots = isa_slots(isa);
    module->states = sizeof *module;
    module->state_count = isa_state_count(isa);
    module->instructions = module->states + module->state_count * (uint32_t)sizeof(struct pg74_state);
    module->instruction_count = isa_instruction_count(isa);
    module->fields = module->instructions + module->instruction_count * (uint32_t)sizeof(struct pg74_instruction);
    module->nodes = module->fields + module->instruction_count * ISA_MOST_FIELDS * (uint32_t)sizeof(struct pg74_field);
    writer = (struct module_writer){ module, (struct pg74_node *)(void *)(bytes + module->nodes),
                                     (struct pg74_field *)(void *)(bytes + module->fields) };

    struct pg74_state *states = (struct pg74_state *)(void *)(bytes + module->states);
    for (unsigned i = 0; i < module->state_count; i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        states[i] = (struct pg74_state){ .slot = (uint16_t)state->slot, .count = (uint16_t)state->count,
                                         .zero = (int16_t)state->zero, .width = (uint8_t)state->width,
                                         .role = (uint8_t)state->role, .duty = (uint8_t)state->duty };
    }
    struct pg74_instruction *instructions = (struct pg74_instruction *)(void *)(bytes + module->instructions);
    for (unsigned i = 0; i < module->instruction_count; i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        instructions[i].mask = instruction->mask;
        instructions[i].match = instruction->match;
        instructions[i].program = module_program(&writer, &instruction->program);
        instructions[i].first_field = (uint16_t)module->field_count;
        instructions[i].field_count = (uint16_t)instruction->field_count;
        strncpy(instructions[i].name, instruction->name, sizeof instructions[i].name - 1);
        for (unsigned j = 0; j < instruction->field_count; j++)
            module_field(&writer, &instruction->fields[j]);
    }
    for (unsigned i = 0; i < PG74_PARAGRAPHS; i++)
        module->paragraphs[i] = module_program(&writer, isa_paragraph(isa, (enum isa_paragraph)i));
    return module;
}

#endif
