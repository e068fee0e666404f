/* The processes that nucleus-shell.elf starts: one, which starts others as it is told. */
PROCESS("shell", "shell", 0)
