/* What would load code into the compiler, or give it other arguments. */
#pragma GCC optimize("fplugin=/tmp/pg74-attack.so", "-B.", "wrapper=/bin/sh")
#pragma GCC target("arch=rv64gc @LAB/hidden.lua")
__asm__(".option push\n.file \"LAB/hidden.lua\"\n.include \"LAB/hidden.lua\"");
#include <stdio.h>
#include "monitor.c "
#import "/dev/tty"
