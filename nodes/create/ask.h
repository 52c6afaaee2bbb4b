/*
 * ask: a node asks another one to make a stream. The side that is asked: nodes/role/serve.h.
 *
 * A request has a token and an id. Who decides checks the token first: another one than its own is
 * ST_UNAUTHORIZED, and nothing happens. A retry bears the id of the first try, so that an answer
 * that was lost can be given again instead of being worked out anew: from memory, or, after a crash
 * or at a standby, from the record, which says what request it was made for. So a retry is answered
 * "created", and a stream that was deleted meanwhile is not made again. The last is only as good as
 * memory is: of a stream that is gone, a standby knows nothing.
 */
#ifndef NODES_CREATE_ASK_H
#define NODES_CREATE_ASK_H

#include "nodes/create/scheme.h"

/* Asks one node after the other until one answers, each as often as settings.net says. ST_REJECTED
 * if the message reached nobody; ST_UNKNOWN if it did, and no answer came. *out is set with
 * ST_CREATED, ST_EXISTS and ST_STALE. */
enum status ask(struct world *w, enum msg_kind kind, const char *const nodes[], int count,
                const struct wanted *want, struct record *out);

#endif
