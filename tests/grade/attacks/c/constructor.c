/* Code that would run at the host's, if the host ran it. */
#include <stdlib.h>
__attribute__((constructor)) static void first(void) { system("touch /tmp/pg74-attack-constructor"); }
int main(void) { return 0; }
