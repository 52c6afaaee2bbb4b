/* What depends on what, and why: sim/trace/footprint.h. */
#include "sim/trace/footprint.h"
#include "tests/unit/unit.h"

static struct footprint one(uint64_t thing, enum touch_mode mode, enum touch_role role)
{
    struct footprint f;

    footprint_clear(&f);
    footprint_add_as(&f, thing, mode, role);
    return f;
}

static bool dependent(enum touch_mode a, enum touch_mode b, uint64_t other)
{
    struct footprint x = one(5, a, TOUCH_RACES), y = one(other, b, TOUCH_RACES);
    bool forth = footprint_dependent(&x, &y);

    CU_ASSERT(forth == footprint_dependent(&y, &x));
    UNIT_INT(footprint_relation(&x, &y), forth ? RELATION_DEPENDENT : 0);
    return forth;
}

static void test_modes(void)
{
    static const bool expected[3][3] = {
        [TOUCH_READ] = {[TOUCH_READ] = false, [TOUCH_UPDATE] = true, [TOUCH_WRITE] = true},
        [TOUCH_UPDATE] = {[TOUCH_READ] = true, [TOUCH_UPDATE] = false, [TOUCH_WRITE] = true},
        [TOUCH_WRITE] = {[TOUCH_READ] = true, [TOUCH_UPDATE] = true, [TOUCH_WRITE] = true}};

    for (enum touch_mode a = TOUCH_READ; a <= TOUCH_WRITE; a++)
        for (enum touch_mode b = TOUCH_READ; b <= TOUCH_WRITE; b++) {
            CU_ASSERT(dependent(a, b, 5) == expected[a][b]);
            CU_ASSERT(!dependent(a, b, 6));
            CU_ASSERT(!dependent(a, b, 5 + 64)); /* the same bit, another thing */
        }
}

/* What is touched in two ways is dependent on what either way is dependent on. */
static void test_both_modes(void)
{
    for (enum touch_mode a = TOUCH_READ; a <= TOUCH_WRITE; a++)
        for (enum touch_mode b = TOUCH_READ; b <= TOUCH_WRITE; b++)
            for (enum touch_mode other = TOUCH_READ; other <= TOUCH_WRITE; other++) {
                struct footprint both = one(5, a, TOUCH_RACES), o = one(5, other, TOUCH_RACES);

                footprint_add(&both, 5, b);
                CU_ASSERT(footprint_dependent(&both, &o) ==
                          (dependent(a, other, 5) || dependent(b, other, 5)));
                UNIT_INT(both.count, 1);
                CU_ASSERT(footprint_writes(&both, 5) == (a != TOUCH_READ || b != TOUCH_READ));
                CU_ASSERT(!footprint_writes(&both, 6));
            }
}

/* Members are two things, and a touch of the set is one of each. */
static void test_sets(void)
{
    const uint64_t set = thing_num(THING_CONTENT, 1), other = thing_num(THING_CONTENT, 2);

    for (enum touch_mode a = TOUCH_READ; a <= TOUCH_WRITE; a++)
        for (enum touch_mode b = TOUCH_READ; b <= TOUCH_WRITE; b++) {
            struct footprint x, y, all, else_all;
            bool conflict = dependent(a, b, 5);

            footprint_clear(&x);
            footprint_clear(&y);
            footprint_clear(&all);
            footprint_clear(&else_all);
            footprint_add_member(&x, set, 5, a);
            footprint_add_member(&y, set, 6, b);
            footprint_add_set(&all, set, b);
            footprint_add_set(&else_all, other, b);
            CU_ASSERT(!footprint_dependent(&x, &y));
            CU_ASSERT(footprint_dependent(&x, &all) == conflict);
            CU_ASSERT(footprint_dependent(&all, &x) == conflict);
            CU_ASSERT(!footprint_dependent(&x, &else_all));
            CU_ASSERT(footprint_writes(&x, set) == (a != TOUCH_READ));
            CU_ASSERT(touch_within(&x.v[0], &all.v[0]) == (b == TOUCH_WRITE || a == b));
            CU_ASSERT(!touch_within(&x.v[0], &y.v[0]));
        }
}

static unsigned relation(enum touch_role earlier, enum touch_role later)
{
    struct footprint x = one(5, TOUCH_WRITE, earlier), y = one(5, TOUCH_WRITE, later);

    return footprint_relation(&x, &y);
}

static void test_roles(void)
{
    UNIT_INT(relation(TOUCH_RACES, TOUCH_RACES), RELATION_DEPENDENT);
    UNIT_INT(relation(TOUCH_ENABLES, TOUCH_RACES), RELATION_DEPENDENT | RELATION_ENABLING);
    UNIT_INT(relation(TOUCH_RACES, TOUCH_NEEDS), RELATION_DEPENDENT | RELATION_ENABLING);
    UNIT_INT(relation(TOUCH_NEEDS, TOUCH_NEEDS),
             RELATION_DEPENDENT); /* neither made the other possible */
    UNIT_INT(relation(TOUCH_NEEDS, TOUCH_RACES), RELATION_DEPENDENT);
    UNIT_INT(relation(TOUCH_RACES, TOUCH_ENABLES), RELATION_DEPENDENT);
    UNIT_INT(relation(TOUCH_CONTENDS, TOUCH_CONTENDS), RELATION_DEPENDENT | RELATION_CONTENDED);
    UNIT_INT(relation(TOUCH_CONTENDS, TOUCH_RACES), RELATION_DEPENDENT);
}

/* A lock: a take needs the release before it, and contends with the take before it. */
static void test_lock_roles(void)
{
    struct footprint take = one(1, TOUCH_WRITE, TOUCH_CONTENDS),
                     release = one(2, TOUCH_WRITE, TOUCH_RACES);

    footprint_add_as(&take, 2, TOUCH_WRITE, TOUCH_NEEDS);
    UNIT_INT(footprint_relation(&take, &take), RELATION_DEPENDENT | RELATION_CONTENDED);
    UNIT_INT(footprint_relation(&release, &take), RELATION_DEPENDENT | RELATION_ENABLING);
}

static void test_needs_one(void)
{
    struct footprint f = one(7, TOUCH_WRITE, TOUCH_RACES);

    UNIT_U64(footprint_needs_one(&f), 0);
    footprint_add_as(&f, 9, TOUCH_WRITE, TOUCH_NEEDS_ONE);
    UNIT_U64(footprint_needs_one(&f), 9);
    footprint_clear(&f);
    UNIT_U64(footprint_needs_one(&f), 0);
    UNIT_INT(f.count, 0);
}

/* Too many things to tell apart: dependent on all, even on what touches nothing. */
static void test_overflow(void)
{
    struct footprint f, none, other = one(1000, TOUCH_READ, TOUCH_RACES);

    footprint_clear(&f);
    footprint_clear(&none);
    for (uint64_t i = 0; i < FOOTPRINT_MAX; i++)
        footprint_add(&f, i + 1, TOUCH_READ);
    footprint_add(&f, 1, TOUCH_READ); /* one that is in it */
    CU_ASSERT(!f.everything && !footprint_dependent(&f, &other) && !footprint_dependent(&f, &f));
    footprint_add(&f, 999, TOUCH_READ);
    CU_ASSERT(f.everything);
    CU_ASSERT(footprint_dependent(&f, &other) && footprint_dependent(&other, &f));
    CU_ASSERT(footprint_dependent(&f, &none) && footprint_dependent(&f, &f));
    CU_ASSERT(footprint_relation(&none, &f) & RELATION_DEPENDENT);
    CU_ASSERT(footprint_writes(&f, 5));
    footprint_clear(&f);
    CU_ASSERT(!footprint_dependent(&f, &other));
}

static void test_things(void)
{
    CU_ASSERT(thing_id(THING_PATH, "a") == thing_id(THING_PATH, "a"));
    CU_ASSERT(thing_id(THING_PATH, "a") != thing_id(THING_PATH, "b"));
    CU_ASSERT(thing_id(THING_PATH, "a") != thing_id(THING_CONTENT, "a"));
    CU_ASSERT(thing_id2(THING_MEMORY, "ab", "c") != thing_id2(THING_MEMORY, "a", "bc"));
    CU_ASSERT(thing_num(THING_MAIL_IN, 1) != thing_num(THING_MAIL_IN, 2));
}

void suite_touch(void)
{
    static const struct unit_test tests[] = {
        {"modes", test_modes},
        {"both_modes", test_both_modes},
        {"sets and their members", test_sets},
        {"roles", test_roles},
        {"lock_roles", test_lock_roles},
        {"needs_one", test_needs_one},
        {"overflow", test_overflow},
        {"things", test_things},
    };
    unit_add("touch", tests, UNIT_COUNT(tests));
}
