/* shell.c: a tiny shell: reads commands from the console's input, one a line. `help` lists them. */
#include "process.h"

enum { LINE_MOST = 128, FILE_MOST = 16 * SECTOR_SIZE };

/* Cuts the first word off a line; returns it, and leaves what follows in *line. */
static char *next_word(char **line)
{
    char *word = *line;
    while (*word == ' ')
        word++;
    char *end = word;
    while (*end != '\0' && *end != ' ')
        end++;
    *line = end;
    if (*end == ' ') {
        *end = '\0';
        *line = end + 1;
    }
    return word;
}

static uint32_t number_of(const char *text)
{
    uint32_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (uint32_t)(*text - '0');
    return number;
}

/* ---- The commands: each gets the rest of its line --------------------------------------------------------------- */

static void command_echo(char *rest)
{
    print("%s\n", rest);
}

static char contents[FILE_MOST];

static int32_t read_whole(const char *name)
{
    int32_t length = file_read(name, contents, sizeof contents);
    if (length < 0)
        print("there is no file '%s'\n", name);
    return length;
}

static void command_cat(char *rest)
{
    int32_t length = read_whole(next_word(&rest));
    if (length < 0)
        return;
    system_write(contents, (uint32_t)length);
    if (length > 0 && contents[length - 1] != '\n')
        print("\n");
}

static void command_list(char *rest)
{
    char name[FILE_NAME_SIZE];
    int32_t size;
    (void)rest;
    for (uint32_t i = 0; (size = system_file_name(i, name)) >= 0; i++)
        print("%6d %s\n", size, name);
}

static void command_write(char *rest)
{
    const char *name = next_word(&rest);
    uint32_t length = text_length(rest);
    memcpy(contents, rest, length);
    contents[length] = '\n';
    if (!file_write(name, contents, length + 1))
        print("cannot write '%s'\n", name);
}

/* The checksum that the POSIX utility `sum` of System V computes. */
static void command_sum(char *rest)
{
    const char *name = next_word(&rest);
    int32_t length = read_whole(name);
    uint32_t sum = 0;
    for (int32_t i = 0; i < length; i++)
        sum += (unsigned char)contents[i];
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    if (length >= 0)
        print("%u %u %s\n", sum, ((uint32_t)length + SECTOR_SIZE - 1) / SECTOR_SIZE, name);
}

static void command_run(char *rest)
{
    const char *program = next_word(&rest);
    int32_t process = system_spawn(program, number_of(next_word(&rest)));
    if (process < 0) {
        print("cannot run '%s'\n", program);
        return;
    }
    int32_t code = system_wait(process);
    if (code < 0)
        print("%s was killed\n", program);
    else
        print("%s has ended with %d\n", program, code);
}

static void command_sleep(char *rest)
{
    system_sleep(number_of(next_word(&rest)));
}

static void command_exit(char *rest)
{
    system_exit(number_of(next_word(&rest)));
}

static void command_help(char *rest);

static const struct command {
    const char *name;
    void (*run)(char *rest);
    const char *help;
} commands[] = {
    {"echo", command_echo, "TEXT          prints it"},
    {"cat", command_cat, "FILE          prints a file"},
    {"ls", command_list, "              lists the files, with their sizes"},
    {"write", command_write, "FILE TEXT     writes a file of one line"},
    {"sum", command_sum, "FILE          prints its checksum and its size in sectors"},
    {"run", command_run, "PROGRAM [N]   runs a program and waits for it"},
    {"sleep", command_sleep, "N             waits for N ticks"},
    {"help", command_help, "              prints this list"},
    {"exit", command_exit, "[N]           ends the shell"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void command_help(char *rest)
{
    (void)rest;
    for (unsigned i = 0; i < COMMANDS; i++)
        print("%-6s %s\n", commands[i].name, commands[i].help);
}

static void execute(char *line)
{
    const char *name = next_word(&line);
    if (*name == '\0')
        return;
    for (unsigned i = 0; i < COMMANDS; i++)
        if (text_equal(commands[i].name, name)) {
            commands[i].run(line);
            return;
        }
    print("there is no command '%s'; try 'help'\n", name);
}

uint32_t main(uint32_t argument)
{
    char line[LINE_MOST + 1];
    int32_t length;
    (void)argument;
    while ((length = system_read(line, LINE_MOST)) > 0) {
        length -= line[length - 1] == '\n';
        line[length] = '\0';
        print("$ %s\n", line);
        execute(line);
    }
    print("the input has ended\n");
    return 0;
}
