#include "base/suggest.h"
#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define WORD_MAX  64 /* longer words are no typing mistakes of ours */
#define EDITS_MAX 3

static int lower(char c)
{
    return tolower((unsigned char)c);
}

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* Edits from the first i letters of a to the first j of b. rows[0] is being filled, for i; rows[1]
 * is that for i - 1, rows[2] for i - 2. */
static int edits(const char *a, const char *b, size_t i, size_t j, int *const rows[3])
{
    bool same = lower(a[i - 1]) == lower(b[j - 1]);
    int best = rows[1][j - 1] + !same;

    best = min_int(best, rows[1][j] + 1);
    best = min_int(best, rows[0][j - 1] + 1);
    if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        best = min_int(best, rows[2][j - 2] + 1);
    return best;
}

static int distance(const char *a, size_t na, const char *b, size_t nb)
{
    int table[3][WORD_MAX + 1];

    for (size_t j = 0; j <= nb; j++)
        table[0][j] = (int)j;
    for (size_t i = 1; i <= na; i++) {
        int *const rows[3] = {table[i % 3], table[(i + 2) % 3], table[(i + 1) % 3]};
        rows[0][0] = (int)i;
        for (size_t j = 1; j <= nb; j++)
            rows[0][j] = edits(a, b, i, j, rows);
    }
    return table[na % 3][nb];
}

static int edits_allowed(size_t longer)
{
    int third = (int)(longer / 3);

    if (longer < 2) /* any letter is near any other */
        return 0;
    return third < 1 ? 1 : min_int(third, EDITS_MAX);
}

const char *near_word(const char *word, const char *const words[])
{
    assert(word);
    assert(words);

    const char *best = NULL;
    int best_edits = WORD_MAX + 1;
    size_t len = strlen(word);

    for (; len <= WORD_MAX && *words; words++) {
        size_t n = strlen(*words);
        if (n > WORD_MAX)
            continue;
        int apart = distance(word, len, *words, n);
        if (apart <= edits_allowed(n > len ? n : len) && apart < best_edits) {
            best = *words;
            best_edits = apart;
        }
    }
    return best;
}
