#include "sim/compare/work.h"
#include "nodes/create/create.h"
#include "nodes/role/role.h"
#include "sim/workload/roles.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool work_has_registry(void)
{
    return role_find("registry") != NULL;
}

void work_release(struct work *w)
{
    assert(w);
    strbuf_release(&w->text);
}

/* --- what they share --- */

/* NAME, or NAME-at-querier: where the stream is made is part of the work. */
__attribute__((format(printf, 4, 5))) static void begin(struct work *w, bool at_querier,
                                                        const char *title, const char *name, ...)
{
    size_t len;
    va_list ap;

    va_start(ap, name);
    vsnprintf(w->name, sizeof w->name, name, ap);
    va_end(ap);
    len = strlen(w->name);
    snprintf(w->name + len, sizeof w->name - len, "%s", at_querier ? "-at-querier" : "");
    for (char *p = w->name; *p; p++)
        *p = *p == '/' ? '-' : *p;
    w->text = (struct strbuf)STRBUF_INIT;
    strbuf_printf(&w->text, "{\n  \"fsrace\": 1,\n  \"name\": \"%s\",\n  \"title\": \"%s\",\n",
                  w->name, title);
}

static void ingestor(struct strbuf *out, int number, const char *config)
{
    strbuf_printf(out, "\"i%d\": {\"role\": \"ingestor\"", number);
    if (*config)
        strbuf_printf(out, ", \"config\": %s", config);
    strbuf_adds(out, "}, ");
}

static void end_cluster(struct strbuf *out)
{
    if (work_has_registry())
        strbuf_adds(out, ", \"r1\": {\"role\": \"registry\"}");
    strbuf_adds(out, "}\n  },\n");
}

/* Queriers learn nothing by themselves, so that what is counted is the creation alone. */
#define CLUSTER                                                                                    \
    "  \"cluster\": {\n    \"sync\": {\"notify\": false, \"scan_ms\": 0},\n    \"nodes\": {"

static void cluster(struct work *w, int ingestors, const char *config_of_i1)
{
    strbuf_adds(&w->text, CLUSTER);
    for (int i = 1; i <= ingestors; i++)
        ingestor(&w->text, i, i == 1 ? config_of_i1 : "");
    strbuf_adds(&w->text, "\"q1\": {\"role\": \"querier\"}");
    end_cluster(&w->text);
}

/* Each ingestor has a querier of its own to ask. */
static void cluster_of_two_queriers(struct work *w)
{
    strbuf_adds(&w->text, CLUSTER);
    ingestor(&w->text, 1, "");
    ingestor(&w->text, 2, "{\"query_node\": {\"endpoint\": \"q2\"}}");
    strbuf_adds(&w->text, "\"q1\": {\"role\": \"querier\"}, \"q2\": {\"role\": \"querier\"}");
    end_cluster(&w->text);
}

/* --- who is compared --- */

static const struct contestant settings[] = {
    {"proxy-memory", CREATE_PROXY, ", \"lock\": \"memory\"", false},
    {"hybrid-registry", CREATE_HYBRID, ", \"hybrid\": {\"by\": \"registry\"}", true},
};

#define SETTINGS (int)(sizeof settings / sizeof *settings)

int work_contestants(void)
{
    return CREATE_SCHEMES + SETTINGS;
}

struct contestant work_contestant(int i)
{
    assert(i >= 0 && i < work_contestants());
    for (int scheme = 0, n = 0; scheme < CREATE_SCHEMES; scheme++) {
        if (n++ == i)
            return (struct contestant){create_scheme_names[scheme], (enum create_scheme)scheme, "",
                                       scheme == CREATE_REGISTRY};
        for (int k = 0; k < SETTINGS; k++)
            if ((int)settings[k].scheme == scheme && n++ == i)
                return settings[k];
    }
    return (struct contestant){NULL, CREATE_SCHEMES, "", false};
}

/* `registry`: what the cluster needs in addition where a registry decides. */
static void variants_with(struct work *w, const char *registry, const char *more)
{
    strbuf_adds(&w->text, "  \"variants\": {");
    for (int i = 0; i < work_contestants(); i++) {
        struct contestant c = work_contestant(i);

        strbuf_printf(&w->text, "%s\n    \"%s\": {\"cluster\": {\"create\": \"%s\"%s%s}%s}",
                      i ? "," : "", c.name, create_scheme_names[c.scheme], c.settings,
                      c.asks_registry ? registry : "", more);
    }
    strbuf_adds(&w->text, "\n  }\n}\n");
}

static void variants(struct work *w, const char *more)
{
    variants_with(w, "", more);
}

static const char *registry_if_none(const struct scenario *s)
{
    for (int i = 0; i < s->node_count; i++)
        if (s->nodes[i].role == &role_registry)
            return "";
    return ", \"nodes\": {\"registry\": {\"role\": \"registry\"}}";
}

/* --- the questions --- */

/* A lease that does not take a thousand polls to run out. */
static void shorten_lease(struct work *w)
{
    static const char lease[] = "    \"marker\": {\"lease_ms\": 100, \"poll_ms\": 50},\n";
    const char *nodes = strstr(w->text.s, "    \"nodes\"");
    struct strbuf text = STRBUF_INIT;

    assert(nodes);
    strbuf_add(&text, w->text.s, (size_t)(nodes - w->text.s));
    strbuf_printf(&text, "%s%s", lease, nodes);
    strbuf_release(&w->text);
    w->text = text;
}

void work_race_slow(struct work *w)
{
    work_race(w, "race-slow", 1, "[ {\"slow\": \"i1\", \"anywhere\": true} ]");
    shorten_lease(w);
}

void work_race(struct work *w, const char *name, int queriers, const char *faults)
{
    assert(w);
    assert(name);
    assert(faults);
    assert(queriers >= 0);
    begin(w, false, "Two ingestors are sent events for one new stream", "%s", name);
    if (queriers == 1)
        cluster(w, 2, "");
    else
        cluster_of_two_queriers(w);
    strbuf_printf(
        &w->text,
        "  \"work\": {\n"
        "    \"i1\": [ {\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}, \"as\": \"r\"} ],\n"
        "    \"i2\": [ {\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}, \"as\": \"r\"} ],\n"
        "    \"q1\": [ {\"await\": \"quiet\"}, {\"query\": \"app\", \"as\": \"rows\"} ]%s\n"
        "  },\n"
        "  \"faults\": %s,\n"
        "  \"properties\": {\"accepted\": {\"finally\": {\"all\": [ {\"i1.r\": \"accepted\"}, "
        "{\"i2.r\": \"accepted\"} ]}}},\n",
        queriers == 1 ? "" : ",\n    \"q2\": [ {\"await\": \"quiet\"}, {\"query\": \"app\"} ]",
        faults);
    variants(w, "");
}

void work_creation(struct work *w, int clients, bool at_querier)
{
    assert(w);
    assert(clients > 0);

    char name[32];

    begin(w, at_querier, "One stream is created, by several at once", "creation-%d", clients);
    cluster(w, clients, "");
    strbuf_adds(&w->text, "  \"work\": {\n");
    for (int i = 1; i <= clients; i++) {
        if (at_querier)
            snprintf(name, sizeof name, i == 1 ? "q1" : "q1#%d", i);
        else
            snprintf(name, sizeof name, "i%d", i);
        strbuf_printf(&w->text,
                      "    \"%s\": [ {\"create\": \"app\", \"schema\": {\"a\": \"int\"}, "
                      "\"as\": \"r\"} ]%s\n",
                      name, i < clients ? "," : "");
    }
    strbuf_adds(&w->text, "  },\n");
    if (clients > 2)
        strbuf_printf(&w->text, "  \"order\": {\"random\": %d, \"seed\": \"0x1\"},\n", WORK_SAMPLE);
    variants(w, "");
}

/* {"a":{"b":"wrong"}} of "a/b" */
static void wrong_value(struct strbuf *out, const char *path)
{
    int depth = 1;

    strbuf_adds(out, "{\"");
    for (; *path; path++) {
        if (*path == '/') {
            strbuf_adds(out, "\": {\"");
            depth++;
        } else {
            strbuf_addc(out, *path);
        }
    }
    strbuf_adds(out, "\": \"wrong\"");
    while (depth--)
        strbuf_addc(out, '}');
}

void work_misconfigured(struct work *w, const char *path, bool at_querier)
{
    assert(w);
    assert(path);

    struct strbuf config = STRBUF_INIT;

    wrong_value(&config, path);
    begin(w, at_querier, "An ingestor with something wrong in its configuration", "wrong-%s", path);
    cluster(w, 1, config.s);
    strbuf_release(&config);
    strbuf_printf(&w->text,
                  "  \"work\": {\n    \"i1\": [ %s{\"ingest\": \"app\", \"fields\": {\"a\": "
                  "\"int\"}, \"as\": \"r\"} ]%s\n  },\n",
                  at_querier ? "{\"await\": \"quiet\"}, " : "",
                  at_querier ? ",\n    \"q1\": [ {\"create\": \"app\", \"schema\": {\"a\": "
                               "\"int\"}} ]"
                             : "");
    variants(w, "");
}

void work_without(struct work *w, const char *down)
{
    assert(w);
    assert(down);
    begin(w, false, "What an ingestor can still do while another node is down", "without-%s", down);
    cluster(w, 2, "");
    strbuf_printf(
        &w->text,
        "  \"work\": {\n"
        "    \"q1\": [ {\"create\": \"known\", \"schema\": {\"a\": \"int\"}},\n"
        "            {\"create\": \"exists\", \"schema\": {\"a\": \"int\"}} ],\n"
        "    \"i1\": [ {\"sleep_ms\": 1000},\n"
        "            {\"ingest\": \"known\", \"fields\": {\"a\": \"int\"}},\n"
        "            {\"sleep_ms\": 2000},\n"
        "            {\"ingest\": \"known\", \"fields\": {\"a\": \"int\"}, \"as\": \"known\"},\n"
        "            {\"ingest\": \"exists\", \"fields\": {\"a\": \"int\"}, \"as\": \"exists\"},\n"
        "            {\"ingest\": \"new\", \"fields\": {\"a\": \"int\"}, \"as\": \"new\"} ],\n"
        "    \"%s#2\": [ {\"sleep_ms\": 2000}, {\"stop\": true} ]\n"
        "  },\n",
        down);
    variants(w, "");
}

/* A client that tries again until it is told `told`. */
static void tries(struct strbuf *out, const char *client, const char *request, const char *told)
{
    strbuf_printf(
        out,
        "    \"%s\": [ {\"repeat\": %d, \"do\": [\n"
        "      {\"if\": {\"%s.r\": {\"ne\": \"%s\"}}, \"then\": [ {%s, \"as\": \"r\"} ]},\n"
        "      {\"if\": {\"%s.r\": {\"ne\": \"%s\"}}, \"then\": [ {\"sleep_ms\": %d} ]} ]} ]",
        client, WORK_TRIES, client, told, request, client, told, WORK_RETRY_MS);
}

void work_recovery(struct work *w, const char *dies, int64_t back_ms, bool at_querier)
{
    assert(w);
    assert(dies);
    begin(w, at_querier, "A node dies while a stream is created", "recovery-%s", dies);
    cluster(w, 2, "");
    strbuf_adds(&w->text, "  \"work\": {\n");
    if (at_querier)
        tries(&w->text, "q1", "\"create\": \"app\", \"schema\": {\"a\": \"int\"}", "exists");
    else
        strbuf_adds(&w->text,
                    "    \"i1\": [ {\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}} ]");
    strbuf_adds(&w->text, ",\n");
    tries(&w->text, "i2", "\"ingest\": \"app\", \"fields\": {\"a\": \"int\"}", "accepted");
    strbuf_printf(&w->text, "\n  },\n  \"faults\": [ {\"crash\": \"%s\", \"anywhere\": true", dies);
    if (back_ms >= 0)
        strbuf_printf(&w->text, ", \"restart_ms\": %lld", (long long)back_ms);
    strbuf_adds(&w->text, "} ],\n");
    variants(w, "");
}

/* --- the caller's own --- */

void work_of_file(struct work *w, const struct scenario_file *f, int variant,
                  const struct scenario *s)
{
    assert(w);
    assert(f);
    assert(s);
    assert(variant >= 0 && variant < f->variant_count);

    struct json root = json_root(f->doc), at;
    bool has = json_get(&root, "variants", &at);
    struct json_doc *doc = json_patched(f->doc, "variants", has ? f->variants[variant] : NULL);
    char *printed;

    root = json_root(doc);
    printed = json_print(&root);
    w->text = (struct strbuf)STRBUF_INIT;
    snprintf(w->name, sizeof w->name, "%s", s->name);
    strbuf_add(&w->text, printed, strlen(printed) - 1); /* without the last brace */
    strbuf_adds(&w->text, ",\n");
    variants_with(w, registry_if_none(s),
                  s->order.step_count || s->order.pair_count
                      ? ", \"expect\": null, \"order\": \"all\""
                      : ", \"expect\": null");
    free(printed);
    json_free(doc);
}
