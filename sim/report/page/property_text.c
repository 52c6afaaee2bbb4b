#include "sim/report/page/property_text.h"
#include <assert.h>
#include <string.h>

/* Of all that the format knows. */
static const struct {
    const char *name, *says;
} built_in[] = {
    {"one_creator", "between two deletions of a stream, at most one creation of it succeeds"},
    {"one_definition", "what the store holds of a stream agrees on what the stream is"},
    {"no_lost_events", "each accepted event is found by a query once all is quiet"},
    {"no_lost_update", "no update is overwritten by one that had not seen it"},
    {"no_torn_read", "each read of a whole file finds what some writer meant to be in it"},
    {"no_ghost", "nothing is left of a stream that was deleted"},
    {"converged", "once all is quiet, the nodes and the store agree"},
    {"monotonic_versions", "nobody goes back to an older version of a stream"},
    {"linearizable", "the answers fit some order of the requests, one after the other"},
    {"no_stuck_marker", "no marker blocks for ever"},
    {"no_deadlock", "nobody is left waiting for what cannot come"},
    {"no_unauthorized", "nobody is refused for a token that should do"},
    {"restarts", "whoever is restarted starts"},
};

static void compare(const struct predicate *p, struct strbuf *out)
{
    static const char *const prefixes[] = {[REF_REGISTER] = "",
                                           [REF_EXISTS] = "exists:",
                                           [REF_CONTENT] = "content:",
                                           [REF_JSON] = "json:",
                                           [REF_UP] = "up:"};
    static const char *const signs[] = {[CMP_EQ] = "=",
                                        [CMP_NE] = "is not",
                                        [CMP_LT] = "<",
                                        [CMP_LE] = "<=",
                                        [CMP_GT] = ">",
                                        [CMP_GE] = ">=",
                                        [CMP_CONTAINS] = "contains",
                                        [CMP_MATCHES] = "matches"};

    if (p->ref == REF_EXISTS && p->comparison == CMP_EQ) {
        strbuf_printf(out, "%s %s", p->name,
                      strcmp(p->value, "true") == 0 ? "is there" : "is not there");
        return;
    }
    strbuf_printf(out, "%s%s", prefixes[p->ref], p->name);
    if (p->ref == REF_JSON)
        strbuf_printf(out, "#%s", p->pointer);
    strbuf_printf(out, " %s %s", signs[p->comparison], *p->value ? p->value : "(nothing)");
}

static void words(const struct predicate *p, struct strbuf *out);

static void join(const struct predicate *p, const char *between, struct strbuf *out)
{
    for (int i = 0; i < p->part_count; i++) {
        strbuf_adds(out, i ? between : "");
        words(&p->parts[i], out);
    }
}

static void parts(const struct predicate *p, const char *between, struct strbuf *out)
{
    strbuf_addc(out, '(');
    join(p, between, out);
    strbuf_addc(out, ')');
}

static void counted(const char *how, const struct predicate *p, struct strbuf *out)
{
    strbuf_printf(out, "%s %lld of ", how, (long long)p->n);
    parts(p, ", ", out);
}

static void words(const struct predicate *p, struct strbuf *out)
{
    switch (p->kind) {
    case PRED_ALL:
        parts(p, " and ", out);
        break;
    case PRED_ANY:
        parts(p, " or ", out);
        break;
    case PRED_NOT:
        strbuf_adds(out, "not ");
        parts(p, "", out);
        break;
    case PRED_AT_MOST:
        counted("at most", p, out);
        break;
    case PRED_AT_LEAST:
        counted("at least", p, out);
        break;
    case PRED_EXACTLY:
        counted("exactly", p, out);
        break;
    case PRED_COMPARE:
        compare(p, out);
        break;
    }
}

void meaning_of(const struct tally *t, struct strbuf *out)
{
    assert(t);
    assert(out);
    if (t->check) {
        for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
            if (strcmp(built_in[i].name, t->name) == 0)
                strbuf_adds(out, built_in[i].says);
        return;
    }
    if (t->property->inside) {
        strbuf_printf(out, "at most %d between %s and %s", t->property->inside->at_most,
                      t->property->inside->from, t->property->inside->to);
        return;
    }
    strbuf_adds(out, t->property->invariant ? "after every step: " : "at the end: ");
    if (t->property->predicate.kind == PRED_ALL)
        join(&t->property->predicate, " and ", out);
    else
        words(&t->property->predicate, out);
}
