/* What a terminal takes for more than a text, and bytes that are no text. */
#error "[2J]0;owned 31m ‮ ￿ �� passed"
int ‮tupni = 1;
#warning 😀
