/* The processes that nucleus-network.elf starts: one that talks to the machine beside, and one that keeps the processor busy. */
PROCESS("network", "network", 0)
PROCESS("sieve", "sieve", 0)
