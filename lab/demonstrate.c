/* demonstrate.c: a demonstration's program on the bare machine, under a monitor, and without the instruction.
 *
 * A difference counts only if it is the instruction's doing: the same program with an instruction that does nothing in
 * its place must behave alike on both. What the instruction does to the machine that executes it is seen by looking at
 * that machine's state before and after, when the word at `witness` is executed. */
#include "lab/demonstrate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BARE_FUEL = 20000, MONITORED_FUEL = 3000000, BARE_NUMBER = 1, MONITORED_NUMBER = 2 };

/* Watches one run. */
struct watch {
    const struct isa *isa;
    struct lab_view *view;
    uint32_t place;           /* physical address of the word */
    uint32_t start, size;     /* of the partition that is watched */
    bool monitored, inside;   /* between the word's fetch and its end */
    uint32_t *before;         /* slots */
};

const char *lab_finding_name(enum lab_finding finding)
{
    static const char *const names[LAB_FINDINGS] = {"is not shown", "detects the VMM", "escapes the VMM",
                                                    "is silently lost"};
    return names[finding];
}

/* ---- Watching ---------------------------------------------------------------------------------------------------- */

static void reaches(struct watch *watch, const char *format, const char *name, uint32_t before, uint32_t after)
{
    if (watch->view->reached[0] == '\0')
        snprintf(watch->view->reached, sizeof watch->view->reached, format, name, before, after);
}

/* A tick of the timer, and a new request (which the timer or a device makes), are not the word's doing. */
static bool is_tick(const struct isa_state *state, uint32_t before, uint32_t after)
{
    return (state->duty == ISA_DUTY_COUNTDOWN && after == before - 1) || (state->duty == ISA_DUTY_REQUESTS && (before & ~after) == 0);
}

static void compare_states(struct watch *watch, const struct machine *machine)
{
    for (unsigned i = 0; i < isa_state_count(watch->isa); i++) {
        const struct isa_state *s = isa_state_at(watch->isa, i);
        bool controls = s->role != ISA_ROLE_GENERAL && s->role != ISA_ROLE_PROGRAM_COUNTER;
        for (unsigned k = 0; k < s->count && controls; k++) {
            uint32_t before = watch->before[s->slot + k], after = machine_slot(machine, s->slot + k);
            if (before == after || is_tick(s, before, after))
                continue;
            watch->view->changed = true;
            if (watch->monitored)
                reaches(watch, "the real machine's %s goes from 0x%" PRIx32 " to 0x%" PRIx32, s->name, before, after);
        }
    }
}

static bool observe(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct watch *watch = context;
    switch (event->kind) {
    case MACHINE_EVENT_FETCH:
        watch->inside = event->physical == watch->place && (event->user || !watch->monitored);
        if (watch->inside) {
            watch->view->executed = true;
            for (unsigned i = 0; i < isa_slots(watch->isa); i++)
                watch->before[i] = machine_slot(machine, i);
        }
        break;
    case MACHINE_EVENT_RETIRE:
        if (watch->inside)
            compare_states(watch, machine);
        watch->inside = false;
        break;
    case MACHINE_EVENT_TRAP:
        watch->view->trapped = watch->view->trapped || watch->inside;
        watch->inside = false;
        break;
    case MACHINE_EVENT_PORT:
        if (watch->inside && watch->monitored)
            reaches(watch, "it %s the real machine's port 0x%" PRIx32 " (0x%" PRIx32 ")",
                    event->is_write ? "writes to" : "reads", event->port, event->value);
        break;
    case MACHINE_EVENT_STORE:
        if (watch->inside && !event->by_device && event->physical - watch->start >= watch->size) {
            watch->view->changed = true;
            if (watch->monitored)
                reaches(watch, "it stores%s to the real address 0x%" PRIx32 ", outside of its partition, 0x%" PRIx32,
                        "", event->physical, event->value);
        }
        break;
    default:
        break;
    }
    return true;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static struct machine_image *assemble(const struct isa *isa, const char *text, struct isa_diagnostics *diagnostics)
{
    size_t length;
    uint8_t *bytes = isa_assemble(isa, "demonstration.s", text, &length, diagnostics);
    struct machine_image *image =
        bytes != NULL ? machine_image_from_bytes("demonstration", bytes, length, diagnostics) : NULL;
    free(bytes);
    return image;
}

static void look(const struct machine *machine, unsigned unit, struct lab_view *view)
{
    size_t length;
    uint32_t code;
    const uint8_t *console = machine_console(machine, unit, &length);
    view->console = calloc(length + 1, 1);
    if (view->console == NULL)
        abort();
    if (length > 0)
        memcpy(view->console, console, length);
    view->halted = machine_guest_halt_code(machine, unit, &code);
}

/* Runs an image; `count` guests of it side by side under the monitor, and looks at the last. */
static bool run(const struct isa *isa, const struct machine_image *image, const struct machine_image *monitor,
                unsigned count, bool numbered, struct lab_view *view, struct isa_diagnostics *diagnostics)
{
    const struct machine_image *const guests[2] = {image, image};
    struct machine_options options = {.engine = MACHINE_REFERENCE, .monitor = monitor, .guests = guests};
    struct watch watch = {.isa = isa, .view = view, .monitored = monitor != NULL};
    options.guest_count = monitor != NULL ? count : 1;
    options.identification = !numbered ? 0 : monitor != NULL ? MONITORED_NUMBER : BARE_NUMBER;
    memset(view, 0, sizeof *view);
    struct machine *machine = machine_new(isa, &options, diagnostics);
    watch.before = calloc(isa_slots(isa), sizeof *watch.before);
    if (machine != NULL && watch.before != NULL && machine_image_address(image, "witness", &watch.place)) {
        machine_partition(machine, options.guest_count - 1, &watch.start, &watch.size);
        watch.place += monitor != NULL ? watch.start : 0;
        machine_add_observer(machine,
                             MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_TRAP | MACHINE_EVENT_PORT |
                                 MACHINE_EVENT_STORE,
                             observe, &watch);
        view->stop = machine_run(machine, monitor != NULL ? MONITORED_FUEL : BARE_FUEL);
        look(machine, options.guest_count - 1, view);
    }
    free(watch.before);
    machine_free(machine);
    return view->console != NULL;
}

/* ---- Judging ----------------------------------------------------------------------------------------------------- */

static bool differ(const struct lab_view *a, const struct lab_view *b)
{
    return strcmp(a->console, b->console) != 0 || a->stop != b->stop || a->halted != b->halted;
}

static enum lab_finding judge(const struct lab_view *bare, const struct lab_view *monitored)
{
    if (!bare->executed || !monitored->executed || !differ(bare, monitored))
        return LAB_SAME;
    if (monitored->reached[0] != '\0')
        return LAB_ESCAPES;
    if (bare->changed || (bare->trapped && !monitored->trapped))
        return LAB_LOSES;
    return LAB_DETECTS;
}

static bool run_both(const struct isa *isa, const char *text, const struct classifier_demonstration *program,
                     const struct machine_image *monitor, struct lab_view views[2], struct isa_diagnostics *diagnostics)
{
    struct machine_image *image = assemble(isa, text, diagnostics);
    unsigned count = program->writes_port ? 2 : 1; /* the first guest's units are the real ones by number, too */
    bool ran = image != NULL && run(isa, image, NULL, 1, program->identification, &views[0], diagnostics);
    ran = ran && run(isa, image, monitor, count, program->identification, &views[1], diagnostics);
    machine_image_free(image);
    return ran;
}

static void forget(struct lab_view views[2])
{
    free(views[0].console);
    free(views[1].console);
    memset(views, 0, 2 * sizeof *views);
}

/* The difference is the instruction's doing: without it there is none. */
static bool is_caused(const struct isa *isa, const struct classifier_demonstration *program,
                      const struct machine_image *monitor, struct isa_diagnostics *diagnostics)
{
    struct lab_view views[2] = {{0}};
    bool same = run_both(isa, program->without, program, monitor, views, diagnostics) && !differ(&views[0], &views[1]);
    forget(views);
    return same;
}

static void keep(struct lab_demonstration *demonstration, const struct classifier_demonstration *program,
                 enum lab_finding finding, struct lab_view views[2])
{
    lab_demonstration_free(demonstration);
    demonstration->program = program;
    demonstration->finding = finding;
    demonstration->unseen = !differ(&views[0], &views[1]);
    demonstration->bare = views[0];
    demonstration->monitored = views[1];
}

/* After so many programs without a better result the search ends: where the monitor refuses the guest, where it emulates
 * the word each time, and where the real machine's state alone tells. */
enum { ENOUGH_REFUSALS = 4, ENOUGH_EMULATED = 24, ENOUGH_UNSEEN = 40 };

static bool goes_on(const struct lab_demonstration *demonstration)
{
    unsigned tried = demonstration->tried;
    if (demonstration->program != NULL)
        return demonstration->unseen && tried < ENOUGH_UNSEEN;
    if (demonstration->reached == 0)
        return tried < ENOUGH_REFUSALS;
    return !demonstration->emulated || tried < ENOUGH_EMULATED;
}

/* Runs one program, and keeps it if it shows something. An escape that no console tells of is kept only for want of
 * something better. */
static bool try(struct lab_demonstration *demonstration, const struct isa *isa,
                const struct classifier_demonstration *program, const struct machine_image *monitor,
                struct isa_diagnostics *diagnostics)
{
    struct lab_view views[2] = {{0}};
    bool ran = run_both(isa, program->text, program, monitor, views, diagnostics);
    enum lab_finding finding = ran ? judge(&views[0], &views[1]) : LAB_SAME;
    demonstration->tried++;
    demonstration->reached += ran && views[1].executed;
    if (ran && !views[1].executed && demonstration->refusal[0] == '\0')
        snprintf(demonstration->refusal, sizeof demonstration->refusal, "%.*s", (int)strcspn(views[1].console, "\n"),
                 views[1].console);
    demonstration->emulated = demonstration->emulated && ran && views[1].trapped;
    if (finding != LAB_SAME && is_caused(isa, program, monitor, diagnostics))
        keep(demonstration, program, finding, views);
    else if (ran && finding == LAB_SAME && demonstration->program == NULL && views[1].reached[0] != '\0')
        keep(demonstration, program, LAB_ESCAPES, views);
    else
        forget(views);
    return ran;
}

bool lab_demonstrate(const struct classifier_report *report, unsigned instruction, const struct machine_image *monitor,
                     struct lab_demonstration *demonstration, struct isa_diagnostics *diagnostics)
{
    const struct isa *isa = classifier_report_isa(report);
    const struct classifier_demonstration *programs;
    unsigned count;
    *demonstration = (struct lab_demonstration){.finding = LAB_SAME, .emulated = true};
    demonstration->hidden =
        isa_hidden_by(isa, LAB_DEMONSTRATION_MONITOR, isa_instruction_at(isa, instruction)->name);
    classifier_demonstrate(report, instruction, &programs, &count, &demonstration->obstacle);
    for (unsigned i = 0; i < count && goes_on(demonstration); i++)
        if (!try(demonstration, isa, &programs[i], monitor, diagnostics))
            return false;
    return isa_diagnostics_count(diagnostics) == 0;
}

void lab_demonstration_free(struct lab_demonstration *demonstration)
{
    free(demonstration->bare.console);
    free(demonstration->monitored.console);
}
