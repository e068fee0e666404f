/* module.c: the boot module: the loaded instruction set, written as boot.h lays it out, for monitors to read. */
#include "machine/internal.h"

#include <stdlib.h>
#include <string.h>

#include "machine/boot.h"

/* The tables, counted and laid out first, filled in afterwards. */
struct writer {
    struct pg74_boot_module *module;
    struct pg74_state *states;
    struct pg74_instruction *instructions;
    struct pg74_field *fields;
    struct pg74_node *nodes;
    uint32_t field_count, node_count;
};

_Static_assert(PG74_PARAGRAPHS == (int)ISA_PARAGRAPHS && PG74_ON_TRANSLATE == (int)ISA_ON_TRANSLATE,
               "boot.h lists the paragraphs as isa.h does");

/* Where page tables stand in memory, relocation itself loads from there. */
static uint32_t kind_of(const struct isa *isa)
{
    const struct isa_program *translate = isa_paragraph(isa, ISA_ON_TRANSLATE);
    for (unsigned i = 0; i < translate->count; i++)
        if (translate->nodes[i].operator == ISA_LOAD)
            return PG74_KIND_PAGED;
    return PG74_KIND_RELOCATION_BOUNDS;
}

static uint32_t reserve(uint32_t *size, size_t count, size_t each)
{
    uint32_t offset = *size;
    *size += (uint32_t)((count * each + 15) / 16 * 16);
    return offset;
}

static uint32_t lay_out(const struct isa *isa, struct pg74_boot_module *module)
{
    uint32_t size = 0;
    reserve(&size, 1, sizeof *module);
    module->state_count = isa_state_count(isa);
    module->instruction_count = isa_instruction_count(isa);
    for (unsigned i = 0; i < ISA_PARAGRAPHS; i++)
        module->node_count += isa_paragraph(isa, (enum isa_paragraph)i)->count;
    for (unsigned i = 0; i < module->instruction_count; i++) {
        module->field_count += isa_instruction_at(isa, i)->field_count;
        module->node_count += isa_instruction_at(isa, i)->program.count;
    }
    module->states = reserve(&size, module->state_count, sizeof(struct pg74_state));
    module->instructions = reserve(&size, module->instruction_count, sizeof(struct pg74_instruction));
    module->fields = reserve(&size, module->field_count, sizeof(struct pg74_field));
    module->nodes = reserve(&size, module->node_count, sizeof(struct pg74_node));
    return size;
}

static struct pg74_program write_program(struct writer *writer, const struct isa_program *program)
{
    struct pg74_program written = {.first = writer->node_count, .count = program->count, .locals = program->locals};
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        writer->nodes[writer->node_count++] = (struct pg74_node){
            .operator = node->operator, .width = node->width, .a = node->a, .b = node->b, .c = node->c,
            .constant = (uint32_t)node->constant, .constant_high = (uint32_t)(node->constant >> 32)};
    }
    return written;
}

static void write_state(struct pg74_state *written, const struct isa_state *state)
{
    *written = (struct pg74_state){
        .slot = (uint16_t)state->slot, .count = (uint16_t)state->count, .zero = (int16_t)state->zero,
        .width = (uint8_t)state->width, .role = (uint8_t)state->role, .duty = (uint8_t)state->duty};
}

static void write_field(struct pg74_field *written, const struct isa_field *field)
{
    written->width = (uint8_t)field->width;
    written->piece_count = (uint8_t)field->piece_count;
    for (unsigned i = 0; i < field->piece_count; i++) {
        written->pieces[i].word_low = field->pieces[i].word_low;
        written->pieces[i].field_low = field->pieces[i].field_low;
        written->pieces[i].width = field->pieces[i].width;
    }
}

static void write_instruction(struct writer *writer, struct pg74_instruction *written,
                              const struct isa_instruction *instruction, uint32_t classes)
{
    written->mask = instruction->mask;
    written->match = instruction->match;
    written->program = write_program(writer, &instruction->program);
    written->first_field = (uint16_t)writer->field_count;
    written->field_count = (uint16_t)instruction->field_count;
    written->classes = classes;
    strncpy(written->name, instruction->name, sizeof written->name - 1);
    for (unsigned i = 0; i < instruction->field_count; i++)
        write_field(&writer->fields[writer->field_count++], &instruction->fields[i]);
}

uint8_t *machine_boot_module(const struct isa *isa, const uint8_t *classes, uint32_t *size)
{
    struct pg74_boot_module header = {
        .magic = PG74_MODULE_MAGIC, .version = PG74_MODULE_VERSION, .kind = kind_of(isa),
        .word_bits = isa_word_bits(isa),
        .instruction_bits = isa_instruction_bits(isa), .slots = isa_slots(isa)};
    *size = header.size = lay_out(isa, &header);
    uint8_t *bytes = machine_allocate(header.size, 1);
    struct writer writer = {.module = (struct pg74_boot_module *)bytes,
                            .states = (struct pg74_state *)(bytes + header.states),
                            .instructions = (struct pg74_instruction *)(bytes + header.instructions),
                            .fields = (struct pg74_field *)(bytes + header.fields),
                            .nodes = (struct pg74_node *)(bytes + header.nodes)};
    *writer.module = header;
    for (unsigned i = 0; i < PG74_PARAGRAPHS; i++)
        writer.module->paragraphs[i] = write_program(&writer, isa_paragraph(isa, (enum isa_paragraph)i));
    for (unsigned i = 0; i < header.state_count; i++)
        write_state(&writer.states[i], isa_state_at(isa, i));
    for (unsigned i = 0; i < header.instruction_count; i++)
        write_instruction(&writer, &writer.instructions[i], isa_instruction_at(isa, i), classes ? classes[i] : 0);
    return bytes;
}
