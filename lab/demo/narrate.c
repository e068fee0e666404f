/* narrate.c: tells the story of one trap, from a guest's instruction through the PSW swap and the monitor back to the guest.
 *
 * usage: narrate MONITOR.elf GUEST.elf INSTRUCTION [N]
 *
 * Nothing here is canned: the guest runs under the monitor until it executes the named instruction directly for the N-th
 * time and traps, and what is told is what the observers of that run report.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "machine/machine.h"

enum { MOST_VISITS = 24, MOST_WRITES = 4, FUEL = 100000000, INDENT = 6, WIDTH = 78 };
enum { TRAP_AREA_OLD = 0x40, TRAP_AREA_NEW = 0x50 };

struct psw {
    uint32_t flags, pc, base, bound;
};

/* A function of the monitor, and how much was executed in it. */
struct visit {
    const char *function;
    uint32_t entered_at;
    uint64_t instructions;
};

/* What the monitor wrote to a port. */
struct port_write {
    uint32_t port, value;
};

struct story {
    const struct isa *isa;
    const struct machine_image *monitor, *guest;
    const char *instruction;
    unsigned skip; /* so many of them are not told */
    enum { BEFORE, INSIDE, OVER } part;
    uint32_t guest_pc, guest_physical, word;
    struct psw running, old; /* the guest's real PSW before the trap, and as the hardware saved it */
    struct machine_time start;
    struct visit visits[MOST_VISITS];
    unsigned visit_count;
    struct port_write writes[MOST_WRITES];
    unsigned write_count;
    unsigned step; /* of the story */
};

/* Prints one numbered step, its words folded to the width of a page. */
static void say(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct story *story, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int column = printf("%*u.", INDENT - 2, ++story->step);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        if (column + 1 + (int)strlen(word) > WIDTH)
            column = printf("\n%*s", INDENT - 1, "") - 1;
        column += printf(" %s", word);
    }
    putchar('\n');
}

static uint32_t state_named(const struct story *story, const struct machine *machine, const char *name)
{
    const struct isa_state *state = isa_state_named(story->isa, name);
    return state == NULL ? 0 : machine_slot(machine, state->slot);
}

static struct psw psw_now(const struct story *story, const struct machine *machine)
{
    struct psw psw = {
        .flags = state_named(story, machine, "mode") | state_named(story, machine, "enable") << 1,
        .pc = machine_pc(machine),
        .base = state_named(story, machine, "base"),
        .bound = state_named(story, machine, "bound"),
    };
    return psw;
}

static struct psw psw_at(const struct machine *machine, uint32_t address)
{
    struct psw psw = {0};
    machine_read(machine, address, &psw, sizeof psw);
    return psw;
}

static const char *psw_text(struct psw psw, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s mode, interrupts %s, pc 0x%" PRIx32 ", R = (0x%" PRIx32 ", 0x%" PRIx32 ")",
             psw.flags & 1 ? "user" : "supervisor", psw.flags & 2 ? "on" : "off", psw.pc, psw.base, psw.bound);
    return buffer;
}

/* "in NAME, FILE:LINE", as far as the image knows. */
static const char *where(const struct machine_image *image, uint32_t address, char *buffer, size_t size)
{
    uint32_t offset;
    const char *file;
    unsigned line;
    const char *symbol = machine_image_symbol(image, address, &offset);
    /* GCC marks parts of a function as in run.isra.0 */
    int name = symbol != NULL ? (int)strcspn(symbol, ".") : 0;
    int length = symbol != NULL ? snprintf(buffer, size, "in %.*s", name, symbol)
                                : snprintf(buffer, size, "in code without a name");
    if (length > 0 && (size_t)length < size && machine_image_line(image, address, &file, &line))
        snprintf(buffer + length, size - (size_t)length, ", %s:%u", file, line);
    return buffer;
}

/* The guest's instruction has trapped, and the machine is about to swap PSWs. */
static void tell_trap(struct story *story, const struct machine_event *event)
{
    char text[160], place[160];
    const struct isa_cause *cause = isa_cause_numbered(story->isa, event->cause);
    isa_disassemble(story->isa, story->word, story->guest_pc, NULL, NULL, text, sizeof text);
    say(story, "The guest's kernel executes `%s` at its address 0x%" PRIx32 " (%s).", text, story->guest_pc,
        where(story->guest, story->guest_pc, place, sizeof place));
    say(story, "It believes that it is in supervisor mode and owns the machine. In truth the PSW is: %s. The instruction was "
               "fetched from physical address 0x%" PRIx32 ".",
        psw_text(story->running, text, sizeof text), story->guest_physical);
    say(story, "It does nothing: the machine traps, with cause %" PRIu32 " (%s) and the instruction word 0x%08" PRIx32 ".",
        event->cause, cause != NULL ? cause->name : "?", event->value);
}

/* The PSW has been swapped: the monitor's first instruction is next. */
static void tell_swap(struct story *story, const struct machine *machine)
{
    char text[160], place[160];
    story->old = psw_at(machine, TRAP_AREA_OLD);
    struct psw now = psw_now(story, machine);
    say(story, "PSW swap. The old PSW goes to address 0x%x: %s.", TRAP_AREA_OLD, psw_text(story->old, text, sizeof text));
    say(story, "The new PSW comes from address 0x%x: %s. Now the monitor runs (%s).", TRAP_AREA_NEW,
        psw_text(now, text, sizeof text), where(story->monitor, now.pc, place, sizeof place));
}

/* Which functions of the monitor were at work, in the order of their first instruction. */
static void tell_monitor(struct story *story, const struct machine *machine)
{
    uint64_t instructions = machine_time(machine).instructions - story->start.instructions;
    char place[160];
    say(story, "The monitor saves the guest's registers, finds out what the instruction means, and does that to the guest's "
               "virtual machine, in %" PRIu64 " instructions of its own:", instructions);
    for (unsigned i = 0; i < story->visit_count; i++) {
        const struct visit *visit = &story->visits[i];
        printf("%*s%6" PRIu64 "  %s\n", INDENT, "", visit->instructions,
               where(story->monitor, visit->entered_at, place, sizeof place) + strlen("in "));
    }
    for (unsigned i = 0; i < story->write_count; i++) {
        const struct port_write *write = &story->writes[i];
        char letter[8] = "";
        if (write->value > 32 && write->value < 127)
            snprintf(letter, sizeof letter, " ('%c')", (int)write->value);
        say(story, "Among them, on the guest's behalf: 0x%" PRIx32 "%s written to port 0x%" PRIx32 ".", write->value, letter,
            write->port);
    }
}

static void tell_return(struct story *story, const struct machine *machine)
{
    char text[160], place[160];
    struct psw now = psw_now(story, machine);
    struct machine_time time = machine_time(machine);
    uint32_t start, size;
    machine_partition(machine, 0, &start, &size);
    tell_monitor(story, machine);
    say(story, "The monitor loads the guest's PSW: %s.", psw_text(now, text, sizeof text));
    *text = '\0'; /* where R is new, the image's symbols do not hold */
    if (now.base != story->running.base || now.bound != story->running.bound)
        say(story, "R is new: the guest asked for (0x%" PRIx32 ", 0x%" PRIx32 "), and its memory begins at 0x%" PRIx32 ": the "
                   "two moves are composed.", now.base - start, now.bound, start);
    else
        snprintf(text, sizeof text, " (%s)", where(story->guest, now.pc, place, sizeof place));
    say(story, "The guest goes on %s%s, and cannot tell that anything happened.",
        now.pc == story->guest_pc + 4 ? "with its next instruction" : "where the instruction led", text);
    unsigned bare = isa_instruction_cycles(isa_decode(story->isa, story->word), machine_cost(machine));
    say(story, "On a bare machine the instruction costs %u cycle%s. Here, with trap and monitor, it cost %" PRIu64 ".", bare,
        bare == 1 ? "" : "s", time.cycles - story->start.cycles);
}

static void count_visit(struct story *story, uint32_t pc)
{
    uint32_t offset;
    const char *function = machine_image_symbol(story->monitor, pc, &offset);
    if (function == NULL)
        return;
    for (unsigned i = 0; i < story->visit_count; i++)
        if (strcmp(story->visits[i].function, function) == 0) {
            story->visits[i].instructions++;
            return;
        }
    if (story->visit_count < MOST_VISITS)
        story->visits[story->visit_count++] = (struct visit){function, pc, 1};
}

static void observe_guest(struct story *story, const struct machine *machine, const struct machine_event *event)
{
    if (event->kind == MACHINE_EVENT_FETCH && event->user) {
        story->guest_pc = event->pc;
        story->guest_physical = event->physical;
        story->word = event->word;
        story->running = psw_now(story, machine);
        story->start = machine_time(machine);
        return;
    }
    const struct isa_instruction *instruction = isa_decode(story->isa, story->word);
    if (event->kind == MACHINE_EVENT_TRAP && event->pc == story->guest_pc && (story->running.flags & 1) &&
        instruction != NULL && strcmp(instruction->name, story->instruction) == 0 && story->skip-- == 0) {
        tell_trap(story, event);
        story->part = INSIDE;
    }
}

static bool observe(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct story *story = context;
    if (story->part == BEFORE) {
        observe_guest(story, machine, event);
        return true;
    }
    if (event->kind == MACHINE_EVENT_PSW && story->old.bound == 0 && story->visit_count == 0)
        tell_swap(story, machine);
    if (event->kind == MACHINE_EVENT_RETIRE && !event->user)
        count_visit(story, event->pc);
    if (event->kind == MACHINE_EVENT_PORT && event->is_write && story->write_count < MOST_WRITES)
        story->writes[story->write_count++] = (struct port_write){event->port, event->value};
    if (event->kind != MACHINE_EVENT_FETCH || !event->user)
        return true;
    story->part = OVER;
    tell_return(story, machine);
    return false;
}

static int tell(struct story *story, struct isa_diagnostics *diagnostics)
{
    const struct machine_image *guests[] = {story->guest};
    struct machine_options options = {.monitor = story->monitor, .guests = guests, .guest_count = 1};
    struct machine *machine = machine_new(story->isa, &options, diagnostics);
    if (machine == NULL)
        return isa_diagnostics_exit_code(diagnostics);
    machine_add_observer(machine, MACHINE_EVENT_TRAP | MACHINE_EVENT_PSW | MACHINE_EVENT_PORT | MACHINE_EVENT_RETIRE |
                                      MACHINE_EVENT_FETCH, observe, story);
    machine_run(machine, FUEL);
    machine_free(machine);
    if (story->part == OVER)
        return 0;
    fprintf(stderr, "narrate: the guest never executed '%s' itself, or did not come back\n", story->instruction);
    return ISA_EXIT_DATA;
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fputs("usage: narrate MONITOR.elf GUEST.elf INSTRUCTION [N]\n", stderr);
        return ISA_EXIT_USAGE;
    }
    unsigned long number = argc == 5 ? strtoul(argv[4], NULL, 10) : 1;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load("pg74", diagnostics);
    struct machine_image *monitor = machine_image_open(argv[1], diagnostics);
    struct machine_image *guest = machine_image_open(argv[2], diagnostics);
    struct story story = {.isa = isa, .monitor = monitor, .guest = guest, .instruction = argv[3],
                          .skip = number > 0 ? (unsigned)number - 1 : 0};
    int code = 0;
    if (isa != NULL && monitor != NULL && guest != NULL)
        code = tell(&story, diagnostics);
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    machine_image_free(guest);
    machine_image_free(monitor);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
    return code;
}
