/* Reads a file of the system's, and shows it in a message. */
#include "/etc/passwd"
