/*
 * json_scan: one pass over JSON text, to check it or to find a place in it. Private to base/json.c
 * (and tests).
 *
 * The checks are those that base/json.h promises. The first error in the text's order is reported,
 * by its offset and a message of what was found and what was meant.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

#define JSON_MAX_NUMBER 63 /* characters; cJSON reads no more */

/* One step down from an object (key, decoded) or an array (key NULL: index). */
struct json_step {
    const char *key;
    int index;
};

/* Sets *offset, and err (ERR_INPUT) to the message without a place, if the text is wrong. */
enum err_code json_scan_check(const char *text, size_t len, size_t *offset, struct err *err);

/* The offsets of the value at the end of n steps from the root, and of its key (the value's where
 * it has no key). The text has been checked. False, and nothing touched, if the steps lead nowhere.
 */
bool json_scan_find(const char *text, size_t len, const struct json_step *steps, size_t n,
                    size_t *value, size_t *key);

/* 1-based place of an offset; a column is a byte. */
void json_scan_place(const char *text, size_t offset, int *line, int *column);

#endif
