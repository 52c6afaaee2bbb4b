/* fsrace new: a small scenario to begin with. */
#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* %s: the name. A race and its cure, so that both verdicts are seen at the first run. */
static const char template[] =
    "{\n"
    "  \"fsrace\": 1,\n"
    "  \"name\": \"%s\",\n"
    "  \"title\": \"Two programs want one lock file\",\n"
    "  \"doc\": \"What the race is, and what cures it. An actor is a program: its steps are in "
    "work, and \\\"as\\\" keeps what a step said in a register, A.there. Each variant is a patch "
    "on the rest of the file.\",\n"
    "  \"cluster\": {\n"
    "    \"store\": {\"semantics\": \"posix\"},\n"
    "    \"nodes\": { \"A\": {\"role\": \"actor\"}, \"B\": {\"role\": \"actor\"} }\n"
    "  },\n"
    "  \"work\": {\n"
    "    \"A\": [ {\"stat\": \"lock\", \"as\": \"there\"},\n"
    "           {\"when\": {\"A.there\": \"ENOENT\"}, \"write\": \"lock\", \"data\": \"A\", "
    "\"as\": \"got\"} ],\n"
    "    \"B\": [ {\"stat\": \"lock\", \"as\": \"there\"},\n"
    "           {\"when\": {\"B.there\": \"ENOENT\"}, \"write\": \"lock\", \"data\": \"B\", "
    "\"as\": \"got\"} ]\n"
    "  },\n"
    "  \"properties\": {\n"
    "    \"one_owner\": {\"finally\": {\"exactly\": 1, \"of\": [ {\"A.got\": \"ok\"}, {\"B.got\": "
    "\"ok\"} ]}}\n"
    "  },\n"
    "  \"expect\": { \"one_owner\": \"sometimes\" },\n"
    "  \"variants\": {\n"
    "    \"look-then-write\": {},\n"
    "    \"o-excl\": {\n"
    "      \"work\": { \"A\": [ {\"create_excl\": \"lock\", \"data\": \"A\", \"as\": \"got\"} ],\n"
    "                \"B\": [ {\"create_excl\": \"lock\", \"data\": \"B\", \"as\": \"got\"} ] },\n"
    "      \"expect\": { \"one_owner\": \"always\" }\n"
    "    }\n"
    "  }\n"
    "}\n";

/* "races/mine.json" and "races/mine" both make races/mine.json, and are called mine. */
static char *path_of(const char *arg)
{
    struct strbuf path = STRBUF_INIT;
    size_t len = strlen(arg);

    strbuf_adds(&path, arg);
    if (len < 5 || strcmp(arg + len - 5, ".json") != 0)
        strbuf_adds(&path, ".json");
    return strbuf_take(&path);
}

static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = mem_strdup(slash ? slash + 1 : path);

    name[strlen(name) - 5] = '\0';
    return name;
}

/* The loader says whether the name is one. */
static enum err_code check(const char *path, const struct strbuf *text, struct err *err)
{
    struct scenario_file *f = scenario_read(path, text->s, text->len, err);
    struct scenario *s = f ? scenario_variant(f, 0, err) : NULL;

    scenario_free(s);
    scenario_file_free(f);
    return err->code;
}

static int run(const struct options *o)
{
    struct err err = ERR_INIT;
    struct strbuf text = STRBUF_INIT, word = STRBUF_INIT;
    char *path = path_of(o->files[0]), *name = name_of(path);

    strbuf_printf(&text, template, name);
    if (check(path, &text, &err) == OK && write_new(path, &text, &err) == OK) {
        strbuf_shell(&word, program_invocation_name);
        strbuf_adds(&word, " run ");
        strbuf_shell(&word, path);
        printf("%s is a scenario. Next: %s --witness\n", path, word.s);
    }
    strbuf_release(&word);
    strbuf_release(&text);
    free(name);
    free(path);
    return err.code == OK ? EXIT_AS_EXPECTED : fail(&err);
}

const struct command cmd_new = {.name = "new",
                                .run = run,
                                .line = "write a small scenario to begin with",
                                .usage = "NAME",
                                .example = "fsrace new races/my-lock",
                                .min_files = 1,
                                .max_files = 1};
