#include "base/err.h"
#include "base/strbuf.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

static void test_set(void)
{
    struct err err = ERR_INIT;

    CU_ASSERT(err.code == OK);
    UNIT_STR(err.story, "");
    UNIT_INT(err_set(&err, ERR_IO, "rename: %s", "File exists"), ERR_IO);
    UNIT_INT(err.code, ERR_IO);
    UNIT_STR(err.story, "rename: File exists");
    UNIT_INT(err_set(NULL, ERR_INPUT, "nobody reads this"), ERR_INPUT);
}

static void test_wrap(void)
{
    struct err err = ERR_INIT;

    err_set(&err, ERR_DIVERGE, "inner");
    UNIT_INT(err_wrap(&err, "middle %d", 1), ERR_DIVERGE);
    UNIT_INT(err_wrap(&err, "outer"), ERR_DIVERGE);
    UNIT_STR(err.story, "outer: middle 1: inner");
    CU_ASSERT(err_wrap(NULL, "x") != OK);
}

/* The old story may be an argument of the new one. */
static void test_own_story(void)
{
    struct err err = ERR_INIT;

    err_set(&err, ERR_IO, "abc");
    err_set(&err, ERR_IO, "<%s%s>", err.story, err.story);
    UNIT_STR(err.story, "<abcabc>");
    err_wrap(&err, "%s", err.story);
    UNIT_STR(err.story, "<abcabc>: <abcabc>");
}

static void test_cut(void)
{
    struct err err = ERR_INIT;
    char text[2 * ERR_STORY_MAX];

    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    err_set(&err, ERR_IO, "%s", text);
    UNIT_INT((int64_t)strlen(err.story), ERR_STORY_MAX - 1);
    err_wrap(&err, "%s", "front");
    UNIT_INT((int64_t)strlen(err.story), ERR_STORY_MAX - 1);
    CU_ASSERT(strncmp(err.story, "front: xxx", 10) == 0);
}

/* A cut leaves no part of a character, at whichever of its bytes it comes. */
static void test_cut_character(void)
{
    struct err err = ERR_INIT;

    for (int before = 0; before < 4; before++) {
        struct strbuf text = STRBUF_INIT;
        strbuf_pad(&text, ERR_STORY_MAX - 1 - (size_t)before);
        strbuf_adds(&text, "\xf0\x9f\x98\x80!");
        err_set(&err, ERR_IO, "%s", text.s);
        UNIT_INT((int64_t)strlen(err.story), ERR_STORY_MAX - 1 - before);
        strbuf_release(&text);
    }
    err_set(&err, ERR_IO, "%*s\xc3\xa9", ERR_STORY_MAX - 3, "");
    UNIT_INT((int64_t)strlen(err.story), ERR_STORY_MAX - 1);
}

static void test_errno_name(void)
{
    UNIT_STR(errno_name(-EEXIST), "EEXIST");
    UNIT_STR(errno_name(-ENOENT), "ENOENT");
    UNIT_STR(errno_name(-EAGAIN), "EAGAIN");
    UNIT_STR(errno_name(-ENOTEMPTY), "ENOTEMPTY");
    UNIT_STR(errno_name(0), "ok");
    UNIT_STR(errno_name(-4000), "E?");
    UNIT_STR(errno_name(EEXIST), "E?");
    UNIT_STR(errno_name(INT_MIN), "E?");
}

void suite_err(void)
{
    static const struct unit_test tests[] = {
        {"set", test_set},
        {"wrap", test_wrap},
        {"own story", test_own_story},
        {"cut", test_cut},
        {"cut in a character", test_cut_character},
        {"errno names", test_errno_name},
    };
    unit_add("err", tests, UNIT_COUNT(tests));
}
