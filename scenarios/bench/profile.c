/* profile.c: finds out which instructions in a row are worth an operation of their own: runs guests, counts the
 * stretches that they execute, and makes shapes of neighbours, the most rewarding first. Prints
 * machine/generate/superinstructions.c. usage: profile HOW-MANY GUEST... */
#include "machine/fast_match.h"

#include <stdlib.h>

enum { LIMIT = 300000000, SAMPLES = 40, SAMPLE = 25000, LONGEST = 24, HASH = 1 << 16, MOST_SHAPES = 2000, ROUND = 8 };

/* Instructions that were executed one behind the other, and how often. */
struct stretch {
    struct stretch *next;
    uint32_t length, pcs[LONGEST], words[LONGEST];
    double count; /* normalized: a guest is 1 altogether */
    struct fast_instance instances[LONGEST];
    const struct fast_shape *cover[LONGEST];
};

struct profile {
    const struct isa *isa;
    struct fast *fast;
    struct stretch *stretches[HASH];
    struct stretch now;
    double weight;
    struct fast_shape shapes[MOST_SHAPES];
    double gains[MOST_SHAPES];
    unsigned shape_count;
};

/* ---- Collecting -------------------------------------------------------------------------------------------------- */

static void finish_stretch(struct profile *profile)
{
    struct stretch *now = &profile->now;
    if (now->length == 0)
        return;
    uint32_t hash = now->length;
    for (uint32_t i = 0; i < now->length; i++)
        hash = (hash ^ now->words[i] ^ now->pcs[i] << 7) * 0x9e3779b1u;
    struct stretch **place = &profile->stretches[hash >> 16];
    while (*place && ((*place)->length != now->length || memcmp((*place)->words, now->words, now->length * 4) != 0 ||
                      memcmp((*place)->pcs, now->pcs, now->length * 4) != 0))
        place = &(*place)->next;
    if (!*place) {
        *place = malloc(sizeof **place);
        **place = *now;
        (*place)->count = 0;
        (*place)->next = NULL;
    }
    (*place)->count += profile->weight;
    now->length = 0;
}

static bool retired(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct profile *profile = context;
    struct stretch *now = &profile->now;
    struct fast_instance instance;
    profile->fast->trace.value_count = 0;
    if (!machine_fast_decode(profile->fast, event->word, event->pc, &instance) || !instance.meaning) {
        finish_stretch(profile);
        return true;
    }
    now->pcs[now->length] = event->pc;
    now->words[now->length++] = event->word;
    bool follows = instance.meaning->flow == FAST_FLOW_JUMP;
    if (now->length == LONGEST || (!follows && machine_pc(machine) != event->pc + 4))
        finish_stretch(profile);
    return true;
}

static void collect(struct profile *profile, const char *path)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_open(path, diagnostics);
    const struct machine_image *guests[1] = {image};
    const struct machine_options options = {.guests = guests, .guest_count = 1, .partition_size = 16 << 20};
    struct machine *machine = image ? machine_new(profile->isa, &options, diagnostics) : NULL;
    isa_diagnostics_print(diagnostics, stderr);
    if (!machine)
        exit(ISA_EXIT_DATA);
    profile->fast = machine->engine;
    machine_run(machine, LIMIT); /* how long is it? */
    uint64_t length = machine_time(machine).instructions;
    uint64_t sample = length < SAMPLES * SAMPLE ? length / SAMPLES + 1 : SAMPLE;
    machine_free(machine);
    machine = machine_new(profile->isa, &options, diagnostics);
    profile->fast = machine->engine;
    profile->weight = 1.0 / (double)(SAMPLES * sample);
    for (uint64_t i = 0; i < SAMPLES; i++) {
        if (machine_time(machine).instructions < i * (length / SAMPLES))
            machine_run(machine, i * (length / SAMPLES) - machine_time(machine).instructions);
        int handle = machine_add_observer(machine, MACHINE_EVENT_RETIRE, retired, profile);
        machine_run(machine, sample);
        finish_stretch(profile);
        machine_remove_observer(machine, handle);
    }
    machine_free(machine);
    machine_image_free(image);
    isa_diagnostics_free(diagnostics);
}

/* ---- Shapes ------------------------------------------------------------------------------------------------------ */

static unsigned last_write(const struct fast_instance *instances, unsigned part, uint32_t slot)
{
    for (unsigned p = part; p-- > 0;)
        for (unsigned w = instances[p].meaning->write_count; w-- > 0;)
            if (instances[p].writes[w] == slot)
                return instances[p].meaning->always[w] ? FAST_FROM_WRITE + p * FAST_MOST_WRITES + w : FAST_FROM_STATE;
    return FAST_FROM_STATE;
}

/* Everything that can be assumed of these instances. */
static struct fast_shape shape_of(const struct fast_instance *instances, unsigned count, bool accumulator)
{
    struct fast_shape shape = {.part_count = (uint8_t)count};
    for (unsigned p = 0; p < count; p++) {
        struct fast_part *part = &shape.parts[p];
        const struct fast_instance *instance = &instances[p];
        part->meaning = (uint16_t)(instance->meaning - machine_fast_meanings);
        part->follows = instance->follows;
        for (unsigned r = 0; r < instance->meaning->read_count; r++) {
            uint32_t slot = instance->reads[r];
            part->sources[r] = slot == FAST_ZERO_SLOT ? FAST_FROM_ZERO : (uint8_t)last_write(instances, p, slot);
            if (p == 0 && accumulator && slot != FAST_ZERO_SLOT && slot == instance->accumulator)
                part->sources[r] = FAST_FROM_ACCUMULATOR;
        }
        for (unsigned w = 0; w < instance->meaning->write_count; w++)
            part->fates[w] = instance->writes[w] == FAST_ZERO_SLOT ? FAST_DROPPED : FAST_KEPT;
    }
    for (unsigned p = 0; p < count; p++)
        for (unsigned w = 0; w < instances[p].meaning->write_count; w++)
            for (unsigned q = p + 1; q < count && shape.parts[p].fates[w] == FAST_KEPT; q++)
                for (unsigned v = 0; v < instances[q].meaning->write_count && shape.parts[p].fates[w] == FAST_KEPT;
                     v++) {
                    shape.parts[p].fates[w] = (uint8_t)(FAST_OVERWRITTEN + q * FAST_MOST_WRITES + v);
                    if (!machine_fast_shape_fits(instances, count, &shape))
                        shape.parts[p].fates[w] = FAST_KEPT;
                }
    return shape;
}

/* What it costs, in machine instructions, as generate/path.c estimates it. */
static unsigned cost_of(const struct fast_shape *shape)
{
    unsigned cost = 6;
    for (unsigned p = 0; p < shape->part_count; p++) {
        const struct fast_meaning *meaning = &machine_fast_meanings[shape->parts[p].meaning];
        cost += 2 + (meaning->flow == FAST_FLOW_BRANCH ? 3u : 0u);
        for (unsigned r = 0; r < meaning->read_count; r++)
            cost += shape->parts[p].sources[r] == FAST_FROM_STATE ? 2u : 0u;
        for (unsigned w = 0; w < meaning->write_count; w++)
            cost += shape->parts[p].fates[w] == FAST_KEPT ? 2u : 0u;
    }
    return cost;
}

static unsigned add_shape(struct profile *profile, const struct fast_shape *shape)
{
    for (unsigned i = 0; i < profile->shape_count; i++)
        if (memcmp(profile->shapes[i].parts, shape->parts, sizeof shape->parts) == 0 &&
            profile->shapes[i].part_count == shape->part_count)
            return i;
    if (profile->shape_count == MOST_SHAPES)
        return MOST_SHAPES;
    profile->shapes[profile->shape_count] = *shape;
    profile->shapes[profile->shape_count].cost = (uint16_t)cost_of(shape);
    return profile->shape_count++;
}

/* ---- Choosing ---------------------------------------------------------------------------------------------------- */

static void prepare(struct profile *profile, struct stretch *stretch, uint64_t *values)
{
    uint32_t accumulator = FAST_ZERO_SLOT;
    profile->fast->trace.values = values;
    profile->fast->trace.value_count = 0;
    for (unsigned i = 0; i < stretch->length; i++) {
        struct fast_instance *instance = &stretch->instances[i];
        machine_fast_decode(profile->fast, stretch->words[i], stretch->pcs[i], instance);
        instance->follows = instance->meaning->flow == FAST_FLOW_JUMP && i + 1 < stretch->length;
        instance->accumulator = accumulator;
        accumulator = machine_fast_accumulator_after(instance);
    }
}

/* The cheapest cover by the shapes chosen so far; those of one part are always there. */
static void cover(const struct profile *profile, struct stretch *stretch)
{
    unsigned costs[LONGEST + 1] = {0};
    costs[stretch->length] = 0;
    for (unsigned i = stretch->length; i-- > 0;) {
        const struct fast_instance *instance = &stretch->instances[i];
        stretch->cover[i] = NULL;
        struct fast_shape plain = {.part_count = 1,
                                   .parts[0].meaning = (uint16_t)(instance->meaning - machine_fast_meanings)};
        costs[i] = costs[i + 1] + (machine_fast_does_nothing(instance) ? 0 : cost_of(&plain));
        if (machine_fast_does_nothing(instance))
            continue;
        for (unsigned s = 0; s < profile->shape_count; s++) {
            const struct fast_shape *shape = &profile->shapes[s];
            if (shape->parts[0].meaning != plain.parts[0].meaning || shape->part_count > stretch->length - i ||
                shape->cost + costs[i + shape->part_count] >= costs[i] ||
                !machine_fast_shape_fits(instance, stretch->length - i, shape))
                continue;
            costs[i] = shape->cost + costs[i + shape->part_count];
            stretch->cover[i] = shape;
        }
    }
}

struct candidates {
    struct fast_shape *shapes;
    double *gains;
    unsigned count, room;
};

static void propose(struct candidates *candidates, const struct fast_shape *shape, double gain)
{
    for (unsigned i = 0; i < candidates->count; i++)
        if (candidates->shapes[i].part_count == shape->part_count &&
            memcmp(candidates->shapes[i].parts, shape->parts, sizeof shape->parts) == 0) {
            candidates->gains[i] += gain;
            return;
        }
    if (candidates->count == candidates->room)
        return;
    candidates->shapes[candidates->count] = *shape;
    candidates->gains[candidates->count++] = gain;
}

static unsigned cost_at(const struct stretch *stretch, unsigned i)
{
    if (stretch->cover[i])
        return stretch->cover[i]->cost;
    struct fast_shape plain = {.part_count = 1};
    plain.parts[0].meaning = (uint16_t)(stretch->instances[i].meaning - machine_fast_meanings);
    return machine_fast_does_nothing(&stretch->instances[i]) ? 0 : cost_of(&plain);
}

static unsigned parts_at(const struct stretch *stretch, unsigned i)
{
    return stretch->cover[i] ? stretch->cover[i]->part_count : 1;
}

/* Each operation alone, with all that can be assumed; and with those that follow it, up to four parts. */
static void propose_in(struct candidates *candidates, const struct stretch *stretch)
{
    for (unsigned i = 0; i < stretch->length; i += parts_at(stretch, i)) {
        if (machine_fast_does_nothing(&stretch->instances[i]))
            continue;
        unsigned cost = 0;
        for (unsigned next = i; next < stretch->length;) {
            cost += cost_at(stretch, next);
            next += parts_at(stretch, next);
            if (next - i > FAST_MOST_PARTS)
                break;
            for (unsigned accumulator = 0; accumulator < 2; accumulator++) {
                struct fast_shape shape = shape_of(&stretch->instances[i], next - i, accumulator != 0);
                unsigned new_cost = cost_of(&shape);
                if (new_cost < cost)
                    propose(candidates, &shape, stretch->count * (cost - new_cost));
            }
        }
    }
}

static unsigned choose(struct profile *profile, unsigned wanted)
{
    struct candidates candidates = {.room = 60000};
    candidates.shapes = calloc(candidates.room, sizeof *candidates.shapes);
    candidates.gains = calloc(candidates.room, sizeof *candidates.gains);
    unsigned chosen = 0;
    for (unsigned h = 0; h < HASH; h++)
        for (struct stretch *stretch = profile->stretches[h]; stretch; stretch = stretch->next)
            cover(profile, stretch);
    while (chosen < wanted) {
        candidates.count = 0;
        for (unsigned h = 0; h < HASH; h++)
            for (struct stretch *stretch = profile->stretches[h]; stretch; stretch = stretch->next)
                propose_in(&candidates, stretch);
        unsigned before = profile->shape_count;
        for (unsigned k = 0; k < ROUND && chosen < wanted; k++) {
            unsigned best = 0;
            for (unsigned i = 1; i < candidates.count; i++)
                if (candidates.gains[i] > candidates.gains[best])
                    best = i;
            if (!candidates.count || candidates.gains[best] <= 0)
                break;
            unsigned number = add_shape(profile, &candidates.shapes[best]);
            if (number < MOST_SHAPES)
                profile->gains[number] = candidates.gains[best];
            candidates.gains[best] = 0;
            chosen++;
        }
        if (profile->shape_count == before)
            break;
        for (unsigned h = 0; h < HASH; h++)
            for (struct stretch *stretch = profile->stretches[h]; stretch; stretch = stretch->next)
                cover(profile, stretch);
        fprintf(stderr, "%u of %u\r", chosen, wanted);
    }
    free(candidates.shapes);
    free(candidates.gains);
    return chosen;
}

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

static const char *element_name(const struct isa *isa, const struct fast_meaning *meaning, unsigned number)
{
    const struct isa_node *node = &meaning->nodes[number];
    if (node->b == ISA_NONE || meaning->nodes[node->b].operator != ISA_FIELD)
        return isa_state_at(isa, node->a)->name;
    return isa_instruction_named(isa, meaning->name)->fields[meaning->nodes[node->b].a].name;
}

static void print_write(const struct profile *profile, const struct fast_shape *shape, unsigned code)
{
    const struct fast_meaning *meaning = &machine_fast_meanings[shape->parts[code / FAST_MOST_WRITES].meaning];
    printf("%c.%s", 'a' + (int)(code / FAST_MOST_WRITES),
           element_name(profile->isa, meaning, meaning->writes[code % FAST_MOST_WRITES]));
}

static void print_part(const struct profile *profile, const struct fast_shape *shape, unsigned p)
{
    const struct fast_part *part = &shape->parts[p];
    const struct fast_meaning *meaning = &machine_fast_meanings[part->meaning];
    const char *separator = "(";
    printf("%s%s", p ? " " : "", meaning->name);
    for (unsigned r = 0; r < meaning->read_count; r++) {
        if (part->sources[r] == FAST_FROM_STATE)
            continue;
        printf("%s%s=", separator, element_name(profile->isa, meaning, meaning->reads[r]));
        separator = ",";
        if (part->sources[r] >= FAST_FROM_WRITE)
            print_write(profile, shape, part->sources[r] - FAST_FROM_WRITE);
        else
            printf("%s", part->sources[r] == FAST_FROM_ZERO ? "zero" : "acc");
    }
    for (unsigned w = 0; w < meaning->write_count; w++) {
        if (part->fates[w] == FAST_KEPT)
            continue;
        printf("%s%s=", separator, element_name(profile->isa, meaning, meaning->writes[w]));
        separator = ",";
        if (part->fates[w] >= FAST_OVERWRITTEN)
            print_write(profile, shape, part->fates[w] - FAST_OVERWRITTEN);
        else
            printf("zero");
    }
    if (part->follows)
        printf("%sfollow", separator), separator = ",";
    printf("%s", *separator == ',' ? ")" : "");
}

/* Those that are compiled anyway: see add_plain_shapes of generate/main.c. */
static bool is_plain(const struct fast_shape *shape)
{
    const struct fast_meaning *meaning = &machine_fast_meanings[shape->parts[0].meaning];
    if (shape->part_count > 1)
        return false;
    for (unsigned r = 0; r < meaning->read_count; r++)
        if (shape->parts[0].sources[r] != FAST_FROM_STATE)
            return false;
    for (unsigned w = 0; w < meaning->write_count; w++)
        if (shape->parts[0].fates[w] != FAST_KEPT && meaning->flow != FAST_FLOW_JUMP &&
            meaning->flow != FAST_FLOW_DYNAMIC)
            return false;
    return true;
}

static void print_shapes(const struct profile *profile)
{
    printf("/* superinstructions.c: which instructions in a row become one operation, the most rewarding first. Data: "
           "shape.c has the\n"
           " * grammar. Made by scenarios/bench/profile (`make superinstructions`). */\n#include "
           "\"machine/generate/internal.h\"\n\n"
           "const char *const generate_superinstructions[] = {\n");
    for (unsigned i = 0; i < profile->shape_count; i++) {
        if (is_plain(&profile->shapes[i]))
            continue;
        printf("    \"");
        for (unsigned p = 0; p < profile->shapes[i].part_count; p++)
            print_part(profile, &profile->shapes[i], p);
        printf("\",\n");
    }
    printf("    NULL,\n};\n");
}

int main(int argc, char **argv)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct profile *profile = calloc(1, sizeof *profile);
    profile->isa = isa_load("pg74", diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    if (argc < 3 || !profile->isa)
        return ISA_EXIT_USAGE;
    for (int i = 2; i < argc; i++)
        collect(profile, argv[i]);
    /* An engine to decode with, once more. */
    struct machine_image *image = machine_image_open(argv[2], diagnostics);
    const struct machine_image *guests[1] = {image};
    const struct machine_options options = {.guests = guests, .guest_count = 1, .partition_size = 16 << 20};
    struct machine *machine = machine_new(profile->isa, &options, diagnostics);
    profile->fast = machine->engine;
    uint64_t *own_values = profile->fast->trace.values;
    for (unsigned h = 0; h < HASH; h++)
        for (struct stretch *stretch = profile->stretches[h]; stretch; stretch = stretch->next)
            prepare(profile, stretch, calloc((size_t)LONGEST * 128, sizeof(uint64_t)));
    profile->fast->trace.values = own_values;
    choose(profile, (unsigned)strtoul(argv[1], NULL, 10));
    print_shapes(profile);
    return 0;
}
