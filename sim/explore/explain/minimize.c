#include "sim/explore/explain/minimize.h"
#include "base/json.h"
#include "sim/explore/explain/export.h"
#include "sim/explore/strategy/strategies.h"
#include <assert.h>
#include <stdlib.h>

/* The list without one element (left_out < 0: with all). */
static void print_list(const struct json *list, int left_out, struct strbuf *out)
{
    const char *between = "";

    strbuf_addc(out, '[');
    for (struct json it = {0}; json_next(list, &it);) {
        char *step;

        if (it.index == left_out)
            continue;
        step = json_print(&it);
        strbuf_printf(out, "%s%s", between, step);
        between = ",";
        free(step);
    }
    strbuf_addc(out, ']');
}

/* Is the property broken if this list is run, and the rest in the fixed order? And is somebody left waiting then? */
static bool breaks(struct search *s, const struct tally *t, const char *list, bool *hangs,
                   struct err *err)
{
    struct script_chooser script;
    struct err cannot = ERR_INIT; /* it cannot be followed: then not */
    bool broken = false;

    if (scenario_order(s->scenario, "pin", list, err) != OK)
        return false;
    script_init(&script, s->scenario, NULL);
    if (cluster_run(s->cluster, &script.chooser, &cannot) == OK)
        broken = !search_judge(s, t, NULL);
    if (broken)
        *hangs = s->cluster->end == END_DEADLOCK;
    script_release(&script);
    search_reset(s, err);
    return broken;
}

/* Leaves out one step; false: none can be spared. */
static bool shorten_list(struct search *s, const struct tally *t, struct strbuf *list, bool *hangs,
                         struct err *err)
{
    struct json_doc *doc = json_parse("pin", list->s, list->len, err);
    struct strbuf shorter = STRBUF_INIT;
    bool spared = false;
    struct json root;

    if (!doc)
        return false;
    root = json_root(doc);
    for (int i = json_len(&root) - 1; i >= 0 && !spared && err->code == OK; i--) {
        strbuf_clear(&shorter);
        print_list(&root, i, &shorter);
        spared = breaks(s, t, shorter.s, hangs, err);
    }
    if (spared) {
        strbuf_clear(list);
        strbuf_add(list, shorter.s, shorter.len);
    }
    json_free(doc);
    strbuf_release(&shorter);
    return spared;
}

static void add_else(const struct strbuf *list, struct strbuf *out)
{
    strbuf_add(out, list->s, list->len - 1);
    strbuf_adds(out, list->len > 2 ? ",{\"else\":\"all\"}]" : "{\"else\":\"all\"}]");
}

enum err_code pin_order(struct search *s, const struct tally *t, struct strbuf *out, bool *hangs,
                        struct err *err)
{
    assert(s);
    assert(t);
    assert(out);
    assert(hangs);

    struct strbuf list = STRBUF_INIT;
    struct recording r;

    if (record_schedule(s, &t->witness[0], &r, err) == OK)
        record_as_order(s, &r, &list, err);
    recording_release(&r);
    if (err->code == OK && !breaks(s, t, list.s, hangs, err) && err->code == OK)
        err_set(err, ERR_DIVERGE, "the order that broke \"%s\" does so no more", t->name);
    while (err->code == OK && shorten_list(s, t, &list, hangs, err))
        ;
    if (err->code == OK)
        add_else(&list, out);
    strbuf_release(&list);
    return err->code;
}
