/* The assembler's own include. */
__asm__(".include \"/etc/shadow\"\n");
