/* guest.h: for guests that stand alone on the machine, without the nucleus: they run in supervisor mode, begin at
 * main, and end when main returns (its result is the halt code).
 *
 * A guest that wants to see its traps defines guest_trap and calls guest_traps_on. When a trap comes,
 * common/bare_start.S saves the registers in pg74_trap_area.save[1 to 31], and calls guest_trap on a stack of its
 * own; on return it loads the registers and pg74_trap_area.old_psw again, which guest_trap may have changed. / */
#ifndef SCENARIOS_GUEST_H
#define SCENARIOS_GUEST_H

#include <pg74.h>

#include "common/common.h"

void guest_trap(void);

/* Writes the new PSW: traps go to guest_trap from now on, in supervisor mode, with interrupts disabled. */
void guest_traps_on(void);

/* Calls function(argument) with other flags and another R than the supervisor's; it must not return, but trap. The
 * stack is at the top of R. guest_trap finds its way out by guest_leave. */
uint32_t guest_enter(const struct pg74_psw *psw, uint32_t stack, uint32_t argument);

/* In guest_trap: makes the guest_enter that is under way return `result`, instead of resuming what trapped. */
void guest_leave(uint32_t result);

#endif
