/* guest_mode.c: what the definitions say of a machine with hardware assistance, where guest mode stands in the place of user
 * mode, an exit in that of a privileged trap, and the host's relocation in that of R (isa_guest_view). The rest of the
 * classifier asks here where that makes a difference; docs/classifier.md has the reasons. */
#include "classifier/internal.h"

enum trap_kind classifier_trap_kind(const struct isa *isa, uint32_t cause)
{
    const struct isa_cause *found = isa_cause_numbered(isa, cause);
    if (found != NULL && found->storage)
        return TRAP_STORAGE;
    return isa_is_guest_view(isa) && (found == NULL || !found->exit) ? TRAP_WITHIN : TRAP_PRIVILEGED;
}

bool classifier_moved(const struct isa *isa, enum perturbation perturbation)
{
    return perturbation == PERTURB_LOCATION || (perturbation == PERTURB_MODE && isa_is_guest_view(isa));
}

struct scope classifier_scope(const struct isa *isa, bool paper)
{
    return (struct scope){.paper = paper, .user_only = isa_is_guest_view(isa)};
}

const struct classifier_report *classifier_guest_mode(const struct classifier_report *report)
{
    return report->guest_mode;
}

const struct classifier_report *classifier_trap_entry(const struct classifier_report *report)
{
    return report->trap_entry;
}

bool classifier_judges(const struct classifier_report *report, enum classifier_property property)
{
    return !isa_is_trap_view(report->isa) ||
           property == CLASSIFIER_CONTROL_SENSITIVE || property == CLASSIFIER_RESOURCE_SENSITIVE || property == CLASSIFIER_TIME_SENSITIVE;
}

const char *classifier_property_key(const struct classifier_report *report, enum classifier_property property)
{
    return property == CLASSIFIER_PRIVILEGED && report->view != NULL ? "exits" : classifier_property_name(property);
}
