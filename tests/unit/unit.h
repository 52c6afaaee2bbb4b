/*
 * unit: what a suite of unit tests needs. Asserts are CUnit's, and those below, which show both
 * values.
 *
 *     static void test_empty(void) { CU_ASSERT(strbuf.len == 0); UNIT_STR(strbuf.s, ""); }
 *
 *     void suite_strbuf(void)
 *     {
 *         static const struct unit_test tests[] = {{"empty", test_empty}};
 *         unit_add("strbuf", tests, UNIT_COUNT(tests));
 *     }
 *
 * and its name in the list below.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <CUnit/CUnit.h>
#include <stddef.h>
#include <stdint.h>

/* Every suite: X(name) stands for void suite_name(void). */
#define UNIT_SUITES(X)                                                                             \
    X(err)                                                                                         \
    X(mem)                                                                                         \
    X(strbuf)                                                                                      \
    X(hash)                                                                                        \
    X(rng)                                                                                         \
    X(map)                                                                                         \
    X(suggest)                                                                                     \
    X(intree)                                                                                      \
    X(json_scan)                                                                                   \
    X(json)                                                                                        \
    X(json_pretty)                                                                                 \
    X(port)                                                                                        \
    X(port_model)                                                                                  \
    X(port_reset)                                                                                  \
    X(fault)                                                                                       \
    X(port_fault)                                                                                  \
    X(object)                                                                                      \
    X(watch)                                                                                       \
    X(watch_feed)                                                                                  \
    X(marker)                                                                                      \
    X(disk)                                                                                        \
    X(layout)                                                                                      \
    X(stream_meta)                                                                                 \
    X(config)                                                                                      \
    X(migrate)                                                                                     \
    X(endpoint)                                                                                    \
    X(registry)                                                                                    \
    X(predicate)                                                                                   \
    X(template)                                                                                    \
    X(point)                                                                                       \
    X(touch)                                                                                       \
    X(executor)                                                                                    \
    X(calls)                                                                                       \
    X(trace)                                                                                       \
    X(page)                                                                                        \
    X(columns)                                                                                     \
    X(causality)                                                                                   \
    X(scenario)                                                                                    \
    X(scenario_refused)                                                                            \
    X(scenario_work)                                                                               \
    X(scenario_program)                                                                            \
    X(cluster)                                                                                     \
    X(footprint)                                                                                   \
    X(inside)                                                                                      \
    X(cluster_life)                                                                                \
    X(lifecycle)                                                                                   \
    X(order)                                                                                       \
    X(checks)                                                                                      \
    X(linearizable)                                                                                \
    X(table)                                                                                       \
    X(compare)                                                                                     \
    X(crosscheck)                                                                                  \
    X(explore)                                                                                     \
    X(rounds)                                                                                      \
    X(literature)                                                                                  \
    X(bound)                                                                                       \
    X(partition)                                                                                   \
    X(sample)                                                                                      \
    X(set)

#define UNIT_PROTOTYPE(name) void suite_##name(void);
UNIT_SUITES(UNIT_PROTOTYPE)

struct unit_test {
    const char *name;
    void (*run)(void);
};

#define UNIT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

void unit_add(const char *suite, const struct unit_test *tests, size_t count);

/* Strings are equal; a NULL is equal to NULL only. */
#define UNIT_STR(actual, expected) unit_str(__FILE__, __LINE__, #actual, (actual), (expected))
#define UNIT_INT(actual, expected) unit_int(__FILE__, __LINE__, #actual, (actual), (expected))
#define UNIT_U64(actual, expected) unit_u64(__FILE__, __LINE__, #actual, (actual), (expected))

void unit_str(const char *file, unsigned line, const char *what, const char *actual,
              const char *expected);
void unit_int(const char *file, unsigned line, const char *what, int64_t actual, int64_t expected);
void unit_u64(const char *file, unsigned line, const char *what, uint64_t actual,
              uint64_t expected);

/* Runs child() in a process of its own; its exit status, or -1. What it writes to stderr is not
 * shown. */
int unit_exit_status(void (*child)(void));

#endif
