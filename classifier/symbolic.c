/* symbolic.c: a program of the IR on a symbolic state gives paths: every way through it, each with the conditions under
 * which it is taken and what it does. Control goes only forward, so that depth first search ends. It forks
 *
 *   - at BRANCH, unless one side is excluded by what is known on the path;
 *   - inside `translate`, which is executed where it is called.
 *
 * Reads see the state before the instruction, so a path needs no memory of its own writes. */
#include "classifier/explore.h"

#include <string.h>

static void run(struct explorer *explorer, struct frame *frame, unsigned from);

/* ---- What is known on a path ------------------------------------------------------------------------------------- */

static bool among(const term_list *list, Z3_ast term)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->items[i] == term)
            return true;
    return false;
}

/* Adds a condition, and of a conjunction the parts too; `opposite` is what it denies. */
static void assume(struct explorer *explorer, Z3_ast condition, Z3_ast opposite)
{
    struct classifier *c = explorer->subject->c;
    if (Z3_get_ast_kind(c->z3, condition) == Z3_APP_AST) {
        Z3_app app = Z3_to_app(c->z3, condition);
        if (Z3_get_decl_kind(c->z3, Z3_get_app_decl(c->z3, app)) == Z3_OP_AND) {
            for (unsigned i = 0; i < Z3_get_app_num_args(c->z3, app); i++) {
                Z3_ast part = Z3_get_app_arg(c->z3, app, i);
                assume(explorer, part, classifier_simplify(c, classifier_negation(c, part)));
            }
        }
    }
    if (classifier_is_true(c, condition) || among(&explorer->path.conditions, condition))
        return;
    *APPEND(explorer->subject->pool, &explorer->path.conditions) = condition;
    *APPEND(explorer->subject->pool, &explorer->path.denials) = opposite;
}

/* What the path says about a simplified truth by the look of it: 1, 0, or -1 for nothing. */
static int known(struct explorer *explorer, Z3_ast truth, Z3_ast opposite)
{
    struct classifier *c = explorer->subject->c;
    if (classifier_is_true(c, truth) || among(&explorer->path.conditions, truth))
        return 1;
    if (classifier_is_false(c, truth) || among(&explorer->path.conditions, opposite))
        return 0;
    return -1;
}

/* ---- Forks ------------------------------------------------------------------------------------------------------- */

/* The path's lengths and the frames' locals, to come back to. */
struct mark {
    unsigned conditions, consistency, writes, stores, reads, translations, steps;
    Z3_ast device;
    struct value locals[2][ISA_MOST_LOCALS];
};

static void remember(const struct explorer *explorer, const struct frame *frame, struct mark *mark)
{
    const struct path *p = &explorer->path;
    *mark = (struct mark){p->conditions.count, p->consistency.count, p->writes.count, p->stores.count, p->reads.count,
                          p->translations.count, p->steps.count, p->device, {{{0}}}};
    memcpy(mark->locals[0], frame->locals, sizeof frame->locals);
    if (frame->caller != NULL)
        memcpy(mark->locals[1], frame->caller->locals, sizeof frame->locals);
}

static void come_back(struct explorer *explorer, struct frame *frame, const struct mark *mark)
{
    struct path *p = &explorer->path;
    p->conditions.count = p->denials.count = mark->conditions;
    p->consistency.count = mark->consistency;
    p->writes.count = mark->writes;
    p->stores.count = mark->stores;
    p->reads.count = mark->reads;
    p->translations.count = mark->translations;
    p->steps.count = mark->steps;
    p->device = mark->device;
    memcpy(frame->locals, mark->locals[0], sizeof frame->locals);
    if (frame->caller != NULL)
        memcpy(frame->caller->locals, mark->locals[1], sizeof frame->locals);
}

/* Ends the path: a copy of it joins the finished ones. */
#define COPY(pool, list)                                                                                               \
    ((list).items =                                                                                                    \
         memcpy(classifier_allocate((pool), ((list).count + 1) * sizeof *(list).items),                                \
                (list).items != NULL ? (void *)(list).items : (void *)"", (list).count * sizeof *(list).items),        \
     (list).capacity = (list).count)

static void finish(struct explorer *explorer, enum path_end end)
{
    struct pool *pool = explorer->subject->pool;
    if (explorer->done.count >= MOST_PATHS) {
        explorer->subject->too_many_paths = true;
        return;
    }
    struct path *path = APPEND(pool, &explorer->done);
    *path = explorer->path;
    path->end = end;
    COPY(pool, path->conditions);
    COPY(pool, path->denials);
    COPY(pool, path->consistency);
    COPY(pool, path->writes);
    COPY(pool, path->stores);
    COPY(pool, path->reads);
    COPY(pool, path->translations);
    COPY(pool, path->steps);
}

static void trap(struct explorer *explorer, const struct frame *frame, const struct isa_node *node)
{
    struct classifier *c = explorer->subject->c;
    explorer->path.cause = (unsigned)node->constant;
    explorer->path.trap = classifier_trap_kind(explorer->subject->isa, explorer->path.cause);
    explorer->path.value = classifier_simplify(c, classifier_bits(c, frame->values[node->a]));
    explorer->path.access = classifier_simplify(c, classifier_bits(c, frame->values[node->b]));
    finish(explorer, PATH_TRAP);
}

/* Follows one side of a branch here and the other in a recursive call. Gives the node to go on at. */
static unsigned branch(struct explorer *explorer, struct frame *frame, const struct isa_node *node, unsigned i)
{
    struct classifier *c = explorer->subject->c;
    Z3_ast truth = classifier_simplify(c, classifier_truth(c, frame->values[node->a]));
    Z3_ast opposite = classifier_simplify(c, classifier_negation(c, truth));
    int decided = known(explorer, truth, opposite);
    if (decided >= 0)
        return decided ? i + 1 : (unsigned)node->constant;
    struct mark mark;
    remember(explorer, frame, &mark);
    assume(explorer, truth, opposite);
    run(explorer, frame, i + 1);
    come_back(explorer, frame, &mark);
    assume(explorer, opposite, truth);
    return (unsigned)node->constant;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static Z3_ast plus(struct classifier *c, Z3_ast term, uint64_t number)
{
    return classifier_simplify(c, Z3_mk_bvadd(c->z3, term, classifier_number(c, classifier_width(c, term), number)));
}

static Z3_ast address_of(struct classifier *c, struct value value)
{
    return classifier_simplify(c, classifier_resize(c, classifier_bits(c, value), ADDRESS_BITS));
}

static Z3_ast fits(struct explorer *explorer, Z3_ast address, uint64_t bytes)
{
    struct classifier *c = explorer->subject->c;
    Z3_ast last =
        Z3_mk_bvsub(c->z3, classifier_memory_size(c, explorer->state), classifier_number(c, ADDRESS_BITS, bytes));
    return classifier_simplify(c, Z3_mk_bvule(c->z3, address, last));
}

Z3_ast classifier_byte_before(struct subject *subject, const struct symbolic_state *state, Z3_ast address)
{
    struct classifier *c = subject->c;
    if (state->concrete == NULL)
        return Z3_mk_app(c->z3, state->memory, 1, &address);
    Z3_ast result = classifier_number(c, 8, 0);
    for (unsigned i = 0; i < state->concrete->bytes.count; i++) {
        const struct byte *byte = &state->concrete->bytes.items[i];
        result = Z3_mk_ite(c->z3, Z3_mk_eq(c->z3, address, classifier_number(c, ADDRESS_BITS, byte->address)),
                           classifier_number(c, 8, byte->value), result);
    }
    return result;
}

/* Are these bytes, in a location pair, what both states hold at virtual addresses that R has given? */
static bool in_frame(struct explorer *explorer, struct value address, unsigned bytes)
{
    const struct translation *t =
        address.origin == NO_ORIGIN ? NULL : &explorer->path.translations.items[address.origin];
    return t != NULL && explorer->state->contents[ACCESS_LOAD] != NULL && address.offset + bytes <= t->size &&
           classifier_contiguous(explorer->subject, explorer->state, &explorer->path, t);
}

/* A byte of a load, where it is one of memory. In a location pair, what was reached through `translate` is what both
 * states hold at that virtual address; that this is also what stands in their own physical memory is kept aside, as
 * consistency. */
static Z3_ast load_byte(struct explorer *explorer, struct value address, Z3_ast physical, unsigned k, Z3_ast guard)
{
    struct subject *subject = explorer->subject;
    struct classifier *c = subject->c;
    struct path *path = &explorer->path;
    physical = plus(c, physical, k);
    Z3_ast byte = classifier_byte_before(subject, explorer->state, physical);
    const struct translation *t = address.origin == NO_ORIGIN ? NULL : &path->translations.items[address.origin];
    if (in_frame(explorer, address, k + 1)) {
        Z3_ast at = plus(c, classifier_resize(c, t->virtual_address, ADDRESS_BITS), address.offset + k);
        Z3_ast same = Z3_mk_app(c->z3, explorer->state->contents[t->access], 1, &at);
        *APPEND(subject->pool, &path->consistency) = Z3_mk_eq(c->z3, byte, same);
        byte = same;
    }
    *APPEND(subject->pool, &path->reads) =
        (struct read){.kind = READ_BYTE, .where = physical, .what = byte, .when = guard};
    return byte;
}

/* Does the whole access lie in physical memory? NULL: it does. Outside, a load reads zero and a store is lost: that is a
 * case of the value and no fork. What a location pair's states hold at the same virtual addresses lies in memory: that is
 * part of what makes them a pair, and so an assumption. */
static Z3_ast guard_of(struct explorer *explorer, struct value address, Z3_ast physical, unsigned bytes)
{
    struct subject *subject = explorer->subject;
    Z3_ast guard = fits(explorer, physical, bytes);
    if (in_frame(explorer, address, bytes)) {
        *APPEND(subject->pool, &explorer->path.consistency) = guard;
        return NULL;
    }
    return classifier_is_true(subject->c, guard) || among(&explorer->path.conditions, guard) ? NULL : guard;
}

static struct value load(struct explorer *explorer, struct frame *frame, const struct isa_node *node)
{
    struct classifier *c = explorer->subject->c;
    struct value address = frame->values[node->a];
    unsigned bytes = (unsigned)node->constant;
    Z3_ast physical = address_of(c, address), guard = guard_of(explorer, address, physical, bytes), result = NULL;
    for (unsigned k = 0; k < bytes; k++) {
        Z3_ast byte = load_byte(explorer, address, physical, k, guard);
        result = result == NULL ? byte : Z3_mk_concat(c->z3, byte, result);
    }
    if (address.origin == NO_ORIGIN && frame->caller == NULL)
        explorer->path.reads.items[explorer->path.reads.count - bytes].bypasses = bytes;
    if (guard != NULL)
        result = Z3_mk_ite(c->z3, guard, result, classifier_number(c, 8 * bytes, 0));
    return classifier_value(classifier_resize(c, result, node->width));
}

static void store(struct explorer *explorer, struct frame *frame, const struct isa_node *node)
{
    struct classifier *c = explorer->subject->c;
    struct value address = frame->values[node->a];
    unsigned bytes = (unsigned)node->constant;
    Z3_ast physical = address_of(c, address), guard = guard_of(explorer, address, physical, bytes);
    *APPEND(explorer->subject->pool, &explorer->path.stores) = (struct store){
        .address = physical,
        .bytes = bytes,
        .origin = address.origin,
        .offset = address.offset,
        .value = classifier_simplify(c, classifier_resize(c, classifier_bits(c, frame->values[node->b]), 8 * bytes)),
        .when = guard,
    };
}

/* ---- Translation ------------------------------------------------------------------------------------------------- */

static struct frame *new_frame(struct explorer *explorer, const struct isa_program *program)
{
    struct frame *frame = classifier_allocate(explorer->subject->pool, sizeof *frame);
    frame->program = program;
    frame->values = classifier_allocate(explorer->subject->pool, (program->count + 1) * sizeof *frame->values);
    return frame;
}

/* Goes on in `translate`, which comes back through return_to_caller. */
static void call_translate(struct explorer *explorer, struct frame *frame, const struct isa_node *node, unsigned i)
{
    struct subject *subject = explorer->subject;
    struct classifier *c = subject->c;
    struct frame *inner = new_frame(explorer, isa_paragraph(subject->isa, ISA_ON_TRANSLATE));
    unsigned operands[3] = {node->a, node->b, node->c};
    for (unsigned k = 0; k < 3; k++)
        inner->parameters[k] = classifier_value(classifier_simplify(
            c, classifier_resize(c, classifier_bits(c, frame->values[operands[k]]), isa_word_bits(subject->isa))));
    inner->caller = frame;
    inner->return_to = i;
    run(explorer, inner, 0);
}

static uint64_t number_or_0(struct classifier *c, Z3_ast term)
{
    uint64_t number;
    return classifier_constant(c, term, &number) ? number : 0;
}

static void return_to_caller(struct explorer *explorer, struct frame *inner, struct value result)
{
    struct classifier *c = explorer->subject->c;
    struct frame *frame = inner->caller;
    if (frame == NULL) {
        explorer->path.result = classifier_simplify(c, classifier_bits(c, result));
        finish(explorer, PATH_RETURN);
        return;
    }
    Z3_ast physical = classifier_bits(c, result);
    *APPEND(explorer->subject->pool, &explorer->path.translations) = (struct translation){
        .virtual_address = inner->parameters[0].term, .physical_address = physical,
        .size = number_or_0(c, inner->parameters[1].term), .access = number_or_0(c, inner->parameters[2].term),
        .conditions = explorer->path.conditions.count,
    };
    struct value *value = &frame->values[inner->return_to];
    *value = classifier_value(classifier_resize(c, physical, frame->program->nodes[inner->return_to].width));
    value->origin = (int)explorer->path.translations.count - 1;
    run(explorer, frame, inner->return_to + 1);
}

/* ---- The walk ---------------------------------------------------------------------------------------------------- */

static void run(struct explorer *explorer, struct frame *frame, unsigned from)
{
    const struct isa_program *program = frame->program;
    for (unsigned i = from; i < program->count && !explorer->subject->too_many_paths;) {
        const struct isa_node *node = &program->nodes[i];
        switch ((enum isa_operator)node->operator) {
        case ISA_BRANCH: i = branch(explorer, frame, node, i); continue;
        case ISA_JUMP: i = (unsigned)node->constant; continue;
        case ISA_TRAP: trap(explorer, frame, node); return;
        case ISA_RETURN: return_to_caller(explorer, frame, frame->values[node->a]); return;
        case ISA_TRANSLATE: call_translate(explorer, frame, node, i); return;
        case ISA_IGNORE: return;
        case ISA_LOAD: frame->values[i] = load(explorer, frame, node); break;
        case ISA_STORE: store(explorer, frame, node); break;
        default: frame->values[i] = classifier_operate(explorer, frame, node); break;
        }
        i++;
    }
    if (frame->caller == NULL)
        finish(explorer, PATH_DONE);
    else
        return_to_caller(
            explorer, frame,
            classifier_value(classifier_number(explorer->subject->c, isa_word_bits(explorer->subject->isa), 0)));
}

path_list classifier_explore(struct subject *subject, const struct symbolic_state *state)
{
    struct explorer explorer = {.subject = subject, .state = state, .instruction = subject->instruction};
    explorer.path.device = state->device;
    run(&explorer, new_frame(&explorer, &subject->instruction->program), 0);
    return explorer.done;
}

path_list classifier_explore_translate(struct subject *subject, const struct symbolic_state *state,
                                       Z3_ast virtual_address, Z3_ast size, Z3_ast access)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    struct explorer explorer = {.subject = subject, .state = state};
    explorer.path.device = state->device;
    struct frame *frame = new_frame(&explorer, isa_paragraph(subject->isa, ISA_ON_TRANSLATE));
    frame->parameters[0] = classifier_value(classifier_resize(c, virtual_address, bits));
    frame->parameters[1] = classifier_value(size);
    frame->parameters[2] = classifier_value(access);
    run(&explorer, frame, 0);
    return explorer.done;
}

Z3_ast classifier_path_condition(struct subject *subject, const struct path *path)
{
    return path->conditions.count == 0 ? Z3_mk_true(subject->c->z3)
                                       : Z3_mk_and(subject->c->z3, path->conditions.count, path->conditions.items);
}

/* Valid where `translate` does not trap; its physical address there. */
struct view classifier_view_for(struct subject *subject, const struct symbolic_state *state, Z3_ast virtual_address,
                                Z3_ast size, Z3_ast access)
{
    struct classifier *c = subject->c;
    struct view view = {.valid = Z3_mk_false(c->z3), .physical_address = classifier_number(c, ADDRESS_BITS, 0)};
    view.paths = classifier_explore_translate(subject, state, virtual_address, size, access);
    for (unsigned i = 0; i < view.paths.count; i++) {
        const struct path *path = &view.paths.items[i];
        if (path->end != PATH_RETURN)
            continue;
        Z3_ast taken = classifier_path_condition(subject, path);
        view.valid = classifier_either(c, view.valid, taken);
        Z3_ast physical = classifier_resize(c, path->result, ADDRESS_BITS);
        view.physical_address = i == 0 ? physical : Z3_mk_ite(c->z3, taken, physical, view.physical_address);
    }
    view.physical_address = classifier_simplify(c, view.physical_address);
    view.valid = classifier_simplify(c, view.valid);
    return view;
}

struct view classifier_view(struct subject *subject, const struct symbolic_state *state, Z3_ast virtual_address,
                            unsigned access)
{
    unsigned bits = isa_word_bits(subject->isa);
    return classifier_view_for(subject, state, virtual_address, classifier_number(subject->c, bits, 1),
                               classifier_number(subject->c, bits, access));
}
