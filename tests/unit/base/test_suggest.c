#include "base/suggest.h"
#include "tests/unit/unit.h"
#include <string.h>

static const char *near1(const char *word, const char *known)
{
    const char *const words[] = {known, NULL};

    return near_word(word, words);
}

static void test_edits(void)
{
    UNIT_STR(near1("nodes", "nodes"), "nodes");
    UNIT_STR(near1("nodez", "nodes"), "nodes");
    UNIT_STR(near1("node", "nodes"), "nodes");
    UNIT_STR(near1("noodes", "nodes"), "nodes");
    UNIT_STR(near1("NODES", "nodes"), "nodes");
    UNIT_STR(near1("ndoes", "nodes"), "nodes"); /* one swap; without swaps 2 edits, too many */
}

/* A third of the longer word, from 1 to 3. */
static void test_limits(void)
{
    UNIT_STR(near1("ab", "ax"), "ax");
    UNIT_STR(near1("ab", "xy"), NULL);
    UNIT_STR(near1("abcde", "abcxy"), NULL);
    UNIT_STR(near1("abcdef", "abcdxy"), "abcdxy");
    UNIT_STR(near1("abcdef", "abcxyz"), NULL);
    UNIT_STR(near1("abcdefghi", "abcdefxyz"), "abcdefxyz");
    UNIT_STR(near1("abcdefghijkl", "abcdefghwxyz"), NULL);
    UNIT_STR(near1("", "abc"), NULL);
    UNIT_STR(near1("B", "A"), NULL); /* a letter says nothing */
    UNIT_STR(near1("a", "A"), "A");
}

static void test_choice(void)
{
    const char *const words[] = {"variants", "cat", "car", "nodes", NULL};
    const char *const none[] = {NULL};

    UNIT_STR(near_word("caz", words), "cat"); /* a tie */
    UNIT_STR(near_word("car", words), "car");
    UNIT_STR(near_word("varaints", words), "variants");
    UNIT_STR(near_word("x", none), NULL);
}

static void test_long_words(void)
{
    char word[100], other[100];

    memset(word, 'a', sizeof(word));
    memset(other, 'a', sizeof(other));
    word[64] = other[64] = '\0';
    other[63] = 'b';
    UNIT_STR(near1(word, other), other);
    word[64] = 'a';
    word[99] = other[99] = '\0';
    UNIT_STR(near1(word, "aaa"), NULL);
    UNIT_STR(near1("aaa", word), NULL);
}

void suite_suggest(void)
{
    static const struct unit_test tests[] = {
        {"edits", test_edits},
        {"limits", test_limits},
        {"choice", test_choice},
        {"long words", test_long_words},
    };
    unit_add("suggest", tests, UNIT_COUNT(tests));
}
