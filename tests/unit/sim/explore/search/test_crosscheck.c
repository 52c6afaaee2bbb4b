#include "sim/explore/search/crosscheck.h"
#include "tests/unit/scenario_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <string.h>

static const char two_writers[] =
    "\"cluster\": {\"nodes\": {\"A\": {\"role\": \"actor\"}, \"B\": {\"role\": \"actor\"}}},\n"
    "\"work\": {\"A\": [{\"create_excl\": \"x\", \"data\": \"A\", \"as\": \"got\"}],\n"
    "          \"B\": [{\"create_excl\": \"x\", \"data\": \"B\", \"as\": \"got\"}]}";

static void test_each_outcome(void)
{
    struct lab l;
    struct port *twin = port_model_open();
    lab_try(&l, two_writers, &(struct search_options){.twin = twin});
    UNIT_INT(lab_try_search(&l), OK);
    UNIT_INT(l.search->outcome_count, 2);
    UNIT_INT(l.search->repeated, 2);
    lab_close(&l);
    port_free(twin);
}

static void test_every(void)
{
    struct lab l;
    struct port *twin = port_model_open();
    lab_try(&l, two_writers,
            &(struct search_options){.no_reduction = true, .twin = twin, .twin_every = 2});
    UNIT_INT(lab_try_search(&l), OK);
    UNIT_INT(l.search->repeated, l.search->executions / 2);
    CU_ASSERT(l.search->repeated > 0);
    lab_close(&l);
    port_free(twin);
}

static int (*own_open)(struct port *, const char *, enum port_open);

static int twins_open(struct port *p, const char *path, enum port_open how)
{
    return own_open(p, path, how == PORT_CREATE_EXCL ? PORT_CREATE : how);
}

/* The twin's O_EXCL does not exclude anybody. */
static void test_difference(void)
{
    struct lab l;
    struct port *twin = port_model_open();
    struct port_calls calls = *twin->calls;
    own_open = calls.open;
    calls.open = twins_open;
    twin->calls = &calls;
    lab_try(&l, two_writers, &(struct search_options){.twin = twin});
    UNIT_INT(lab_try_search(&l), ERR_DIVERGE);
    CU_ASSERT(strstr(l.err.story, "the same picks gave two stories") != NULL);
    CU_ASSERT(strstr(l.err.story, "fs.create_excl x = EEXIST") != NULL);
    CU_ASSERT(strstr(l.err.story, "fs.create_excl x = ok") != NULL);
    lab_close(&l);
    port_free(twin);
}

void suite_crosscheck(void)
{
    static const struct unit_test tests[] = {
        {"each_outcome", test_each_outcome},
        {"every", test_every},
        {"difference", test_difference},
    };
    unit_add("crosscheck", tests, UNIT_COUNT(tests));
}
