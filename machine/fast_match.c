/* fast_match.c: cuts a trace into operations. A shape fits where its assumptions hold; among the ways to cover the
 * trace with shapes that fit, the cheapest is taken. */
#include "machine/fast_match.h"

/* Does a part between the write and its use, or the writing part after it, write the same slot again? */
static bool written_between(const struct fast_instance *instances, unsigned part, unsigned until, uint32_t slot)
{
    for (unsigned p = part + 1; p < until; p++)
        for (unsigned w = 0; w < instances[p].meaning->write_count; w++)
            if (instances[p].writes[w] == slot)
                return true;
    return false;
}

static bool source_fits(const struct fast_instance *instances, unsigned part, uint32_t slot, unsigned source)
{
    if (source == FAST_FROM_STATE)
        return true;
    if (source == FAST_FROM_ZERO)
        return slot == FAST_ZERO_SLOT;
    if (slot == FAST_ZERO_SLOT)
        return false;
    if (source == FAST_FROM_ACCUMULATOR)
        return part == 0 && instances[0].accumulator == slot;
    unsigned from = (source - FAST_FROM_WRITE) / FAST_MOST_WRITES,
             write = (source - FAST_FROM_WRITE) % FAST_MOST_WRITES;
    return instances[from].writes[write] == slot && instances[from].meaning->always[write] &&
           !written_between(instances, from, part, slot);
}

/* An overwritten value is never seen in its slot: nobody but those told where to find it reads it before it is
 * overwritten. */
static bool overwritten_fits(const struct fast_instance *instances, const struct fast_shape *shape, unsigned part,
                             unsigned write)
{
    unsigned fate = shape->parts[part].fates[write] - FAST_OVERWRITTEN;
    unsigned last = fate / FAST_MOST_WRITES, overwriting = fate % FAST_MOST_WRITES;
    uint32_t slot = instances[part].writes[write];
    if (slot == FAST_ZERO_SLOT || instances[last].writes[overwriting] != slot ||
        !instances[last].meaning->always[overwriting] || !instances[part].meaning->always[write] ||
        written_between(instances, part, last, slot))
        return false;
    for (unsigned p = part + 1; p <= last; p++)
        for (unsigned r = 0; r < instances[p].meaning->read_count; r++)
            if (instances[p].reads[r] == slot &&
                shape->parts[p].sources[r] != FAST_FROM_WRITE + part * FAST_MOST_WRITES + write)
                return false;
    return true;
}

static bool part_fits(const struct fast_instance *instances, const struct fast_shape *shape, unsigned part)
{
    const struct fast_instance *instance = &instances[part];
    const struct fast_part *assumed = &shape->parts[part];
    if (instance->meaning->flow == FAST_FLOW_JUMP && (assumed->follows != 0) != instance->follows)
        return false;
    for (unsigned r = 0; r < instance->meaning->read_count; r++)
        if (!source_fits(instances, part, instance->reads[r], assumed->sources[r]))
            return false;
    for (unsigned w = 0; w < instance->meaning->write_count; w++) {
        if (assumed->fates[w] == FAST_DROPPED && instance->writes[w] != FAST_ZERO_SLOT)
            return false;
        if (assumed->fates[w] >= FAST_OVERWRITTEN && !overwritten_fits(instances, shape, part, w))
            return false;
    }
    return true;
}

bool machine_fast_shape_fits(const struct fast_instance *instances, unsigned count, const struct fast_shape *shape)
{
    if (shape->part_count > count)
        return false;
    for (unsigned p = shape->part_count; p-- > 0;) /* most shapes begin alike, and differ at their end */
        if (instances[p].meaning_number != shape->parts[p].meaning)
            return false;
    for (unsigned p = 0; p < shape->part_count; p++)
        if (!part_fits(instances, shape, p))
            return false;
    return true;
}

bool machine_fast_does_nothing(const struct fast_instance *instance)
{
    if (!instance->meaning || !instance->meaning->pure ||
        (instance->meaning->flow == FAST_FLOW_JUMP && !instance->follows))
        return false;
    for (unsigned w = 0; w < instance->meaning->write_count; w++)
        if (instance->writes[w] != FAST_ZERO_SLOT)
            return false;
    return true;
}

void machine_fast_cover(const struct fast_plan *plan, const struct fast_trace *trace, struct fast_cover *cover)
{
    unsigned costs[FAST_MOST_INSTRUCTIONS + 1];
    enum { EVALUATION = 1000 };
    costs[trace->count] = 0;
    for (unsigned i = trace->count; i-- > 0;) {
        const struct fast_instance *instance = &trace->instances[i];
        cover->shapes[i] = NULL;
        cover->nothing[i] = machine_fast_does_nothing(instance);
        costs[i] = costs[i + 1] + (cover->nothing[i] ? 0 : EVALUATION);
        if (cover->nothing[i] || !instance->meaning)
            continue;
        unsigned meaning = instance->meaning_number;
        for (unsigned s = plan->first_shapes[meaning];
             s < machine_fast_shape_count && machine_fast_shapes[s].parts[0].meaning == meaning; s++) {
            const struct fast_shape *shape = &machine_fast_shapes[s];
            if (!machine_fast_shape_fits(instance, trace->count - i, shape) ||
                shape->cost + costs[i + shape->part_count] >= costs[i])
                continue;
            costs[i] = shape->cost + costs[i + shape->part_count];
            cover->shapes[i] = shape;
        }
    }
}
