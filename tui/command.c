/* command.c: the one table of commands. Keys, key bar and help are made from it. */
#include "tui/internal.h"

#include <ncurses.h>
#include <string.h>

enum { CTRL_L = 'L' & 0x1f, CTRL_Z = 'Z' & 0x1f, ESCAPE = 27 };

enum {
    CODE = TUI_ON_MACHINE, LESSON = TUI_ON_LESSON, SIDE = TUI_ON_SIDE,
    ONE = TUI_ON_MACHINE | TUI_ON_TIMELINE | TUI_ON_MAP | TUI_ON_TRANSLATION | TUI_ON_LESSON,
    BOARD = TUI_ON_DASHBOARD, CLASSES = TUI_ON_CLASSIFIER, ALL = TUI_EVERYWHERE, LISTS = ALL & ~TUI_ON_MAP
};

static const struct tui_command_entry table[] = {
    {TUI_HELP, ALL, {'?', KEY_F(1)}, "help", "these lines"},
    {TUI_GO_ON, LESSON, {'\r', KEY_ENTER, '\n', ' '}, "go on",
     "read on; where something is to be done: look whether it is"},
    {TUI_ANSWER, LESSON, {'1', '2', '3', '4'}, "answer", "answer the question, by the number of the choice"},
    {TUI_ANSWER, LESSON, {'5', '6', '7', '8'}, "answer", "the same"},
    {TUI_ANSWER, LESSON, {'9'}, "answer", "the same"},
    {TUI_PAGE_BEFORE, LESSON, {KEY_BACKSPACE, 127, 8, 'P'}, "before", "the page before"},
    {TUI_SKIP, LESSON, {'N'}, "skip", "the next page, done or not"},
    {TUI_HINT, LESSON, {'H'}, "hint", "help with what is asked"},
    {TUI_SOLVE, LESSON, {'V'}, "solve", "show the solution; your files are kept"},
    {TUI_EDIT, LESSON, {'e'}, "edit", "edit the file of the task in $EDITOR; when it is saved, it is tried"},
    {TUI_CHECK, LESSON, {'c'}, "check", "look whether it is done; files are built and run again"},
    {TUI_FAILED, LESSON, {'f'}, "failed", "the machine that the task was tried on; F9 comes back"},
    {TUI_RESTORE, LESSON, {'D'}, "restore", "give back the task's files as they were at first"},
    {TUI_AGAIN, LESSON, {'a'}, "again", "the machine as it was when this page began"},
    {TUI_SECTIONS, LESSON, {'S'}, "sections", "the sections of this lesson, to go to one"},
    {TUI_LESSONS, LESSON, {'L'}, "lessons", "all lessons, to go to one; what was done is kept"},
    {TUI_LAYOUT, LESSON, {'\t'}, "layout", "text and machine, or text alone"},
    {TUI_STEP, ONE, {'s', KEY_RIGHT, 'l'}, "step", "execute one instruction, or take one trap"},
    {TUI_STEP, SIDE, {'s', KEY_RIGHT, 'l'}, "step",
     "one guest instruction, in all of them; when racing, a thousand cycles"},
    {TUI_STEP_BACK, ONE, {'b', KEY_LEFT, 'h'}, "back", "undo the last one"},
    {TUI_STEP_BACK, SIDE, {'b', KEY_LEFT, 'h'}, "back", "to where all of them were before"},
    {TUI_STEP_MANY, SIDE, {'n'}, "1,000",
     "a thousand guest instructions, in all of them; when racing, a million cycles"},
    {TUI_RUN, SIDE, {'r'}, "run", "until all have ended, or Ctrl-C"},
    {TUI_RACE, SIDE, {'c'}, "race", "by cycles, and no longer in step; or in step again"},
    {TUI_STEP_OVER, ONE, {'n'}, "over", "step, and run until the same program goes on: a trap's handling is one step"},
    {TUI_STEP_OUT, ONE, {'o'}, "out", "run until a guest goes on: out of the monitor"},
    {TUI_RUN, ONE, {'r'}, "run", "run until a stop that was set, the end, or Ctrl-C"},
    {TUI_RUN_BACK, ONE, {'R'}, "run back", "go back to the last stop that was set, or to the start"},
    {TUI_PACE, ONE | SIDE, {'p'}, "pace", "go on at a pace that can be followed; any key but + and - stops"},
    {TUI_FASTER, ONE | SIDE, {'+'}, "faster", "double the pace"},
    {TUI_SLOWER, ONE | SIDE, {'-'}, "slower", "halve it"},
    {TUI_LAST_STORE, ONE, {'w'}, "who wrote", "go back to who last wrote a word"},
    {TUI_START, ONE | SIDE, {'0'}, "start", "go back to the very start"},
    {TUI_BREAKPOINT, CODE, {' '}, "break", "set a breakpoint at the line of the cursor, or take it away"},
    {TUI_BREAK_AT, CODE, {'B'}, "break at", "set a breakpoint at an address or a function"},
    {TUI_WATCH, CODE, {'W'}, "watch", "stop at stores to a word"},
    {TUI_WATCH_REGISTER, CODE, {'G'}, "watch register", "stop when a register, or a part of the PSW, changes"},
    {TUI_STOP_AT_TRAPS, ONE, {'t'}, "traps", "stop at every trap, or no more"},
    {TUI_STOP_AT_MODES, ONE, {'m'}, "modes", "stop at every change of the mode, or no more"},
    {TUI_CLEAR, ONE, {'C'}, "clear", "take away every stop"},
    {TUI_PAUSE, BOARD, {' '}, "go on", "let the machine of the cursor go on, or pause it"},
    {TUI_SNAPSHOT, BOARD, {'S'}, "snapshot", "keep the machine as it is now"},
    {TUI_RETURN, BOARD, {'T'}, "return", "go back to the last snapshot"},
    {TUI_CLONE, BOARD, {'c'}, "clone", "make another machine that is as this one is now"},
    {TUI_SAVE, BOARD, {'w'}, "save", "write the machine to a file"},
    {TUI_OPEN, BOARD, {'o'}, "open", "open a machine that was written to a file"},
    {TUI_CLOSE, BOARD, {'d'}, "close", "close the machine"},
    {TUI_FLIP, CLASSES, {'f'}, "flip", "make the instruction privileged, or no longer so, and classify again"},
    {TUI_WITNESS, CLASSES, {'w'}, "witness", "the next witness of the instruction"},
    {TUI_PLAY, CLASSES, {'p'}, "play", "put each state of the witness into a machine of its own"},
    {TUI_ANOTHER, CLASSES, {'i'}, "another", "classify another instruction set"},
    {TUI_PANE, CLASSES, {'\t'}, "states", "all states of a small machine, or the witness"},
    {TUI_UP, ALL, {KEY_UP, 'k'}, "up", "move the cursor"},
    {TUI_DOWN, ALL, {KEY_DOWN, 'j'}, "down", "move the cursor"},
    {TUI_PAGE_UP, ALL, {KEY_PPAGE}, "page up", "move the cursor by a page"},
    {TUI_PAGE_DOWN, ALL, {KEY_NPAGE}, "page down", "move the cursor by a page"},
    {TUI_SEARCH, LISTS & ~(SIDE | BOARD), {'/'}, "search", "look for a text further down; once more by / and Enter"},
    {TUI_HERE, ONE, {'.', KEY_HOME}, "here", "look again at where the processor is"},
    {TUI_GO_TO, CODE | SIDE, {'g'}, "go to",
     "look at an address or a function; side by side: go on to a guest instruction"},
    {TUI_VIEW, CODE | LESSON, {'v'}, "view", "source lines or disassembly"},
    {TUI_PANE, CODE, {'\t'}, "panes", "registers, memory around the address last asked for, or devices"},
    {TUI_PANE, SIDE, {'\t'}, "panes", "consoles, or what each monitor was entered for"},
    {TUI_CHOOSE, TUI_ON_TIMELINE, {'\r', KEY_ENTER, '\n'}, "choose", "go to the moment that the cursor is at"},
    {TUI_CHOOSE, SIDE | BOARD, {'\r', KEY_ENTER, '\n'}, "look into",
     "look into the machine of the cursor; 4 or 5 comes back"},
    {TUI_CHOOSE, TUI_ON_TRANSLATION, {'\r', KEY_ENTER, '\n'}, "follow", "go to the block that this one jumps to"},
    {TUI_SHOW_MACHINE, ALL, {'1', KEY_F(2)}, "machine", "the machine: code, registers, memory, traps, consoles"},
    {TUI_SHOW_TIMELINE, ALL, {'2', KEY_F(3)}, "timeline", "the timeline: every trap, past and to come"},
    {TUI_SHOW_MAP, ALL, {'3', KEY_F(4)}, "map", "the memory map: what each address means, and whose it is"},
    {TUI_SHOW_SIDE, ALL, {'4', KEY_F(5)}, "side by side", "all machines side by side, in step or racing"},
    {TUI_SHOW_DASHBOARD, ALL, {'5', KEY_F(6)}, "dashboard",
     "the dashboard: state, load, snapshots, clones of all machines"},
    {TUI_SHOW_TRANSLATION, ALL, {'6', KEY_F(7)}, "translation", "the translation cache of binary_translation"},
    {TUI_SHOW_CLASSIFIER, ALL, {'7', KEY_F(8)}, "classes", "the instructions, and what the theorems say of them"},
    {TUI_SHOW_LESSON, ALL, {'8', KEY_F(9)}, "lesson", "the lesson beside its machine"},
    {TUI_EXPORT, ALL, {'x'}, "export", "write this screen to a file, .txt or .html"},
    {TUI_REDRAW, ALL, {CTRL_L, KEY_RESIZE}, "redraw", "paint everything anew"},
    {TUI_MOUSE, ALL, {KEY_MOUSE}, "", "a click chooses; the wheel scrolls"},
    {TUI_SUSPEND, ALL, {CTRL_Z}, "suspend", "back to the shell; fg returns"},
    {TUI_QUIT, ALL, {'q', ESCAPE}, "quit", "leave"},
};

const struct tui_command_entry *tui_command_table(unsigned *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

enum tui_command tui_command_of_key(int key, enum tui_place place)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        for (unsigned k = 0; k < 4 && table[i].keys[k] != 0; k++)
            if (table[i].keys[k] == key && (table[i].places & (unsigned)place) != 0)
                return table[i].command;
    return TUI_NOTHING;
}

void tui_print_key(int key, char *buffer, size_t size)
{
    static const struct {
        int key;
        const char *name;
    } names[] = {{' ', "Space"}, {'\t', "Tab"}, {ESCAPE, "Esc"}, {KEY_LEFT, "Left"}, {KEY_RIGHT, "Right"},
                 {KEY_UP, "Up"}, {KEY_DOWN, "Down"}, {KEY_PPAGE, "Page Up"}, {KEY_NPAGE, "Page Down"}, {KEY_HOME, "Home"},
                 {KEY_END, "End"}, {KEY_RESIZE, ""}, {KEY_MOUSE, "the mouse"}, {KEY_ENTER, "Enter"}, {'\r', "Enter"}, {'\n', "Enter"},
                 {KEY_BACKSPACE, "Backspace"}, {127, "Backspace"}, {8, "Backspace"}};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].key == key) {
            snprintf(buffer, size, "%s", names[i].name);
            return;
        }
    }
    if (key > KEY_F(0) && key <= KEY_F(12))
        snprintf(buffer, size, "F%d", key - KEY_F(0));
    else if (key < ' ')
        snprintf(buffer, size, "Ctrl-%c", key + '@');
    else if (key < 127)
        snprintf(buffer, size, "%c", key);
    else
        snprintf(buffer, size, "key %d", key);
}
