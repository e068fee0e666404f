/* demonstrate_program.c: the text of a guest program: a kernel that sets up a state, has the word executed in it, and
 * prints what the trap after it finds. */
#include "classifier/demonstrate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    KERNEL_SIZE = 0x1000, TRAP_AREA = 0x40, LOW_MEMORY = 0x200, /* the trap area and the boot block */
    FIRST_LOADED = 0x1000, /* below stands nothing of an image */
    GUEST_MEMORY = 0x100000, BOOT_MEMORY_SIZE = 0x108, SAVE_SIZE = 128, LONG_TIME = 0x1000000,
    MOST_WORDS = 4
};

/* A value that the kernel prints, and the instructions that load it into a1. */
struct value_seen { const char *name, *load; };

/* Addresses are physical; the kernel's R is all of memory, so they are its virtual ones too. */
struct writer {
    const struct kit *kit;
    const struct situation *situation;
    char *text;
    size_t length, room;
    uint32_t kernel, save, test, test_size; /* where things stand */
    uint32_t landing;                       /* where the word jumps to; 0: it does not, or nothing fits there */
    bool lands;
    struct effects effects;                 /* of the word in this state, on the bare machine */
    LIST(struct value_seen) values;
    const char **obstacle;
};

static void say(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(writer->text + writer->length, writer->room - writer->length, format, arguments);
    va_end(arguments);
    size_t left = writer->room - writer->length - 1;
    writer->length += length > 0 && (size_t)length < left ? (size_t)length : left; /* too long: full, and given up */
}

static const struct isa_state *program_counter(const struct writer *writer)
{
    return isa_program_counter(writer->kit->isa);
}

/* Its name in assembly. */
static const char *register_name(const struct writer *writer, unsigned number)
{
    return writer->kit->general->names[number];
}

/* ---- Places ------------------------------------------------------------------------------------------------------ */

static bool apart(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return a + a_size <= b || b + b_size <= a;
}

/* No byte that the witness speaks of stands there. */
static bool is_free(const struct writer *writer, uint32_t start, uint32_t size)
{
    const struct classifier_witness *witness = writer->situation->witness;
    const struct concrete *state = writer->situation->state;
    for (unsigned i = 0; i < state->bytes.count; i++)
        if (state->bytes.items[i].address - start < size)
            return false;
    for (unsigned s = 0; s < witness->state_count; s++)
        for (unsigned i = 0; i < witness->effects[s].stores.count; i++)
            if (witness->effects[s].stores.items[i].address - start < size)
                return false;
    return true;
}

static bool find_places(struct writer *writer)
{
    static const uint32_t kernels[] = {0x1000, 0x5000, 0x20000, 0x41000}, saves[] = {0x80, 0x400, 0x600, 0x700};
    uint32_t base = writer->situation->start, bound = writer->situation->size;
    uint64_t end = (uint64_t)base + bound < GUEST_MEMORY ? (uint64_t)base + bound : GUEST_MEMORY;
    unsigned i, k;
    for (i = 0; i < 4 && !is_free(writer, kernels[i], KERNEL_SIZE); i++) {}
    for (k = 0; k < 4 && !is_free(writer, saves[k], SAVE_SIZE); k++) {}
    if (i == 4 || k == 4 || base >= GUEST_MEMORY)
        return false;
    writer->kernel = kernels[i];
    writer->save = saves[k];
    for (writer->test = base < 0x3000 && end > 0x4000 ? 0x3000 : base; writer->test + writer->test_size <= end;
         writer->test += 16)
        if (writer->test >= FIRST_LOADED && is_free(writer, writer->test, writer->test_size) &&
            apart(writer->test, writer->test_size, writer->kernel, KERNEL_SIZE) &&
            apart(writer->test, writer->test_size, writer->save, SAVE_SIZE))
            return true;
    return false;
}

/* ---- What the word does ------------------------------------------------------------------------------------------ */

static uint32_t general(const struct writer *writer, unsigned number)
{
    return writer->situation->state->slots[writer->kit->general->slot + number];
}

static bool loads_register(const struct writer *writer, unsigned number)
{
    bool used = number >= FIRST_TOOL_REGISTER && number < FIRST_TOOL_REGISTER + MOST_TOOL_REGISTERS;
    return (int)number != writer->kit->general->zero && (used || general(writer, number) != 0);
}

/* The length of the program under test: one instruction or two (docs/assembler.md, li) for each register, the word,
 * the trap. */
static uint32_t measure(const struct writer *writer)
{
    uint32_t count = 2;
    for (unsigned i = 0; i < 32; i++) {
        uint32_t value = general(writer, i);
        bool is_short = value + 0x800 < 0x1000 || (value & 0xfff) == 0;
        count += loads_register(writer, i) ? (is_short ? 1 : 2) : 0;
    }
    return 4 * count;
}

/* False for a resource or time value that neither the PSW nor an instruction sets. */
static bool can_set(const struct writer *writer, const struct isa_state *state)
{
    bool carries = (state->role == ISA_ROLE_RESOURCE || state->role == ISA_ROLE_TIME) && !state->is_array;
    return !carries || classifier_psw_flag(writer->kit, state) != 0 ||
           classifier_find_setter(writer->kit, state).text != NULL;
}

/* Executes the word as the bare machine will, to know where it jumps, what it writes and what it stores. */
static void foresee(struct writer *writer, uint32_t word_address)
{
    const struct kit *kit = writer->kit;
    const struct classifier_witness *witness = writer->situation->witness;
    const struct situation *situation = writer->situation;
    struct concrete state = *situation->state;
    size_t size = isa_slots(kit->isa) * sizeof *state.slots;
    state.slots = memcpy(classifier_allocate(kit->pool, size), situation->state->slots, size);
    state.slots[kit->relocation[0]->slot] = situation->base;
    state.slots[kit->relocation[1]->slot] = situation->bound;
    state.slots[program_counter(writer)->slot] = word_address - situation->start;
    state.memory_size = GUEST_MEMORY;
    for (unsigned i = 0; situation->marked && i < isa_state_count(kit->isa); i++)
        if (!can_set(writer, isa_state_at(kit->isa, i)))
            state.slots[isa_state_at(kit->isa, i)->slot] = 0; /* as after a reset */
    classifier_run(kit->isa, witness->instruction, situation->word, &state, &witness->devices, kit->pool,
                   &writer->effects);
    uint32_t next = writer->effects.slots[program_counter(writer)->slot], physical = situation->start + next;
    writer->lands = writer->effects.outcome.end == ISA_DONE && next != word_address - situation->start + 4 &&
                    next % 4 == 0 && next < situation->size && physical < GUEST_MEMORY - 4 &&
                    is_free(writer, physical, 4) && apart(physical, 4, writer->kernel, KERNEL_SIZE) &&
                    apart(physical, 4, writer->test, writer->test_size) && (physical < TRAP_AREA || physical >= LOW_MEMORY);
    writer->landing = physical;
}

/* ---- The state --------------------------------------------------------------------------------------------------- */

static void write_bytes(struct writer *writer)
{
    const struct concrete *state = writer->situation->state;
    for (unsigned i = 0; i < state->bytes.count; i++) {
        struct byte byte = state->bytes.items[i];
        if (byte.value != 0 && byte.address < GUEST_MEMORY)
            say(writer, "        li   t0, 0x%" PRIx32 "           # memory\n        li   t1, 0x%x\n"
                        "        sb   t1, 0(t0)\n", byte.address, byte.value);
    }
    for (unsigned i = 0; writer->situation->marked && i < writer->effects.stores.count; i++) {
        struct byte byte = writer->effects.stores.items[i];
        if (byte.address < TRAP_AREA || (byte.address >= LOW_MEMORY && byte.address < GUEST_MEMORY &&
                                         apart(byte.address, 1, writer->kernel, KERNEL_SIZE) &&
                                         apart(byte.address, 1, writer->test, writer->test_size)))
            say(writer, "        li   t0, 0x%" PRIx32 "           # a mark, to see whether it is overwritten\n"
                        "        li   t1, 0x%x\n        sb   t1, 0(t0)\n", byte.address, (uint8_t)~byte.value);
    }
    if (writer->lands)
        say(writer, "        la   t0, call               # a system call where the instruction jumps to\n"
                    "        lw   t0, 0(t0)\n        li   t1, 0x%" PRIx32 "\n        sw   t0, 0(t1)\n",
            writer->landing);
}

static void write_setting(struct writer *writer, const struct tool *tool, const char *name, uint32_t value)
{
    say(writer, "        li   %s, 0x%" PRIx32 "           # %s = 0x%" PRIx32 "\n        %s\n",
        register_name(writer, tool->operands[0]),
        value << tool->shift, name, value, tool->text);
}

/* A requested timer interrupt: the timer, run out while the kernel takes no interrupts. */
static bool write_request(struct writer *writer)
{
    const struct isa_state *countdown = isa_state_with_duty(writer->kit->isa, ISA_DUTY_COUNTDOWN);
    struct tool tool = countdown != NULL ? classifier_find_setter(writer->kit, countdown) : (struct tool){0};
    if (tool.text == NULL)
        return false;
    write_setting(writer, &tool, countdown->name, 1);
    say(writer, "        nop                         # and it has run out\n");
    return true;
}

/* All resources and time values that differ from those after a reset, except what the PSW carries. */
static void write_resources(struct writer *writer)
{
    const struct concrete *state = writer->situation->state;
    for (unsigned i = 0; i < isa_state_count(writer->kit->isa); i++) {
        const struct isa_state *s = isa_state_at(writer->kit->isa, i);
        uint32_t value = state->slots[s->slot];
        bool carries = (s->role == ISA_ROLE_RESOURCE || s->role == ISA_ROLE_TIME) && !s->is_array;
        if (!carries || value == 0 || classifier_psw_flag(writer->kit, s) != 0 ||
            s->duty == ISA_DUTY_IDENTIFICATION || s->duty == ISA_DUTY_HALT_CODE)
            continue;
        if (s->duty == ISA_DUTY_REQUESTS && write_request(writer))
            continue;
        struct tool tool = classifier_find_setter(writer->kit, s);
        if (tool.text != NULL)
            write_setting(writer, &tool, s->name, s->duty == ISA_DUTY_COUNTDOWN ? LONG_TIME : value);
        else
            *writer->obstacle = classifier_format(writer->kit->pool, "no instruction sets %s", s->name);
    }
}

static uint32_t flags_of(const struct writer *writer)
{
    const struct isa *isa = writer->kit->isa;
    const struct concrete *state = writer->situation->state;
    uint32_t flags = classifier_in_user_mode(isa, state) ? writer->kit->flag_user : 0;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (s->role == ISA_ROLE_RESOURCE && s->duty == ISA_DUTY_NOTHING && !s->is_array && state->slots[s->slot] == 1)
            flags |= classifier_psw_flag(writer->kit, s);
    }
    return flags;
}

/* ---- What is looked at ------------------------------------------------------------------------------------------- */

/* A general register that the word names, or changes in either state of the witness. */
static bool is_of_interest(const struct writer *writer, unsigned number)
{
    const struct classifier_witness *witness = writer->situation->witness;
    const struct isa_instruction *instruction = witness->instruction;
    unsigned slot = writer->kit->general->slot + number;
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].kind == ISA_REGISTER &&
            isa_field_get(&instruction->fields[i], writer->situation->word) == number)
            return true;
    for (unsigned s = 0; s < witness->state_count; s++)
        if (witness->effects[s].outcome.end == ISA_DONE &&
            witness->effects[s].slots[slot] != witness->states[s].slots[slot])
            return true;
    return false;
}

static bool is_changed(const struct writer *writer, const struct isa_state *state)
{
    const struct classifier_witness *witness = writer->situation->witness;
    for (unsigned s = 0; s < witness->state_count; s++)
        if (witness->effects[s].outcome.end == ISA_DONE &&
            witness->effects[s].slots[state->slot] != witness->states[s].slots[state->slot])
            return true;
    return false;
}

/* The word changes the state, or the witness's two states differ in it. */
static bool is_at_stake(const struct writer *writer, const struct isa_state *state)
{
    const struct classifier_witness *witness = writer->situation->witness;
    return is_changed(writer, state) ||
           (witness->state_count == 2 &&
            witness->states[0].slots[state->slot] != witness->states[1].slots[state->slot]);
}

/* An instruction that shows the state. One that does not trap shows the real machine's, and is good enough only for a
 * state that the word itself changes. */
static struct tool shower(const struct writer *writer, const struct isa_state *state)
{
    bool carries = (state->role == ISA_ROLE_RESOURCE || state->role == ISA_ROLE_TIME) && !state->is_array &&
                   state->duty != ISA_DUTY_IDENTIFICATION;
    if (!carries || !is_at_stake(writer, state) || classifier_psw_flag(writer->kit, state) != 0)
        return (struct tool){0};
    struct tool tool = classifier_find_getter(writer->kit, state);
    return tool.traps || is_changed(writer, state) ? tool : (struct tool){0};
}

/* The words that the execution of the situation stores to. */
static unsigned stored_words(const struct writer *writer, uint32_t words[MOST_WORDS])
{
    unsigned count = 0;
    for (unsigned i = 0; i < writer->effects.stores.count && count < MOST_WORDS; i++) {
        uint32_t word = writer->effects.stores.items[i].address & ~UINT32_C(3);
        bool known = word >= GUEST_MEMORY;
        for (unsigned k = 0; k < count; k++)
            known = known || words[k] == word;
        if (!known)
            words[count++] = word;
    }
    return count;
}

/* Adds a value to what the kernel prints: its name, and how it gets into a1. */
static void look_at(struct writer *writer, const char *name, const char *format, ...)
{
    char load[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(load, sizeof load, format, arguments);
    va_end(arguments);
    *APPEND(writer->kit->pool, &writer->values) = (struct value_seen){
        classifier_format(writer->kit->pool, "%s", name), classifier_format(writer->kit->pool, "%s", load)};
}

/* The trap and the old PSW; then the states, registers and memory words at stake. */
static void choose_values(struct writer *writer)
{
    const struct kit *kit = writer->kit;
    const char *const parts[] = {"cause", "flags", "pc", "base", "bound"};
    const uint32_t places[] = {kit->cause, kit->old_psw, kit->old_psw + 4, kit->old_psw + 8, kit->old_psw + 12};
    uint32_t words[MOST_WORDS];
    unsigned count = stored_words(writer, words);
    char name[64];
    writer->values.count = 0;
    for (unsigned i = 0; i < 5; i++)
        look_at(writer, parts[i], "        lw   a1, 0x%" PRIx32 "(zero)", places[i]);
    for (unsigned i = 0; i < isa_state_count(kit->isa); i++) {
        struct tool tool = shower(writer, isa_state_at(kit->isa, i));
        if (tool.text != NULL)
            look_at(writer, isa_state_at(kit->isa, i)->name, "        %s\n        mv   a1, %s", tool.text,
                    register_name(writer, tool.operands[0]));
    }
    for (unsigned i = 1; i < 32; i++)
        if (is_of_interest(writer, i))
            look_at(writer, register_name(writer, i), "        lw   a1, 0x%" PRIx32 "(zero)", writer->save + 4 * i);
    for (unsigned i = 0; i < count; i++) {
        snprintf(name, sizeof name, "[0x%" PRIx32 "]", words[i]);
        look_at(writer, name, "        li   a1, 0x%" PRIx32 "\n        lw   a1, 0(a1)", words[i]);
    }
}

/* ---- The parts --------------------------------------------------------------------------------------------------- */

/* Requested interrupts are at stake, and nothing shows them. */
static bool asks_for_requests(const struct writer *writer)
{
    const struct isa_state *requests = isa_state_with_duty(writer->kit->isa, ISA_DUTY_REQUESTS);
    return requests != NULL && is_changed(writer, requests) && shower(writer, requests).text == NULL;
}

/* Takes interrupts for a moment: the cause of the one that was requested, or of the system call that comes otherwise. */
static void write_window(struct writer *writer)
{
    const struct kit *kit = writer->kit;
    uint32_t flags = 0;
    for (unsigned i = 0; i < isa_state_count(kit->isa); i++)
        if (isa_state_at(kit->isa, i)->role == ISA_ROLE_RESOURCE)
            flags |= classifier_psw_flag(kit, isa_state_at(kit->isa, i));
    say(writer,
        "        la   t0, taken              # now a program that can be interrupted\n"
        "        sw   t0, 0x%" PRIx32 "(zero)\n        la   %s, open\n        %s\n"
        "        .balign 16\nopen:   .word 0x%" PRIx32 ", wait, 0, 0x%x\n"
        "wait:   nop\n        nop\n        ecall\n"
        "taken:  lw   a1, 0x%" PRIx32 "(zero)\n        la   a0, requested          # which interrupt was requested\n"
        "        call print\n",
        kit->new_psw + 4, register_name(writer, kit->load_psw.operands[0]), kit->load_psw.text, flags, GUEST_MEMORY,
        kit->cause);
}

static void write_kernel(struct writer *writer)
{
    const struct kit *kit = writer->kit;
    say(writer,
        "        .text\n        .org 0x%" PRIx32 "\n        .global _start\n"
        "_start: la   t0, handler            # the new PSW: supervisor mode, R = all of memory\n"
        "        sw   zero, 0x%" PRIx32 "(zero)\n        sw   t0, 0x%" PRIx32 "(zero)\n"
        "        sw   zero, 0x%" PRIx32 "(zero)\n        lw   t0, 0x%x(zero)         # from the boot block\n"
        "        sw   t0, 0x%" PRIx32 "(zero)\n",
        writer->kernel, kit->new_psw, kit->new_psw + 4, kit->new_psw + 8, BOOT_MEMORY_SIZE, kit->new_psw + 12);
    write_bytes(writer);
    write_resources(writer);
    say(writer, "        la   %s, psw\n        %s              # enter the test\n        .balign 16\n"
                "psw:    .word 0x%" PRIx32 ", 0x%" PRIx32 ", 0x%" PRIx32 ", 0x%" PRIx32
                "  # flags, pc, base, bound\n"
                "call:   ecall\n\n"
                "# The trap after the test, or the one that the test ended in.\nhandler:\n",
        register_name(writer, kit->load_psw.operands[0]), kit->load_psw.text, flags_of(writer),
        writer->test - writer->situation->start, writer->situation->base, writer->situation->bound);
    for (unsigned i = 1; i < 32; i++)
        say(writer, "        sw   x%u, 0x%" PRIx32 "(zero)\n", i, writer->save + 4 * i);
    for (unsigned i = 0; i < writer->values.count; i++)
        say(writer, "%s\n        la   a0, name%u              # %s\n        call print\n",
            writer->values.items[i].load, i, writer->values.items[i].name);
    if (asks_for_requests(writer))
        write_window(writer);
    if (kit->halt.traps)
        say(writer, "        li   %s, 0\n        %s\n", register_name(writer, kit->halt.operands[0]), kit->halt.text);
    say(writer, "1:      j    1b\n\n");
}

/* The subroutine that prints, and the names that it prints. */
static void write_print(struct writer *writer)
{
    const struct tool *out = &writer->kit->write_port;
    const char *port = register_name(writer, out->operands[0]), *byte = register_name(writer, out->operands[1]);
    say(writer,
        "print:  li   %s, 0x%" PRIx32 "                # a0: a name, a1: a number; the port of the console\n"
        "1:      lbu  %s, 0(a0)\n        beqz %s, 2f\n        %s\n        addi a0, a0, 1\n        j    1b\n"
        "2:      li   a2, 28\n"
        "3:      srl  a3, a1, a2             # four bits of it, as a digit\n"
        "        andi a3, a3, 15\n        addi %s, a3, '0'\n        slti a3, a3, 10\n        bnez a3, 4f\n"
        "        addi %s, %s, 'a' - '0' - 10\n"
        "4:      %s\n        addi a2, a2, -4\n        bgez a2, 3b\n        li   %s, '\\n'\n        %s\n"
        "        ret\n\n",
        port, writer->kit->console, byte, byte, out->text, byte, byte, byte, out->text, byte, out->text);
    for (unsigned i = 0; i < writer->values.count; i++)
        say(writer, "name%u:  .asciz \"%-10s 0x\"\n", i, writer->values.items[i].name);
    if (asks_for_requests(writer))
        say(writer, "requested: .asciz \"%-10s 0x\"\n", "interrupt");
}

static bool is_relative(const struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].kind == ISA_RELATIVE)
            return true;
    return false;
}

static void write_test(struct writer *writer, bool without)
{
    const struct classifier_witness *witness = writer->situation->witness;
    bool user = classifier_in_user_mode(writer->kit->isa, writer->situation->state);
    char word[128];
    isa_disassemble(writer->kit->isa, writer->situation->word, 0, NULL, NULL, word, sizeof word);
    say(writer, "\n# The test, in %s mode.\n        .data\n        .org 0x%" PRIx32 "\n", user ? "user" : "supervisor",
        writer->test);
    for (unsigned i = 1; i < 32; i++)
        if (loads_register(writer, i))
            say(writer, "        li   %s, 0x%" PRIx32 "\n", register_name(writer, i), general(writer, i));
    say(writer, "witness:\n");
    if (without)
        say(writer, "        nop                         # and not: %s\n", word);
    else if (is_relative(witness->instruction))
        say(writer, "        .word 0x%" PRIx32 "           # %s\n", writer->situation->word, word);
    else
        say(writer, "        %s\n", word);
    say(writer, "        ecall\n");
}

static const char *write_all(struct writer *writer, bool without)
{
    char sentence[512];
    classifier_witness_sentence(writer->kit->report, writer->situation->witness, sentence, sizeof sentence);
    char text[16 * 1024];
    writer->room = sizeof text;
    writer->length = 0;
    writer->text = text;
    say(writer, "# A demonstration for the instruction set %s, written by pg74 classify --demonstrate.\n#\n# %s\n",
        isa_name(writer->kit->isa), sentence);
    if (without)
        say(writer, "# This is the same program without that instruction.\n");
    say(writer, "\n");
    write_kernel(writer);
    write_print(writer);
    write_test(writer, without);
    return writer->length + 1 < writer->room ? classifier_format(writer->kit->pool, "%s", text) : NULL;
}

const struct classifier_demonstration *classifier_write_program(const struct kit *kit,
                                                                const struct situation *situation,
                                                                const char **obstacle)
{
    struct writer writer = {.kit = kit, .situation = situation, .obstacle = obstacle};
    writer.test_size = measure(&writer);
    if (!find_places(&writer))
        return NULL;
    foresee(&writer, writer.test + writer.test_size - 8);
    struct classifier_demonstration *demonstration = classifier_allocate(kit->pool, sizeof *demonstration);
    const struct isa_state *identification = isa_state_with_duty(kit->isa, ISA_DUTY_IDENTIFICATION);
    demonstration->witness = situation->witness;
    demonstration->word = situation->word;
    demonstration->user = classifier_in_user_mode(kit->isa, situation->state);
    demonstration->writes_port = situation->witness->instruction->writes_port;
    demonstration->identification = identification != NULL && is_at_stake(&writer, identification);
    choose_values(&writer);
    demonstration->text = write_all(&writer, false);
    demonstration->without = write_all(&writer, true);
    return demonstration;
}
