/* Much of everything, in one line. */
#define A "\xff\xff\xff\xff" "x" L"\U0010ffff"
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D
#define F E E E E E E E E E E
const int wide[] = L"" F F F F F F F F F F;
