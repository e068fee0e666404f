#include <pg74.h>
        .global _start
_start: li      sp, 0x8000
        call    answer
        pg74_halt a0
