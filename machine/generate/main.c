/* main.c: generate engine: the fast engine's code, on standard output.  generate header NAME: the C header for guests.
 */
#include "machine/generate/internal.h"

#include <stdlib.h>

struct shapes {
    struct fast_shape *list;
    unsigned count;
};

static struct fast_shape *add(struct shapes *shapes)
{
    shapes->list = realloc(shapes->list, (shapes->count + 1) * sizeof *shapes->list);
    return &shapes->list[shapes->count++];
}

/* The shapes of one part that every meaning has: without assumptions; a jump that is followed; a link that nobody
 * wants. */
static void add_plain_shapes(struct shapes *shapes, const struct meanings *meanings)
{
    for (unsigned m = 0; m < meanings->count; m++) {
        const struct fast_meaning *facts = &meanings->list[m].facts;
        bool jumps = facts->flow == FAST_FLOW_JUMP || facts->flow == FAST_FLOW_DYNAMIC;
        for (unsigned follows = 0; follows <= (facts->flow == FAST_FLOW_JUMP); follows++) {
            for (unsigned dropped = 0; dropped <= (jumps && facts->write_count); dropped++) {
                struct fast_shape *shape = add(shapes);
                generate_plain_shape(meanings, m, shape);
                shape->parts[0].follows = (uint8_t)follows;
                for (unsigned w = 0; dropped && w < facts->write_count; w++)
                    shape->parts[0].fates[w] = FAST_DROPPED;
            }
        }
    }
}

static bool same_mnemonics(const struct fast_shape *a, const struct fast_shape *b)
{
    for (unsigned p = 0; p < FAST_MOST_PARTS; p++)
        if (a->parts[p].meaning != b->parts[p].meaning)
            return false;
    return a->part_count == b->part_count;
}

/* "do_slli_srli_or_2": the mnemonics, and a number where others have the same ones. */
static const char *name_shape(const struct meanings *meanings, const struct shapes *shapes, unsigned number)
{
    const struct fast_shape *shape = &shapes->list[number];
    unsigned before = 0;
    char *result = NULL;
    size_t length;
    FILE *name = open_memstream(&result, &length);
    fputs("do", name);
    for (unsigned p = 0; p < shape->part_count; p++)
        fprintf(name, "_%s", meanings->list[shape->parts[p].meaning].name);
    for (unsigned i = 0; i < number; i++)
        before += same_mnemonics(shape, &shapes->list[i]);
    if (before)
        fprintf(name, "_%u", before + 1);
    fclose(name);
    return result;
}

static int compare_shapes(const void *a, const void *b)
{
    const struct fast_shape *left = a, *right = b;
    if (left->parts[0].meaning != right->parts[0].meaning)
        return left->parts[0].meaning < right->parts[0].meaning ? -1 : 1;
    return strcmp(left->name, right->name);
}

static struct isa *load_over_pg74(const char *name, struct isa_diagnostics *diagnostics)
{
    char over[128];
    snprintf(over, sizeof over, "%s:pg74", name);
    return isa_load(over, diagnostics);
}

static int generate_engine(void)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    unsigned isa_count = 0;
    struct isa **isas = calloc(isa_library_count() + 1, sizeof(struct isa *));
    isas[isa_count++] = isa_load("pg74", diagnostics); /* first: its mnemonics name the handlers */
    for (unsigned i = 0; i < isa_library_count() && isas[0]; i++) {
        const char *name = isa_library_at(i)->name;
        struct isa *isa = isa_load(name, diagnostics);
        if (!isa) /* a variant whose parent is not here is taken over pg74 */
            isa = load_over_pg74(name, diagnostics);
        if (isa)
            isas[isa_count++] = isa;
    }
    if (!isas[0]) {
        isa_diagnostics_print(diagnostics, stderr);
        return ISA_EXIT_DATA;
    }
    struct meanings meanings = generate_collect(isas, isa_count);
    struct shapes shapes = {0};
    add_plain_shapes(&shapes, &meanings);
    bool right = true;
    for (unsigned i = 0; generate_superinstructions[i]; i++)
        right = generate_parse_shape(&meanings, generate_superinstructions[i], add(&shapes)) && right;
    if (!right)
        return ISA_EXIT_DATA;
    printf(
        "/* Made by machine/generate from the specification: do not edit. One handler for each meaning, and for each\n"
        " * superinstruction; docs/fast-engine.md says how they fit together. */\n#include "
        "\"machine/fast_code.h\"\n\n");
    for (unsigned i = 0; i < shapes.count; i++)
        shapes.list[i].name = "";
    for (unsigned i = 0; i < shapes.count; i++) {
        shapes.list[i].name = name_shape(&meanings, &shapes, i);
        generate_handler(stdout, &meanings, &shapes.list[i]);
    }
    qsort(shapes.list, shapes.count, sizeof *shapes.list, compare_shapes);
    generate_tables(stdout, &meanings, shapes.list, shapes.count);
    for (unsigned i = 0; i < shapes.count; i++) {
        free((void *)(uintptr_t)shapes.list[i].name);
        free((void *)(uintptr_t)shapes.list[i].operands);
    }
    free(shapes.list);
    for (unsigned i = 0; i < meanings.count; i++)
        generate_meaning_free(&meanings.list[i]);
    free(meanings.list);
    for (unsigned i = 0; i < isa_count; i++)
        isa_free(isas[i]);
    free(isas);
    isa_diagnostics_free(diagnostics);
    return 0;
}

static int generate_header(const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    int status = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    if (isa)
        isa_print_header(isa, stdout);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "engine") == 0)
        return generate_engine();
    if (argc == 3 && strcmp(argv[1], "header") == 0)
        return generate_header(argv[2]);
    fprintf(stderr, "usage: generate engine | header NAME\n");
    return ISA_EXIT_USAGE;
}
