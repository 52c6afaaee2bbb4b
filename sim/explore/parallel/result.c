#include "sim/explore/parallel/result.h"
#include "sim/engine/inside.h"
#include "sim/explore/search/outcome.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHAR '0' /* stands for task 0 in a list of picks */

static const char *const keys[] = {"round",     "part",   "over",         "executions", "redundant",
                                   "bounded",   "held",   "hurried",      "repeated",   "longest",
                                   "pct_steps", "faults", "properties",   "outcomes",   "classes",
                                   "owed",      "doubt",  "never_inside", NULL};

/* --- to text --- */

static void print_picks(const struct schedule *w, struct strbuf *out)
{
    struct strbuf sb = STRBUF_INIT;

    for (int i = 0; i < w->count; i++)
        strbuf_addc(&sb, (char)(FIRST_CHAR + w->tasks[i]));
    strbuf_json(out, sb.s);
    strbuf_release(&sb);
}

static void print_schedule(const struct schedule *w, struct strbuf *out)
{
    if (!w->any) {
        strbuf_adds(out, "null");
        return;
    }
    strbuf_addc(out, '[');
    print_picks(w, out);
    strbuf_printf(out, ",%d,%d]", w->preemptions, w->steps);
}

static void print_number(const char *key, int64_t n, struct strbuf *out)
{
    strbuf_printf(out, ",\"%s\":%lld", key, (long long)n);
}

static void print_counts(const struct search *s, struct strbuf *out)
{
    print_number("executions", s->executions, out);
    print_number("redundant", s->redundant, out);
    print_number("bounded", s->bounded, out);
    print_number("held", s->held, out);
    print_number("hurried", s->hurried, out);
    print_number("repeated", s->repeated, out);
    print_number("longest", s->longest, out);
    print_number("pct_steps", s->pct_steps, out);
    print_number("never_inside", (int64_t)inside_never(s->cluster), out);
    if (s->doubt) {
        strbuf_adds(out, ",\"doubt\":");
        strbuf_json(out, s->doubt);
    }
    strbuf_adds(out, ",\"faults\":[");
    for (int i = 0; i < s->scenario->fault_count; i++)
        strbuf_printf(out, "%s%lld", i ? "," : "", (long long)s->cluster->faults_happened[i]);
    strbuf_adds(out, "],\"properties\":[");
    for (int i = 0; i < s->tally_count; i++) {
        const struct tally *t = &s->tallies[i];

        strbuf_printf(out, "%s[%lld,%lld,", i ? "," : "", (long long)t->holds,
                      (long long)t->broken);
        print_schedule(&t->witness[0], out);
        strbuf_addc(out, ',');
        print_schedule(&t->witness[1], out);
        strbuf_addc(out, ']');
    }
    strbuf_addc(out, ']');
}

static void print_outcomes(const struct search *s, struct strbuf *out)
{
    const char *between = "";

    strbuf_adds(out, ",\"outcomes\":[");
    for (int i = 0; i < s->outcome_cap; i++) {
        const struct outcome *o = &s->outcomes[i];

        if (!o->hash)
            continue;
        strbuf_printf(out, "%s[\"%016llx\",%lld,", between, (unsigned long long)o->hash,
                      (long long)o->count);
        print_schedule(&o->witness, out);
        strbuf_addc(out, ']');
        between = ",";
    }
    strbuf_adds(out, "],\"classes\":[");
    between = "";
    for (int64_t i = 0; i < s->classes.seen.cap; i++)
        if (s->classes.seen.v[i]) {
            strbuf_printf(out, "%s\"%016llx\"", between, (unsigned long long)s->classes.seen.v[i]);
            between = ",";
        }
    strbuf_addc(out, ']');
}

void result_print(const struct search *s, const struct result_head *head, const struct owed *owed,
                  struct strbuf *out)
{
    assert(s);
    assert(head);
    assert(owed);
    assert(out);
    strbuf_printf(out, "{\"round\":%lld,\"part\":%lld,\"over\":%s", (long long)head->round,
                  (long long)head->part, head->over ? "true" : "false");
    print_counts(s, out);
    print_outcomes(s, out);
    strbuf_adds(out, ",\"owed\":[");
    for (int i = 0; i < owed->count; i++) {
        strbuf_adds(out, i ? "," : "");
        print_picks(&owed->v[i], out);
    }
    strbuf_adds(out, "]}");
}

/* --- from text --- */

static enum err_code read_picks(const struct json *j, int tasks, struct schedule *out,
                                struct err *err)
{
    const char *text;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    out->count = out->cap = (int)strlen(text);
    out->tasks = mem_alloc((size_t)out->count + 1);
    for (int i = 0; i < out->count; i++) {
        out->tasks[i] = (uint8_t)(text[i] - FIRST_CHAR);
        if (out->tasks[i] > tasks) /* the host may be one */
            return json_fail(j, err, "pick %d is of a task that there is not", i + 1);
    }
    out->any = true;
    return OK;
}

static enum err_code member(const struct json *j, const char *key, enum json_kind kind,
                            struct json *out, struct err *err)
{
    if (!json_get(j, key, out))
        return json_fail(j, err, "\"%s\" is missing", key);
    return json_want(out, kind, err);
}

static int64_t number(const struct json *j, const char *key, int64_t min, struct err *err)
{
    struct json at;
    int64_t n = 0;

    if (member(j, key, JSON_NUMBER, &at, err) == OK)
        json_int(&at, min, JSON_MAX_INT, &n, err);
    return n;
}

static enum err_code want_length(const struct json *j, int len, struct err *err)
{
    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    return json_len(j) == len
               ? OK
               : json_fail(j, err, "expected %d elements, found %d", len, json_len(j));
}

/* null, or [PICKS, PREEMPTIONS, STEPS] */
static enum err_code read_schedule(const struct json *j, int tasks, struct schedule *out,
                                   struct err *err)
{
    int64_t preemptions, steps;
    struct json at;

    *out = (struct schedule){.any = false};
    if (json_kind(j) == JSON_NULL)
        return OK;
    if (want_length(j, 3, err) != OK)
        return ERR_INPUT;
    json_at(j, 1, &at);
    if (json_int(&at, 0, POINTS_MAX, &preemptions, err) != OK)
        return ERR_INPUT;
    json_at(j, 2, &at);
    if (json_int(&at, 0, POINTS_MAX, &steps, err) != OK)
        return ERR_INPUT;
    out->preemptions = (int)preemptions;
    out->steps = (int)steps;
    json_at(j, 0, &at);
    return read_picks(&at, tasks, out, err);
}

static enum err_code check_schedule(const struct json *j, int index, const struct search *s,
                                    struct err *err)
{
    struct schedule w;
    struct json at;

    json_at(j, index, &at);
    read_schedule(&at, s->cluster->task_count, &w, err);
    free(w.tasks);
    return err->code;
}

static enum err_code check_hash(const struct json *j, struct err *err)
{
    const char *text;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    return strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16
               ? OK
               : json_fail(j, err, "\"%s\": expected 16 hexadecimal digits", text);
}

/* All of its lists are well formed, and as long as this search has it. */
static enum err_code check_lists(const struct json *j, const struct search *s, struct err *err)
{
    struct json list, at;

    if (member(j, "faults", JSON_ARRAY, &list, err) != OK ||
        want_length(&list, s->scenario->fault_count, err) != OK)
        return ERR_INPUT;
    if (member(j, "properties", JSON_ARRAY, &list, err) != OK ||
        want_length(&list, s->tally_count, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(&list, &it);)
        if (want_length(&it, 4, err) != OK || check_schedule(&it, 2, s, err) != OK ||
            check_schedule(&it, 3, s, err) != OK)
            return ERR_INPUT;
    if (member(j, "outcomes", JSON_ARRAY, &list, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(&list, &it);) {
        if (want_length(&it, 3, err) != OK || !json_at(&it, 0, &at) || check_hash(&at, err) != OK ||
            check_schedule(&it, 2, s, err) != OK)
            return ERR_INPUT;
    }
    if (member(j, "classes", JSON_ARRAY, &list, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(&list, &it);)
        if (check_hash(&it, err) != OK)
            return ERR_INPUT;
    return OK;
}

static enum err_code read_owed(const struct json *j, const struct search *s, struct owed *out,
                               struct err *err)
{
    struct json list;

    if (member(j, "owed", JSON_ARRAY, &list, err) != OK)
        return ERR_INPUT;
    out->v = mem_alloc(sizeof *out->v * (size_t)(json_len(&list) + 1));
    for (struct json it = {0}; json_next(&list, &it);)
        if (read_picks(&it, s->cluster->task_count, &out->v[out->count++], err) != OK)
            return ERR_INPUT;
    return OK;
}

enum err_code result_parse(struct result *r, const char *name, const char *text, size_t len,
                           const struct search *s, struct err *err)
{
    assert(r);
    assert(name);
    assert(text);
    assert(s);

    struct json root, at;

    *r = (struct result){.doc = json_parse(name, text, len, err)};
    if (!r->doc)
        return ERR_INPUT;
    root = json_root(r->doc);
    if (json_want(&root, JSON_OBJECT, err) == OK && json_only(&root, keys, err) == OK) {
        r->head.round = number(&root, "round", 0, err);
        r->head.part = number(&root, "part", RESULT_FIRST, err);
        number(&root, "executions", 0, err);
        if (err->code == OK && member(&root, "over", JSON_BOOL, &at, err) == OK)
            r->head.over = json_true(&at);
    }
    if (err->code == OK && check_lists(&root, s, err) == OK)
        read_owed(&root, s, &r->owed, err);
    if (err->code != OK)
        result_release(r);
    return err->code;
}

void result_release(struct result *r)
{
    assert(r);
    owed_release(&r->owed);
    json_free(r->doc);
    r->doc = NULL;
}

/* --- adding up: of what has been checked --- */

static int64_t count_of(const struct json *j, const char *key)
{
    struct json at;

    return json_get(j, key, &at) ? (int64_t)json_num(&at) : 0;
}

static int64_t element(const struct json *j, int index)
{
    struct json at;

    return json_at(j, index, &at) ? (int64_t)json_num(&at) : 0;
}

static void keep(const struct json *j, int index, struct search *s, struct schedule *kept)
{
    struct err err = ERR_INIT;
    struct schedule w;
    struct json at;

    json_at(j, index, &at);
    read_schedule(&at, s->cluster->task_count, &w, &err);
    if (w.any)
        schedule_keep(kept, &w);
    free(w.tasks);
}

static uint64_t hash_at(const struct json *j, int index)
{
    struct json at;

    return json_at(j, index, &at) ? strtoull(json_str(&at), NULL, 16) : 0;
}

static void add_lists(const struct json *root, struct search *s)
{
    struct json list;

    json_get(root, "faults", &list);
    for (int i = 0; i < s->scenario->fault_count; i++)
        s->cluster->faults_happened[i] += element(&list, i);
    json_get(root, "properties", &list);
    for (struct json it = {0}; json_next(&list, &it);) {
        struct tally *t = &s->tallies[it.index];

        t->holds += element(&it, 0);
        t->broken += element(&it, 1);
        keep(&it, 2, s, &t->witness[0]);
        keep(&it, 3, s, &t->witness[1]);
    }
    json_get(root, "outcomes", &list);
    for (struct json it = {0}; json_next(&list, &it);) {
        struct outcome *o = outcome_slot(s, hash_at(&it, 0));

        o->count += element(&it, 1);
        keep(&it, 2, s, &o->witness);
    }
    json_get(root, "classes", &list);
    for (int i = 0; i < json_len(&list); i++)
        set_add(&s->classes.seen, hash_at(&list, i));
}

static void most(int *kept, int64_t n)
{
    if (n > *kept)
        *kept = (int)n;
}

void result_add(const struct result *r, struct search *s)
{
    assert(r);
    assert(s);

    struct json root = json_root(r->doc), doubt;

    if (s->executions == 0) /* the first that tells of any */
        s->never_inside = UINT64_MAX;
    s->never_inside &= (uint64_t)count_of(&root, "never_inside");
    s->executions += count_of(&root, "executions");
    s->redundant += count_of(&root, "redundant");
    s->bounded += count_of(&root, "bounded");
    s->held += count_of(&root, "held");
    s->hurried += count_of(&root, "hurried");
    s->repeated += count_of(&root, "repeated");
    most(&s->longest, count_of(&root, "longest"));
    most(&s->pct_steps, count_of(&root, "pct_steps"));
    if (!s->doubt && json_get(&root, "doubt", &doubt) && json_str(&doubt))
        s->doubt = arena_strdup(&s->scenario->arena, json_str(&doubt));
    add_lists(&root, s);
}
