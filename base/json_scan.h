/*
 * json_scan: one pass over JSON text, to check it and to note where its values are. Private to
 * base/json.c (and tests).
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

/* The offsets of all values, in the text's order: an array or object comes before what is in it. */
struct json_places {
    int *v; /* free() it */
    size_t count, cap;
};

/* Sets *offset, and err (ERR_INPUT) to the message without a place, if the text is wrong. Adds to
 * places, where they are asked for. */
enum err_code json_scan_check(const char *text, size_t len, struct json_places *places,
                              size_t *offset, struct err *err);

/* The offset of the key of the member with the value at that offset. The text has been checked. */
size_t json_scan_key(const char *text, size_t value);

/* 1-based place of an offset; a column is a byte. */
void json_scan_place(const char *text, size_t offset, int *line, int *column);

#endif
