/*
 * predicate: a yes-or-no question about registers and the store, as in "when" and "properties".
 *
 * {"all": […]} {"any": […]} {"not": P} {"at_most" | "at_least" | "exactly": n, "of": […]} {"REF":
 * value}
 *
 * A REF is a register ("A.got"), "exists:PATH", "content:PATH", "json:PATH#/json/pointer" or "up:NODE". A
 * value is a string, number, true or false, or a register, {"ref": "B.r"}; or {"lt" | "le" | "gt" |
 * "ge" | "ne": v}, {"contains": text}, {"matches": glob}. What is not there (an unset register, a
 * missing file) is equal to nothing, not less and not greater, and `ne` to everything. Texts that
 * are both numbers compare as numbers.
 */
#ifndef SIM_WORKLOAD_PREDICATE_H
#define SIM_WORKLOAD_PREDICATE_H

#include "base/json.h"
#include "base/mem.h"

enum ref_kind { REF_REGISTER, REF_EXISTS, REF_CONTENT, REF_JSON, REF_UP };
enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_CONTAINS, CMP_MATCHES };
enum predicate_kind {
    PRED_ALL,
    PRED_ANY,
    PRED_NOT,
    PRED_AT_MOST,
    PRED_AT_LEAST,
    PRED_EXACTLY,
    PRED_COMPARE
};

struct predicate {
    enum predicate_kind kind;
    int64_t n;               /* at_most, at_least, exactly */
    struct predicate *parts; /* of all but compare */
    int part_count;
    enum ref_kind ref;   /* compare */
    const char *name;    /* register or path */
    const char *pointer; /* json */
    enum comparison comparison;
    const char *value; /* as text: numbers in shortest form, "true", "false" */
    bool value_is_register;
};

/* How to see what a REF names. NULL: not there. Texts need to live until the next call only. */
struct sight {
    const char *(*reg)(void *ctx, const char *name);
    bool (*exists)(void *ctx, const char *path);
    const char *(*content)(void *ctx, const char *path, size_t *len);
    void *ctx;
    bool (*up)(void *ctx, const char *node); /* NULL: nobody is */
};

/* registers: the names that exist, NULL-terminated; NULL: any. Memory is the arena's. */
enum err_code predicate_parse(struct arena *a, const struct json *j, const char *const registers[],
                              struct predicate *out, struct err *err);
/* … by a task, whose registers are "self.r", too. */
enum err_code predicate_parse_by(struct arena *a, const struct json *j,
                                 const char *const registers[], const char *self,
                                 struct predicate *out, struct err *err);
bool predicate_holds(const struct predicate *p, const struct sight *sight);

/* Calls fn for each comparison inside, and for each register that something is compared with: with a
 * comparison that lives no longer than the call. */
void predicate_each(const struct predicate *p,
                    void (*fn)(void *ctx, const struct predicate *compare), void *ctx);

#endif
