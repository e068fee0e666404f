/* help.c: what the keys do on the screen that is shown, from the one table. */
#include "lab/language.h"
#include "tui/internal.h"

#include <ncurses.h>
#include <string.h>

static void put_help(struct tui *tui, struct tui_text *text)
{
    unsigned count;
    const struct tui_command_entry *table = tui_command_table(&count);
    tui_put(text, TUI_TITLE, " %s", _(tui->screen->name));
    for (int i = 0; i < tui_columns(); i++)
        tui_put(text, TUI_TITLE, " ");
    tui_put(text, TUI_STRONG, "\n%s\n\n", _(tui->screen->what));
    for (unsigned i = 0; i < count; i++) {
        char keys[48] = "", key[16];
        if ((table[i].places & (unsigned)tui->screen->place) == 0)
            continue;
        for (unsigned k = 0; k < 4 && table[i].keys[k] != 0; k++) {
            tui_print_key(table[i].keys[k], key, sizeof key);
            size_t used = strlen(keys), length = strlen(key);
            bool is_again = used >= length &&
                            strcmp(keys + used - length, key) == 0; /* as Enter, which terminals send in two ways */
            if (key[0] == '\0' || is_again)
                continue;
            snprintf(keys + used, sizeof keys - used, "%s%s", used ? ", " : "", key);
        }
        tui_put(text, TUI_KEY, "%-16s", keys);
        tui_put(text, TUI_PLAIN, " %s\n", _(table[i].help));
    }
}

/* In the place of the screen, to be scrolled where it does not fit. */
void tui_show_help(struct tui *tui)
{
    struct tui_text text;
    int first = 0, key;
    tui_text_open(&text);
    put_help(tui, &text);
    do {
        int lines = tui_lines() - 1, most = tui_text_lines(&text) - lines;
        struct tui_text shown = tui_text_below(&text, first), bottom;
        tui_draw(tui->terminal, 0, 0, lines, tui_columns(), &shown);
        tui_text_open(&bottom);
        tui_put(&bottom, TUI_STRONG,
                most > 0 ? _("Up and Down show the rest, any other key goes back.") : _("Any key goes back."));
        tui_draw(tui->terminal, lines, 0, 1, tui_columns(), &bottom);
        tui_text_free(&bottom);
        tui_refresh(0, 0);
        key = tui_next_key(tui, -1);
        if ((key == KEY_DOWN || key == 'j') && first < most)
            first++;
        else if ((key == KEY_UP || key == 'k') && first > 0)
            first--;
    } while (!tui->is_over && (key == KEY_DOWN || key == KEY_UP || key == 'j' || key == 'k' || key == KEY_RESIZE));
    tui_text_free(&text);
}
