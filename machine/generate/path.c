/* path.c: a shape's handler, path by path. An instruction's writes stand at the end of each of its paths, where nothing
 * can trap any more; so a trap finds the state as it was, and only has to leave. */
#include "machine/generate/internal.h"

#include <stdlib.h>

static const struct meaning *meaning_of(const struct writer *writer)
{
    return &writer->meanings->list[writer->shape->parts[writer->part].meaning];
}

/* What a path of one part has gathered. */
struct gathered {
    unsigned writes[ISA_MOST_WRITES], write_count;
    unsigned stores[ISA_MOST_WRITES], store_count;
    unsigned program_counter; /* the node of the last write to it, or ISA_NONE */
};

static void write_part(struct writer *writer, unsigned node, struct gathered gathered);

/* ---- The end of a path ------------------------------------------------------------------------------------------- */

static unsigned write_number(const struct fast_meaning *facts, unsigned node)
{
    unsigned i = 0;
    while (facts->writes[i] != node)
        i++;
    return i;
}

/* The name of a written value: the element's, unless a value read has it. */
static const char *write_name(struct writer *writer, const struct isa_node *node)
{
    const struct meaning *meaning = meaning_of(writer);
    char name[64], other[64];
    generate_element_name(meaning, node, name);
    for (unsigned i = 0; i < meaning->facts.read_count; i++) {
        generate_element_name(meaning, &meaning->facts.nodes[meaning->facts.reads[i]], other);
        if (strcmp(name, other) == 0)
            return generate_text(writer, "new_%s", name);
    }
    return generate_text(writer, "%s", name);
}

/* Computes all values first: they are those from before the instruction. */
static void compute_writes(struct writer *writer, const struct gathered *gathered)
{
    static const char *const prefixes[FAST_MOST_PARTS] = {"a_", "b_", "c_", "d_"};
    const struct fast_meaning *facts = &meaning_of(writer)->facts;
    const struct fast_part *part = &writer->shape->parts[writer->part];
    for (unsigned i = 0; i < gathered->write_count; i++) {
        const struct isa_node *node = &facts->nodes[gathered->writes[i]];
        unsigned write = write_number(facts, gathered->writes[i]);
        if (part->fates[write] == FAST_DROPPED)
            continue;
        char *value = generate_value(writer, node->c);
        char *name = generate_text(writer, "%s%s%s", writer->shape->part_count == 1 ? "" : prefixes[writer->part],
                                   write_name(writer, node), i ? generate_text(writer, "_%u", i) : "");
        generate_line(writer, "uint32_t %s = %s;", name, generate_bare(writer, value));
        if (part->fates[write] >= FAST_OVERWRITTEN)
            generate_line(writer, "(void)%s;", name); /* perhaps nothing reads it */
        writer->written[writer->part][write] = name;
    }
}

static void commit_stores(struct writer *writer, const struct gathered *gathered)
{
    const struct fast_meaning *facts = &meaning_of(writer)->facts;
    char *hosts[ISA_MOST_WRITES], *values[ISA_MOST_WRITES];
    for (unsigned i = 0; i < gathered->store_count; i++) {
        const struct isa_node *node = &facts->nodes[gathered->stores[i]];
        values[i] = generate_value(writer, node->b);
        hosts[i] = generate_address(writer, node, true);
    }
    for (unsigned i = 0; i < gathered->store_count; i++)
        generate_line(writer, "fast_store%u(%s, %s);", (unsigned)facts->nodes[gathered->stores[i]].constant, hosts[i],
                      values[i]);
}

/* What this write overwrites need not be written any more. */
static void forget_deferred(struct writer *writer, unsigned write)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < writer->deferred_count; i++)
        if (writer->deferred[i].overwritten != FAST_OVERWRITTEN + FAST_MOST_WRITES * writer->part + write)
            writer->deferred[kept++] = writer->deferred[i];
    writer->deferred_count = kept;
}

static void commit_writes(struct writer *writer, const struct gathered *gathered)
{
    const struct fast_meaning *facts = &meaning_of(writer)->facts;
    const struct fast_part *part = &writer->shape->parts[writer->part];
    for (unsigned i = 0; i < gathered->write_count; i++) {
        const struct isa_node *node = &facts->nodes[gathered->writes[i]];
        unsigned write = write_number(facts, gathered->writes[i]);
        if (part->fates[write] == FAST_DROPPED)
            continue;
        const char *value = writer->written[writer->part][write];
        const char *operand = generate_operand(writer, FAST_OPERAND_WRITE, write, write_name(writer, node));
        char *target = generate_text(writer, "FAST_STATE(o->%s)", operand);
        forget_deferred(writer, write);
        if (part->fates[write] >= FAST_OVERWRITTEN) {
            writer->deferred[writer->deferred_count++] = (struct deferred){part->fates[write], target, value};
        } else {
            generate_line(writer, "%s = %s;", target, value);
        }
        writer->accumulator = value;
    }
}

static void end_of_path(struct writer *writer, const struct gathered *gathered)
{
    const struct meaning *meaning = meaning_of(writer);
    const struct fast_part *part = &writer->shape->parts[writer->part];
    unsigned target =
        gathered->program_counter == ISA_NONE ? ISA_NONE : meaning->facts.nodes[gathered->program_counter].c;
    bool stays = target == ISA_NONE || part->follows;
    char *destination = !stays && !meaning->constant[target] ? generate_value(writer, target) : NULL;
    compute_writes(writer, gathered);
    if (destination) {
        generate_line(writer, "uint32_t destination = %s;", generate_bare(writer, destination));
        destination = generate_text(writer, "destination");
    }
    struct deferred deferred[FAST_MOST_PARTS * FAST_MOST_WRITES];
    unsigned deferred_count = writer->deferred_count;
    memcpy(deferred, writer->deferred, sizeof deferred);
    commit_stores(writer, gathered);
    commit_writes(writer, gathered);
    if (!stays) {
        generate_write_deferred(writer);
        if (destination)
            generate_line(writer, "FAST_JUMP(%s);", destination);
        else
            generate_line(writer, "FAST_GOTO(o->%s);", generate_operand(writer, FAST_OPERAND_LINK, target, "taken"));
    } else if (writer->part + 1 < writer->shape->part_count) {
        writer->part++;
        memset(writer->locals, 0, sizeof writer->locals);
        write_part(writer, 0, (struct gathered){.program_counter = ISA_NONE});
        writer->part--;
    } else {
        generate_line(writer, "FAST_NEXT(sizeof *o, %s);", writer->accumulator);
    }
    memcpy(writer->deferred, deferred, sizeof deferred); /* as another path finds it */
    writer->deferred_count = deferred_count;
}

/* ---- Along a path ------------------------------------------------------------------------------------------------ */

/* The variables known before an arm are known again after it; those of the arm are not. */
struct scope {
    char **names[FAST_MOST_PARTS];
    char *locals[ISA_MOST_LOCALS];
    const char *accumulator;
};

static void open_scope(const struct writer *writer, struct scope *scope)
{
    for (unsigned p = 0; p < writer->shape->part_count; p++) {
        size_t size = (writer->meanings->list[writer->shape->parts[p].meaning].facts.node_count + 1u) * sizeof(char *);
        scope->names[p] = malloc(size);
        memcpy(scope->names[p], writer->names[p], size);
    }
    memcpy(scope->locals, writer->locals, sizeof scope->locals);
    scope->accumulator = writer->accumulator;
}

static void close_scope(struct writer *writer, struct scope *scope)
{
    for (unsigned p = 0; p < writer->shape->part_count; p++) {
        free(writer->names[p]);
        writer->names[p] = scope->names[p];
    }
    memcpy(writer->locals, scope->locals, sizeof scope->locals);
    writer->accumulator = scope->accumulator;
}

/* A test: one arm inside braces, which it never leaves by their end; the other one goes on after them. */
static void write_branch(struct writer *writer, const struct isa_node *node, unsigned number,
                         const struct gathered *gathered)
{
    const struct isa_program *program = &meaning_of(writer)->instruction->program;
    unsigned otherwise = (unsigned)node->constant;
    bool first_traps = generate_always_traps(program, number + 1),
         second_traps = generate_always_traps(program, otherwise);
    bool decided = first_traps != second_traps && meaning_of(writer)->constant[node->a]; /* by a guard, when decoding */
    if (first_traps && second_traps) {
        generate_line(writer, "FAST_LEAVE(%u);", writer->part);
        return;
    }
    if (first_traps || second_traps) {
        if (!decided)
            generate_leave(writer, generate_condition(writer, node->a, second_traps));
        write_part(writer, first_traps ? otherwise : number + 1, *gathered);
        return;
    }
    generate_line(writer, "if (%s) {", generate_bare(writer, generate_condition(writer, node->a, false)));
    struct scope scope;
    open_scope(writer, &scope);
    writer->depth++;
    write_part(writer, number + 1, *gathered);
    writer->depth--;
    close_scope(writer, &scope);
    generate_line(writer, "}");
    write_part(writer, otherwise, *gathered);
}

static void write_part(struct writer *writer, unsigned number, struct gathered gathered)
{
    const struct isa_program *program = &meaning_of(writer)->instruction->program;
    const struct isa_state *program_counter = isa_program_counter(meaning_of(writer)->isa);
    for (; number < program->count; number++) {
        const struct isa_node *node = &program->nodes[number];
        switch ((enum isa_operator)node->operator) {
        case ISA_WRITE:
            if (isa_state_at(meaning_of(writer)->isa, node->a) == program_counter)
                gathered.program_counter = number;
            else
                gathered.writes[gathered.write_count++] = number;
            break;
        case ISA_STORE: gathered.stores[gathered.store_count++] = number; break;
        case ISA_TRANSLATE:
            generate_translate(writer, number);
            break; /* it may trap, whether its value is used or not */
        case ISA_LOCAL_SET: writer->locals[node->a] = generate_value(writer, node->b); break;
        case ISA_JUMP: number = (unsigned)node->constant - 1; break;
        case ISA_BRANCH: write_branch(writer, node, number, &gathered); return;
        case ISA_TRAP: generate_write_deferred(writer); generate_line(writer, "FAST_LEAVE(%u);", writer->part); return;
        default: break;
        }
    }
    end_of_path(writer, &gathered);
}

/* ---- A handler --------------------------------------------------------------------------------------------------- */

static unsigned operand_size(unsigned kind)
{
    switch (kind) {
    case FAST_OPERAND_READ: case FAST_OPERAND_WRITE: return 2;
    case FAST_OPERAND_VALUE: return 4;
    case FAST_OPERAND_VALUE64: return 8;
    default: return (unsigned)sizeof(struct fast_link);
    }
}

/* Writes the struct of operands: the small ones first, so that most operations take 16 bytes. */
static void write_operands(struct writer *writer, FILE *stream, struct fast_shape *shape)
{
    static const char *const types[] = {"uint16_t", "uint16_t", "uint32_t", "uint64_t", "struct fast_link"};
    static const unsigned sizes[] = {2, 4, 8, sizeof(struct fast_link)};
    unsigned offset = sizeof(struct fast_operation);
    fprintf(stream, "struct operands_%s {\n    struct fast_operation operation;\n", shape->name);
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        unsigned alignment = sizes[s] > 8 ? 8 : sizes[s];
        for (unsigned i = 0; i < writer->asked_count; i++) {
            struct fast_operand *operand = &writer->asked[i].operand;
            if (operand_size(operand->kind) != sizes[s])
                continue;
            offset = (offset + alignment - 1) / alignment * alignment;
            operand->offset = (uint16_t)offset;
            offset += sizes[s];
            fprintf(stream, "    %s %s;\n", types[operand->kind], writer->asked[i].name);
        }
    }
    fprintf(stream, "};\n\n");
    shape->size = (uint16_t)((offset + 7) / 8 * 8);
}

/* What an operation costs to execute, roughly, in machine instructions: by this blocks are cut into operations. */
static unsigned estimate(const struct writer *writer, const struct fast_shape *shape)
{
    unsigned cost = 6; /* going to the next one: an indirect jump */
    for (unsigned i = 0; i < writer->asked_count; i++)
        cost += writer->asked[i].operand.kind == FAST_OPERAND_LINK    ? 3
                : writer->asked[i].operand.kind <= FAST_OPERAND_WRITE ? 2
                                                                      : 1;
    for (unsigned p = 0; p < shape->part_count; p++)
        cost += 1;
    return cost;
}

static void write_comment(FILE *stream, const struct meanings *meanings, const struct fast_shape *shape)
{
    for (unsigned p = 0; p < shape->part_count; p++) {
        const struct isa_instruction *instruction = meanings->list[shape->parts[p].meaning].instruction;
        fprintf(stream, "%s %s%s%s: %s:%u", p ? "\n  " : "/*", instruction->name, *instruction->syntax ? " " : "",
                instruction->syntax, instruction->place.file, instruction->place.line);
    }
    fprintf(stream, " */\n");
}

void generate_handler(FILE *stream, const struct meanings *meanings, struct fast_shape *shape)
{
    struct writer writer = {.meanings = meanings, .shape = shape, .depth = 1, .accumulator = "accumulator"};
    char *body = NULL;
    size_t length;
    writer.stream = open_memstream(&body, &length);
    for (unsigned p = 0; p < shape->part_count; p++)
        writer.names[p] = calloc(meanings->list[shape->parts[p].meaning].facts.node_count + 1u, sizeof(char *));
    write_part(&writer, 0, (struct gathered){.program_counter = ISA_NONE});
    fclose(writer.stream);
    write_operands(&writer, stream, shape);
    write_comment(stream, meanings, shape);
    fprintf(stream, "static void %s(FAST_ARGUMENTS)\n{\n", shape->name);
    fprintf(stream, "    const struct operands_%s *o = operation;\n    (void)o, (void)accumulator;\n%s}\n\n",
            shape->name, body);
    shape->cost = (uint16_t)estimate(&writer, shape);
    struct fast_operand *operands = calloc(writer.asked_count + 1, sizeof *operands);
    for (unsigned i = 0; i < writer.asked_count; i++)
        operands[i] = writer.asked[i].operand;
    shape->operands = operands;
    shape->operand_count = (uint8_t)writer.asked_count;
    free(body);
    for (unsigned p = 0; p < shape->part_count; p++)
        free(writer.names[p]);
    for (struct text *text = writer.texts, *next; text; text = next) {
        next = text->next;
        free(text);
    }
}
