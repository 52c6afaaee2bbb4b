/*
 * Fuzzing of the scenario loader, for libFuzzer or for tests/fuzz/standalone.c. Any bytes are
 * either an error with a place, or scenarios within their bounds that are whole: every name is
 * there, every index leads somewhere.
 */
#include "fsstore/port/port.h"
#include "sim/scenario/scenario.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fuzz_scenario: not true: %s\n", what);
    abort();
}

static bool is_register(const struct scenario *s, const char *name)
{
    for (int i = 0; i < s->registers_known; i++)
        if (strcmp(s->registers[i], name) == 0)
            return true;
    return false;
}

static void check_compare(void *ctx, const struct predicate *p)
{
    const struct scenario *s = ctx;

    must(p->name && p->value, "a comparison has both sides");
    if (p->ref == REF_REGISTER)
        must(is_register(s, p->name), "a predicate's register");
    else if (p->ref != REF_UP)
        must(port_path_check(p->name) == NULL, "a predicate's path");
}

static void check_path(const char *path)
{
    must(path && (!*path || port_path_check(path) == NULL), "a path stays in the store");
}

static void check_program(struct scenario *s, const struct program *p)
{
    for (int i = 0; i < p->count; i++) {
        const struct act *act = &p->v[i];

        must(act->kind < ACT_KINDS, "a step is of a kind");
        if (act->kind <= ACT_WATCH && act->kind != ACT_NEXT_EVENT && !act->parts[PART_PATH])
            check_path(act->path);
        if (act->path2 && !act->parts[PART_PATH2])
            check_path(act->path2);
        if (act->as)
            must(is_register(s, act->as), "a step's register");
        if (act->when)
            predicate_each(act->when, check_compare, s);
        if (act->kind == ACT_REQUEST && act->request.kind != REQ_LIST)
            must(act->request.stream && act->request.count > 0, "a request's stream");
        check_program(s, &act->then);
        check_program(s, &act->otherwise);
    }
}

static void check_scenario(struct scenario *s)
{
    must(s->node_count >= 1 && s->node_count <= SCENARIO_NODES_MAX, "nodes");
    must(s->task_count >= 1 && s->task_count <= SCENARIO_TASKS_MAX, "tasks");
    for (int i = 0; i < s->task_count; i++) {
        const struct scenario_task *t = &s->tasks[i];

        must(t->name && t->node >= 0 && t->node < s->node_count, "a task's node");
        must(!!t->program + !!t->run + !!t->background + !!t->fault <= 1,
             "a client, a program, a node's own, a fault, or the clock");
        if (t->program)
            check_program(s, t->program);
    }
    check_program(s, &s->init);
    for (int i = 0; i < s->property_count; i++)
        predicate_each(&s->properties[i].predicate, check_compare, s);
    for (int i = 0; i < s->order.step_count; i++)
        must(s->order.steps[i].no_fault || s->order.steps[i].task != NULL, "a script's task");
    for (int i = 0; i < s->order.pair_count; i++)
        must(s->order.pairs[i].first.task && s->order.pairs[i].second.nth >= 1, "a pair's ends");
    for (int i = 0; i < s->expect_count; i++)
        must(s->expects[i].line > 0 && s->expects[i].column > 0, "an expectation's place");
}

static void check_error(const struct err *err, const char *path)
{
    size_t len = strlen(path);

    must(err->code == ERR_INPUT, "an error is the input's");
    must(strncmp(err->story, path, len) == 0 && err->story[len] == ':', "an error has a place");
}

/* What the file would have to be called for its name to be right; in `path`. */
static void name_file(const uint8_t *data, size_t size, char *path, size_t room)
{
    struct json_doc *doc = json_parse("name", (const char *)data, size, NULL);
    struct json root, name = {0};
    const char *text = NULL;

    if (doc) {
        root = json_root(doc);
        if (json_get(&root, "name", &name))
            text = json_str(&name);
    }
    snprintf(path, room, "%.60s.json", text && *text && !strchr(text, '/') ? text : "t");
    json_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct scenario_file *f;
    char path[80];

    name_file(data, size, path, sizeof path);
    f = scenario_read(path, (const char *)data, size, &err);
    if (!f) {
        check_error(&err, path);
        return 0;
    }
    must(err.code == OK && f->variant_count > 0, "no error with a file");
    for (int i = 0; i < f->variant_count && i < 20; i++) {
        struct scenario *s = scenario_variant(f, i, &err);

        if (s)
            check_scenario(s);
        else
            check_error(&err, path);
        must(!s == (err.code != OK), "an error or a scenario");
        scenario_free(s);
        err = ERR_INIT;
    }
    scenario_file_free(f);
    return 0;
}
