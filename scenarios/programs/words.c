/* words.c: counts the lines, words and bytes of the console's input, and finds its longest word. */
#include "common/common.h"

enum { WORD_SIZE = 48 };

struct counts {
    uint32_t lines, words, bytes;
    uint32_t length; /* of the word that goes on now; 0 between words */
    char word[WORD_SIZE], longest[WORD_SIZE];
    uint32_t longest_length;
};

static void end_word(struct counts *counts)
{
    uint32_t kept = counts->length < WORD_SIZE ? counts->length : WORD_SIZE - 1;
    counts->words += counts->length > 0;
    if (counts->length > counts->longest_length) {
        memcpy(counts->longest, counts->word, kept);
        counts->longest[kept] = '\0';
        counts->longest_length = counts->length;
    }
    counts->length = 0;
}

static void count(struct counts *counts, char character)
{
    counts->bytes++;
    counts->lines += character == '\n';
    if (character == ' ' || character == '\t' || character == '\r' || character == '\n') {
        end_word(counts);
        return;
    }
    if (counts->length < WORD_SIZE - 1)
        counts->word[counts->length] = character;
    counts->length++;
}

uint32_t main(uint32_t argument)
{
    static struct counts counts;
    char piece[64];
    int32_t length;
    (void)argument;
    while ((length = system_read(piece, sizeof piece)) > 0)
        for (int32_t i = 0; i < length; i++)
            count(&counts, piece[i]);
    end_word(&counts);
    if (counts.bytes == 0)
        print("there is no input on the console\n");
    else
        print("%u lines, %u words, %u bytes, longest word '%s'\n", counts.lines, counts.words, counts.bytes,
              counts.longest);
    return 0;
}
