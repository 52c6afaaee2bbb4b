/* "work" and "init": the clients' programs, and the tasks of the cluster. */
#include "base/suggest.h"
#include "nodes/role/migrate.h"
#include "sim/scenario/parse.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPEAT_MAX   1000
#define ROUNDS_MAX   100000 /* of repeats in each other: more than an execution has points */
#define EVENTS_MAX   50
#define STREAM_BYTES 40
#define DATA_MAX     65536

/* What follows a verb's key. */
enum verb_arg {
    ARG_PATH,
    ARG_PATHS,
    ARG_STREAM,
    ARG_TRUE,
    ARG_MS,
    ARG_TEXT,
    ARG_QUIET,
    ARG_BLOCK,
    ARG_TIMES,
    ARG_LOOP,
    ARG_REGISTER,
    ARG_FD,
    ARG_FD_BYTES
};

struct verb {
    const char *name;
    enum act_kind kind;
    enum verb_arg arg;
    enum request_kind request;
    bool actors, services; /* who has it */
    const char *more[4];   /* keys it takes besides "as" and "when" */
};

static const struct verb verbs[] = {
    {"stat", ACT_STAT, ARG_PATH, 0, true, false, {"want", NULL}},
    {"create_excl", ACT_CREATE_EXCL, ARG_PATH, 0, true, false, {"data", NULL}},
    {"read", ACT_READ, ARG_PATH, 0, true, false, {NULL}},
    {"write", ACT_WRITE, ARG_PATH, 0, true, false, {"data", NULL}},
    {"append", ACT_APPEND, ARG_PATH, 0, true, false, {"data", NULL}},
    {"put", ACT_PUT, ARG_PATH, 0, true, false, {"data", NULL}},
    {"rename", ACT_RENAME, ARG_PATHS, 0, true, false, {NULL}},
    {"rename_noreplace", ACT_RENAME_NOREPLACE, ARG_PATHS, 0, true, false, {NULL}},
    {"link", ACT_LINK, ARG_PATHS, 0, true, false, {NULL}},
    {"unlink", ACT_UNLINK, ARG_PATH, 0, true, false, {NULL}},
    {"mkdir", ACT_MKDIR, ARG_PATH, 0, true, false, {NULL}},
    {"rmdir", ACT_RMDIR, ARG_PATH, 0, true, false, {NULL}},
    {"list", ACT_LIST, ARG_PATH, 0, true, false, {NULL}},
    {"fsync", ACT_FSYNC, ARG_PATH, 0, true, false, {NULL}},
    {"open", ACT_OPEN, ARG_PATH, 0, true, false, {"fd", "mode", "flags", NULL}},
    {"read_fd", ACT_READ_FD, ARG_FD, 0, true, false, {"bytes", NULL}},
    {"write_fd", ACT_WRITE_FD, ARG_FD, 0, true, false, {"data", NULL}},
    {"seek_fd", ACT_SEEK_FD, ARG_FD_BYTES, 0, true, false, {NULL}},
    {"truncate_fd", ACT_TRUNCATE_FD, ARG_FD_BYTES, 0, true, false, {NULL}},
    {"fsync_fd", ACT_FSYNC_FD, ARG_FD, 0, true, false, {NULL}},
    {"stat_fd", ACT_STAT_FD, ARG_FD, 0, true, false, {"want", NULL}},
    {"flock", ACT_FLOCK, ARG_FD, 0, true, false, {"mode", "wait", NULL}},
    {"unlock", ACT_UNLOCK, ARG_FD, 0, true, false, {NULL}},
    {"close", ACT_CLOSE, ARG_FD, 0, true, false, {NULL}},
    {"watch", ACT_WATCH, ARG_PATH, 0, true, false, {NULL}},
    {"next_event", ACT_NEXT_EVENT, ARG_TRUE, 0, true, false, {"timeout_ms", NULL}},
    {"stop", ACT_STOP, ARG_TRUE, 0, true, false, {NULL}},
    {"create", ACT_REQUEST, ARG_STREAM, REQ_CREATE, false, true, {"schema", "static", NULL}},
    {"ingest",
     ACT_REQUEST,
     ARG_STREAM,
     REQ_INGEST,
     false,
     true,
     {"fields", "count", "events", NULL}},
    {"query", ACT_REQUEST, ARG_STREAM, REQ_QUERY, false, true, {"fields", NULL}},
    {"delete", ACT_REQUEST, ARG_STREAM, REQ_DELETE, false, true, {NULL}},
    {"list", ACT_REQUEST, ARG_TRUE, REQ_LIST, false, true, {NULL}},
    {"restart", ACT_RESTART, ARG_TRUE, 0, false, true, {"release", NULL}},
    {"stop", ACT_STOP_NODE, ARG_TRUE, 0, false, true, {NULL}},
    {"sleep_ms", ACT_SLEEP, ARG_MS, 0, true, true, {NULL}},
    {"await", ACT_AWAIT_QUIET, ARG_QUIET, 0, true, true, {"timeout_ms", NULL}},
    {"note", ACT_NOTE, ARG_TEXT, 0, true, true, {NULL}},
    {"if", ACT_IF, ARG_BLOCK, 0, true, true, {"then", "else", NULL}},
    {"repeat", ACT_REPEAT, ARG_TIMES, 0, true, true, {"do", NULL}},
    {"while", ACT_WHILE, ARG_LOOP, 0, true, true, {"do", "at_most", "or", NULL}},
    {"until", ACT_UNTIL, ARG_LOOP, 0, true, true, {"do", "at_most", "or", NULL}},
    {"break", ACT_BREAK, ARG_TRUE, 0, true, true, {NULL}},
    {"set", ACT_SET, ARG_REGISTER, 0, true, true, {"to", "add", NULL}},
};

#define VERBS (sizeof verbs / sizeof *verbs)

struct author { /* whose program is being read */
    struct scenario *s;
    const char *task; /* NULL: init */
    bool actor;
    int64_t rounds; /* how often the loops around it do it */
    bool in_loop;
    struct names *fds; /* files that it opens, so far */
};

static enum err_code parse_program(const struct author *a, const struct json *list,
                                   struct program *out, struct err *err);

static const char *keep(const struct author *a, const char *text)
{
    return arena_strdup(&a->s->arena, text);
}

/* A text that may have registers in it: then *part is what is to be filled in. */
static enum err_code parse_text(const struct author *a, const struct json *j, const char **out,
                                const struct template **part, struct err *err)
{
    static const char *const none[] = {NULL};
    const char *const *registers = a->task ? a->s->registers : none;
    const char *text, *wrong, *near;
    struct template *t;

    if (json_string(j, &text, err) != OK)
        return ERR_INPUT;
    t = template_parse(text, registers, a->task, &a->s->arena, &wrong);
    if (!t && !a->task)
        return json_fail(j, err, "\"${%s}\": init has no registers (\"$$\" is a dollar)", wrong);
    if (!t) {
        near = near_word(wrong, registers);
        return json_fail(j, err, "\"${%s}\": no such register%s%s%s (\"$$\" is a dollar)", wrong,
                         near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    *out = t->plain ? t->plain : keep(a, text);
    *part = t->plain ? NULL : t;
    return OK;
}

static const char *any_name(void *ctx, const char *reg)
{
    (void)ctx;
    (void)reg;
    return "x";
}

static enum err_code parse_path(const struct author *a, const struct json *j, bool root_ok,
                                const char **out, const struct template **part, struct err *err)
{
    const char *path, *wrong;

    if (parse_text(a, j, out, part, err) != OK)
        return ERR_INPUT;
    path = *out;
    if (root_ok && strcmp(path, ".") == 0) {
        *out = "";
        return OK;
    }
    if (*part)
        path = template_expand(*part, any_name, NULL, &a->s->arena);
    a->s->computed_paths |= *part != NULL;
    wrong = path ? port_path_check(path) : "is too long";
    return wrong ? json_fail(j, err, "path \"%s\" %s", *out, wrong) : OK;
}

static enum err_code parse_paths(const struct author *a, const struct json *j, struct act *act,
                                 struct err *err)
{
    struct json from, to;

    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) != 2)
        return json_fail(j, err, "expected [FROM, TO], found %d elements", json_len(j));
    json_at(j, 0, &from);
    json_at(j, 1, &to);
    if (parse_path(a, &from, false, &act->path, &act->parts[PART_PATH], err) != OK)
        return ERR_INPUT;
    return parse_path(a, &to, false, &act->path2, &act->parts[PART_PATH2], err);
}

static enum err_code parse_true(const struct json *j, struct err *err)
{
    bool value;

    if (json_bool(j, &value, err) != OK)
        return ERR_INPUT;
    return value ? OK : json_fail(j, err, "expected true, found false");
}

static enum err_code add_field(const struct json *j, const char *name, const char *type,
                               struct schema *out, struct err *err)
{
    struct schema one = {.count = 1};

    if (!name_ok(name, NAME_MAX_BYTES - 1, true) || !name_ok(type, NAME_MAX_BYTES - 1, true))
        return json_fail(j, err, "field \"%s\": \"%s\": expected letters, digits, '_', '-', '.'",
                         name, type);
    snprintf(one.v[0].name, NAME_MAX_BYTES, "%s", name);
    snprintf(one.v[0].type, NAME_MAX_BYTES, "%s", type);
    if (!schema_merge(out, &one))
        return json_fail(j, err,
                         "field \"%s\": it has another type before, or there are more than %d",
                         name, SCHEMA_MAX);
    return OK;
}

static enum err_code parse_fields(const struct json *j, struct schema *out, struct err *err)
{
    const char *type;

    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(j, &it);)
        if (json_string(&it, &type, err) != OK || add_field(&it, it.key, type, out, err) != OK)
            return ERR_INPUT;
    return OK;
}

/* The fields that a query asks for: names, or as in ingest. */
static enum err_code parse_columns(const struct json *j, struct schema *out, struct err *err)
{
    const char *name;

    if (json_kind(j) != JSON_ARRAY)
        return parse_fields(j, out, err);
    for (struct json it = {0}; json_next(j, &it);)
        if (json_string(&it, &name, err) != OK || add_field(&it, name, "any", out, err) != OK)
            return ERR_INPUT;
    return OK;
}

static const char *type_of(const struct json *value)
{
    switch (json_kind(value)) {
    case JSON_STRING:
        return "string";
    case JSON_BOOL:
        return "bool";
    case JSON_NUMBER:
        return json_num(value) == (double)(int64_t)json_num(value) ? "int" : "float";
    default:
        return NULL;
    }
}

/* Events written out: their number, and the fields they have. */
static enum err_code parse_events(const struct json *j, struct request *req, struct err *err)
{
    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) == 0 || json_len(j) > EVENTS_MAX)
        return json_fail(j, err, "expected 1 to %d events, found %d", EVENTS_MAX, json_len(j));
    for (struct json event = {0}; json_next(j, &event);) {
        if (json_want(&event, JSON_OBJECT, err) != OK)
            return ERR_INPUT;
        for (struct json it = {0}; json_next(&event, &it);) {
            if (!type_of(&it))
                return json_fail(&it, err, "expected a string, a number, true or false");
            if (add_field(&it, it.key, type_of(&it), &req->fields, err) != OK)
                return ERR_INPUT;
        }
    }
    req->count = json_len(j);
    return OK;
}

static enum err_code parse_request(const struct author *a, const struct json *step,
                                   const struct json *arg, struct act *act, struct err *err)
{
    struct request *req = &act->request;
    const char *stream;
    int64_t count = 1;
    struct json j, schema;

    if (json_string(arg, &stream, err) != OK)
        return ERR_INPUT;
    if (!name_ok(stream, STREAM_BYTES, true))
        return json_fail(arg, err,
                         "stream \"%s\": expected at most %d letters, digits, '_', '-', '.'",
                         stream, STREAM_BYTES);
    req->stream = keep(a, stream);
    if (json_get(step, "schema", &j) && parse_fields(&j, &req->fields, err) != OK)
        return ERR_INPUT;
    if (json_get(step, "static", &j) && json_bool(&j, &req->fields.is_static, err) != OK)
        return ERR_INPUT;
    if (req->fields.is_static && !json_get(step, "schema", &schema))
        return json_fail_key(&j, err, "\"static\" without \"schema\": it is the schema that is");
    if (json_get(step, "fields", &j) &&
        (req->kind == REQ_QUERY ? parse_columns : parse_fields)(&j, &req->fields, err) != OK)
        return ERR_INPUT;
    if (json_get(step, "count", &j) && json_int(&j, 1, EVENTS_MAX, &count, err) != OK)
        return ERR_INPUT;
    req->count = (int)count;
    if (json_get(step, "events", &j)) {
        struct json other;

        if (json_get(step, "fields", &other) || json_get(step, "count", &other))
            return json_fail_key(&other, err, "\"%s\" beside \"events\": the events say it all",
                                 other.key);
        return parse_events(&j, req, err);
    }
    return OK;
}

static enum err_code parse_block(const struct author *a, const struct json *step, const char *key,
                                 struct program *out, struct err *err)
{
    struct json j;

    return json_get(step, key, &j) ? parse_program(a, &j, out, err) : OK;
}

/* Loops in loops, without a step in them, would never come to a point where they can be stopped. */
static enum err_code parse_rounds(const struct author *a, const struct json *step,
                                  const struct json *times, struct act *act, struct err *err)
{
    struct author inner = *a;

    inner.in_loop = true;
    if (json_int(times, 0, REPEAT_MAX, &act->times, err) != OK)
        return ERR_INPUT;
    inner.rounds *= act->times ? act->times : 1;
    if (inner.rounds > ROUNDS_MAX)
        return json_fail(times, err, "with the loops around it, %lld rounds: at most %d",
                         (long long)inner.rounds, ROUNDS_MAX);
    return parse_block(&inner, step, "do", &act->then, err);
}

static enum err_code parse_predicate(const struct author *a, const struct json *j,
                                     const struct predicate **out, struct err *err)
{
    struct predicate *p = arena_alloc(&a->s->arena, sizeof *p);

    *out = p;
    if (predicate_parse_by(&a->s->arena, j, a->s->registers, a->task, p, err) != OK)
        return ERR_INPUT;
    return check_nodes_named(a->s, p, j, err);
}

static enum err_code parse_when(const struct author *a, const struct json *j, struct act *act,
                                struct err *err)
{
    return parse_predicate(a, j, &act->when, err);
}

/* {"while": P, "do": […], "at_most": n, "or": "give_up"} */
static enum err_code parse_loop(const struct author *a, const struct json *step,
                                const struct json *test, struct act *act, struct err *err)
{
    static const char *const words[] = {"give_up", NULL};
    struct json most, j;

    if (parse_predicate(a, test, &act->test, err) != OK)
        return ERR_INPUT;
    if (!json_get(step, "at_most", &most))
        return json_fail_key(test, err, "\"%s\" without \"at_most\": how many rounds to try",
                             test->key);
    if (json_get(step, "or", &j)) {
        if (parse_word(&j, words, "end of a loop", err) < 0)
            return ERR_INPUT;
        act->gives_up = true;
    }
    a->s->bounded_loops |= !act->gives_up;
    return parse_rounds(a, step, &most, act, err);
}

/* "quiet", or a predicate. */
static enum err_code parse_await(const struct author *a, const struct json *step,
                                 const struct json *what, struct act *act, struct err *err)
{
    struct json j;

    if (json_kind(what) == JSON_OBJECT) {
        act->kind = ACT_AWAIT;
        return parse_predicate(a, what, &act->test, err);
    }
    if (parse_word(what, (const char *const[]){"quiet", NULL}, "thing to await", err) < 0)
        return ERR_INPUT;
    if (json_get(step, "timeout_ms", &j))
        return json_fail_key(&j, err, "quiet comes in the end: it has no time-out");
    return OK;
}

static enum err_code parse_register(const struct author *a, const struct json *j, struct act *act,
                                    struct err *err);

/* {"set": "n", "to": "${A.n}", "add": 1} */
static enum err_code parse_set(const struct author *a, const struct json *step,
                               const struct json *name, struct act *act, struct err *err)
{
    struct json to, add;

    if (!json_get(step, "to", &to))
        return json_fail_key(name, err, "\"set\" without \"to\": what to set it to");
    if (json_get(step, "add", &add) && json_int(&add, -MS_MAX, MS_MAX, &act->add, err) != OK)
        return ERR_INPUT;
    if (json_kind(&to) == JSON_NUMBER) {
        char *text = json_print(&to);

        act->data = keep(a, text);
        free(text);
    } else if (parse_text(a, &to, &act->data, &act->parts[PART_DATA], err) != OK) {
        return ERR_INPUT;
    }
    return parse_register(a, name, act, err);
}

/* --- open files --- */

static enum err_code want_posix(const struct author *a, const struct json *j, struct err *err)
{
    if (a->s->semantics == STORE_POSIX)
        return OK;
    return json_fail_key(
        j, err, "\"%s\" needs \"semantics\": \"posix\": an object has no such thing", j->key);
}

/* The name of a file that was opened before. */
static enum err_code parse_fd(const struct author *a, const struct json *j, struct act *act,
                              struct err *err)
{
    const char *name, *near;

    if (json_string(j, &name, err) != OK)
        return ERR_INPUT;
    for (int i = 0; a->fds && i < a->fds->count; i++)
        if (strcmp(a->fds->v[i], name) == 0)
            act->fd = a->fds->v[i];
    if (act->fd)
        return OK;
    near = a->fds && a->fds->count ? near_word(name, a->fds->v) : NULL;
    return json_fail(j, err, "no \"open\" before this has \"fd\": \"%s\"%s%s%s", name,
                     near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

/* ["x", 10] */
static enum err_code parse_fd_bytes(const struct author *a, const struct json *j, struct act *act,
                                    struct err *err)
{
    struct json fd, bytes;

    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    if (json_len(j) != 2)
        return json_fail(j, err, "expected [FD, BYTES], found %d elements", json_len(j));
    json_at(j, 0, &fd);
    json_at(j, 1, &bytes);
    if (parse_fd(a, &fd, act, err) != OK)
        return ERR_INPUT;
    return json_int(&bytes, 0, DATA_MAX, &act->bytes, err);
}

static enum err_code parse_open_flags(const struct json *list, unsigned *how, struct err *err)
{
    static const char *const words[] = {"create", "excl", "trunc", "append", NULL};
    static const unsigned flags[] = {PORT_FLAG_CREATE, PORT_FLAG_EXCL, PORT_FLAG_TRUNC,
                                     PORT_FLAG_APPEND};

    if (json_want(list, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(list, &it);) {
        int i = parse_word(&it, words, "flag", err);

        if (i < 0)
            return ERR_INPUT;
        *how |= flags[i];
    }
    return OK;
}

/* {"open": "f", "mode": "rw", "flags": ["create"], "fd": "x"} */
static enum err_code parse_open(const struct author *a, const struct json *step, struct act *act,
                                struct err *err)
{
    static const char *const words[] = {"r", "w", "rw", NULL};
    static const unsigned modes[] = {PORT_FLAG_READ, PORT_FLAG_WRITE,
                                     PORT_FLAG_READ | PORT_FLAG_WRITE};
    struct json j;
    const char *name;
    unsigned how;
    int mode = 2;

    if (!json_get(step, "fd", &j))
        return json_fail(step, err,
                         "\"open\" without \"fd\": the name that it goes by from then on");
    if (json_string(&j, &name, err) != OK)
        return ERR_INPUT;
    if (!name_ok(name, 64, false))
        return json_fail(&j, err, "fd \"%s\": expected letters, digits, '_', '-'", name);
    act->fd = keep(a, name);
    names_add(a->fds, &a->s->arena, act->fd);
    if (json_get(step, "mode", &j) && (mode = parse_word(&j, words, "mode", err)) < 0)
        return ERR_INPUT;
    how = modes[mode];
    if (json_get(step, "flags", &j) && parse_open_flags(&j, &how, err) != OK)
        return ERR_INPUT;
    if (mode == 0 && PORT_HAS(how, PORT_FLAG_TRUNC | PORT_FLAG_APPEND))
        return json_fail(&j, err, "what is only read is neither emptied nor added to");
    act->how = (enum port_open)how;
    a->s->keeps_files = true;
    return OK;
}

/* {"flock": "x", "mode": "exclusive", "wait": true} */
static enum err_code parse_flock(const struct json *step, struct act *act, struct err *err)
{
    static const char *const words[] = {"shared", "exclusive", NULL};
    struct json j;
    int mode = 1;

    if (json_get(step, "mode", &j) && (mode = parse_word(&j, words, "kind of lock", err)) < 0)
        return ERR_INPUT;
    act->lock = mode == 0 ? PORT_SHARED : PORT_EXCLUSIVE;
    act->waits = true;
    return json_get(step, "wait", &j) ? json_bool(&j, &act->waits, err) : OK;
}

static enum err_code parse_want(const struct author *a, const struct json *j, struct act *act,
                                struct err *err)
{
    static const char *const words[] = {"type", "ino", "size", "nlink", NULL};
    int i = parse_word(j, words, "thing to want", err);

    if (i < 0)
        return ERR_INPUT;
    act->want = (enum want_kind)i;
    a->s->inos_seen |= act->want == WANT_INO;
    a->s->links_seen |= act->want == WANT_NLINK;
    if (act->want == WANT_NLINK && a->s->has_programs)
        return not_yet(j, "\"nlink\" beside programs", err);
    return act->want == WANT_TYPE || act->want == WANT_SIZE ? OK : want_posix(a, j, err);
}

/* What steps on open files have besides. */
static enum err_code parse_open_file(const struct author *a, const struct json *step,
                                     const struct json *arg, struct act *act, struct err *err)
{
    struct json j;

    if ((act->kind == ACT_OPEN || act->fd) && want_posix(a, arg, err) != OK)
        return ERR_INPUT;
    if (act->kind == ACT_OPEN && parse_open(a, step, act, err) != OK)
        return ERR_INPUT;
    if (act->kind == ACT_FLOCK && a->s->has_programs)
        return not_yet(arg, "\"flock\" beside programs", err);
    if (act->kind == ACT_FLOCK && parse_flock(step, act, err) != OK)
        return ERR_INPUT;
    if (json_get(step, "bytes", &j) && json_int(&j, 0, DATA_MAX, &act->bytes, err) != OK)
        return ERR_INPUT;
    return json_get(step, "want", &j) ? parse_want(a, &j, act, err) : OK;
}

static enum err_code parse_arg(const struct author *a, const struct verb *v,
                               const struct json *step, const struct json *arg, struct act *act,
                               struct err *err)
{
    const char *text;

    switch (v->arg) {
    case ARG_PATH:
        return parse_path(a, arg,
                          v->kind == ACT_LIST || v->kind == ACT_WATCH || v->kind == ACT_STAT ||
                              v->kind == ACT_FSYNC,
                          &act->path, &act->parts[PART_PATH], err);
    case ARG_PATHS:
        return parse_paths(a, arg, act, err);
    case ARG_STREAM:
        return parse_request(a, step, arg, act, err);
    case ARG_TRUE:
        return parse_true(arg, err);
    case ARG_MS:
        return json_int(arg, 0, MS_MAX, &act->ms, err);
    case ARG_TEXT:
        if (json_string(arg, &text, err) != OK)
            return ERR_INPUT;
        act->path = keep(a, text);
        return OK;
    case ARG_QUIET:
        return parse_await(a, step, arg, act, err);
    case ARG_BLOCK:
        if (parse_when(a, arg, act, err) != OK ||
            parse_block(a, step, "then", &act->then, err) != OK)
            return ERR_INPUT;
        return parse_block(a, step, "else", &act->otherwise, err);
    case ARG_TIMES:
        return parse_rounds(a, step, arg, act, err);
    case ARG_LOOP:
        return parse_loop(a, step, arg, act, err);
    case ARG_REGISTER:
        return parse_set(a, step, arg, act, err);
    case ARG_FD:
        return parse_fd(a, arg, act, err);
    case ARG_FD_BYTES:
        return parse_fd_bytes(a, arg, act, err);
    }
    return OK;
}

static enum err_code parse_register(const struct author *a, const struct json *j, struct act *act,
                                    struct err *err)
{
    const char *name;

    if (json_string(j, &name, err) != OK)
        return ERR_INPUT;
    if (!a->task)
        return json_fail_key(j, err, "\"%s\": init has no registers", j->key);
    if (!name_ok(name, 64, false))
        return json_fail(j, err, "register \"%s\": expected letters, digits, '_', '-'", name);
    name = arena_printf(&a->s->arena, "%s.%s", a->task, name);
    for (int i = 0; i < a->s->register_count; i++)
        if (strcmp(a->s->registers[i], name) == 0)
            act->as = a->s->registers[i];
    return OK;
}

/* The verb of a step: the one key that is one. */
static const struct verb *find_verb(const struct author *a, const struct json *step,
                                    struct json *arg, struct err *err)
{
    const char *names[VERBS + 1] = {NULL};
    const struct verb *found = NULL;
    size_t n = 0;

    for (size_t i = 0; i < VERBS; i++) {
        struct json j;

        if (a->actor ? !verbs[i].actors : !verbs[i].services)
            continue;
        names[n++] = verbs[i].name;
        if (!json_get(step, verbs[i].name, &j))
            continue;
        if (found) {
            json_fail_key(&j, err, "\"%s\" beside \"%s\": a step does one thing", verbs[i].name,
                          found->name);
            return NULL;
        }
        found = &verbs[i];
        *arg = j;
    }
    if (!found) {
        struct json first = *step;
        const char *near = json_at(step, 0, &first) ? near_word(first.key, names) : NULL;

        json_fail_key(&first, err, "\"%s\" is nothing that %s can do%s%s%s",
                      first.key ? first.key : "{}", a->actor ? "an actor" : "a node",
                      near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    return found;
}

static bool has_result(enum act_kind kind)
{
    return kind != ACT_IF && kind != ACT_REPEAT && kind != ACT_STOP && kind != ACT_BREAK &&
           kind != ACT_WHILE && kind != ACT_UNTIL && kind != ACT_SET;
}

static enum err_code parse_step(const struct author *a, const struct json *step, struct act *act,
                                struct err *err)
{
    const char *keys[8] = {NULL};
    struct json arg, j;
    const struct verb *v;
    int n = 0;

    if (json_want(step, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    v = find_verb(a, step, &arg, err);
    if (!v)
        return ERR_INPUT;
    keys[n++] = v->name;
    for (int i = 0; v->more[i]; i++)
        keys[n++] = v->more[i];
    if (v->kind != ACT_IF) /* it has its own */
        keys[n++] = "when";
    if (has_result(v->kind))
        keys[n++] = "as";
    if (json_only(step, keys, err) != OK)
        return ERR_INPUT;
    *act = (struct act){.kind = v->kind, .request = {.kind = v->request}, .ms = -1, .bytes = -1};
    if (parse_arg(a, v, step, &arg, act, err) != OK ||
        parse_open_file(a, step, &arg, act, err) != OK)
        return ERR_INPUT;
    if (v->kind == ACT_BREAK && !a->in_loop)
        return json_fail_key(&arg, err, "\"break\" outside of a loop");
    if (json_get(step, "data", &j)) {
        if (parse_text(a, &j, &act->data, &act->parts[PART_DATA], err) != OK)
            return ERR_INPUT;
        if (strlen(act->data) > DATA_MAX)
            return json_fail(&j, err, "more than %d bytes of data", DATA_MAX);
    }
    if (json_get(step, "timeout_ms", &j) && json_int(&j, 0, MS_MAX, &act->ms, err) != OK)
        return ERR_INPUT;
    if (json_get(step, "release", &j) &&
        json_int(&j, 1, CONFIG_VERSION_MAX, &act->release, err) != OK)
        return ERR_INPUT;
    if (json_get(step, "when", &j) && parse_when(a, &j, act, err) != OK)
        return ERR_INPUT;
    a->s->watches |= v->kind == ACT_WATCH;
    a->s->restarts |= v->kind == ACT_RESTART;
    return json_get(step, "as", &j) ? parse_register(a, &j, act, err) : OK;
}

static enum err_code parse_program(const struct author *a, const struct json *list,
                                   struct program *out, struct err *err)
{
    if (json_want(list, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    out->v = arena_alloc(&a->s->arena, sizeof *out->v * (size_t)(json_len(list) + 1));
    for (struct json it = {0}; json_next(list, &it);)
        if (parse_step(a, &it, &out->v[out->count++], err) != OK)
            return ERR_INPUT;
    return OK;
}

enum err_code parse_init(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);

    struct author a = {.s = s, .actor = true, .rounds = 1};
    struct program *init = &s->init;

    if (json_want(j, JSON_ARRAY, err) != OK)
        return ERR_INPUT;
    init->v = arena_alloc(&s->arena, sizeof *init->v * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        struct act *act = &init->v[init->count];

        if (is_copy(&it) ? parse_copy(s, &it, err) != OK : parse_step(&a, &it, act, err) != OK)
            return ERR_INPUT;
        if (is_copy(&it))
            continue;
        if (act->kind > ACT_FSYNC || act->when)
            return json_fail(&it, err, "init has plain file steps only");
        init->count++;
    }
    return OK;
}

/* --- clients and tasks --- */

static bool has_name(const struct names *n, const char *name)
{
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->v[i], name) == 0)
            return true;
    return false;
}

void names_add(struct names *n, struct arena *arena, const char *name)
{
    assert(n);
    assert(arena);
    assert(name);
    if (n->count > SCENARIO_REGISTERS_MAX || has_name(n, name)) /* too many are told of later */
        return;
    if (n->count + 1 >= n->cap) { /* and the NULL */
        const char **more;

        n->cap = n->cap ? 2 * n->cap : 16;
        more = arena_alloc(arena, sizeof *more * (size_t)n->cap);
        for (int i = 0; i < n->count; i++)
            more[i] = n->v[i];
        n->v = more;
    }
    n->v[n->count++] = name;
}

static void add_registers(struct names *n, struct arena *arena, const char *task,
                          const struct json *j)
{
    for (struct json it = {0}; json_next(j, &it);) {
        add_registers(n, arena, task, &it);
        if (it.key && (strcmp(it.key, "as") == 0 || strcmp(it.key, "set") == 0) && json_str(&it))
            names_add(n, arena, arena_printf(arena, "%s.%s", task, json_str(&it)));
    }
}

/* "A*3" is three clients, and so is "A" of a node with "clients": 3; their names begin with *len bytes of
 * the key. 1: it is one, and has the key for its name. */
static int64_t clients_of(const struct json *root, const char *key, size_t *len)
{
    struct json j, nodes, node;
    int64_t n = 1;

    *len = strcspn(key, "*");
    if (key[*len])
        return strspn(key + *len + 1, "0123456789") == strlen(key + *len + 1) && strlen(key) < 64
                   ? strtoll(key + *len + 1, NULL, 10)
                   : 0;
    if (json_get(root, "cluster", &j) && json_kind(&j) == JSON_OBJECT &&
        json_get(&j, "nodes", &nodes) && json_kind(&nodes) == JSON_OBJECT &&
        json_get(&nodes, key, &node) && json_kind(&node) == JSON_OBJECT &&
        json_get(&node, "clients", &j) && json_kind(&j) == JSON_NUMBER)
        n = (int64_t)json_num(&j);
    return n;
}

static void add_client_registers(struct names *n, struct arena *arena, const struct json *root,
                                 const struct json *program)
{
    size_t len;
    int64_t clients = clients_of(root, program->key, &len);

    if (clients <= 1)
        add_registers(n, arena, program->key, program);
    for (int64_t i = 1; clients > 1 && i <= clients && i <= SCENARIO_NODES_MAX; i++)
        add_registers(n, arena, arena_printf(arena, "%.*s.%d", (int)len, program->key, (int)i),
                      program);
}

/* Those that nobody sets, and that properties may name all the same: pin leaves variants out that do. */
static void add_unset_registers(struct names *n, struct arena *arena, const struct json *root)
{
    struct json names;

    if (!json_get(root, "registers", &names) || json_kind(&names) != JSON_ARRAY)
        return;
    for (struct json it = {0}; json_next(&names, &it);)
        if (json_kind(&it) == JSON_STRING)
            names_add(n, arena, arena_strdup(arena, json_str(&it)));
}

static void add_program_registers(struct names *n, struct arena *arena, const struct json *root)
{
    struct json cluster, nodes, at;

    if (!json_get(root, "cluster", &cluster) || json_kind(&cluster) != JSON_OBJECT ||
        !json_get(&cluster, "nodes", &nodes) || json_kind(&nodes) != JSON_OBJECT)
        return;
    for (struct json it = {0}; json_next(&nodes, &it);) {
        if (json_kind(&it) != JSON_OBJECT || !json_get(&it, "run", &at))
            continue;
        names_add(n, arena, arena_printf(arena, "%s.exit", it.key));
        names_add(n, arena, arena_printf(arena, "%s.stdout", it.key));
        names_add(n, arena, arena_printf(arena, "%s.stderr", it.key));
    }
}

void collect_registers(struct names *n, struct arena *arena, const struct json *root)
{
    assert(n);
    assert(arena);
    assert(root);

    struct json work;

    if (json_kind(root) != JSON_OBJECT)
        return;
    add_unset_registers(n, arena, root);
    add_program_registers(n, arena, root);
    if (!json_get(root, "work", &work) || json_kind(&work) != JSON_OBJECT)
        return;
    for (struct json it = {0}; json_next(&work, &it);)
        add_client_registers(n, arena, root, &it);
}

/* key: whose program it is. */
static enum err_code parse_client(struct scenario *s, const struct json *j, const char *key,
                                  struct err *err)
{
    size_t len = strcspn(key, "#");
    const char *node = arena_memdup(&s->arena, key, len), *number = key + len;
    struct scenario_task *t = &s->tasks[s->task_count];
    struct program *program = arena_alloc(&s->arena, sizeof *program);
    struct author a = {.s = s, .rounds = 1};
    const char *names[SCENARIO_NODES_MAX + 1] = {NULL};

    t->node = scenario_node_index(s, node);
    for (int i = 0; i < s->node_count; i++)
        names[i] = s->nodes[i].name;
    if (t->node < 0) {
        const char *near = near_word(node, names);

        return json_fail_key(j, err, "no node \"%s\" in \"cluster\"%s%s%s", node,
                             near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    if (s->nodes[t->node].run)
        return json_fail_key(j, err, "\"%s\" is a program: its work is what it runs", key);
    if (*number && (strspn(number + 1, "0123456789") != strlen(number + 1) || strlen(number) > 3 ||
                    number[1] == '0' || atoi(number + 1) < 2))
        return json_fail_key(j, err, "\"%s\": further clients of a node are \"%s#2\", \"%s#3\"",
                             key, node, node);
    if (s->task_count == SCENARIO_TASKS_MAX)
        return json_fail_key(j, err, "more than %d tasks", SCENARIO_TASKS_MAX);
    a.task = t->name = arena_strdup(&s->arena, key);
    a.actor = !s->nodes[t->node].role->serves;
    t->program = program;
    a.fds = arena_alloc(&s->arena, sizeof *a.fds);
    s->task_count++;
    return parse_program(&a, j, program, err);
}

/* The node becomes so many, each with a name of its own. */
static enum err_code make_clients(struct scenario *s, const struct json *j, const char *name,
                                  int64_t count, struct err *err)
{
    int first = scenario_node_index(s, name);

    if (first < 0 || s->nodes[first].role->serves || s->nodes[first].run)
        return json_fail_key(j, err, "\"%s\": no node \"%s\" that is an actor", j->key, name);
    if (count < 1 || s->node_count + count - 1 > SCENARIO_NODES_MAX)
        return json_fail_key(j, err, "\"%s\": expected 1 to %d clients, and %d nodes at most",
                             j->key, SCENARIO_NODES_MAX, SCENARIO_NODES_MAX);
    for (int64_t i = 1; i <= count; i++) {
        struct scenario_node *n = i == 1 ? &s->nodes[first] : &s->nodes[s->node_count++];

        *n = s->nodes[first];
        n->clients = 1;
        n->name = arena_printf(&s->arena, "%s.%d", name, (int)i);
    }
    return OK;
}

/* A client, or several that have one program. */
static enum err_code parse_clients(struct scenario *s, const struct json *j, struct err *err)
{
    size_t len = strcspn(j->key, "*");
    const char *name = arena_memdup(&s->arena, j->key, len);
    int node = scenario_node_index(s, name);
    int64_t count = j->key[len] ? strtoll(j->key + len + 1, NULL, 10)
                    : node >= 0 ? s->nodes[node].clients
                                : 1;

    if (!j->key[len] && count == 1)
        return parse_client(s, j, j->key, err);
    if (j->key[len] && strspn(j->key + len + 1, "0123456789") != strlen(j->key + len + 1))
        count = 0;
    if (make_clients(s, j, name, count, err) != OK)
        return ERR_INPUT;
    for (int64_t i = 1; i <= count; i++)
        if (parse_client(s, j, arena_printf(&s->arena, "%s.%d", name, (int)i), err) != OK)
            return ERR_INPUT;
    return OK;
}

static enum err_code add_background(struct scenario *s, const struct json *work, int node,
                                    const struct role_task *rt, struct err *err)
{
    const struct scenario_node *n = &s->nodes[node];
    bool pool = strcmp(rt->name, "rpc") == 0;

    if (rt->wanted && !rt->wanted(&s->settings))
        return OK;
    for (int i = 1; i <= (pool ? n->threads : 1); i++) {
        struct scenario_task *t = &s->tasks[s->task_count];

        if (s->task_count == SCENARIO_TASKS_MAX)
            return json_fail(work, err, "more than %d tasks: clients and the nodes' own",
                             SCENARIO_TASKS_MAX);
        t->name = pool ? arena_printf(&s->arena, "%s/rpc%d", n->name, i)
                       : arena_printf(&s->arena, "%s/%s", n->name, rt->name);
        t->node = node;
        t->background = rt;
        s->task_count++;
    }
    return OK;
}

enum err_code parse_work(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);
    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (json_len(j) == 0)
        return json_fail(j, err, "expected the requests of at least one client");
    for (struct json it = {0}; json_next(j, &it);)
        if (parse_clients(s, &it, err) != OK)
            return ERR_INPUT;
    for (int i = 0; i < s->node_count; i++)
        for (const struct role_task *rt = s->nodes[i].role->tasks; rt->name; rt++)
            if (add_background(s, j, i, rt, err) != OK)
                return ERR_INPUT;
    return OK;
}
