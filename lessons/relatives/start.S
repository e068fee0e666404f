/* start.S: calls `main` with a stack, and halts with what it returns. */
#include <pg74.h>
        .global _start
_start: li      sp, 0x8000
        call    main
        pg74_halt a0
