/* Asks the preprocessor what there is, and when it was changed. */
#pragma GCC dependency "LAB/hidden.lua" PASSED
#if __has_include("LAB/hidden.lua") || __has_include("LAB/solution/monitor.c") || __has_include_next("LAB/lab.lua")
#include "LAB/hidden.lua"
#error this is what stands there
#endif
