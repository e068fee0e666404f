/* Macros that grow without end: the compiler takes all memory, or all time. */
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(x)))
int f(void) { return C(1 +) 0; }
