-- Loads a library of C.
package.loadlib("libc.so.6", "system")
