#include "sim/cli/short_words.h"
#include "base/json.h"
#include "base/mem.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *word; /* NULL: equal */
} comparisons[] = {{"!=", "ne"}, {"<=", "le"}, {">=", "ge"}, {"<", "lt"}, {">", "gt"}, {"=", NULL}};

#define COMPARISONS (sizeof comparisons / sizeof *comparisons)

static const char *trim(char *text)
{
    size_t len;

    while (isspace((unsigned char)*text))
        text++;
    for (len = strlen(text); len > 0 && isspace((unsigned char)text[len - 1]); len--)
        ;
    text[len] = '\0';
    return text;
}

/* A number, true or false as they are; all else is a text. */
static void add_value(const char *text, struct strbuf *out)
{
    struct json_doc *doc = json_parse("value", text, strlen(text), NULL);
    struct json root;
    bool plain = false;

    if (doc) {
        root = json_root(doc);
        plain = json_kind(&root) == JSON_NUMBER || json_kind(&root) == JSON_BOOL;
    }
    if (plain)
        strbuf_adds(out, text);
    else
        strbuf_json(out, text);
    json_free(doc);
}

static void add_equal(const char *ref, const char *value, bool line, struct strbuf *out)
{
    struct strbuf text = STRBUF_INIT;

    strbuf_addc(out, '{');
    strbuf_json(out, ref);
    strbuf_adds(out, ": ");
    strbuf_printf(&text, "%s\n", value);
    if (line)
        strbuf_json(out, text.s);
    else
        add_value(value, out);
    strbuf_addc(out, '}');
    strbuf_release(&text);
}

/* A text that a shell wrote ends its line, and nobody types that. */
static bool may_end_a_line(const char *ref)
{
    const char *dot = strrchr(ref, '.');

    return strncmp(ref, "content:", 8) == 0 ||
           (!strchr(ref, ':') && dot &&
            (strcmp(dot, ".stdout") == 0 || strcmp(dot, ".stderr") == 0));
}

static void add_equal_or_line(const char *ref, const char *value, bool unequal, struct strbuf *out)
{
    bool line = may_end_a_line(ref);

    strbuf_adds(out, unequal ? "{\"not\": " : "");
    strbuf_adds(out, line ? "{\"any\": [" : "");
    add_equal(ref, value, false, out);
    if (line) {
        strbuf_adds(out, ", ");
        add_equal(ref, value, true, out);
        strbuf_adds(out, "]}");
    }
    strbuf_adds(out, unequal ? "}" : "");
}

static enum err_code add_compare(char *text, size_t at, size_t which, struct strbuf *out,
                                 struct err *err)
{
    const char *value = trim(text + at + strlen(comparisons[which].text));
    const char *word = comparisons[which].word;

    text[at] = '\0';
    if (!*trim(text))
        return err_set(err, ERR_INPUT, "nothing is compared with \"%s\"", value);
    if (!word || strcmp(word, "ne") == 0) {
        add_equal_or_line(trim(text), value, word != NULL, out);
        return OK;
    }
    strbuf_addc(out, '{');
    strbuf_json(out, trim(text));
    strbuf_printf(out, ": {\"%s\": ", word);
    add_value(value, out);
    strbuf_adds(out, "}}");
    return OK;
}

static enum err_code add_one(char *text, struct strbuf *out, struct err *err)
{
    const char *all = trim(text);

    if (!*all)
        return err_set(err, ERR_INPUT, "expected words like A.exit=0 or exists:PATH");
    for (size_t i = 0; text[i]; i++)
        for (size_t k = 0; k < COMPARISONS; k++)
            if (strncmp(text + i, comparisons[k].text, strlen(comparisons[k].text)) == 0)
                return add_compare(text, i, k, out, err);
    strbuf_addc(out, '{');
    strbuf_json(out, all);
    strbuf_adds(out, ": true}");
    return OK;
}

static enum err_code add_not(char *text, struct strbuf *out, struct err *err)
{
    while (isspace((unsigned char)*text))
        text++;
    if (strncmp(text, "not ", 4) != 0)
        return add_one(text, out, err);
    strbuf_adds(out, "{\"not\": ");
    if (add_not(text + 4, out, err) == OK)
        strbuf_addc(out, '}');
    return err->code;
}

typedef enum err_code part_fn(char *text, struct strbuf *out, struct err *err);

/* Parts with a word between them; one alone is just that. */
static enum err_code add_parts(char *text, const char *between, const char *name, part_fn *part,
                               struct strbuf *out, struct err *err)
{
    char *next = strstr(text, between);

    if (!next)
        return part(text, out, err);
    strbuf_printf(out, "{\"%s\": [", name);
    for (; next; next = strstr(text, between)) {
        *next = '\0';
        if (part(text, out, err) != OK)
            return err->code;
        strbuf_adds(out, ", ");
        text = next + strlen(between);
    }
    if (part(text, out, err) == OK)
        strbuf_adds(out, "]}");
    return err->code;
}

static enum err_code add_and(char *text, struct strbuf *out, struct err *err)
{
    return add_parts(text, " and ", "all", add_not, out, err);
}

enum err_code short_words_json(const char *text, struct strbuf *out, struct err *err)
{
    assert(text);
    assert(out);
    assert(err);

    char *copy = mem_strdup(text);
    enum err_code code = OK;

    if (*trim(copy) == '{')
        strbuf_adds(out, text);
    else
        code = add_parts(copy, " or ", "any", add_and, out, err);
    free(copy);
    return code;
}
