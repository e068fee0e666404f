/* Reads what never ends. */
#include "/dev/zero"
