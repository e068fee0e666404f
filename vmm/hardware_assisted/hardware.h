/* hardware.h: a monitor that has its guests executed by guest mode (pg74h).
 *
 *   monitor.c   the loop: enter, exit, what the reason asks for, and again
 *   psw.c       the guest's PSW, which in guest mode is the hardware's, and in the evaluator virtual state
 *   enter.S     the world switch around `vmrun`
 *   nested.c    the host's table: with nested translation; or, in hardware_assisted_shadow,
 *   shadow.c    without it
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include "../common/vmm.h"

/* The control block, one for all guests: for when `vmrun` names it all registers are the guest's, and the only address
 * that is known then is that of x0. Behind it a variant of the machine keeps what else guest and host have each for
 * themselves; what that is the monitor need not know. link.ld places both. */
enum { HARDWARE_OWN_WORDS = 12 };
extern volatile struct pg74_control_block vmm_control_block;
extern volatile uint32_t vmm_own_words[HARDWARE_OWN_WORDS];

enum { CONTROL_NESTED = 1, CONTROL_WINDOW = 2 };
enum { FLAG_ENABLED = 2 };

/* ---- psw.c ---- */

/* Finds which state of this machine each part of the PSW is. NULL, or in words what hinders. */
const char *hardware_find_psw(const struct vmm_isa *isa);

/* Is this guest, virtually, in guest mode: a monitor that has entered a guest of its own? */
bool hardware_is_host(const struct vmm_vcpu *vcpu);

/* Executes such a guest's guest, until it exits or the slice is over. Then call vmm_schedule again. */
void hardware_interpret(struct vmm *vmm);

/* From the control block into the virtual state, and back. */
void hardware_get_psw(struct vmm_vcpu *vcpu);
void hardware_put_psw(const struct vmm_vcpu *vcpu);

/* ---- enter.S ---- */

/* Runs a guest, and calls hardware_exit when it exits. Does not come back. */
_Noreturn void hardware_run(uint32_t *registers, uint32_t timer);

/* What enter.S calls after an exit. First this one, when the virtual state has only the guest's x1, x2, x5 to x7, x10
 * to x17 and x28 to x31. It does what comes most often, port output; and returns the instructions until the timer if
 * the same guest goes on then, else 0. */
uint32_t hardware_exit_out(void);

/* Then the one for everything else. Returns who runs next. */
struct vmm_next hardware_exit(void);

/* ---- nested.c, or shadow.c of hardware_assisted_shadow ---- */

/* Before the first guest is entered. NULL, or in words what hinders. */
const char *hardware_space_start(struct vmm *vmm);

/* The controls with which guests are entered, CONTROL_NESTED or not. */
extern const uint32_t hardware_controls;

/* Fills in what else the control block says about translation and about traps, for a guest that is to be entered, and
 * whose PSW the monitor has. */
void hardware_space_enter(struct vmm_vcpu *vcpu);

/* After exit_nested. True: the table lagged behind and now follows, so the guest goes on where it was. */
bool hardware_space_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access);

#endif
