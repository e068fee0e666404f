/* demonstrate_json.c: what a demonstration showed, for other programs. */
#include "lab/demonstrate.h"

static json_t *view_json(const struct lab_view *view)
{
    return json_pack("{s:s,s:s,s:b,s:s}", "console", view->console, "end", lab_view_end(view), "trapped",
                     view->trapped, "reached", view->reached);
}

json_t *lab_demonstration_json(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                               const char *machine, unsigned instruction)
{
    static const char *const statuses[LAB_STATUSES] = {"shown", "hidden", "not_shown", "waiting"},
                             *const findings[LAB_FINDINGS] = {NULL, "detects", "escapes", "loses"};
    const struct isa *isa = classifier_report_isa(report);
    const struct classifier_demonstration *program = demonstration->program;
    enum lab_status status = lab_demonstration_status(demonstration);
    char reason[512], word[128];
    lab_demonstration_reason(demonstration, reason, sizeof reason);
    json_t *object = json_pack("{s:s,s:s,s:s,s:s?,s:s?}", "instruction", isa_instruction_at(isa, instruction)->name,
                               "machine", machine, "status", statuses[status], "finding",
                               findings[demonstration->finding], "reason", status != LAB_SHOWN ? reason : NULL);
    if (program == NULL)
        return object;
    isa_disassemble(isa, program->word, 0, NULL, NULL, word, sizeof word);
    json_object_set_new(object, "word", json_integer(program->word));
    json_object_set_new(object, "assembly", json_string(word));
    json_object_set_new(object, "user", json_boolean(program->user));
    json_object_set_new(object, "program", json_string(program->text));
    json_object_set_new(object, "bare", view_json(&demonstration->bare));
    json_object_set_new(object, "monitored", view_json(&demonstration->monitored));
    return object;
}
