/* image.S: the memory of the driver domain, with its program where images are: from 0x1000 on.
 *
 * SPDX-License-Identifier: MIT-0 */

#define DOMAIN_START  0x1000 /* as in domain.c */
#define DOMAIN_MEMORY 0x10000

    .data
    .balign 4096
    .global domain_memory
domain_memory:
    .space DOMAIN_START
    .incbin "driver_domain.bin"
    .org domain_memory + DOMAIN_MEMORY
