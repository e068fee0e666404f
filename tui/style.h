/* style.h: how a style stands in the bytes of a text. Private to text.c and those that draw it. */
#ifndef PG74_TUI_STYLE_H
#define PG74_TUI_STYLE_H

enum { TUI_STYLE_MARK = 1, TUI_FIRST_STYLE = 'A' };

#endif
