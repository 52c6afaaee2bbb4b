/* The table of checks. */
#include "sim/check/check.h"

#define CHECK_ROW(name, traits) {#name, traits, check_##name},
const struct check checks[] = {BUILTIN_PROPERTIES(CHECK_ROW){NULL, 0, NULL}};

#define ONE(name, traits) +1
_Static_assert(sizeof checks / sizeof *checks == (0 BUILTIN_PROPERTIES(ONE)) + 1,
               "a check for each property");
_Static_assert((0 BUILTIN_PROPERTIES(ONE)) < 64, "a bit for each: trace_record.broken");
