#include "sim/explore/parallel/partition.h"
#include "base/vec.h"
#include "sim/explore/search/crosscheck.h"
#include "sim/explore/search/drive.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- the tree's upper part --- */

static int add_stem(struct parts *p, int parent, int by, const struct level *l)
{
    struct stem *st;

    assert(parent >= -1 && parent < p->stem_count);
    VEC_ROOM(p->stems, p->stem_count, p->stem_cap, 256);
    st = &p->stems[p->stem_count];
    *st = (struct stem){.parent = parent, .by = by, .enabled = l->enabled};
    st->depth = parent < 0 ? 0 : p->stems[parent].depth + 1;
    st->sleep_count = l->sleep_count;
    st->sleep = mem_alloc(sizeof *st->sleep * (size_t)l->sleep_count + 1);
    if (l->sleep_count)
        memcpy(st->sleep, l->sleep, sizeof *st->sleep * (size_t)l->sleep_count);
    if (parent >= 0) {
        assert(by >= 0 && by < p->stems[parent].branch_count);
        assert(p->stems[parent].branches);
        p->stems[parent].branches[by].child = p->stem_count;
    }
    return p->stem_count++;
}

/* Copies a node with its children, not its siblings. */
static int copy_wakeup(struct wakeup_pool *to, const struct wakeup_pool *from, int node)
{
    int copy = wakeup_new(to, from->v[node].task, &from->v[node].footprint), last = 0;

    for (int child = from->v[node].child; child; child = from->v[child].sibling) {
        int one = copy_wakeup(to, from, child); /* may move the pool */

        if (last)
            to->v[last].sibling = one;
        else
            to->v[copy].child = one;
        last = one;
    }
    return copy;
}

static uint64_t asleep(const struct stem *st)
{
    uint64_t mask = 0;

    for (int i = 0; i < st->sleep_count; i++)
        mask |= UINT64_C(1) << st->sleep[i].task;
    return mask;
}

/* Not if it is not possible, or tried elsewhere: then it is no branch. */
static void add_branch(struct parts *p, int stem, const struct all_chooser *a, int node)
{
    struct stem *st = &p->stems[stem];
    struct branch *b;

    if (!((st->enabled & ~asleep(st)) >> a->pool.v[node].task & 1))
        return;
    VEC_ROOM(st->branches, st->branch_count, st->branch_cap, 2);
    b = &st->branches[st->branch_count++];
    *b = (struct branch){.task = a->pool.v[node].task,
                         .child = -1,
                         .left = true,
                         .footprint = a->pool.v[node].footprint};
    b->wakeup = copy_wakeup(&p->pool, &a->pool, node);
}

/* --- from the tree to a search, and back --- */

/* A level at which `branch` is being tried: those before it were, those behind it others will. With
 * `begin`, its search begins, with what it is to begin with. */
static void load_level(const struct parts *p, const struct stem *st, int branch, bool begin,
                       struct all_chooser *a)
{
    struct level *l = all_add_level(a);
    int last = 0;

    l->enabled = st->enabled;
    l->chosen = st->branches[branch].task;
    for (int i = 0; i < st->sleep_count; i++) {
        all_put_to_sleep(l, st->sleep[i].task, &st->sleep[i].footprint);
    }
    l->inherited = l->sleep_count;
    for (int i = 0; i < st->branch_count; i++) {
        const struct branch *b = &st->branches[i];
        int node;

        if (i < branch) {
            all_put_to_sleep(l, b->task, &b->footprint);
            continue;
        }
        node = i == branch && begin ? copy_wakeup(&a->pool, &p->pool, b->wakeup)
                                    : wakeup_new(&a->pool, b->task, &b->footprint);
        if (last)
            a->pool.v[last].sibling = node;
        else
            l->tree = node;
        last = node;
    }
}

static void load(const struct parts *p, int stem, int branch, bool begin, struct all_chooser *a)
{
    const struct stem *st = &p->stems[stem];

    if (st->parent >= 0)
        load(p, st->parent, st->by, false, a);
    load_level(p, st, branch, begin, a);
    a->first = p->first;
    a->fixed = a->count;
}

/* What the search has found to be tried at the levels that were loaded. */
static void take_new(struct parts *p, int stem, int branch, const struct all_chooser *a)
{
    for (; stem >= 0; branch = p->stems[stem].by, stem = p->stems[stem].parent) {
        int known = p->stems[stem].branch_count - branch;
        int node = a->levels[p->stems[stem].depth].tree;

        for (; known > 0; known--)
            node = a->pool.v[node].sibling;
        for (; node; node = a->pool.v[node].sibling)
            add_branch(p, stem, a, node);
    }
}

static void was_run(struct branch *b, const struct footprint *f)
{
    assert(b);
    b->left = false;
    b->known = true;
    b->footprint = *f;
}

/* The levels behind those that were loaded become choices of the tree. */
static void grow(struct parts *p, int stem, int branch, const struct all_chooser *a,
                 const struct cluster *c)
{
    for (int i = a->fixed; i < a->count; i++) {
        const struct level *l = &a->levels[i];

        stem = add_stem(p, stem, branch, l);
        branch = 0;
        for (int node = l->tree; node; node = a->pool.v[node].sibling)
            add_branch(p, stem, a, node);
        was_run(&p->stems[stem].branches[0], &c->events[i + a->first].footprint);
    }
}

/* --- executions --- */

/* One execution through the branch, in the search's count; the tree grows by it. */
static enum err_code run_through(struct parts *p, int stem, int branch, struct search *s,
                                 struct script_chooser *script, struct err *err)
{
    struct all_chooser a;

    all_init(&a, true);
    if (stem >= 0)
        load(p, stem, branch, true, &a);
    script->then = &a.chooser;
    script_begin(script);
    if (search_execute(s, &script->chooser, err) == OK) {
        p->first = a.first;
        all_turn_round(&a, s->cluster, false);
        if (stem >= 0) {
            int at = a.fixed - 1 + a.first;

            was_run(&p->stems[stem].branches[branch], &s->cluster->events[at].footprint);
            take_new(p, stem, branch, &a);
        }
        grow(p, stem, branch, &a, s->cluster);
        search_finish_one(s, err);
    }
    all_release(&a);
    script->then = NULL;
    return err->code;
}

/* Follows another chooser up to a choice, and ends the execution there. */
struct stopper {
    struct chooser chooser;
    struct chooser *then;
    struct all_chooser *told; /* who is to know of the choices that are ours; may be NULL */
    int at;
};

static int pick_or_stop(struct chooser *self, const struct choice *choice)
{
    struct stopper *s = (struct stopper *)self;

    int task = choice->number == s->at ? CHOOSE_STOP : s->then->pick(s->then, choice);

    if (s->told && task != CHOOSE_STOP && choice->number >= s->told->first)
        all_follow(s->told, choice, task);
    return task;
}

/* A branch to the right has to know what the first step of this one touches. */
static enum err_code learn(struct parts *p, int stem, int branch, struct search *s,
                           struct script_chooser *script, struct err *err)
{
    struct stopper stopper = {.chooser = {.name = "stop", .pick = pick_or_stop}};
    struct branch *b = &p->stems[stem].branches[branch];
    struct all_chooser a;

    all_init(&a, true);
    load(p, stem, branch, true, &a);
    script->then = &a.chooser;
    script_begin(script);
    stopper.then = &script->chooser;
    stopper.at = a.first + a.fixed;
    if (cluster_run(s->cluster, &stopper.chooser, err) == OK) {
        b->known = true;
        b->footprint = s->cluster->events[stopper.at - 1].footprint;
        search_reset(s, err);
    }
    all_release(&a);
    script->then = NULL;
    return err->code;
}

/* The least deep branch that is left, of those the oldest; false: none. */
static bool find_left(const struct parts *p, int *stem, int *branch, int *count)
{
    *stem = -1;
    *count = 0;
    for (int i = 0; i < p->stem_count; i++) {
        const struct stem *st = &p->stems[i];

        for (int k = 0; k < st->branch_count; k++) {
            if (!st->branches[k].left)
                continue;
            ++*count;
            if (*stem >= 0 && p->stems[*stem].depth <= st->depth)
                continue;
            *stem = i;
            *branch = k;
        }
    }
    return *stem >= 0;
}

static enum err_code find_branches(struct parts *p, struct search *s, struct script_chooser *script,
                                   struct err *err)
{
    int stem = -1, branch = -1, left, n = 0;

    do
        run_through(p, stem, branch, s, script, err);
    while (err->code == OK && find_left(p, &stem, &branch, &left) && left < p->least &&
           ++n < PARTS_FIRST_MAX);
    return err->code;
}

/* --- parts --- */

static struct part *add_part(struct parts *p)
{
    VEC_ROOM(p->v, p->count, p->cap, 64);
    assert(p->v);
    p->v[p->count] = (struct part){.stem = -1};
    return &p->v[p->count++];
}

static void divide_sample(struct parts *p, int64_t runs)
{
    int64_t n = runs < p->least ? runs : p->least;

    for (int64_t i = 0; i < n; i++) {
        struct part *part = add_part(p);

        part->run_from = runs / n * i + (i < runs % n ? i : runs % n);
        part->run_to = part->run_from + runs / n + (i < runs % n);
    }
}

enum err_code parts_begin(struct parts *p, struct search *s, int least, struct err *err)
{
    assert(p);
    assert(s);
    assert(least > 0);

    struct script_chooser script;

    *p = (struct parts){.sampled = s->scenario->order.kind == ORDER_SAMPLE, .least = least};
    if (p->sampled)
        return OK;
    script_init(&script, s->scenario, NULL);
    find_branches(p, s, &script, err);
    script_release(&script);
    return err->code;
}

/* Every branch that is left becomes a part. */
static enum err_code divide_tree(struct parts *p, struct search *s, struct err *err)
{
    struct script_chooser script;

    script_init(&script, s->scenario, NULL);
    for (int i = 0; i < p->stem_count && err->code == OK; i++)
        for (int k = 0; k < p->stems[i].branch_count && err->code == OK; k++) {
            struct branch *b = &p->stems[i].branches[k];
            struct part *part;

            if (!b->left)
                continue;
            b->left = false;
            part = add_part(p);
            part->stem = i;
            part->branch = k;
            if (!b->known)
                learn(p, i, k, s, &script, err);
        }
    script_release(&script);
    return err->code;
}

int parts_round(struct parts *p, struct search *s, struct err *err)
{
    assert(p);
    assert(s);

    bool first = !p->v;

    p->count = 0;
    if (!p->sampled)
        divide_tree(p, s, err);
    else if (first)
        divide_sample(p, s->scenario->order.runs);
    return p->count;
}

static void run_branch(const struct parts *p, const struct part *part, struct search *s,
                       struct script_chooser *script, struct owed *owed, bool *over,
                       struct err *err)
{
    struct all_chooser a;
    bool more = true;

    all_init(&a, true);
    load(p, part->stem, part->branch, true, &a);
    script->then = &a.chooser;
    while (more && !*over) {
        script_begin(script);
        if (search_execute(s, &script->chooser, err) != OK)
            break;
        more = all_next(&a, s->cluster);
        if (a.owes)
            owed_add(owed, s->cluster);
        if (search_finish_one(s, err) != OK)
            break;
        *over = more && search_over_budget(s);
    }
    all_release(&a);
    script->then = NULL;
}

enum err_code parts_run(const struct parts *p, int i, struct search *s, struct owed *owed,
                        bool *over, struct err *err)
{
    assert(p);
    assert(s);
    assert(owed);
    assert(over);
    assert(i >= 0 && i < p->count);

    const struct part *part = &p->v[i];
    struct script_chooser script;

    *over = false;
    script_init(&script, s->scenario, NULL);
    if (p->sampled)
        run_sample(s, &script, part->run_from, part->run_to, over, err);
    else
        run_branch(p, part, s, &script, owed, over, err);
    script_release(&script);
    return err->code;
}

/* How far does the tree lead along these picks? */
static bool follow(const struct parts *p, const struct schedule *picks, int *stem, int *branch)
{
    int next = 0;

    *stem = -1;
    for (int n = p->first; next >= 0 && n < picks->count; n++) {
        const struct stem *st = &p->stems[next];

        *stem = next;
        *branch = 0;
        while (*branch < st->branch_count && st->branches[*branch].task != picks->tasks[n])
            ++*branch;
        if (*branch == st->branch_count)
            return false;
        next = st->branches[*branch].child;
    }
    return *stem >= 0;
}

enum err_code parts_pay(struct parts *p, struct search *s, const struct schedule *picks,
                        struct err *err)
{
    assert(p);
    assert(s);
    assert(picks);

    struct stopper stopper = {.chooser = {.name = "stop", .pick = pick_or_stop},
                              .at = picks->count};
    struct given_chooser given;
    struct all_chooser a;
    int stem, branch;

    if (!follow(p, picks, &stem, &branch))
        return err_set(err, ERR_DIVERGE, "what a part owes begins as no part does");
    given_init(&given, picks->tasks, picks->count);
    all_init(&a, true);
    load(p, stem, branch, false, &a);
    stopper.then = &given.chooser; /* an execution that was given up ends where it did */
    stopper.told = &a;
    if (cluster_run(s->cluster, &stopper.chooser, err) != OK) {
        all_release(&a);
        return err->code;
    }
    all_turn_round(&a, s->cluster, true);
    take_new(p, stem, branch, &a);
    all_release(&a);
    return search_reset(s, err);
}

void parts_release(struct parts *p)
{
    assert(p);
    for (int i = 0; i < p->stem_count; i++) {
        free(p->stems[i].sleep);
        free(p->stems[i].branches);
    }
    free(p->stems);
    free(p->v);
    wakeup_release(&p->pool);
}

/* --- what is owed --- */

void owed_add(struct owed *o, const struct cluster *c)
{
    assert(o);
    assert(c);
    VEC_ROOM(o->v, o->count, o->cap, 16);
    o->v[o->count] = (struct schedule){.any = false};
    schedule_note(&o->v[o->count++], c);
}

void owed_release(struct owed *o)
{
    assert(o);
    for (int i = 0; i < o->count; i++)
        free(o->v[i].tasks);
    free(o->v);
    *o = (struct owed){.count = 0};
}
