#include "sim/explore/explain/export.h"
#include "sim/explore/explain/minimal.h"
#include "sim/explore/explain/nearest.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/strategy/strategies.h"
#include "sim/report/text/report.h"
#include "sim/report/text/verdict.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *search_orders(const struct search *s)
{
    assert(s);

    static const char *const names[] = {[SEARCH_COMPLETE] = "all orders",
                                        [SEARCH_SAMPLED] = "sampled",
                                        [SEARCH_SCRIPT] = "one order",
                                        [SEARCH_BUDGET] = "undecided: budget",
                                        [SEARCH_STOPPED] = "undecided: interrupted",
                                        [SEARCH_BOUND] = "undecided: bound"};

    if (s->end == SEARCH_DOUBTED)
        return arena_printf(&s->scenario->arena, "a sample, no proof: %s", s->doubt);
    if (s->end == SEARCH_WITHIN)
        return arena_printf(&s->scenario->arena, "within %d %s%s", s->scenario->order.bound,
                            s->scenario->order.delays ? "delay" : "preemption",
                            s->scenario->order.bound == 1 ? "" : "s");
    return names[s->end];
}

const char *search_grounds(const struct search *s)
{
    assert(s);

    const char *time = search_time(s);

    return *time ? arena_printf(&s->scenario->arena, "%s, %s", search_orders(s), time)
                 : search_orders(s);
}

/* Not each outcome was repeated: there are too many. */
static bool in_part(const struct search *s)
{
    return s->twin && !s->options.twin_every && s->outcomes_repeated < s->outcome_count;
}

void report_backend(const struct search *s, struct strbuf *out)
{
    assert(s);
    assert(out);
    if (strcmp(s->port->calls->name, "model") != 0)
        return;
    if (s->twin && s->options.twin_every == 1) {
        strbuf_adds(out, ", each on the model and on the directory");
        return;
    }
    strbuf_adds(out, ", on the model");
    if (in_part(s))
        strbuf_printf(out, "; %d of %d outcomes repeated on the directory", s->outcomes_repeated,
                      s->outcome_count);
    else if (s->twin && s->options.twin_every)
        strbuf_printf(out, "; 1 in %lld on the directory, too", (long long)s->options.twin_every);
    else if (s->twin)
        strbuf_adds(out, "; each repeated on the directory");
}

static const char *mark(const struct search *s, const struct tally *t)
{
    if (t->expected == HOLDS_UNNAMED)
        return "   -";
    switch (tally_ok(s, t)) {
    case 1:
        return "  ok";
    case 0:
        return "FAIL";
    default:
        return "   ?";
    }
}

/* Where it was run, in short; legend() of sim/cli/output.c has it in full. */
static void where(const struct search *s, struct strbuf *out)
{
    if (strcmp(s->port->calls->name, "model") != 0)
        return;
    strbuf_adds(out, " (model");
    if (in_part(s))
        strbuf_printf(out, "; %d of %d outcomes repeated on dir", s->outcomes_repeated,
                      s->outcome_count);
    else if (s->twin && s->options.twin_every > 1)
        strbuf_printf(out, ", 1 in %lld on dir", (long long)s->options.twin_every);
    else if (s->twin)
        strbuf_adds(out, s->options.twin_every ? " and dir" : "+dir");
    strbuf_addc(out, ')');
}

static bool as_expected(const struct search *s)
{
    for (int i = 0; i < s->tally_count; i++)
        if (s->tallies[i].expected != HOLDS_UNNAMED && tally_ok(s, &s->tallies[i]) != 1)
            return false;
    return true;
}

static void head(const struct search *s, struct strbuf *out)
{
    strbuf_printf(out, "%s, %s: %lld execution%s, ", s->scenario->name, s->scenario->variant,
                  (long long)s->executions, s->executions == 1 ? "" : "s");
    if (s->count_classes)
        strbuf_printf(out, "%lld class%s, ", (long long)s->classes.seen.count,
                      s->classes.seen.count == 1 ? "" : "es");
    strbuf_printf(out, "%d outcome%s, %s", s->outcome_count, s->outcome_count == 1 ? "" : "s",
                  search_grounds(s));
    if (s->end == SEARCH_COMPLETE && s->options.no_audit)
        strbuf_adds(out, ", not audited");
    where(s, out);
    strbuf_addc(out, '\n');
}

/* Fills up to the column; a word that is longer still gets a blank behind it. */
static void column(struct strbuf *out, size_t at)
{
    strbuf_pad(out, at - 1);
    strbuf_addc(out, ' ');
}

/* "4 of 12", "4 of 12 so far"; what is known without counting is not counted */
static void counts(const struct search *s, const struct tally *t, struct strbuf *out)
{
    if (tally_given(s, t))
        strbuf_adds(out, "nobody waits");
    else if (t->holds + t->broken == 0)
        strbuf_adds(out, "none ended");
    else
        strbuf_printf(out, "%lld of %lld%s", (long long)t->holds, (long long)(t->holds + t->broken),
                      tally_counted(s, t) ? "" : " so far");
}

/* … and below it, what is known though the search was not done. */
static void known(const struct search *s, const struct tally *t, struct strbuf *out)
{
    struct strbuf words = STRBUF_INIT;

    bounds_words(s, t, &words);
    if (words.len && !tally_given(s, t))
        strbuf_printf(out, "      %s\n", words.s);
    strbuf_release(&words);
}

static void line(const struct search *s, const struct tally *t, struct strbuf *out)
{
    size_t start = out->len;

    strbuf_printf(out, "%s  %s", mark(s, t), t->name);
    column(out, start + 25);
    strbuf_adds(out, tally_words(s, t));
    column(out, start + 36);
    counts(s, t, out);
    if (t->expected != HOLDS_UNNAMED) {
        column(out, start + 54);
        strbuf_printf(out, "expected %s", holds_name(t->expected));
    }
    strbuf_addc(out, '\n');
    if (t->property && s->never_inside >> t->index & 1)
        strbuf_printf(out, "      nobody was ever inside: no step at \"%s\" succeeded\n",
                      t->property->inside->from);
    known(s, t, out);
}

/* What a run by PCT is sure to hit so often; nothing if one was longer than planned for. */
static void chance(const struct search *s, struct strbuf *out)
{
    const struct order *o = &s->scenario->order;
    double one = pct_chance(o->depth, s->pct_tasks, s->pct_steps);

    if (s->longest > s->pct_steps) {
        strbuf_printf(out, "      pct: no bound; planned for %d steps, and a run had %d\n",
                      s->pct_steps, s->longest);
        return;
    }
    strbuf_printf(out,
                  "      pct: a bug of depth %d is hit by one run with a chance of 1 in %.0f at "
                  "least (%d tasks, %d steps), ",
                  o->depth, 1 / one, s->pct_tasks, s->pct_steps);
    strbuf_printf(out, "by one of %lld with %.4f\n", (long long)s->executions,
                  -expm1((double)s->executions * log1p(-one)));
}

void report_text(const struct search *s, bool brief, struct strbuf *out)
{
    assert(s);
    assert(out);
    brief = brief && as_expected(s) && s->scenario->expect_count;
    if (brief)
        strbuf_adds(out, "  ok  ");
    head(s, out);
    for (int i = 0; i < s->tally_count && !brief; i++)
        line(s, &s->tallies[i], out);
    if (!s->scenario->expect_count)
        strbuf_adds(out, "      nothing is expected of it but no hang: \"expect\" says what has to "
                         "hold\n");
    if (s->lost_at)
        strbuf_printf(out,
                      "     step %d of the order cannot be followed any more: every order from "
                      "before it was tried\n",
                      s->lost_at);
    if (s->pct_steps)
        chance(s, out);
    if (s->bounded && s->scenario->bounded_loops)
        strbuf_printf(
            out,
            "      undecided: %lld executions came to the bound of a loop (\"at_most\"), or "
            "to %d points\n",
            (long long)s->bounded, POINTS_MAX);
    else if (s->bounded)
        strbuf_printf(out, "      undecided: %lld executions reached %d points\n",
                      (long long)s->bounded, POINTS_MAX);
    if (s->held)
        strbuf_printf(
            out,
            "      undecided: in %lld executions somebody who comes round again and again "
            "was held back, though that might have changed something\n",
            (long long)s->held);
}

static void indent(struct strbuf *out, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        strbuf_adds(out, "    ");
        strbuf_add(out, text, len);
        strbuf_addc(out, '\n');
        text += len + (text[len] == '\n');
    }
}

static void headline(const struct search *s, const struct tally *t, int kind, const char *why,
                     struct strbuf *out)
{
    strbuf_printf(out, "\n%s, %s: %s ", s->scenario->name, s->scenario->variant, t->name);
    if (t->expected != HOLDS_UNNAMED && tally_ok(s, t) == 0)
        strbuf_printf(out, "should hold %s, and %s%s", holds_name(t->expected),
                      tally_verdict(s, t) ? "holds " : "does not",
                      tally_verdict(s, t) ? tally_verdict(s, t) : "");
    else if (tally_verdict(s, t))
        strbuf_printf(out, "holds %s", tally_verdict(s, t));
    else
        strbuf_adds(out, "is undecided");
    if (kind == 0)
        strbuf_printf(out, ". Here it is broken:\n  %s.\n", why);
    else
        strbuf_adds(out, ". Here it holds.\n");
}

/* All properties that this order shows, and the order. */
static void headlines(const struct search *s, const struct schedule *w, int *kinds, char **why,
                      struct strbuf *out)
{
    bool proved = true;

    for (int i = 0; i < s->tally_count; i++) {
        const struct tally *t = &s->tallies[i];

        if (kinds[i] < 0 || !schedule_same(&t->witness[kinds[i]], w))
            continue;
        headline(s, t, kinds[i], why[i], out);
        proved &= t->proved[kinds[i]];
        kinds[i] = -1;
    }
    strbuf_printf(out, "  The shortest order %s shows it%s: %d steps, %d preemption%s.\n\n",
                  proved ? "that" : "found that", proved ? ", which is proved" : "", w->steps,
                  w->preemptions, w->preemptions == 1 ? "" : "s");
}

static void final_state(struct search *s, struct strbuf *out)
{
    struct strbuf state = STRBUF_INIT;

    outcome_print(s->cluster, &state);
    strbuf_adds(out, "\n  In the end:\n");
    indent(out, state.s);
    strbuf_release(&state);
}

/* The first of these properties that is broken in this order, -1: none is. */
static int broken_here(const struct search *s, const struct schedule *w, const int *kinds)
{
    for (int i = 0; i < s->tally_count; i++)
        if (kinds[i] == 0 && schedule_same(&s->tallies[i].witness[0], w))
            return i;
    return -1;
}

/* Of an execution that went on to the bound: no more than up to where the last property broke. */
static int told(const struct picture *p)
{
    int last = 0;

    for (int i = 0; i < p->search->tally_count && i < TALLIES_TOLD; i++)
        last = p->broke_at[i] > last ? p->broke_at[i] : last;
    return p->search->cluster->end == END_BOUND && last < p->trace.count ? last + 1
                                                                         : p->trace.count;
}

static void columns(struct picture *p, const struct style *style, struct strbuf *out)
{
    int whole = p->trace.count;

    p->trace.count = told(p);
    draw_columns(p, style, out);
    if (p->trace.count < whole)
        strbuf_printf(out, "        … and so on, up to %d points\n", POINTS_MAX);
    p->trace.count = whole;
}

static enum err_code witness(struct search *s, const struct schedule *w, int *kinds,
                             const struct style *style, struct strbuf *out, struct err *err)
{
    struct nearest nearest = {.race = {-1, -1}};
    int broken = broken_here(s, w, kinds);
    enum err_code code = OK;
    struct picture p;

    picture_init(&p, s);
    if (broken >= 0)
        code = nearest_passing(s, &s->tallies[broken], &nearest, err);
    if (code == OK)
        code = search_replay(s, w, &p.trace, NULL, err);
    if (code == OK) {
        picture_end(&p);
        picture_race(&p, broken, nearest.race);
        headlines(s, w, kinds, p.why, out);
        columns(&p, style, out);
        report_why(&p, style, out);
        final_state(s, out);
        code = search_reset(s, err);
    }
    if (code == OK) {
        strbuf_adds(out, "\n  Replay: ");
        code = record_command(s, w, out, err);
        strbuf_adds(out, "\n\n");
    }
    nearest_release(&nearest);
    picture_release(&p);
    return code;
}

enum err_code report_witnesses(struct search *s, int *kinds, const struct style *style,
                               struct strbuf *out, struct err *err)
{
    assert(s);
    assert(kinds);
    assert(style);
    assert(out);
    for (int i = 0; i < s->tally_count; i++)
        if (kinds[i] >= 0 && shortest(s, &s->tallies[i], kinds[i], err) != OK)
            return err->code;
    for (int i = 0; i < s->tally_count; i++) {
        const struct schedule *w = kinds[i] < 0 ? NULL : &s->tallies[i].witness[kinds[i]];

        if (w && witness(s, w, kinds, style, out, err) != OK)
            return err->code;
    }
    return OK;
}

void report_end(struct search *s, char *const why[], struct strbuf *out)
{
    assert(s);
    assert(out);
    final_state(s, out);
    strbuf_addc(out, '\n');
    for (int i = 0; i < s->tally_count; i++) {
        bool holds = why[i][0] == '\0';

        strbuf_printf(out, "%-17s %s%s%s\n", s->tallies[i].name, holds ? "holds" : "is broken",
                      holds ? "" : ": ", why[i]);
    }
}

void report_execution(const struct picture *p, const struct format *format,
                      const struct style *style, struct strbuf *out)
{
    assert(p);
    assert(format);
    assert(style);
    assert(out);
    format->draw(p, style, out);
    if (format->draw == draw_columns)
        report_why(p, style, out);
    report_end(p->search, p->why, out);
}
