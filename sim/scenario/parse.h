/*
 * parse: the parts of the scenario loader, a file each. Internal to this room.
 */
#ifndef SIM_SCENARIO_PARSE_H
#define SIM_SCENARIO_PARSE_H

#include "sim/scenario/scenario.h"

/* Settings and nodes: cluster.c */
enum err_code parse_cluster(struct scenario *s, const struct json *j, struct err *err);
/* Clients' programs and init: work.c. Registers first, so that predicates may name any: of the work in `root`, each
 * once. */
void collect_registers(struct names *n, struct arena *arena, const struct json *root);
void names_add(struct names *n, struct arena *arena, const char *name);
enum err_code parse_work(struct scenario *s, const struct json *j, struct err *err);
/* program.c; parse_copy: a step of init that is_copy() */
enum err_code parse_run(struct scenario *s, const struct json *node, struct scenario_node *n,
                        struct err *err);
enum err_code add_program_tasks(struct scenario *s, const struct json *nodes, struct err *err);
bool is_copy(const struct json *step);
enum err_code parse_copy(struct scenario *s, const struct json *j, struct err *err);
enum err_code parse_init(struct scenario *s, const struct json *j, struct err *err);
/* faults.c; after the work, since faults that choose their time are tasks, too */
enum err_code parse_faults(struct scenario *s, const struct json *j, struct err *err);
/* order.c */
/* "lock.take app#2": the glob, and which time. */
enum err_code parse_point(struct scenario *s, const struct json *j, const char *text,
                          const char **point, int *nth, struct err *err);
enum err_code parse_order(struct scenario *s, const struct json *j, struct err *err);
/* properties.c */
enum err_code parse_properties(struct scenario *s, const struct json *j, struct err *err);
enum err_code parse_expect(struct scenario *s, const struct json *j, struct err *err);
/* properties.c: predicates name nodes that there are. */
enum err_code check_nodes_named(struct scenario *s, const struct predicate *p, const struct json *j,
                                struct err *err);
/* alias.c */
void collect_aliases(struct scenario *s);
void collect_steady(struct scenario *s);
void collect_sure(struct scenario *s); /* when all else is known */
/* time.c: "time"; and, when all else is known, what it takes. */
enum err_code parse_time(struct scenario *s, const struct json *j, struct err *err);
enum err_code settle_time(struct scenario *s, const struct json *root, struct err *err);
/* waits.c */
void collect_waits(struct scenario *s); /* when all else is known */

/* The index of the word at j in words[] (NULL-terminated), or -1 and an error that names the
 * nearest. */
int parse_word(const struct json *j, const char *const words[], const char *what, struct err *err);
/* A word of the format that this release does not know how to do yet. */
enum err_code not_yet(const struct json *j, const char *what, struct err *err);
/* Letters, digits, '_', '-' and, if allowed, '.', not at the start; at most max bytes. */
bool name_ok(const char *name, size_t max, bool dots);
/* A member in ms, if it is there: 0 to MS_MAX. */
#define MS_MAX INT64_C(1000000000)
enum err_code parse_ms(const struct json *object, const char *key, int64_t *out, struct err *err);
int scenario_node_index(const struct scenario *s, const char *name);

#endif
