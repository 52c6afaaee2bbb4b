/* The table of checks. */
#include "sim/check/check.h"

#define CHECK_ROW(name, traits) {#name, traits, check_##name},
const struct check checks[] = {BUILTIN_PROPERTIES(CHECK_ROW){NULL, 0, NULL}};
