/* merge.c: what a part, or a variant, does to a list of declarations: add, replace, remove. */
#include "isa/internal.h"

#include <string.h>

const char *isa_declaration_word(enum declaration_kind kind)
{
    static const char *const words[] = {"state", "const", "cause", "port", "operand", "function", "on", "instruction", "cost"};
    return words[kind];
}

struct declaration *isa_declaration_find(struct declaration *list, enum declaration_kind kind, const char *name)
{
    for (; list; list = list->next)
        if (list->kind == kind && strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

static void complain(struct isa_diagnostics *diagnostics, const struct declaration *what, const char *advice,
                     const char *format)
{
    isa_diagnostics_error(diagnostics, &what->place, ISA_EXIT_DATA, advice, format, isa_declaration_word(what->kind),
                          what->name);
}

/* Puts `replacement` where `old` stands, so that the numbers of all others stay. */
static void replace(struct declaration **list, struct declaration *old, struct declaration *replacement)
{
    for (; *list; list = &(*list)->next) {
        if (*list == old) {
            replacement->next = old->next;
            *list = replacement;
            return;
        }
    }
}

static void apply(struct declaration **list, struct declaration *change, struct isa_diagnostics *diagnostics)
{
    struct declaration *old = isa_declaration_find(*list, change->kind, change->name);
    if (change->action == ACTION_ADD && old) {
        complain(diagnostics, change, "choose another name; a variant changes what is there with `replace`",
                 "%s `%s` is already there");
    } else if (change->action != ACTION_ADD && !old) {
        complain(diagnostics, change, "the parent must have it; look with `pg74 isa show`", "there is no %s `%s` to change");
    } else if (change->action == ACTION_REMOVE) {
        for (; *list != old; list = &(*list)->next)
            ;
        *list = old->next;
    } else if (change->action == ACTION_REPLACE) {
        replace(list, old, change);
    } else {
        while (*list)
            list = &(*list)->next;
        change->next = NULL;
        *list = change;
    }
}

struct declaration *isa_merge(struct declaration *declarations, struct declaration *additions, const char *variant,
                              struct isa_diagnostics *diagnostics)
{
    for (struct declaration *change = additions, *next; change; change = next) {
        next = change->next;
        change->variant = variant;
        apply(&declarations, change, diagnostics);
    }
    return declarations;
}
