/* interrupt.h: Ctrl-C that waits until somebody looks. */
#ifndef PG74_LAB_INTERRUPT_H
#define PG74_LAB_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* From now on Ctrl-C waits. `before`: for lab_interrupt_let. */
void lab_interrupt_hold(sigset_t *before);
/* Does one wait? It goes on waiting. */
bool lab_interrupt_is_pending(void *unused);
/* In a child that becomes another program: Ctrl-C ends it, even one that has waited. */
void lab_interrupt_pass_on(void);
/* Ctrl-C ends the program again, if it did before; one that has waited does no more harm. */
void lab_interrupt_let(const sigset_t *before);

#endif
