/* fsrace's own questions: what the schemes keep, what they cost, and what they need. */
#include "sim/cli/compare.h"
#include "sim/report/text/report.h"
#include <stdio.h>
#include <string.h>

/* A number as it stands in a text. */
#define TEXT_OF(n) #n
#define TEXT(n)    TEXT_OF(n)

/* --- what holds --- */

static const char *const race_properties[] = {"accepted",       "one_creator", "one_definition",
                                              "no_lost_events", "converged",   NULL};

static void race_columns(struct table *t)
{
    for (int i = 0; race_properties[i]; i++)
        table_column(t, "", race_properties[i]);
}

static void slow_columns(struct table *t)
{
    static const char *const groups[] = {"nobody slow", "somebody slow"};

    for (int g = 0; g < 2; g++)
        for (int i = 0; race_properties[i]; i++)
            table_column(t, groups[g], race_properties[i]);
}

static void race_cells(struct compare *c, struct table *t, const struct search *s,
                       const struct figures *f)
{
    (void)c;
    (void)f;
    for (int i = 0; race_properties[i]; i++)
        for (int k = 0; k < s->tally_count; k++)
            if (strcmp(s->tallies[k].name, race_properties[i]) == 0)
                report_holds(t, s, &s->tallies[k]);
}

static enum err_code race_row(struct compare *c, struct table *t, int contestant, struct err *err)
{
    struct work w;

    work_race(&w, "race", 1, "[]");
    return compare_run(c, &w, contestant, t, race_cells, err);
}

static enum err_code queriers_row(struct compare *c, struct table *t, int contestant,
                                  struct err *err)
{
    struct work w;

    work_race(&w, "race-two-queriers", 2, "[]");
    return compare_run(c, &w, contestant, t, race_cells, err);
}

static enum err_code crash_row(struct compare *c, struct table *t, int contestant, struct err *err)
{
    struct work w;

    work_race(&w, "race-crash", 1,
              "[ {\"crash\": \"i1\", \"anywhere\": true, \"restart_ms\": 100} ]");
    return compare_run(c, &w, contestant, t, race_cells, err);
}

static enum err_code slow_row(struct compare *c, struct table *t, int contestant, struct err *err)
{
    struct work w;

    if (race_row(c, t, contestant, err) != OK)
        return err->code;
    work_race_slow(&w);
    return compare_run(c, &w, contestant, t, race_cells, err);
}

/* --- what it costs --- */

static const struct {
    int clients;
    const char *group;
} crowds[] = {{1, "alone"}, {2, "2 at once"}, {8, "8 at once"}};

#define CROWDS (sizeof crowds / sizeof *crowds)

static void cost_columns(struct table *t)
{
    table_column(t, "", "made by");
    for (size_t i = 0; i < CROWDS; i++) {
        table_column(t, crowds[i].group, "msgs");
        table_column(t, crowds[i].group, "calls");
        table_column(t, crowds[i].group, "ms");
    }
}

static void cost_cells(struct compare *c, struct table *t, const struct search *s,
                       const struct figures *f)
{
    (void)c;
    (void)s;
    table_number(t, f->messages);
    table_number(t, f->store_calls);
    table_number(t, f->answered_ms);
}

static enum err_code cost_row(struct compare *c, struct table *t, int contestant, struct err *err)
{
    table_word(t, c->at_querier[contestant] ? "querier" : "ingestor");
    for (size_t i = 0; i < CROWDS && err->code == OK; i++) {
        struct work w;

        work_creation(&w, crowds[i].clients, c->at_querier[contestant]);
        compare_run(c, &w, contestant, t, cost_cells, err);
    }
    return err->code;
}

static void maker_cell(struct compare *c, struct table *t, const struct search *s,
                       const struct figures *f)
{
    (void)t;
    (void)s;
    c->at_querier[c->current] = strcmp(figures_register(f, "i1.r"), "created") != 0;
}

enum err_code compare_makers(struct compare *c, struct err *err)
{
    for (int i = 0; i < work_contestants() && err->code == OK; i++) {
        struct work w;

        work_creation(&w, 1, false);
        compare_run(c, &w, i, NULL, maker_cell, err);
    }
    return err->code;
}

/* --- without another node --- */

static const struct {
    const char *node, *role;
    const char *dies; /* who crashes in its place while a stream is made */
    int64_t back_ms;
} others[] = {{"q1", "querier", "q1", WORK_BACK_MS},
              {"r1", "registry", "r1", WORK_BACK_MS},
              {"i2", "ingestor", "i1", -1}};

#define OTHERS (sizeof others / sizeof *others)

static bool is_there(size_t other)
{
    return strcmp(others[other].role, "registry") != 0 || work_has_registry();
}

static void without_columns(struct table *t)
{
    char group[32];

    for (size_t i = 0; i < OTHERS; i++) {
        snprintf(group, sizeof group, "%s down", others[i].role);
        if (!is_there(i))
            continue;
        table_column(t, group, "known");
        table_column(t, group, "exists");
        table_column(t, group, "new");
    }
}

static void answer_cell(const struct compare *c, struct table *t, const char *answer)
{
    if (c->o->format == TABLE_JSON || strcmp(answer, FIGURES_VARIES) == 0)
        table_word(t, answer);
    else if (strcmp(answer, "unknown") == 0)
        table_word(t, "?");
    else
        table_word(t, strcmp(answer, "accepted") == 0 ? "yes" : "no");
}

static void without_cells(struct compare *c, struct table *t, const struct search *s,
                          const struct figures *f)
{
    (void)s;
    answer_cell(c, t, figures_register(f, "i1.known"));
    answer_cell(c, t, figures_register(f, "i1.exists"));
    answer_cell(c, t, figures_register(f, "i1.new"));
}

static enum err_code without_row(struct compare *c, struct table *t, int contestant,
                                 struct err *err)
{
    for (size_t i = 0; i < OTHERS && err->code == OK; i++) {
        struct work w;

        if (!is_there(i))
            continue;
        work_without(&w, others[i].node);
        compare_run(c, &w, contestant, t, without_cells, err);
    }
    return err->code;
}

/* --- after a crash --- */

static void recovery_columns(struct table *t)
{
    char head[32];

    for (size_t i = 0; i < OTHERS; i++) {
        snprintf(head, sizeof head, "%s dies", others[i].role);
        if (is_there(i))
            table_column(t, "", head);
    }
}

static void recovery_cell(struct compare *c, struct table *t, const struct search *s,
                          const struct figures *f)
{
    (void)c;
    (void)s;
    if (f->accepted_ms < 0)
        table_word(t, "never");
    else
        table_number(t, f->accepted_ms);
}

static enum err_code recovery_row(struct compare *c, struct table *t, int contestant,
                                  struct err *err)
{
    for (size_t i = 0; i < OTHERS && err->code == OK; i++) {
        struct work w;

        if (!is_there(i))
            continue;
        work_recovery(&w, others[i].dies, others[i].back_ms, c->at_querier[contestant]);
        compare_run(c, &w, contestant, t, recovery_cell, err);
    }
    return err->code;
}

/* --- what has to be configured --- */

static void needs_columns(struct table *t)
{
    table_column(t, "", "events for a new stream are refused without");
}

static void needs_cell(struct compare *c, struct table *t, const struct search *s,
                       const struct figures *f)
{
    (void)t;
    (void)s;
    c->accepted = strcmp(figures_register(f, "i1.r"), "accepted") == 0;
}

/* Names the value if events for a new stream are not accepted when it is wrong. Where the node does
 * not even start, whatever the scheme, that says nothing of schemes. */
static enum err_code try_wrong(struct compare *c, int contestant, const char *path,
                               struct strbuf *names, struct err *err)
{
    struct work w;

    c->accepted = true;
    work_misconfigured(&w, path, c->at_querier[contestant]);
    if (compare_run(c, &w, contestant, NULL, needs_cell, err) == ERR_INPUT)
        *err = ERR_INIT;
    if (!c->accepted)
        strbuf_printf(names, "%s%s", names->len ? ", " : "", path);
    return err->code;
}

/* Every value of the configuration, one after the other. */
static enum err_code try_each(struct compare *c, int contestant, const struct json *object,
                              const char *above, struct strbuf *names, struct err *err)
{
    for (struct json it = {0}; err->code == OK && json_next(object, &it);) {
        struct strbuf path = STRBUF_INIT;

        strbuf_printf(&path, "%s%s%s", above, *above ? "/" : "", it.key);
        if (json_kind(&it) == JSON_OBJECT)
            try_each(c, contestant, &it, path.s, names, err);
        else
            try_wrong(c, contestant, path.s, names, err);
        strbuf_release(&path);
    }
    return err->code;
}

/* The configuration that i1 has where nothing is said of it. */
static struct json_doc *config_of(struct compare *c, int contestant, struct err *err)
{
    struct work w;
    struct scenario_file *f;
    struct scenario *sc;
    struct json_doc *config = NULL;

    work_creation(&w, 1, c->at_querier[contestant]);
    f = scenario_read(w.name, w.text.s, w.text.len, err);
    sc = f ? scenario_variant(f, contestant, err) : NULL;
    if (sc)
        config = json_parse("config", sc->nodes[0].config, strlen(sc->nodes[0].config), err);
    scenario_free(sc);
    scenario_file_free(f);
    work_release(&w);
    return config;
}

static enum err_code needs_row(struct compare *c, struct table *t, int contestant, struct err *err)
{
    struct strbuf names = STRBUF_INIT;
    struct json_doc *config = config_of(c, contestant, err);
    struct json root;

    if (config) {
        root = json_root(config);
        try_each(c, contestant, &root, "", &names, err);
    }
    table_word(t, names.len ? names.s : "none");
    json_free(config);
    strbuf_release(&names);
    return err->code;
}

/* --- all of them --- */

const struct question compare_questions[] = {
    {"race", "What holds when two ingestors are sent events for one new stream",
     "In every order of their steps.", race_columns, race_row},
    {"queriers", "What holds when each of the two has a querier of its own to ask",
     "The same, but for the configuration.", race_columns, queriers_row},
    {"crash", "What holds when one of the two crashes",
     "In every order, with a crash anywhere; the ingestor is back after 100 ms.", race_columns,
     crash_row},
    {"slow", "What holds when one of the two is slow",
     "In every order; somebody: the ingestor i1, at any point and for any length, so that time "
     "passes\n"
     "while it could go on.",
     slow_columns, slow_row},
    {"cost", "What it costs to make one stream",
     "Messages and store calls of all nodes together, and the ms that a client waits:\n"
     "1 for each message, and for others. A store call takes no time here: it counts.\n"
     "The most in any order; 8 at once: the most in " TEXT(WORK_SAMPLE) " random orders.",
     cost_columns, cost_row},
    {"without", "Does an ingestor accept events while another node is down?",
     "known: for a stream that it has had events for. exists: for one that a querier\n"
     "has made, and that it has not heard of. new: for one that is not there.\n"
     "?: its client is told that it is unknown.",
     without_columns, without_row},
    {"recovery", "How long is a crash felt?",
     "A node crashes while a stream is made, in the worst place. The ms until another\n"
     "ingestor accepts events for it; it is asked again 250 ms after each refusal.\n"
     "The ingestor stays down; the others are back after 1000 ms.",
     recovery_columns, recovery_row},
    {"needs", "What has to be configured?",
     "Each value in the configuration of the ingestor was made wrong in turn.", needs_columns,
     needs_row},
    {NULL, NULL, NULL, NULL, NULL}};
