/* "role": "program" among the nodes, and {"copy": …} in "init". */
#include "sim/scenario/program.h"
#include "base/hash.h"
#include "base/intree.h"
#include "sim/scenario/parse.h"
#include "sim/workload/roles.h"
#include <assert.h>
#include <ctype.h>
#include <string.h>

static const struct {
    const char *name;
} own[] = {{"run"}, {"env"}, {"cwd"}, {"input"}, {"clock"}, {"mount"}};

static enum err_code too_long(const struct json *j, size_t len, struct err *err)
{
    return len <= PROGRAM_BYTES_MAX ? OK
                                    : json_fail(j, err, "more than %d bytes", PROGRAM_BYTES_MAX);
}

/* --- a node's program --- */

static enum err_code parse_list(struct scenario *s, const struct json *j, struct program_spec *p,
                                struct err *err)
{
    size_t bytes = 0;
    const char *arg;

    if (json_len(j) == 0 || json_len(j) > PROGRAM_ARGS_MAX)
        return json_fail(j, err, "expected a program and at most %d arguments", PROGRAM_ARGS_MAX);
    p->argv = arena_alloc(&s->arena, sizeof *p->argv * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        if (json_string(&it, &arg, err) != OK)
            return ERR_INPUT;
        p->argv[p->argc++] = arena_strdup(&s->arena, arg);
        bytes += strlen(arg) + 1;
    }
    if (!*p->argv[0])
        return json_fail(j, err, "the program's name is empty");
    return too_long(j, bytes, err);
}

/* A list of arguments, or one text for the shell. */
static enum err_code parse_command(struct scenario *s, const struct json *j, struct program_spec *p,
                                   struct err *err)
{
    const char *text = json_str(j);

    if (json_kind(j) == JSON_ARRAY)
        return parse_list(s, j, p, err);
    if (!text)
        return json_fail(j, err, "expected a list of arguments, or a text for the shell, found %s",
                         json_kind_name(json_kind(j)));
    p->argv = arena_alloc(&s->arena, sizeof *p->argv * 4);
    p->argv[0] = "sh";
    p->argv[1] = "-c";
    p->argv[2] = arena_strdup(&s->arena, text);
    p->argc = 3;
    return *text ? too_long(j, strlen(text), err) : json_fail(j, err, "the command is empty");
}

static enum err_code pairs_of(struct scenario *s, const struct json *j, struct program_pair **out,
                              int *count, struct err *err)
{
    const char *value;

    if (json_want(j, JSON_OBJECT, err) != OK)
        return ERR_INPUT;
    if (json_len(j) > PROGRAM_PAIRS_MAX)
        return json_fail(j, err, "more than %d", PROGRAM_PAIRS_MAX);
    *out = arena_alloc(&s->arena, sizeof **out * (size_t)(json_len(j) + 1));
    for (struct json it = {0}; json_next(j, &it);) {
        if (json_string(&it, &value, err) != OK || too_long(&it, strlen(value), err) != OK)
            return ERR_INPUT;
        (*out)[(*count)++] =
            (struct program_pair){arena_strdup(&s->arena, it.key), arena_strdup(&s->arena, value)};
    }
    return OK;
}

static bool is_variable(const char *name)
{
    if (!*name || isdigit((unsigned char)*name))
        return false;
    while (*name && (isalnum((unsigned char)*name) || *name == '_'))
        name++;
    return !*name;
}

static enum err_code parse_env(struct scenario *s, const struct json *j, struct program_spec *p,
                               struct err *err)
{
    size_t bytes = 0;

    if (pairs_of(s, j, &p->env, &p->env_count, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(j, &it);) {
        if (!is_variable(it.key))
            return json_fail_key(
                &it, err, "variable \"%s\": expected letters, digits, '_', no digit first", it.key);
        bytes += strlen(it.key) + strlen(json_str(&it)) + 2;
    }
    return too_long(j, bytes, err);
}

/* "" for ".", the root of the store. */
static enum err_code store_path(struct scenario *s, const struct json *j, const char **out,
                                struct err *err)
{
    const char *path, *wrong;

    if (json_string(j, &path, err) != OK)
        return ERR_INPUT;
    *out = strcmp(path, ".") == 0 ? "" : arena_strdup(&s->arena, path);
    wrong = **out ? port_path_check(path) : NULL;
    return wrong ? json_fail(j, err, "path \"%s\" %s", path, wrong) : OK;
}

static enum err_code parse_mount(struct scenario *s, const struct json *j, struct program_spec *p,
                                 struct err *err)
{
    int i = 0;

    if (pairs_of(s, j, &p->mounts, &p->mount_count, err) != OK)
        return ERR_INPUT;
    for (struct json it = {0}; json_next(j, &it); i++) {
        const char *wrong =
            it.key[0] == '/' ? port_path_check(it.key + 1) : "is not absolute: expected \"/var/…\"";

        if (wrong)
            return json_fail_key(&it, err, "path \"%s\" %s", it.key, wrong);
        if (store_path(s, &it, &p->mounts[i].value, err) != OK)
            return ERR_INPUT;
    }
    return OK;
}

static enum err_code parse_clock(const struct json *j, struct program_spec *p, struct err *err)
{
    static const char *const words[] = {"virtual", "real", NULL};
    int i = parse_word(j, words, "clock", err);

    p->clock = i == 1 ? PROGRAM_CLOCK_REAL : PROGRAM_CLOCK_VIRTUAL;
    return i < 0 ? ERR_INPUT : OK;
}

static enum err_code parse_input(struct scenario *s, const struct json *j, struct program_spec *p,
                                 struct err *err)
{
    if (json_string(j, &p->input, err) != OK)
        return ERR_INPUT;
    p->input = arena_strdup(&s->arena, p->input);
    return too_long(j, strlen(p->input), err);
}

static enum err_code parse_details(struct scenario *s, const struct json *node,
                                   struct program_spec *p, struct err *err)
{
    struct json at;

    p->cwd = "";
    if (json_get(node, "env", &at) && parse_env(s, &at, p, err) != OK)
        return ERR_INPUT;
    if (json_get(node, "cwd", &at) && store_path(s, &at, &p->cwd, err) != OK)
        return ERR_INPUT;
    if (json_get(node, "input", &at) && parse_input(s, &at, p, err) != OK)
        return ERR_INPUT;
    if (json_get(node, "clock", &at) && parse_clock(&at, p, err) != OK)
        return ERR_INPUT;
    return json_get(node, "mount", &at) ? parse_mount(s, &at, p, err) : OK;
}

enum err_code parse_run(struct scenario *s, const struct json *node, struct scenario_node *n,
                        struct err *err)
{
    assert(s);
    assert(node);
    assert(n && n->role);

    struct program_spec *p;
    struct json at;

    if (n->role != &role_program) {
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            if (json_get(node, own[i].name, &at))
                return json_fail_key(&at, err, "\"%s\" is for the role \"program\"", own[i].name);
        return OK;
    }
    if (s->semantics != STORE_POSIX)
        return json_fail(node, err,
                         "a program makes system calls: it needs \"store\": {\"semantics\": "
                         "\"posix\"}");
    if (!json_get(node, "run", &at))
        return json_fail(node, err, "\"run\" is missing: what the program is");
    p = arena_alloc(&s->arena, sizeof *p);
    n->run = p;
    s->has_programs = true;
    return parse_command(s, &at, p, err) == OK ? parse_details(s, node, p, err) : ERR_INPUT;
}

/* collect_registers() has it. */
static const char *register_of(struct scenario *s, const char *node, const char *name)
{
    const char *full = arena_printf(&s->arena, "%s.%s", node, name);

    for (int i = 0; i < s->registers_known; i++)
        if (strcmp(s->registers[i], full) == 0)
            return s->registers[i];
    assert(false && "collect_registers() has it");
    return NULL;
}

enum err_code add_program_tasks(struct scenario *s, const struct json *nodes, struct err *err)
{
    assert(s);
    assert(nodes);
    for (int i = 0; i < s->node_count; i++) {
        struct program_spec *p = s->nodes[i].run;

        if (!p)
            continue;
        if (s->task_count == SCENARIO_TASKS_MAX)
            return json_fail(nodes, err, "more than %d tasks", SCENARIO_TASKS_MAX);
        s->tasks[s->task_count++] =
            (struct scenario_task){.name = s->nodes[i].name, .node = i, .run = p};
        p->exit = register_of(s, s->nodes[i].name, "exit");
        p->out = register_of(s, s->nodes[i].name, "stdout");
        p->errors = register_of(s, s->nodes[i].name, "stderr");
    }
    return OK;
}

/* --- copies --- */

bool is_copy(const struct json *step)
{
    assert(step);

    struct json at;

    return json_kind(step) == JSON_OBJECT && json_get(step, "copy", &at) &&
           json_kind(&at) == JSON_STRING;
}

static enum err_code add_copy(struct scenario *s, const struct json *j, const char *to,
                              const struct intree_entry *e, struct err *err)
{
    struct program_copy *c = &s->copies[s->copy_count];
    const char *wrong;

    c->path = arena_strdup(&s->arena, arena_path(&s->arena, to, e->path));
    if (!*e->path)
        c->path = to;
    if (!*c->path) /* the store itself is there */
        return OK;
    wrong = port_path_check(c->path);
    if (wrong)
        return json_fail(j, err, "path \"%s\" %s", c->path, wrong);
    c->data = e->data ? arena_memdup(&s->arena, e->data, e->len) : NULL;
    c->len = e->len;
    c->executable = e->executable;
    s->hash = hash_bytes(hash_str(s->hash, c->path), e->data ? e->data : "/", e->data ? e->len : 1);
    s->copy_count++;
    return OK;
}

static enum err_code add_tree(struct scenario *s, const struct json *j, const char *to,
                              const struct intree *tree, struct err *err)
{
    struct program_copy *more =
        arena_alloc(&s->arena, sizeof *more * (size_t)(s->copy_count + tree->count));

    if (!*to && tree->count && tree->v[0].data)
        return json_fail(j, err, "a file cannot be copied to \".\": say what it is to be called");
    for (int i = 0; i < s->copy_count; i++)
        more[i] = s->copies[i];
    s->copies = more;
    for (int i = 0; i < tree->count; i++)
        if (add_copy(s, j, to, &tree->v[i], err) != OK)
            return ERR_INPUT;
    s->hash = hash_mix(s->hash);
    return OK;
}

/* The scenario's directory, in which all is that it may copy. */
static const char *beside(struct scenario *s)
{
    const char *slash = strrchr(s->file, '/');

    if (!slash)
        return ".";
    return slash == s->file ? "/" : arena_memdup(&s->arena, s->file, (size_t)(slash - s->file));
}

enum err_code parse_copy(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);

    static const char *const keys[] = {"copy", "to", NULL};
    struct intree tree = {0};
    const char *from, *to;
    struct json at, place;
    struct err why = ERR_INIT;

    if (json_only(j, keys, err) != OK || !json_get(j, "copy", &at) ||
        store_path(s, &at, &from, err) != OK)
        return ERR_INPUT;
    to = from;
    if (json_get(j, "to", &place) && store_path(s, &place, &to, err) != OK)
        return ERR_INPUT;
    if (intree_read(beside(s), *from ? from : ".", &tree, &why) != OK)
        json_fail(&at, err, "copy: %s", why.story);
    else
        add_tree(s, &at, to, &tree, err);
    intree_release(&tree);
    return err->code;
}

void program_spec_print(const struct program_spec *p, struct strbuf *out)
{
    assert(p);
    assert(out);
    for (int i = 0; i < p->env_count; i++) {
        strbuf_printf(out, "%s=", p->env[i].name);
        strbuf_shell(out, p->env[i].value);
        strbuf_addc(out, ' ');
    }
    for (int i = 0; i < p->argc; i++) {
        strbuf_adds(out, i ? " " : "");
        strbuf_shell(out, p->argv[i]);
    }
}

static void print_details(const struct program_spec *p, struct strbuf *out)
{
    if (*p->cwd)
        strbuf_printf(out, ", in %s", p->cwd);
    if (p->input)
        strbuf_printf(out, ", with %zu bytes of input", strlen(p->input));
    if (p->clock == PROGRAM_CLOCK_REAL)
        strbuf_adds(out, ", on the real clock");
    for (int i = 0; i < p->mount_count; i++)
        strbuf_printf(out, ", with %s for %s", *p->mounts[i].value ? p->mounts[i].value : ".",
                      p->mounts[i].name);
}

bool scenario_programs(const struct scenario *s, struct strbuf *out)
{
    assert(s);
    assert(out);

    struct strbuf line = STRBUF_INIT;

    for (int i = 0; i < s->node_count; i++) {
        if (!s->nodes[i].run)
            continue;
        strbuf_clear(&line);
        strbuf_printf(&line, "  %s: ", s->nodes[i].name);
        program_spec_print(s->nodes[i].run, &line);
        print_details(s->nodes[i].run, &line);
        strbuf_visible(out, line.s);
        strbuf_addc(out, '\n');
    }
    strbuf_release(&line);
    return s->has_programs;
}
