#include "base/hash.h"
#include "base/map.h"
#include "tests/unit/unit.h"

static void test_get(void)
{
    struct map m = {.count = 0};

    UNIT_INT(map_get(&m, 7), -1);
    for (int64_t i = 0; i < 1000; i++)
        map_put(&m, hash_mix((uint64_t)i + 1), i);
    for (int64_t i = 0; i < 1000; i++)
        UNIT_INT(map_get(&m, hash_mix((uint64_t)i + 1)), i);
    UNIT_INT(map_get(&m, hash_mix(1001)), -1);
    UNIT_INT(m.count, 1000);
    map_release(&m);
    UNIT_INT(map_get(&m, hash_mix(1)), -1);
}

/* Keys that want the same place, and the one that stands for an empty slot. */
static void test_collisions(void)
{
    struct map m = {.count = 0};

    for (int64_t i = 0; i < 40; i++)
        map_put(&m, (uint64_t)i << 32 | 5, i);
    map_put(&m, 0, 99);
    for (int64_t i = 0; i < 40; i++)
        UNIT_INT(map_get(&m, (uint64_t)i << 32 | 5), i);
    UNIT_INT(map_get(&m, 0), 99);
    map_release(&m);
}

void suite_map(void)
{
    static const struct unit_test tests[] = {
        {"get", test_get},
        {"collisions", test_collisions},
    };
    unit_add("map", tests, UNIT_COUNT(tests));
}
