/* lesson_list.c: a list in the place of the screen, to choose from. */
#include "tui/lesson.h"

#include <ncurses.h>
#include <string.h>

enum { ESCAPE = 27 };

static void paint(struct tui *tui, const char *title, char **lines, unsigned count, unsigned current)
{
    struct tui_text text;
    int room = tui_lines() - 2;
    unsigned first = (int)current >= room ? current - (unsigned)room + 1 : 0;
    tui_text_open(&text);
    tui_put(&text, TUI_TITLE, " %s%*s\n", title, tui_columns(), "");
    for (unsigned i = first; i < count && (int)(i - first) < room; i++)
        tui_put(&text, i == current ? TUI_CURRENT : TUI_PLAIN, "%s %s\n",
                i == current ? tui_glyph(tui->terminal, TUI_ARROW) : " ", lines[i]);
    tui_draw(tui->terminal, 0, 0, room + 1, tui_columns(), &text);
    tui_text_free(&text);
    tui_text_open(&text);
    tui_put(&text, TUI_STRONG, "%s", _("Up and Down choose, Enter goes there, any other key goes back."));
    tui_draw(tui->terminal, tui_lines() - 1, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
    tui_refresh((int)(current - first) + 1, 0);
}

int tui_choose(struct tui *tui, const char *title, char **lines, unsigned count, unsigned current)
{
    while (!tui->is_over && count > 0) {
        paint(tui, title, lines, count, current);
        int key = tui_next_key(tui, -1);
        if (key == KEY_DOWN || key == 'j')
            current += current + 1 < count;
        else if (key == KEY_UP || key == 'k')
            current -= current > 0;
        else if (key == KEY_NPAGE || key == KEY_END)
            current = count - 1;
        else if (key == KEY_PPAGE || key == KEY_HOME)
            current = 0;
        else if (key == '\r' || key == '\n' || key == KEY_ENTER)
            return (int)current;
        else if (key != KEY_RESIZE && key != ERR)
            return -1;
    }
    return -1;
}
