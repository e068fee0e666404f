/* shell.c: `pg74 shell`: Lua with PG-74 in it. */
#include "lab/lab.h"
#include "lab/shell.h"

int lab_command_shell(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] == '-' && argv[1][1] != '\0')
        return lab_usage_error("shell", "there is no option '%s'", argv[1]);
    return lab_shell_run(argc - 1, argv + 1);
}
