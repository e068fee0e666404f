/* The assembler's own loops. */
asm(".macro more\nmore\nmore\n.endm\nmore");
asm(".rept 100000000\n.rept 100000000\nnop\n.endr\n.endr");
asm(".fill 0x7fffffff, 8, 1\n.org 0x7ffffff0\n.p2align 31");
