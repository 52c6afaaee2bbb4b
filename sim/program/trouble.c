/*
 * trouble: why a program cannot be run any further, or why what is seen of it may not be all.
 */
#include "sim/program/inner.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void tree_fail(struct tree *t, enum err_code code, const char *fmt, ...)
{
    char text[ERR_STORY_MAX];
    va_list ap;

    if (t->err.code != OK)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(&t->err, code, "%s", text);
}

void tree_doubts(struct tree *t, const char *why)
{
    if (!t->doubt)
        t->doubt = why;
}

const char *tree_doubt(const struct tree *t)
{
    assert(t);
    return t->doubt;
}
