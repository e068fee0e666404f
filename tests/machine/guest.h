/* guest.h: machines that run a few lines of assembly, for the tests of machine/. */
#ifndef PG74_TESTS_GUEST_H
#define PG74_TESTS_GUEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/machine.h"

/* A machine, and all that it needs to live. */
struct guest {
    struct isa *isa;
    struct machine_image *image;
    const struct machine_image *guests[1];
    struct machine *machine;
};

/* The address of the handler, R over all of memory, interrupts disabled. */
#define HANDLER_PSW                                                                                                    \
    "  la   t0, handler\n  sw   t0, 0x54(zero)\n  sw   zero, 0x50(zero)\n  sw   zero, 0x58(zero)\n"                    \
    "  li   t0, 0x100000\n  sw   t0, 0x5c(zero)\n"

static inline struct guest guest_start_on(const char *isa_name, const char *text, const struct machine_options *given)
{
    struct guest guest = {0};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_options options = {0};
    size_t length = 0;
    if (given)
        options = *given;
    guest.isa = isa_load(isa_name, diagnostics);
    uint8_t *elf = guest.isa ? isa_assemble(guest.isa, "guest.s", text, &length, diagnostics) : NULL;
    guest.image = elf ? machine_image_from_bytes("guest.elf", elf, length, diagnostics) : NULL;
    free(elf);
    guest.guests[0] = guest.image;
    options.guests = guest.guests;
    options.guest_count = 1;
    guest.machine = guest.image ? machine_new(guest.isa, &options, diagnostics) : NULL;
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(guest.machine);
    return guest;
}

static inline struct guest guest_start(const char *text, const struct machine_options *given)
{
    return guest_start_on("pg74", text, given);
}

static inline void guest_free(struct guest *guest)
{
    machine_free(guest->machine);
    machine_image_free(guest->image);
    isa_free(guest->isa);
}

/* The value of a state, element 0 or `element`. */
static inline uint32_t guest_state(const struct guest *guest, const char *name, unsigned element)
{
    const struct isa_state *state = isa_state_named(guest->isa, name);
    assert_non_null(state);
    return machine_slot(guest->machine, state->slot + element);
}

static inline uint32_t guest_word(const struct guest *guest, uint32_t address)
{
    uint32_t word = 0;
    assert_true(machine_read(guest->machine, address, &word, 4));
    return word;
}

/* Runs a program to its halt and returns the code. */
static inline uint32_t guest_run(const char *text, enum machine_engine engine)
{
    struct machine_options options = {.engine = engine};
    struct guest guest = guest_start(text, &options);
    assert_int_equal(machine_run(guest.machine, 1000000), MACHINE_HALTED);
    uint32_t code = machine_halt_code(guest.machine);
    guest_free(&guest);
    return code;
}

#endif
