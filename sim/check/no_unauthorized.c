/*
 * no_unauthorized: no stream is made for a message that bears another token than the node that made
 * it has in its configuration. A record names the message that it was made for; one that was made
 * for a client of the node itself names none.
 */
#include "fsstore/store/object.h"
#include "nodes/role/config.h"
#include "nodes/stream/layout.h"
#include "sim/check/check.h"
#include "sim/check/final_store.h"
#include "sim/engine/cluster.h"
#include <assert.h>
#include <string.h>

static const struct history_asked *message_of(const struct history *h, const struct record *r)
{
    for (int i = 0; r->request && i < h->asked_count; i++)
        if (h->asked[i].id == r->request && strcmp(h->asked[i].to, r->owner) == 0)
            return &h->asked[i];
    return NULL;
}

/* What the deployment's file says counts instead of the node's own (nodes/role/deployment.h). */
static bool token_of(struct cluster *c, const char *node, struct config *out)
{
    const struct scenario *s = c->scenario;
    const char *path =
        s->settings.deployment.kept ? LAYOUT_DEPLOYMENT : layout_config(&c->arena, node);
    struct store store;
    char *text;
    size_t len;

    check_store(c, &store);
    return object_get(&store, path, &text, &len) == 0 &&
           config_parse(&c->arena, path, text, CONFIG_VERSION_MAX, NULL, out, NULL) == OK;
}

bool check_no_unauthorized(struct cluster *c, struct strbuf *why)
{
    assert(c);

    const struct history *h = &c->history;

    for (int i = 0; i < h->creation_count; i++) {
        const struct record *r = &h->creations[i].record;
        const struct history_asked *m = message_of(h, r);
        struct config config;

        if (!m || !token_of(c, r->owner, &config) || strcmp(m->token, config.token) == 0)
            continue;
        if (why)
            strbuf_printf(why, "%s made %s for a message of %s, whose token is wrong: \"%s\"",
                          r->owner, r->stream, m->from, m->token);
        return false;
    }
    return true;
}
