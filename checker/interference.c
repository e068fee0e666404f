/* interference.c: can one guest learn what another one holds? The first guest, a generated one, runs beside a second
 * one, twice. The second does the same in both runs, but what it holds is another thing each time: its secret stands
 * in its registers and memory, on its disk and in its console input, goes through ports and page after page of its
 * memory. Whatever the first guest's instructions compute, and whatever it leaves behind, must be the same in both. */
#include "checker/check.h"

#include <inttypes.h>
#include <string.h>

enum { FUEL = 20000000 };

/* What can be seen of the first guest's run. */
struct trace {
    uint32_t start, size;
    const unsigned *slots; /* of the general registers */
    unsigned slot_count;
    uint64_t hash, instructions;
};

static uint64_t mix(uint64_t hash, uint32_t value)
{
    return (hash ^ value) * UINT64_C(0x100000001b3); /* FNV-1a's prime */
}

static bool see(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct trace *trace = context;
    if (!(event->user || event->guest) || event->physical - trace->start >= trace->size)
        return true;
    trace->hash = mix(mix(trace->hash, event->pc), event->word);
    for (unsigned i = 0; i < trace->slot_count; i++)
        trace->hash = mix(trace->hash, machine_slot(machine, trace->slots[i]));
    trace->instructions++;
    return true;
}

/* The second guest, which does the same whatever its secret is. */
static void make_second(struct checker_program *program, const struct isa *isa, uint32_t secret)
{
    program->isa = isa;
    program->disk_sectors = 4;
    program->disk_key = secret & 0xff;
    program->input_length = 16;
    for (unsigned i = 0; i < 16; i++)
        program->input[i] = (uint8_t)(secret >> i % 4 * 8);
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n"
                     "        .text\n_start:",
                     CHECKER_CASE_MEMORY);
    for (unsigned i = 0; i < 8; i++)
        checker_case_say(program, "        li      %c%u, %#x", i < 6 ? 'a' : 's', i < 6 ? i : i - 4, secret);
    checker_case_say(program,
                     "        li      t0, %#x\n        li      t1, %#x\nfill:\n        sw      a0, 0(t0)\n"
                     "        addi    t0, t0, 64\n        bltu    t0, t1, fill\n        li      t2, 8\nround:\n"
                     "        li      t0, @console_output\n        out     t0, a1\n        li      t0, @console_input\n"
                     "        in      a4, t0\n        ecall\n        li      t0, @disk_address\n"
                     "        li      t1, 0x8000\n        out     t0, t1\n        li      t0, @disk_count\n"
                     "        li      t1, 1\n        out     t0, t1\n        li      t0, @disk_command\n"
                     "        out     t0, t1\n"
                     "        li      t0, @disk_status\nbusy:\n        in      t1, t0\n        addi    t1, t1, -1\n"
                     "        beqz    t1, busy\n        addi    t2, t2, -1\n        bnez    t2, round\n"
                     "        halt    zero\nhandler:\n        lw      t0, @old_psw+4(zero)\n"
                     "        addi    t0, t0, 4\n        sw      t0, @old_psw+4(zero)\n"
                     "        lpsw    @old_psw(zero)",
                     CHECKER_CASE_DATA, CHECKER_CASE_MEMORY);
}

static void make_case(struct checker_case *made, const struct isa *isa, uint64_t seed, uint64_t number, uint32_t secret)
{
    checker_generate(made, isa, seed, number, false); /* the second guest does not talk */
    struct checker_program *second = &made->programs[1];
    if (made->program_count == 2) {
        struct checker_case old = *made;
        old.programs[0] = (struct checker_program){0};
        checker_case_clear(&old);
        *second = (struct checker_program){0};
    }
    made->program_count = 2;
    snprintf(made->name, sizeof made->name, "generated %" PRIu64 " beside a guest that holds %#" PRIx32, number,
             secret);
    make_second(second, isa, secret);
}

static unsigned general_slots(const struct isa *isa, unsigned slots[64])
{
    unsigned count = 0;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned j = 0; state->role == ISA_ROLE_GENERAL && j < state->count && count < 64; j++)
            slots[count++] = state->slot + j;
    }
    return count;
}

static bool same_bytes(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    return a_length == b_length && (a_length == 0 || memcmp(a, b, a_length) == 0);
}

static bool same_memory(const struct machine *a, const struct machine *b, uint32_t start, uint32_t size)
{
    uint8_t in_a[4096], in_b[4096];
    for (uint32_t at = 0; at < size; at += (uint32_t)sizeof in_a) {
        uint32_t length = size - at < sizeof in_a ? size - at : (uint32_t)sizeof in_a;
        if (!machine_read(a, start + at, in_a, length) || !machine_read(b, start + at, in_b, length) ||
            memcmp(in_a, in_b, length) != 0)
            return false;
    }
    return true;
}

/* NULL, or in what the first guest's two runs differ. */
static const char *difference(struct machine *const machines[2], const struct trace traces[2])
{
    size_t lengths[2];
    uint32_t codes[2] = {0, 0};
    const uint8_t *bytes[2];
    if (traces[0].hash != traces[1].hash || traces[0].instructions != traces[1].instructions)
        return "the instructions that it executes, or their results";
    if (machine_guest_halt_code(machines[0], 0, &codes[0]) != machine_guest_halt_code(machines[1], 0, &codes[1]) ||
        codes[0] != codes[1])
        return "its halt code";
    for (unsigned i = 0; i < 2; i++)
        bytes[i] = machine_console(machines[i], 0, &lengths[i]);
    if (!same_bytes(bytes[0], lengths[0], bytes[1], lengths[1]))
        return "what it prints";
    for (unsigned i = 0; i < 2; i++)
        bytes[i] = machine_disk(machines[i], 0, &lengths[i]);
    if (!same_bytes(bytes[0], lengths[0], bytes[1], lengths[1]))
        return "what is on its disk";
    return same_memory(machines[0], machines[1], traces[0].start, traces[0].size) ? NULL : "its memory";
}

bool checker_interference(struct checker_supply *supply, const struct checker_monitor *monitor, uint64_t seed,
                          uint64_t number, struct checker_case *shown, char *what, size_t size)
{
    static const uint32_t secrets[2] = {0x5ec4e700, 0x0ddba115};
    unsigned slots[64], slot_count = general_slots(supply->isa, slots);
    const unsigned places[2] = {CHECKER_PLACE_MONITORED + 1, CHECKER_PLACE_SECOND};
    const struct isa *isa = supply->isa;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machines[2] = {NULL, NULL};
    struct checker_loaded loaded[2] = {0};
    struct trace traces[2];
    struct checker_case cases[2];
    bool made = true;
    for (unsigned i = 0; i < 2; i++) {
        make_case(&cases[i], isa, seed, number, secrets[i]);
        made = made && checker_case_load(&loaded[i], isa, &cases[i], diagnostics);
        checker_monitor_use(monitor, &loaded[i].options);
        machines[i] = made ? checker_supply_take(supply, isa, places[i], &loaded[i].options, diagnostics) : NULL;
        made = made && machines[i] != NULL;
        if (!made)
            continue;
        traces[i] = (struct trace){.slots = slots, .slot_count = slot_count};
        machine_innermost_partition(machines[i], 0, &traces[i].start, &traces[i].size);
        machine_watch_within(machines[i], traces[i].start, traces[i].size);
        machine_add_observer(machines[i], MACHINE_EVENT_FETCH, see, &traces[i]);
        checker_monitor_run(monitor, machines[i], FUEL);
    }
    const char *found = made ? difference(machines, traces) : NULL;
    snprintf(what, size, "%s", found ? found : "");
    if (found != NULL)
        checker_case_copy(shown, &cases[0]);
    for (unsigned i = 0; i < 2; i++) {
        checker_supply_return(supply, places[i], machines[i]);
        checker_loaded_free(&loaded[i]);
        checker_case_clear(&cases[i]);
    }
    isa_diagnostics_free(diagnostics);
    return found == NULL;
}
