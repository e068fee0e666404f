/* solver.c: Z3. Within one solver terms are equal only if they are the same, so that a formula's number is a key: what
 * was decided once is not decided again.
 *
 * Determinism: fixed seeds (Z3's defaults), and a limit that counts Z3's own steps (rlimit), never time. Models depend
 * on what a context has seen before, so each instruction gets a context of its own: its witnesses are the same whatever
 * else is classified, before it or beside it. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CACHE = 256 };

struct classifier_options classifier_default_options(void)
{
    return (struct classifier_options){.instruction = NULL, .trials = 192, .seed = 1974, .effort = 20000000};
}

struct classifier *classifier_new(const struct classifier_options *options)
{
    struct classifier *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->options = options != NULL ? *options : classifier_default_options();
    c->known = classifier_known_new();
    return c;
}

void classifier_free(struct classifier *c)
{
    if (c == NULL)
        return;
    classifier_known_free(c->known);
    free(c);
}

void classifier_limit(struct classifier *c, unsigned effort)
{
    Z3_params parameters = Z3_mk_params(c->z3);
    Z3_params_inc_ref(c->z3, parameters);
    Z3_params_set_uint(c->z3, parameters, Z3_mk_string_symbol(c->z3, "rlimit"), effort);
    Z3_params_set_uint(c->z3, parameters, Z3_mk_string_symbol(c->z3, "random_seed"), 0);
    Z3_solver_set_params(c->z3, c->solver, parameters);
    Z3_params_dec_ref(c->z3, parameters);
    c->options.effort = effort;
}

void classifier_open(struct classifier *c, const struct classifier_options *options)
{
    *c = (struct classifier){.options = *options, .cache_size = FIRST_CACHE};
    Z3_config config = Z3_mk_config();
    c->z3 = Z3_mk_context(config); /* not reference-counted: terms live as long as the context */
    Z3_del_config(config);
    Z3_set_error_handler(c->z3, NULL);
    c->solver = Z3_mk_simple_solver(c->z3);
    Z3_solver_inc_ref(c->z3, c->solver);
    classifier_limit(c, options->effort);
    c->cache = calloc(c->cache_size, sizeof *c->cache);
}

void classifier_close(struct classifier *c)
{
    if (c->z3 == NULL)
        return;
    for (unsigned i = 0; i < c->cache_size; i++)
        if (c->cache[i].model != NULL)
            Z3_model_dec_ref(c->z3, c->cache[i].model);
    free(c->cache);
    Z3_solver_dec_ref(c->z3, c->solver);
    Z3_del_context(c->z3);
    c->z3 = NULL;
}

/* ---- Terms ------------------------------------------------------------------------------------------------------- */

Z3_ast classifier_number(struct classifier *c, unsigned width, uint64_t value)
{
    return Z3_mk_unsigned_int64(c->z3, value, Z3_mk_bv_sort(c->z3, width));
}

Z3_ast classifier_symbol(struct classifier *c, const char *name, unsigned width)
{
    return Z3_mk_const(c->z3, Z3_mk_string_symbol(c->z3, name), Z3_mk_bv_sort(c->z3, width));
}

Z3_func_decl classifier_function(struct classifier *c, const char *name, unsigned arguments, const unsigned *widths,
                                 unsigned width)
{
    Z3_sort domain[4];
    for (unsigned i = 0; i < arguments; i++)
        domain[i] = Z3_mk_bv_sort(c->z3, widths[i]);
    return Z3_mk_func_decl(c->z3, Z3_mk_string_symbol(c->z3, name), arguments, domain, Z3_mk_bv_sort(c->z3, width));
}

Z3_ast classifier_simplify(struct classifier *c, Z3_ast term)
{
    return Z3_simplify(c->z3, term);
}

Z3_ast classifier_both(struct classifier *c, Z3_ast a, Z3_ast b)
{
    if (classifier_is_true(c, a) || classifier_is_false(c, b))
        return b;
    if (classifier_is_true(c, b) || classifier_is_false(c, a))
        return a;
    return Z3_mk_and(c->z3, 2, (Z3_ast[]){a, b});
}

Z3_ast classifier_either(struct classifier *c, Z3_ast a, Z3_ast b)
{
    if (classifier_is_false(c, a) || classifier_is_true(c, b))
        return b;
    if (classifier_is_false(c, b) || classifier_is_true(c, a))
        return a;
    return Z3_mk_or(c->z3, 2, (Z3_ast[]){a, b});
}

Z3_ast classifier_negation(struct classifier *c, Z3_ast a)
{
    return Z3_mk_not(c->z3, a);
}

Z3_ast classifier_differ(struct classifier *c, Z3_ast a, Z3_ast b)
{
    return a == b ? Z3_mk_false(c->z3) : Z3_mk_not(c->z3, Z3_mk_eq(c->z3, a, b));
}

unsigned classifier_width(struct classifier *c, Z3_ast term)
{
    return Z3_get_bv_sort_size(c->z3, Z3_get_sort(c->z3, term));
}

Z3_ast classifier_resize(struct classifier *c, Z3_ast term, unsigned width)
{
    unsigned now = classifier_width(c, term);
    if (now == width)
        return term;
    return now < width ? Z3_mk_zero_ext(c->z3, width - now, term) : Z3_mk_extract(c->z3, width - 1, 0, term);
}

bool classifier_is_true(struct classifier *c, Z3_ast term)
{
    return Z3_get_bool_value(c->z3, term) == Z3_L_TRUE;
}

bool classifier_is_false(struct classifier *c, Z3_ast term)
{
    return Z3_get_bool_value(c->z3, term) == Z3_L_FALSE;
}

bool classifier_constant(struct classifier *c, Z3_ast term, uint64_t *value)
{
    return Z3_get_ast_kind(c->z3, term) == Z3_NUMERAL_AST && Z3_get_numeral_uint64(c->z3, term, value);
}

/* ---- Deciding ---------------------------------------------------------------------------------------------------- */

static struct solved *find(struct classifier *c, Z3_ast formula)
{
    unsigned at = Z3_get_ast_id(c->z3, formula) * 2654435761u;
    for (;; at++) {
        struct solved *entry = &c->cache[at & (c->cache_size - 1)];
        if (entry->formula == NULL || entry->formula == formula)
            return entry;
    }
}

static void enlarge(struct classifier *c)
{
    struct solved *old = c->cache;
    unsigned size = c->cache_size;
    struct solved *larger = calloc(2 * (size_t)size, sizeof *larger);
    if (larger == NULL)
        return;
    c->cache = larger;
    c->cache_size = 2 * size;
    for (unsigned i = 0; i < size; i++)
        if (old[i].formula != NULL)
            *find(c, old[i].formula) = old[i];
    free(old);
}

static enum verdict check(struct classifier *c, Z3_solver solver, struct solved *entry)
{
    Z3_lbool answer = Z3_solver_check(c->z3, solver);
    if (answer == Z3_L_TRUE) {
        entry->model = Z3_solver_get_model(c->z3, solver);
        Z3_model_inc_ref(c->z3, entry->model);
    }
    return answer == Z3_L_FALSE ? UNSATISFIABLE : answer == Z3_L_TRUE ? SATISFIABLE : UNDECIDED;
}

static void solve(struct classifier *c, struct solved *entry)
{
    Z3_solver_push(c->z3, c->solver);
    Z3_solver_assert(c->z3, c->solver, entry->formula);
    entry->verdict = check(c, c->solver, entry);
    Z3_solver_pop(c->z3, c->solver, 1);
}

/* Another solver, whose tactics take longer to begin, and are much faster where sums and comparisons are many. */
static void solve_with_tactics(struct classifier *c, struct solved *entry)
{
    Z3_solver solver = Z3_mk_solver_for_logic(c->z3, Z3_mk_string_symbol(c->z3, "QF_UFBV"));
    Z3_solver_inc_ref(c->z3, solver);
    Z3_params parameters = Z3_mk_params(c->z3);
    Z3_params_inc_ref(c->z3, parameters);
    Z3_params_set_uint(c->z3, parameters, Z3_mk_string_symbol(c->z3, "rlimit"), c->options.effort);
    Z3_solver_set_params(c->z3, solver, parameters);
    Z3_params_dec_ref(c->z3, parameters);
    Z3_solver_assert(c->z3, solver, entry->formula);
    entry->verdict = check(c, solver, entry);
    Z3_solver_dec_ref(c->z3, solver);
}

/* The formula's place in the cache, made where it is not there yet. */
static struct solved *place_of(struct classifier *c, Z3_ast formula, bool *is_new)
{
    if (2 * c->cached >= c->cache_size)
        enlarge(c);
    struct solved *entry = find(c, formula);
    *is_new = entry->formula == NULL;
    if (*is_new) {
        entry->formula = formula;
        c->cached++;
    }
    return entry;
}

enum verdict classifier_decide(struct classifier *c, Z3_ast formula, Z3_model *model)
{
    bool is_new;
    formula = Z3_simplify(c->z3, formula);
    if (classifier_is_false(c, formula))
        return UNSATISFIABLE;
    struct solved *entry = place_of(c, formula, &is_new);
    if (is_new)
        solve(c, entry);
    if (entry->verdict == UNDECIDED)
        solve_with_tactics(c, entry);
    if (model != NULL)
        *model = entry->model;
    return entry->verdict;
}

/* ---- Refuting ---------------------------------------------------------------------------------------------------- */

/* Applications of functions in a formula, the outermost, and a symbol for each. `seen`, by number of the term. */
struct applications {
    Z3_ast *terms, *symbols;
    bool *seen;
    unsigned count, capacity, seen_size;
};

static void *resize(void *items, size_t count, size_t size)
{
    void *larger = realloc(items, count * size);
    if (larger == NULL)
        abort();
    return larger;
}

static bool is_seen(struct applications *applications, unsigned number)
{
    if (number >= applications->seen_size) {
        unsigned size = 2 * number + 1;
        applications->seen = resize(applications->seen, size, sizeof *applications->seen);
        memset(applications->seen + applications->seen_size, 0, size - applications->seen_size);
        applications->seen_size = size;
    }
    bool seen = applications->seen[number];
    applications->seen[number] = true;
    return seen;
}

static void add_application(struct classifier *c, struct applications *applications, Z3_ast term)
{
    if (applications->count == applications->capacity) {
        applications->capacity = 2 * applications->capacity + 16;
        applications->terms = resize(applications->terms, applications->capacity, sizeof(Z3_ast));
        applications->symbols = resize(applications->symbols, applications->capacity, sizeof(Z3_ast));
    }
    applications->terms[applications->count] = term;
    applications->symbols[applications->count++] = Z3_mk_fresh_const(c->z3, ".application", Z3_get_sort(c->z3, term));
}

static void find_applications(struct classifier *c, struct applications *applications, Z3_ast term)
{
    if (is_seen(applications, Z3_get_ast_id(c->z3, term)) || Z3_get_ast_kind(c->z3, term) != Z3_APP_AST)
        return;
    Z3_app application = Z3_to_app(c->z3, term);
    unsigned count = Z3_get_app_num_args(c->z3, application);
    if (count > 0 && Z3_get_decl_kind(c->z3, Z3_get_app_decl(c->z3, application)) == Z3_OP_UNINTERPRETED) {
        add_application(c, applications, term);
        return;
    }
    for (unsigned i = 0; i < count; i++)
        find_applications(c, applications, Z3_get_app_arg(c->z3, application, i));
}

/* The formula that knows nothing of what memory and registers hold at terms that are not the same: more states meet it, so
 * that where none does, none meets the formula either. It is much shorter to decide. */
static Z3_ast without_functions(struct classifier *c, Z3_ast formula)
{
    struct applications applications = {.terms = NULL};
    find_applications(c, &applications, formula);
    if (applications.count > 0)
        formula = Z3_simplify(c->z3, Z3_substitute(c->z3, formula, applications.count, applications.terms,
                                                   applications.symbols));
    free(applications.terms);
    free(applications.symbols);
    free(applications.seen);
    return formula;
}

static bool is_refuted_without_functions(struct classifier *c, struct solved *entry)
{
    struct solved wider = {.formula = without_functions(c, entry->formula)};
    if (wider.formula == entry->formula)
        return false;
    solve_with_tactics(c, &wider);
    if (wider.model != NULL)
        Z3_model_dec_ref(c->z3, wider.model);
    if (wider.verdict == UNSATISFIABLE)
        entry->verdict = UNSATISFIABLE;
    return wider.verdict == UNSATISFIABLE;
}

bool classifier_refutes(struct classifier *c, Z3_ast formula)
{
    bool is_new;
    formula = Z3_simplify(c->z3, formula);
    if (classifier_is_false(c, formula))
        return true;
    struct solved *entry = place_of(c, formula, &is_new);
    if (is_new && !is_refuted_without_functions(c, entry))
        solve_with_tactics(c, entry);
    return entry->verdict == UNSATISFIABLE;
}

uint64_t classifier_evaluate(struct classifier *c, Z3_model model, Z3_ast term)
{
    Z3_ast result = NULL;
    uint64_t value = 0;
    if (Z3_model_eval(c->z3, model, term, true, &result) && classifier_constant(c, result, &value))
        return value;
    return 0;
}

bool classifier_evaluate_truth(struct classifier *c, Z3_model model, Z3_ast term)
{
    Z3_ast result = NULL;
    return Z3_model_eval(c->z3, model, term, true, &result) && classifier_is_true(c, result);
}
