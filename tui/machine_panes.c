/* machine_panes.c: registers, PSW, memory, events, consoles. */
#include "tui/machine.h"

#include <inttypes.h>
#include <string.h>

#include "lab/language.h"

static enum tui_style style_of(const struct tui_machine *screen, unsigned program)
{
    return lab_debug_program(screen->debug, program)->is_guest ? TUI_GUEST : TUI_MONITOR;
}

void tui_machine_put_name(const struct tui_machine *screen, struct tui_text *text, unsigned program)
{
    tui_put(text, style_of(screen, program), "%s", "");
    lab_debug_print_name(screen->debug, program, text->stream);
    fflush(text->stream);
}

void tui_machine_put_title(const struct tui_machine *screen, struct tui_text *text)
{
    struct machine_time time = machine_time(screen->machine);
    tui_put(text, TUI_TITLE, " %s  in ", isa_name(screen->isa));
    lab_debug_print_name(screen->debug, lab_debug_current(screen->debug), text->stream);
    tui_put(text, TUI_TITLE, "%s   ", machine_guest_mode(screen->machine) ? _(", guest mode") : "");
    tui_put_number(text, TUI_TITLE, 0, time.instructions);
    tui_put(text, TUI_TITLE, " instructions, ");
    tui_put_number(text, TUI_TITLE, 0, time.traps);
    tui_put(text, TUI_TITLE, " traps   (%s)", screen->title);
    for (int i = 0; i < 200; i++) /* the rest of the line, however long */
        tui_put(text, TUI_TITLE, " ");
}

/* ---- State ------------------------------------------------------------------------------------------------------- */

static void put_value(const struct tui_machine *screen, struct tui_text *text, const struct isa_state *state,
                      unsigned element)
{
    uint32_t value = machine_slot(screen->machine, state->slot + element);
    bool has_changed = value != screen->before[state->slot + element];
    tui_put(text, has_changed ? TUI_CHANGED : TUI_PLAIN, "%0*" PRIx32, (int)(state->width + 3) / 4, value);
}

/* Mode and R always; what counts time, interrupts and the like where there is something to tell. */
static bool is_worth_showing(const struct tui_machine *screen, const struct isa_state *state)
{
    if (state->is_array || state->role == ISA_ROLE_GENERAL || state->role == ISA_ROLE_PROGRAM_COUNTER)
        return false;
    bool is_rare = state->duty == ISA_DUTY_WAITING || state->duty == ISA_DUTY_HALTED ||
                   state->duty == ISA_DUTY_HALT_CODE || state->duty == ISA_DUTY_IDENTIFICATION;
    return !is_rare || machine_slot(screen->machine, state->slot) != 0;
}

void tui_machine_put_psw(const struct tui_machine *screen, struct tui_text *text)
{
    tui_put(text, TUI_DIM, " ");
    for (unsigned i = 0; i < isa_state_count(screen->isa); i++) {
        const struct isa_state *state = isa_state_at(screen->isa, i);
        if (!is_worth_showing(screen, state))
            continue;
        if (state != isa_mode(screen->isa))
            tui_put(text, TUI_DIM, "%s ", state->name);
        if (state == isa_mode(screen->isa))
            tui_put(text,
                    machine_slot(screen->machine, state->slot) != screen->before[state->slot] ? TUI_CHANGED
                                                                                              : TUI_STRONG,
                    "%s", machine_user_mode(screen->machine) ? "user" : "supervisor");
        else
            put_value(screen, text, state, 0);
        tui_put(text, TUI_DIM, "  ");
    }
}

/* In two columns: the first half of the registers, and the second. */
void tui_machine_put_registers(const struct tui_machine *screen, struct tui_text *text, int lines)
{
    const struct isa_state *general = isa_general_registers(screen->isa), *pc = isa_program_counter(screen->isa);
    unsigned count = general != NULL ? general->count : 0, half = (count + 1) / 2;
    for (unsigned line = 0; line < half && (int)line < lines; line++) {
        for (unsigned element = line; element < count; element += half) {
            bool is_zero = (int)element == general->zero; /* its place is the pc's */
            const char *name = is_zero ? pc->name : general->names != NULL ? general->names[element] : NULL;
            char number[16];
            snprintf(number, sizeof number, "%s%u", general->name, element);
            tui_put(text, TUI_DIM, " %4s ", name != NULL ? name : number);
            put_value(screen, text, is_zero ? pc : general, is_zero ? 0 : element);
            tui_put(text, TUI_PLAIN, " ");
        }
        tui_put(text, TUI_PLAIN, "\n");
    }
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

void tui_machine_put_memory(const struct tui_machine *screen, struct tui_text *text, int lines)
{
    enum { BYTES = 8 };
    uint32_t first = screen->memory_address & ~(uint32_t)(BYTES - 1);
    for (int line = 0; line < lines; line++) {
        uint32_t address = first + (uint32_t)line * BYTES, physical;
        uint8_t bytes[BYTES];
        char printed[BYTES + 1];
        tui_put(text, TUI_DIM, " %08" PRIx32 " ", address);
        bool is_there = lab_debug_physical(screen->debug, screen->memory_program, address, &physical) &&
                        machine_read(screen->machine, physical, bytes, BYTES);
        for (int i = 0; i < BYTES && is_there; i++) {
            bool is_asked = address + (uint32_t)i - screen->memory_address < 4;
            tui_put(text, is_asked ? TUI_STRONG : TUI_PLAIN, "%02x%s", bytes[i], i == 3 ? " " : "");
            printed[i] = bytes[i] >= ' ' && bytes[i] < 127 ? (char)bytes[i] : '.';
        }
        tui_put(text, TUI_DIM, is_there ? " %.8s\n" : "not in this address space%.0s\n", printed);
    }
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static void put_timer(const struct tui_machine *screen, struct tui_text *text)
{
    const struct isa_state *timer = isa_state_with_duty(screen->isa, ISA_DUTY_COUNTDOWN);
    const struct isa_state *requests = isa_state_with_duty(screen->isa, ISA_DUTY_REQUESTS);
    uint32_t left = timer != NULL ? machine_slot(screen->machine, timer->slot) : 0;
    uint32_t bits = requests != NULL ? machine_slot(screen->machine, requests->slot) : 0;
    tui_put(text, TUI_STRONG, " timer   ");
    tui_put(text, TUI_PLAIN, left != 0 ? "in %" PRIu32 " instructions\n" : "not set\n", left);
    tui_put(text, TUI_STRONG, " pending ");
    for (unsigned bit = 0; bit < 32; bit++) {
        const struct isa_cause *cause = bits >> bit & 1 ? isa_cause_numbered(screen->isa, 16 + bit) : NULL;
        if (cause != NULL)
            tui_put(text, TUI_TRAP, "%s ", cause->name);
    }
    tui_put(text, TUI_DIM, bits == 0 ? "no interrupt\n" : "\n");
}

static void put_unit(struct tui_text *text, const struct machine_unit_state *unit)
{
    tui_put(text, TUI_STRONG, " console ");
    tui_put(text, TUI_PLAIN, "%zu out, %zu in%s\n", unit->output, unit->input_left,
            unit->console_requests ? ", interrupts" : "");
    tui_put(text, TUI_STRONG, " disk    ");
    if (unit->disk_length == 0)
        tui_put(text, TUI_DIM, "none\n");
    else if (unit->disk_busy)
        tui_put(text, TUI_CHANGED, "%s %" PRIu32 "+%" PRIu32 ", in %" PRIu64 "\n",
                unit->disk_writes ? "writes" : "reads", unit->disk_sector, unit->disk_sectors, unit->disk_left);
    else
        tui_put(text, TUI_PLAIN, "%zu KiB, %s\n", unit->disk_length / 1024, unit->disk_failed ? "has failed" : "idle");
    if (unit->disk_busy)
        tui_put(text, TUI_DIM, "         memory at %08" PRIx32 "\n", unit->disk_address);
    tui_put(text, TUI_STRONG, " network ");
    tui_put(text, TUI_PLAIN, "%" PRIu32 " sent, %" PRIu32 " received\n", unit->frames_sent, unit->frames_arrived);
    if (unit->frames_waiting > 0 || unit->frames_dropped > 0)
        tui_put(text, TUI_DIM, "         %" PRIu32 " wait, %" PRIu32 " dropped\n", unit->frames_waiting,
                unit->frames_dropped);
}

/* The hardware's own; a guest under a monitor believes in others. */
void tui_machine_put_devices(const struct tui_machine *screen, struct tui_text *text, int lines)
{
    unsigned units = machine_guest_count(screen->machine);
    put_timer(screen, text);
    for (unsigned i = 0; i < units && (int)i * 5 < lines; i++) {
        struct machine_unit_state unit;
        machine_look_at_unit(screen->machine, i, &unit);
        if (units > 1)
            tui_put(text, TUI_DIM, " unit %u\n", i + 1);
        else
            tui_put(text, TUI_PLAIN, "\n");
        put_unit(text, &unit);
    }
}

enum { MOST_CELLS = 512, STEP = 4096 };

/* Physical memory from end to end: whose each part is, what the running program can reach now, and where it is. */
void tui_machine_put_map(struct tui *tui, const struct tui_machine *screen, struct tui_text *text, int columns)
{
    bool reached[MOST_CELLS] = {false};
    int first = -1, last = -1;
    uint32_t size = machine_memory_size(screen->machine), physical, word, step = size < STEP ? 1 : STEP;
    int cells = columns - 9 < MOST_CELLS ? columns - 9 : MOST_CELLS;
    for (uint64_t address = 0; address < size; address += step)
        if (machine_translate(screen->machine, (uint32_t)address, 1, 2, &physical) && physical < size)
            reached[(uint64_t)physical * (uint64_t)cells / size] = true;
    for (int i = 0; i < cells; i++) {
        first = reached[i] && first < 0 ? i : first;
        last = reached[i] ? i : last;
    }
    bool is_fetched = machine_next_word(screen->machine, &word, &physical);
    int here = is_fetched ? (int)((uint64_t)physical * (uint64_t)cells / size) : -1;
    tui_put(text, TUI_DIM, "memory  ");
    for (int i = 0; i < cells; i++) {
        uint32_t address = (uint32_t)(((uint64_t)size * (uint64_t)(2 * i + 1)) / (uint64_t)(2 * cells));
        unsigned owner = lab_programs_owner(screen->programs, address);
        tui_put(text, i == here ? TUI_TRAP : style_of(screen, owner), "%s",
                tui_glyph(tui->terminal, i == here ? TUI_ARROW : reached[i] ? TUI_FULL : TUI_EMPTY));
    }
    tui_put(text, TUI_DIM, "\nR       ");
    for (int i = 0; i < cells; i++)
        tui_put(text, TUI_STRONG, "%s", first < 0 || i < first || i > last ? " "
                                        : tui_glyph(tui->terminal, i == first  ? TUI_FROM
                                                                   : i == last ? TUI_TO
                                                                               : TUI_HORIZONTAL));
}

/* ---- What has happened ------------------------------------------------------------------------------------------- */

void tui_machine_put_event(const struct tui_machine *screen, struct tui_text *text, const struct tui_event *event)
{
    const struct isa_cause *cause = isa_cause_numbered(screen->isa, event->cause);
    tui_put_number(text, TUI_DIM, 0, event->steps);
    tui_put(text, TUI_TRAP, " %s ", event->kind == MACHINE_EVENT_INTERRUPT ? "interrupt" : "trap");
    tui_put(text, TUI_PLAIN, "%s", cause != NULL ? cause->name : "unknown");
    tui_put(text, TUI_DIM, " at %08" PRIx32 "%s", event->pc, event->is_mapped ? " in " : ", not mapped");
    if (event->is_mapped)
        tui_machine_put_name(screen, text, event->program);
    if (event->kind != MACHINE_EVENT_INTERRUPT && event->value != 0)
        tui_put(text, TUI_DIM, ", value %08" PRIx32, event->value);
    tui_put(text, TUI_PLAIN, "\n");
}

void tui_machine_put_events(const struct tui_machine *screen, struct tui_text *text, int lines)
{
    unsigned past = tui_machine_past_events(screen), shown = past < (unsigned)lines ? past : (unsigned)lines;
    for (unsigned i = past - shown; i < past; i++) {
        tui_put(text, TUI_DIM, i + shown == past ? "events  " : "        ");
        tui_machine_put_event(screen, text, tui_machine_event(screen, i));
    }
    if (shown == 0)
        tui_put(text, TUI_DIM, "events  no trap yet\n");
}

/* The last lines of each console. */
void tui_machine_put_consoles(const struct tui_machine *screen, struct tui_text *text, int lines)
{
    unsigned guests = machine_guest_count(screen->machine);
    unsigned each = (unsigned)lines / guests ? (unsigned)lines / guests : 1;
    for (unsigned guest = 0; guest < guests; guest++) {
        size_t length;
        const char *bytes = (const char *)machine_console(screen->machine, guest, &length);
        while (length > 0 && bytes[length - 1] == '\n')
            length--;
        size_t start = length;
        for (unsigned line = 0; line < each && start > 0; line++) {
            start -= line > 0; /* the line end that the last search stopped behind */
            while (start > 0 && bytes[start - 1] != '\n')
                start--;
        }
        for (unsigned line = 0; line < each; line++) {
            const char *end = length > start ? memchr(bytes + start, '\n', length - start) : NULL;
            size_t part = length > start ? (end != NULL ? (size_t)(end - bytes) : length) - start : 0;
            tui_put(text, TUI_DIM, line > 0 ? "        " : guests > 1 ? "guest %-2u" : "console ", guest + 1);
            if (part > 0)
                tui_put_bytes(text, TUI_PLAIN, bytes + start, part);
            tui_put(text, TUI_PLAIN, "\n");
            start += part + (part > 0 || end != NULL);
        }
    }
}
