/*
 * linearizable: can the clients' calls be explained by a catalog that does one call at a time?
 *
 * The catalog is a set of streams. A call takes effect at one moment between its beginning and its
 * end; so of two calls of which one ended before the other began, it comes first. What an answer
 * says of that moment:
 *
 *     created         there was none, and now there is       exists, conflict, a query's rows   there was one
 *     accepted        there is one now, new or not           deleted     there was one, and now there is none
 *     not_found       there was none                         names       just these
 *     rejected, unauthorized   nothing: the call has not happened
 *     unknown         it has happened at some time after it began, or never
 *
 * The search is Wing and Gong's (Testing and Verifying Concurrent Objects, 1993), which tries each
 * call that may come next, with Lowe's memory (Testing for Linearizability, 2017): the same calls
 * done and the same streams there need not be tried again.
 */
#ifndef SIM_CHECK_LINEARIZABLE_H
#define SIM_CHECK_LINEARIZABLE_H

#include "sim/trace/history.h"
#include <stdbool.h>

#define LINEAR_CALLS_MAX   64 /* of one execution */
#define LINEAR_STREAMS_MAX 32

struct strbuf;

enum linear { LINEAR, NOT_LINEAR, TOO_LONG };

/* `there`: the streams that there are before the first call, NULL-terminated. NOT_LINEAR: `why` (may
 * be NULL) gets a sentence. TOO_LONG: more than can be looked at. */
enum linear linear_history(const struct history *h, const char *const *there, struct strbuf *why);

#endif
