/* Options for the compiler and the linker, from within. */
#pragma GCC optimize ("-fplugin=/tmp/evil.so")
__asm__(".section .gnu.linkonce.options\n.ascii \"-T/etc/passwd\"\n");
#pragma GCC dependency "/etc/passwd"
void monitor_main(void) {}
void monitor_trap(void) {}
