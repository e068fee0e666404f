/* command.c: the one table of commands. Keys, key bar and help are made from it. */
#include "tui/internal.h"

#include <ncurses.h>
#include <string.h>

enum { CTRL_L = 'L' & 0x1f, CTRL_Z = 'Z' & 0x1f, ESCAPE = 27 };

static const struct tui_command_entry table[] = {
    {TUI_HELP, {'?', KEY_F(1)}, "help", "these lines"},
    {TUI_STEP, {'s', KEY_RIGHT, 'l'}, "step", "execute one instruction, or take one trap"},
    {TUI_STEP_BACK, {'b', KEY_LEFT, 'h'}, "back", "undo the last one"},
    {TUI_STEP_OVER, {'n'}, "over", "step, and run until the same program goes on: a trap's handling is one step"},
    {TUI_STEP_OUT, {'o'}, "out", "run until a guest goes on: out of the monitor"},
    {TUI_RUN, {'r'}, "run", "run until a stop that was set, the end, or Ctrl-C"},
    {TUI_RUN_BACK, {'R'}, "run back", "go back to the last stop that was set, or to the start"},
    {TUI_PACE, {'p'}, "pace", "run at a pace that can be followed; any key but + and - stops"},
    {TUI_FASTER, {'+'}, "faster", "double the pace"},
    {TUI_SLOWER, {'-'}, "slower", "halve it"},
    {TUI_LAST_STORE, {'w'}, "who wrote", "go back to who last wrote a word"},
    {TUI_START, {'0'}, "start", "go back to the very start"},
    {TUI_BREAKPOINT, {' '}, "break", "set a breakpoint at the line of the cursor, or take it away"},
    {TUI_BREAK_AT, {'B'}, "break at", "set a breakpoint at an address or a function"},
    {TUI_WATCH, {'W'}, "watch", "stop at stores to a word"},
    {TUI_STOP_AT_TRAPS, {'t'}, "traps", "stop at every trap, or no more"},
    {TUI_STOP_AT_MODES, {'m'}, "modes", "stop at every change of the mode, or no more"},
    {TUI_CLEAR, {'C'}, "clear", "take away every stop"},
    {TUI_UP, {KEY_UP, 'k'}, "up", "move the cursor"},
    {TUI_DOWN, {KEY_DOWN, 'j'}, "down", "move the cursor"},
    {TUI_PAGE_UP, {KEY_PPAGE}, "page up", "move the cursor by a page"},
    {TUI_PAGE_DOWN, {KEY_NPAGE}, "page down", "move the cursor by a page"},
    {TUI_HERE, {'.', KEY_HOME}, "here", "look again at where the processor is"},
    {TUI_GO_TO, {'g'}, "go to", "look at an address or a function"},
    {TUI_VIEW, {'v'}, "view", "source lines or disassembly"},
    {TUI_PANE, {'\t'}, "memory", "registers, or memory around the address last asked for"},
    {TUI_CHOOSE, {'\r', KEY_ENTER, '\n'}, "choose", "go to the moment that the cursor is at"},
    {TUI_SHOW_MACHINE, {'1', KEY_F(2)}, "machine", "the machine: code, registers, memory, traps, consoles"},
    {TUI_SHOW_TIMELINE, {'2', KEY_F(3)}, "timeline", "the timeline: every trap, past and to come"},
    {TUI_SHOW_MAP, {'3', KEY_F(4)}, "map", "the memory map: what each address means, and whose it is"},
    {TUI_EXPORT, {'x'}, "export", "write this screen to a file, .txt or .html"},
    {TUI_REDRAW, {CTRL_L, KEY_RESIZE}, "redraw", "paint everything anew"},
    {TUI_SUSPEND, {CTRL_Z}, "suspend", "back to the shell; fg returns"},
    {TUI_QUIT, {'q', ESCAPE}, "quit", "leave"},
};

const struct tui_command_entry *tui_command_table(unsigned *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

enum tui_command tui_command_of_key(int key)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        for (unsigned k = 0; k < 4 && table[i].keys[k] != 0; k++)
            if (table[i].keys[k] == key)
                return table[i].command;
    return TUI_NOTHING;
}

void tui_print_key(int key, char *buffer, size_t size)
{
    static const struct {
        int key;
        const char *name;
    } names[] = {{' ', "Space"}, {'\t', "Tab"}, {ESCAPE, "Esc"}, {KEY_LEFT, "Left"}, {KEY_RIGHT, "Right"}, {KEY_UP, "Up"},
                 {KEY_DOWN, "Down"}, {KEY_PPAGE, "Page Up"}, {KEY_NPAGE, "Page Down"}, {KEY_HOME, "Home"}, {KEY_END, "End"},
                 {KEY_F(1), "F1"}, {KEY_RESIZE, ""}, {KEY_ENTER, "Enter"}, {'\r', "Enter"}, {KEY_BACKSPACE, "Backspace"}};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].key == key) {
            snprintf(buffer, size, "%s", names[i].name);
            return;
        }
    }
    if (key < ' ')
        snprintf(buffer, size, "Ctrl-%c", key + '@');
    else if (key < 127)
        snprintf(buffer, size, "%c", key);
    else
        snprintf(buffer, size, "key %d", key);
}
