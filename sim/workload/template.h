/*
 * template: a text with registers in it, "${A.r}". "$$" is a dollar, and so is one before anything
 * else.
 *
 *     t = template_parse(text, registers, "A", arena, &wrong);   // when the scenario is read
 *     if (!t->plain)                                             // a register is in it
 *         look_at(t);
 *     data = template_expand(t, value, ctx, arena);              // when the step is made
 */
#ifndef SIM_WORKLOAD_TEMPLATE_H
#define SIM_WORKLOAD_TEMPLATE_H

#include "base/mem.h"
#include <stdbool.h>

#define TEMPLATE_MAX 65536 /* bytes of what comes of one */

struct template_part {
    const char *text; /* a register's name, or what stands there */
    bool reg;
};

struct template
{
    struct template_part *v;
    int count;
    const char *plain; /* what comes of it if no register is in it; else NULL */
};

/* Memory is the arena's. "${self}" is the name of the task, and "${self.r}" its register; self NULL:
 * there are none. Each register has to be one of the NULL-terminated ones: else NULL, and *wrong is
 * what was found in its place. */
struct template *template_parse(const char *text, const char *const registers[], const char *self,
                                struct arena *arena, const char **wrong);

/* The registers' values are filled in, those that are not set as nothing. `value` may wait for its
 * turn: no heap memory is held meanwhile. NULL: it would be longer than TEMPLATE_MAX. */
const char *template_expand(const struct template *t,
                            const char *(*value)(void *ctx, const char *reg), void *ctx,
                            struct arena *arena);

/* The register that "self.r" is for this task, or the name itself. */
const char *template_self(const char *name, const char *self, struct arena *arena);

#endif
