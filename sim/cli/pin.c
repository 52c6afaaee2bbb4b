/* fsrace pin: a race that was found becomes a scenario of its own, whose order shows it. */
#include "base/json.h"
#include "base/suggest.h"
#include "sim/cli/cli.h"
#include "sim/explore/explain/minimize.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file's name without directories and ".json". */
static char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = mem_strdup(slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');

    if (dot && strcmp(dot, ".json") == 0)
        *dot = '\0';
    return name;
}

static const struct tally *find_property(const struct search *s, const char *name, struct err *err)
{
    const char **names = mem_alloc(sizeof *names * (size_t)(s->tally_count + 1)), *near;
    const struct tally *found = NULL;

    assert(name);
    for (int i = 0; i < s->tally_count; i++) {
        names[i] = s->tallies[i].name;
        if (strcmp(names[i], name) == 0)
            found = &s->tallies[i];
    }
    near = near_word(name, names);
    if (!found)
        err_set(err, ERR_INPUT, "--property %s: %s, %s has no such property%s%s%s", name,
                s->scenario->file, s->scenario->variant, near ? ": did you mean \"" : "",
                near ? near : "", near ? "\"?" : "");
    free(names);
    return found;
}

/* Two patches, one after the other: an object is merged, and what was expected is to go. */
static char *patched(const struct json *root, const char *first, const char *second,
                     struct err *err)
{
    struct json_doc *patch = json_parse("pin", first, strlen(first), err), *rest = NULL;
    struct json at;
    char *text = NULL;

    if (patch) {
        at = json_root(patch);
        text = json_print_merged(root, &at);
        json_free(patch);
    }
    if (!text || !second)
        return text;
    rest = json_parse("pin", text, strlen(text), err);
    free(text);
    if (!rest)
        return NULL;
    at = json_root(rest);
    text = patched(&at, second, NULL, err);
    json_free(rest);
    return text;
}

/* That the order breaks the property; and if it leaves somebody waiting, whatever other orders do, that, too: a hang counts
 * where it is not named. */
static void add_expected(const struct tally *t, bool hangs, struct strbuf *patch)
{
    strbuf_json(patch, t->name);
    strbuf_adds(patch, ":\"never\"");
    if (hangs && strcmp(t->name, "no_deadlock") != 0)
        strbuf_adds(patch, ",\"no_deadlock\":\"never\"");
}

static char *pinned(const struct scenario_file *f, const struct options *o, const char *variant,
                    const struct tally *t, const struct strbuf *order, bool hangs, struct err *err)
{
    struct json root = json_root(f->doc), variants;
    bool has_variants = json_get(&root, "variants", &variants);
    struct json_doc *doc = has_variants ? json_patched(f->doc, "variants", variant) : NULL;
    struct strbuf patch = STRBUF_INIT;
    char *name = base_name(o->out ? o->out : "pinned.json"), *text;

    if (doc)
        root = json_root(doc);
    strbuf_adds(&patch, "{\"name\":");
    strbuf_json(&patch, name);
    strbuf_printf(&patch, ",\"order\":%s,\"expect\":{", order->s);
    add_expected(t, hangs, &patch);
    strbuf_adds(&patch, "}}");
    text = patched(&root, "{\"variants\":null,\"expect\":null,\"order\":null}", patch.s, err);
    json_free(doc);
    free(name);
    strbuf_release(&patch);
    return text;
}

static void write_out(const char *text, struct outfile *out, struct err *err)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_printf(&sb, "%s\n", text);
    if (out->name)
        outfile_end(out, &sb, err);
    else
        fputs(sb.s, stdout);
    strbuf_release(&sb);
}

static void pin_one(struct session *session, const struct scenario_file *f, struct scenario *sc,
                    const struct options *o, struct outfile *out, struct err *err)
{
    struct search_options so = search_options_of(o);
    struct strbuf order = STRBUF_INIT;
    const struct tally *t = NULL;
    bool hangs = false;
    struct search *s;

    so.progress = NULL;
    s = session_search(session, sc, &so, err);
    if (s)
        t = find_property(s, o->property, err);
    if (t && search_run(s, err) == OK && !t->witness[0].any)
        err_set(err, ERR_INPUT, "%s, %s: \"%s\" is broken in no order that was tried", sc->file,
                sc->variant, t->name);
    if (t && err->code == OK && pin_order(s, t, &order, &hangs, err) == OK) {
        char *text = pinned(f, o, sc->variant, t, &order, hangs, err);

        if (text)
            write_out(text, out, err);
        free(text);
    }
    strbuf_release(&order);
    session_done(session, s);
}

/* --out is begun before the search, so that what cannot be written is known at once. */
static enum err_code pin_into(const struct scenario_file *f, struct scenario *sc,
                              const struct options *o, struct err *err)
{
    struct used_files used = {0};
    struct outfile out = {0};
    struct session session;

    used_files_add(&used, o->files[0]);
    if (!o->out || outfile_begin(&out, o->out, &used, err) == OK) {
        session_init(&session, &o->where, false);
        pin_one(&session, f, sc, o, &out, err);
        session_release(&session);
    }
    outfile_drop(&out);
    used_files_release(&used);
    return err->code;
}

static int pin(const struct options *o)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(o->files[0], &err);
    struct scenario *sc = NULL;
    int variant = 0;

    if (f && !o->property)
        err_set(&err, ERR_INPUT, "pin: say with --property what is broken");
    else if (f && o->variant)
        variant = scenario_variant_index(f, o->variant, &err);
    else if (f && f->variant_count > 1)
        err_set(&err, ERR_INPUT, "%s has %d variants: say which with --variant (%s, …)", f->path,
                f->variant_count, f->variants[0]);
    if (f && err.code == OK)
        sc = scenario_variant(f, variant, &err);
    if (sc && check_allowed(o, sc, &err) == OK && apply_order(sc, o, &err) == OK)
        pin_into(f, sc, o, &err);
    scenario_free(sc);
    scenario_file_free(f);
    return err.code == OK ? EXIT_AS_EXPECTED : fail(&err);
}

const struct command cmd_pin = {
    .name = "pin",
    .run = pin,
    .line = "make a scenario of a race that was found, whose order shows it",
    .usage = "FILE",
    .example = "fsrace pin scenarios/dup-create.json --variant naive --property one_creator --out "
               "race.json",
    .options = OPT_VARIANT | OPT_PROPERTY | OPT_OUT | OPT_ORDER | OPT_RUNS | OPT_SEED | OPT_BUDGET |
               OPT_DIR | OPT_BACKEND | OPT_ALLOW_RUN,
    .min_files = 1,
    .max_files = 1};
