/*
 * json_pretty: JSON as a person would write it: what fits on a line is on one, the rest has a line for
 * each member.
 */
#ifndef BASE_JSON_PRETTY_H
#define BASE_JSON_PRETTY_H

#include "base/json.h"
#include "base/strbuf.h"

#define JSON_PRETTY_WIDTH 100

/* Appends it, and a line's end. An object that is the whole is never on one line. */
void json_pretty(const struct json *j, struct strbuf *out);

#endif
