#include "base/rng.h"
#include "tests/unit/unit.h"

/* splitmix64 from seed 1234567, as published; from seed 0, by a few lines of Python. */
static void test_known_answers(void)
{
    struct rng r = {.state = 1234567}, zero = {.state = 0};

    UNIT_U64(rng_next(&r), UINT64_C(6457827717110365317));
    UNIT_U64(rng_next(&r), UINT64_C(3203168211198807973));
    UNIT_U64(rng_next(&r), UINT64_C(9817491932198370423));
    UNIT_U64(rng_next(&zero), UINT64_C(0xe220a8397b1dcdaf));
}

static uint64_t first_of(uint64_t seed, uint64_t stream)
{
    struct rng r;

    rng_init(&r, seed, stream);
    return rng_next(&r);
}

/* A printed seed must mean the same run in the next version, too. By Python. */
static void test_streams(void)
{
    UNIT_U64(first_of(0, 0), UINT64_C(0x568a9b0b1a2c05ec));
    UNIT_U64(first_of(1, 2), UINT64_C(0xd2f6d0470be1a7b1));
    UNIT_U64(first_of(2, 1), UINT64_C(0x481c920d996fce04));
}

static void check_below(uint32_t n, const uint32_t *expected, size_t count)
{
    struct rng r;

    rng_init(&r, 42, 7);
    for (size_t i = 0; i < count; i++)
        UNIT_INT(rng_below(&r, n), expected[i]);
}

/* By Python. With 0x80000001 nearly every second draw is thrown away. */
static void test_below(void)
{
    static const uint32_t dice[] = {5, 2, 5, 3, 2, 0, 2, 1, 3, 5, 0, 0, 3, 3, 1, 0};
    static const uint32_t half[] = {756248189, 682176030, 1372896541,
                                    304648697, 219278056, 1269039156};
    static const uint32_t zeros[] = {0, 0, 0};

    check_below(6, dice, UNIT_COUNT(dice));
    check_below(0x80000001, half, UNIT_COUNT(half));
    check_below(1, zeros, UNIT_COUNT(zeros));
}

static void test_uniform(void)
{
    unsigned count[7] = {0};
    struct rng r;

    rng_init(&r, 1, 0);
    for (int i = 0; i < 70000; i++) {
        uint32_t x = rng_below(&r, 7);
        CU_ASSERT_FATAL(x < 7);
        count[x]++;
    }
    for (int i = 0; i < 7; i++)
        CU_ASSERT(count[i] > 9600 && count[i] < 10400);
}

void suite_rng(void)
{
    static const struct unit_test tests[] = {
        {"known answers", test_known_answers},
        {"streams", test_streams},
        {"below", test_below},
        {"uniform", test_uniform},
    };
    unit_add("rng", tests, UNIT_COUNT(tests));
}
