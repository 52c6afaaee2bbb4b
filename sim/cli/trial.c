#include "sim/cli/trial.h"
#include "base/json_pretty.h"
#include "fsstore/port/port.h"
#include "sim/cli/short_words.h"
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "race"

struct draft { /* the text, part by part */
    const struct options *options;
    const struct trial *trial;
    struct strbuf *out;
    int nodes;
    char **copied; /* what is copied already */
    int copied_count;
    struct err *err;
};

char *trial_path(const struct trial *t)
{
    assert(t);

    struct strbuf path = STRBUF_INIT;

    if (t->save)
        strbuf_adds(&path, t->save);
    else if (t->in)
        strbuf_printf(&path, "%s/" NAME ".json", t->in);
    else
        strbuf_adds(&path, NAME ".json");
    return strbuf_take(&path);
}

static void add_key(struct strbuf *out, const char *key)
{
    strbuf_adds(out, out->s[out->len - 1] == '{' ? "" : ", ");
    strbuf_json(out, key);
    strbuf_adds(out, ": ");
}

static void add_text(struct strbuf *out, const char *key, const char *text)
{
    add_key(out, key);
    strbuf_json(out, text);
}

/* --- commands --- */

/* "A" to "P": more nodes than those no scenario has. */
static const char *node_name(int i)
{
    static const char names[SCENARIO_NODES_MAX][2] = {"A", "B", "C", "D", "E", "F", "G", "H",
                                                      "I", "J", "K", "L", "M", "N", "O", "P"};

    return names[i];
}

static bool in_path(const char *word, size_t len)
{
    const char *path = getenv("PATH");
    struct strbuf full = STRBUF_INIT;
    bool found = memchr(word, '/', len) != NULL;

    for (path = path ? path : "/usr/bin:/bin"; !found && *path; path += *path == ':') {
        size_t n = strcspn(path, ":");

        strbuf_clear(&full);
        strbuf_add(&full, path, n);
        strbuf_addc(&full, '/');
        strbuf_add(&full, word, len);
        found = access(full.s, X_OK) == 0;
        path += n;
    }
    strbuf_release(&full);
    return found;
}

/* Words that are themselves for the shell, too, the first of which is a program: none of its words. */
static bool needs_shell(const char *command)
{
    size_t first = strcspn(command, " ");

    return strpbrk(command, "\"'`\\$;&|<>(){}*?[]#!~\t\n") || first == 0 ||
           memchr(command, '=', first) || !in_path(command, first);
}

static void add_words(struct strbuf *out, const char *command)
{
    struct strbuf word = STRBUF_INIT;

    strbuf_addc(out, '[');
    for (const char *p = command; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");

        strbuf_clear(&word);
        strbuf_add(&word, p, len);
        strbuf_adds(out, p == command ? "" : ", ");
        strbuf_json(out, word.s);
        p += len;
    }
    strbuf_addc(out, ']');
    strbuf_release(&word);
}

static void add_env(struct draft *d)
{
    const struct texts *env = &d->trial->env;

    if (!env->count)
        return;
    add_key(d->out, "env");
    strbuf_addc(d->out, '{');
    for (int i = 0; i < env->count; i++) {
        const char *equals = strchr(env->v[i], '=');
        char *name;

        if (!equals) {
            err_set(d->err, ERR_INPUT, "--env %s: expected NAME=VALUE", env->v[i]);
            return;
        }
        name = mem_strdup(env->v[i]);
        name[equals - env->v[i]] = '\0';
        add_text(d->out, name, equals + 1);
        free(name);
    }
    strbuf_addc(d->out, '}');
}

static void add_node(struct draft *d, const char *command)
{
    add_key(d->out, node_name(d->nodes++));
    strbuf_adds(d->out, "{\"role\": \"program\"");
    add_key(d->out, "run");
    if (needs_shell(command))
        strbuf_json(d->out, command);
    else
        add_words(d->out, command);
    add_env(d);
    strbuf_addc(d->out, '}');
}

static void add_cluster(struct draft *d)
{
    const struct options *o = d->options;
    int64_t copies = d->trial->copies ? d->trial->copies : 1;

    if (copies > SCENARIO_NODES_MAX || o->file_count * copies > SCENARIO_NODES_MAX) {
        err_set(d->err, ERR_INPUT, "more than %d programs", SCENARIO_NODES_MAX);
        return;
    }
    add_key(d->out, "cluster");
    strbuf_adds(d->out, "{\"store\": {\"semantics\": \"posix\"}, \"nodes\": {");
    for (int i = 0; i < o->file_count; i++)
        for (int64_t k = 0; k < copies && d->err->code == OK; k++)
            add_node(d, o->files[i]);
    strbuf_adds(d->out, "}}");
}

/* "sh lock.sh, 2 at once"; "sh a.sh and sh b.sh at once" */
static void add_title(struct draft *d)
{
    const struct options *o = d->options;
    struct strbuf title = STRBUF_INIT;
    bool same = true;

    for (int i = 1; i < o->file_count; i++)
        same = same && strcmp(o->files[i], o->files[0]) == 0;
    for (int i = 0; i < (same ? 1 : o->file_count); i++)
        strbuf_printf(&title, "%s%s", i ? " and " : "", o->files[i]);
    if (same || d->trial->copies > 1)
        strbuf_printf(&title, ", %lld%s at once",
                      (long long)(d->trial->copies > 1 ? d->trial->copies : 1) *
                          (same ? o->file_count : 1),
                      same ? "" : " of each");
    else
        strbuf_adds(&title, " at once");
    add_text(d->out, "title", title.s);
    strbuf_release(&title);
}

/* --- what is copied --- */

/* Where `path` is, seen from the directory that the scenario is in; NULL: not in there. The caller
 * frees it. */
static char *beside(const char *scenario, const char *path)
{
    struct strbuf dir = STRBUF_INIT;
    const char *slash = strrchr(scenario, '/');
    char *from, *to, *found = NULL;
    size_t len;

    strbuf_add(&dir, slash ? scenario : ".", slash ? (size_t)(slash + 1 - scenario) : 1);
    from = realpath(dir.s, NULL);
    to = realpath(path, NULL);
    len = from ? strlen(from) : 0;
    if (from && to && strcmp(from, to) == 0)
        found = mem_strdup(".");
    else if (from && to && len == 1)
        found = mem_strdup(to + 1);
    else if (from && to && strncmp(from, to, len) == 0 && to[len] == '/')
        found = mem_strdup(to + len + 1);
    free(from);
    free(to);
    strbuf_release(&dir);
    return found;
}

static void add_copy(struct draft *d, const char *scenario, const char *path, const char *to)
{
    char *from = beside(scenario, path);

    if (!from) {
        err_set(d->err, ERR_INPUT,
                "%s: %s is not in its directory, and so cannot be copied from it", scenario, path);
        return;
    }
    if (d->copied_count)
        strbuf_adds(d->out, ", ");
    else
        add_key(d->out, "init");
    strbuf_adds(d->out, d->copied_count ? "" : "[");
    strbuf_addc(d->out, '{');
    add_text(d->out, "copy", from);
    if (strcmp(from, to) != 0 || strcmp(to, ".") == 0)
        add_text(d->out, "to", to);
    strbuf_addc(d->out, '}');
    d->copied = mem_grow(d->copied, (size_t)d->copied_count + 1, sizeof *d->copied);
    d->copied[d->copied_count++] = mem_strdup(to);
    free(from);
}

static bool is_copied(const struct draft *d, const char *to)
{
    for (int i = 0; i < d->copied_count; i++)
        if (strcmp(d->copied[i], to) == 0)
            return true;
    return false;
}

/* A word of a command that is a file here is one in the store. */
static void copy_word(struct draft *d, const char *scenario, const char *word)
{
    struct stat st;

    while (strncmp(word, "./", 2) == 0)
        word += 2;
    if (!port_path_check(word) && lstat(word, &st) == 0 && S_ISREG(st.st_mode) &&
        !is_copied(d, word))
        add_copy(d, scenario, word, word);
}

static void copy_words(struct draft *d, const char *scenario, const char *command)
{
    static const char ends[] = " \t\n\"'`;&|<>(){}=";
    struct strbuf word = STRBUF_INIT;

    for (const char *p = command + strspn(command, ends); *p; p += strspn(p, ends)) {
        size_t len = strcspn(p, ends);

        strbuf_clear(&word);
        strbuf_add(&word, p, len);
        copy_word(d, scenario, word.s);
        p += len;
    }
    strbuf_release(&word);
}

static void add_copies(struct draft *d, const char *scenario)
{
    if (d->trial->in)
        add_copy(d, scenario, d->trial->in, ".");
    for (int i = 0; i < d->options->file_count && !d->trial->in && d->err->code == OK; i++)
        copy_words(d, scenario, d->options->files[i]);
    strbuf_adds(d->out, d->copied_count ? "]" : "");
}

/* --- what is asked --- */

static void add_name(struct strbuf *out, const char *name, int number)
{
    char full[32];

    snprintf(full, sizeof full, number ? "%s_%d" : "%s", name, number + 1);
    add_key(out, full);
}

static const char *exit_word(const struct trial *t)
{
    return t->exit ? t->exit : "0";
}

/* {"finally": {"at_most": 1, "of": [{"A.exit": 0}, …]}} */
static void add_at_most(struct draft *d)
{
    const char *text = d->trial->at_most;
    char *end;
    long most = strtol(text, &end, 10);

    if (end == text || *end || most < 0 || most > SCENARIO_NODES_MAX) {
        err_set(d->err, ERR_INPUT, "--at-most %s: expected a number of programs", text);
        return;
    }
    add_key(d->out, "at_most");
    strbuf_printf(d->out, "{\"finally\": {\"at_most\": %ld, \"of\": [", most);
    for (int i = 0; i < d->nodes && d->err->code == OK; i++) {
        struct strbuf words = STRBUF_INIT;

        strbuf_printf(&words, "%s.exit=%s", node_name(i), exit_word(d->trial));
        strbuf_adds(d->out, i ? ", " : "");
        short_words_json(words.s, d->out, d->err);
        strbuf_release(&words);
    }
    strbuf_adds(d->out, "]}}");
}

/* Registers are those of the programs. */
static bool known_words(struct draft *d, const char *option, const char *text, const char *json)
{
    static const char *const ends[] = {"exit", "stdout", "stderr"};
    const char *registers[3 * SCENARIO_NODES_MAX + 1] = {NULL};
    struct arena a = {0};
    struct predicate p;
    struct json_doc *doc = json_parse(option, json, strlen(json), d->err);
    struct json root;
    int n = 0;

    for (int i = 0; i < d->nodes; i++)
        for (int k = 0; k < 3; k++)
            registers[n++] = arena_printf(&a, "%s.%s", node_name(i), ends[k]);
    if (doc) {
        root = json_root(doc);
        predicate_parse(&a, &root, registers, &p, d->err);
    }
    json_free(doc);
    arena_release(&a);
    if (d->err->code != OK)
        err_wrap(d->err, "--%s '%s'", option, text);
    return d->err->code == OK;
}

static void add_predicates(struct draft *d, const char *option, const struct texts *texts,
                           const char *before, const char *behind)
{
    for (int i = 0; i < texts->count && d->err->code == OK; i++) {
        struct strbuf json = STRBUF_INIT;

        if (short_words_json(texts->v[i], &json, d->err) != OK)
            err_wrap(d->err, "--%s '%s'", option, texts->v[i]);
        else if (known_words(d, option, texts->v[i], json.s)) {
            add_name(d->out, option, i);
            strbuf_printf(d->out, "%s%s%s", before, json.s, behind);
        }
        strbuf_release(&json);
    }
}

/* 'fs.create_excl lock..fs.unlink lock': at most one is between them. */
static void add_held(struct draft *d)
{
    const struct texts *held = &d->trial->held;

    for (int i = 0; i < held->count && d->err->code == OK; i++) {
        const char *dots = strstr(held->v[i], "..");
        char *from;

        if (!dots || dots == held->v[i] || !dots[2]) {
            err_set(
                d->err, ERR_INPUT,
                "--held '%s': expected FROM..TO, two points like 'fs.mkdir lock..fs.rmdir lock'",
                held->v[i]);
            return;
        }
        from = mem_strdup(held->v[i]);
        from[dots - held->v[i]] = '\0';
        add_name(d->out, "held", i);
        strbuf_adds(d->out, "{\"inside\": {");
        add_text(d->out, "from", from);
        add_text(d->out, "to", dots + 2);
        strbuf_adds(d->out, ", \"at_most\": 1}}");
        free(from);
    }
}

static void expect(struct draft *d, const char *name, int count)
{
    for (int i = 0; i < count; i++) {
        add_name(d->out, name, i);
        strbuf_adds(d->out, "\"always\"");
    }
}

static void add_properties(struct draft *d)
{
    const struct trial *t = d->trial;

    if (!t->at_most && !t->always.count && !t->never.count && !t->held.count)
        return;
    add_key(d->out, "properties");
    strbuf_addc(d->out, '{');
    if (t->at_most)
        add_at_most(d);
    add_predicates(d, "always", &t->always, "{\"finally\": ", "}");
    add_predicates(d, "never", &t->never, "{\"invariant\": {\"not\": ", "}}");
    add_held(d);
    strbuf_addc(d->out, '}');
    add_key(d->out, "expect");
    strbuf_addc(d->out, '{');
    expect(d, "at_most", t->at_most != NULL);
    expect(d, "always", t->always.count);
    expect(d, "never", t->never.count);
    expect(d, "held", t->held.count);
    strbuf_addc(d->out, '}');
}

static void add_faults(struct draft *d)
{
    if (!d->trial->crash)
        return;
    add_key(d->out, "faults");
    for (int i = 0; i < d->nodes; i++)
        strbuf_printf(d->out, "%s{\"crash\": \"%s\", \"anywhere\": true}", i ? ", " : "[",
                      node_name(i));
    strbuf_addc(d->out, ']');
}

/* The file's name without directories and ".json". */
static void add_file_name(struct draft *d, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = mem_strdup(slash ? slash + 1 : path);
    size_t len = strlen(name);

    if (len > 5 && strcmp(name + len - 5, ".json") == 0)
        name[len - 5] = '\0';
    else if (d->trial->save)
        err_set(d->err, ERR_INPUT, "--save %s: a scenario's file ends in \".json\"", path);
    add_text(d->out, "name", name);
    free(name);
}

static enum err_code layout(const char *path, const struct strbuf *text, struct strbuf *out,
                            struct err *err)
{
    struct json_doc *doc = json_parse(path, text->s, text->len, err);
    struct json root;

    if (!doc)
        return err->code;
    root = json_root(doc);
    json_pretty(&root, out);
    json_free(doc);
    return OK;
}

enum err_code trial_text(const struct options *o, const char *path, struct strbuf *out,
                         struct err *err)
{
    assert(o);
    assert(path);
    assert(out);
    assert(err);

    struct strbuf text = STRBUF_INIT;
    struct draft d = {.options = o, .trial = &o->trial, .out = &text, .err = err};

    strbuf_adds(&text, "{\"fsrace\": 1");
    add_file_name(&d, path);
    add_title(&d);
    add_cluster(&d);
    if (err->code == OK)
        add_copies(&d, path);
    add_faults(&d);
    if (o->trial.time)
        add_text(&text, "time", o->trial.time);
    if (err->code == OK)
        add_properties(&d);
    strbuf_addc(&text, '}');
    if (err->code == OK)
        layout(path, &text, out, err);
    for (int i = 0; i < d.copied_count; i++)
        free(d.copied[i]);
    free(d.copied);
    strbuf_release(&text);
    return err->code;
}
