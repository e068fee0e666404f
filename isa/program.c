/* program.c: the IR's operators by name and by meaning, and programs as values. */
#include "isa/isa.h"

#include <string.h>

static const char *const operator_names[ISA_OPERATORS] = {
    [ISA_CONSTANT] = "CONSTANT", [ISA_PARAMETER] = "PARAMETER", [ISA_FIELD] = "FIELD", [ISA_INSTRUCTION] = "INSTRUCTION",
    [ISA_MEMORY_SIZE] = "MEMORY_SIZE", [ISA_ADD] = "ADD", [ISA_SUB] = "SUB", [ISA_MUL] = "MUL",
    [ISA_DIVIDE_UNSIGNED] = "DIVIDE_UNSIGNED", [ISA_DIVIDE_SIGNED] = "DIVIDE_SIGNED",
    [ISA_REMAINDER_UNSIGNED] = "REMAINDER_UNSIGNED", [ISA_REMAINDER_SIGNED] = "REMAINDER_SIGNED", [ISA_AND] = "AND",
    [ISA_OR] = "OR", [ISA_XOR] = "XOR", [ISA_SHIFT_LEFT] = "SHIFT_LEFT", [ISA_SHIFT_RIGHT_UNSIGNED] = "SHIFT_RIGHT_UNSIGNED",
    [ISA_SHIFT_RIGHT_SIGNED] = "SHIFT_RIGHT_SIGNED", [ISA_EQUAL] = "EQUAL", [ISA_LESS_UNSIGNED] = "LESS_UNSIGNED",
    [ISA_LESS_SIGNED] = "LESS_SIGNED", [ISA_SELECT] = "SELECT", [ISA_EXTRACT] = "EXTRACT", [ISA_CONCATENATE] = "CONCATENATE",
    [ISA_ZERO_EXTEND] = "ZERO_EXTEND", [ISA_SIGN_EXTEND] = "SIGN_EXTEND", [ISA_READ] = "READ", [ISA_LOAD] = "LOAD",
    [ISA_TRANSLATE] = "TRANSLATE", [ISA_PORT_IN] = "PORT_IN", [ISA_DIAGNOSE] = "DIAGNOSE", [ISA_WRITE] = "WRITE",
    [ISA_STORE] = "STORE", [ISA_PORT_OUT] = "PORT_OUT", [ISA_LOCAL_SET] = "LOCAL_SET", [ISA_LOCAL_GET] = "LOCAL_GET",
    [ISA_BRANCH] = "BRANCH", [ISA_JUMP] = "JUMP", [ISA_TRAP] = "TRAP", [ISA_IGNORE] = "IGNORE", [ISA_RETURN] = "RETURN",
};

const char *isa_operator_name(enum isa_operator operator)
{
    return operator < ISA_OPERATORS ? operator_names[operator] : "?";
}

int64_t isa_signed(uint64_t value, unsigned width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    return (int64_t)((value ^ sign) - sign);
}

/* Signed division as RISC-V has it: x/0 = -1, x%0 = x; the least number by -1 gives itself and remainder 0. */
static uint64_t divide_signed(bool remainder, unsigned width, uint64_t a, uint64_t b)
{
    if (b == 0)
        return remainder ? a : UINT64_MAX;
    int64_t dividend = isa_signed(a, width), divisor = isa_signed(b, width);
    if (divisor == -1)
        return remainder ? 0 : 0 - a;
    return (uint64_t)(remainder ? dividend % divisor : dividend / divisor);
}

static uint64_t shift(enum isa_operator operator, unsigned width, uint64_t a, uint64_t b)
{
    if (operator == ISA_SHIFT_RIGHT_SIGNED)
        return (uint64_t)(isa_signed(a, width) >> (b >= width ? width - 1 : b));
    if (b >= width)
        return 0;
    return operator == ISA_SHIFT_LEFT ? a << b : a >> b;
}

static uint64_t apply(enum isa_operator operator, unsigned width, uint64_t a, uint64_t b)
{
    switch (operator) {
    case ISA_ADD: return a + b;
    case ISA_SUB: return a - b;
    case ISA_MUL: return a * b;
    case ISA_DIVIDE_UNSIGNED: return b ? a / b : UINT64_MAX;
    case ISA_DIVIDE_SIGNED: return divide_signed(false, width, a, b);
    case ISA_REMAINDER_UNSIGNED: return b ? a % b : a;
    case ISA_REMAINDER_SIGNED: return divide_signed(true, width, a, b);
    case ISA_AND: return a & b;
    case ISA_OR: return a | b;
    case ISA_XOR: return a ^ b;
    case ISA_SHIFT_LEFT: case ISA_SHIFT_RIGHT_UNSIGNED: case ISA_SHIFT_RIGHT_SIGNED: return shift(operator, width, a, b);
    case ISA_EQUAL: return a == b;
    case ISA_LESS_UNSIGNED: return a < b;
    case ISA_LESS_SIGNED: return isa_signed(a, width) < isa_signed(b, width);
    default: return 0;
    }
}

uint64_t isa_apply(enum isa_operator operator, unsigned width, uint64_t a, uint64_t b)
{
    return apply(operator, width, a, b) & (UINT64_MAX >> (64 - width));
}

bool isa_program_equal(const struct isa_program *a, const struct isa_program *b)
{
    if (a->count != b->count || a->locals != b->locals || a->parameters != b->parameters)
        return false;
    return a->count == 0 || memcmp(a->nodes, b->nodes, a->count * sizeof *a->nodes) == 0; /* nodes have no padding */
}

_Static_assert(sizeof(struct isa_node) == 16, "a node has no padding, so that programs can be compared as bytes");

static void print_operand(FILE *stream, uint16_t operand)
{
    if (operand == ISA_NONE)
        fputs(" -", stream);
    else
        fprintf(stream, " %u", operand);
}

void isa_program_print(const struct isa_program *program, FILE *stream)
{
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        fprintf(stream, "%4u  %-20s %2u ", i, isa_operator_name(node->operator), node->width);
        print_operand(stream, node->a);
        print_operand(stream, node->b);
        print_operand(stream, node->c);
        fprintf(stream, "  0x%llx\n", (unsigned long long)node->constant);
    }
}
