/*
 * roles: a role's name in a scenario, and what it is. An actor has no role in a deployment: it does
 * the steps of its program; a program is whatever it is.
 */
#ifndef SIM_WORKLOAD_ROLES_H
#define SIM_WORKLOAD_ROLES_H

#include "nodes/stream/node.h"

extern const char *const role_names[];          /* NULL-terminated */
const struct role *role_find(const char *name); /* NULL if there is none */

extern const struct role role_actor, role_program;

#endif
