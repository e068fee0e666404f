/* value.c: values of the IR as expressions of C. What depends on the word and pc alone becomes an operand; what is
 * read, and what is used more than once, a variable. */
#include "machine/generate/internal.h"

#include <stdarg.h>
#include <stdlib.h>

static const struct meaning *meaning_of(const struct writer *writer)
{
    return &writer->meanings->list[writer->shape->parts[writer->part].meaning];
}

static const struct isa_node *node_of(const struct writer *writer, unsigned node)
{
    return &meaning_of(writer)->instruction->program.nodes[node];
}

char *generate_text(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char line[4096];
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    struct text *text = malloc(sizeof *text + strlen(line) + 1);
    text->next = writer->texts;
    writer->texts = text;
    return strcpy(text->characters, line);
}

void generate_line(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(writer->stream, "%*s", (int)writer->depth * 4, "");
    vfprintf(writer->stream, format, arguments);
    fputc('\n', writer->stream);
    va_end(arguments);
}

/* The prefix of names that belong to the part being written: "a_", "b_", ..., or none when there is one part only. */
static const char *prefix(const struct writer *writer)
{
    static const char *const prefixes[FAST_MOST_PARTS] = {"a_", "b_", "c_", "d_"};
    return writer->shape->part_count == 1 ? "" : prefixes[writer->part];
}

void generate_element_name(const struct meaning *meaning, const struct isa_node *node, char *name)
{
    const struct isa_node *index = node->b == ISA_NONE ? NULL : &meaning->instruction->program.nodes[node->b];
    if (index && index->operator == ISA_FIELD)
        snprintf(name, 64, "%s", meaning->instruction->fields[index->a].name);
    else
        snprintf(name, 64, "%s", isa_state_at(meaning->isa, node->a)->name);
}

const char *generate_operand(struct writer *writer, enum fast_operand_kind kind, unsigned index, const char *name)
{
    for (unsigned i = 0; i < writer->asked_count; i++) {
        struct fast_operand *known = &writer->asked[i].operand;
        if (known->kind == kind && known->part == writer->part && known->index == index)
            return writer->asked[i].name;
    }
    if (writer->asked_count == MOST_OPERANDS) {
        fprintf(stderr, "generate: internal error: too many operands\n");
        exit(ISA_EXIT_INTERNAL);
    }
    struct asked *asked = &writer->asked[writer->asked_count++];
    asked->operand = (struct fast_operand){(uint8_t)kind, (uint8_t)writer->part, (uint16_t)index, 0};
    snprintf(asked->name, sizeof asked->name, "%s%.50s", prefix(writer), name);
    for (unsigned i = 0; i + 1 < writer->asked_count; i++)
        if (strcmp(writer->asked[i].name, asked->name) == 0)
            snprintf(asked->name, sizeof asked->name, "%s%.40s_%u", prefix(writer), name, index);
    return asked->name;
}

static uint64_t ones(unsigned width)
{
    return UINT64_MAX >> (64 - width);
}

/* `expression` cut to the node's width, where its C type is wider. */
static char *cut(struct writer *writer, char *expression, unsigned width)
{
    if (width == 32 || width == 64)
        return expression;
    char *result = width < 32 ? generate_text(writer, "(%s & 0x%xu)", expression, (unsigned)ones(width))
                              : generate_text(writer, "(%s & 0x%llxu)", expression, (unsigned long long)ones(width));
    return result;
}

/* ---- What the word and pc decide --------------------------------------------------------------------------------- */

/* The field that a constant node is made of, for its name. */
static const char *field_in(const struct writer *writer, unsigned node)
{
    const struct isa_node *at = node_of(writer, node);
    switch (at->operator) {
    case ISA_FIELD: return meaning_of(writer)->instruction->fields[at->a].name;
    case ISA_ADD: {
        const char *right = field_in(writer, at->b);
        return right ? right : field_in(writer, at->a);
    }
    case ISA_SIGN_EXTEND: case ISA_ZERO_EXTEND: case ISA_CONCATENATE: case ISA_EXTRACT: return field_in(writer, at->a);
    default: return NULL;
    }
}

static char *constant(struct writer *writer, unsigned node)
{
    const struct isa_node *at = node_of(writer, node);
    if (at->operator == ISA_CONSTANT)
        return at->width <= 32
                   ? generate_text(writer, "%s%llxu", at->constant < 10 ? "" : "0x", (unsigned long long)at->constant)
                   : generate_text(writer, "UINT64_C(0x%llx)", (unsigned long long)at->constant);
    const char *field = field_in(writer, node);
    const char *name = field ? field : generate_text(writer, "value%u", node);
    enum fast_operand_kind kind = at->width <= 32 ? FAST_OPERAND_VALUE : FAST_OPERAND_VALUE64;
    return generate_text(writer, "o->%s", generate_operand(writer, kind, node, name));
}

/* ---- Operators --------------------------------------------------------------------------------------------------- */

/* The greatest value that a node can have, as far as its form shows. */
static uint64_t greatest(const struct writer *writer, unsigned node)
{
    const struct isa_node *at = node_of(writer, node);
    if (at->operator == ISA_CONSTANT)
        return at->constant;
    if (at->operator == ISA_ZERO_EXTEND)
        return greatest(writer, at->a);
    return ones(at->width);
}

/* A node's value as a signed number of C. */
static char *signed_value(struct writer *writer, unsigned node)
{
    unsigned width = node_of(writer, node)->width;
    char *value = generate_value(writer, node);
    char *result = width == 32   ? generate_text(writer, "(int32_t)%s", value)
                   : width == 64 ? generate_text(writer, "(int64_t)%s", value)
                   : width == 8  ? generate_text(writer, "(int32_t)(int8_t)%s", value)
                   : width == 16 ? generate_text(writer, "(int32_t)(int16_t)%s", value)
                                 : generate_text(writer, "fast_signed(%s, %u)", value, width);
    return result;
}

static char *binary(struct writer *writer, const struct isa_node *node, const char *symbol)
{
    char *a = generate_value(writer, node->a), *b = generate_value(writer, node->b);
    char *result = generate_text(writer, "(%s %s %s)", a, symbol, b);
    bool grows = node->operator == ISA_ADD || node->operator == ISA_SUB || node->operator == ISA_MUL ||
                 node->operator == ISA_SHIFT_LEFT;
    return grows ? cut(writer, result, node->width) : result;
}

static char *division(struct writer *writer, const struct isa_node *node)
{
    static const char *const names[] = {"fast_divide_unsigned", "fast_divide_signed", "fast_remainder_unsigned",
                                        "fast_remainder_signed"};
    bool is_signed = node->operator == ISA_DIVIDE_SIGNED || node->operator == ISA_REMAINDER_SIGNED;
    char *a = generate_value(writer, node->a), *b = generate_value(writer, node->b), width[16] = "";
    if (is_signed)
        snprintf(width, sizeof width, ", %u", node->width);
    const char *name = names[node->operator - ISA_DIVIDE_UNSIGNED];
    char *result = generate_text(writer, "(uint%u_t)%s(%s, %s%s)", node->width <= 32 ? 32u : 64u, name, a, b, width);
    return cut(writer, result, node->width);
}

static char *shift(struct writer *writer, const struct isa_node *node)
{
    uint64_t most = greatest(writer, node->b);
    bool arithmetic = node->operator == ISA_SHIFT_RIGHT_SIGNED;
    const char *symbol = node->operator == ISA_SHIFT_LEFT ? "<<" : ">>";
    if (most < node->width && !arithmetic)
        return binary(writer, node, symbol);
    char *amount = generate_value(writer, node->b), *result;
    if (!arithmetic) {
        char *shifted = binary(writer, node, symbol);
        result = generate_text(writer, "(%s < %u ? %s : 0)", amount, node->width, shifted);
    } else {
        char *value = signed_value(writer, node->a);
        result = most < node->width
                     ? generate_text(writer, "(uint%u_t)(%s >> %s)", node->width <= 32 ? 32u : 64u, value, amount)
                     : generate_text(writer, "(uint%u_t)(%s >> (%s < %u ? %s : %u))", node->width <= 32 ? 32u : 64u,
                                     value, amount, node->width, amount, node->width - 1);
        result = cut(writer, result, node->width);
    }
    return result;
}

static char *extract(struct writer *writer, const struct isa_node *node)
{
    unsigned from = node_of(writer, node->a)->width, low = (unsigned)node->constant;
    char *value = generate_value(writer, node->a);
    char *shifted = low ? generate_text(writer, "(%s >> %u)", value, low) : generate_text(writer, "%s", value);
    char *narrow = from > 32 && node->width <= 32 ? generate_text(writer, "(uint32_t)%s", shifted)
                                                  : generate_text(writer, "%s", shifted);
    return low + node->width == from && !(from > 32 && node->width == 32) ? narrow : cut(writer, narrow, node->width);
}

static char *widen(struct writer *writer, const struct isa_node *node)
{
    char *value, *result;
    if (node->operator == ISA_CONCATENATE) {
        char *above = generate_value(writer, node->a);
        value = generate_value(writer, node->b);
        result = generate_text(writer, "(%s%s << %u | %s)", node->width > 32 ? "(uint64_t)" : "", above,
                               node_of(writer, node->b)->width, value);
    } else if (node->operator == ISA_ZERO_EXTEND) {
        value = generate_value(writer, node->a);
        result = generate_text(writer, "%s%s", node->width > 32 ? "(uint64_t)" : "", value);
    } else {
        value = signed_value(writer, node->a);
        result = cut(writer, generate_text(writer, "(uint%u_t)%s", node->width <= 32 ? 32u : 64u, value), node->width);
    }
    return result;
}

char *generate_condition(struct writer *writer, unsigned number, bool negated)
{
    const struct isa_node *node = node_of(writer, number);
    bool known = meaning_of(writer)->constant[number] || writer->names[writer->part][number];
    if (!known && node->operator == ISA_XOR && node_of(writer, node->b)->operator == ISA_CONSTANT &&
        node_of(writer, node->b)->constant == 1)
        return generate_condition(writer, node->a, !negated);
    if (known || node->operator<ISA_EQUAL || node->operator> ISA_LESS_SIGNED || meaning_of(writer)->uses[number] > 1) {
        char *value = generate_value(writer, number), *result = generate_text(writer, negated ? "!%s" : "%s", value);
        return result;
    }
    bool is_signed = node->operator == ISA_LESS_SIGNED;
    char *a = is_signed ? signed_value(writer, node->a) : generate_value(writer, node->a);
    char *b = is_signed ? signed_value(writer, node->b) : generate_value(writer, node->b);
    const char *symbol = node->operator == ISA_EQUAL ? (negated ? "!=" : "==") : (negated ? ">=" : "<");
    char *result = generate_text(writer, "(%s %s %s)", a, symbol, b);
    return result;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static unsigned read_number(const struct fast_meaning *facts, unsigned node)
{
    unsigned i = 0;
    while (i < facts->read_count && facts->reads[i] != node)
        i++;
    return i;
}

static char *read_state(struct writer *writer, unsigned number)
{
    const struct fast_meaning *facts = &meaning_of(writer)->facts;
    unsigned read = read_number(facts, number), source = writer->shape->parts[writer->part].sources[read];
    char name[64], element[70];
    generate_element_name(meaning_of(writer), node_of(writer, number), name);
    if (source == FAST_FROM_ZERO)
        return generate_text(writer, "0u");
    if (source == FAST_FROM_ACCUMULATOR)
        return generate_text(writer, "%s", "accumulator");
    if (source >= FAST_FROM_WRITE)
        return generate_text(writer, "%s", writer->written[(source - FAST_FROM_WRITE) / FAST_MOST_WRITES]
                                         [(source - FAST_FROM_WRITE) % FAST_MOST_WRITES]);
    snprintf(element, sizeof element, "%s", name);
    return generate_text(writer, "FAST_STATE(o->%s)", generate_operand(writer, FAST_OPERAND_READ, read, element));
}

const char *generate_bare(struct writer *writer, const char *expression)
{
    size_t length = strlen(expression);
    unsigned depth = 0;
    if (*expression != '(')
        return expression;
    for (size_t i = 0; i < length; i++) {
        depth += expression[i] == '(';
        depth -= expression[i] == ')';
        if (depth == 0 && i + 1 < length)
            return expression; /* the first parenthesis closes before the end */
    }
    return generate_text(writer, "%.*s", (int)length - 2, expression + 1);
}

void generate_write_deferred(struct writer *writer)
{
    for (unsigned i = 0; i < writer->deferred_count; i++)
        generate_line(writer, "%s = %s;", writer->deferred[i].target, writer->deferred[i].value);
}

void generate_leave(struct writer *writer, const char *condition)
{
    generate_line(writer, "if (FAST_UNLIKELY(%s)) {", generate_bare(writer, condition));
    writer->depth++;
    generate_write_deferred(writer);
    generate_line(writer, "FAST_LEAVE(%u);", writer->part);
    writer->depth--;
    generate_line(writer, "}");
}

/* What to do where an access is outside the window, and where no translation of it is cached either. */
static void translate_outside(struct writer *writer, const char *address, const char *host, unsigned access,
                              unsigned bytes)
{
    generate_line(writer, "if (FAST_UNLIKELY(fast_outside(hot, %s, %u, %u))) {", address, access, bytes);
    writer->depth++;
    generate_line(writer, "const struct fast_translation *cached = fast_translation(hot, %s, %u);", address, access);
    generate_line(writer, "if (FAST_UNLIKELY(fast_misses(cached, %s, %u))) {", address, bytes);
    writer->depth++;
    generate_write_deferred(writer);
    generate_line(writer, "FAST_MISSED(%u, %s, %u, %u);", writer->part, address, access, bytes);
    writer->depth--;
    generate_line(writer, "}");
    generate_line(writer, "%s = (uint8_t *)(cached->host + %s);", host, address);
    writer->depth--;
    generate_line(writer, "}");
}

/* The virtual address that a TRANSLATE node is given, as a variable; and the host address, as another one, once it is
 * known that there is one. */
static const char *virtual_address(struct writer *writer, unsigned number, const char **host)
{
    char **name = &writer->names[writer->part][number];
    *host = generate_text(writer, "%sat%u", prefix(writer), number);
    if (*name)
        return *name;
    const struct isa_node *node = node_of(writer, number);
    char *address = generate_value(writer, node->a);
    *name = generate_text(writer, "%sva%u", prefix(writer), number);
    generate_line(writer, "uint32_t %s = %s;", *name, generate_bare(writer, address));
    generate_line(writer, "uint8_t *%s = window + %s;", *host, *name);
    translate_outside(writer, *name, *host, (unsigned)node_of(writer, node->c)->constant,
                      (unsigned)node_of(writer, node->b)->constant);
    return *name;
}

void generate_translate(struct writer *writer, unsigned node)
{
    const char *host;
    virtual_address(writer, node, &host);
}

char *generate_address(struct writer *writer, const struct isa_node *access, bool stores)
{
    const struct isa_node *translated = node_of(writer, access->a);
    unsigned bytes = (unsigned)access->constant;
    const char *host, *plain;
    if (translated->operator == ISA_TRANSLATE && node_of(writer, translated->b)->constant >= bytes) {
        plain = virtual_address(writer, access->a, &host);
    } else {
        char *value = generate_value(writer, access->a);
        plain = generate_text(writer, "%spa%u", prefix(writer), access->a);
        if (!writer->names[writer->part][access->a] || strcmp(writer->names[writer->part][access->a], plain) != 0) {
            generate_line(writer, "uint32_t %s = %s;", plain, value);
            writer->names[writer->part][access->a] = generate_text(writer, "%s", plain);
        }
        char *outside = generate_text(writer, "%s > hot->memory_size - %u", plain, bytes);
        generate_leave(writer, outside);
        host = generate_text(writer, "(hot->memory + %s)", plain);
    }
    if (stores) {
        char *careful = bytes == 1
                            ? generate_text(writer, "fast_careful(hot, %s)", host)
                            : generate_text(writer, "(%s & %u) != 0 || fast_careful(hot, %s)", plain, bytes - 1, host);
        generate_leave(writer, careful);
    }
    return generate_text(writer, "%s", host);
}

static char *load(struct writer *writer, const struct isa_node *node)
{
    char *address = generate_address(writer, node, false);
    char *loaded = generate_text(writer, "fast_load%u(%s)", (unsigned)node->constant, address);
    return node->constant * 8 > node->width ? cut(writer, loaded, node->width) : loaded;
}

/* The physical address. */
static char *translated(struct writer *writer, unsigned number)
{
    const char *host;
    virtual_address(writer, number, &host);
    return cut(writer, generate_text(writer, "(uint32_t)(%s - hot->memory)", host), node_of(writer, number)->width);
}

static char *expression(struct writer *writer, unsigned number)
{
    const struct isa_node *node = node_of(writer, number);
    switch ((enum isa_operator)node->operator) {
    case ISA_ADD: return binary(writer, node, "+");
    case ISA_SUB: return binary(writer, node, "-");
    case ISA_MUL: return binary(writer, node, "*");
    case ISA_AND: return binary(writer, node, "&");
    case ISA_OR: return binary(writer, node, "|");
    case ISA_XOR: return binary(writer, node, "^");
    case ISA_DIVIDE_UNSIGNED: case ISA_DIVIDE_SIGNED: case ISA_REMAINDER_UNSIGNED: case ISA_REMAINDER_SIGNED:
        return division(writer, node);
    case ISA_SHIFT_LEFT: case ISA_SHIFT_RIGHT_UNSIGNED: case ISA_SHIFT_RIGHT_SIGNED: return shift(writer, node);
    case ISA_EQUAL: case ISA_LESS_UNSIGNED: case ISA_LESS_SIGNED: {
        const char *symbol = node->operator == ISA_EQUAL ? "==" : "<";
        bool is_signed = node->operator == ISA_LESS_SIGNED;
        char *a = is_signed ? signed_value(writer, node->a) : generate_value(writer, node->a);
        char *b = is_signed ? signed_value(writer, node->b) : generate_value(writer, node->b);
        char *result = generate_text(writer, "(uint32_t)(%s %s %s)", a, symbol, b);
        return result;
    }
    case ISA_SELECT: {
        char *condition = generate_condition(writer, node->a, false);
        char *yes = generate_value(writer, node->b), *no = generate_value(writer, node->c);
        char *result = generate_text(writer, "(%s ? %s : %s)", condition, yes, no);
        return result;
    }
    case ISA_EXTRACT: return extract(writer, node);
    case ISA_CONCATENATE: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND: return widen(writer, node);
    case ISA_READ: return read_state(writer, number);
    case ISA_LOAD: return load(writer, node);
    case ISA_TRANSLATE: return translated(writer, number);
    case ISA_LOCAL_GET: return generate_text(writer, "%s", writer->locals[node->a]);
    default:
        fprintf(stderr, "generate: internal error: %s is no value\n", isa_operator_name(node->operator));
        exit(ISA_EXIT_INTERNAL);
    }
}

char *generate_value(struct writer *writer, unsigned number)
{
    const struct meaning *meaning = meaning_of(writer);
    const struct isa_node *node = node_of(writer, number);
    if (meaning->constant[number])
        return constant(writer, number);
    char **name = &writer->names[writer->part][number];
    if (*name && node->operator != ISA_TRANSLATE)
        return generate_text(writer, "%s", *name);
    char *value = expression(writer, number);
    bool reads = node->operator == ISA_READ || node->operator == ISA_LOAD;
    if (node->operator == ISA_TRANSLATE || (!reads && meaning->uses[number] < 2))
        return value;
    char element[64] = "loaded";
    if (node->operator == ISA_READ)
        generate_element_name(meaning, node, element);
    *name = node->operator == ISA_READ ? generate_text(writer, "%s%s", prefix(writer), element)
                                       : generate_text(writer, "%s%s%u", prefix(writer), reads ? element : "v", number);
    generate_line(writer, "uint%u_t %s = %s;", node->width <= 32 ? 32u : 64u, *name, generate_bare(writer, value));
    return generate_text(writer, "%s", *name);
}
