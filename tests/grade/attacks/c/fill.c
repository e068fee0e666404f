/* Fills the disk by the assembler. */
__asm__(".data\n.fill 2000000000, 1, 1\n");
void monitor_main(void) {}
void monitor_trap(void) {}
