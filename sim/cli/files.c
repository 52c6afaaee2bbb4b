/* From arguments to scenario files, from tables to stdout; and how an error ends the program. */
#include "base/mem.h"
#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tell_line(const char *fmt, ...)
{
    struct strbuf line = STRBUF_INIT, visible = STRBUF_INIT;
    va_list ap;

    assert(fmt);
    va_start(ap, fmt);
    strbuf_vprintf(&line, fmt, ap);
    va_end(ap);
    strbuf_visible(&visible, line.s);
    puts(visible.s);
    strbuf_release(&visible);
    strbuf_release(&line);
}

int fail(const struct err *err)
{
    switch (err->code) {
    case ERR_DIVERGE:
        fprintf(stderr, "fsrace: %s\n", err->story);
        return EXIT_DIVERGED;
    case ERR_STOP:
        return EXIT_UNDECIDED; /* the signal's number replaces it */
    default:
        fprintf(stderr, "fsrace: %s\n", err->story);
        return EXIT_BAD_INPUT;
    }
}

static int is_scenario(const struct dirent *d)
{
    size_t len = strlen(d->d_name);

    return len > 5 && d->d_name[0] != '.' && strcmp(d->d_name + len - 5, ".json") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add(char ***out, int *count, const char *dir, const char *name)
{
    struct strbuf sb = STRBUF_INIT;
    size_t len = strlen(dir);

    strbuf_adds(&sb, dir);
    if (name)
        strbuf_printf(&sb, "%s%s", len && dir[len - 1] == '/' ? "" : "/", name);
    *out = mem_grow(*out, (size_t)*count + 1, sizeof **out);
    (*out)[(*count)++] = strbuf_take(&sb);
}

/* JSON that is something else. What cannot be read is not, and an error when it is loaded. */
static bool is_foreign(const char *path)
{
    struct json_doc *doc = json_load(path, NULL);
    struct json root, at;
    bool foreign = false;

    if (doc) {
        root = json_root(doc);
        foreign = json_kind(&root) != JSON_OBJECT || !json_get(&root, "fsrace", &at);
    }
    json_free(doc);
    return foreign;
}

/* The last one that was added, if it is no scenario; of a directory, not of those that are named. */
static void pass_over_foreign(char **files, int *count)
{
    struct strbuf visible = STRBUF_INIT;
    char *path = files[*count - 1];

    if (is_foreign(path)) {
        strbuf_visible(&visible, path);
        fprintf(stderr, "fsrace: %s is no scenario (it has no \"fsrace\"), and passed over\n",
                visible.s);
        free(path);
        --*count;
    }
    strbuf_release(&visible);
}

static enum err_code add_directory(char ***out, int *count, const char *dir, struct err *err)
{
    struct dirent **entries;
    int before = *count;
    int n = scandir(dir, &entries, is_scenario, by_bytes);

    if (n < 0)
        return err_set(err, ERR_IO, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < n; i++) {
        add(out, count, dir, entries[i]->d_name);
        pass_over_foreign(*out, count);
        free(entries[i]);
    }
    free(entries);
    return *count > before
               ? OK
               : err_set(err, ERR_INPUT, "%s: no scenarios (*.json) in this directory", dir);
}

enum err_code find_files(const struct options *o, char ***out, int *count, struct err *err)
{
    *out = NULL;
    *count = 0;
    for (int i = 0; i < o->file_count; i++) {
        struct stat st;

        if (stat(o->files[i], &st) != 0)
            return err_set(err, ERR_INPUT, "%s: %s", o->files[i], strerror(errno));
        if (!S_ISDIR(st.st_mode))
            add(out, count, o->files[i], NULL);
        else if (add_directory(out, count, o->files[i], err) != OK)
            return err->code;
    }
    return OK;
}

enum err_code can_write_new(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? mem_strdup(path) : mem_strdup(".");
    struct stat st;

    if (slash)
        dir[slash == path ? 1 : slash - path] = '\0';
    if (lstat(path, &st) == 0)
        err_set(err, ERR_INPUT, "%s is there already, and stays as it is", path);
    else if (access(dir, W_OK | X_OK) != 0)
        err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
    free(dir);
    return err->code;
}

enum err_code write_new(const char *path, const struct strbuf *text, struct err *err)
{
    FILE *f = fopen(path, "wx");
    bool written = f && fwrite(text->s, 1, text->len, f) == text->len;

    if (f && fclose(f) != 0)
        written = false;
    if (written)
        return OK;
    if (errno == EEXIST)
        return err_set(err, ERR_INPUT, "%s is there already, and stays as it is", path);
    err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
    if (f)
        remove(path);
    return err->code;
}

enum err_code check_strict(const struct options *o, const struct scenario *s, struct err *err)
{
    if (!o->strict || s->expect_count)
        return OK;
    return err_set(err, ERR_INPUT, "%s, %s: nothing is expected (--strict)", s->file, s->variant);
}

enum err_code check_allowed(const struct options *o, struct scenario *s, struct err *err)
{
    struct strbuf programs = STRBUF_INIT;
    bool any = scenario_programs(s, &programs);

    s->uncontained = o->uncontained;
    if (any && !o->allow_run) {
        struct strbuf file = STRBUF_INIT;

        strbuf_visible(&file, s->file);
        fprintf(stderr, "fsrace: %s would run on this machine:\n%s", file.s, programs.s);
        strbuf_release(&file);
        err_set(err, ERR_INPUT, "%s: nothing was run; if all that is meant, --allow-run", s->file);
    }
    strbuf_release(&programs);
    return err->code;
}

void table_list(const struct table *t, enum table_format format, int before)
{
    struct strbuf out = STRBUF_INIT;

    table_print(t, format, &out);
    if (format == TABLE_JSON)
        printf("%s%s", before ? ",\n " : "[", out.s);
    else
        printf("%s%s", before ? "\n" : "", out.s);
    fflush(stdout);
    strbuf_release(&out);
}

void tables_end(enum table_format format, int count)
{
    if (format == TABLE_JSON && count)
        puts("]");
}

struct scenario *load_one(const struct options *o, struct err *err)
{
    struct scenario_file *f = scenario_load(o->files[0], err);
    struct scenario *sc = NULL;
    int variant = 0;

    if (f && o->variant)
        variant = scenario_variant_index(f, o->variant, err);
    else if (f && f->variant_count > 1)
        err_set(err, ERR_INPUT, "%s has %d variants: say which with --variant (%s, …)", f->path,
                f->variant_count, f->variants[0]);
    if (err->code == OK)
        sc = scenario_variant(f, variant, err);
    scenario_file_free(f);
    if (!sc || check_allowed(o, sc, err) == OK)
        return sc;
    scenario_free(sc);
    return NULL;
}
