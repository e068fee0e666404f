/* image.S: the program of the driver domain, as it is to lie in its memory from 0x1000 on.
 *
 * SPDX-License-Identifier: MIT-0 */

    .section .rodata.domain, "a"
    .balign 4
    .global domain_image, domain_image_end
domain_image:
    .incbin "driver_domain.bin"
    .balign 4
domain_image_end:
