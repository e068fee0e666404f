/* Sections that the lab's linker script, or its own start, did not expect. */
__attribute__((section(".text.start"), used)) void first(void) { for (;;) ; }
__attribute__((section(".boot"), used)) int boot[64];
__attribute__((section("/DISCARD/"), used)) int discarded = 1;
__attribute__((section(".interp"), used)) const char interpreter[] = "/bin/sh";
__attribute__((section(".text\n.incbin \"/etc/passwd\"\n#"), used)) int injected = 1;
asm(".globl _start\n.set _start, 0x100\n.symver first,first@@LAB");
