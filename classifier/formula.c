/* formula.c: a value of the IR as the specification language writes it, for conditions that people read. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

/* What is being written; `failed` once it has become too long, or is not a formula over the state and the word. */
struct writer {
    const struct isa *isa;
    const struct isa_instruction *instruction;
    char *text;
    size_t size, length;
    bool failed;
};

static void put(struct writer *writer, const char *text)
{
    size_t length = strlen(text);
    if (writer->length + length + 1 > writer->size) {
        writer->failed = true;
        return;
    }
    memcpy(writer->text + writer->length, text, length + 1);
    writer->length += length;
}

static void put_number(struct writer *writer, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
    put(writer, text);
}

static void write_value(struct writer *writer, unsigned number, bool inside);
static void write_truth(struct writer *writer, unsigned number, bool truth, bool inside);

static const char *operator_text(enum isa_operator operator)
{
    static const char *const texts[ISA_OPERATORS] = {
        [ISA_ADD] = " + ", [ISA_SUB] = " - ", [ISA_MUL] = " * ",
        [ISA_DIVIDE_UNSIGNED] = " /u ", [ISA_DIVIDE_SIGNED] = " /s ",
        [ISA_REMAINDER_UNSIGNED] = " %u ", [ISA_REMAINDER_SIGNED] = " %s ",
        [ISA_AND] = " & ", [ISA_OR] = " | ", [ISA_XOR] = " ^ ",
        [ISA_SHIFT_LEFT] = " << ", [ISA_SHIFT_RIGHT_UNSIGNED] = " >>u ", [ISA_SHIFT_RIGHT_SIGNED] = " >>s ",
        [ISA_EQUAL] = " == ", [ISA_LESS_UNSIGNED] = " <u ", [ISA_LESS_SIGNED] = " <s ", [ISA_CONCATENATE] = " ++ ",
    };
    return texts[operator];
}

static void write_binary(struct writer *writer, const struct isa_node *node, const char *operator, bool inside)
{
    put(writer, inside ? "(" : "");
    write_value(writer, node->a, true);
    put(writer, operator);
    write_value(writer, node->b, true);
    put(writer, inside ? ")" : "");
}

static void write_read(struct writer *writer, const struct isa_node *node)
{
    put(writer, isa_state_at(writer->isa, node->a)->name);
    if (node->b == ISA_NONE)
        return;
    put(writer, "[");
    write_value(writer, node->b, false);
    put(writer, "]");
}

static void write_extract(struct writer *writer, const struct isa_node *node)
{
    char bits[32];
    write_value(writer, node->a, true);
    if (node->width == 1)
        snprintf(bits, sizeof bits, "[%u]", (unsigned)node->constant);
    else
        snprintf(bits, sizeof bits, "[%u:%u]", (unsigned)node->constant + node->width - 1, (unsigned)node->constant);
    put(writer, bits);
}

static void write_call(struct writer *writer, const char *name, unsigned first, unsigned second)
{
    put(writer, name);
    put(writer, "(");
    write_value(writer, first, false);
    if (second != ISA_NONE) {
        put(writer, ", ");
        write_value(writer, second, false);
    }
    put(writer, ")");
}

/* Memory, at a virtual address where that has been translated. */
static void write_load(struct writer *writer, const struct isa_node *node)
{
    const struct isa_node *address = &writer->instruction->program.nodes[node->a];
    bool is_virtual = address->operator == ISA_TRANSLATE;
    put(writer, is_virtual ? "load(" : "physical_load(");
    write_value(writer, is_virtual ? address->a : node->a, false);
    put(writer, ", ");
    put_number(writer, node->constant);
    put(writer, ")");
}

/* A local variable that has one value, whichever way was gone. */
static void write_local(struct writer *writer, unsigned local, bool inside)
{
    const struct isa_program *program = &writer->instruction->program;
    unsigned value = ISA_NONE, count = 0;
    for (unsigned i = 0; i < program->count; i++)
        if (program->nodes[i].operator == ISA_LOCAL_SET && program->nodes[i].a == local) {
            value = program->nodes[i].b;
            count++;
        }
    if (count == 1)
        write_value(writer, value, inside);
    else
        writer->failed = true;
}

static void write_select(struct writer *writer, const struct isa_node *node)
{
    put(writer, "(if ");
    write_truth(writer, node->a, true, false);
    put(writer, " then ");
    write_value(writer, node->b, true);
    put(writer, " else ");
    write_value(writer, node->c, true);
    put(writer, ")");
}

static void write_value(struct writer *writer, unsigned number, bool inside)
{
    const struct isa_node *node = &writer->instruction->program.nodes[number];
    if (writer->failed)
        return;
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT: put_number(writer, node->constant); return;
    case ISA_FIELD: put(writer, writer->instruction->fields[node->a].name); return;
    case ISA_INSTRUCTION: put(writer, "instruction"); return;
    case ISA_MEMORY_SIZE: put(writer, "memory_size"); return;
    case ISA_READ: write_read(writer, node); return;
    case ISA_EXTRACT: write_extract(writer, node); return;
    case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND: write_value(writer, node->a, inside); return;
    default: break;
    }
    if (operator_text(node->operator) != NULL)
        write_binary(writer, node, operator_text(node->operator), inside);
    else if (node->operator == ISA_LOAD)
        write_load(writer, node);
    else if (node->operator == ISA_LOCAL_GET)
        write_local(writer, node->a, inside);
    else if (node->operator == ISA_PORT_IN)
        write_call(writer, "port_in", node->a, ISA_NONE);
    else if (node->operator == ISA_DIAGNOSE)
        write_call(writer, "diagnose", node->a, node->b);
    else if (node->operator == ISA_SELECT)
        write_select(writer, node);
    else
        writer->failed = true;
}

static bool is_number(const struct isa_program *program, unsigned node, uint64_t value)
{
    return program->nodes[node].operator == ISA_CONSTANT && program->nodes[node].constant == value;
}

/* "mode == user", where the instruction set has these words; else "mode == 1". */
static void write_mode(struct writer *writer, bool user)
{
    uint64_t value;
    const char *name = user ? "user" : "supervisor";
    put(writer, isa_mode(writer->isa)->name);
    put(writer, " == ");
    if (!isa_is_guest_view(writer->isa) && isa_constant_named(writer->isa, name, &value) && value == user)
        put(writer, name);
    else
        put(writer, user ? "1" : "0");
}

static bool is_mode(const struct writer *writer, const struct isa_node *node)
{
    return node->operator == ISA_READ && isa_state_at(writer->isa, node->a) == isa_mode(writer->isa);
}

/* Both, or one of the two: "not both" is "one is not". */
static void write_junction(struct writer *writer, const struct isa_node *node, bool truth, bool inside)
{
    put(writer, inside ? "(" : "");
    write_truth(writer, node->a, truth, true);
    put(writer, (node->operator == ISA_AND) == truth ? " and " : " or ");
    write_truth(writer, node->b, truth, true);
    put(writer, inside ? ")" : "");
}

/* Writes that the bit is `truth`; negations are taken in. */
static void write_truth(struct writer *writer, unsigned number, bool truth, bool inside)
{
    const struct isa_program *program = &writer->instruction->program;
    const struct isa_node *node = &program->nodes[number];
    bool is_less = node->operator == ISA_LESS_UNSIGNED || node->operator == ISA_LESS_SIGNED;
    if (node->width == 1 && node->operator == ISA_XOR && is_number(program, node->b, 1)) {
        write_truth(writer, node->a, !truth, inside);
    } else if (node->width == 1 && (node->operator == ISA_AND || node->operator == ISA_OR)) {
        write_junction(writer, node, truth, inside);
    } else if (node->operator == ISA_EQUAL && program->nodes[node->a].width == 1 &&
               program->nodes[node->b].operator == ISA_CONSTANT) {
        write_truth(writer, node->a, truth == (program->nodes[node->b].constant == 1), inside);
    } else if (is_mode(writer, node)) {
        write_mode(writer, truth);
    } else if (node->operator == ISA_EQUAL && !truth) {
        write_binary(writer, node, " != ", false);
    } else if (is_less && !truth) {
        write_binary(writer, node, node->operator == ISA_LESS_SIGNED ? " >=s " : " >=u ", false);
    } else if (node->operator == ISA_EQUAL || is_less) {
        write_value(writer, number, false);
    } else {
        write_value(writer, number, true);
        put(writer, truth ? " == 1" : " == 0");
    }
}

bool classifier_formula(const struct isa *isa, const struct isa_instruction *instruction, unsigned node, bool truth,
                        char *text, size_t size)
{
    struct writer writer = {isa, instruction, text, size, 0, false};
    text[0] = '\0';
    write_truth(&writer, node, truth, false);
    return !writer.failed;
}
