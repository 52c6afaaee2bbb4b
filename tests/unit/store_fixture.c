#include "tests/unit/store_fixture.h"

#include <CUnit/CUnit.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *fix_parent(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static void on_before(void *ctx, const struct step *step)
{
    struct fix *f = ctx;
    CU_ASSERT(step->op < STEP_OPS);
    CU_ASSERT(f->inside == 0);
    f->inside++;
}

static void on_after(void *ctx, const struct step *step, const struct step_result *result)
{
    struct fix *f = ctx;
    CU_ASSERT(f->inside == 1);
    f->inside--;
    strbuf_printf(&f->log, "%s%s", f->log.len ? "; " : "", step_op_name(step->op));
    if (step->path[0])
        strbuf_printf(&f->log, " %s", step->path);
    if (step->path2)
        strbuf_printf(&f->log, " %s", step->path2);
    if (result->data)
        strbuf_printf(&f->log, " '%s'", result->data);
    if (result->rc < 0)
        strbuf_printf(&f->log, " %s", errno_name(result->rc));
}

static const struct store_hooks hooks = {.before = on_before, .after = on_after};

struct store fix_task(struct fix *f, const char *tmp)
{
    struct store s = {.port = f->port,
                      .semantics = f->store.semantics,
                      .hooks = &hooks,
                      .ctx = f,
                      .arena = &f->arena};
    snprintf(s.tmp, sizeof s.tmp, "%s", tmp);
    return s;
}

void fix_open(struct fix *f, enum store_semantics semantics)
{
    struct err err = ERR_INIT;
    *f = (struct fix){.log = STRBUF_INIT};
    f->port = port_linux_open(fix_parent(), &err);
    if (!f->port) {
        fprintf(stderr, "tests: %s\n", err.story);
        exit(1);
    }
    f->calls = f->port->calls;
    f->store.semantics = semantics;
    f->store = fix_task(f, ".tmp/t");
}

void fix_close(struct fix *f)
{
    CU_ASSERT(f->inside == 0);
    f->port->calls = f->calls;
    port_free(f->port);
    arena_release(&f->arena);
    strbuf_release(&f->log);
}

const char *fix_log(struct fix *f)
{
    const char *log = arena_strdup(&f->arena, f->log.s);
    strbuf_clear(&f->log);
    return log;
}

const char *fix_events(struct fix *f, int queue, int max)
{
    struct port_event *e = arena_alloc(&f->arena, (size_t)max * sizeof *e);
    int n = f->calls->watch_read(f->port, queue, max, e);
    if (n < 0)
        return errno_name(n);
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < n; i++)
        strbuf_printf(&sb, "%s%s %s%s", i > 0 ? ", " : "", port_event_name(e[i].kind), e[i].path,
                      e[i].is_dir ? "/" : "");
    const char *text = arena_strdup(&f->arena, sb.s);
    strbuf_release(&sb);
    return text;
}

const char *fix_path(struct fix *f, const char *path)
{
    return arena_printf(&f->arena, "%s/%s", port_linux_dir(f->port), path);
}

static void add_file(struct strbuf *sb, const char *path)
{
    char buf[512];
    FILE *in = fopen(path, "r");
    size_t n = in ? fread(buf, 1, sizeof buf, in) : 0;
    if (in)
        fclose(in);
    strbuf_addc(sb, '\'');
    strbuf_add(sb, buf, n);
    strbuf_addc(sb, '\'');
}

static void add_tree(struct strbuf *sb, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
        if (strcmp(names[i]->d_name, ".") && strcmp(names[i]->d_name, "..") &&
            lstat(path, &st) == 0) {
            strbuf_printf(sb, " %s", names[i]->d_name);
            if (S_ISDIR(st.st_mode)) {
                strbuf_adds(sb, "{");
                add_tree(sb, path);
                strbuf_adds(sb, " }");
            } else {
                strbuf_printf(sb, "=%o,%lu,", (unsigned)st.st_mode, (unsigned long)st.st_nlink);
                add_file(sb, path);
            }
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

const char *fix_tree(struct fix *f)
{
    struct strbuf sb = STRBUF_INIT;
    add_tree(&sb, port_linux_dir(f->port));
    const char *text = arena_memdup(&f->arena, sb.s, sb.len);
    strbuf_release(&sb);
    return text;
}

int fix_write(struct fix *f, const char *path, enum port_open how, const char *data)
{
    int h = f->calls->open(f->port, path, how);
    if (h < 0)
        return h;
    ssize_t n = data ? f->calls->write(f->port, h, data, strlen(data)) : 0;
    int rc = f->calls->close(f->port, h);
    return n < 0 ? (int)n : rc;
}

const char *fix_read(struct fix *f, const char *path)
{
    char buf[4096];
    int h = f->calls->open(f->port, path, PORT_READ);
    if (h < 0)
        return NULL;
    ssize_t n = f->calls->read(f->port, h, buf, sizeof buf);
    f->calls->close(f->port, h);
    return n < 0 ? NULL : arena_memdup(&f->arena, buf, (size_t)n);
}

int fix_queue_limit(void)
{
    int limit = FIX_QUEUE_LIMIT;
    FILE *in = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    if (in && fscanf(in, "%d", &limit) != 1)
        limit = FIX_QUEUE_LIMIT;
    if (in)
        fclose(in);
    return limit < FIX_QUEUE_LIMIT ? limit : 0;
}

void fix_flood(struct fix *f, const char *dir, int times)
{
    for (int i = 0; i < times; i++) {
        f->calls->mkdir(f->port, dir);
        f->calls->rmdir(f->port, dir);
    }
}

bool fix_overflow(struct fix *f)
{
    int limit = fix_queue_limit();
    fix_flood(f, "flood", limit / 2 + 1);
    return limit > 0;
}
