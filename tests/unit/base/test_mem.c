#include "base/mem.h"
#include "tests/unit/unit.h"
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool all_zero(const unsigned char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i])
            return false;
    return true;
}

static void test_alloc(void)
{
    unsigned char *p = mem_alloc(1000);
    void *none = mem_alloc(0);

    CU_ASSERT(all_zero(p, 1000));
    CU_ASSERT(none != NULL);
    free(p);
    free(none);
}

static void test_grow(void)
{
    char *p = mem_grow(NULL, 3, 2);

    memcpy(p, "12345", 6);
    p = mem_grow(p, 100, 1000);
    UNIT_STR(p, "12345");
    memset(p, 'x', 100 * 1000);
    p = mem_grow(p, 0, 8);
    CU_ASSERT(p != NULL);
    free(p);
}

static void grow_too_far(void)
{
    mem_grow(NULL, SIZE_MAX / 2, 3);
}

static void arena_too_far(void)
{
    struct arena a = {0};

    arena_alloc(&a, SIZE_MAX - 3);
}

static void test_out_of_memory(void)
{
    UNIT_INT(unit_exit_status(grow_too_far), 3);
    UNIT_INT(unit_exit_status(arena_too_far), 3);
}

static void test_strdup(void)
{
    char *copy = mem_strdup("abc"), *empty = mem_strdup("");

    UNIT_STR(copy, "abc");
    UNIT_STR(empty, "");
    free(copy);
    free(empty);
}

static void test_arena_strings(void)
{
    struct arena a = {0};
    const char *dup = arena_strdup(&a, "name");
    const char *mem = arena_memdup(&a, "a\0b", 3);
    const char *none = arena_memdup(&a, NULL, 0);
    const char *printed = arena_printf(&a, "%s-%d", "x", 42);

    UNIT_STR(dup, "name");
    CU_ASSERT(memcmp(mem, "a\0b", 4) == 0);
    UNIT_STR(none, "");
    UNIT_STR(printed, "x-42");
    UNIT_STR(arena_printf(&a, "%s", ""), "");
    arena_release(&a);
}

/* Pieces of all sizes, around the size of a block too, are apart, aligned and zeroed. */
static void test_arena_pieces(void)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 16383, 16384, 16385, 100000, 3, 8000};
    struct arena a = {0};
    unsigned char *pieces[3 * UNIT_COUNT(sizes)];

    for (size_t i = 0; i < UNIT_COUNT(pieces); i++) {
        size_t size = sizes[i % UNIT_COUNT(sizes)];
        pieces[i] = arena_alloc(&a, size);
        CU_ASSERT((uintptr_t)pieces[i] % alignof(max_align_t) == 0);
        CU_ASSERT(all_zero(pieces[i], size));
        memset(pieces[i], (int)i + 1, size);
    }
    for (size_t i = 0; i < UNIT_COUNT(pieces); i++)
        for (size_t k = 0; k < sizes[i % UNIT_COUNT(sizes)]; k++)
            if (pieces[i][k] != i + 1)
                CU_FAIL_FATAL("two pieces overlap");
    arena_release(&a);
}

static void live_once(struct arena *a, unsigned char **first, unsigned char **last)
{
    *first = arena_alloc(a, 10);
    CU_ASSERT(all_zero(*first, 10));
    memset(*first, 0xff, 10);
    for (int i = 0; i < 50; i++)
        memset(arena_alloc(a, 1000), 0xff, 1000);
    *last = arena_alloc(a, 50000);
    CU_ASSERT(all_zero(*last, 50000));
    memset(*last, 0xff, 50000);
}

/* A second life like the first one gets the same memory, zeroed. */
static void test_arena_lives(void)
{
    struct arena a = {0};
    unsigned char *first, *last, *again, *last_again;

    live_once(&a, &first, &last);
    arena_clear(&a);
    live_once(&a, &again, &last_again);
    CU_ASSERT(first == again);
    CU_ASSERT(last == last_again);
    arena_release(&a);
    CU_ASSERT(a.first == NULL && a.current == NULL && a.used == 0);
}

/* Blocks too small for a request are kept for later ones: the arena does not grow with every life.
 */
static void test_arena_order(void)
{
    struct arena a = {0};
    void *big, *small;

    small = arena_alloc(&a, 16000);
    big = arena_alloc(&a, 40000);
    arena_clear(&a);
    CU_ASSERT(arena_alloc(&a, 40000) == big);
    arena_clear(&a);
    CU_ASSERT(arena_alloc(&a, 16000) == small);
    CU_ASSERT(arena_alloc(&a, 40000) == big);
    arena_release(&a);
}

static void test_arena_empty(void)
{
    struct arena a = {0};

    arena_clear(&a);
    arena_release(&a);
    arena_release(&a);
    CU_ASSERT(arena_alloc(&a, 1) != NULL);
    arena_release(&a);
}

void suite_mem(void)
{
    static const struct unit_test tests[] = {
        {"alloc", test_alloc},
        {"grow", test_grow},
        {"out of memory", test_out_of_memory},
        {"strdup", test_strdup},
        {"arena strings", test_arena_strings},
        {"arena pieces", test_arena_pieces},
        {"arena lives", test_arena_lives},
        {"arena order", test_arena_order},
        {"arena empty", test_arena_empty},
    };
    unit_add("mem", tests, UNIT_COUNT(tests));
}
