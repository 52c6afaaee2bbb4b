#include "sim/explore/strategy/strategies.h"
#include "sim/report/text/report.h"
#include <assert.h>
#include <string.h>

/* No order with so many preemptions is of that kind; null: of no number. */
static void up_to(const struct search *s, const struct tally *t, int kind, const char *name,
                  struct strbuf *out)
{
    int bound = tally_free_up_to(s, t, kind);

    strbuf_printf(out, ", \"%s\": ", name);
    if (bound < 0)
        strbuf_adds(out, "null");
    else
        strbuf_printf(out, "%d", bound);
}

/* "evidence": the order as it is for "order", the story line by line. */
static void add_evidence(const struct evidence *e, struct strbuf *out)
{
    const char *line = e->story;

    strbuf_printf(out, ", \"evidence\": {\"holds\": %s, \"replay\": ", e->holds ? "true" : "false");
    strbuf_json(out, e->replay);
    strbuf_printf(out, ", \"order\": %s, \"story\": [", e->order);
    while (*line) {
        size_t len = strcspn(line, "\n");
        struct strbuf one = STRBUF_INIT;

        strbuf_add(&one, line, len);
        strbuf_adds(out, line == e->story ? "" : ", ");
        strbuf_json(out, one.s);
        strbuf_release(&one);
        line += len + (line[len] == '\n');
    }
    strbuf_adds(out, "]}");
}

static void property(const struct search *s, const struct tally *t, const struct evidence *e,
                     struct strbuf *out)
{
    int ok = tally_ok(s, t);

    strbuf_json(out, t->name);
    strbuf_adds(out, ": {\"holds\": ");
    if (tally_verdict(s, t))
        strbuf_json(out, tally_verdict(s, t));
    else
        strbuf_adds(out, "null");
    strbuf_adds(out, ", \"expected\": ");
    if (t->expected == HOLDS_UNNAMED)
        strbuf_adds(out, "null");
    else
        strbuf_json(out, holds_name(t->expected));
    strbuf_printf(out, ", \"ok\": %s, \"held\": %lld, \"broken\": %lld",
                  ok < 0 ? "null"
                  : ok   ? "true"
                         : "false",
                  (long long)t->holds, (long long)t->broken);
    if (s->round_count) {
        up_to(s, t, 0, "unbroken_up_to", out);
        up_to(s, t, 1, "broken_up_to", out);
    }
    if (e->replay)
        add_evidence(e, out);
    strbuf_addc(out, '}');
}

/* What is known of the orders with few preemptions, if the search was ended before its end. */
static void bounds(const struct search *s, struct strbuf *out)
{
    if (!s->round_count)
        return;
    strbuf_adds(out, ", \"bounds\": [");
    for (int i = 0; i < s->round_count; i++)
        strbuf_printf(out, "%s{\"preemptions\": %d, \"orders\": %lld, \"complete\": %s}",
                      i ? ", " : "", i, (long long)s->rounds[i].orders,
                      s->rounds[i].complete ? "true" : "false");
    strbuf_addc(out, ']');
}

void report_json(const struct search *s, const struct evidence *evidence, struct strbuf *out)
{
    assert(s);
    assert(evidence);
    assert(out);
    strbuf_adds(out, "{\"scenario\": ");
    strbuf_json(out, s->scenario->name);
    strbuf_adds(out, ", \"variant\": ");
    strbuf_json(out, s->scenario->variant);
    strbuf_printf(out,
                  ", \"executions\": %lld, \"redundant\": %lld, \"outcomes\": %d, \"exhaustive\": "
                  "%s, \"orders\": ",
                  (long long)s->executions, (long long)s->redundant, s->outcome_count,
                  s->end == SEARCH_COMPLETE ? "true" : "false");
    strbuf_json(out, search_orders(s));
    if (s->count_classes)
        strbuf_printf(out, ", \"classes\": %lld", (long long)s->classes.seen.count);
    if (s->end == SEARCH_COMPLETE)
        strbuf_printf(out, ", \"audited\": %lld", (long long)s->audited);
    if (s->scenario->order.kind == ORDER_SAMPLE)
        strbuf_printf(out, ", \"sampler\": \"%s\"", sampler_names[s->scenario->order.sampler]);
    if (s->pct_steps && s->longest <= s->pct_steps)
        strbuf_printf(out, ", \"chance\": %.3g",
                      pct_chance(s->scenario->order.depth, s->pct_tasks, s->pct_steps));
    strbuf_printf(out, ", \"time\": \"%s\", \"nobody_slow\": %s",
                  s->scenario->time.free ? "free" : "patient",
                  !s->scenario->time.free && s->hurried ? "true" : "false");
    bounds(s, out);
    if (*search_time(s)) {
        strbuf_adds(out, ", \"time\": ");
        strbuf_json(out, search_time(s));
    }
    strbuf_printf(
        out,
        ", \"backend\": \"%s\", \"repeated\": %lld, \"outcomes_repeated\": %d, \"properties\": {",
        s->options.twin_every ? "both" : s->port->calls->name, (long long)s->repeated,
        s->outcomes_repeated);
    for (int i = 0; i < s->tally_count; i++) {
        strbuf_adds(out, i ? ", " : "");
        property(s, &s->tallies[i], &evidence[i], out);
    }
    strbuf_adds(out, "}}");
}
