/* Never starts a guest. */
void monitor_main(void) { for (;;) __asm__ volatile(""); }
void monitor_trap(void) {}
