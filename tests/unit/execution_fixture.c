#include "tests/unit/execution_fixture.h"
#include "sim/explore/strategy/strategies.h"
#include "sim/trace/trace.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The loader reads files, and a scenario is named as its file is. */
static struct scenario_file *load(const char *body, struct err *err)
{
    char dir[64], path[80];
    struct scenario_file *file;
    FILE *f;

    snprintf(dir, sizeof dir, "%s/fsrace-unit-XXXXXX", fix_parent());
    CU_ASSERT_FATAL(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/t.json", dir);
    f = fopen(path, "w");
    CU_ASSERT_FATAL(f != NULL);
    fprintf(f, "{\"fsrace\": 1, \"name\": \"t\",\n%s}\n", body);
    CU_ASSERT_FATAL(fclose(f) == 0);
    file = scenario_load(path, err);
    unlink(path);
    rmdir(dir);
    return file;
}

void sim_open_with(struct sim *s, const char *body, const struct search_options *options)
{
    *s = (struct sim){.err = ERR_INIT};
    s->file = load(body, &s->err);
    s->scenario = s->file ? scenario_variant(s->file, 0, &s->err) : NULL;
    s->port = s->scenario ? port_linux_open(fix_parent(), &s->err) : NULL;
    s->gate = gate_new(GATE_FIBERS);
    s->search = s->port ? search_new(s->scenario, s->port, s->gate, options, &s->err) : NULL;
}

void sim_open(struct sim *s, const char *body)
{
    sim_open_with(s, body, &(struct search_options){.no_reduction = false});
}

enum err_code sim_run(struct sim *s)
{
    s->err = ERR_INIT;
    return search_run(s->search, &s->err);
}

void sim_close(struct sim *s)
{
    search_free(s->search);
    gate_free(s->gate);
    port_free(s->port);
    scenario_free(s->scenario);
    scenario_file_free(s->file);
}

const char *sim_holds(const struct sim *s, const char *property)
{
    for (int i = 0; s->search && i < s->search->tally_count; i++)
        if (strcmp(s->search->tallies[i].name, property) == 0)
            return holds_name(tally_found(&s->search->tallies[i]));
    return "unknown";
}

enum err_code sim_tell(struct sim *s, struct strbuf *out)
{
    const struct schedule fixed = {.count = 0};
    enum err_code code;
    struct trace trace;

    trace_init(&trace);
    s->err = ERR_INIT;
    code = search_replay(s->search, &fixed, &trace, NULL, &s->err);
    trace_story(&trace, 0, out);
    trace_release(&trace);
    return code == OK ? search_reset(s->search, &s->err) : code;
}

static bool has(const struct outcomes *o, uint64_t hash)
{
    for (int i = 0; i < o->count; i++)
        if (o->v[i] == hash)
            return true;
    return false;
}

void outcomes_add(struct outcomes *o, const char *body, bool no_reduction)
{
    struct sim s;

    sim_open_with(&s, body,
                  &(struct search_options){.no_reduction = no_reduction, .max_executions = 400000});
    UNIT_STR(s.err.story, "");
    CU_ASSERT_FATAL(s.search != NULL);
    sim_run(&s);
    UNIT_STR(s.err.story, "");
    UNIT_INT(s.search->end, SEARCH_COMPLETE);
    for (int i = 0; i < s.search->outcome_cap; i++) {
        uint64_t hash = s.search->outcomes[i].hash;

        if (!hash || has(o, hash))
            continue;
        CU_ASSERT_FATAL(o->count < (int)UNIT_COUNT(o->v));
        o->v[o->count++] = hash;
    }
    sim_close(&s);
}

bool outcomes_within(const struct outcomes *a, const struct outcomes *b)
{
    for (int i = 0; i < a->count; i++)
        if (!has(b, a->v[i]))
            return false;
    return true;
}

bool outcomes_same(const struct outcomes *a, const struct outcomes *b)
{
    return a->count == b->count && outcomes_within(a, b);
}
