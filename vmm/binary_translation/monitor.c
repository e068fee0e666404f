/* monitor.c: binary translation, for machines that are not virtualizable.
 *
 * What a guest executes in its virtual supervisor mode is translated first: what is harmless is copied, what is not
 * becomes a call to the monitor, which executes that one instruction on the virtual state. What it executes in its
 * virtual user mode runs directly, unless the machine has instructions that are sensitive even there: then that is
 * translated, too.
 *
 * Between two calls the hardware executes the translation as it would the guest itself. So this monitor is the one
 * that traps and emulates, with another idea of which words the hardware may see: all of that is in cache.c.
 *
 * Translations are put in the place of the guest's code by its shadow page tables. Where there are none (R is base
 * and bound) the monitor interprets what it would have to translate; where the hardware cannot execute guests at all,
 * everything.
 *
 * docs/monitor-binary-translation.md follows one block all the way.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

static struct vmm vmm;
static bool translates, executes_user_code;

static bool runs_on_hardware(const struct vmm_vcpu *vcpu)
{
    return translates || (executes_user_code && vcpu->state[vmm.isa.mode]);
}

__attribute__((noinline)) static struct vmm_next run_next(void)
{
    for (;;) {
        vmm_schedule(&vmm);
        if (!vmm.current)
            return vmm_wait(&vmm);
        if (translates)
            cache_enter(vmm.current);
        if (runs_on_hardware(vmm.current))
            return vmm_enter(&vmm);
        vmm_interpret(&vmm, executes_user_code ? vmm.isa.mode : vmm.isa.halted, 0);
    }
}

/* The guest has come to a word that is not translated yet. That it is now counts for its slice: a guest that does
 * nothing but change its code must not keep the machine for ever. */
static void translate(uint32_t place)
{
    uint32_t pc = pg74_trap_area.old_psw.pc;

    block_translate(&cache_pages[place / CACHE_WORDS], place % CACHE_WORDS);
    vmm.current->state[vmm.isa.program_counter] = pc;
    vmm_charge(&vmm, vmm_switch_area()->timer, false);
    vmm.passed++;
}

/* Anything but a call-out whose program is known. True: see vmm_handle_program. */
__attribute__((noinline)) static bool handle_other(uint32_t place)
{
    bool translated =
        place == CACHE_NOWHERE || cache_pages[place / CACHE_WORDS].why[place % CACHE_WORDS] != WHY_NOT_YET;

    if (translated)
        vmm_handle(&vmm);
    else
        translate(place);
    return !translated;
}

/* An instruction of a translated page trapped, and not its fetch: the number of its word in the cache. */
static uint32_t trapped_at(void)
{
    const volatile struct pg74_trap_area *trap = &pg74_trap_area;

    return translates && trap->cause < PG74_CAUSE_TIMER && trap->access == 0 && trap->old_psw.flags % 2 != 0
               ? cache_fetched(&trap->old_psw) : CACHE_NOWHERE;
}

/* By far the most traps are call-outs, after which the guest goes on as before: what is not needed for these is kept
 * out of the way. */
struct vmm_next vmm_handle_trap(void)
{
    uint32_t place = trapped_at();
    const struct vmm_step *program = place != CACHE_NOWHERE ? cache_program(place) : NULL;
    bool same = program ? vmm_handle_program(&vmm, pg74_trap_area.old_psw.pc, program) : handle_other(place);

    if (!same || !vmm_schedule_again(&vmm))
        return run_next();
    cache_enter(vmm.current);
    return vmm_enter_again(&vmm);
}

struct vmm_next vmm_main(void)
{
    vmm_start(&vmm);
    if (!vmm_isa_find_direct(&vmm.isa) && !vmm_space_start(&vmm)) {
        bool possible = classes_find(&vmm.isa);
        translates = possible && vmm.isa.module->kind == PG74_KIND_PAGED;
        executes_user_code = possible && !class_has_sensitive(1);
        if (translates) {
            cache_start(&vmm);
            replace_start(&vmm);
            block_start();
        }
    }
    vmm_take_traps();
    return run_next();
}
