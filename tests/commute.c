/*
 * commute [-e EVERY] [-o OFFSET] [-d DIR] [-k FILE] [-v]
 *
 * The table of footprints, looked at directly. Every state that at most three calls reach, over two
 * names, a directory with one name in it, one watch and one descriptor; every pair of steps of
 * different tasks there, calls, deaths and other faults; each made in both orders, and then all that
 * there is to be seen: results, the store, which names are one file, what descriptors are on,
 * events now and later, who is enabled, footprints.
 *   - Called independent, the two give the same in both orders, footprints too.
 *   - Called enabling, the second cannot go first.
 *   - Called sure, a step touches the same in both places; and never more than it may.
 * How many pairs that are called dependent commute all the same is counted by kind: they cost orders.
 *
 * On the model, or in DIR; one case of EVERY, from OFFSET. -k FILE: kinds of differences that are
 * known (kinds.h); -v tells an example of each that is not, and what commutes. Exit status 1: there
 * was one.
 */
#include "base/hash.h"
#include "base/set.h"
#include "tests/commute_stage.h"
#include "tests/kinds.h"
#include "tests/thing_names.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *directory;
static bool verbose;
static int64_t every = 1, offset, cases, pairs, independent;
static struct {
    int64_t dependent, commute;
} kinds[POINT_OPS][POINT_OPS];

/* --- what there is to do --- */

/* Calls that make states; W writes "w". */
static const char *const makers[] = {"{\"write\":\"x\",\"data\":\"w\"}",
                                     "{\"write\":\"d/x\",\"data\":\"w\"}",
                                     "{\"mkdir\":\"d\"}",
                                     "{\"put\":\"x\",\"data\":\"w\"}",
                                     "{\"link\":[\"x\",\"y\"]}",
                                     "{\"link\":[\"x\",\"d/x\"]}",
                                     "{\"rename\":[\"x\",\"y\"]}",
                                     "{\"rename\":[\"d/x\",\"x\"]}",
                                     "{\"rename\":[\"d\",\"y\"]}",
                                     "{\"mkdir\":\"y\"}",
                                     "{\"unlink\":\"x\"}",
                                     "{\"rmdir\":\"d\"}",
                                     "{\"watch\":\".\"}",
                                     "{\"watch\":\"x\"}",
                                     "{\"watch\":\"d\"}"};

/* %c: who writes. */
static const struct act_text {
    const char *json;
    bool queue; /* of W's own */
} acts[] = {{"{\"stat\":\"x\",\"as\":\"r\"}", false},
            {"{\"stat\":\"d/x\",\"as\":\"r\"}", false},
            {"{\"create_excl\":\"x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"create_excl\":\"y\",\"as\":\"r\"}", false},
            {"{\"create_excl\":\"d/x\",\"as\":\"r\"}", false},
            {"{\"read\":\"x\",\"as\":\"r\"}", false},
            {"{\"read\":\"y\",\"as\":\"r\"}", false},
            {"{\"read\":\"d/x\",\"as\":\"r\"}", false},
            {"{\"write\":\"x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"write\":\"d/x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"append\":\"x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"append\":\"y\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"put\":\"x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"put\":\"d/x\",\"data\":\"%c\",\"as\":\"r\"}", false},
            {"{\"unlink\":\"x\",\"as\":\"r\"}", false},
            {"{\"unlink\":\"y\",\"as\":\"r\"}", false},
            {"{\"unlink\":\"d/x\",\"as\":\"r\"}", false},
            {"{\"mkdir\":\"d\",\"as\":\"r\"}", false},
            {"{\"mkdir\":\"x\",\"as\":\"r\"}", false},
            {"{\"rmdir\":\"d\",\"as\":\"r\"}", false},
            {"{\"list\":\".\",\"as\":\"r\"}", false},
            {"{\"list\":\"d\",\"as\":\"r\"}", false},
            {"{\"fsync\":\"x\",\"as\":\"r\"}", false},
            {"{\"fsync\":\".\",\"as\":\"r\"}", false},
            {"{\"fsync\":\"d\",\"as\":\"r\"}", false},
            {"{\"rename\":[\"x\",\"y\"],\"as\":\"r\"}", false},
            {"{\"rename\":[\"x\",\"d/x\"],\"as\":\"r\"}", false},
            {"{\"rename\":[\"d/x\",\"x\"],\"as\":\"r\"}", false},
            {"{\"rename\":[\"d\",\"y\"],\"as\":\"r\"}", false},
            {"{\"rename_noreplace\":[\"x\",\"y\"],\"as\":\"r\"}", false},
            {"{\"link\":[\"x\",\"y\"],\"as\":\"r\"}", false},
            {"{\"link\":[\"x\",\"d/x\"],\"as\":\"r\"}", false},
            {"{\"watch\":\".\",\"as\":\"r\"}", true},
            {"{\"watch\":\"x\",\"as\":\"r\"}", true},
            {"{\"watch\":\"d\",\"as\":\"r\"}", true},
            {"{\"next_event\":true,\"as\":\"r\"}", true},
            {"{\"next_event\":true,\"timeout_ms\":0,\"as\":\"r\"}", true}};

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

/* What else may go wrong. The fault's own task is one of the two, or has been let go before. */
static const struct fault_text {
    const char *name, *json; /* NULL: none */
    bool one_of_two, let_go; /* let_go: before the two */
    bool of_a;               /* … and there is an A that it strikes */
    bool posix_only;
    int calls; /* at most, to make the state */
} faults[] = {
    {.name = "", .of_a = true, .calls = 3},
    {"A dies", "{\"crash\":\"A\",\"anywhere\":true}", true, false, true, true, 2},
    {"W dies", "{\"crash\":\"W\",\"anywhere\":true}", true, false, false, false, 3},
    {"power", "{\"power_loss\":true,\"anywhere\":true}", false, false, true, false, 2},
    {"overflow", "{\"overflow\":\"W\",\"anywhere\":true}", true, false, false, false, 3},
    {"fail", "{\"fail\":\"*\",\"node\":\"A\",\"anywhere\":true}", false, true, true, false, 1},
    {"arm", "{\"fail\":\"*\",\"node\":\"A\",\"anywhere\":true}", true, false, true, false, 1},
    {"torn", "{\"torn\":\"fs.write *\",\"node\":\"A\",\"anywhere\":true}", false, true, true, true,
     1}};

/* --- a case: a state, and the two that meet in it --- */

struct meeting {
    int made[3], made_count; /* the calls that make the state */
    int a, b;                /* acts; a < 0: none, the fault is the first of the two */
    const struct fault_text *fault;
    bool posix;
};

static const char *who(const struct meeting *m, bool first)
{
    bool a_at_w = m->a >= 0 && acts[m->a].queue;

    if (first)
        return a_at_w ? "W#2" : "A";
    return !acts[m->b].queue ? "B" : a_at_w ? "W#3" : "W#2";
}

static void add_work(struct strbuf *out, const char *task, const char *json, char data)
{
    strbuf_printf(out, ",\n \"%s\":[", task);
    for (const char *p = json; *p; p++)
        if (p[0] == '%' && p[1] == 'c')
            strbuf_addc(out, data), p++;
        else
            strbuf_addc(out, *p);
    strbuf_adds(out, ",{\"note\":\"end\"}]");
}

static void write_text(const struct meeting *m, struct strbuf *out)
{
    strbuf_printf(
        out,
        "{\"fsrace\":1,\"name\":\"commute\",\"cluster\":{\"store\":{\"semantics\":\"%s\"},"
        "\"nodes\":{\"W\":{\"role\":\"actor\"},\"A\":{\"role\":\"actor\"},\"B\":{"
        "\"role\":\"actor\"}}},\n\"work\":{\"W\":[",
        m->posix ? "posix" : "object");
    for (int i = 0; i < m->made_count; i++)
        strbuf_printf(out, "{\"note\":\"%d\"},%s,", i, makers[m->made[i]]);
    strbuf_adds(out, "{\"note\":\"go\"}]");
    if (m->a >= 0)
        add_work(out, who(m, true), acts[m->a].json, 'A');
    add_work(out, who(m, false), acts[m->b].json, 'B');
    strbuf_adds(out, "}");
    if (m->fault->json)
        strbuf_printf(out, ",\n\"faults\":[%s]", m->fault->json);
    strbuf_adds(out, "}\n");
}

/* --- judgement --- */

static bool same_touches(const struct footprint *f, const struct footprint *g)
{
    if (f->count != g->count || f->everything != g->everything)
        return false;
    for (int i = 0; i < f->count; i++) {
        int k = 0;

        while (k < g->count && (g->v[k].thing != f->v[i].thing || g->v[k].mode != f->v[i].mode))
            k++;
        if (k == g->count)
            return false;
    }
    return true;
}

static bool covers(const struct footprint *may, const struct footprint *did)
{
    for (int i = 0; i < did->count && !may->everything; i++) {
        int k = 0;

        while (k < may->count && !touch_within(&did->v[i], &may->v[k]))
            k++;
        if (k == may->count)
            return false;
    }
    return true;
}

static bool same_text(const struct strbuf *a, const struct strbuf *b)
{
    return strcmp(a->s, b->s) == 0;
}

/* How the second order differs; NULL: not at all. Step 0 of one is step 1 of the other. */
static const char *difference(const struct take *a, const struct take *b)
{
    if (b->made < 2)
        return "cannot go the other way";
    if (!same_text(&a->result[0], &b->result[1]) || !same_text(&a->result[1], &b->result[0]))
        return "results";
    if (!same_text(&a->seen, &b->seen))
        return "what is left";
    if (!same_touches(&a->did[0], &b->did[1]))
        return "footprint of the first";
    if (!same_touches(&a->did[1], &b->did[0]))
        return "footprint of the second";
    return NULL;
}

static void print_first_difference(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    printf("  one way: …%.200s\n  the other: …%.200s\n", a, b);
}

static void print_take(const struct stage *st, const struct take *t)
{
    struct thing_names names;
    struct trace none = {.count = 0};

    thing_names_init(&names, st->scenario, &none);
    for (int i = 0; i < t->made; i++) {
        struct strbuf sb = STRBUF_INIT;

        thing_names_print(&names, &t->did[i], &sb);
        printf("  %s = %s\n    %s%s\n", t->point[i].s, t->result[i].s, sb.s,
               t->sure[i] ? " (sure)" : "");
        strbuf_release(&sb);
    }
    thing_names_release(&names);
}

/* The kind has the operations in it; an example of each new one is told. */
static void found(const struct stage *st, const struct meeting *m, const struct script *script,
                  const char *what, const struct take *a, const struct take *b)
{
    struct strbuf kind = STRBUF_INIT, text = STRBUF_INIT;

    strbuf_printf(&kind, "%s%s%.*s | %.*s: %s", m->fault->name, *m->fault->name ? ", " : "",
                  (int)strcspn(a->point[0].s, " "), a->point[0].s,
                  (int)strcspn(a->made > 1 ? a->point[1].s : b->point[0].s, " "),
                  a->made > 1 ? a->point[1].s : b->point[0].s, what);
    if (kind_found(kind.s) && verbose) {
        write_text(m, &text);
        printf("--- %s\n%s", kind.s, text.s);
        for (int i = 0; i < script->count; i++)
            printf("%s%s%s ", st->cluster->tasks[script->v[i].task].name,
                   script->v[i].note ? " to " : "", script->v[i].note ? script->v[i].note : "");
        printf("\none way:\n");
        print_take(st, a);
        printf("the other way:\n");
        print_take(st, b);
        print_first_difference(a->seen.s, b->seen.s);
    }
    strbuf_release(&kind);
    strbuf_release(&text);
}

/* a: x and then y; b: y and then x. */
static void judge(const struct stage *st, const struct meeting *m, const struct script *script,
                  const struct take *a, const struct take *b, int second)
{
    unsigned relation;
    const char *differs;

    for (int i = 0; i < a->made; i++)
        if (!covers(&a->may[i], &a->did[i]))
            found(st, m, script, i ? "more than it may, second" : "more than it may, first", a, b);
    if (a->made < 2)
        return;
    pairs++;
    relation = footprint_relation(&a->did[0], &a->did[1]);
    differs = difference(a, b);
    if (!relation && differs)
        found(st, m, script, differs, a, b);
    if (relation & RELATION_ENABLING && a->enabled >> second & 1)
        found(st, m, script, "enabling, and could go first", a, b);
    if (b->made > 0 && (a->sure[1] || b->sure[0]) && !same_touches(&a->did[1], &b->did[0]))
        found(st, m, script, "sure, and touches something else", a, b);
    independent += !relation;
}

static int op_of(const struct strbuf *point)
{
    size_t len = strcspn(point->s, " ");

    for (int i = 0; i < POINT_OPS; i++)
        if (strlen(point_op_name(i)) == len && strncmp(point_op_name(i), point->s, len) == 0)
            return i;
    return POINT_FAULT;
}

static void count_kind(const struct take *a, const struct take *b)
{
    int x, y;

    if (a->made < 2 || !footprint_relation(&a->did[0], &a->did[1]))
        return;
    x = op_of(&a->point[0]);
    y = op_of(&a->point[1]);
    kinds[x < y ? x : y][x < y ? y : x].dependent++;
    kinds[x < y ? x : y][x < y ? y : x].commute += difference(a, b) == NULL;
}

static void meet(struct stage *st, const struct meeting *m, const struct script *script, int x,
                 int y)
{
    static struct take a, b;
    unsigned policies = st->power >= 0 ? 8 : 1;

    for (unsigned policy = 0; policy < policies; policy++) {
        take_play(st, script, x, y, policy, &a);
        if (!a.reached)
            return;
        take_play(st, script, y, x, policy, &b);
        judge(st, m, script, &a, &b, y);
        judge(st, m, script, &b, &a, x);
        if (policy == 0) {
            count_kind(&a, &b);
            count_kind(&b, &a);
        }
    }
}

/* --- every case --- */

static void add(struct script *s, int task, const char *note)
{
    s->v[s->count].task = task;
    s->v[s->count++].note = note;
}

static const char *note(const struct meeting *m, int at)
{
    static const char *const notes[] = {"0", "1", "2"};

    return at < m->made_count ? notes[at] : "go";
}

/* After `at` of W's calls, one of the two has made `early` of its steps. */
static void write_script(const struct stage *st, const struct meeting *m, int task, int at,
                         int early, struct script *s)
{
    int w = stage_task(st, "W");

    s->count = 0;
    add(s, w, note(m, at));
    for (int i = 0; i < early; i++)
        add(s, task, NULL);
    add(s, w, "go");
    if (m->fault->let_go)
        add(s, stage_task(st, "fault/1"), NULL);
}

static bool is_over(const struct take *t, const char *end)
{
    return !t->reached || strcmp(t->point[0].s, end) == 0;
}

/* All states of the descriptor that one of the two has open. */
static void with_descriptor(struct stage *st, const struct meeting *m, int task, int x, int y)
{
    static struct take probe;
    struct script s;

    for (int early = 1; early < 6; early++) {
        write_script(st, m, task, m->made_count, early, &s);
        take_play(st, &s, task, task, 0, &probe);
        if (is_over(&probe, "note end"))
            return;
        for (int at = 0; at <= m->made_count; at++) {
            write_script(st, m, task, at, early, &s);
            meet(st, m, &s, x, y);
        }
    }
}

static void play_meeting(const struct meeting *m)
{
    struct strbuf text = STRBUF_INIT;
    struct stage st;
    struct script s;

    write_text(m, &text);
    if (stage_open(&st, text.s, directory)) {
        int a = m->a >= 0 ? stage_task(&st, who(m, true)) : -1, b = stage_task(&st, who(m, false));
        int x = m->fault->one_of_two ? stage_task(&st, "fault/1") : a;

        write_script(&st, m, -1, m->made_count, 0, &s);
        meet(&st, m, &s, x, b);
        if (m->posix && m->made_count < 3 && a >= 0)
            with_descriptor(&st, m, a, x, b);
        if (m->posix && m->made_count < 3 && (a < 0 || !m->fault->one_of_two))
            with_descriptor(&st, m, b, x, b);
    } else {
        kind_found("no scenario");
    }
    stage_close(&st);
    strbuf_release(&text);
    cases++;
}

static bool is_turn(void)
{
    static int64_t number;

    return number++ % every == offset;
}

static bool makes_sense(const struct meeting *m)
{
    const struct fault_text *f = m->fault;
    bool mirrored = !f->json && m->b < m->a;
    bool reads_w = m->a >= 0 && acts[m->a].queue;

    return f->of_a == (m->a >= 0) && !mirrored && !(f->posix_only && !m->posix) &&
           !(reads_w && f->json && strcmp(f->name, "power") != 0) && m->made_count <= f->calls;
}

static void play_pairs(struct meeting *m)
{
    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++)
        for (int posix = 0; posix < 2; posix++)
            for (m->a = -1; m->a < COUNT(acts); m->a++)
                for (m->b = 0; m->b < COUNT(acts); m->b++) {
                    m->fault = &faults[f];
                    m->posix = posix;
                    if (makes_sense(m) && is_turn())
                        play_meeting(m);
                }
}

static bool has_alias(const struct meeting *m)
{
    for (int i = 0; i < m->made_count; i++)
        if (strstr(makers[m->made[i]], "link\":[") || strstr(makers[m->made[i]], "rename"))
            return true;
    return false;
}

/* Do these calls work, and is the state one that was not seen? With a descriptor in it their history
 * counts, too: short ones are all taken. */
static bool is_new(const struct meeting *m)
{
    static struct set seen;
    static struct take t;
    struct meeting alone = *m;
    struct strbuf text = STRBUF_INIT;
    struct stage st;
    struct script s = {.count = 0};
    bool is = false;

    alone.a = -1;
    alone.b = 0;
    alone.fault = &faults[0];
    alone.posix = false;
    write_text(&alone, &text);
    if (stage_open(&st, text.s, NULL)) {
        int b = stage_task(&st, "B");

        add(&s, stage_task(&st, "W"), "go");
        take_play(&st, &s, b, b, 0, &t);
        is = t.made == 2 && !t.failed;
        is = is &&
             (set_add(&seen, hash_str(HASH_INIT + has_alias(m), t.seen.s)) || m->made_count < 3);
    }
    stage_close(&st);
    strbuf_release(&text);
    return is;
}

static void play_states(struct meeting *m)
{
    if (!is_new(m))
        return;
    play_pairs(m);
    for (int i = 0; m->made_count < 3 && i < COUNT(makers); i++) {
        m->made[m->made_count++] = i;
        play_states(m);
        m->made_count--;
    }
}

static void print_lost(void)
{
    for (int x = 0; x < POINT_OPS; x++)
        for (int y = x; y < POINT_OPS; y++)
            if (kinds[x][y].dependent > 0)
                printf("%8lld of %8lld dependent pairs commute: %s | %s\n",
                       (long long)kinds[x][y].commute, (long long)kinds[x][y].dependent,
                       point_op_name(x), point_op_name(y));
}

int main(int argc, char **argv)
{
    struct meeting m = {.made_count = 0};
    const char *known = NULL;
    int option, unknown;

    while ((option = getopt(argc, argv, "e:o:d:k:v")) != -1) {
        if (option == 'e')
            every = strtoll(optarg, NULL, 0);
        else if (option == 'o')
            offset = strtoll(optarg, NULL, 0);
        else if (option == 'd')
            directory = optarg;
        else if (option == 'k')
            known = optarg;
        else if (option == 'v')
            verbose = true;
        else
            return 3;
    }
    if (every < 1 || offset < 0 || offset >= every || (known && !kinds_read_known(known)))
        return 3;
    play_states(&m);
    if (verbose)
        print_lost();
    unknown = kinds_print();
    printf(
        "%lld cases, %lld pairs of steps, %lld of them independent, %d kinds of differences that "
        "are not known\n",
        (long long)cases, (long long)pairs, (long long)independent, unknown);
    return unknown > 0;
}
