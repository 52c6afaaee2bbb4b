/*
 * state_value: the parts of a state (state.h) that are values of the nodes' own: messages, memory, and what they and the
 * clients have left in the history.
 */
#ifndef SIM_ENGINE_STATE_VALUE_H
#define SIM_ENGINE_STATE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

struct history;
struct msg;
struct node;

uint64_t state_of_msg(const struct msg *m);
uint64_t state_of_node(const struct node *n);
/* What the node has of one fact, by the key that it is recalled by. */
uint64_t state_of_fact(const struct node *n, const char *key);
/* … of a stream that it has taken in, as incarnation `what`; false: it knows no such, or the key is
 * another one, or it was not that that it remembered. */
bool state_of_stream(const struct node *n, const char *key, const char *what, uint64_t *out);
/* As far as properties ask for it; real_time: which requests had ended before which began, too. */
uint64_t state_of_history(const struct history *h, bool real_time);
/* Of a request that begins now: what had ended before. stream: NULL for one that is of none. */
uint64_t state_of_past(const struct history *h, const char *stream, bool real_time);

#endif
