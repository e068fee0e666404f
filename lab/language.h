/* language.h: what the program says to its user in the user's own language. Sentences stand in the code in English, inside
 * _(...); po/LANGUAGE.po has them in others. Without a catalogue they stay English. */
#ifndef PG74_LAB_LANGUAGE_H
#define PG74_LAB_LANGUAGE_H

#include <libintl.h>

#define _(text) dgettext("pg74", text)
/* Marks a sentence that is translated where it is used. */
#define N_(text) (text)

/* The language to use, as "ru": the one that was asked for, or what the environment names as gettext reads it; "en" when nothing
 * does. */
const char *lab_language(const char *asked, char language[16]);

/* Begins to use the catalogue of a language. */
void lab_language_begin(const char *language);

/* A UTF-8 text (malloc, taken over) as this terminal can show it: where it knows no UTF-8, letters are replaced as well as may be. */
char *lab_language_fit(char *text);

#endif
