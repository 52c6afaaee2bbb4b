#include "base/err.h"
#include "base/strbuf.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A story that fills its buffer was cut, maybe in the middle of a character: drop what is left of
 * that. */
static void trim(char *story)
{
    size_t len = strlen(story), start = len;

    if (len < ERR_STORY_MAX - 1)
        return;
    while (start > 0 && ((unsigned char)story[start - 1] & 0xc0) == 0x80)
        start--;
    if (start > 0 && utf8_len(story + start - 1, len - (start - 1)) != len - (start - 1) &&
        ((unsigned char)story[start - 1] & 0x80))
        story[start - 1] = '\0';
}

/* Texts from outside are in it: names, paths, what a file says. What a terminal or a CI's log would
 * obey is written out. */
static void keep_visible(char *story)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_visible(&sb, story);
    snprintf(story, ERR_STORY_MAX, "%s", sb.s);
    strbuf_release(&sb);
}

enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    assert(fmt);
    assert(code != OK);
    /* Not straight into err->story: it may be among the arguments. */
    char story[ERR_STORY_MAX];
    va_list ap;

    if (!err)
        return code;
    va_start(ap, fmt);
    vsnprintf(story, sizeof(story), fmt, ap);
    va_end(ap);
    trim(story);
    if (!text_is_visible(
            story)) { /* memory is asked for only then: that there is none may be the story */
        keep_visible(story);
        trim(story);
    }
    err->code = code;
    memcpy(err->story, story, strlen(story) + 1);
    return code;
}

enum err_code err_wrap(struct err *err, const char *fmt, ...)
{
    assert(fmt);
    assert(!err || err->code != OK);

    char front[ERR_STORY_MAX];
    va_list ap;

    if (!err)
        return ERR_IO; /* nobody kept the code, but a failure it is */
    va_start(ap, fmt);
    vsnprintf(front, sizeof(front), fmt, ap);
    va_end(ap);
    return err_set(err, err->code, "%s: %s", front, err->story);
}

const char *errno_name(int neg_errno)
{
    const char *name = NULL;

    if (neg_errno == 0)
        return "ok";
    if (neg_errno < 0 && neg_errno >= -4095) /* the kernel's range */
        name = strerrorname_np(-neg_errno);
    return name ? name : "E?";
}
