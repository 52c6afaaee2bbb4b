#include "sim/report/page/intern.h"
#include "base/hash.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Where the text is, or the empty slot where it goes. */
static int *slot(const struct words *w, const char *text)
{
    uint64_t i = hash_mix(hash_str(HASH_INIT, text));
    int *s;

    for (;; i++) {
        s = &w->slots[i & (uint64_t)(w->slot_count - 1)];
        if (*s == 0 || strcmp(w->v[*s - 1], text) == 0)
            return s;
    }
}

static void grow(struct words *w)
{
    w->cap = w->cap ? 2 * w->cap : 256;
    w->v = mem_grow(w->v, (size_t)w->cap, sizeof *w->v);
    free(w->slots);
    w->slot_count = 2 * w->cap;
    w->slots = mem_alloc(sizeof *w->slots * (size_t)w->slot_count);
    for (int i = 0; i < w->count; i++)
        *slot(w, w->v[i]) = i + 1;
}

int words_number(struct words *w, const char *text)
{
    assert(w);
    assert(text);

    int *s;

    if (w->count == w->cap)
        grow(w);
    s = slot(w, text);
    if (*s == 0) {
        w->v[w->count++] = mem_strdup(text);
        *s = w->count;
    }
    return *s - 1;
}

void words_json(const struct words *w, struct strbuf *out)
{
    assert(w);
    assert(out);
    strbuf_addc(out, '[');
    for (int i = 0; i < w->count; i++) {
        strbuf_adds(out, i ? "," : "");
        strbuf_json(out, w->v[i]);
    }
    strbuf_addc(out, ']');
}

void words_release(struct words *w)
{
    assert(w);
    for (int i = 0; i < w->count; i++)
        free(w->v[i]);
    free(w->v);
    free(w->slots);
    *w = (struct words){.count = 0};
}
