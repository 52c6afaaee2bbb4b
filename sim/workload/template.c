#include "sim/workload/template.h"
#include <assert.h>
#include <string.h>

static const char *find(const char *const registers[], const char *name)
{
    for (int i = 0; registers && registers[i]; i++)
        if (strcmp(registers[i], name) == 0)
            return registers[i];
    return NULL;
}

const char *template_self(const char *name, const char *self, struct arena *arena)
{
    assert(name);
    assert(arena);
    return self && strncmp(name, "self.", 5) == 0 ? arena_printf(arena, "%s.%s", self, name + 5)
                                                  : name;
}

/* How many bytes of the text are no register. */
static size_t plain_part(const char *text)
{
    const char *at = text;

    while (*at && !(at[0] == '$' && at[1] == '{'))
        at += at[0] == '$' && at[1] == '$' ? 2 : 1;
    return (size_t)(at - text);
}

static const char *undo_dollars(const char *text, size_t len, struct arena *arena)
{
    char *out = arena_memdup(arena, text, len), *to = out;

    for (size_t i = 0; i < len; i++) {
        *to++ = text[i];
        i += text[i] == '$' && i + 1 < len && text[i + 1] == '$';
    }
    *to = '\0';
    return out;
}

/* false: there is no such register. */
static bool parse_register(const char *name, const char *const registers[], const char *self,
                           struct arena *arena, struct template_part *out)
{
    bool is_self = self && strcmp(name, "self") == 0;

    out->text = is_self ? self : find(registers, template_self(name, self, arena));
    out->reg = !is_self;
    return out->text != NULL;
}

static void look_if_plain(struct template *t, struct arena *arena)
{
    const char *all = "";

    for (int i = 0; i < t->count; i++) {
        if (t->v[i].reg)
            return;
        all = t->count == 1 ? t->v[i].text : arena_printf(arena, "%s%s", all, t->v[i].text);
    }
    t->plain = all;
}

struct template *template_parse(const char *text, const char *const registers[], const char *self,
                                struct arena *arena, const char **wrong)
{
    assert(text);
    assert(arena);
    assert(wrong);

    struct template *t = arena_alloc(arena, sizeof *t);

    t->v = arena_alloc(arena, sizeof *t->v * (strlen(text) + 1));
    while (*text) {
        size_t len = plain_part(text);
        const char *end;

        if (len > 0)
            t->v[t->count++].text = undo_dollars(text, len, arena);
        text += len;
        if (!*text)
            break;
        end = strchr(text, '}');
        *wrong = end ? arena_memdup(arena, text + 2, (size_t)(end - text - 2)) : text + 2;
        if (!end || !parse_register(*wrong, registers, self, arena, &t->v[t->count++]))
            return NULL;
        text = end + 1;
    }
    look_if_plain(t, arena);
    return t;
}

const char *template_expand(const struct template *t,
                            const char *(*value)(void *ctx, const char *reg), void *ctx,
                            struct arena *arena)
{
    assert(t);
    assert(value);
    assert(arena);

    const char **texts = arena_alloc(arena, sizeof *texts * (size_t)(t->count + 1));
    size_t len = 0;
    char *out, *to;

    for (int i = 0; i < t->count; i++) {
        texts[i] = t->v[i].reg ? value(ctx, t->v[i].text) : t->v[i].text;
        texts[i] = texts[i] ? texts[i] : "";
        len += strlen(texts[i]);
    }
    if (len > TEMPLATE_MAX)
        return NULL;
    out = to = arena_alloc(arena, len + 1);
    for (int i = 0; i < t->count; i++) {
        memcpy(to, texts[i], strlen(texts[i]));
        to += strlen(texts[i]);
    }
    return out;
}
