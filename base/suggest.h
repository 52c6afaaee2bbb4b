/*
 * suggest: the word that was probably meant. Damerau-Levenshtein distance with adjacent swaps, case
 * ignored.
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

/* The nearest of words[] (NULL-terminated), or NULL if none is near enough to be helpful: within a
 * third of the longer word's length, at least 1 edit allowed, at most 3. Ties go to the first. */
const char *near_word(const char *word, const char *const words[]);

#endif
