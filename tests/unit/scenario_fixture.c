#include "tests/unit/scenario_fixture.h"
#include "fsstore/store/file.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/strategy/strategies.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct desk { /* a directory with t.json in it */
    char dir[64], path[80];
};

static void desk_open(struct desk *d, const char *text)
{
    char *json = mem_strdup(text);
    FILE *f;

    for (char *p = json; *p; p++)
        if (*p == '\'')
            *p = '"';
    snprintf(d->dir, sizeof d->dir, "%s/fsrace-unit-XXXXXX", fix_parent());
    if (!mkdtemp(d->dir))
        abort();
    snprintf(d->path, sizeof d->path, "%s/t.json", d->dir);
    f = fopen(d->path, "w");
    if (!f || fputs(json, f) < 0 || fclose(f) != 0)
        abort();
    free(json);
}

static void desk_close(struct desk *d)
{
    unlink(d->path);
    rmdir(d->dir);
}

static struct scenario *load(const struct desk *d, int variant, int *variants, struct err *err)
{
    struct scenario_file *f = scenario_load(d->path, err);
    struct scenario *s = NULL;

    *variants = f ? f->variant_count : 0;
    if (f && variant < f->variant_count)
        s = scenario_variant(f, variant, err);
    scenario_file_free(f);
    return s;
}

struct scenario *lab_scenario(const char *text, int variant, struct err *err)
{
    struct desk d;
    struct scenario *s;
    int variants;

    desk_open(&d, text);
    s = load(&d, variant, &variants, err);
    desk_close(&d);
    return s;
}

/* The story without the directories that are different each time. */
static const char *without_dir(struct arena *a, const char *story, const char *dir)
{
    struct strbuf sb = STRBUF_INIT;
    size_t len = strlen(dir);
    const char *text;

    while (*story) {
        if (strncmp(story, dir, len) == 0 && story[len] == '/')
            story += len + 1;
        else
            strbuf_addc(&sb, *story++);
    }
    text = arena_strdup(a, sb.s);
    strbuf_release(&sb);
    return text;
}

const char *lab_error(struct arena *a, const char *text)
{
    struct err err = ERR_INIT;
    struct desk d;
    int variants = 1;

    desk_open(&d, text);
    for (int i = 0; i < variants && err.code == OK; i++)
        scenario_free(load(&d, i, &variants, &err));
    desk_close(&d);
    return without_dir(a, err.code == OK ? "" : err.story, d.dir);
}

static const char *fill_in(struct arena *a, const char *text)
{
    const char *node = strstr(text, "{A}");

    if (!node)
        return text;
    return arena_printf(a, "%.*s{'A': {'role': 'actor'}}%s", (int)(node - text), text, node + 3);
}

void lab_refused(const char *before, const struct lab_refusal *v, size_t count, const char *after)
{
    struct arena a = {0};

    for (size_t i = 0; i < count; i++) {
        const char *text = arena_printf(&a, "%s%s%s", before, fill_in(&a, v[i].text), after);

        UNIT_STR(lab_error(&a, text), arena_printf(&a, "t.json:%s", v[i].error));
    }
    arena_release(&a);
}

static void set_up(struct lab *l, const char *text, int variant, bool open,
                   const struct search_options *options)
{
    *l = (struct lab){.err = ERR_INIT};
    trace_init(&l->trace);
    l->gate = gate_new(open ? GATE_OPEN : GATE_FIBERS);
    l->port = port_linux_open(fix_parent(), &l->err);
    l->scenario = lab_scenario(text, variant, &l->err);
    if (l->port && l->scenario)
        l->search = search_new(l->scenario, l->port, l->gate, options, &l->err);
    if (l->port)
        l->port->shared = open;
}

static bool open_lab(struct lab *l, const char *text, int variant, bool open,
                     const struct search_options *options)
{
    set_up(l, text, variant, open, options);
    UNIT_STR(l->err.story, "");
    return l->search != NULL;
}

void lab_try(struct lab *l, const char *body, const struct search_options *options)
{
    static const struct search_options none = {.no_reduction = false};
    struct arena a = {0};

    set_up(l, arena_printf(&a, "{\"fsrace\": 1, \"name\": \"t\",\n%s}\n", body), 0, false,
           options ? options : &none);
    arena_release(&a);
}

bool lab_open_with(struct lab *l, const char *text, int variant,
                   const struct search_options *options)
{
    return open_lab(l, text, variant, false, options);
}

bool lab_open_freely(struct lab *l, const char *text)
{
    return open_lab(l, text, 0, true, &(struct search_options){.no_reduction = false});
}

bool lab_open(struct lab *l, const char *text)
{
    return lab_open_with(l, text, 0, &(struct search_options){.no_reduction = false});
}

void lab_close(struct lab *l)
{
    search_free(l->search);
    scenario_free(l->scenario);
    port_free(l->port);
    gate_free(l->gate);
    trace_release(&l->trace);
    arena_release(&l->arena);
}

enum err_code lab_run(struct lab *l)
{
    struct script_chooser script;
    enum err_code code;

    trace_clear(&l->trace);
    l->err = ERR_INIT;
    search_tell(l->search, &l->trace);
    script_init(&script, l->scenario, NULL);
    script_begin(&script);
    code = cluster_run(l->search->cluster, &script.chooser, &l->err);
    script_release(&script);
    search_tell(l->search, NULL);
    return code;
}

void lab_reset(struct lab *l)
{
    UNIT_INT(search_reset(l->search, &l->err), OK);
}

const char *lab_register(const struct lab *l, const char *name)
{
    for (int i = 0; i < l->scenario->register_count; i++)
        if (strcmp(l->scenario->registers[i], name) == 0)
            return l->search->cluster->registers[i];
    return "(no such register)";
}

const char *lab_trace(struct lab *l)
{
    struct strbuf story = STRBUF_INIT;
    const char *text;

    trace_story(&l->trace, 1, &story);
    text = arena_strdup(&l->arena, story.s);
    strbuf_release(&story);
    return text;
}

const char *lab_event(struct lab *l, int n)
{
    for (const char *line = lab_trace(l); *line; line += strcspn(line, "\n") + 1) {
        const char *task = strchr(line, ']') + 2, *mark = task + strcspn(task, " ");

        mark += strspn(mark, " ");
        if (*mark != '>' || n-- > 0)
            continue;
        return arena_printf(&l->arena, "%.*s %.*s", (int)strcspn(task, " "), task,
                            (int)strcspn(mark + 2, "\n"), mark + 2);
    }
    return NULL;
}

bool lab_runs(struct lab *l, const char *text, enum end end)
{
    if (!lab_open(l, text))
        return false;
    UNIT_INT(lab_run(l), OK);
    UNIT_STR(l->err.story, "");
    UNIT_INT(l->search->cluster->end, end);
    return true;
}

int lab_count(struct lab *l, const char *line)
{
    const char *event;
    int n = 0;

    for (int i = 0; (event = lab_event(l, i)); i++)
        n += strcmp(event, line) == 0;
    return n;
}

bool lab_traced(struct lab *l, const char *text)
{
    return strstr(lab_trace(l), text) != NULL;
}

static void add_dir(struct store *s, const char *dir, struct strbuf *out)
{
    struct port_names names;

    if (fs_list(s, dir, &names) != 0)
        return;
    for (int i = 0; i < names.count; i++) {
        const char *path = arena_printf(s->arena, "%s%s%s", dir, *dir ? "/" : "", names.v[i].name);
        char *data;
        size_t len;

        if (strcmp(path, ".node") == 0)
            continue;
        strbuf_printf(out, "%s%s", out->len ? ", " : "", path);
        if (names.v[i].kind == PORT_DIR) {
            strbuf_addc(out, '/');
            add_dir(s, path, out);
        } else if (file_read(s, path, &data, &len) == 0) {
            strbuf_printf(out, ": %s", data);
        }
    }
}

const char *lab_store(struct lab *l)
{
    struct store s = {.port = l->port, .arena = &l->arena};
    struct strbuf sb = STRBUF_INIT;
    const char *text;

    add_dir(&s, "", &sb);
    text = arena_strdup(&l->arena, sb.s);
    strbuf_release(&sb);
    return text;
}

const char *lab_why(struct lab *l, const char *property)
{
    char *why[64] = {NULL};
    const char *found = "(not judged)";

    search_why(l->search, why);
    for (int i = 0; i < l->search->tally_count; i++) {
        if (strcmp(l->search->tallies[i].name, property) == 0)
            found = arena_strdup(&l->arena, why[i]);
        free(why[i]);
    }
    return found;
}

enum err_code lab_try_search(struct lab *l)
{
    l->err = ERR_INIT;
    return search_run(l->search, &l->err);
}

void lab_search(struct lab *l)
{
    UNIT_INT(lab_try_search(l), OK);
    UNIT_STR(l->err.story, "");
}

const struct tally *lab_tally(const struct lab *l, const char *property)
{
    for (int i = 0; i < l->search->tally_count; i++)
        if (strcmp(l->search->tallies[i].name, property) == 0)
            return &l->search->tallies[i];
    return NULL;
}

const char *lab_found(const struct lab *l, const char *property)
{
    const struct tally *t = lab_tally(l, property);

    return t ? holds_name(tally_found(t)) : "-";
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
    struct lab l;

    lab_try(&l, body,
            &(struct search_options){.no_reduction = no_reduction, .max_executions = 400000});
    UNIT_STR(l.err.story, "");
    CU_ASSERT_FATAL(l.search != NULL);
    lab_try_search(&l);
    UNIT_STR(l.err.story, "");
    UNIT_INT(l.search->end, SEARCH_COMPLETE);
    for (int i = 0; i < l.search->outcome_cap; i++) {
        uint64_t hash = l.search->outcomes[i].hash;

        if (!hash || has(o, hash))
            continue;
        CU_ASSERT_FATAL(o->count < (int)UNIT_COUNT(o->v));
        o->v[o->count++] = hash;
    }
    lab_close(&l);
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
