/* language.c: which language, and where its catalogue is. */
#include "lab/language.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* build/pg74 has the catalogues in build/locale, PREFIX/bin/pg74 in PREFIX/share/locale. */
static void find_catalogues(void)
{
    static const char *const places[] = {"locale", "../share/locale"};
    char program[PATH_MAX], path[PATH_MAX + 32], real[PATH_MAX];
    if (realpath("/proc/self/exe", program) == NULL)
        return;
    *strrchr(program, '/') = '\0';
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", program, places[i]);
        if (realpath(path, real) != NULL) {
            bindtextdomain("pg74", real);
            bind_textdomain_codeset("pg74", "UTF-8");
            return;
        }
    }
}

/* gettext looks at LANGUAGE first, but only where the locale is not "C": then C.UTF-8 gets a chance to be something else. */
void lab_language_begin(const char *language)
{
    const char *locale = setlocale(LC_ALL, "");
    if (language != NULL)
        setenv("LANGUAGE", language, 1);
    if (getenv("LANGUAGE") != NULL && (locale == NULL || strncmp(setlocale(LC_MESSAGES, NULL), "C", 1) == 0) &&
        setlocale(LC_MESSAGES, "C.UTF-8") == NULL)
        setlocale(LC_MESSAGES, "en_US.UTF-8");
    find_catalogues();
}

const char *lab_language(const char *asked, char language[16])
{
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    const char *found = asked;
    for (unsigned i = 0; i < sizeof names / sizeof names[0] && (found == NULL || *found == '\0'); i++)
        found = getenv(names[i]);
    size_t length = found != NULL ? strspn(found, "abcdefghijklmnopqrstuvwxyz") : 0;
    if (length < 2 || length > 3)
        found = "en", length = 2;
    snprintf(language, 16, "%.*s", (int)length, found);
    return language;
}
