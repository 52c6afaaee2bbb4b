#include "sim/explore/strategy/control.h"
#include "base/hash.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bit(int task)
{
    return UINT64_C(1) << task;
}

/* --- counts --- */

static uint64_t sum_of(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

static void count_add(const struct control *k, struct control_count *to, uint64_t classes,
                      const uint64_t *broken)
{
    to->classes = sum_of(to->classes, classes);
    for (int i = 0; i < k->tallies; i++)
        to->broken[i] = sum_of(to->broken[i], broken[i]);
}

/* Where what is found below the last level goes. */
static struct control_count *above(struct control *k)
{
    return k->count > 0 ? &k->levels[k->count - 1].count : &k->total;
}

static void remember_pair(struct control *k, const struct control_level *l)
{
    map_put(&k->pairs, l->pair, k->counts_count);
    for (int i = -1; i < k->tallies; i++) {
        VEC_ROOM(k->counts, k->counts_count, k->counts_cap, 1024);
        k->counts[k->counts_count++] = i < 0 ? l->count.classes : l->count.broken[i];
    }
}

/* --- the table of moves --- */

static void say_difference(const struct state *a, const struct state *b, struct strbuf *out)
{
    for (int i = 0; i < STATE_PART_COUNT; i++)
        if (a->part[i] != b->part[i])
            strbuf_printf(out, "%s%s", out->len ? ", " : "", state_part_name(i));
    if (!out->len)
        strbuf_adds(out, "outcome");
}

static void contradict(struct control *k, struct cluster *c, int task, int64_t was,
                       const struct state *now)
{
    struct strbuf parts = STRBUF_INIT;

    say_difference(&k->states[was], now, &parts);
    cluster_fail(c, ERR_DIVERGE,
                 "state: transition %d, of %s, leads to two states, which differ in %s: what makes "
                 "the difference is missing in the state before (sim/engine/state.h)",
                 c->event_count, c->tasks[task].name, parts.s);
    strbuf_release(&parts);
}

/* The last level's task has led to this state, or to this outcome. False: it led elsewhere before. */
static bool note_move(struct control *k, struct cluster *c, const struct state *to)
{
    const struct control_level *l = &k->levels[k->count - 1];
    uint64_t move = hash_mix(hash_u64(l->state, (uint64_t)l->chosen));
    int64_t was = map_get(&k->moves, move);

    if (was < 0) {
        map_put(&k->moves, move, k->state_count);
        VEC_ROOM(k->states, k->state_count, k->state_cap, 256);
        k->states[k->state_count++] = *to;
        return true;
    }
    if (memcmp(&k->states[was], to, sizeof *to) == 0)
        return true;
    contradict(k, c, l->chosen, was, to);
    return false;
}

/* --- levels --- */

static void put_to_sleep(struct control_level *l, int task, const struct footprint *f)
{
    VEC_ROOM(l->sleep, l->sleep_count, l->sleep_cap, 4);
    l->sleep[l->sleep_count].task = task;
    footprint_copy(&l->sleep[l->sleep_count++].footprint, f);
    l->asleep |= bit(task);
}

/* Who sleeps on behind the parent's step. */
static void inherit_sleep(struct control_level *l, const struct control_level *parent,
                          const struct footprint *step)
{
    for (int i = 0; i < parent->sleep_count; i++)
        if (!footprint_dependent(&parent->sleep[i].footprint, step))
            put_to_sleep(l, parent->sleep[i].task, &parent->sleep[i].footprint);
}

static struct control_level *add_level(struct control *k)
{
    struct control_level *l;
    int cap = k->cap;

    VEC_ROOM(k->levels, k->count, k->cap, 64);
    if (k->cap > cap)
        memset(k->levels + cap, 0, sizeof *k->levels * (size_t)(k->cap - cap));
    l = &k->levels[k->count++];
    l->asleep = 0;
    l->sleep_count = 0;
    memset(&l->count, 0, sizeof l->count);
    return l;
}

/* Nothing new comes from here. */
static int give_up(struct control *k, int64_t *why)
{
    k->count--;
    ++*why;
    return CHOOSE_STOP;
}

static int new_level(struct control *k, const struct choice *choice)
{
    struct cluster *c = choice->cluster->tasks[0].cluster; /* to be told of errors */
    struct control_level *l, *parent;
    struct choice awake = *choice;
    struct state state;
    int64_t known;

    state_take(c, &state);
    if (k->count > 0 && !note_move(k, c, &state))
        return CHOOSE_STOP;
    l = add_level(k);
    parent = k->count > 1 ? l - 1 : NULL;
    if (parent && !choice->barrier)
        inherit_sleep(l, parent, &c->events[choice->number - 1].footprint);
    l->state = state_hash(&state);
    l->pair = hash_mix(hash_u64(l->state, l->asleep));
    l->enabled = choice->enabled;
    known = map_get(&k->pairs, l->pair);
    if (known >= 0) {
        k->count--;
        count_add(k, above(k), k->counts[known], k->counts + known + 1);
        k->count++;
        return give_up(k, &k->merged);
    }
    awake.enabled &= ~l->asleep;
    if (!awake.enabled)
        return give_up(k, &k->asleep);
    l->todo = awake.enabled;
    l->chosen = choose_fixed(&awake);
    return l->chosen;
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct control *k = (struct control *)self;
    int n;

    if (k->count == 0)
        k->first = choice->number;
    n = choice->number - k->first;
    assert(n >= 0 && n <= k->count);
    k->steps++;
    if (n == k->count)
        return new_level(k, choice);
    if (k->levels[n].enabled == choice->enabled)
        return k->levels[n].chosen;
    cluster_fail(choice->cluster->tasks[0].cluster, ERR_DIVERGE,
                 "not deterministic: the same choices led to other enabled tasks at choice %d",
                 choice->number);
    return CHOOSE_STOP;
}

/* The execution has come to its end. */
static bool note_end(struct control *k, struct cluster *c, uint64_t outcome, uint64_t broken)
{
    struct state end = {.part = {outcome}};
    uint64_t each[CONTROL_TALLIES];

    for (int i = 0; i < k->tallies; i++)
        each[i] = broken >> i & 1;
    count_add(k, above(k), 1, each);
    return k->count == 0 || note_move(k, c, &end);
}

/* The task was tried. The next one; false: there is none. */
static bool next_task(struct control *k, const struct cluster *c, struct control_level *l)
{
    int event = k->count - 1 + k->first;

    put_to_sleep(l, l->chosen, &c->events[event].footprint);
    l->todo &= ~bit(l->chosen);
    if (!l->todo)
        return false;
    l->chosen = __builtin_ctzll(l->todo);
    return true;
}

bool control_next(struct control *k, struct cluster *c, bool ended, uint64_t outcome,
                  uint64_t broken, struct err *err)
{
    assert(k);
    assert(c);
    if (ended && !note_end(k, c, outcome, broken)) {
        err_set(err, c->err.code, "%s", c->err.story);
        return false;
    }
    while (k->count > 0) {
        struct control_level *l = &k->levels[k->count - 1];

        if (next_task(k, c, l))
            return true;
        remember_pair(k, l);
        k->count--;
        count_add(k, above(k), l->count.classes, l->count.broken);
    }
    return false;
}

void control_init(struct control *k, struct cluster *c, int tallies)
{
    assert(k);
    assert(c);
    assert(tallies >= 0);
    assert(state_known(c));
    *k = (struct control){.tallies = tallies < CONTROL_TALLIES ? tallies : CONTROL_TALLIES};
    k->chooser = (struct chooser){.name = "control", .pick = pick};
    c->telling = true;
}

void control_release(struct control *k)
{
    assert(k);
    for (int i = 0; i < k->cap; i++)
        free(k->levels[i].sleep);
    free(k->levels);
    free(k->counts);
    free(k->states);
    map_release(&k->pairs);
    map_release(&k->moves);
}
