/* report_json.c: reports as JSON, for other programs. docs/classifier.md describes the format. */
#include "classifier/internal.h"

#include <jansson.h>

static json_t *truth(enum classifier_answer answer)
{
    return answer == CLASSIFIER_UNKNOWN ? json_null() : json_boolean(answer == CLASSIFIER_YES);
}

static const char *perturbation_name(enum perturbation perturbation)
{
    static const char *const names[] = {"nothing", "mode", "location", "resource", "time"};
    return names[perturbation];
}

/* Scalars by name; arrays as objects of the elements that are not zero. */
static json_t *slots_json(const struct isa *isa, const uint32_t *slots)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (!s->is_array) {
            json_object_set_new(object, s->name, json_integer(slots[s->slot]));
            continue;
        }
        json_t *elements = json_object();
        for (unsigned k = 0; k < s->count; k++) {
            char key[16];
            snprintf(key, sizeof key, "%u", k);
            if (slots[s->slot + k] != 0)
                json_object_set_new(elements, key, json_integer(slots[s->slot + k]));
        }
        json_object_set_new(object, s->name, elements);
    }
    return object;
}

static json_t *bytes_json(const struct byte *bytes, unsigned count)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(array,
                              json_pack("{s:I,s:i}", "address", (json_int_t)bytes[i].address, "value", bytes[i].value));
    return array;
}

static json_t *state_json(const struct isa *isa, const struct concrete *state)
{
    return json_pack("{s:o,s:I,s:o,s:I}", "slots", slots_json(isa, state->slots), "memory_size",
                     (json_int_t)state->memory_size, "memory", bytes_json(state->bytes.items, state->bytes.count),
                     "devices", (json_int_t)state->device);
}

static json_t *outcome_json(const struct isa *isa, const struct effects *effects)
{
    const struct isa_outcome *outcome = &effects->outcome;
    if (outcome->end != ISA_TRAPPED)
        return json_pack("{s:s,s:o,s:o,s:I}", "end", "done", "slots", slots_json(isa, effects->slots), "stores",
                         bytes_json(effects->stores.items, effects->stores.count), "devices",
                         (json_int_t)effects->device);
    const struct isa_cause *cause = isa_cause_numbered(isa, outcome->cause);
    return json_pack("{s:s,s:I,s:s?,s:I,s:I}", "end", "trap", "cause", (json_int_t)outcome->cause, "cause_name",
                     cause != NULL ? cause->name : NULL, "value", (json_int_t)outcome->value, "access",
                     (json_int_t)outcome->access);
}

static json_t *rule_json(const struct device_rule *rule)
{
    return json_pack("{s:b,s:I,s:I,s:I,s:I,s:I}", "write", rule->is_write, "port", (json_int_t)rule->port, "before",
                     (json_int_t)rule->before, "given", (json_int_t)rule->given, "value", (json_int_t)rule->value,
                     "after", (json_int_t)rule->after);
}

static json_t *witness_json(const struct classifier_report *report, const struct classifier_witness *witness)
{
    char sentence[512], assembly[128];
    const struct isa *isa = report->isa;
    json_t *states = json_array(), *outcomes = json_array(), *rules = json_array();
    classifier_witness_sentence(report, witness, sentence, sizeof sentence);
    isa_disassemble(isa, witness->word, witness->states[0].slots[isa_program_counter(isa)->slot], NULL, NULL, assembly,
                    sizeof assembly);
    for (unsigned i = 0; i < witness->state_count; i++) {
        json_array_append_new(states, state_json(isa, &witness->states[i]));
        json_array_append_new(outcomes, outcome_json(isa, &witness->effects[i]));
    }
    for (unsigned i = 0; i < witness->devices.rules.count; i++)
        json_array_append_new(rules, rule_json(&witness->devices.rules.items[i]));
    return json_pack("{s:I,s:s,s:s,s:s,s:o,s:o,s:o}", "word", (json_int_t)witness->word, "assembly", assembly,
                     "perturbed", perturbation_name(witness->perturbation), "sentence", sentence, "states", states,
                     "outcomes", outcomes, "device_rules", rules);
}

static json_t *instruction_json(const struct classifier_report *report, unsigned number)
{
    const struct findings *findings = &report->findings[number];
    json_t *object = json_pack("{s:s}", "name", isa_instruction_at(report->isa, number)->name),
           *witnesses = json_object();
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++) {
        const char *key = classifier_property_key(report, p);
        if (!classifier_judges(report, p))
            continue;
        json_object_set_new(object, key, truth(findings->has[p]));
        if (findings->witness[p] != NULL)
            json_object_set_new(witnesses, key, witness_json(report, findings->witness[p]));
    }
    json_object_set_new(object, "witnesses", witnesses);
    const struct classifier_witness *reason = classifier_reason(report, number);
    if (reason == NULL)
        return object;
    json_t *techniques = json_object();
    for (enum classifier_technique i = 0; i < CLASSIFIER_TECHNIQUES; i++)
        json_object_set_new(techniques, classifier_technique_name(i),
                            json_boolean(classifier_technique_copes(report, number, i)));
    json_object_set_new(object, "violation", witness_json(report, reason));
    json_object_set_new(object, "condition",
                        findings->condition != NULL ? json_string(findings->condition) : json_null());
    json_object_set_new(object, "condition_exact", json_boolean(findings->exact));
    json_object_set_new(object, "where", findings->where != NULL ? json_string(findings->where) : json_null());
    json_object_set_new(object, "always", findings->always != NULL ? json_string(findings->always) : json_null());
    json_object_set_new(object, "always_exact", json_boolean(findings->always_exact));
    json_object_set_new(object, "techniques", techniques);
    return object;
}

static json_t *violations_json(const struct classifier_report *report, enum classifier_theorem theorem)
{
    json_t *names = json_array();
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, false))
            json_array_append_new(names, json_string(isa_instruction_at(report->isa, i)->name));
    return names;
}

/* Of each theorem that fails: what to make privileged, the variant, and what it comes to. */
static json_t *repairs_json(const struct classifier_report *report)
{
    json_t *object = json_object();
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        char key[16];
        const struct repair *repair = &report->repairs[theorem];
        snprintf(key, sizeof key, "theorem%d", (int)theorem + 1);
        if (repair->text != NULL)
            json_object_set_new(object, key,
                                json_pack("{s:o,s:o,s:s}", "instructions", violations_json(report, theorem), "holds",
                                          truth(repair->holds), "variant", repair->text));
    }
    return object;
}

static json_t *instructions_json(const struct classifier_report *report)
{
    json_t *instructions = json_array();
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (report->only < 0 || (unsigned)report->only == i)
            json_array_append_new(instructions, instruction_json(report, i));
    return instructions;
}

static json_t *all_violations_json(const struct classifier_report *report)
{
    return json_pack("{s:o,s:o,s:o}", "theorem1", violations_json(report, CLASSIFIER_THEOREM_1), "theorem2",
                     violations_json(report, CLASSIFIER_THEOREM_2), "theorem3", violations_json(report, CLASSIFIER_THEOREM_3));
}

static json_t *guest_mode_json(const struct classifier_report *guest)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o?}", "theorem1", truth(classifier_theorem(guest, CLASSIFIER_THEOREM_1, false)),
                     "theorem2", truth(classifier_theorem(guest, CLASSIFIER_THEOREM_2, false)), "theorem3",
                     truth(classifier_theorem(guest, CLASSIFIER_THEOREM_3, false)), "instructions", instructions_json(guest),
                     "violations", all_violations_json(guest), "repairs", repairs_json(guest),
                     "trap_entry", guest->trap_entry != NULL ? instructions_json(guest->trap_entry) : NULL);
}

static json_t *report_json(const struct classifier_report *report)
{
    json_t *paper = json_pack("{s:o,s:o}", "theorem1", truth(classifier_theorem(report, CLASSIFIER_THEOREM_1, true)),
                              "theorem3", truth(classifier_theorem(report, CLASSIFIER_THEOREM_3, true)));
    json_t *object = json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "variant", isa_name(report->isa), "title",
                     isa_title(report->isa), "theorem1", truth(classifier_theorem(report, CLASSIFIER_THEOREM_1, false)),
                     "theorem2", truth(classifier_theorem(report, CLASSIFIER_THEOREM_2, false)), "theorem3",
                     truth(classifier_theorem(report, CLASSIFIER_THEOREM_3, false)), "paper", paper, "instructions",
                     instructions_json(report), "violations",
                     all_violations_json(report), "repairs", repairs_json(report));
    if (report->guest_mode != NULL)
        json_object_set_new(object, "guest_mode", guest_mode_json(report->guest_mode));
    return object;
}

char *classifier_json(const struct classifier_report *const *reports, unsigned count)
{
    json_t *variants = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(variants, report_json(reports[i]));
    json_t *root = json_pack("{s:i,s:o}", "schema_version", 1, "variants", variants);
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    return text;
}
