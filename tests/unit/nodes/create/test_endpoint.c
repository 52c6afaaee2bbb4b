#include "nodes/create/endpoint.h"
#include "tests/unit/unit.h"
#include <string.h>

static void check(const char *endpoint, const char *node)
{
    struct arena a = {0};

    UNIT_STR(endpoint_node(&a, endpoint, "me"), node);
    CU_ASSERT(endpoint_is_self(&a, endpoint, "me") == (strcmp(node, "me") == 0));
    arena_release(&a);
}

static void test_others(void)
{
    check("q1", "q1");
    check("q1:8000", "q1");
    check("http://q1:8000", "q1");
    check("https://q1/api", "q1");
    check("10.0.0.1:80", "10.0.0.1");
    check("[fe80::1]:80", "fe80::1");
    check("fe80::1", "fe80::1");
    check("0x", "0x"); /* a name */
    check("127", "127");
    check("localhosts", "localhosts");
    check("me2", "me2");
    check("", "");
}

static void test_self(void)
{
    static const char *const selves[] = {"me",
                                         "me:1",
                                         "http://me/x",
                                         "localhost",
                                         "localhost:8000",
                                         "0.0.0.0",
                                         "0.0.0.0:1",
                                         "0",
                                         "127.0.0.1",
                                         "http://127.3.2.1:80/",
                                         "::",
                                         "[::]:80",
                                         "::1",
                                         "[::1]",
                                         "0:0:0:0:0:0:0:1",
                                         "[0::1]",
                                         "::0",
                                         "::ffff:0.0.0.0",
                                         "[::ffff:127.0.0.1]:80"};

    for (size_t i = 0; i < UNIT_COUNT(selves); i++)
        check(selves[i], "me");
}

void suite_endpoint(void)
{
    static const struct unit_test tests[] = {
        {"others", test_others},
        {"self", test_self},
    };
    unit_add("endpoint", tests, UNIT_COUNT(tests));
}
