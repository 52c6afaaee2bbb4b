#include "base/hash.h"
#include "base/set.h"
#include "tests/unit/unit.h"

static void test_distinct(void)
{
    struct set s = {.count = 0};

    for (uint64_t i = 0; i < 1000; i++)
        CU_ASSERT(set_add(&s, hash_mix(i + 1)));
    for (uint64_t i = 0; i < 1000; i++)
        CU_ASSERT(!set_add(&s, hash_mix(i + 1)));
    UNIT_INT(s.count, 1000);
    set_release(&s);
    UNIT_INT(s.count, 0);
    CU_ASSERT(set_add(&s, 7)); /* it is usable again */
    set_release(&s);
}

/* Numbers that want the same place, and the one that stands for an empty slot. */
static void test_collisions(void)
{
    struct set s = {.count = 0};

    for (uint64_t i = 0; i < 40; i++)
        CU_ASSERT(set_add(&s, i << 32 | 5));
    CU_ASSERT(set_add(&s, 0));
    CU_ASSERT(!set_add(&s, 0) && !set_add(&s, 1));
    UNIT_INT(s.count, 41);
    set_release(&s);
}

void suite_set(void)
{
    static const struct unit_test tests[] = {
        {"distinct", test_distinct},
        {"collisions", test_collisions},
    };
    unit_add("set", tests, UNIT_COUNT(tests));
}
