#include "base/strbuf.h"
#include "sim/cli/cli.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- names --- */

static char *inside(const char *directory, const char *name)
{
    struct strbuf sb = STRBUF_INIT;
    size_t len = strlen(directory);

    strbuf_adds(&sb, directory);
    strbuf_printf(&sb, "%s%s", len && directory[len - 1] == '/' ? "" : "/", name);
    return strbuf_take(&sb);
}

static bool is_taken(const struct pages *p, const char *name)
{
    for (int i = 0; i < p->name_count; i++)
        if (strcmp(p->names[i], name) == 0)
            return true;
    return false;
}

/* "dup-create.html"; scenarios of one name, in several directories, get a number. */
static const char *new_name(struct pages *p, const char *scenario)
{
    struct strbuf sb = STRBUF_INIT;

    strbuf_printf(&sb, "%s.html", scenario);
    for (int n = 2; is_taken(p, sb.s); n++) {
        strbuf_clear(&sb);
        strbuf_printf(&sb, "%s-%d.html", scenario, n);
    }
    p->names = mem_grow(p->names, (size_t)p->name_count + 1, sizeof *p->names);
    p->names[p->name_count] = strbuf_take(&sb);
    return p->names[p->name_count++];
}

static bool is_directory(const char *path)
{
    struct stat st;
    size_t len = strlen(path);

    return (len && path[len - 1] == '/') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* --- pages --- */

enum err_code pages_begin(struct pages *p, const char *target, bool several,
                          struct used_files *used, struct err *err)
{
    char *path;

    *p = (struct pages){.rows = STRBUF_INIT, .used = used};
    page_init(&p->page);
    if (!target)
        return OK;
    p->target = target;
    p->directory = several || is_directory(target);
    if (p->directory && mkdir(target, 0777) != 0 && errno != EEXIST)
        return err_set(err, ERR_IO, "%s: %s", target, strerror(errno));
    path = p->directory ? inside(target, new_name(p, "index")) : mem_strdup(target);
    outfile_begin(&p->file, path, used, err);
    free(path);
    return err->code;
}

/* The scenario in work has no more variants. */
static enum err_code finish(struct pages *p, struct err *err)
{
    struct strbuf html = STRBUF_INIT;
    const char *name = new_name(p, p->scenario->name);
    char *path = inside(p->target, name);

    page_html(&p->page, &html);
    page_index_add(&p->page, name, &p->rows);
    outfile_write(path, &html, p->used, err);
    free(path);
    strbuf_release(&html);
    page_release(&p->page);
    page_init(&p->page);
    return err->code;
}

enum err_code pages_add(struct pages *p, struct search *s, struct err *err)
{
    if (!p->target)
        return OK;
    if (p->directory && p->scenario && strcmp(p->scenario->file, s->scenario->file) != 0 &&
        finish(p, err) != OK)
        return err->code;
    p->scenario = s->scenario;
    return page_add(&p->page, s, err);
}

enum err_code pages_end(struct pages *p, struct err *err)
{
    struct strbuf html = STRBUF_INIT;

    if (p->directory && p->scenario && err->code == OK)
        finish(p, err);
    if (p->directory)
        page_index_html(&p->rows, &html);
    else
        page_html(&p->page, &html);
    outfile_end(&p->file, &html, err);
    for (int i = 0; i < p->name_count; i++)
        free(p->names[i]);
    free(p->names);
    strbuf_release(&p->rows);
    strbuf_release(&html);
    page_release(&p->page);
    return err->code;
}
