/* fsrace pin: a race that was found becomes a scenario of its own, whose order shows it. */
#include "base/json_pretty.h"
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

/* --- the scenario that is written --- */

struct pinned {
    const struct options *options;
    const struct scenario *scenario; /* that it is made of */
    const struct tally *tally;
    const struct strbuf *order;
    bool hangs; /* the order leaves somebody waiting */
};

/* The members of a file, as a person orders them. */
static const char *const members[] = {"$schema", "fsrace", "name",       "title",  "doc",
                                      "source",  "time",   "cluster",    "init",   "work",
                                      "order",   "faults", "properties", "expect", NULL};

static bool holds_always(const struct options *o)
{
    return o->expect && strcmp(o->expect, "always") == 0;
}

/* "A up to fs.create lock, then B to its end": the order in words. */
static void order_words(const struct strbuf *order, struct strbuf *out)
{
    struct json_doc *doc = json_parse("order", order->s, order->len, NULL);
    struct json root, run, at;

    assert(doc);
    root = json_root(doc);
    for (struct json it = {0}; json_next(&root, &it);) {
        if (!json_get(&it, "run", &run))
            continue;
        strbuf_printf(out, "%s%s ", it.index ? ", then " : "", json_str(&run));
        if (json_get(&it, "until", &at))
            strbuf_printf(out, "until it is about to do %s", json_str(&at));
        else if (json_get(&it, "through", &at))
            strbuf_printf(out, "through %s", json_str(&at));
        else
            strbuf_adds(out, "as far as it can go");
    }
    json_free(doc);
}

static void add_doc(const struct pinned *p, struct strbuf *out)
{
    const struct scenario *sc = p->scenario;
    struct strbuf doc = STRBUF_INIT, words = STRBUF_INIT;

    order_words(p->order, &words);
    strbuf_printf(&doc, "Pinned from %s, variant %s. ", sc->name, sc->variant);
    if (words.len)
        strbuf_printf(&doc, "First runs %s; the rest follows in the fixed order. ", words.s);
    else
        strbuf_adds(&doc, "It is the fixed order that does it. ");
    strbuf_printf(&doc, "That breaks %s. ", p->tally->name);
    strbuf_adds(&doc, holds_always(p->options)
                          ? "It is expected to hold: this fails until the race is mended."
                          : "As long as the race is there this passes; when it is mended, expect "
                            "\"always\".");
    strbuf_json(out, doc.s);
    strbuf_release(&words);
    strbuf_release(&doc);
}

static void add_title(const struct pinned *p, struct strbuf *out)
{
    const struct scenario *sc = p->scenario;
    struct strbuf title = STRBUF_INIT;

    strbuf_printf(&title, "%s: an order that breaks %s", sc->title ? sc->title : sc->name,
                  p->tally->name);
    strbuf_json(out, title.s);
    strbuf_release(&title);
}

/* That the order breaks the property; and if it leaves somebody waiting, whatever other orders do, that, too: a hang counts
 * where it is not named. */
static void add_expected(const struct pinned *p, struct strbuf *out)
{
    strbuf_addc(out, '{');
    strbuf_json(out, p->tally->name);
    strbuf_printf(out, ":\"%s\"", holds_always(p->options) ? "always" : "never");
    if (p->hangs && !holds_always(p->options) && strcmp(p->tally->name, "no_deadlock") != 0)
        strbuf_adds(out, ",\"no_deadlock\":\"never\"");
    strbuf_addc(out, '}');
}

/* What pin says itself of this member. */
static bool add_own(const struct pinned *p, const char *key, struct strbuf *out)
{
    char *name;

    if (strcmp(key, "name") == 0) {
        name = base_name(p->options->out ? p->options->out : "pinned.json");
        strbuf_json(out, name);
        free(name);
    } else if (strcmp(key, "title") == 0) {
        add_title(p, out);
    } else if (strcmp(key, "doc") == 0) {
        add_doc(p, out);
    } else if (strcmp(key, "order") == 0) {
        strbuf_adds(out, p->order->s);
    } else if (strcmp(key, "expect") == 0) {
        add_expected(p, out);
    } else {
        return false;
    }
    return true;
}

static void add_member(const struct pinned *p, const struct json *root, const char *key,
                       struct strbuf *out)
{
    struct strbuf value = STRBUF_INIT;
    struct json j;
    char *text;

    if (!add_own(p, key, &value) && json_get(root, key, &j)) {
        text = json_print(&j);
        strbuf_adds(&value, text);
        free(text);
    }
    if (value.len) {
        strbuf_addc(out, out->len ? ',' : '{');
        strbuf_json(out, key);
        strbuf_printf(out, ":%s", value.s);
    }
    strbuf_release(&value);
}

/* What only variants that are left out set, and this one names. */
static void add_unset(const struct pinned *p, struct strbuf *out)
{
    const struct scenario *sc = p->scenario;
    struct strbuf names = STRBUF_INIT, quoted = STRBUF_INIT;

    for (int i = sc->register_count; i < sc->registers_known; i++) {
        strbuf_clear(&quoted);
        strbuf_json(&quoted, sc->registers[i]);
        if (!strstr(out->s, quoted.s))
            continue;
        strbuf_adds(&names, names.len ? "," : "");
        strbuf_adds(&names, quoted.s);
    }
    if (names.len)
        strbuf_printf(out, ",\"registers\":[%s]", names.s);
    strbuf_release(&quoted);
    strbuf_release(&names);
}

static bool is_member(const char *key)
{
    for (int i = 0; members[i]; i++)
        if (strcmp(members[i], key) == 0)
            return true;
    return strcmp(key, "variants") == 0;
}

static void write_pinned(const struct pinned *p, const struct scenario_file *f, struct strbuf *out,
                         struct err *err)
{
    struct json root = json_root(f->doc), variants;
    bool has_variants = json_get(&root, "variants", &variants);
    struct json_doc *doc =
        has_variants ? json_patched(f->doc, "variants", p->scenario->variant) : NULL;
    struct strbuf text = STRBUF_INIT;
    struct json_doc *made;

    if (doc)
        root = json_root(doc);
    for (int i = 0; members[i]; i++)
        add_member(p, &root, members[i], &text);
    for (struct json it = {0}; json_next(&root, &it);)
        if (!is_member(it.key))
            add_member(p, &root, it.key, &text);
    add_unset(p, &text);
    strbuf_addc(&text, '}');
    made = json_parse("pinned", text.s, text.len, err);
    if (made) {
        root = json_root(made);
        json_pretty(&root, out);
    }
    json_free(made);
    json_free(doc);
    strbuf_release(&text);
}

static void pin_one(struct session *session, const struct scenario_file *f, struct scenario *sc,
                    const struct options *o, struct strbuf *out, struct err *err)
{
    struct search_options so = search_options_of(o);
    struct strbuf order = STRBUF_INIT;
    struct pinned p = {.options = o, .scenario = sc, .order = &order};
    const struct tally *t = NULL;
    struct search *s;

    so.progress = NULL;
    s = session_search(session, sc, &so, err);
    if (s)
        t = find_property(s, o->property, err);
    if (t && search_run(s, err) == OK && !t->witness[0].any)
        err_set(err, ERR_INPUT, "%s, %s: \"%s\" is broken in no order that was tried", sc->file,
                sc->variant, t->name);
    p.tally = t;
    if (t && err->code == OK && pin_order(s, t, &order, &p.hangs, err) == OK)
        write_pinned(&p, f, out, err);
    strbuf_release(&order);
    session_done(session, s);
}

/* What is there stays: known before the search, and looked at again when the file is made. */
static enum err_code pin_into(const struct scenario_file *f, struct scenario *sc,
                              const struct options *o, struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    struct session session;

    if (o->out && can_write_new(o->out, err) != OK)
        return err->code;
    session_init(&session, &o->where, false);
    pin_one(&session, f, sc, o, &text, err);
    session_release(&session);
    if (err->code == OK && o->out)
        write_new(o->out, &text, err);
    else if (err->code == OK)
        fputs(text.s, stdout);
    strbuf_release(&text);
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
    else if (f && o->expect && !holds_always(o) && strcmp(o->expect, "never") != 0)
        err_set(&err, ERR_INPUT, "--expect %s: expected always or never", o->expect);
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
    .options = OPT_VARIANT | OPT_PROPERTY | OPT_OUT | OPT_EXPECT | OPT_ORDER | OPT_RUNS | OPT_SEED |
               OPT_BUDGET | OPT_DIR | OPT_BACKEND | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1};
