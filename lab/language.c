/* language.c: which language, and where its catalogue is. */
#include "lab/language.h"

#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/program.h"

/* build/pg74 has the catalogues in build/locale, PREFIX/bin/pg74 in PREFIX/share/locale. */
static void find_catalogues(void)
{
    static const char *const places[] = {"locale", "../share/locale", NULL};
    char path[PATH_MAX];
    if (lab_beside_program(places, path, sizeof path)) {
        bindtextdomain("pg74", path);
        bind_textdomain_codeset("pg74", "UTF-8");
    }
}

const char *lab_language(const char *asked, char language[16])
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL, *list = getenv("LANGUAGE"), *found = asked;
    for (unsigned i = 0; i < sizeof names / sizeof names[0] && (locale == NULL || *locale == '\0'); i++)
        locale = getenv(names[i]);
    bool is_plain = locale == NULL || *locale == '\0' || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    if (found == NULL)
        found = is_plain ? "en" : list != NULL && *list != '\0' ? list : locale;
    size_t length = strspn(found, "abcdefghijklmnopqrstuvwxyz");
    snprintf(language, 16, "%.*s", length == 2 || length == 3 ? (int)length : 2, length == 2 || length == 3 ? found : "en");
    return language;
}

/* A locale that this computer does not have is taken for one that it has. Numbers are read and written as in C everywhere. */
void lab_language_begin(const char *language)
{
    if (setlocale(LC_ALL, "") == NULL) {
        setenv("LC_ALL", "C.UTF-8", 1);
        setlocale(LC_ALL, "");
    }
    setlocale(LC_NUMERIC, "C");
    setenv("LANGUAGE", language, 1);
    find_catalogues();
}

char *lab_language_fit(char *text)
{
    const char *codeset = nl_langinfo(CODESET);
    char target[64], *from = text;
    if (text == NULL || strcmp(codeset, "UTF-8") == 0)
        return text;
    snprintf(target, sizeof target, "%s//TRANSLIT", codeset);
    iconv_t converter = iconv_open(target, "UTF-8");
    size_t left = strlen(text), room = 4 * left + 1;
    char *fitted = calloc(1, room), *to = fitted;
    if (converter != (iconv_t)-1 && fitted != NULL)
        while (left > 0 && iconv(converter, &from, &left, &to, &room) == (size_t)-1 && room > 1) {
            *to++ = '?'; /* what cannot be replaced, or is no UTF-8 */
            room--;
            do {
                from++;
                left--;
            } while (left > 0 && ((unsigned char)*from & 0xc0) == 0x80);
        }
    bool good = converter != (iconv_t)-1 && fitted != NULL;
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    free(good ? text : fitted);
    return good ? fitted : text;
}
