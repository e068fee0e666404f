/* domain.h: the driver domain, a guest that the monitor brings itself.
 *
 *   domain.c   its memory, its start, when it runs, its end
 *   driver.c   the calls by which it serves the rings of the others
 *   image.S    its program, scenarios/driver_domain
 *
 * All else is the monitor `paravirtual`.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef PARAVIRTUAL_DOMAIN_H
#define PARAVIRTUAL_DOMAIN_H

#include "../paravirtual/internal.h"

enum { DOMAIN_BUSY = 1, DOMAIN_DONE = 2 }; /* of disk_status */

/* The other guests, whose rings it serves. */
unsigned domain_client_count(void);
struct paravirtual_guest *domain_client(unsigned unit);

/* The driver domain is told that there is something for it to do. */
void domain_tell(void);

/* A taken request was answered, while its guest may have run on. */
void domain_answered(struct paravirtual_guest *client, uint32_t device);

#endif
