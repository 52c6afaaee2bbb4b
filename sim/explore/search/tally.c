#include "sim/explore/search/search.h"
#include <assert.h>
#include <string.h>

/* A hang is what nobody means: it counts unless the scenario says otherwise. */
static bool is_no_deadlock(const struct tally *t)
{
    return t->check && strcmp(t->name, "no_deadlock") == 0;
}

static void expect(struct tally *t, const struct scenario *s)
{
    t->expected = is_no_deadlock(t) ? HOLDS_ALWAYS : HOLDS_UNNAMED;
    t->line = t->column = 1; /* the scenario */
    for (int i = 0; i < s->expect_count; i++)
        if (strcmp(s->expects[i].property, t->name) == 0) {
            t->expected = s->expects[i].holds;
            t->line = s->expects[i].line;
            t->column = s->expects[i].column;
        }
}

/* Is the scenario of the kind that the property is about? */
static bool applies(const struct check *check, const struct scenario *s)
{
    unsigned without = 0; /* what this scenario has nothing of */
    bool expected = false;

    for (int i = 0; i < s->expect_count; i++)
        expected |= strcmp(s->expects[i].property, check->name) == 0;
    without |= s->has_services ? 0 : OF_SERVICES;
    without |= s->semantics == STORE_POSIX ? 0 : OF_POSIX;
    without |= s->restarts ? 0 : OF_RESTARTS;
    without |= expected || makes_markers(&s->settings) ? 0 : OF_MARKERS;
    without |= s->settings.schema == SCHEMA_VERSIONED ? 0 : OF_VERSIONS;
    without |= expected ? 0 : IF_ASKED;
    return (check->traits & without) == 0;
}

void tallies_new(struct search *s)
{
    assert(s);

    const struct scenario *sc = s->scenario;
    int n = 0;

    while (checks[n].name)
        n++;
    s->tallies = mem_alloc(sizeof *s->tallies * (size_t)(n + sc->property_count + 1));
    for (int i = 0; i < sc->property_count; i++)
        s->tallies[s->tally_count++] = (struct tally){
            .name = sc->properties[i].name, .property = &sc->properties[i], .index = i};
    for (int i = 0; i < n; i++)
        if (applies(&checks[i], sc))
            s->tallies[s->tally_count++] =
                (struct tally){.name = checks[i].name, .check = &checks[i]};
    for (int i = 0; i < s->tally_count; i++)
        expect(&s->tallies[i], sc);
}

bool tally_seen(const struct tally *t, int kind)
{
    assert(t);
    assert(kind == 0 || kind == 1);
    return t->first[kind] || (kind ? t->holds : t->broken);
}

static bool seen_any(const struct tally *t)
{
    return tally_seen(t, 0) || tally_seen(t, 1);
}

enum holds tally_found(const struct tally *t)
{
    assert(t);
    if (tally_seen(t, 0) && tally_seen(t, 1))
        return HOLDS_SOMETIMES;
    return tally_seen(t, 0) ? HOLDS_NEVER : HOLDS_ALWAYS;
}

bool search_open(const struct search *s)
{
    assert(s);
    return s->end == SEARCH_BUDGET || s->end == SEARCH_STOPPED || s->end == SEARCH_BOUND ||
           s->end == SEARCH_DOUBTED || s->bounded || s->held;
}

/* Where nothing is expected by name, the search is all that was asked for, and has to be done. */
bool tally_given(const struct search *s, const struct tally *t)
{
    assert(s);
    assert(t);
    return search_open(s) && !s->bounded && is_no_deadlock(t) && !s->scenario->waits &&
           s->scenario->expect_count;
}

int tally_free_up_to(const struct search *s, const struct tally *t, int kind)
{
    assert(s);
    assert(t);
    assert(kind == 0 || kind == 1);

    int complete = 0;

    while (complete < s->round_count && s->rounds[complete].complete)
        complete++;
    return (t->first[kind] ? t->first[kind] - 1 : complete) - 1;
}

const char *tally_verdict(const struct search *s, const struct tally *t)
{
    assert(s);
    assert(t);

    enum holds found = tally_found(t);

    if (tally_given(s, t))
        return holds_name(HOLDS_ALWAYS);
    if (!seen_any(t) || (search_open(s) && found != HOLDS_SOMETIMES))
        return NULL;
    return holds_name(found);
}

bool tally_counted(const struct search *s, const struct tally *t)
{
    assert(s);
    assert(t);
    return tally_verdict(s, t) && (!search_open(s) || (t->holds && t->broken));
}

const char *tally_words(const struct search *s, const struct tally *t)
{
    assert(s);
    assert(t);

    const char *verdict = tally_verdict(s, t);

    return verdict ? verdict : tally_seen(t, 0) ? "not always" : "undecided";
}

int tally_ok(const struct search *s, const struct tally *t)
{
    assert(s);
    assert(t);

    enum holds found = tally_found(t);
    bool open = search_open(s);
    bool beyond = s->end == SEARCH_WITHIN && t->expected == HOLDS_SOMETIMES;

    if (t->expected == HOLDS_UNNAMED)
        return 1;
    if (s->lost_at && t->expected == HOLDS_NEVER && tally_seen(t, 0))
        return 1; /* what the one order showed is still to be found */
    if (tally_given(s, t))
        return t->expected == HOLDS_ALWAYS;
    if (!seen_any(t))
        return -1;
    if (found == HOLDS_SOMETIMES)
        return t->expected == HOLDS_SOMETIMES;
    if (beyond || (open && (t->expected == found || t->expected == HOLDS_SOMETIMES)))
        return -1;
    return t->expected == found;
}
