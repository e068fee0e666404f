/* The processes of nucleus.elf, for the kernel that ticks every 100,000 instructions: nucleus-slow.elf (scenarios.mk). */
#include "default.h"
