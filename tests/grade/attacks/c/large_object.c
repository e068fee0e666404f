/* Fills the disk with an object. */
char large[1u << 31] = {1};
void monitor_main(void) {}
void monitor_trap(void) {}
