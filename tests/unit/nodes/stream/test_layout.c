#include "fsstore/port/port.h"
#include "nodes/stream/layout.h"
#include "tests/unit/unit.h"

static void test_paths(void)
{
    struct arena a = {0};
    UNIT_STR(layout_config(&a, "i1"), ".node/i1/.parseable.json");
    UNIT_STR(layout_stream_dir(&a, "app"), "app/.stream");
    UNIT_STR(layout_stream_json(&a, "app", NULL), "app/.stream/.stream.json");
    UNIT_STR(layout_stream_json(&a, "app", "i1"), "app/.stream/.ingestor.i1.stream.json");
    UNIT_STR(layout_schema(&a, "app", NULL), "app/.stream/.schema");
    UNIT_STR(layout_schema(&a, "app", "i1"), "app/.stream/.ingestor.i1.schema");
    UNIT_STR(layout_data_dir(&a, "app"), "app/data");
    UNIT_STR(layout_data(&a, "app", "i1", 3), "app/data/i1-3");
    UNIT_STR(layout_marker(&a, "app", 12), ".markers/app.12");
    UNIT_STR(port_path_check(layout_marker(&a, "app", 1)), NULL);
    arena_release(&a);
}

static void test_generations(void)
{
    struct arena a = {0};
    UNIT_STR(layout_prefix(&a, "app", 0), "app");
    UNIT_STR(layout_prefix(&a, "app", 12), "app@12");
    UNIT_STR(layout_stream_of(&a, "app@12/data/i1-1"), "app");
    UNIT_INT(layout_generation_of("app@12/data/i1@3-1"), 12);
    UNIT_INT(layout_generation_of("app"), 0);
    UNIT_INT(layout_generation_of("app/data/i1@3"), 0);
    UNIT_STR(layout_tombstone(&a, "app", 3), ".tombstones/app/3");
    UNIT_STR(layout_tombstones(&a, "app"), ".tombstones/app");
    UNIT_STR(layout_staged(&a, "i1", "app@1", 7), ".node/i1/staging/app@1/7");
    CU_ASSERT(layout_watched("app@1/.stream"));
    arena_release(&a);
}

static void test_versions(void)
{
    struct arena a = {0};
    UNIT_STR(layout_schema_version(&a, "app@1", 12), "app@1/.stream/.v12.schema");
    CU_ASSERT(layout_is_schema(layout_schema_version(&a, "app", 1)));
    UNIT_INT(layout_schema_number("app@1/.stream/.v12.schema"), 12);
    UNIT_INT(layout_schema_number(".v3.schema"), 3);
    UNIT_INT(layout_schema_number("app/.stream/.schema"), 0);
    UNIT_INT(layout_schema_number("app/.stream/.ingestor.v1.schema"), 0);
    UNIT_INT(layout_schema_number(".v.schema"), 0);
    UNIT_INT(layout_schema_number(".v1x.schema"), 0);
    UNIT_INT(layout_schema_number(".v99999999999.schema"), 0);
    arena_release(&a);
}

/* For every stream.json there is one, and it is the one that layout_schema() names. */
static void test_schema_beside(void)
{
    struct arena a = {0};
    UNIT_STR(layout_schema_beside(&a, layout_stream_json(&a, "app", NULL)),
             layout_schema(&a, "app", NULL));
    UNIT_STR(layout_schema_beside(&a, layout_stream_json(&a, "app", "i1")),
             layout_schema(&a, "app", "i1"));
    UNIT_STR(layout_schema_beside(&a, "app/.stream/.ingestor.i-2.stream.json"),
             "app/.stream/.ingestor.i-2.schema");
    UNIT_STR(layout_schema_beside(&a, "stream.json"), "schema");
    arena_release(&a);
}

static void test_kinds(void)
{
    CU_ASSERT(layout_is_stream_json(".stream.json"));
    CU_ASSERT(layout_is_stream_json(".ingestor.i1.stream.json"));
    CU_ASSERT(!layout_is_stream_json(".schema"));
    CU_ASSERT(!layout_is_stream_json("stream.json.tmp"));
    CU_ASSERT(!layout_is_stream_json(""));
    CU_ASSERT(layout_is_schema(".schema"));
    CU_ASSERT(layout_is_schema(".ingestor.i1.schema"));
    CU_ASSERT(!layout_is_schema("schema"));
    CU_ASSERT(!layout_is_schema(".stream.json"));
}

static void test_stream_of(void)
{
    struct arena a = {0};
    UNIT_STR(layout_stream_of(&a, "app/.stream/.schema"), "app");
    UNIT_STR(layout_stream_of(&a, "app"), "app");
    UNIT_STR(layout_stream_of(&a, ".markers/app.1"), NULL);
    UNIT_STR(layout_stream_of(&a, ".node/i1/.parseable.json"), NULL);
    UNIT_STR(layout_stream_of(&a, ""), NULL);
    arena_release(&a);
}

static void test_watched(void)
{
    CU_ASSERT(layout_watched("app"));
    CU_ASSERT(layout_watched("app/.stream"));
    CU_ASSERT(!layout_watched("app/data"));
    CU_ASSERT(!layout_watched("app/.stream/x"));
    CU_ASSERT(!layout_watched("app/x/.stream"));
    CU_ASSERT(!layout_watched(".markers"));
    CU_ASSERT(!layout_watched(".node/.stream"));
    CU_ASSERT(!layout_watched(""));
}

void suite_layout(void)
{
    static const struct unit_test tests[] = {
        {"paths", test_paths},       {"generations", test_generations},
        {"versions", test_versions}, {"schema_beside", test_schema_beside},
        {"kinds", test_kinds},       {"stream_of", test_stream_of},
        {"watched", test_watched},
    };
    unit_add("layout", tests, UNIT_COUNT(tests));
}
