/* table.c: writes the tables of meanings and shapes, as C. */
#include "machine/generate/internal.h"

static void write_nodes(FILE *stream, const struct meaning *meaning)
{
    const struct fast_meaning *facts = &meaning->facts;
    fprintf(stream, "static const struct isa_node nodes_%s[] = {\n", meaning->name);
    for (unsigned i = 0; i < facts->node_count; i++) {
        const struct isa_node *node = &facts->nodes[i];
        fprintf(stream, "    {ISA_%s, %u, %u, %u, %u, 0x%llx},\n", isa_operator_name(node->operator), node->width,
                node->a, node->b, node->c, (unsigned long long)node->constant);
    }
    fprintf(stream, "};\nstatic const struct fast_layout layouts_%s[] = {\n", meaning->name);
    for (unsigned i = 0; i < facts->layout_count; i++) {
        const struct fast_layout *layout = &facts->layouts[i];
        fprintf(stream, "    {%u, %u, %d, %u, %u, %u, %u},\n", layout->state, layout->count, layout->zero,
                layout->width, layout->is_array, layout->is_program_counter, layout->duty);
    }
    fprintf(stream, "    {0},\n};\n");
}

static void write_list16(FILE *stream, const uint16_t *list, unsigned count)
{
    fputs("{", stream);
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, "%s%u", i ? ", " : "", list[i]);
    fputs(count ? "}, " : "0}, ", stream);
}

static void write_list8(FILE *stream, const uint8_t *list, unsigned count)
{
    fputs("{", stream);
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, "%s%u", i ? ", " : "", list[i]);
    fputs(count ? "}, " : "0}, ", stream);
}

static void write_meaning(FILE *stream, const struct meaning *meaning)
{
    const struct fast_meaning *facts = &meaning->facts;
    fprintf(stream, "    {\"%s\", nodes_%s, %u, %u, layouts_%s, %u, %u, %u, %u,\n     ", meaning->name, meaning->name,
            facts->node_count, facts->locals, meaning->name, facts->layout_count, facts->read_count, facts->write_count,
            facts->guard_count);
    write_list16(stream, facts->reads, facts->read_count);
    write_list16(stream, facts->writes, facts->write_count);
    write_list8(stream, facts->always, facts->write_count);
    fputs("{", stream);
    for (unsigned i = 0; i < facts->guard_count; i++)
        fprintf(stream, "{%u, %u}, ", facts->guards[i].node, facts->guards[i].value);
    fprintf(stream, "%s}, %u, %u, %u, %u},\n", facts->guard_count ? "" : "{0}", facts->flow, facts->last_write,
            facts->pure, facts->target);
}

static void write_shape(FILE *stream, const struct meanings *meanings, const struct fast_shape *shape)
{
    fprintf(stream, "    {\"%s\", %s, %u, %u, %u, %u,\n     {", shape->name, shape->name, shape->size, shape->cost,
            shape->part_count, shape->operand_count);
    for (unsigned p = 0; p < shape->part_count; p++) {
        const struct fast_part *part = &shape->parts[p];
        const struct fast_meaning *facts = &meanings->list[part->meaning].facts;
        fprintf(stream, "{%u, ", part->meaning);
        write_list8(stream, part->sources, facts->read_count);
        write_list8(stream, part->fates, facts->write_count);
        fprintf(stream, "%u}, ", part->follows);
    }
    fprintf(stream, "}, operands_of_%s},\n", shape->name);
}

void generate_tables(FILE *stream, const struct meanings *meanings, const struct fast_shape *shapes,
                     unsigned shape_count)
{
    for (unsigned i = 0; i < meanings->count; i++)
        write_nodes(stream, &meanings->list[i]);
    fprintf(stream, "\nconst struct fast_meaning machine_fast_meanings[] = {\n");
    for (unsigned i = 0; i < meanings->count; i++)
        write_meaning(stream, &meanings->list[i]);
    fprintf(stream, "};\nconst unsigned machine_fast_meaning_count = %u;\n\n", meanings->count);
    for (unsigned i = 0; i < shape_count; i++) {
        fprintf(stream, "static const struct fast_operand operands_of_%s[] = {", shapes[i].name);
        for (unsigned k = 0; k < shapes[i].operand_count; k++)
            fprintf(stream, "{%u, %u, %u, %u}, ", shapes[i].operands[k].kind, shapes[i].operands[k].part,
                    shapes[i].operands[k].index, shapes[i].operands[k].offset);
        fprintf(stream, "{0}};\n");
    }
    fprintf(stream, "\nconst struct fast_shape machine_fast_shapes[] = {\n");
    for (unsigned i = 0; i < shape_count; i++)
        write_shape(stream, meanings, &shapes[i]);
    fprintf(stream, "};\nconst unsigned machine_fast_shape_count = %u;\n", shape_count);
}
