/* The processes that nucleus.elf starts: PROCESS(name on the console, program, argument). */
PROCESS("sha256", "sha256", 0)
PROCESS("sort", "sort", 0)
PROCESS("matrix", "matrix", 0)
PROCESS("words", "words", 0)
PROCESS("disk", "disk", 0)
