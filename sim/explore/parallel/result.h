/*
 * result: what a part of a search came to, as one line of JSON, to be sent or kept and added up.
 *
 *     result_print(s, &head, &owed, &line);     // what the search has counted; search_forget(s)
 *
 *     result_parse(&r, "part 3", text, len, other, &err);
 *     result_add(&r, other);
 *     result_release(&r);
 *
 * Adding the same lines in the same order gives the same search, witnesses included, whoever made
 * them.
 */
#ifndef SIM_EXPLORE_PARALLEL_RESULT_H
#define SIM_EXPLORE_PARALLEL_RESULT_H

#include "base/json.h"
#include "sim/explore/parallel/partition.h"

#define RESULT_FIRST (-1) /* the part: the executions that found the parts */

struct result_head {
    int64_t round, part;
    bool over; /* the budget ended it: it is not all of the part */
};

struct result {
    struct result_head head;
    struct owed owed;
    struct json_doc *doc;
};

void result_print(const struct search *s, const struct result_head *head, const struct owed *owed,
                  struct strbuf *out);
/* ERR_INPUT: it is none, or not of this search's scenario. `name`: what messages call it. */
enum err_code result_parse(struct result *r, const char *name, const char *text, size_t len,
                           const struct search *s, struct err *err);
void result_add(const struct result *r, struct search *s);
void result_release(struct result *r);

#endif
