/* known.c: what has been judged in this run. Variants share most of their instructions, and repaired ones nearly all. A
 * judgement is found by all that it depends on, written as bytes: `translate`'s part, which many instructions share, has
 * a number. States that an instruction does not mention are no part of that, so that what a variant adds does not hide
 * what it has in common with its parent. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

struct key { char *bytes; size_t size; };
struct entry { struct key key; struct judgement *judgement; };
struct machine { struct key key; struct facts *facts; };

struct known {
    struct pool *pool;
    LIST(struct machine) machines;
    LIST(struct entry) entries;
};

struct known *classifier_known_new(void)
{
    struct pool *pool = classifier_pool_new();
    struct known *known = classifier_allocate(pool, sizeof *known);
    known->pool = pool;
    return known;
}

void classifier_known_free(struct known *known)
{
    for (unsigned i = 0; i < known->entries.count; i++) {
        classifier_pool_free(known->entries.items[i].judgement->pool);
        isa_diagnostics_free(known->entries.items[i].judgement->diagnostics);
    }
    for (unsigned i = 0; i < known->entries.count; i++)
        free(known->entries.items[i].key.bytes);
    for (unsigned i = 0; i < known->machines.count; i++) {
        pthread_mutex_destroy(&known->machines.items[i].facts->lock);
        free(known->machines.items[i].key.bytes);
    }
    classifier_pool_free(known->pool);
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

static FILE *open_key(struct key *key)
{
    FILE *stream = open_memstream(&key->bytes, &key->size);
    if (stream == NULL) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return stream;
}

static bool same(const struct key *a, const struct key *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static void put_program(FILE *stream, const struct isa_program *program)
{
    fprintf(stream, "program %u %u %u\n", program->count, program->locals, program->parameters);
    fwrite(program->nodes, sizeof *program->nodes, program->count, stream); /* nodes have no padding */
}

/* The states that `mentioned` names, and the causes that the program traps with. */
static void put_mentioned(FILE *stream, const struct isa *isa, const bool *mentioned, const struct isa_program *program)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (mentioned[i])
            fprintf(stream, "state %u %s %u %u %d %u %d %d %d\n", i, s->name, s->width, s->count, s->is_array, s->slot,
                    s->zero, (int)s->role, (int)s->duty);
    }
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_cause *cause = program->nodes[i].operator == ISA_TRAP
                                            ? isa_cause_numbered(isa, (uint32_t)program->nodes[i].constant)
                                            : NULL;
        if (cause != NULL)
            fprintf(stream, "cause %u %d %d\n", cause->number, cause->storage, cause->exit);
    }
}

/* A memory trap that none of an instruction's own need be: where.c asks with it. */
static unsigned storage_cause(const struct isa *isa)
{
    for (unsigned i = 0; i < isa_cause_count(isa); i++)
        if (isa_cause_at(isa, i)->storage)
            return isa_cause_at(isa, i)->number;
    return UINT32_MAX;
}

/* Does the instruction set have this word for the mode? formula.c writes it. */
static bool names_mode(const struct isa *isa, const char *name, uint64_t mode)
{
    uint64_t value;
    return isa_constant_named(isa, name, &value) && value == mode;
}

static struct key machine_key(const struct isa *isa)
{
    struct key key;
    FILE *stream = open_key(&key);
    struct pool *pool = classifier_pool_new();
    const struct isa_program *translate = isa_paragraph(isa, ISA_ON_TRANSLATE);
    fprintf(stream, "word %u %d storage %u modes %d %d\n", isa_word_bits(isa), isa_is_guest_view(isa), storage_cause(isa),
            names_mode(isa, "supervisor", 0), names_mode(isa, "user", 1));
    put_mentioned(stream, isa, classifier_mentioned(pool, isa, NULL), translate);
    put_program(stream, translate);
    classifier_pool_free(pool);
    fclose(stream);
    return key;
}

static struct key instruction_key(unsigned machine, const struct isa *isa, const struct isa_instruction *instruction,
                                  enum judging judging)
{
    struct key key;
    FILE *stream = open_key(&key);
    struct pool *pool = classifier_pool_new();
    fprintf(stream, "%u %d instruction %s %u %x %x\n", machine, (int)judging, instruction->name, instruction->bits,
            instruction->mask, instruction->match);
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        fprintf(stream, "field %s %u %d %u %s\n", field->name, field->width, (int)field->kind, field->state,
                field->kind == ISA_SET ? field->letters : "");
        for (unsigned k = 0; k < field->piece_count; k++)
            fprintf(stream, "piece %u %u %u\n", field->pieces[k].word_low, field->pieces[k].field_low,
                    field->pieces[k].width);
    }
    put_mentioned(stream, isa, classifier_mentioned(pool, isa, instruction), &instruction->program);
    put_program(stream, &instruction->program);
    classifier_pool_free(pool);
    fclose(stream);
    return key;
}

/* ---- Looking up -------------------------------------------------------------------------------------------------- */

unsigned classifier_machine(struct known *known, const struct isa *isa)
{
    struct key key = machine_key(isa);
    for (unsigned i = 0; i < known->machines.count; i++)
        if (same(&known->machines.items[i].key, &key)) {
            free(key.bytes);
            return i;
        }
    struct facts *facts = classifier_allocate(known->pool, sizeof *facts);
    pthread_mutex_init(&facts->lock, NULL);
    *APPEND(known->pool, &known->machines) = (struct machine){key, facts};
    return known->machines.count - 1;
}

struct facts *classifier_facts(const struct known *known, unsigned machine)
{
    return known->machines.items[machine].facts;
}

static struct judgement *find(const struct known *known, const struct key *key)
{
    for (unsigned i = 0; i < known->entries.count; i++)
        if (same(&known->entries.items[i].key, key))
            return known->entries.items[i].judgement;
    return NULL;
}

/* Answers are also what is known with witnesses. */
struct judgement *classifier_known(const struct known *known, unsigned machine, const struct isa *isa,
                                   const struct isa_instruction *instruction, enum judging judging)
{
    struct key key = instruction_key(machine, isa, instruction, judging);
    struct judgement *found = find(known, &key);
    free(key.bytes);
    return found == NULL && judging == JUDGE_ANSWERS
               ? classifier_known(known, machine, isa, instruction, JUDGE_THEOREMS) : found;
}

/* What has failed is done again: its diagnostics have gone to somebody. */
struct judgement *classifier_reserve(struct known *known, unsigned machine, const struct isa *isa,
                                     const struct isa_instruction *instruction, enum judging judging, bool *is_new)
{
    struct judgement *judgement = classifier_known(known, machine, isa, instruction, judging);
    *is_new = judgement == NULL || (judgement->pool != NULL && !judgement->good);
    if (judgement == NULL) {
        judgement = classifier_allocate(known->pool, sizeof *judgement);
        *APPEND(known->pool, &known->entries) =
            (struct entry){instruction_key(machine, isa, instruction, judging), judgement};
    } else if (*is_new) {
        classifier_pool_free(judgement->pool);
        isa_diagnostics_free(judgement->diagnostics);
        *judgement = (struct judgement){.pool = NULL};
    }
    return judgement;
}
