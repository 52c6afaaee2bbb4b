/*
 * short_words: a predicate as one types it on a command line.
 *
 *     exists:both            A.exit=0            content:f!=done
 *     A.exit=0 and B.exit=0 or not exists:lock
 *
 * A REF alone has to be there (exists:) or true; =, !=, <, <=, >, >= compare it with what is behind:
 * a number, true, false, or else a text. What a file or a program's output is equal to may have a line's
 * end behind it. "not" binds closest, then "and", then "or". What begins with '{' is JSON as in a
 * scenario, and is taken as it is.
 */
#ifndef SIM_CLI_SHORT_WORDS_H
#define SIM_CLI_SHORT_WORDS_H

#include "base/err.h"
#include "base/strbuf.h"

/* Appends it as JSON. ERR_INPUT with what was meant. */
enum err_code short_words_json(const char *text, struct strbuf *out, struct err *err);

#endif
