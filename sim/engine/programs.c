#include "sim/engine/programs.h"
#include "base/hash.h"
#include "base/vec.h"
#include "nodes/world.h"
#include "sim/engine/cluster.h"
#include "sim/engine/fault.h"
#include "sim/engine/inside.h"
#include "sim/program/tree.h"
#include "sim/workload/client_world.h"
#include <assert.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#define SEED       1 /* of all that a program is told by chance */
#define ENV_COMMON 4 /* what every program has */

static struct tree *tree_of(const struct task *t)
{
    return t->cluster->programs.trees[t->node];
}

static const struct program_spec *spec_of(const struct task *t)
{
    return t->cluster->scenario->nodes[t->node].run;
}

/* --- how a call is called --- */

static const char *word_of(const struct tree_call *c)
{
    switch ((enum call_do)c->rule->what) {
    case DO_ACCESS:
        return "fs.access";
    case DO_READLINK:
        return "fs.readlink";
    case DO_MKNOD:
        return "fs.mknod";
    case DO_SYMLINK:
        return "fs.symlink";
    case DO_TRUNCATE:
        return "fs.truncate";
    case DO_CHMOD:
        return "fs.chmod";
    case DO_CHOWN:
        return "fs.chown";
    case DO_UTIME:
        return "fs.utime";
    case DO_GETXATTR:
        return "fs.getxattr";
    case DO_SETXATTR:
        return "fs.setxattr";
    case DO_SEEK:
        return "fs.seek";
    case DO_MMAP:
        return "fs.mmap";
    case DO_CHDIR:
        return "fs.chdir";
    case DO_GETCWD:
        return "fs.getcwd";
    case DO_EXEC:
        return "fs.exec";
    case DO_RENAME:
        return c->flags & RENAME_EXCHANGE ? "fs.exchange" : "fs.rename";
    case DO_FLOCK:
        return c->flags & LOCK_UN   ? "lock.unlock"
               : c->flags & LOCK_SH ? "lock.flock_shared"
                                    : "lock.flock";
    case DO_FCNTL:
        return "lock.fcntl";
    case DO_EXIT:
        return "exit";
    default:
        return c->rule->name;
    }
}

static int op_of_open(const struct tree_call *c)
{
    if (!(c->flags & O_CREAT) && c->rule->what != DO_CREAT)
        return FS_OPEN;
    if (c->flags & O_EXCL)
        return FS_CREATE_EXCL;
    return c->flags & O_APPEND ? FS_APPEND : FS_CREATE;
}

/* An actor's, where there is one: scripts name both alike. */
static int op_of(const struct tree_call *c)
{
    switch ((enum call_do)c->rule->what) {
    case DO_OPEN:
    case DO_CREAT:
        return op_of_open(c);
    case DO_STAT:
    case DO_LSTAT:
        return FS_STAT;
    case DO_MKDIR:
        return FS_MKDIR;
    case DO_RMDIR:
        return FS_RMDIR;
    case DO_UNLINK:
        return c->flags & AT_REMOVEDIR ? FS_RMDIR : FS_UNLINK;
    case DO_RENAME:
        return c->flags & ~RENAME_NOREPLACE ? POINT_CALL
               : c->flags                   ? FS_RENAME_NOREPLACE
                                            : FS_RENAME;
    case DO_LINK:
        return FS_LINK;
    case DO_LIST:
        return FS_LIST;
    case DO_READ:
        return FS_READ;
    case DO_WRITE:
        return FS_WRITE;
    case DO_FSYNC:
        return FS_FSYNC;
    case DO_CLOSE:
        return FS_CLOSE;
    default:
        return POINT_CALL;
    }
}

/* In the task's arena: a task that is unwound frees nothing. */
static struct point point_of(struct task *t, const struct tree_call *c)
{
    struct point p = {.op = op_of(c)};

    p.object = arena_strdup(&t->arena, c->path);
    p.object2 = c->two ? arena_strdup(&t->arena, c->path2) : NULL;
    if (p.op != POINT_CALL)
        return p;
    p.object = c->rule->what == DO_EXIT
                   ? "exit"
                   : arena_printf(&t->arena, "%s %s", word_of(c), *c->path ? c->path : ".");
    if (c->target)
        p.object2 = arena_strdup(&t->arena, c->target);
    return p;
}

/* --- the same picks have to give the same calls --- */

/* Has this execution had the picks of the one before it, up to this event? */
static bool is_repeated(struct cluster *c, int event)
{
    struct programs *p = &c->programs;

    while (p->same < event && p->same < p->seen_count &&
           p->seen[p->same].task == c->events[p->same].task)
        p->same++;
    return p->same == event && event < p->seen_count &&
           p->seen[event].task == c->events[event].task && p->seen[event].run + 1 == p->run;
}

static void note_divergence(struct task *t, const struct program_seen *before, const char *now)
{
    struct cluster *c = t->cluster;
    struct strbuf why = STRBUF_INIT;

    if (c->programs.doubt)
        return;
    strbuf_printf(&why, "%s is not deterministic: transition %d was %s, is %s", t->name,
                  t->event + 1, before->text ? before->text : "?", now);
    c->programs.doubt = strbuf_take(&why);
}

/* What the program did, and was told, at this event. */
static void compare(struct task *t, uint64_t told, const char *text)
{
    struct programs *p = &t->cluster->programs;
    struct program_seen *s;
    bool repeated = is_repeated(t->cluster, t->event);

    while (p->seen_cap <= t->event) {
        int from = p->seen_cap;

        p->seen_cap = from ? 2 * from : 64;
        p->seen = mem_grow(p->seen, (size_t)p->seen_cap, sizeof *p->seen);
        memset(p->seen + from, 0, sizeof *p->seen * (size_t)(p->seen_cap - from));
    }
    s = &p->seen[t->event];
    if (repeated && s->told != told)
        note_divergence(t, s, text);
    if (!s->text || strcmp(s->text, text) != 0) {
        free(s->text);
        s->text = mem_strdup(text);
    }
    s->told = told;
    s->run = p->run;
}

static void remember_picks(struct cluster *c)
{
    struct programs *p = &c->programs;
    int count = c->event_count < p->seen_cap ? c->event_count : p->seen_cap;

    for (int i = 0; i < count; i++)
        p->seen[i].task = c->events[i].task;
    p->seen_count = count;
    p->same = 0;
    p->run++;
}

/* --- a call --- */

static void result_text(const struct tree_result *r, struct strbuf *out)
{
    if (r->rc < 0)
        strbuf_adds(out, errno_name((int)r->rc));
    else if (r->data)
        trace_quote(out, r->data, r->len);
    else
        strbuf_adds(out, "ok");
}

static void tell_call(struct task *t, const struct tree_call *call, const struct tree_result *r)
{
    struct strbuf text = STRBUF_INIT;

    if (t->cluster->trace) {
        result_text(r, &text);
        task_told(t, "%s", text.s);
        strbuf_clear(&text);
    }
    point_text(&t->pending, &text);
    strbuf_adds(&text, " = ");
    result_text(r, &text);
    compare(t, hash_u64(call->told, r->told), text.s);
    strbuf_release(&text);
}

/* What a fault has in store for the call; 0: nothing. */
static int error_of(struct task *t)
{
    const struct fault *f = t->cluster->scenario->fault_count ? fault_step(t) : NULL;

    if (!f)
        return 0;
    t->fate = FATE_FAILED;
    return f->error;
}

static void make_call(struct task *t, const struct tree_call *call)
{
    struct cluster *c = t->cluster;
    struct tree *tree = tree_of(t);
    struct point p = point_of(t, call);
    struct await wait = {.kind = call->blocks ? WAIT_PROGRAM : WAIT_NOTHING};
    struct tree_result result;

    wait.id = call->blocks ? program_lock_thing() : 0;
    task_await(t, &wait, p.op, p.object, p.object2);
    task_acted(t);
    tree_make(tree, error_of(t), &result);
    c->program_links |= call->rule->what == DO_SYMLINK && result.rc >= 0;
    program_footprint(t, call, &result);
    inside_done(t, result.rc < 0 ? -1 : 0);
    if (c->watch_count > 0)
        queues_look(c);
    tell_call(t, call, &result);
}

/* --- from its start to its end --- */

static void set_register(struct task *t, const char *name, const char *value)
{
    struct cluster *c = t->cluster;
    int i = scenario_register(c->scenario, name);

    if (*value) {
        world_set(&t->world, name, value);
        return;
    }
    c->registers[i] = "";
    task_touch(t, c->register_things[i], TOUCH_WRITE, TOUCH_RACES);
}

static void tell_end(struct task *t)
{
    const struct program_spec *spec = spec_of(t);
    struct tree *tree = tree_of(t);
    struct strbuf text = STRBUF_INIT;

    tree_exit(tree, &text);
    set_register(t, spec->exit, text.s);
    for (int fd = 1; fd <= 2; fd++) {
        strbuf_clear(&text);
        tree_output(tree, fd, &text);
        set_register(t, fd == 1 ? spec->out : spec->errors, text.s);
    }
    strbuf_release(&text);
}

static void fail(struct task *t, const struct err *err)
{
    cluster_fail(t->cluster, err->code, "%s: %s: %s", t->cluster->scenario->file, t->name,
                 err->story);
}

static void sleep_on(struct task *t)
{
    int64_t ms = tree_deadline(tree_of(t)) - world_now(&t->world);

    world_sleep(&t->world, ms > 0 ? ms : 0);
    tree_wake(tree_of(t), world_now(&t->world));
}

/* For ever. */
static void be_stuck(struct task *t)
{
    struct strbuf what = STRBUF_INIT;
    const char *text;

    tree_stuck(tree_of(t), &what);
    text = arena_strdup(&t->arena, what.s);
    strbuf_release(&what);
    task_await(t, &(struct await){.kind = WAIT_TIME}, POINT_CALL, text, NULL);
}

static uint64_t life_of(const struct cluster *c, int node)
{
    return thing_id2(THING_NODE, "program", c->scenario->nodes[node].name);
}

/* A program that comes again has the pid that it had, which no machine promises. */
static bool may_come_again(const struct scenario *s)
{
    for (int i = 0; i < s->fault_count; i++)
        if (s->faults[i].restart_ms >= 0 && s->faults[i].kind == FAULT_CRASH)
            return true;
    return false;
}

static void doubt(struct cluster *c, const char *why)
{
    if (!c->programs.doubt)
        c->programs.doubt = mem_strdup(why);
}

/* Another program asks, by its pid. What it does before its first call has no place in the order. */
static bool lives(void *ctx, int number)
{
    struct task *t = ctx;
    struct cluster *c = t->cluster;

    if (number < 0 || number >= c->scenario->node_count || !c->programs.trees[number])
        return false;
    if (t->event < 0)
        doubt(c, "a program asks before its first call whether another lives");
    if (may_come_again(c->scenario))
        doubt(c, "a program asks whether another lives, which may come again");
    task_touch(t, life_of(c, number), TOUCH_READ, TOUCH_RACES);
    return t->event < 0 || (tree_alive(c->programs.trees[number]) && !c->programs.ended[number]);
}

static void end_of_program(struct task *t)
{
    if (t->events == 0) { /* it made no call: that it ends is its one step */
        task_point(t, POINT_CALL, "exit", NULL);
        task_acted(t);
        task_told(t, "%s", "");
    }
    tell_end(t);
    task_touch(t, life_of(t->cluster, t->node), TOUCH_WRITE, TOUCH_RACES);
    t->cluster->programs.ended[t->node] = true;
    inside_gone(t->cluster, t->node, t);
}

static int go_on(struct task *t)
{
    struct err err = ERR_INIT;
    struct tree_call call;

    for (;;)
        switch (tree_next(tree_of(t), world_now(&t->world), &call, &err)) {
        case TREE_CALL:
            make_call(t, &call);
            break;
        case TREE_SLEEP:
            sleep_on(t);
            break;
        case TREE_STUCK:
            be_stuck(t);
            break;
        case TREE_ENDED:
            end_of_program(t);
            return 0;
        case TREE_FAILED:
            fail(t, &err);
            return 0;
        }
}

static const char **environment(struct task *t, const struct program_spec *spec)
{
    const char **env =
        arena_alloc(&t->arena, sizeof *env * (size_t)(ENV_COMMON + spec->env_count + 1));
    int n = 0;

    for (int i = 0; i < spec->env_count; i++)
        env[n++] = arena_printf(&t->arena, "%s=%s", spec->env[i].name, spec->env[i].value);
    env[n++] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    env[n++] = "HOME=/tmp";
    env[n++] = "LANG=C";
    env[n++] = arena_printf(&t->arena, "NODE=%s", t->world.node);
    for (int i = spec->env_count; i < n; i++) /* its own come first, and win */
        for (int k = 0; k < spec->env_count; k++)
            if (strncmp(env[i], spec->env[k].name, strlen(spec->env[k].name)) == 0 &&
                env[i][strlen(spec->env[k].name)] == '=')
                env[i] = env[k];
    return env;
}

/* All at once, and nobody between. */
static int run_freely(struct task *t, const struct tree_start *start)
{
    struct err err = ERR_INIT;
    enum err_code code = tree_run_freely(tree_of(t), start, &err);

    gate_enter(t->cluster->gate);
    if (code != OK)
        fail(t, &err);
    gate_leave(t->cluster->gate);
    if (code == OK)
        tell_end(t);
    return 0;
}

int program_run(struct task *t)
{
    assert(t);

    const struct program_spec *spec = spec_of(t);
    struct tree_start start = {.argv = spec->argv,
                               .env = environment(t, spec),
                               .store = port_linux_dir(t->cluster->port),
                               .cwd = spec->cwd,
                               .input = spec->input,
                               .number = t->node,
                               .seed = SEED,
                               .lives = lives,
                               .ctx = t,
                               .closes = t->cluster->scenario->watches,
                               .real_clock = spec->clock == PROGRAM_CLOCK_REAL};
    struct err err = ERR_INIT;
    struct contain_mount *mounts =
        arena_alloc(&t->arena, sizeof *mounts * (size_t)(spec->mount_count + 1));

    for (int i = 0; i < spec->mount_count; i++)
        mounts[i] = (struct contain_mount){spec->mounts[i].name, spec->mounts[i].value};
    start.mounts = mounts;
    start.mount_count = spec->mount_count;
    start.uncontained = t->cluster->scenario->uncontained;
    start.untraced = t->cluster->free_running;
    if (tree_alive(tree_of(t)))
        tree_end(tree_of(t));
    t->cluster->programs.ended[t->node] = false;
    if (start.untraced)
        return run_freely(t, &start);
    if (tree_begin(tree_of(t), &start, &err) != OK) {
        fail(t, &err);
        return 0;
    }
    return go_on(t);
}

bool program_ready(const struct task *t)
{
    assert(t);
    return tree_ready(tree_of(t));
}

/* --- with its node, and with the cluster --- */

void program_killed(struct cluster *c, int node, struct task *by)
{
    struct tree *tree = c->programs.trees ? c->programs.trees[node] : NULL;
    const char *paths[TREE_LOCKS_MAX];

    if (!tree || !tree_alive(tree))
        return;
    if (tree_locks(tree, paths) > 0)
        program_locks_freed(by);
    tree_end(tree);
    task_touch(by, life_of(c, node), TOUCH_WRITE, TOUCH_RACES);
    set_register(by, c->scenario->nodes[node].run->exit, "SIGKILL");
}

void programs_end(struct cluster *c)
{
    for (int i = 0; c->programs.trees && i < c->scenario->node_count; i++)
        if (c->programs.trees[i])
            tree_end(c->programs.trees[i]);
    if (c->programs.trees)
        remember_picks(c);
    c->program_links = false;
    c->programs.file_count = 0;
}

void programs_afresh(struct cluster *c)
{
    for (int i = 0; c->programs.trees && i < c->scenario->node_count; i++)
        if (c->programs.trees[i])
            tree_forget(c->programs.trees[i]);
}

void programs_doubts(struct cluster *c, const char *why)
{
    assert(why);
    if (!c->programs.doubt)
        c->programs.doubt = mem_strdup(why);
}

const char *programs_doubt(const struct cluster *c)
{
    const struct programs *p = &c->programs;

    if (p->doubt)
        return p->doubt;
    for (int i = 0; p->trees && i < c->scenario->node_count; i++)
        if (p->trees[i] && tree_doubt(p->trees[i]))
            return arena_printf(&c->scenario->arena, "%s: %s", c->scenario->nodes[i].name,
                                tree_doubt(p->trees[i]));
    return NULL;
}

enum err_code programs_new(struct cluster *c, struct err *err)
{
    const struct scenario *s = c->scenario;

    if (strcmp(c->port->calls->name, "dir") != 0)
        return err_set(err, ERR_INPUT, "%s: programs work on a directory: --backend dir", s->file);
    if (s->power_loss)
        return err_set(err, ERR_INPUT, "%s: power cannot fail under programs", s->file);
    c->port->shared = true; /* others change it: a reset looks at all that is there */
    c->programs.trees = mem_alloc(sizeof *c->programs.trees * SCENARIO_NODES_MAX);
    for (int i = 0; i < s->node_count; i++)
        if (s->nodes[i].run)
            c->programs.trees[i] = tree_new();
    return OK;
}

void programs_free(struct cluster *c)
{
    struct programs *p = &c->programs;

    for (int i = SCENARIO_NODES_MAX - 1; p->trees && i >= 0;
         i--) /* the first one knows fsrace's processors */
        tree_free(p->trees[i]);
    for (int i = 0; i < p->seen_cap; i++)
        free(p->seen[i].text);
    free(p->seen);
    free(p->files);
    free(p->trees);
    free(p->doubt);
}
