/* Prints a great deal. */
#define A(x) x; x; x; x; x; x; x; x; x; x;
#define B(x) A(A(A(A(x))))
int f(void) { B(return undeclared_identifier_with_a_long_name) }
