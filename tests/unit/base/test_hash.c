#include "base/hash.h"
#include "tests/unit/unit.h"

/* The first three are Noll's published answers; the others were computed by a few lines of Python.
 */
static void test_known_answers(void)
{
    UNIT_U64(hash_bytes(HASH_INIT, "", 0), UINT64_C(0xcbf29ce484222325));
    UNIT_U64(hash_bytes(HASH_INIT, "a", 1), UINT64_C(0xaf63dc4c8601ec8c));
    UNIT_U64(hash_bytes(HASH_INIT, "foobar", 6), UINT64_C(0x85944171f73967e8));
    UNIT_U64(hash_str(HASH_INIT, "a"), UINT64_C(0x089be207b544f1e4));
    UNIT_U64(hash_u64(HASH_INIT, UINT64_C(0x0123456789abcdef)), UINT64_C(0x37eb3f3347761c55));
    UNIT_U64(hash_u64(HASH_INIT, 0), UINT64_C(0xa8c7f832281a39c5));
    UNIT_U64(hash_mix(0), 0);
    UNIT_U64(hash_mix(1), UINT64_C(0x5692161d100b05e5));
    UNIT_U64(hash_mix(HASH_INIT), UINT64_C(0xf52a15e9a9b5e89b));
}

static void test_parts(void)
{
    uint64_t whole = hash_bytes(HASH_INIT, "foobar", 6);
    uint64_t ab = hash_str(hash_str(HASH_INIT, "a"), "b");

    UNIT_U64(hash_bytes(hash_bytes(HASH_INIT, "foo", 3), "bar", 3), whole);
    CU_ASSERT(ab != hash_str(hash_str(HASH_INIT, "ab"), ""));
    CU_ASSERT(ab != hash_str(hash_str(HASH_INIT, ""), "ab"));
    CU_ASSERT(hash_bytes(HASH_INIT, "a\0b", 3) != hash_bytes(HASH_INIT, "a\0c", 3));
}

/* Bytes above 127 are not negative. */
static void test_high_bytes(void)
{
    UNIT_U64(hash_bytes(HASH_INIT, "\xff", 1), (HASH_INIT ^ 0xff) * UINT64_C(0x100000001b3));
}

void suite_hash(void)
{
    static const struct unit_test tests[] = {
        {"known answers", test_known_answers},
        {"parts", test_parts},
        {"high bytes", test_high_bytes},
    };
    unit_add("hash", tests, UNIT_COUNT(tests));
}
