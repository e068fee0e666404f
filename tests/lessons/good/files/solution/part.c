unsigned answer(void);

unsigned answer(void) { return 7; }
