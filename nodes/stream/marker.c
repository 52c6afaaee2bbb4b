#include "nodes/stream/marker.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "fsstore/store/object.h"
#include "nodes/stream/layout.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How often a claim may be lost to another that is dead again by the time we look. */
#define MARKER_TRIES 8

#define MARKER_DIGITS 9 /* of a fencing number: fits an int */
#define UNTIL_ENDED   INT64_C(-1)

static void copy(char *out, const char *s)
{
    memcpy(out, s, strlen(s) + 1);
}

static bool fits(const char *s)
{
    return strlen(s) < sizeof((struct marker *)0)->owner;
}

/* --- what is in a marker ------------------------------------------------------------------------
 */

static const char *encode(struct store *s, const struct marker *m, size_t *len)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "{\"owner\": ");
    strbuf_json(&sb, m->owner);
    strbuf_adds(&sb, ", \"incarnation\": ");
    strbuf_json(&sb, m->incarnation);
    strbuf_printf(&sb, ", \"fence\": %d, \"until_ms\": %lld, \"done\": %s}\n", m->fence,
                  (long long)m->until_ms, m->done ? "true" : "false");
    *len = sb.len;
    const char *text = arena_memdup(s->arena, sb.s, sb.len);
    strbuf_release(&sb);
    return text;
}

static bool member_string(const struct json *root, const char *key, const char **out)
{
    struct json j;
    return json_get(root, key, &j) && json_string(&j, out, NULL) == OK && fits(*out);
}

/* m keeps its name and fence, and is as of an empty marker if the text is not what encode() writes.
 */
void marker_parse(const char *text, size_t len, struct marker *m)
{
    assert(text);
    assert(m);

    struct json_doc *doc = len > 0 ? json_parse("marker", text, len, NULL) : NULL;
    if (!doc)
        return;
    struct json root = json_root(doc), until, done;
    const char *owner, *incarnation;
    int64_t until_ms;
    bool is_done;
    if (json_kind(&root) == JSON_OBJECT && member_string(&root, "owner", &owner) &&
        member_string(&root, "incarnation", &incarnation) && json_get(&root, "until_ms", &until) &&
        json_int(&until, -JSON_MAX_INT, JSON_MAX_INT, &until_ms, NULL) == OK &&
        json_get(&root, "done", &done) && json_bool(&done, &is_done, NULL) == OK) {
        copy(m->owner, owner);
        copy(m->incarnation, incarnation);
        m->until_ms = until_ms;
        m->done = is_done;
    }
    json_free(doc);
}

/* --- which one stands ---------------------------------------------------------------------------
 */

/* The number in "NAME.number", else 0. */
static int number_of(const char *file, const char *name)
{
    size_t len = strlen(name);
    if (strncmp(file, name, len) != 0 || file[len] != '.')
        return 0;
    const char *digits = file + len + 1;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > MARKER_DIGITS || digits[n] || digits[0] == '0')
        return 0;
    return (int)strtol(digits, NULL, 10);
}

/* One step. The highest number on the name, 0 if there is none, or a negative errno. */
static int highest(struct store *s, const char *name)
{
    struct port_names names;
    int rc = object_list(s, LAYOUT_MARKERS, &names), top = 0;
    if (rc)
        return rc;
    for (int i = 0; i < names.count; i++) {
        int n = number_of(names.v[i].name, name);
        if (n > top)
            top = n;
    }
    return top;
}

static int read_number(struct store *s, const char *name, int fence, struct marker *m)
{
    char *text = NULL;
    size_t len = 0;
    int rc = object_get(s, layout_marker(s->arena, name, fence), &text, &len);
    if (rc)
        return rc;
    struct marker found = {.name = name, .fence = fence};
    marker_parse(text, len, &found);
    *m = found;
    return 0;
}

int marker_read(struct store *s, const char *name, struct marker *m)
{
    assert(s);
    assert(name);
    assert(m);

    int top = highest(s, name);
    if (top <= 0)
        return top < 0 ? top : -ENOENT;
    return read_number(s, name, top, m);
}

int marker_holds(struct store *s, const struct marker *m)
{
    assert(s);
    assert(m);
    assert(m->fence > 0);

    int top = highest(s, m->name);
    if (top < 0)
        return top;
    return top == m->fence ? 0 : -ESTALE;
}

/* --- claiming -----------------------------------------------------------------------------------
 */

/* `dead` is the number of an empty marker that was watched for long enough, or 0. */
static bool is_stale(const struct marker *m, int64_t now_ms, int dead)
{
    if (m->owner[0] == '\0')
        return m->fence == dead;
    return !m->done && m->until_ms < now_ms;
}

/* The O_EXCL: 0 for one contender only, -EEXIST for the others. */
static int make(struct store *s, const struct marker *m)
{
    size_t len;
    const char *text = encode(s, m, &len);
    return object_put_if_absent(s, layout_marker(s->arena, m->name, m->fence), text, len);
}

/* `want` is ours but for its number. Markers are never removed, so whoever makes number 1 is the
 * first of all, and need not look. */
static int claim(struct store *s, struct marker *want, int64_t now_ms, int dead, struct marker *m)
{
    struct marker top = {0};
    int rc;

    want->fence = 1;
    rc = make(s, want);
    if (rc == 0)
        *m = *want;
    if (rc != -EEXIST)
        return rc;
    for (int i = 0; i < MARKER_TRIES; i++) {
        rc = marker_read(s, want->name, &top);
        if (rc < 0 && rc != -ENOENT)
            return rc;
        if (rc == 0 && !is_stale(&top, now_ms, dead))
            break;
        want->fence = rc == 0 ? top.fence + 1 : 1;
        rc = make(s, want);
        if (rc == 0)
            *m = *want;
        if (rc != -EEXIST)
            return rc;
    }
    *m = top;
    return -EEXIST;
}

static int claim_as(struct store *s, const char *name, const char *owner, const char *incarnation,
                    int64_t now_ms, int64_t lease_ms, int dead, struct marker *m)
{
    assert(owner[0] && lease_ms >= 0);
    if (!fits(owner) || !fits(incarnation))
        return -ENAMETOOLONG;
    struct marker want = {.name = name, .until_ms = now_ms + lease_ms};
    copy(want.owner, owner);
    copy(want.incarnation, incarnation);
    return claim(s, &want, now_ms, dead, m);
}

int marker_claim(struct store *s, const char *name, const char *owner, const char *incarnation,
                 int64_t now_ms, int64_t lease_ms, struct marker *m)
{
    assert(s);
    assert(name);
    assert(owner);
    assert(incarnation);
    assert(m);
    return claim_as(s, name, owner, incarnation, now_ms, lease_ms, 0, m);
}

int marker_supersede(struct store *s, const struct marker *seen, const char *owner,
                     const char *incarnation, int64_t now_ms, int64_t lease_ms, struct marker *m)
{
    assert(s);
    assert(seen);
    assert(owner);
    assert(incarnation);
    assert(m);
    assert(lease_ms >= 0);
    assert(seen->fence > 0);
    return claim_as(s, seen->name, owner, incarnation, now_ms, lease_ms, seen->fence, m);
}

static int rewrite(struct store *s, const struct marker *m)
{
    size_t len;
    const char *text = encode(s, m, &len);
    return object_put(s, layout_marker(s->arena, m->name, m->fence), text, len);
}

int marker_done(struct store *s, struct marker *m)
{
    assert(s);
    assert(m);
    assert(m->fence > 0);

    struct marker done = *m;
    done.done = true;
    int rc = rewrite(s, &done);
    if (rc == 0)
        m->done = true;
    return rc;
}

int marker_release(struct store *s, const struct marker *m)
{
    assert(s);
    assert(m);
    assert(m->fence > 0);

    struct marker ended = *m;
    ended.until_ms = UNTIL_ENDED;
    ended.done = false;
    return rewrite(s, &ended);
}
