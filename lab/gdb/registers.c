/* registers.c: the general registers, the pc, and behind them all other state of the machine by its name. */
#include "lab/gdb/internal.h"

#include <inttypes.h>
#include <string.h>

enum { REGISTERS = 32, PROGRAM_COUNTER = REGISTERS, FIRST_OTHER, WORD_DIGITS = 8 };

static bool is_other(const struct isa_state *state)
{
    return state->role != ISA_ROLE_PROGRAM_COUNTER && !state->is_array;
}

/* The state behind a register's number, and which of its elements; NULL behind the last. */
static const struct isa_state *numbered(const struct isa *isa, unsigned number, unsigned *element)
{
    *element = number < REGISTERS ? number : 0;
    if (number < REGISTERS)
        return isa_general_registers(isa);
    if (number == PROGRAM_COUNTER)
        return isa_program_counter(isa);
    number -= FIRST_OTHER;
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        if (is_other(isa_state_at(isa, i)) && number-- == 0)
            return isa_state_at(isa, i);
    return NULL;
}

bool lab_gdb_suits(const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    const struct isa_state *general = isa_general_registers(isa);
    if (isa_word_bits(isa) == 32 && general != NULL && general->count == REGISTERS && general->names != NULL)
        return true;
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "pg74 tui steps through any machine",
                          "debuggers know only machines with the 32 registers of RISC-V, and %s has others", isa_name(isa));
    return false;
}

void lab_gdb_describe_target(const struct isa *isa, FILE *xml)
{
    const struct isa_state *general = isa_general_registers(isa);
    fputs("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target><architecture>riscv:rv32</architecture><osabi>none</osabi>"
          "<feature name=\"org.gnu.gdb.riscv.cpu\">", xml);
    for (unsigned i = 0; i < REGISTERS; i++)
        fprintf(xml, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"%s\"/>", general->names[i], i,
                i == 1 ? "code_ptr" : i >= 2 && i <= 4 ? "data_ptr" : "int");
    fprintf(xml, "<reg name=\"pc\" bitsize=\"32\" regnum=\"%d\" type=\"code_ptr\"/></feature><feature name=\"pg74.state\">",
            PROGRAM_COUNTER);
    unsigned element;
    for (unsigned i = FIRST_OTHER; numbered(isa, i, &element) != NULL; i++)
        fprintf(xml, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"uint32\" group=\"system\"/>",
                numbered(isa, i, &element)->name, i);
    fputs("</feature></target>", xml);
}

/* A program that is not on the processor has no registers: its monitor keeps them, wherever it likes. But the debugger
 * must always have a pc; at 0 nothing lives. */
bool lab_gdb_read_register(const struct lab_gdb_session *session, unsigned number, FILE *reply)
{
    unsigned element;
    const struct isa_state *state = numbered(machine_isa(session->machine), number, &element);
    if (state == NULL)
        return false;
    uint32_t value = machine_slot(session->machine, state->slot + element);
    if (number == PROGRAM_COUNTER)
        value = session->general == session->shown ? session->shown_pc : 0;
    if (session->general == session->shown || number == PROGRAM_COUNTER)
        lab_gdb_put_hex(reply, &value, sizeof value);
    else
        fputs("xxxxxxxx", reply);
    return true;
}

bool lab_gdb_write_register(struct lab_gdb_session *session, unsigned number, const char *hex)
{
    unsigned element;
    const struct isa_state *state = numbered(machine_isa(session->machine), number, &element);
    uint32_t value;
    if (state == NULL || session->general != session->shown || session->shown != lab_debug_current(session->debug) ||
        lab_gdb_get_hex(hex, (uint8_t *)&value, 4) != 4)
        return false;
    if ((int)element != state->zero || !state->is_array)
        machine_set_slot(session->machine, state->slot + element,
                         state->width < 32 ? value & ((UINT32_C(1) << state->width) - 1) : value);
    session->shown_pc = machine_pc(session->machine);
    return true;
}

/* The debugger asks for the others one by one: where it has not read the description, it expects only these. */
void lab_gdb_read_registers(const struct lab_gdb_session *session, FILE *reply)
{
    for (unsigned i = 0; i <= PROGRAM_COUNTER; i++)
        lab_gdb_read_register(session, i, reply);
}

/* Of the state behind the pc, only the first program has a description. */
void lab_gdb_expedite_registers(const struct lab_gdb_session *session, FILE *reply)
{
    unsigned element;
    for (unsigned i = 0; numbered(machine_isa(session->machine), i, &element) != NULL; i++) {
        if (i > PROGRAM_COUNTER && session->shown != 0)
            return;
        fprintf(reply, "%x:", i);
        lab_gdb_read_register(session, i, reply);
        putc(';', reply);
    }
}

bool lab_gdb_write_registers(struct lab_gdb_session *session, const char *hex)
{
    for (unsigned i = 0; strlen(hex) >= WORD_DIGITS; i++, hex += WORD_DIGITS)
        if (!lab_gdb_write_register(session, i, hex))
            return false;
    return true;
}

void lab_gdb_print_state(const struct machine *machine, FILE *stream)
{
    const struct isa *isa = machine_isa(machine);
    unsigned element;
    for (unsigned i = PROGRAM_COUNTER; numbered(isa, i, &element) != NULL; i++) {
        const struct isa_state *state = numbered(isa, i, &element);
        fprintf(stream, "%-12s 0x%08" PRIx32 "  %s\n", state->name, machine_slot(machine, state->slot),
                state->doc != NULL ? state->doc : "");
    }
}
