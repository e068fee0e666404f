/* image.c: the processes that this image starts with. The build names the table: images/NAME.h for nucleus-NAME.elf. */
#include "nucleus.h"

#define PROCESS(name, program, argument) {name, program, argument},
const struct image_process image_processes[] = {
#include IMAGE
    {NULL, NULL, 0},
};
