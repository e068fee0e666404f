/* shape.c: shapes as text. A shape is one to four mnemonics, each with what is assumed of its operands:
 *     rs1=zero      the operand is the element that reads as zero
 *     rs1=acc       the accumulator has its value
 *     rs2=a.rd      it was written by the first part (a, b, c, d), as that part's rd
 *     rd=zero       what is written is lost
 *     rd=c.rd       what is written is overwritten by the third part's rd, and read in between only where that is said
 *     follow        the jump goes on with the next part */
#include "machine/generate/internal.h"

#include <stdlib.h>

static bool wrong(const char *text, const char *why, const char *where)
{
    fprintf(stderr, "generate: superinstruction \"%s\": %s: %s\n", text, why, where);
    return false;
}

static int find_meaning(const struct meanings *meanings, const char *name)
{
    for (unsigned i = 0; i < meanings->count; i++)
        if (strcmp(meanings->list[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The number of the read, or write, whose element has this name; -1 if there is none. */
static int find_element(const struct meaning *meaning, bool writes, const char *name)
{
    unsigned count = writes ? meaning->facts.write_count : meaning->facts.read_count;
    const uint16_t *nodes = writes ? meaning->facts.writes : meaning->facts.reads;
    for (unsigned i = 0; i < count; i++) {
        char other[64];
        generate_element_name(meaning, &meaning->facts.nodes[nodes[i]], other);
        if (strcmp(name, other) == 0)
            return (int)i;
    }
    return -1;
}

/* "a.rd": a write of another part. */
static int find_write(const struct meanings *meanings, const struct fast_shape *shape, const char *name)
{
    unsigned part = (unsigned)(name[0] - 'a');
    if (part >= FAST_MOST_PARTS || name[1] != '.')
        return -1;
    int write = find_element(&meanings->list[shape->parts[part].meaning], true, name + 2);
    return write < 0 ? -1 : (int)(part * FAST_MOST_WRITES) + write;
}

static bool parse_assumption(const struct meanings *meanings, const char *text, struct fast_shape *shape,
                             unsigned number, char *assumption)
{
    struct fast_part *part = &shape->parts[number];
    const struct meaning *meaning = &meanings->list[part->meaning];
    if (strcmp(assumption, "follow") == 0) {
        part->follows = 1;
        return true;
    }
    char *is = strchr(assumption, '=');
    if (!is)
        return wrong(text, "no =", assumption);
    *is++ = 0;
    int read = find_element(meaning, false, assumption), write = find_element(meaning, true, assumption);
    int other = find_write(meanings, shape, is);
    if (strcmp(is, "zero") == 0 && read >= 0)
        part->sources[read] = FAST_FROM_ZERO;
    else if (strcmp(is, "zero") == 0 && write >= 0)
        part->fates[write] = FAST_DROPPED;
    else if (strcmp(is, "acc") == 0 && read >= 0)
        part->sources[read] = FAST_FROM_ACCUMULATOR;
    else if (other >= 0 && read >= 0 && other < (int)(number * FAST_MOST_WRITES))
        part->sources[read] = (uint8_t)(FAST_FROM_WRITE + other);
    else if (other >= 0 && write >= 0 && other >= (int)((number + 1) * FAST_MOST_WRITES))
        part->fates[write] = (uint8_t)(FAST_OVERWRITTEN + other);
    else
        return wrong(text, "no such assumption", assumption);
    return true;
}

/* Splits at a character; returns what follows it, or NULL. */
static char *split(char *text, char at)
{
    char *found = text ? strchr(text, at) : NULL;
    if (found)
        *found++ = 0;
    return found;
}

void generate_plain_shape(const struct meanings *meanings, unsigned meaning, struct fast_shape *shape)
{
    *shape = (struct fast_shape){.name = meanings->list[meaning].name, .part_count = 1};
    shape->parts[0].meaning = (uint16_t)meaning;
}

bool generate_parse_shape(const struct meanings *meanings, const char *text, struct fast_shape *shape)
{
    char copy[512], *assumptions[FAST_MOST_PARTS] = {0};
    snprintf(copy, sizeof copy, "%s", text);
    *shape = (struct fast_shape){0};
    for (char *part = copy, *next; part; part = next) {
        next = split(part, ' ');
        if (shape->part_count == FAST_MOST_PARTS)
            return wrong(text, "more than four parts", part);
        char *inside = split(part, '(');
        split(inside, ')');
        int meaning = find_meaning(meanings, part);
        if (meaning < 0)
            return wrong(text, "no such instruction is compiled", part);
        assumptions[shape->part_count] = inside;
        shape->parts[shape->part_count++].meaning = (uint16_t)meaning;
    }
    for (unsigned p = 0; p < shape->part_count; p++)
        for (char *assumption = assumptions[p], *next; assumption; assumption = next) {
            next = split(assumption, ',');
            if (!parse_assumption(meanings, text, shape, p, assumption))
                return false;
        }
    return true;
}
