#include "sim/workload/roles.h"
#include "nodes/role/role.h"
#include <assert.h>
#include <string.h>

const char *const role_names[] = {"ingestor", "querier", "registry", "actor", "program", NULL};

const struct role *role_find(const char *name)
{
    assert(name);

    static const struct role *const roles[] = {&role_ingestor, &role_querier, &role_registry,
                                               &role_actor, &role_program};

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i]->name, name) == 0)
            return roles[i];
    return NULL;
}
