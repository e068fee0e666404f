/* shrink.c: the smallest case that still fails. Leaves out programs, devices, runs of lines, single lines, pairs of
 * them; makes numbers small, and registers the same; lets programs end earlier; and begins anew as long as something
 * helps. A line that another one needs cannot go before that one: then the case does not assemble, and the next
 * round tries again. */
#include "checker/check.h"

#include <stdlib.h>
#include <string.h>

/* A case that makes its monitor run without end takes long to try: so cycles count, too. */
enum { MOST_TRIALS = 4000, MOST_CYCLES = 200000000, MOST_FOR_PAIRS = 24 };

struct shrinker {
    struct checker_case *tried;
    struct checker_trial *trial;
    enum checker_property property;
    struct checker_supply *supply;
    const struct checker_monitor *monitor;
    unsigned trials;
    uint64_t cycles;
};

/* Takes the smaller case if it fails in the same way; frees it in any case. */
static bool accept(struct shrinker *shrinker, struct checker_case *smaller)
{
    bool better = false;
    if (shrinker->trials < MOST_TRIALS && shrinker->cycles < MOST_CYCLES && !checker_must_stop(shrinker->supply)) {
        shrinker->trials++;
        struct checker_trial trial = checker_try(shrinker->supply, shrinker->monitor, smaller);
        shrinker->cycles += trial.cycles;
        better = checker_trial_fails(&trial, shrinker->property);
        if (better) {
            checker_trial_clear(shrinker->trial);
            *shrinker->trial = trial;
            struct checker_case old = *shrinker->tried;
            *shrinker->tried = *smaller;
            *smaller = old;
        } else {
            checker_trial_clear(&trial);
        }
    }
    checker_case_clear(smaller);
    return better;
}

static bool drop_program(struct shrinker *shrinker)
{
    for (unsigned i = 0; i < 2 && shrinker->tried->program_count == 2; i++) {
        struct checker_case smaller, left;
        checker_case_copy(&smaller, shrinker->tried);
        checker_case_copy(&left, &smaller);
        struct checker_program kept = smaller.programs[1 - i], dropped = smaller.programs[i];
        smaller.programs[0] = kept;
        smaller.programs[1] = (struct checker_program){0};
        smaller.program_count = 1;
        left.programs[0] = dropped;
        checker_case_clear(&left);
        if (accept(shrinker, &smaller))
            return true;
    }
    return false;
}

static bool drop_devices(struct shrinker *shrinker, unsigned program)
{
    bool changed = false;
    for (unsigned device = 0; device < 2; device++) {
        struct checker_case smaller;
        const struct checker_program *now = &shrinker->tried->programs[program];
        if ((device == 0 ? now->input_length : now->disk_sectors) == 0)
            continue;
        checker_case_copy(&smaller, shrinker->tried);
        *(device == 0 ? &smaller.programs[program].input_length : &smaller.programs[program].disk_sectors) = 0;
        changed |= accept(shrinker, &smaller);
    }
    return changed;
}

static void remove_lines(struct checker_program *program, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        free(program->lines[i]);
    program->line_count -= count;
    memmove(program->lines + first, program->lines + first + count,
            (program->line_count - first) * sizeof *program->lines);
}

/* 't', 'd' or 'r' where the line goes to another section, else 0. */
static char section_of(const char *line)
{
    line += strspn(line, " ");
    bool is_section =
        strncmp(line, ".text", 5) == 0 || strncmp(line, ".data", 5) == 0 || strncmp(line, ".rodata", 7) == 0;
    return is_section ? line[1] : 0;
}

static bool is_origin(const char *line)
{
    return strncmp(line + strspn(line, " "), ".org", 4) == 0;
}

static char section_before(const struct checker_program *program, unsigned line)
{
    while (line-- > 0)
        if (section_of(program->lines[line]) != 0)
            return section_of(program->lines[line]);
    return 't';
}

/* Without these lines, do the others stand where they stood? Else instructions wander among the data. */
static bool stays(const struct checker_program *program, unsigned first, unsigned count)
{
    unsigned next = first + count;
    for (unsigned i = first; i < next; i++)
        if (is_origin(program->lines[i]) && i == first)
            return false;
    if (next == program->line_count)
        return true;
    if (is_origin(program->lines[next]))
        return false;
    return section_of(program->lines[next]) != 0 || section_before(program, first) == section_before(program, next);
}

/* Long runs of lines first, from the end on: what comes late depends on what comes early. */
static bool drop_lines(struct shrinker *shrinker, unsigned program)
{
    bool changed = false;
    for (unsigned length = shrinker->tried->programs[program].line_count / 2; length > 0;
         length = length > 4 ? length / 2 : length - 1)
        for (unsigned end = shrinker->tried->programs[program].line_count; end >= length; end--) {
            struct checker_case smaller;
            const struct checker_program *now = &shrinker->tried->programs[program];
            if (end > now->line_count || !stays(now, end - length, length))
                continue;
            checker_case_copy(&smaller, shrinker->tried);
            remove_lines(&smaller.programs[program], end - length, length);
            if (accept(shrinker, &smaller))
                changed = true;
            else if (length > 4)
                end -= length / 4; /* runs that overlap most of this one will hardly do */
            if (end < length)
                break;
        }
    return changed;
}

/* Two lines that need each other need not stand together: all pairs, once few lines are left. */
static bool drop_pairs(struct shrinker *shrinker, unsigned program)
{
    for (unsigned second = shrinker->tried->programs[program].line_count; second-- > 0;)
        for (unsigned first = second; first-- > 0;) {
            struct checker_case smaller;
            const struct checker_program *now = &shrinker->tried->programs[program];
            if (now->line_count > MOST_FOR_PAIRS || !stays(now, first, 1) || !stays(now, second, 1))
                continue;
            checker_case_copy(&smaller, shrinker->tried);
            remove_lines(&smaller.programs[program], second, 1);
            remove_lines(&smaller.programs[program], first, 1);
            if (accept(shrinker, &smaller))
                return true;
        }
    return false;
}

/* Tries the case with another text for a line. */
static bool replace_line(struct shrinker *shrinker, unsigned program, unsigned line, const char *text)
{
    struct checker_case smaller;
    checker_case_copy(&smaller, shrinker->tried);
    free(smaller.programs[program].lines[line]);
    smaller.programs[program].lines[line] = strdup(text);
    return accept(shrinker, &smaller);
}

/* "li t0, 0x4711": with a small number, or with one that a single instruction loads. */
static bool simplify_number(struct shrinker *shrinker, unsigned program, unsigned line)
{
    static const uint32_t numbers[] = {0, 1, 2, 3, 5};
    enum { NUMBERS = sizeof numbers / sizeof numbers[0], ROUNDED = 0xfff, LEAST_LONG = 2048 };
    const char *old = shrinker->tried->programs[program].lines[line], *comma = strchr(old, ',');
    uint32_t number = comma != NULL ? (uint32_t)strtoul(comma + 1, NULL, 0) : 0;
    bool is_long = number >= LEAST_LONG && number <= UINT32_MAX - LEAST_LONG && (number & ROUNDED) != 0;
    const uint32_t rounded[] = {(number + ROUNDED) & ~(uint32_t)ROUNDED, number & ~(uint32_t)ROUNDED};
    for (unsigned i = 0; comma != NULL && i < NUMBERS + (is_long ? 2 : 0); i++) {
        char text[96];
        uint32_t other = i < NUMBERS ? numbers[i] : rounded[i - NUMBERS];
        if (i < NUMBERS && other == number)
            return false;
        snprintf(text, sizeof text, other < 10 ? "%.*s, %u" : "%.*s, %#x", (int)(comma - old), old, (unsigned)other);
        if (replace_line(shrinker, program, line, text))
            return true;
    }
    return false;
}

/* The program ends here, or waits here, instead of doing what it did: then what follows can go. */
static bool end_here(struct shrinker *shrinker, unsigned program, unsigned line)
{
    static const char *const ends[] = {"        halt    zero", "        idle"};
    const char *old = shrinker->tried->programs[program].lines[line];
    const char *word = old + strspn(old, " ");
    if (word == old || *word == '.' || strncmp(word, "halt", 4) == 0 || strncmp(word, "idle", 4) == 0)
        return false;
    return replace_line(shrinker, program, line, ends[0]) || replace_line(shrinker, program, line, ends[1]);
}

/* "out t0, t1" as "out t0, t0": what loads the second register may go then. */
static bool use_one_register(struct shrinker *shrinker, unsigned program, unsigned line)
{
    const char *old = shrinker->tried->programs[program].lines[line], *word = old + strspn(old, " ");
    const char *comma = strchr(old, ','), *first = word + strcspn(word, " ");
    char text[96];
    first += strspn(first, " ");
    if (strncmp(word, "out ", 4) != 0 || comma == NULL || strncmp(comma + 2, first, (size_t)(comma - first)) == 0)
        return false;
    snprintf(text, sizeof text, "%.*s, %.*s", (int)(comma - old), old, (int)(comma - first), first);
    return replace_line(shrinker, program, line, text);
}

static bool simplify_lines(struct shrinker *shrinker, unsigned program)
{
    bool changed = false;
    for (unsigned i = 0; i < shrinker->tried->programs[program].line_count; i++) {
        const char *line = shrinker->tried->programs[program].lines[i];
        bool number = strncmp(line + strspn(line, " "), "li ", 3) == 0;
        changed |= (number && simplify_number(shrinker, program, i)) || use_one_register(shrinker, program, i) ||
                   end_here(shrinker, program, i);
    }
    return changed;
}

void checker_shrink(struct checker_case *tried, struct checker_trial *trial, enum checker_property property,
                    struct checker_supply *supply, const struct checker_monitor *monitor)
{
    struct shrinker shrinker = {tried, trial, property, supply, monitor, 0, 0};
    bool changed = true;
    while (changed) {
        changed = drop_program(&shrinker);
        for (unsigned i = 0; i < tried->program_count; i++) {
            changed |= drop_lines(&shrinker, i);
            changed |= drop_devices(&shrinker, i);
            changed |= simplify_lines(&shrinker, i);
        }
        for (unsigned i = 0; i < tried->program_count && !changed; i++)
            changed = drop_pairs(&shrinker, i);
    }
}
