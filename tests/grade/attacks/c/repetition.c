/* Keeps the assembler busy. */
__asm__(".rept 100000000\n.rept 1000\nnop\n.endr\n.endr\n");
void monitor_main(void) {}
void monitor_trap(void) {}
