/*
 * html: the page around the data. Its parts are the files in sim/report/page/, which are put into
 * the program when it is built.
 *
 * Names and contents come from scenarios and may be hostile. They are in the data only, which is
 * JSON in an element that no browser runs, with all that could end that element escaped; the page's
 * script makes text of them and never markup; and its policy lets nothing run but that script, told
 * by a number that depends on all the data, so that no data can contain it.
 */
#include "base/hash.h"
#include "sim/report/page/page.h"
#include <assert.h>
#include <string.h>

/* The text of a file, with a '\0' behind it. The assembler looks for it from where make runs. */
#define EMBED(name, file)                                                                          \
    extern const char name[];                                                                      \
    __asm__(".pushsection .rodata\n" #name ":\n"                                                   \
            ".incbin \"sim/report/page/" file "\"\n"                                               \
            ".byte 0\n"                                                                            \
            ".popsection\n")

EMBED(page_frame, "page.html");
EMBED(page_style, "page.css");
EMBED(page_model, "model.js");
EMBED(page_words, "words.js");
EMBED(page_diagram, "diagram.js");
EMBED(page_panels, "panels.js");
EMBED(page_player, "player.js");
EMBED(page_overview, "overview.js");
EMBED(page_outcomes, "outcomes.js");
EMBED(page_index, "index.js");
EMBED(page_start, "page.js");

static void add_escaped(const struct strbuf *data, struct strbuf *out)
{
    for (size_t i = 0; i < data->len; i++) {
        unsigned char c = (unsigned char)data->s[i];

        if (c == '<' || c == '>' || c == '&') {
            strbuf_printf(out, "\\u%04x", c);
        } else if (strncmp(data->s + i, "\xe2\x80\xa8", 3) == 0 ||
                   strncmp(data->s + i, "\xe2\x80\xa9", 3) == 0) { /* ends of lines in scripts */
            strbuf_printf(out, "\\u202%c", data->s[i + 2] == '\xa8' ? '8' : '9');
            i += 2;
        } else {
            strbuf_addc(out, (char)c);
        }
    }
}

static void add_part(const char *name, size_t len, const struct strbuf *data, struct strbuf *out)
{
    static const char *const script[] = {page_model,    page_words,  page_diagram,
                                         page_panels,   page_player, page_overview,
                                         page_outcomes, page_index,  page_start};

    if (strncmp(name, "DATA", len) == 0)
        add_escaped(data, out);
    else if (strncmp(name, "STYLE", len) == 0)
        strbuf_adds(out, page_style);
    else if (strncmp(name, "NONCE", len) == 0)
        strbuf_printf(out, "%016llx",
                      (unsigned long long)hash_mix(hash_bytes(HASH_INIT, data->s, data->len)));
    else
        for (size_t i = 0; i < sizeof script / sizeof *script; i++)
            strbuf_adds(out, script[i]);
}

void html_page(const struct strbuf *data, struct strbuf *out)
{
    assert(data);
    assert(out);
    for (const char *p = page_frame; *p;) {
        size_t len = strcspn(p, "@");
        const char *end;

        strbuf_add(out, p, len);
        p += len;
        if (!*p)
            break;
        end = strchr(p + 1, '@');
        add_part(p + 1, (size_t)(end - p - 1), data, out);
        p = end + 1;
    }
}
